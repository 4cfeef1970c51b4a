"""What /status shows, as a noun.

Says nothing of where the figures come from (app.py gathers them) nor how they look (bot/admin.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.ports import ParkedItem, UncertainAlert
from monitor.types import AlertState, FailureKind, FeedId


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed: since when, and why in one line."""

    id: FeedId
    outlet: str
    kind: FailureKind | None
    why: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How the service is, at one moment. `items_waiting` are items that no watchlist has seen yet."""

    at: datetime
    feeds_well: int = 0
    failing: tuple[FailingFeed, ...] = ()
    items_waiting: int = 0
    outbox: Mapping[AlertState, int] = field(default_factory=dict)
    parked: tuple[ParkedItem, ...] = ()
    uncertain: tuple[UncertainAlert, ...] = ()
    last_errors: tuple[str, ...] = ()  # newest first, each one line
    feedback: int = 0
    reworded: int = 0  # articles whose outlet changed title or lead within a day
    gone: int = 0  # told articles whose page went within a day
    subscribers: int = 0
    watches: int = 0
    watchlist_version: str = ""
    started_at: datetime | None = None
