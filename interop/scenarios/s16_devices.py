"""smc4j at both ends, one guest each: round trips and throughput over its device ibverbs and over its device disni, in turn."""
import re
import statistics
import sys

from lib import disni
from lib.ends import Smc4j, port, speaks_smc_r
from lib.inside import started
from lib.runner import NotRun, Scenario

# The first is for warming up.
ROUNDS = 6


def devices(context):
    """Reported, not judged; that all bytes arrive is."""
    if not disni.is_here():
        raise NotRun(disni.WHY_NOT)
    disni.share()
    trips, amount = (50, 1_000_000) if context.short else (200, 4_000_000)
    with node("A", "ibverbs") as near, node("B", "ibverbs") as far, node("A", "disni") as near_disni, node("B", "disni") as far_disni:
        ends = {"ibverbs": (near, far), "disni": (near_disni, far_disni)}
        round_trips, speeds = ({name: [] for name in ends} for _ in range(2))
        for turn in range(ROUNDS):
            for name, (client, server) in ends.items():
                round_trip = measured(client, server, "echo", trips, r"([\d.]+) us a round trip")
                speed = measured(client, server, "bulk", amount, r"([\d.]+) MB/s")
                if turn > 0:
                    round_trips[name].append(round_trip)
                    speeds[name].append(speed)
    for name in ends:
        print(f"note: {name}: round trip of 64 bytes {spread(round_trips[name])} us, one way {spread(speeds[name])} MB/s", file=sys.stderr)


def node(guest, provider):
    return started(Smc4j(guest, provider), "/rig/smc4j.conf" if provider == "ibverbs" else "/rig/smc4j-disni.conf")


def measured(client, server, mode, n, figure):
    number = port()
    serving = server.server(number, mode, n)
    output = client.client(server.address(), number, mode, n, 64)
    serving.finish()
    speaks_smc_r(output)
    return float(re.search(figure, output).group(1))


def spread(figures):
    return f"{statistics.median(figures):.1f} ({min(figures):.1f} to {max(figures):.1f})"


SCENARIOS = [Scenario("devices", devices, baseline=False)]
