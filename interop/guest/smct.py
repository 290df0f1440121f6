#!/usr/bin/env python3
"""Test traffic over the kernel's SMC (AF_SMC) or plain TCP.

usage: smct.py server|client smc|tcp HOST PORT MODE [N] [SIZE]
  echo       N rounds of SIZE bytes, echoed, then an orderly close by the client
  bulk       N bytes from the client; the server answers one byte
  duplex     N bytes each way at the same time, checked
  hold       a 4 byte ping every GAP (environment, default 0.5) seconds, N rounds (0: for ever)
  halfclose  the client sends, shuts its sending side down, and still gets the answer
  abort      the client kills itself while bytes that it has not read lie in its buffer
  many       N connections at once, two echo rounds on each
  cycle      N connections one after the other, one echo round on each
  urgent     the client sends bytes, an urgent byte, and more bytes, then shuts its sending side down
  urgent-out the same; the server reads the urgent byte by itself (MSG_OOB)
Server and client take the same MODE, N and SIZE. The client prints timings and the SMC state.
"""
import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib

AF_SMC = 43
HERE = os.path.dirname(os.path.abspath(__file__))
libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


# Python's socket module cannot convert AF_SMC addresses (they are those of AF_INET): call libc.
def sockaddr(host, port):
    return struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton(host) + bytes(8)


class Endpoint:
    def __init__(self, family, host, port):
        self.family = AF_SMC if family == "smc" else socket.AF_INET
        self.address = sockaddr(host, port)

    def socket(self):
        return socket.socket(self.family, socket.SOCK_STREAM, 0)

    def connect(self):
        s = self.socket()
        check(libc.connect(s.fileno(), self.address, 16))
        return s

    def listen(self):
        s = self.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        check(libc.bind(s.fileno(), self.address, 16))
        s.listen(64)
        print("LISTENING", flush=True)
        return s

    def accept(self, listener):
        fd = check(libc.accept(listener.fileno(), None, None))
        return socket.socket(self.family, socket.SOCK_STREAM, 0, fileno=fd)


def diag():
    sys.stdout.flush()
    subprocess.run(["python3", os.path.join(HERE, "smcnl.py"), "diag"])


def read_exactly(s, n):
    data = bytearray()
    while len(data) < n:
        piece = s.recv(min(65536, n - len(data)))
        if not piece:
            raise EOFError(f"end of stream after {len(data)} of {n} bytes")
        data += piece
    return bytes(data)


def exchange(s, message):
    """Sends a message and reads as much. A long one at the same time: an echo waits for its reader, and buffers are not endless."""
    if len(message) <= 32768:
        s.sendall(message)
        return read_exactly(s, len(message))
    sender = threading.Thread(target=s.sendall, args=(message,))
    sender.start()
    got = read_exactly(s, len(message))
    sender.join()
    return got


def read_to_end(s):
    data = b""
    while piece := s.recv(65536):
        data += piece
    return data


PERIOD = 65536  # of the pattern: after that many bytes it begins anew


