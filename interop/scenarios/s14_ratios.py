"""Bulk throughput of smc4j at both ends, of the kernel's SMC at both ends, and of TCP, in turn and over the same network."""
import re
import statistics
import sys

from lib.ends import Kernel, Smc4j, port, speaks_smc_r
from lib.runner import Scenario

ROUNDS = 5


def ratios(context):
    """Reported, not judged: the processors are emulated, so these are figures of relative cost only."""
    amount = 20_000_000 if context.short else 50_000_000
    far = Smc4j("B", "far").start()
    try:
        far.warm_up(context.peer)
        ends = {
            "smc4j, ibverbs": (context.ours, far),
            "kernel SMC": (Kernel("A"), Kernel("B")),
            "TCP": (Kernel("A", "tcp"), Kernel("B", "tcp")),
        }
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
    finally:
        far.stop()
    medians = {name: statistics.median(all_of) for name, all_of in speeds.items()}
    ours = medians["smc4j, ibverbs"]
    for name, median in medians.items():
        print(
            f"note: {name}: {median:.1f} MB/s (median of {ROUNDS}; {min(speeds[name]):.1f} to {max(speeds[name]):.1f});"
            f" smc4j is {ours / median:.2f} times that",
            file=sys.stderr,
        )


SCENARIOS = [Scenario("ratios", ratios, baseline=False)]
