"""Bulk throughput of smc4j at both ends, of the kernel's SMC at both ends, and of TCP, in turn: between the guests, and inside one."""
import re
import statistics
import sys
from contextlib import contextmanager

from lib import rig
from lib.ends import Kernel, Smc4j, port, speaks_smc_r
from lib.runner import Scenario

ROUNDS = 5


NEAR, FAR = "10.98.0.1", "10.98.0.2"


def ratios(context):
    """Reported, not judged: the processors are emulated, so these are figures of relative cost only."""
    with smc4j(Smc4j("B", "far"), context.peer) as far:
        compare(
            context,
            {
                "smc4j, ibverbs": (context.ours, far),
                "kernel SMC": (Kernel("A"), Kernel("B")),
                "TCP": (Kernel("A", "tcp"), Kernel("B", "tcp")),
            },
        )


def ratios_inside(context):
    """Client and server in guest A, over two software RoCE devices with a wire between them."""
    with inside(), smc4j(
        Smc4j("A", "near", NEAR), Kernel("A", address=FAR), "/rig/smc4j-near.conf"
    ) as near, smc4j(Smc4j("A", "far", FAR), Kernel("A", address=NEAR), "/rig/smc4j-far.conf") as far:
        compare(
            context,
            {
                "smc4j, ibverbs": (near, far),
                "kernel SMC": (Kernel("A", address=NEAR), Kernel("A", address=FAR)),
                "TCP": (Kernel("A", "tcp", NEAR), Kernel("A", "tcp", FAR)),
            },
        )


@contextmanager
def smc4j(end, peer, conf="/rig/smc4j.conf"):
    end.start(conf)
    try:
        yield end.warm_up(peer)
    finally:
        end.stop()


@contextmanager
def inside():
    try:
        rig.run("A", "/rig/inside.sh up")
        yield
    finally:
        rig.run("A", "/rig/inside.sh down", check=False)


def compare(context, ends):
    amount = 20_000_000 if context.short else 50_000_000
    speeds = {name: [] for name in ends}
    for _ in range(ROUNDS):
        for name, (client, server) in ends.items():
            number = port()
            serving = server.server(number, "bulk", amount)
            output = client.client(server.address(), number, "bulk", amount)
            serving.finish()
            if name != "TCP":
                speaks_smc_r(output)
            speeds[name].append(float(re.search(r"([\d.]+) MB/s", output).group(1)))
    medians = {name: statistics.median(all_of) for name, all_of in speeds.items()}
    ours_reached = medians["smc4j, ibverbs"]
    for name, median in medians.items():
        print(
            f"note: {name}: {median:.1f} MB/s (median of {ROUNDS}; {min(speeds[name]):.1f} to {max(speeds[name]):.1f});"
            f" smc4j is {ours_reached / median:.2f} times that",
            file=sys.stderr,
        )


SCENARIOS = [Scenario("ratios", ratios, baseline=False), Scenario("inside-ratios", ratios_inside, baseline=False)]
