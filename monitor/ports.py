"""The seams: what the use cases need of the outside world, as protocols.

Says nothing of how: the implementations are built in app/wiring.py and handed in. The store has none here: it has one
implementation, on two databases, and no fake.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.types import (
    Abstract,
    Article,
    Bookmark,
    Failed,
    Feed,
    FetchResult,
    Item,
    Match,
    Message,
    Outcome,
    Page,
)

Clock = Callable[[], datetime]
"""The present moment, aware. The service gets its own from app/wiring.py; single commands in cli/ read theirs."""


class Fetcher(Protocol):
    """Asks an outlet's server for a feed."""

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """One polite poll. Expected failures are values; only bugs raise."""
        ...


class ArticleReader(Protocol):
    """Fetches the page behind an item and reads its text."""

    async def read(self, url: str) -> Article | Failed:
        """One polite request; expected failures are values."""
        ...

    async def check(self, url: str) -> Page | Failed:
        """Whether the page still stands, without its text; GONE and NOT_FOUND say that it does not."""
        ...


class PageReader(Protocol):
    """Fetches any page and reads what it tells as an item, for whoever asks about an article that no feed brought."""

    async def read_item(self, url: str) -> Item | Failed:
        """One polite request; the item has the address that answered. Expected failures are values."""
        ...


class Summarizer(Protocol):
    """Has a language model sum up what articles say; nobody has checked yet what it writes."""

    @property
    def model(self) -> str:
        """Which one is asked: another one writes otherwise."""
        ...

    async def summarize(self, items: Sequence[Item]) -> Abstract | Failed:
        """One request; expected failures are values."""
        ...


class Nlp(Protocol):
    """What a tagger of Vietnamese knows; slow, so asked only about what is in doubt."""

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        """`matches` less those short, ambiguous ones that the tagger reads as something else."""
        ...


class Painter(Protocol):
    """Makes a picture that every telephone shows of one that is written as SVG."""

    async def paint(self, svg: str) -> bytes:
        """The PNG. Raises PictureError when there is none to be had."""
        ...


class Sender(Protocol):
    """Puts a message before a reader."""

    async def send(self, message: Message) -> Outcome:
        """Send or edit once. Raises SenderBroken when the bot itself is refused."""
        ...

    async def probe(self) -> str:
        """Why nothing can be sent at the moment, in one line; empty when it can. Raises SenderBroken likewise."""
        ...
