"""What happened, as values: the service tells its observers (log, metrics, narrator) and knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.errors import Problem
from monitor.pipeline.abstract import AbstractDone
from monitor.pipeline.deliver import Delivered
from monitor.pipeline.detect import Detected, Parked
from monitor.pipeline.poll import Polled
from monitor.pipeline.recheck import Rechecked
from monitor.types import Failed, Item, Match


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """The article behind an item was read: `found` are mentions only the full text brought; or why it was not."""

    item: Item
    found: tuple[Match, ...] | Failed


@dataclass(frozen=True, slots=True)
class Reloaded:
    """The files were read again; with problems, the last good ones stay in force."""

    version: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Swept:
    """Housekeeping deleted this many old items."""

    items: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A bug or a trouble of the database ended one look of a stage; it will look again.

    `again`: the last trouble of the service was the very same.
    """

    stage: str
    why: str
    again: bool = False


ServiceEvent = (
    JobFailed | Polled | Detected | Parked | Delivered | ArticleRead | Rechecked | Reloaded | AbstractDone | Swept
)
Observer = Callable[[ServiceEvent], None]
