"""Link groups that end: our node shuts down, the kernel's module is unloaded, silence is tested."""
from contextlib import contextmanager

from lib import rig
from lib.ends import Smc4j, expect, port, speaks_smc_r
from lib.runner import Scenario, both_ways
from lib.waiting import wait_until


def our_shutdown_client(context):
    """A node that shuts down says so: the kernel's group goes at once, its idle connection sees the end."""
    number = port()
    with leaving(context) as ours:
        serving = context.peer.server(number, "echo")
        calling = rig.Background(*ours.command(context.peer.address(), number, "hold", 1000, 200))
        calling.wait_for("transport=smc-r")
        ours.shutdown()
        calling.stop()
        expect(serving.finish(30, check=False), "server: ")


def our_shutdown_server(context):
    number = port()
    with leaving(context) as ours:
        serving = ours.server(number, "hold")
        calling = rig.Background(*context.peer.command(ours.address(), number, "hold"))
        serving.wait_for("transport=smc-r")
        ours.shutdown()
        expect(calling.finish(30, check=False), r"client: after \d+ rounds")
        serving.stop()


@contextmanager
def leaving(context):
    """A node of its own, with a link group with the kernel, which must be gone in the end."""
    before = groups(context)
    ours = Smc4j("A", "leaver").start()
    try:
        ours.warm_up(context.peer)  # makes the group
        assert groups(context) > before, "the kernel shows no link group with the new node"
        yield ours
        wait_until(lambda: groups(context) == before, "the kernel's link group is gone", 30)
    finally:
        ours.stop()


def module_unloaded(context, client, server):
    """The kernel ends the group: DELETE LINK for all links; we are ready for the next one."""
    echo(client, server)
    wait_until(lambda: "->" not in context.peer.diag(), "no socket is left")
    rig.run("B", "for i in $(seq 50); do rmmod smc_diag smc 2>/dev/null && break; sleep 0.2; done; ! grep -q '^smc ' /proc/modules")
    rig.run("B", "/rig/smc-up.sh 1 SMC4J.RIG")
    echo(client, server)


def echo(client, server):
    number = port()
    serving = server.server(number, "echo")
    speaks_smc_r(client.client(server.address(), number, "echo", 2))
    serving.finish()


def keepalive(context, client, server):
    """The kernel tests an idle link; we answer, so it lives. And the connection on it still works."""
    rig.run("B", "sysctl -qw net.smc.smcr_testlink_time=1")
    try:
        number = port()
        serving = server.server(number, "hold")
        # Rounds 6 s apart: several tests fall between. A kernel's client has the time from GAP, ours in place of a size.
        output = client.client(server.address(), number, "hold", 3, 6000, environment="GAP=6")
        expect(output, "3 rounds done")
        speaks_smc_r(output)
        serving.finish()
    finally:
        rig.run("B", "sysctl -qw net.smc.smcr_testlink_time=30")


def groups(context):
    return context.peer.groups().count("LGR{")


SCENARIOS = (
    [
        Scenario("our-shutdown-client", our_shutdown_client, baseline=False),
        Scenario("our-shutdown-server", our_shutdown_server, baseline=False),
    ]
    + both_ways("keepalive", keepalive, short=True)
    + both_ways("module-unloaded", module_unloaded, baseline=False, fresh=True)
)
