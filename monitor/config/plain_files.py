"""Bytes of a file that an editor may have put anywhere: only from a plain file, in bounds, and whole.

Knows nothing of what is in them. A folder of settings may hold a pipe, a socket, a device or a link in circles; nothing
here waits for one.
"""

import os
import re
import stat
from pathlib import Path

READINGS = 5  # of a file that changes under our eyes, before it is called restless; a reading takes milliseconds

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class UnreadableFile(Exception):
    """Why a file is not read, in words for its editor. `is_gone`: nothing has this name (any more)."""

    def __init__(self, why: str, *, is_gone: bool = False, is_odd: bool = False) -> None:
        super().__init__(why)
        self.is_gone = is_gone
        self.is_odd = is_odd  # something else than a file stands there


def shown_name(path: Path) -> str:
    """A file's name for messages: one line of text, whatever bytes it is made of."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def read_plain_file(path: Path, *, most: int) -> bytes:
    """What a plain file holds, links followed. Raises UnreadableFile, also for one of more than `most` bytes.

    Never waits for anybody: what is no file is not opened, and should it become a pipe in between, opening it does not
    block. A file that is written meanwhile is read again, so that no half of it passes for the whole.
    """
    try:
        _refuse_what_is_no_file(os.stat(path))
        for _ in range(READINGS):
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
            with open(descriptor, "rb") as file:
                before = os.fstat(descriptor)
                _refuse_what_is_no_file(before)
                if before.st_size > most:
                    raise UnreadableFile(f"is larger than {_size(most)}: split it into several files")
                raw = file.read(most + 1)
                after = os.fstat(descriptor)
            if _look(before) == _look(after) and len(raw) == after.st_size:
                return raw
    except OSError as error:
        is_gone = isinstance(error, FileNotFoundError) and not os.path.lexists(path)
        raise UnreadableFile(f"cannot be read: {(error.strerror or str(error)).lower()}", is_gone=is_gone) from None
    except ValueError as error:  # a name with a NUL byte
        raise UnreadableFile(f"cannot be read: {error}") from None
    raise UnreadableFile("is being written again and again: save it once more when it is whole")


def _refuse_what_is_no_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for test, words in _KINDS if test(found.st_mode)), "no plain file")
        raise UnreadableFile(f"is {kind}: only plain files are read; move it away", is_odd=True)


def _look(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _size(count: int) -> str:
    return f"{count // 2**20} MiB" if count >= 2**20 else f"{count // 2**10} KiB"
