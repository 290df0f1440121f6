"""A router between the RoCE ports: version 2 of SMC-R goes over gateways, if both ends say and find the same."""
import re

from lib import rig
from lib.ends import Kernel, Smc4j, port, speaks_smc_r
from lib.inside import inside, smc4j
from lib.runner import Scenario

NEAR, FAR = "10.98.1.1", "10.98.2.1"


def to_kernel(context):
    with inside("gateway"), smc4j(Smc4j("A", "near", NEAR), Kernel("A", address=FAR), "/rig/smc4j-near.conf") as near:
        over_gateway(context, near, Kernel("A", address=FAR))


def from_kernel(context):
    with inside("gateway"), smc4j(Smc4j("A", "near", NEAR), Kernel("A", address=FAR), "/rig/smc4j-near.conf") as near:
        over_gateway(context, Kernel("A", address=FAR), near)


def over_gateway(context, client, server):
    amount = 1_000_000 if context.short else 5_000_000
    before = forwarded()
    for mode, n, size in ("echo", 5, 4096), ("bulk", amount, 64), ("duplex", amount, 64):
        number = port()
        serving = server.server(number, mode, n, size)
        speaks_smc_r(client.client(server.address(), number, mode, n, size))
        serving.finish()
    passed = forwarded() - before
    if passed < 3 * amount:
        raise AssertionError(f"only {passed} bytes of {3 * amount} passed the gateway")


def forwarded():
    """Bytes that came into the gateway from either side."""
    counters = rig.run("A", "ip netns exec gateway cat /sys/class/net/gate1/statistics/rx_bytes /sys/class/net/gate2/statistics/rx_bytes")
    return sum(int(number) for number in re.findall(r"\d+", counters))


SCENARIOS = [
    Scenario("gateway-client", to_kernel, baseline=False),
    Scenario("gateway-server", from_kernel, baseline=False),
]
