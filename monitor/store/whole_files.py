"""A file that comes into being as a whole: written under another name, private, and named when it is done.

Knows no database.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import StoreError

PRIVATE = 0o600  # who follows what is nobody else's business
ALREADY = "{target} is there already: choose another name, or --force to replace it"


def partial_name(target: Path) -> Path:
    """Under which name `target` is written."""
    return target.with_name(f".{target.name}.partial")


@contextlib.contextmanager
def own_file(path: Path) -> Iterator[None]:
    """A new file that nobody else may read; away again unless it was given another name.

    What a killed process has left is written over; a process that is alive keeps its own.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be written to: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"another process is writing {path}: wait for it") from None
        os.fchmod(descriptor, PRIVATE)
        os.ftruncate(descriptor, 0)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def give_name(partial: Path, target: Path, *, force: bool) -> None:
    """Let what is whole be `target`. Raises StoreError when that is there already, unless `force`."""
    if force:
        partial.replace(target)
    else:
        try:
            os.link(partial, target)  # unlike a rename it replaces nothing
        except FileExistsError:
            raise StoreError(ALREADY.format(target=target)) from None
        except OSError:  # a file system without hard links
            partial.rename(target)
        else:
            partial.unlink()
    to_disk(target.parent)


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