def pattern(n, seed):
    once = bytes((i * 31 + (i >> 8) * 7 + seed) & 255 for i in range(min(n, PERIOD)))
    return (once * (n // PERIOD + 1))[:n]


def duplex(s, n, mine, theirs):
    sender = threading.Thread(target=send_pattern, args=(s, n, mine))
    sender.start()
    expected, checksum = pattern(PERIOD, theirs), 0
    for at in range(0, n, PERIOD):
        got = read_exactly(s, min(PERIOD, n - at))
        if got != expected[: len(got)]:
            wrong = next(i for i, byte in enumerate(got) if byte != expected[i])
            raise AssertionError(f"byte {at + wrong} is wrong")
        checksum = zlib.crc32(got, checksum)
    sender.join()
    print("crc32 of what came: %08x" % checksum)


def send_pattern(s, n, seed):
    whole = pattern(PERIOD, seed)
    for at in range(0, n, PERIOD):
        s.sendall(whole[: n - at])


def echo_to_end(s):
    while data := s.recv(65536):
        s.sendall(data)
    s.close()


def serve_several(endpoint, mode, n):
    listener, threads = endpoint.listen(), []
    for _ in range(n):
        thread = threading.Thread(target=echo_to_end, args=(endpoint.accept(listener),))
        thread.start()
        threads.append(thread)
        if mode == "cycle":
            thread.join()
    for thread in threads:
        thread.join()
    print("server:", n, "connections")


def call_several(endpoint, mode, n, size):
    message = pattern(size, 65)

    def rounds(s, count):
        for _ in range(count):
            assert exchange(s, message) == message, "other bytes came back"

    if mode == "cycle":
        for _ in range(n):
            s = endpoint.connect()
            rounds(s, 1)
            s.close()
    else:
        sockets = []
        threads = [threading.Thread(target=lambda: sockets.append(endpoint.connect())) for _ in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sockets) == n, f"only {len(sockets)} of {n} connected"
        for s in sockets:
            rounds(s, 2)
        diag()
        for s in sockets:
            s.close()
    print("client:", n, "connections")
    return 0


def serve(s, mode, n):
    if mode in ("echo", "hold"):
        try:
            while data := s.recv(65536):
                s.sendall(data)
            print("server: end of stream")
        except OSError as e:
            print("server:", e)
    elif mode == "bulk":
        total, buffer = 0, bytearray(1 << 20)
        while total < n and (k := s.recv_into(buffer)):
            total += k
        s.sendall(b"k")
        print("server: got", total, "bytes;", "no end of stream" if s.recv(1) else "end of stream")
    elif mode == "duplex":
        duplex(s, n, 1, 2)
        print("server: got", n, "bytes, right ones")
        s.recv(1)
    elif mode == "urgent":
        s.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        print("server: got", read_to_end(s), "and end of stream")
    elif mode == "urgent-out":
        poll = select.poll()
        poll.register(s, select.POLLPRI)
        print("server: urgent data" if poll.poll(60000) else "server: no urgent data in 60 s")
        print("server: urgent byte", s.recv(1, socket.MSG_OOB))
        print("server: got", read_to_end(s), "and end of stream")
    elif mode == "halfclose":
        print("server: got", read_to_end(s), "and end of stream; answering")
        s.sendall(b"answer after half close")
    elif mode == "abort":
        s.sendall(b"never read")
        try:
            print("server: got", read_to_end(s), "and end of stream")
        except OSError as e:
            print("server:", e)
    s.close()


def call(endpoint, mode, n, size):
    start = time.perf_counter()
    s = endpoint.connect()
    print("connect %.1f ms" % ((time.perf_counter() - start) * 1e3))
    if mode == "echo":
        message, times = pattern(size, 65), []
        for _ in range(n):
            start = time.perf_counter()
            got = exchange(s, message)
            assert got == message, f"sent {message[:48].hex()}... got {got[:48].hex()}..."
            times.append((time.perf_counter() - start) * 1e6)
        times.sort()
        print("echo n=%d size=%d min %.0f us median %.0f us p99 %.0f us" % (n, size, times[0], times[n // 2], times[int(n * 0.99)]))
        diag()
    elif mode == "bulk":
        message, sent = bytes(min(n, 1 << 18)), 0
        start = time.perf_counter()
        while sent < n:
            sent += s.send(memoryview(message)[: n - sent])
        s.recv(1)
        elapsed = time.perf_counter() - start
        print("bulk %d bytes %.2f s %.2f MB/s" % (n, elapsed, n / elapsed / 1e6))
        diag()
    elif mode == "duplex":
        start = time.perf_counter()
        duplex(s, n, 2, 1)
        print("duplex %d bytes each way %.2f s" % (n, time.perf_counter() - start))
        diag()
    elif mode == "hold":
        rounds, gap = 0, float(os.environ.get("GAP", "0.5"))
        try:
            while n == 0 or rounds < n:
                s.sendall(b"ping")
                assert read_exactly(s, 4) == b"ping"
                rounds += 1
                time.sleep(gap)
        except (OSError, EOFError) as e:
            print("client: after", rounds, "rounds:", e)
            diag()
            return 3
        print("client:", rounds, "rounds done")
        diag()
    elif mode == "halfclose":
        s.sendall(b"request")
        s.shutdown(socket.SHUT_WR)
        print("client: got", read_to_end(s), "and end of stream")
    elif mode in ("urgent", "urgent-out"):
        s.sendall(b"before")
        s.send(b"!", socket.MSG_OOB)
        s.sendall(b"behind")
        s.shutdown(socket.SHUT_WR)
        s.recv(1)
    elif mode == "abort":
        time.sleep(1)
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    s.close()
    return 0


def main(args):
    sys.stdout.reconfigure(line_buffering=True)  # what was said is there even if close() never returns
    if len(args) < 5 or args[0] not in ("server", "client"):
        print(__doc__, file=sys.stderr)
        return 2
    role, family, host, port, mode = args[:5]
    n = int(args[5]) if len(args) > 5 else 3
    size = int(args[6]) if len(args) > 6 else 64
    endpoint = Endpoint(family, host, int(port))
    several = mode in ("many", "cycle")
    if role == "server" and several:
        serve_several(endpoint, mode, n)
        return 0
    if role == "server":
        serve(endpoint.accept(endpoint.listen()), mode, n)
        return 0
    if several:
        return call_several(endpoint, mode, n, size)
    return call(endpoint, mode, n, size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
