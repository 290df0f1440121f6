"""The smc4j command as a drop-in peer: echo-server and ping against AF_SMC."""
from lib import rig
from lib.ends import expect, port
from lib.runner import Scenario


def echo_server(context):
    number = port()
    serving = rig.Background("A", f"smc4j echo-server --host 10.99.0.1 --port {number} --once -c /rig/smc4j.conf")
    serving.wait_for("listening", 120)
    output = context.peer.client("10.99.0.1", number, "echo", 5, 1000)
    expect(output, "mode=SMCR")
    expect(serving.finish(), "connected over smc-r", "closed after 5000 bytes")


def ping(context):
    number = port()
    serving = context.peer.server(number, "echo")
    output = rig.run("A", f"smc4j ping --count 20 --warmup 5 -c /rig/smc4j.conf 10.99.0.2:{number}")
    expect(output, "smc-r")
    expect(serving.finish(), "end of stream")


SCENARIOS = [
    Scenario("command-echo-server", echo_server, baseline=False),
    Scenario("command-ping", ping, baseline=False),
]
