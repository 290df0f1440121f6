"""First contact, echo, orderly close; later contacts on the same link group; many connections at once."""
import re

from lib.ends import expect, port, speaks_smc_r
from lib.runner import both_ways


def echo(context, client, server):
    for size in (1, 64, 4096) if context.short else (1, 64, 4096, 65536, 300000):
        number = port()
        serving = server.server(number, "echo")
        output = client.client(server.address(), number, "echo", 5, size)
        speaks_smc_r(output)
        expect(serving.finish(), "end of stream")


def many(context, client, server):
    count = 10 if context.short else 50
    number = port()
    serving = server.server(number, "many", count)
    output = client.client(server.address(), number, "many", count, 64)
    speaks_smc_r(output)
    expect(output, f"{count} connections")
    serving.finish()
    groups = context.peer.groups()
    assert len(re.findall(r"LGR{", groups)) <= 2, f"more link groups than one for each role:\n{groups}"


def cycle(context, client, server):
    count = 20 if context.short else 200
    number = port()
    serving = server.server(number, "cycle", count)
    output = client.client(server.address(), number, "cycle", count, 64)
    expect(output, f"{count} connections")
    serving.finish()


SCENARIOS = both_ways("echo", echo, short=True) + both_ways("many", many, short=True) + both_ways("cycle", cycle)
