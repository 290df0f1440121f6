"""Bulk throughput of smc4j at both ends, of the kernel's SMC at both ends, and of TCP, in turn: between the guests, and inside one."""
import re
import statistics
import sys
from contextlib import contextmanager

from lib import rig
from lib.ends import Kernel, Smc4j, port, speaks_smc_r
from lib.inside import inside, smc4j
from lib.runner import Scenario

ROUNDS = 5

# Before those that count: the first megabytes of a JVM are interpreted, which in an emulated processor takes two and a half times as long.
WARM_UP_ROUNDS = 4
WARM_UP_BYTES = 20_000_000

OURS = "smc4j"

NEAR, FAR = "10.98.0.1", "10.98.0.2"


def ratios(context):
    """Reported, not judged: the processors are emulated, so these are figures of relative cost only."""
    with smc4j(Smc4j("B", "far"), context.peer) as far:
        compare(
            context,
            {
                "smc4j, buffers of 64 KiB": (context.ours, far),
                "kernel SMC, buffers of 64 KiB": (Kernel("A"), Kernel("B")),
                "TCP": (Kernel("A", "tcp"), Kernel("B", "tcp")),
            },
        )


def ratios_inside(context):
    """Client and server in guest A, over two software RoCE devices with a wire between them; buffers of each one's default size, too."""
    with inside(), smc4j(
        Smc4j("A", "near", NEAR), Kernel("A", address=FAR), "/rig/smc4j-near.conf"
    ) as near, smc4j(Smc4j("A", "far", FAR), Kernel("A", address=NEAR), "/rig/smc4j-far.conf") as far:
        compare(
            context,
            {
                "smc4j, buffers of 256 KiB (its default)": (near, far),
                "kernel SMC, buffers of 64 KiB (its default)": (Kernel("A", address=NEAR), Kernel("A", address=FAR)),
                "kernel SMC, buffers of 256 KiB": (LargeKernel("A", address=NEAR), LargeKernel("A", address=FAR)),
                "TCP": (Kernel("A", "tcp", NEAR), Kernel("A", "tcp", FAR)),
            },
        )


class LargeKernel(Kernel):
    """With buffers as large as smc4j's by default."""

    def server(self, *arguments):
        with buffers(self.guest, 256):
            return super().server(*arguments)

    def client(self, *arguments):
        with buffers(self.guest, 256):
            return super().client(*arguments)


@contextmanager
def buffers(guest, kib):
    """Sizes of sockets that are made meanwhile."""
    set_to = "sysctl -qw net.smc.wmem={0} net.smc.rmem={0}"
    before = rig.run(guest, "sysctl -n net.smc.wmem").strip()
    rig.run(guest, set_to.format(kib * 1024))
    try:
        yield
    finally:
        rig.run(guest, set_to.format(before))


def compare(context, ends):
    measured = 20_000_000 if context.short else 50_000_000
    speeds = {name: [] for name in ends}
    for turn in range(WARM_UP_ROUNDS + ROUNDS):
        amount = WARM_UP_BYTES if turn < WARM_UP_ROUNDS else measured
        for name, (client, server) in ends.items():
            number = port()
            serving = server.server(number, "bulk", amount)
            output = client.client(server.address(), number, "bulk", amount)
            serving.finish()
            if name != "TCP":
                speaks_smc_r(output)
            if turn >= WARM_UP_ROUNDS:
                speeds[name].append(float(re.search(r"([\d.]+) MB/s", output).group(1)))
    medians = {name: statistics.median(all_of) for name, all_of in speeds.items()}
    ours_reached = next(median for name, median in medians.items() if name.startswith(OURS))
    for name, median in medians.items():
        print(
            f"note: {name}: {median:.1f} MB/s (median of {ROUNDS}; {min(speeds[name]):.1f} to {max(speeds[name]):.1f});"
            f" smc4j is {ours_reached / median:.2f} times that",
            file=sys.stderr,
        )


SCENARIOS = [Scenario("ratios", ratios, baseline=False), Scenario("inside-ratios", ratios_inside, baseline=False)]
