"""A fault of this program while it works on one piece: that piece fails, in words for admins, and nothing else stops.

Knows no piece; what becomes of a failed one is its use case's.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from monitor.errors import MonitorError
from monitor.types import Failed, FailureKind

Result = TypeVar("Result")

_log = structlog.stdlib.get_logger("monitor.service")


def why_of(bug: Exception) -> str:
    """A fault in one line."""
    return " ".join(f"{type(bug).__name__}: {bug}".split())


async def or_failed(work: Callable[[], Awaitable[Result]], what: str) -> Result | Failed:
    """The result of `work`; a bug in it is logged with its traceback and counts as a failure of this one piece.

    What the program raises on purpose is passed on: the database's trouble is not this piece's.
    """
    try:
        return await work()
    except MonitorError:
        raise
    except Exception as bug:
        _log.exception("bug", at=what)
        return Failed(FailureKind.INTERNAL, why_of(bug))
