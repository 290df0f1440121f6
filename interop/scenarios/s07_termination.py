"""Link groups that end: our node shuts down, the kernel's module is unloaded, silence is tested."""
from lib import rig
from lib.ends import Smc4j, expect, port
from lib.runner import Scenario
from lib.waiting import wait_until


def our_shutdown(context):
    """A node that shuts down says so: the kernel's group goes at once, its idle connection sees the end."""
    before = groups(context)  # the warm-up makes the new node's group
    ours = Smc4j("A", "leaver").start().warm_up(context.peer)
    try:
        number = port()
        serving = context.peer.server(number, "echo")
        calling = rig.Background("A", f"peer.sh do leaver client {context.peer.address()} {number} hold 1000 200")
        calling.wait_for("transport=smc-r")
        assert groups(context) > before, "the kernel shows no link group with the new node"
        ours.shutdown()
        calling.stop()
        expect(serving.finish(30, check=False), "server: ")
        wait_until(lambda: groups(context) == before, "the kernel's link group is gone", 30)
    finally:
        ours.stop()


def module_unloaded(context):
    """The kernel ends the group: DELETE LINK for all links; we are ready for the next one."""
    number = port()
    serving = context.ours.server(number, "echo")
    context.peer.client(context.ours.address(), number, "echo", 2)
    serving.finish()
    wait_until(lambda: "->" not in context.peer.diag(), "no socket is left")
    rig.run("B", "for i in $(seq 50); do rmmod smc_diag smc 2>/dev/null && break; sleep 0.2; done; ! grep -q '^smc ' /proc/modules")
    rig.run("B", "/rig/smc-up.sh 1 SMC4J.RIG")
    number = port()
    serving = context.ours.server(number, "echo")
    output = context.peer.client(context.ours.address(), number, "echo", 2)
    expect(output, "mode=SMCR")
    serving.finish()


def keepalive(context):
    """The kernel tests an idle link; we answer, so it lives. And the connection on it still works."""
    rig.run("B", "sysctl -qw net.smc.smcr_testlink_time=1")
    try:
        number = port()
        serving = context.ours.server(number, "hold")
        # rounds 6 s apart: several tests fall between
        output = context.peer.client(context.ours.address(), number, "hold", 3, 64, environment="GAP=6")
        expect(output, "3 rounds done", "mode=SMCR")
        serving.finish()
    finally:
        rig.run("B", "sysctl -qw net.smc.smcr_testlink_time=30")


def groups(context):
    return context.peer.groups().count("LGR{")


SCENARIOS = [
    Scenario("our-shutdown", our_shutdown, baseline=False),
    Scenario("keepalive", keepalive, short=True),
    Scenario("module-unloaded", module_unloaded, baseline=False, fresh=True),
]
