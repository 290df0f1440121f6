"""Kernel objects (queue pairs, memory regions, protection domains, completion queues) before and after."""
import re

from lib import rig
from lib.ends import Smc4j, port
from lib.runner import Scenario
from lib.waiting import wait_until


def objects(guest, command=None):
    """Counts by kind; of one process only, if named."""
    counts = {}
    for kind in ("qp", "mr", "cq", "pd", "ctx"):
        lines = rig.run(guest, f"rdma res show {kind} 2>/dev/null || true").splitlines()
        counts[kind] = sum(1 for line in lines if command is None or f"comm {command}" in line)
    return counts


def cycles(context):
    """Many connections one after the other: what the first left is all there is after the last."""
    rounds = 100 if context.short else 1000

    def connect(count):
        number = port()
        serving = context.ours.server(number, "cycle", count)
        context.peer.client(context.ours.address(), number, "cycle", count)
        serving.finish(600)

    connect(5)
    before = objects("A"), objects("B")
    connect(rounds)
    wait_until(lambda: (objects("A"), objects("B")) == before, f"as before: {before}; now {objects('A')}, {objects('B')}")


def killed(context):
    """kill -9: the kernel frees what the process had; its peer's group ends too."""
    before = objects("A"), objects("B")
    victim = Smc4j("A", "victim").start().warm_up(context.peer)
    number = port()
    serving = context.peer.server(number, "hold")
    calling = rig.Background("A", f"peer.sh do victim client {context.peer.address()} {number} hold 1000 100")
    calling.wait_for("transport=smc-r")
    assert objects("A")["qp"] > before[0]["qp"]
    victim.kill()
    serving.finish(90, check=False)
    calling.stop()
    wait_until(lambda: objects("A") == before[0], f"our guest as before: {before[0]}")
    wait_until(
        lambda: objects("B")["qp"] <= before[1]["qp"],
        "the kernel's queue pairs for the dead node are gone",
        180,
    )


SCENARIOS = [
    Scenario("leaks-cycles", cycles, baseline=False),
    Scenario("leaks-killed", killed, baseline=False),
]
