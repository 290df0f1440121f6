"""Fallback to TCP, with the right reason at both ends."""
from lib import rig
from lib.ends import Kernel, Smc4j, expect, port
from lib.runner import Scenario

PEER_NO_SMC = "0x03010000"
NO_SMC_DEVICE = "0x03030000"
NO_UEID = "0x03030008"
PEER_DECLINED = "0x05000000"


def no_smc_server(context):
    """Our client, an ordinary TCP server: not a CLC byte is sent."""
    number = port()
    serving = Kernel("B", "tcp").server(number, "echo")
    output = context.ours.client(context.peer.address(), number, "echo", 3)
    expect(output, "transport=tcp", f"fallback=.*{PEER_NO_SMC}")
    serving.finish()


def no_smc_client(context):
    """An ordinary TCP client at our server."""
    number = port()
    serving = context.ours.server(number, "echo")
    Kernel("B", "tcp").client(context.ours.address(), number, "echo", 3)
    expect(serving.finish(), "transport=tcp", f"fallback=.*{PEER_NO_SMC}")


def eid_mismatch(context):
    """No UEID in common: DECLINE; the kernel tells its reason by netlink."""
    rig.run("A", "sed 's/SMC4J.RIG/ANOTHER/' /rig/smc4j.conf > /tmp/another.conf")
    stranger = Smc4j("A", "stranger").start("/tmp/another.conf")
    try:
        number = port()
        serving = context.peer.server(number, "hold")
        output = stranger.client(context.peer.address(), number, "hold", 3)
        expect(output, "transport=tcp", f"fallback=.*{PEER_DECLINED}")
        serving.finish()

        number = port()
        serving = stranger.server(number, "echo")
        output = context.peer.client(stranger.address(), number, "echo", 3)
        expect(output, "mode=FALLBACK_TCP", f"fallback reason={PEER_DECLINED} peer_diag=({NO_UEID}|{NO_SMC_DEVICE})")
        expect(serving.finish(), f"fallback=.*({NO_UEID}|{NO_SMC_DEVICE})")
    finally:
        stranger.stop()


SCENARIOS = [
    Scenario("no-smc-server", no_smc_server, short=True, baseline=False),
    Scenario("no-smc-client", no_smc_client, short=True, baseline=False),
    Scenario("eid-mismatch", eid_mismatch, baseline=False),
]
