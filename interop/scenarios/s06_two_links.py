"""Link groups of two links: traffic, a port taken down in mid-transfer, failover without losing a byte, DELETE LINK, and a new link."""
import re

from lib import rig
from lib.ends import expect, port, speaks_smc_r
from lib.runner import Scenario, both_ways
from lib.waiting import wait_until

MEGABYTE = 1_000_000


def states(context):
    return re.findall(r"STATE=(\w+)", context.peer.links())


def second_link(context, client, server):
    """ADD LINK accepted: both ends show two active links."""
    number = port()
    serving = server.server(number, "hold")
    calling = rig.Background(*command(client, server.address(), number, "hold", 40))
    wait_until(lambda: states(context).count("ACTIVE") >= 2, "the kernel's second link is active")
    calling.finish()
    expect(serving.finish(), "end of stream")


def failover(context, client, server, guest, interface):
    """The port of a link goes down while data flows both ways: the connection goes on over the other one."""
    amount = (4 if context.short else 20) * MEGABYTE
    number = port()
    serving = server.server(number, "duplex", amount)
    calling = rig.Background(*command(client, server.address(), number, "duplex", amount))
    try:
        wait_until(lambda: states(context).count("ACTIVE") >= 2, "the kernel's second link is active")
        rig.run(guest, f"ip link set {interface} down")
        output = calling.finish(300)
        expect(output, f"duplex {amount} bytes each way")
        served = serving.finish(300)
        expect(served, f"server: got {amount} bytes, right ones")
        if interface == "eth1" and context.ours.name == "smc4j":  # it had carried the connection
            expect(output if client is context.ours else served, "failovers=1")
    finally:
        rig.run(guest, f"/rig/link-up.sh {interface}")
    # a new connection works, and the group gets its second link back
    number = port()
    serving = server.server(number, "hold")
    calling = rig.Background(*command(client, server.address(), number, "hold", 40))
    wait_until(lambda: states(context).count("ACTIVE") >= 2, "the second link is back")
    calling.finish()
    serving.finish()


def command(end, host, number, mode, n):
    if end.name == "kernel":
        return end.guest, f"timeout 590 smct.py client {end.family} {host} {number} {mode} {n} 200"
    return end.guest, f"peer.sh do {end.label} client {host} {number} {mode} {n} 200"


def failovers(guest, interface):
    return lambda context, client, server: failover(context, client, server, guest, interface)


SCENARIOS = (
    both_ways("second-link", second_link, links=2)
    + both_ways("failover-our-port-1", failovers("A", "eth1"), links=2)
    + both_ways("failover-peer-port-1", failovers("B", "eth1"), links=2)
    + both_ways("failover-our-port-2", failovers("A", "eth2"), links=2)
    + both_ways("failover-peer-port-2", failovers("B", "eth2"), links=2)
)
