"""The items of the last days, findable by word, by text, by story and by article key. Compares nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from monitor.stories.grouping.members import Member
from monitor.types import Item, StoryId

KEY_MEMORY = timedelta(days=30)  # how long an article's key is known after its item slid out
MOST_TOLD = 80  # items: a word in more of them is not looked through, it is nobody's own

_Key = TypeVar("_Key")


class WindowIndex:
    """Members by serial, in the order in which they came."""

    def __init__(self) -> None:
        self.members: dict[int, Member] = {}
        self._next = 0
        self._postings: dict[int, int | list[int]] = {}  # serials by word; most words have one, and a list is dear
        self._by_text: defaultdict[int, list[int]] = defaultdict(list)
        self._by_story: defaultdict[StoryId, list[int]] = defaultdict(list)
        self._by_key: dict[str, tuple[StoryId, datetime]] = {}
        self._trials = 0  # that are under way, one inside another
        self._undo: list[Callable[[], None]] = []  # what takes back each step of theirs

    def __len__(self) -> int:
        return len(self.members)

    @property
    def stories(self) -> int:
        """How many stories there are."""
        return len(self._by_story)

    def story_of_key(self, key: str) -> StoryId | None:
        """The story of the article with this key; also of one that slid out not long ago."""
        known = self._by_key.get(key) if key else None
        return known[0] if known else None

    def add_key(self, key: str, story_id: StoryId, when: datetime) -> None:
        """Remember under which story an article is known."""
        if key:
            self._set_key(key, (story_id, when))

    def move_keys(self, items: Iterable[Item], story_id: StoryId) -> None:
        """Let known articles be those of another story."""
        for item in items:
            if item.key in self._by_key:
                self._set_key(item.key, (story_id, self._by_key[item.key][1]))

    def _set_key(self, key: str, known: tuple[StoryId, datetime] | None) -> None:
        if self._trials:
            self._undo.append(partial(self._set_key, key, self._by_key.get(key)))
        if known is None:
            del self._by_key[key]
        else:
            self._by_key[key] = known

    def add(self, member: Member) -> None:
        """Take in an item."""
        serial = self._next
        self._next += 1
        self.members[serial] = member
        postings = self._postings
        for one in member.words.terms:
            known_at = postings.setdefault(one, serial)
            if known_at is not serial:
                if isinstance(known_at, list):
                    known_at.append(serial)
                else:
                    postings[one] = [known_at, serial]
        self._by_text[member.words.same_title].append(serial)
        if member.words.same_lead:
            self._by_text[member.words.same_lead].append(serial)
        self._by_story[member.story_id].append(serial)
        if self._trials:
            self._undo.append(partial(self._drop, serial))

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back all that is added and moved inside, when it ends in an exception."""
        mark = len(self._undo)
        self._trials += 1
        try:
            yield
        except BaseException:
            steps = self._undo[mark:]
            while steps:
                steps.pop()()
            del self._undo[mark:]
            raise
        finally:
            self._trials -= 1
            if not self._trials:
                self._undo.clear()

    def forget(self, before: datetime) -> None:
        """Drop the items of before `before`; their keys are known for KEY_MEMORY more. Nothing of a trial forgets."""
        if self._trials:
            raise RuntimeError("what was forgotten cannot be taken back: forget before the trial or behind it")
        for serial in [serial for serial, member in self.members.items() if member.at < before]:
            self._drop(serial)
        oldest = before - KEY_MEMORY
        for key in [key for key, (_, when) in self._by_key.items() if when < oldest]:
            del self._by_key[key]

    def _drop(self, serial: int) -> None:
        member = self.members.pop(serial)
        for one in member.words.terms:
            known_at = self._postings[one]
            if isinstance(known_at, int):
                del self._postings[one]
            else:
                known_at.remove(serial)
                if len(known_at) == 1:
                    self._postings[one] = known_at[0]
        _remove(self._by_text, member.words.same_title, serial)
        if member.words.same_lead:
            _remove(self._by_text, member.words.same_lead, serial)
        _remove(self._by_story, member.story_id, serial)

    def with_word(self, one: int) -> Sequence[int]:
        """The serials of the items that have the word, in the order in which they came."""
        known_at = self._postings.get(one, ())
        return (known_at,) if isinstance(known_at, int) else known_at

    def with_text(self, text: int) -> Sequence[int]:
        """The serials of the items with this very title or lead."""
        return self._by_text.get(text, ()) if text else ()

    def of_story(self, story_id: StoryId, most: int | None = None) -> Sequence[int]:
        """The serials of a story's items; the latest `most`."""
        serials = self._by_story.get(story_id, ())
        return serials if most is None else serials[-most:]

    def members_of(self, story_id: StoryId, most: int | None = None) -> list[Member]:
        """A story's items; the latest `most`."""
        return [self.members[serial] for serial in self.of_story(story_id, most)]

    def move(self, serials: Iterable[int], story_id: StoryId) -> None:
        """Let items be those of another story."""
        for serial in list(serials):
            member = self.members[serial]
            if self._trials:
                self._undo.append(partial(self.move, (serial,), member.story_id))
            _remove(self._by_story, member.story_id, serial)
            member.story_id = story_id
            self._by_story[story_id].append(serial)
        if story_id in self._by_story:
            self._by_story[story_id].sort()  # serials are in the order in which items came

    def is_own(self, one: int, stories: int, as_one: frozenset[StoryId] = frozenset()) -> bool:
        """Whether `stories` stories at most tell the word; the name of a congress that many stories share is nobody's.

        A word counts once a story, or a much told story would drown its own names. `as_one` count as one story.
        """
        serials = self.with_word(one)
        if len(serials) > MOST_TOLD:
            return False
        told: set[StoryId] = set()
        for serial in serials:
            told.add(self.members[serial].story_id)
            if len(told) > stories and len(told) - (len(told & as_one) > 1) > stories:
                return False
        return True


def _remove(table: dict[_Key, list[int]], key: _Key, serial: int) -> None:
    serials = table[key]
    serials.remove(serial)  # it is near the front: the oldest go first
    if not serials:
        del table[key]
