"""The native library of the device disni, which is no part of smc4j: whoever has built or installed one names it in SMC_RIG_LIBDISNI."""
import os
import shutil

from . import rig

VARIABLE = "SMC_RIG_LIBDISNI"
WHY_NOT = f"it takes DiSNI's native library, which is no part of smc4j: set {VARIABLE} to a libdisni.so built on Debian 12"


def is_here():
    """Whether somebody has named one; ends the program if it is no file."""
    named = os.environ.get(VARIABLE)
    if named and not os.path.isfile(named):
        raise SystemExit(f"{VARIABLE} is {named}, which is no file: name a libdisni.so built on Debian 12, or unset it")
    return bool(named)


def share():
    """Puts the library where the guests look for it, /share/disni."""
    folder = os.path.join(rig.SHARE, "disni")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    shutil.copy(os.path.realpath(os.environ[VARIABLE]), os.path.join(folder, "libdisni.so"))
