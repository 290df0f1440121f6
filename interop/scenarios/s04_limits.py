"""Limits that the two ends negotiate (SMC version 2.1): connections and links of a link group."""
import re

from lib import rig
from lib.ends import Smc4j, expect, port, speaks_smc_r
from lib.runner import both_ways

CONNECTIONS = 16  # the least that either end accepts


def connections(context, client, server):
    """The kernel allows few connections in a link group: the ones beyond find another group, at both ends alike."""
    usual = rig.run("B", "sysctl -n net.smc.smcr_max_conns_per_lgr").strip()
    rig.run("B", f"sysctl -qw net.smc.smcr_max_conns_per_lgr={CONNECTIONS}")
    fresh = Smc4j("A", "limited").start()  # a new node: the groups of the other have their limits already
    try:
        fresh.warm_up(context.peer)
        before = groups_of_few(context)  # one for each role
        client, server = (fresh, context.peer) if client is context.ours else (context.peer, fresh)
        number = port()
        serving = server.server(number, "many", 20)
        output = client.client(server.address(), number, "many", 20, 64)
        speaks_smc_r(output)
        expect(output, "20 connections")
        serving.finish()
        made = groups_of_few(context) - before
        assert before >= 2 and made >= 1, f"{before} and {made} more groups of {CONNECTIONS}:\n{context.peer.groups()}"
    finally:
        rig.run("B", f"sysctl -qw net.smc.smcr_max_conns_per_lgr={usual}")
        fresh.stop()


def groups_of_few(context):
    return len(re.findall(rf"MAX_CONNS={CONNECTIONS}\b", context.peer.groups()))


SCENARIOS = both_ways("limits", connections, baseline=False)
