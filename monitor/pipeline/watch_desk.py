"""What is asked of whoever changes watches in their files: nouns and a protocol. app/edit_desk.py does it.

Reasons are codes with values; the words are bot/edit_words.py's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from monitor.errors import Problem
from monitor.pipeline.config_changes import FilesRead
from monitor.types import Item, ItemId, WatchId


class EditCode(StrEnum):
    """Why a watch is not shown, changed or written."""

    NO_WATCH = "no_watch"
    FILES_WRONG = "files_wrong"  # with problems: what stands there is wrong, whatever is sent
    TEXT_WRONG = "text_wrong"  # with problems, that point into what was sent
    OTHER_ID = "other_id"
    MORE_THAN_ONE = "more_than_one"
    SAME = "same"
    CHANGED_MEANWHILE = "changed_meanwhile"
    READ_ONLY = "read_only"
    NOTHING_LEARNT = "nothing_learnt"  # no change is surely meant by the complaints
    NO_ARTICLE = "no_article"  # what was complained of is not stored any more
    BY_HAND = "by_hand"  # the file is written in a way that no machine changes surely; why: in English


@dataclass(frozen=True, slots=True)
class EditRefused:
    """It was not done. `why` is what the machine says of it, where it says something; `file` where it is."""

    code: EditCode
    problems: tuple[Problem, ...] = ()
    file: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShownWatch:
    """A watch as its file writes it."""

    watch_id: WatchId
    name: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class WatchProposal:
    """A watch as it would be written, and what that would have changed among the `items` of the last days.

    `told_before` and `told_after` count the items that the watch finds; `gained` and `lost` are the newest of those
    that only one of the two finds, `gained_count` and `lost_count` how many they are.
    """

    watch_id: WatchId
    name: str
    file: str
    before: str
    after: str
    items: int = 0
    told_before: int = 0
    told_after: int = 0
    gained_count: int = 0
    lost_count: int = 0
    gained: tuple[Item, ...] = ()
    lost: tuple[Item, ...] = ()


class WatchDesk(Protocol):
    """Shows, tries and writes watches."""

    async def show(self, watch_id: WatchId) -> ShownWatch | EditRefused:
        """The watch as it stands in its file now."""
        ...

    async def propose(self, watch_id: WatchId, text: str) -> WatchProposal | EditRefused:
        """What another text would change. Writes nothing."""
        ...

    async def write(self, watch_id: WatchId, before: str, after: str) -> FilesRead | EditRefused:
        """Put `after` in the place of `before` and take the files up; done twice it does the same."""
        ...

    async def learn(self, watch_id: WatchId, wrong: Collection[ItemId]) -> WatchProposal | EditRefused:
        """What to change so that these items are not told, and as little else as can be. Writes nothing."""
        ...
