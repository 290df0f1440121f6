"""Builds smc4j.jar and the peer, and puts them where the guests see them."""
import os
import shutil
import subprocess

from . import rig

TOP = os.path.dirname(rig.HOME)


def jdk():
    found = subprocess.run(
        ["sh", "-c", '. .mvn/find-jdk.sh && echo "$JAVA_HOME"'], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.strip()
    return found or os.environ["JAVA_HOME"]


def build():
    jar = os.path.join(TOP, "cli", "target", "smc4j.jar")
    # builds it if it is missing or older than a source
    subprocess.run([os.path.join(TOP, "smc4j"), "--version"], check=True, stdout=subprocess.DEVNULL)
    classes = os.path.join(rig.HOME, "target", "peer")
    shutil.rmtree(classes, ignore_errors=True)
    os.makedirs(classes)
    java_home = jdk()
    source = os.path.join(rig.HOME, "peer", "Peer.java")
    subprocess.run([f"{java_home}/bin/javac", "-cp", jar, "-d", classes, source], check=True)
    os.makedirs(rig.SHARE, exist_ok=True)
    subprocess.run(
        [f"{java_home}/bin/jar", "--create", "--file", os.path.join(rig.SHARE, "peer.jar"), "-C", classes, "."],
        check=True,
    )
    shutil.copy(jar, os.path.join(rig.SHARE, "smc4j.jar"))
