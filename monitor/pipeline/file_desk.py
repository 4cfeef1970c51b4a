"""What is asked of whoever edits files of watchlists as a whole: nouns and a protocol. app/whole_file_desk.py does it.

Reasons are codes with values; the words are file_words.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.errors import Problem
from monitor.matching.learn.edits import FieldChange
from monitor.matching.two_watchlists import WatchChange
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.own_jobs import Kind
from monitor.types import ItemId, WatchId

Marks = Mapping[WatchId, Mapping[ItemId, bool]]
"""Of each watch which items somebody marked as right or wrong for it."""


class FileCode(StrEnum):
    """Why a file is not shown, tried or written."""

    NO_FILE = "no_file"
    UNREADABLE = "unreadable"  # with problems
    TEXT_WRONG = "text_wrong"  # with problems, that point into the text or to other files
    SAME = "same"
    CHANGED_MEANWHILE = "changed_meanwhile"
    READ_ONLY = "read_only"
    BY_HAND = "by_hand"  # it is written in a way that no machine changes surely; why: in English
    SUPERSEDED = "superseded"  # the same editor has asked of a newer text meanwhile
    BUSY = "busy"  # too many ask at once
    FAILED = "failed"  # it took too long, or its process died
    NOTHING_LEARNT = "nothing_learnt"
    NO_ARTICLE = "no_article"  # what was marked is not stored any more, or its watch is not there
    NO_WORDS = "no_words"  # nothing to draft from, or too much


@dataclass(frozen=True, slots=True)
class FileRefused:
    """It was not done. `why` is what the machine says of it, where it says something.

    With CHANGED_MEANWHILE `now` is what the file holds.
    """

    code: FileCode
    file: str = ""
    problems: tuple[Problem, ...] = ()
    why: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the folder, with what is wrong with it now."""

    name: str
    watches: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownFile:
    """What a file holds, and by which hash an editor knows it again."""

    name: str
    text: str
    content_hash: str
    is_writable: bool


@dataclass(frozen=True, slots=True)
class CheckedText:
    """What is wrong with a text, and what is odd in it. Problems of the text have no file, others that of their own.

    `content_hash` is of what the file holds at this moment, "" when it is gone: another than the editor began with
    means that somebody else has changed it.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    content_hash: str
    is_writable: bool = True


@dataclass(frozen=True, slots=True)
class TriedItem:
    """A stored item with the places of the words by which a watch finds it.

    `title` and `lead` are pieces of text, each with whether it is such a word; `body` likewise, where the words stand
    in the full text alone.
    """

    id: ItemId
    title: tuple[tuple[str, bool], ...]
    lead: tuple[tuple[str, bool], ...]
    body: tuple[tuple[str, bool], ...]
    outlet: str
    url: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class WatchTrial:
    """A watch that came, went, changed or finds otherwise: how many items before and after; the newest of each side."""

    watch_id: WatchId
    name: str
    change: WatchChange
    before: int
    after: int
    gained_count: int
    lost_count: int
    gained: tuple[TriedItem, ...] = ()
    lost: tuple[TriedItem, ...] = ()
    kept: tuple[TriedItem, ...] = ()

    @property
    def kept_count(self) -> int:
        """How many it finds before and after."""
        return self.after - self.gained_count


@dataclass(frozen=True, slots=True)
class FileTrial:
    """What a text would have brought of the newest `items`, the oldest of which is of `since`."""

    items: int
    since: datetime | None
    watches: tuple[WatchTrial, ...]


@dataclass(frozen=True, slots=True)
class FileSaved:
    """It is written; what came of reading the files again. `number`: of its row in the log, once that is noted."""

    before: str
    after: str
    content_hash: str
    read: FilesRead
    number: int = 0


@dataclass(frozen=True, slots=True)
class WatchLesson:
    """What the marks of one watch changed in it, and of how many marks it judges as marked, before and after."""

    watch_id: WatchId
    changes: tuple[FieldChange, ...]
    before: int
    after: int
    marks: int


@dataclass(frozen=True, slots=True)
class LearntFile:
    """A text as it was learnt from marks. Nothing is written."""

    text: str
    lessons: tuple[WatchLesson, ...]


@dataclass(frozen=True, slots=True)
class DraftedFile:
    """A text with a drafted watch in it, from `line` on. `found`: the news knew what was asked for."""

    text: str
    line: int
    watch_id: WatchId
    found: bool


class FileDesk(Protocol):
    """Shows, checks, tries and writes files of watchlists. `editor` is whoever types: their newest question counts."""

    async def files(self) -> tuple[ListedFile, ...]:
        """All of the folder; a problem that is of none stands under the name ""."""
        ...

    async def show(self, name: str) -> ShownFile | FileRefused:
        """What a file holds now."""
        ...

    async def check(self, name: str, text: str, *, editor: str = "") -> CheckedText | FileRefused:
        """What is wrong with a text, taken together with all other files as they stand."""
        ...

    async def try_text(self, name: str, text: str, *, editor: str = "") -> FileTrial | FileRefused:
        """What a text would have brought of the last days."""
        ...

    async def learn(self, name: str, text: str, marks: Marks) -> LearntFile | FileRefused:
        """The text changed so that its watches agree with the marks, and as little else as can be."""
        ...

    async def draft(self, name: str, text: str, words: str, kind: Kind | None) -> DraftedFile | FileRefused:
        """The text with one more watch, drafted from a name or from words of an event."""
        ...

    async def save(self, name: str, content_hash: str, text: str) -> FileSaved | FileRefused:
        """Put a right text in the place of the one of that hash, and have the files taken up."""
        ...
