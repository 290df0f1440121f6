"""Finds scenarios, runs them, prints the table."""
import importlib
import os
import pkgutil
import subprocess
import sys
import time
import traceback

from . import build, rig
from .ends import Kernel, Smc4j

PASSED, FAILED, NOT_RUN = "pass", "FAIL", "not run"

TARGET = os.path.join(rig.HOME, "target", "run")


class Context:
    """What a scenario is given: the end under test in guest A, its peer in guest B, and how much to do."""

    def __init__(self, ours, peer, short):
        self.ours = ours
        self.peer = peer
        self.short = short

    def ends(self, direction):
        """(client, server) for 'client' (ours connects) or 'server' (the peer connects)."""
        return (self.ours, self.peer) if direction == "client" else (self.peer, self.ours)


def scenarios():
    import scenarios as package

    found = []
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        loaded = importlib.import_module("scenarios." + module)
        found += loaded.SCENARIOS
    return found


class NotRun(Exception):
    """Raised by a scenario that needs something that is not here. Says what."""


class Scenario:
    """
    name: what --scenario takes; run(context): raises if something is not as it should be; links: how many the guests need; short: part of
    the short set; baseline: whether two kernels can do it too; fresh: whether it needs guests that nothing ran in before.
    """

    def __init__(self, name, run, links=1, short=False, baseline=True, fresh=False):
        self.name, self.run, self.links, self.short, self.baseline, self.fresh = name, run, links, short, baseline, fresh


def both_ways(name, action, **options):
    """Two scenarios of one action(context, client, server): ours as client, and as server."""

    def one(direction):
        return lambda context: action(context, *context.ends(direction))

    return [Scenario(f"{name}-{direction}", one(direction), **options) for direction in ("client", "server")]


def main(arguments, usage):
    wanted, short, keep, baseline = [], False, False, False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--scenario" and rest:
            wanted.append(rest.pop(0))
        elif word == "--short":
            short = True
        elif word == "--keep":
            keep = True
        elif word == "--baseline":
            baseline = True
        elif word == "--list":
            print("\n".join(f"{s.name}{'  (short)' if s.short else ''}" for s in scenarios()))
            return 0
        elif word in ("-h", "--help"):
            print(usage)
            return 0
        else:
            print(f"interop/run: unknown argument {word}\n\n{usage}", file=sys.stderr)
            return 2
    chosen = [
        s
        for s in scenarios()
        if (not wanted or any(is_called(s, w) for w in wanted))
        and (not short or s.short or wanted)
        and (not baseline or s.baseline)
    ]
    unknown = [w for w in wanted if not any(is_called(s, w) for s in scenarios())]
    if unknown:
        print(f"interop/run: no such scenario: {', '.join(unknown)}; --list names them", file=sys.stderr)
        return 2
    if not chosen:
        print("interop/run: the kernel cannot be at both ends of these; --list names others", file=sys.stderr)
        return 2
    if os.geteuid() != 0:
        print("interop/run: must run as root (debootstrap, and file systems in the guests)", file=sys.stderr)
        return 2
    os.makedirs(TARGET, exist_ok=True)
    if not baseline:
        build.build()
    rows = []
    for links in sorted({s.links for s in chosen}):
        same = [s for s in chosen if s.links == links]
        together = [s for s in same if not s.fresh]
        for batch in ([together] if together else []) + [[s] for s in same if s.fresh]:
            rows += run_all(batch, links, short, baseline, keep)
    return table(rows)


def run_all(chosen, links, short, baseline, keep):
    rig.down()  # another number of links, and the guests of an earlier run, which may be in any state
    rig.boot(links)
    rows = []
    ours = Kernel("A") if baseline else Smc4j("A").start("/rig/smc4j.conf" if links == 1 else "/rig/smc4j2.conf")
    context = Context(ours, Kernel("B"), short)
    try:
        if not baseline:
            ours.warm_up(context.peer)
        for scenario in chosen:
            rows.append(run_one(scenario, context, links))
    finally:
        if not keep:
            rig.down()
    return rows


def is_called(scenario, wanted):
    """By its name, or by what it shares with its other direction."""
    return scenario.name == wanted or scenario.name.startswith(wanted + "-")


def run_one(scenario, context, links):
    print(f"{scenario.name} ...", file=sys.stderr, flush=True)
    start = time.monotonic()
    interfaces = ("eth1", "eth2") if links == 2 else ("eth1",)
    problem = None
    with rig.Capture(scenario.name, interfaces) as capture:
        try:
            scenario.run(context)
        except NotRun as e:
            print(f"{scenario.name} NOT RUN: {e}", file=sys.stderr, flush=True)
            return scenario.name, NOT_RUN, time.monotonic() - start
        except Exception as e:  # noqa: B902
            problem = e
    seconds = time.monotonic() - start
    if problem is None:
        capture.forget()
        print(f"{scenario.name} passed after {seconds:.1f} s", file=sys.stderr, flush=True)
        return scenario.name, PASSED, seconds
    folder = os.path.join(TARGET, scenario.name)
    os.makedirs(folder, exist_ok=True)
    capture.keep(folder)
    with open(os.path.join(folder, "problem.txt"), "w") as f:
        f.write("".join(traceback.format_exception(problem)))
    for guest in ("A", "B"):
        with open(os.path.join(folder, f"dmesg-{guest}.txt"), "w") as f:
            f.write(rig.run(guest, "dmesg | tail -100", check=False))
    log = os.path.join(rig.SHARE, "peer-main.log")
    if os.path.exists(log):
        subprocess.run(["cp", log, folder], check=False)
    print(f"{scenario.name} FAILED after {seconds:.1f} s: {str(problem)[:1500]}", file=sys.stderr, flush=True)
    return scenario.name, FAILED, seconds


def table(rows):
    width = max(len(name) for name, _, _ in rows)
    print(f"\n{'scenario':<{width}}  result   seconds")
    print("-" * (width + 18))
    for name, result, seconds in rows:
        print(f"{name:<{width}}  {result:<7}  {seconds:7.1f}")
    passed, failed, not_run = (sum(1 for _, result, _ in rows if result == which) for which in (PASSED, FAILED, NOT_RUN))
    if failed:
        print(f"\nCaptures and logs of what failed: {TARGET}")
    print(f"\n{passed} passed, {failed} failed" + (f", {not_run} not run" if not_run else ""))
    return 1 if failed else 0
