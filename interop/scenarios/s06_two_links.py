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
    calling = rig.Background(*client.command(server.address(), number, "hold", 40, 200))
    wait_until(lambda: states(context).count("ACTIVE") >= 2, "the kernel's second link is active")
    calling.finish()
    expect(serving.finish(), "end of stream")


def failover(context, client, server, guest):
    """The port of each link in turn goes down while data flows both ways: the connection goes on over the other one."""
    moved = sum(one_port_down(context, client, server, guest, interface) for interface in ("eth2", "eth1"))
    if context.ours.name == "smc4j":
        assert moved > 0, "no connection was on the link that went down"


def one_port_down(context, client, server, guest, interface):
    """Returns how often the connection moved."""
    amount = (4 if context.short else 20) * MEGABYTE
    number = port()
    serving = server.server(number, "duplex", amount)
    calling = rig.Background(*client.command(server.address(), number, "duplex", amount, 200))
    try:
        wait_until(lambda: states(context).count("ACTIVE") >= 2, "the kernel's second link is active")
        rig.run(guest, f"ip link set {interface} down")
        called = calling.finish(300)
        expect(called, f"duplex {amount} bytes each way")
        served = serving.finish(300)
        expect(served, f"server: got {amount} bytes, right ones")
    finally:
        other = "AB".replace(guest, "")
        rig.run(other, "ip neigh flush all")
        rig.run(guest, f"link-up.sh {interface}")
        rig.run(other, f"link-up.sh {interface}")
    link_comes_back(context, client, server)
    return sum(int(n) for n in re.findall(r"failovers=(\d+)", called + served))


def link_comes_back(context, client, server):
    number = port()
    serving = server.server(number, "hold")
    calling = rig.Background(*client.command(server.address(), number, "hold", 40, 200))
    wait_until(lambda: states(context).count("ACTIVE") >= 2, "the second link is back")
    calling.finish()
    serving.finish()


def failovers(guest):
    return lambda context, client, server: failover(context, client, server, guest)


SCENARIOS = (
    both_ways("second-link", second_link, links=2)
    + both_ways("failover-our-ports", failovers("A"), links=2)
    + both_ways("failover-peer-ports", failovers("B"), links=2)
)
