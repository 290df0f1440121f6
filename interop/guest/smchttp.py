#!/usr/bin/env python3
"""
smchttp.py put HOST PORT NAME BYTES     uploads a file of a known pattern, as curl -T does, over AF_SMC
smchttp.py receive HOST PORT            takes one upload as `smc4j send` makes it, over AF_SMC

Both print the SHA-256 of the file.
"""
import hashlib
import json
import sys

import smct


def put(host, port, name, size):
    body = smct.pattern(size, 3)
    s = smct.Endpoint("smc", host, port).connect()
    s.sendall(f"PUT /{name} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n".encode())
    s.sendall(body)
    answer = smct.read_to_end(s).decode()
    smct.diag()
    print(answer)
    print("sha256", hashlib.sha256(body).hexdigest())
    s.close()


def receive(host, port):
    endpoint = smct.Endpoint("smc", host, port)
    s = endpoint.accept(endpoint.listen())
    lines = s.makefile("rb")

    def head():
        found = []
        while (line := lines.readline().strip()):
            found.append(line.decode())
        return found

    print("\n".join(head()))
    s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    digest, total = hashlib.sha256(), 0
    while size := int(lines.readline().strip(), 16):
        digest.update(lines.read(size))
        total += size
        lines.readline()
    print("\n".join(head()))  # the trailer
    stored = json.dumps({"bytes": total, "sha256": digest.hexdigest()}).encode()
    s.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(stored) + stored)
    print("sha256", digest.hexdigest(), "of", total, "bytes")
    smct.diag()
    lines.close()
    s.close()


def main(args):
    sys.stdout.reconfigure(line_buffering=True)
    if len(args) == 5 and args[0] == "put":
        put(args[1], int(args[2]), args[3], int(args[4]))
    elif len(args) == 3 and args[0] == "receive":
        receive(args[1], int(args[2]))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
