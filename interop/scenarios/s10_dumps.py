"""The kernel's own dumps (netlink, rdma) show the same link group, link and connection as smc4j does."""
import re

from lib import rig
from lib.ends import expect, port
from lib.runner import both_ways
from lib.waiting import wait_until


def dumps(context, client, server):
    number = port()
    serving = server.server(number, "hold")
    calling = rig.Background(*client.command(server.address(), number, "hold", 20, 500))
    pattern = rf"ACTIVE mode=SMCR .*\b{number}\b.*\n +conn token=(\w+) sndbuf=\d+ rmbe=(\d+) peer_rmbe=(\d+).*\n +lgr link=(\d+) ib=(\w+) port=(\d+) gid=(\S+) peer=(\S+) role=(\w+)"
    wait_until(lambda: re.search(pattern, context.peer.diag()), "the kernel shows the connection")
    theirs = re.search(pattern, context.peer.diag())
    ours = context.ours.info()
    _, _, peer_rmbe, _, _, _, gid, peer_gid, role = theirs.groups()
    expect(ours, r"connection transport=smc-r", rf"{number}")
    assert int(peer_rmbe) == 65536, f"the kernel takes our RMB for one of {peer_rmbe} bytes, not the configured 65536"
    link = re.search(r"link number=(\d+) state=ACTIVE .*gid=(\S+) peer=(\S+) qp=(\d+) peer-qp=(\d+)", ours)
    assert link, f"smc4j shows no active link:\n{ours}"
    assert short(gid) == link[3] and short(peer_gid) == link[2], f"GIDs: {gid} {peer_gid}, smc4j says {link[0]}"
    assert (role == "CLNT") == ("role=server" in ours), f"roles: {role} and\n{ours}"
    pairs = rig.run("B", "rdma res show qp | grep 'type RC'")
    assert re.search(rf"lqpn {link[5]} rqpn {link[4]} ", pairs), f"queue pairs {link[5]} -> {link[4]} are not among\n{pairs}"
    assert "state RTS" in pairs
    calling.finish()
    serving.finish()


def short(gid):
    """::ffff:a.b.c.d for a GID that holds an IPv4 address, as smc4j prints it."""
    words = gid.split(":")
    high, low = int(words[6], 16), int(words[7], 16)
    return f"::ffff:{high >> 8}.{high & 255}.{low >> 8}.{low & 255}"


SCENARIOS = both_ways("dumps", dumps, baseline=False)
