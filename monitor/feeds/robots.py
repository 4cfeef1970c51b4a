"""Asks outlets for their robots.txt and says which pages may be asked for (RFC 9309); remembers it for a day.

Leaves alone what pages are asked for, and feeds: those are made for programs.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from monitor.net.request import HttpClient, Limits
from monitor.net.responses import refusal
from monitor.ports import Clock
from monitor.types import Failed, FailureKind

if TYPE_CHECKING:
    from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5: a crawler parses at least 500 KiB
ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309 §2.4
ROBOTS_RETRIED = timedelta(minutes=30)  # how soon an unreachable robots.txt is asked for again
MAX_ORIGINS = 2_000  # of which robots.txt is remembered

ROBOTS_LIMITS = Limits(MAX_ROBOTS_BYTES, timedelta(seconds=30), read_timeout=timedelta(seconds=15), is_cut=True)
_HEADERS = {"Accept": "text/plain,*/*;q=0.5"}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin's robots.txt says, until when (monotonic seconds)."""

    until: float
    rules: "Protego | None" = None  # None: everything is allowed, or nothing when `shut`
    shut: Failed | None = None  # why nothing is allowed for now


class RobotsTxt:
    """The rules of every origin that pages were wanted from."""

    def __init__(self, client: HttpClient, *, clock: Clock, limits: Limits = ROBOTS_LIMITS) -> None:
        self._client = client
        self._clock = clock
        self._limits = limits
        self._known: dict[str, _Rules] = {}

    async def refusal(self, url: str) -> Failed | None:
        """Why the page may not be asked for; None when it may. A private address stays a failure of its own kind."""
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        clock = asyncio.get_running_loop().time
        known = self._known.get(origin)
        if known is None or known.until <= clock():
            known = await self._ask(origin)
            if len(self._known) >= MAX_ORIGINS:
                self._known.pop(next(iter(self._known)))
            self._known[origin] = known
        if known.shut is not None:
            wait = timedelta(seconds=max(1.0, known.until - clock()))
            if known.shut.kind is FailureKind.PRIVATE_ADDRESS:
                return replace(known.shut, retry_after=wait)
            why = f"robots.txt of {parts.hostname} cannot be read now: {known.shut.why}"
            return Failed(FailureKind.ROBOTS, why, wait)
        if known.rules is not None and not known.rules.can_fetch(url, self._client.user_agent):
            return Failed(FailureKind.ROBOTS, f"robots.txt of {parts.hostname} forbids this page")
        return None

    async def _ask(self, origin: str) -> _Rules:
        """Where there is no robots.txt everything is allowed; where it cannot be read, nothing is, for now."""
        from protego import Protego

        clock = asyncio.get_running_loop().time
        answer = await self._client.get(f"{origin}/robots.txt", self._limits, _HEADERS)
        status = 0
        if isinstance(answer, Failed):
            failed = answer
        elif answer.status == 200:
            text = answer.body.decode("utf-8", errors="replace")
            rules = await asyncio.to_thread(Protego.parse, text)  # 500 KiB of rules take 0.5 s
            return _Rules(clock() + ROBOTS_KEPT.total_seconds(), rules)
        else:
            status = answer.status
            failed = refusal(status, answer.headers, self._clock())
        if _says_there_is_none(failed, status):
            return _Rules(clock() + ROBOTS_KEPT.total_seconds())
        return _Rules(clock() + ROBOTS_RETRIED.total_seconds(), shut=failed)


def _says_there_is_none(failed: Failed, status: int) -> bool:
    """RFC 9309 §2.3.1: any 4xx, and redirects that lead nowhere. Not 5xx and silence, nor (as for Google) a 429."""
    if failed.kind in {FailureKind.EMPTY, FailureKind.REDIRECT, FailureKind.MALFORMED}:
        return True
    return 400 <= status < 500 and failed.kind is not FailureKind.RATE_LIMITED
