"""The two kinds of ends a scenario has: smc4j in guest A, and a kernel. Both take the same commands."""
import itertools
import re

from . import rig

PORTS = itertools.count(21000)


def port():
    return next(PORTS)


class Kernel:
    """AF_SMC sockets of a guest (smct.py); family tcp gives ordinary ones."""

    name = "kernel"

    def __init__(self, guest, family="smc", address=None):
        self.guest = guest
        self.family = family
        self.own_address = address or rig.ADDRESS[guest]

    def address(self):
        return self.own_address

    def server(self, port_number, mode, n=0, size=64):
        background = rig.Background(
            self.guest, f"timeout 590 smct.py server {self.family} {self.address()} {port_number} {mode} {n} {size}"
        )
        background.wait_for("LISTENING")
        return background

    def client(self, host, port_number, mode, n=0, size=64, environment="", check=True):
        return rig.run(
            self.guest,
            f"{environment} timeout 590 smct.py client {self.family} {host} {port_number} {mode} {n} {size}",
            600,
            check,
        )

    def command(self, host, port_number, mode, n=0, size=64):
        """A client's command, for the background: the guest, and what to run there."""
        return self.guest, f"timeout 590 smct.py client {self.family} {host} {port_number} {mode} {n} {size}"

    def groups(self):
        return rig.run(self.guest, "smcnl.py lgr")

    def links(self):
        return rig.run(self.guest, "smcnl.py link")

    def diag(self):
        return rig.run(self.guest, "smcnl.py diag")


class Smc4j:
    """The long-lived smc4j process of a guest (Peer.java)."""

    name = "smc4j"

    def __init__(self, guest, label="main", address=None):
        self.guest = guest
        self.label = label
        self.own_address = address or rig.ADDRESS[guest]

    def address(self):
        return self.own_address

    def start(self, conf="/rig/smc4j.conf"):
        rig.run(self.guest, f"peer.sh start {self.label} {conf}", 180)
        return self

    def warm_up(self, peer):
        """A JVM that has just started in an emulated machine is slower than the kernel's patience: connects, and is connected to, until it is not."""
        for attempt in range(5):
            number = port()
            serving = peer.server(number, "cycle", 5)
            output = self.client(peer.address(), number, "cycle", 5, 64, check=False)
            serving.stop()
            if "client: 5 connections" in output:
                break
        else:
            raise AssertionError(f"no connection succeeds:\n{output}")
        for attempt in range(5):
            number = port()
            serving = self.server(number, "cycle", 5)
            output = peer.client(self.address(), number, "cycle", 5, 64, check=False)
            serving.stop()
            if "client: 5 connections" in output:
                return self
        raise AssertionError(f"no connection succeeds:\n{output}")

    def stop(self):
        rig.run(self.guest, f"peer.sh stop {self.label}", check=False)

    def kill(self):
        rig.run(self.guest, f"peer.sh kill {self.label}")

    def server(self, port_number, mode, n=0, size=64):
        background = rig.Background(
            self.guest, f"peer.sh do {self.label} server {self.address()} {port_number} {mode} {n} {size}"
        )
        background.wait_for("LISTENING")
        return background

    def client(self, host, port_number, mode, n=0, size=64, environment="", check=True):
        return rig.run(
            self.guest, f"peer.sh do {self.label} client {host} {port_number} {mode} {n} {size}", 600, check
        )

    def command(self, host, port_number, mode, n=0, size=64):
        return self.guest, f"peer.sh do {self.label} client {host} {port_number} {mode} {n} {size}"

    def info(self):
        return rig.run(self.guest, f"peer.sh do {self.label} info")

    def shutdown(self):
        rig.run(self.guest, f"peer.sh do {self.label} shutdown")


def speaks_smc_r(output):
    """Fails unless the output of an end shows a connection over SMC-R."""
    if "mode=SMCR" not in output and "transport=smc-r" not in output:
        raise AssertionError(f"not over SMC-R:\n{output}")


def expect(output, *patterns):
    for pattern in patterns:
        if not re.search(pattern, output):
            raise AssertionError(f"expected {pattern} in:\n{output}")
