"""The smc4j command as a drop-in peer: echo-server, ping, serve and send against AF_SMC."""
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


def serve(context):
    """The kernel's client uploads as curl -T does; what is stored is what it sent."""
    number = port()
    rig.run("A", "rm -rf /tmp/served; mkdir /tmp/served")
    serving = rig.Background(
        "A", f"smc4j serve --host 10.99.0.1 --port {number} --once --dir /tmp/served -c /rig/smc4j.conf"
    )
    serving.wait_for("listening", 120)
    output = rig.run("B", f"smchttp.py put 10.99.0.1 {number} kernel.bin 5000000")
    expect(output, "mode=SMCR", "201 Created")
    serving.finish()
    stored = rig.run("A", "sha256sum /tmp/served/kernel.bin").split()[0]
    expect(output, f"sha256 {stored}")


def send(context):
    """The kernel's server takes the upload; the command's own check of the checksum passes, and ours."""
    number = port()
    sent = rig.run("A", "head -c 5000000 /dev/urandom >/tmp/ours.bin; sha256sum /tmp/ours.bin").split()[0]
    serving = rig.Background("B", f"smchttp.py receive 10.99.0.2 {number}")
    serving.wait_for("LISTENING")
    output = rig.run("A", f"smc4j send /tmp/ours.bin 10.99.0.2:{number} -c /rig/smc4j.conf")
    expect(output, "smc-r")
    expect(serving.finish(), f"sha256 {sent} of 5000000 bytes", "mode=SMCR")


SCENARIOS = [
    Scenario("command-echo-server", echo_server, baseline=False),
    Scenario("command-ping", ping, baseline=False),
    Scenario("command-serve", serve, baseline=False),
    Scenario("command-send", send, baseline=False),
]
