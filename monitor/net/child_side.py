"""The inner end of a child process: frames of known length on its pipes, and that it ends with the service.

Knows not what the process does; its outer end is child_process.py.
"""

import ctypes
import signal
import struct
import sys
from typing import BinaryIO

LENGTH = struct.Struct(">I")

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def framed(payload: bytes) -> bytes:
    """`payload` behind its length."""
    return LENGTH.pack(len(payload)) + payload


def next_frame(given: BinaryIO, *, most: int) -> bytes | None:
    """The next frame; None at the end of the input, and for one of more than `most` bytes."""
    prefix = given.read(LENGTH.size)
    if len(prefix) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(prefix)
    if size > most:
        return None
    payload = given.read(size)
    return payload if len(payload) == size else None


def die_with_parent() -> None:
    """Have the system end this process when the service is killed, also in the middle of its work (Linux).

    Elsewhere it ends at the end of its input, behind what it works on.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
