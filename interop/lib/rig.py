"""The two guests, as seen from this machine."""
import os
import subprocess
import tempfile
import threading
import time

HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
RIG = os.path.join(HOME, "rig")
WORK = os.environ.get("SMC_RIG_DIR", os.path.expanduser("~/.cache/smc4j-rig"))
SHARE = os.environ.get("SMC_RIG_SHARE", os.path.join(WORK, "share"))
ADDRESS = {"A": "10.99.0.1", "B": "10.99.0.2"}


class CommandFailed(Exception):
    pass


def run(guest, command, timeout=300, check=True):
    """Runs a bash command in a guest. Returns its output; raises if it failed."""
    done = subprocess.run(
        [RIG, "run", guest, "-t", str(timeout), command], capture_output=True, text=True, errors="replace"
    )
    if check and done.returncode != 0:
        raise CommandFailed(f"in guest {guest}: {command}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Background:
    """A command in a guest that goes on while others run."""

    def __init__(self, guest, command, timeout=600):
        self.command = command
        self.file = tempfile.TemporaryFile("w+", errors="replace")
        self.process = subprocess.Popen(
            [RIG, "run", guest, "-t", str(timeout), command], stdout=self.file, stderr=subprocess.STDOUT
        )

    def output(self):
        self.file.flush()
        self.file.seek(0)
        return self.file.read()

    def wait_for(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.output():
            if self.process.poll() is not None or time.monotonic() > end:
                raise CommandFailed(f"{self.command}\nnever said {text}:\n{self.output()}")
            time.sleep(0.05)

    def finish(self, seconds=120, check=True):
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise CommandFailed(f"{self.command}\ndid not end within {seconds} s:\n{self.output()}") from None
        if check and status != 0:
            raise CommandFailed(f"{self.command}\nexit status {status}\n{self.output()}")
        return self.output()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()


class Capture:
    """tcpdump in guest B while a scenario runs; kept if it failed."""

    def __init__(self, name, interfaces=("eth1",)):
        self.name = name
        self.interfaces = interfaces

    def __enter__(self):
        for interface in self.interfaces:
            run(
                "B",
                f"tcpdump -i {interface} -s 0 -U -B 16384 -w /tmp/{self.name}-{interface}.pcap 'not arp' >/tmp/{self.name}-{interface}.log 2>&1 &"
                f" echo $! >/tmp/{self.name}-{interface}.pid;"
                f" for i in $(seq 100); do grep -q listening /tmp/{self.name}-{interface}.log && exit 0; sleep 0.1; done; exit 1",
            )
        return self

    def __exit__(self, *_):
        for interface in self.interfaces:
            run("B", f"sleep 0.3; kill -INT $(cat /tmp/{self.name}-{interface}.pid)", check=False)

    def keep(self, folder):
        for interface in self.interfaces:
            run("B", f"cp /tmp/{self.name}-{interface}.pcap /share/", check=False)
            source = os.path.join(SHARE, f"{self.name}-{interface}.pcap")
            if os.path.exists(source):
                os.replace(source, os.path.join(folder, f"{self.name}-{interface}.pcap"))

    def forget(self):
        run("B", f"rm -f /tmp/{self.name}-*.pcap", check=False)


def boot(links, only=""):
    """Builds what is missing and boots both guests, or only one, with one or two links."""
    if not os.path.exists(os.path.join(WORK, "root.img")) or not os.path.exists(os.path.join(WORK, "jdk.img")):
        subprocess.run([RIG, "build"], check=True)
    subprocess.run([RIG, "up", "--links", str(links)] + (["--only", only] if only else []), check=True)


def down():
    subprocess.run([RIG, "down"], check=True)


def at_once(*actions):
    """Runs functions side by side; raises what the first of them raised."""
    failures = []

    def guarded(action):
        try:
            action()
        except BaseException as e:  # noqa: B902
            failures.append(e)

    threads = [threading.Thread(target=guarded, args=(a,)) for a in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
