"""Link groups of two links: traffic, a port taken down in mid-transfer, failover without losing a byte, DELETE LINK, and a new link."""
import re
import sys

from lib import rig
from lib.ends import expect, port, speaks_smc_r
from lib.runner import Scenario, both_ways
from lib.waiting import wait_until

MEGABYTE = 1_000_000
STUCK = "smc_cdc_wait_pend_tx_wr"


def states(context):
    return re.findall(r"STATE=(\w+)", context.peer.links())


def all_links(context):
    shown = context.peer.links()
    return shown.count("STATE=ACTIVE") == 2 * shown.count("LGR{") > 0


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
        calling.wait_for("connect ")
        wait_until(lambda: all_links(context), "each of the kernel's link groups has two active links")
        rig.run(guest, f"ip link set {interface} down")
        sent, got = f"duplex {amount} bytes each way", f"server: got {amount} bytes, right ones"
        called = ended(client, calling, sent)
        expect(called, sent)
        served = ended(server, serving, got)
        expect(served, got)
    finally:
        other = "AB".replace(guest, "")
        rig.run(other, "ip neigh flush all")
        rig.run(guest, f"link-up.sh {interface}")
        rig.run(other, f"link-up.sh {interface}")
    link_comes_back(context, client, server)
    return sum(int(n) for n in re.findall(r"failovers=(\d+)", called + served))


def ended(end, program, last_words):
    """
    What a program said, when it has ended. A kernel's may not: with sends pending on the link that was lost, kernel 6.12 waits in
    close() for completions that never come (its count of them is not set right when the link is cleared). By then all bytes were
    moved and both ends have said that they close: that is what is tested here, and the kernel's fault is said.
    """
    program.wait_for(last_words, 90)
    try:
        return program.finish(20)
    except rig.CommandFailed:
        if end.name != "kernel" or STUCK not in rig.run(end.guest, "cat /proc/[0-9]*/stack", check=False):
            raise
        print(f"note: the kernel's program is stuck in close(), in {STUCK}: a fault of that kernel", file=sys.stderr)
        return program.output()


def link_comes_back(context, client, server):
    number = port()
    serving = server.server(number, "hold")
    calling = rig.Background(*client.command(server.address(), number, "hold", 40, 200))
    wait_until(lambda: states(context).count("ACTIVE") >= 2, "the second link is back")
    calling.finish()
    serving.finish()


def failovers(guest):
    return lambda context, client, server: failover(context, client, server, guest)


def failover_once(guest, interface):
    """The port of one link goes down while data flows both ways, and comes back: a new link takes the lost one's place."""

    def run(context, client, server):
        moved = one_port_down(context, client, server, guest, interface)
        print(f"connections moved: {moved}", file=sys.stderr)

    return run


SCENARIOS = (
    both_ways("second-link", second_link, links=2)
    + both_ways("failover-our-port1", failover_once("A", "eth1"), links=2, fresh=True)
    + both_ways("failover-our-port2", failover_once("A", "eth2"), links=2, fresh=True)
    + both_ways("failover-peer-port1", failover_once("B", "eth1"), links=2, fresh=True)
    + both_ways("failover-peer-port2", failover_once("B", "eth2"), links=2, fresh=True)
    + both_ways("failover-our-ports", failovers("A"), links=2)
    + both_ways("failover-peer-ports", failovers("B"), links=2)
)
