"""Ways a connection ends: half-close, abort with unread data, kill -9 of either side; urgent data on the way."""
import re

from lib import rig
from lib.ends import Kernel, Smc4j, expect, port
from lib.runner import Scenario, both_ways
from lib.waiting import wait_until


def halfclose(context, client, server):
    number = port()
    serving = server.server(number, "halfclose")
    output = client.client(server.address(), number, "halfclose")
    expect(output, "client: got b?'?answer after half close'? and end of stream")
    expect(serving.finish(), "server: got b?'?request'? and end of stream")


def abort(context, client, server):
    number = port()
    serving = server.server(number, "abort")
    client.client(server.address(), number, "abort", check=False)  # a kernel's client kills itself
    output = serving.finish(check=False)
    expect(output, "server: ")
    # and the next connection is as good as any
    number = port()
    serving = server.server(number, "echo")
    client.client(server.address(), number, "echo", 2)
    serving.finish()


def urgent(context, client, server):
    """The urgent byte is read in line, in its place."""
    number = port()
    serving = server.server(number, "urgent")
    client.client(server.address(), number, "urgent")
    expect(serving.finish(), "got b?'?before!behind'? and end of stream")


def urgent_out(context):
    """A kernel's application is told of the urgent byte, and reads it by itself."""
    number = port()
    serving = context.peer.server(number, "urgent-out")
    context.ours.client(context.peer.address(), number, "urgent-out")
    expect(serving.finish(), "urgent byte b'!'", "got b'beforebehind' and end of stream")


def kill_kernel_client(context):
    number = port()
    serving = context.ours.server(number, "hold")
    client = rig.Background("B", f"smct.py client smc {context.ours.address()} {number} hold 0 & echo $! >/tmp/victim; wait")
    wait_until(
        lambda: re.search(rf"ACTIVE .*-> {context.ours.address()}:{number}\b", context.peer.diag()), "the connection is active"
    )
    rig.run("B", "kill -9 $(cat /tmp/victim)")
    client.stop()
    serving.finish(30, check=False)


def kill_kernel_server(context):
    number = port()
    serving = rig.Background("B", f"smct.py server smc {context.peer.address()} {number} hold & echo $! >/tmp/victim; wait")
    serving.wait_for("LISTENING")
    calling = rig.Background(*context.ours.command(context.peer.address(), number, "hold", 1000, 100))
    calling.wait_for("transport=smc-r")
    rig.run("B", "kill -9 $(cat /tmp/victim)")
    serving.stop()
    # a kernel closes in order what a dead process had open
    expect(calling.finish(60, check=False), "FAIL .*(end of stream|the peer closed the connection)")


def kill_smc4j_client(context):
    victim = Smc4j("A", "victim").start().warm_up(context.peer)
    number = port()
    serving = context.peer.server(number, "hold")
    calling = rig.Background(*victim.command(context.peer.address(), number, "hold", 1000, 100))
    calling.wait_for("transport=smc-r")
    victim.kill()
    output = serving.finish(60, check=False)
    calling.stop()
    expect(output, "server: ")


def kill_smc4j_server(context):
    victim = Smc4j("A", "victim").start().warm_up(context.peer)
    number = port()
    serving = victim.server(number, "hold")
    calling = rig.Background(*context.peer.command(victim.address(), number, "hold"))
    serving.wait_for("transport=smc-r")
    victim.kill()
    expect(calling.finish(60, check=False), r"client: after \d+ rounds")
    serving.stop()


SCENARIOS = (
    both_ways("halfclose", halfclose, short=True)
    + both_ways("abort", abort, short=True)
    + both_ways("urgent", urgent)
    + [
        Scenario("urgent-out", urgent_out),
        Scenario("kill-kernel-client", kill_kernel_client),
        Scenario("kill-kernel-server", kill_kernel_server, baseline=False),
        Scenario("kill-smc4j-client", kill_smc4j_client, baseline=False),
        Scenario("kill-smc4j-server", kill_smc4j_server, baseline=False),
    ]
)
