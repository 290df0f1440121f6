"""Both ends of a connection in guest A: two software RoCE devices with a wire or a router between them (guest/inside.sh)."""
from contextlib import contextmanager

from . import rig


@contextmanager
def inside(between="wire"):
    """The two devices; between them a "wire", or a "gateway" between two subnets."""
    try:
        rig.run("A", f"/rig/inside.sh up {between}")
        yield
    finally:
        rig.run("A", "/rig/inside.sh down", check=False)


@contextmanager
def smc4j(end, peer, conf="/rig/smc4j.conf"):
    """A process of smc4j's, warmed up by connecting with the peer."""
    with started(end, conf):
        yield end.warm_up(peer)


@contextmanager
def started(end, conf):
    """A process of smc4j's that is stopped in the end."""
    try:
        yield end.start(conf)
    finally:
        end.stop()
