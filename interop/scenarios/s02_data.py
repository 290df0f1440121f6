"""Much data each way, checked."""
from lib.ends import expect, port
from lib.runner import both_ways

MEGABYTE = 1_000_000


def duplex(context, client, server):
    amount = (2 if context.short else 100) * MEGABYTE
    number = port()
    serving = server.server(number, "duplex", amount)
    output = client.client(server.address(), number, "duplex", amount)
    expect(output, f"duplex {amount} bytes each way")
    expect(serving.finish(), f"server: got {amount} bytes, right ones")


def bulk(context, client, server):
    amount = (2 if context.short else 50) * MEGABYTE
    number = port()
    serving = server.server(number, "bulk", amount)
    output = client.client(server.address(), number, "bulk", amount)
    expect(output, f"bulk {amount} bytes")
    expect(serving.finish(), f"server: got {amount} bytes")


SCENARIOS = both_ways("duplex", duplex, short=True) + both_ways("bulk", bulk)
