"""The items of the last days, findable by word, by text, by story and by article key. Compares nothing."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from monitor.stories.grouping.known_keys import KnownKeys, hour_of
from monitor.stories.grouping.members import Member
from monitor.stories.grouping.serials import SerialTable
from monitor.types import Item, StoryId

KEY_MEMORY = timedelta(days=30)  # how long an article's key is known after its item slid out
MOST_TOLD = 80  # items: a word in more of them is not looked through, it is nobody's own
FORGOTTEN_AT_ONCE = 50  # items that a running service drops at once; 100 took 8 to 12 ms


class WindowIndex:
    """Members by serial, in the order in which they came."""

    def __init__(self) -> None:
        self.members: dict[int, Member] = {}
        self.version = 0  # another one whenever anything was added, moved or dropped
        self._next = 0
        self._by_word = SerialTable[int]()
        self._by_text = SerialTable[int]()
        self._by_story = SerialTable[StoryId]()
        self._stories = array("I")  # the number of each item's story, by serial: counting stories is quick in one place
        self._first = 0  # the serial of the first of them
        self._next_story = 0
        self._by_hour: dict[int, array[int]] = {}  # to find what is old without looking through everything
        self._keys = KnownKeys()
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
        return self._keys.story_of(key)

    def add_key(self, key: str, story_id: StoryId, when: datetime) -> None:
        """Remember under which story an article is known."""
        if key:
            self._did(self._keys.add(key, story_id, when))

    def move_keys(self, items: Iterable[Item], story_id: StoryId) -> None:
        """Let known articles be those of another story."""
        for item in items:
            if item.key:
                self._did(self._keys.move(item.key, story_id))

    def add(self, member: Member) -> None:
        """Take in an item."""
        serial = self._next
        self._next += 1
        self.members[serial] = member
        self._by_word.add(member.features.terms, serial)
        self._by_text.add(member.texts, serial)
        self._stories.append(self._number_of(member.story_id))
        self._by_story.add((member.story_id,), serial)
        self._by_hour.setdefault(hour_of(member.at), array("I")).append(serial)
        self._did(partial(self._take_back, serial))

    def _take_back(self, serial: int) -> None:
        self._by_hour[hour_of(self.members[serial].at)].pop()
        self._drop(serial)
        self._stories.pop()
        self._next = serial

    def _number_of(self, story_id: StoryId) -> int:
        """The number of a story, a new one if the window does not know it."""
        known = self._by_story.of(story_id)
        if known:
            return self._stories[known[0] - self._first]
        self._next_story += 1
        return self._next_story

    def _did(self, undo: Callable[[], None]) -> None:
        self.version += 1
        if self._trials:
            self._undo.append(undo)

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
            self.version += 1
            raise
        finally:
            self._trials -= 1
            if not self._trials:
                self._undo.clear()

    def forget(self, before: datetime, *, most: int | None = None) -> bool:
        """Drop the items of before `before`, `most` of them at most; their keys are known for KEY_MEMORY more.

        Whether there may be more to drop: the next call goes on. Costs what it drops, however much is kept. Nothing
        of a trial forgets.
        """
        if self._trials:
            raise RuntimeError("what was forgotten cannot be taken back: forget before the trial or behind it")
        left, last = len(self) if most is None else most, hour_of(before)
        for hour in sorted(hour for hour in self._by_hour if hour <= last):
            serials = self._by_hour[hour]
            old = [serial for serial in serials if self.members[serial].at < before][:left]
            for serial in old:
                self._drop(serial)
            left -= len(old)
            kept = array("I", sorted(set(serials).difference(old)))
            if kept:
                self._by_hour[hour] = kept
            else:
                del self._by_hour[hour]
            if not left:
                break
        self._forget_stories()
        keys_left = self._keys.forget(before - KEY_MEMORY, most=most)
        return keys_left or (most is not None and not left)

    def _forget_stories(self) -> None:
        self.version += 1
        gone = next(iter(self.members), self._next) - self._first
        del self._stories[:gone]
        self._first += gone

    def _drop(self, serial: int) -> None:
        member = self.members.pop(serial)
        self._by_word.drop(member.features.terms, serial)
        self._by_text.drop(member.texts, serial)
        self._by_story.drop((member.story_id,), serial)

    def with_word(self, one: int) -> Sequence[int]:
        """The serials of the items that have the word, in the order in which they came."""
        return self._by_word.of(one)

    def with_text(self, text: int) -> Sequence[int]:
        """The serials of the items with this very title or lead."""
        return self._by_text.of(text) if text else ()

    def of_story(self, story_id: StoryId, most: int | None = None) -> Sequence[int]:
        """The serials of a story's items; the latest `most`."""
        serials = self._by_story.of(story_id)
        return serials if most is None else serials[-most:]

    def members_of(self, story_id: StoryId, most: int | None = None) -> list[Member]:
        """A story's items; the latest `most`."""
        return [self.members[serial] for serial in self.of_story(story_id, most)]

    def move(self, serials: Iterable[int], story_id: StoryId) -> None:
        """Let items be those of another story."""
        for serial in list(serials):
            member = self.members[serial]
            self._did(partial(self.move, (serial,), member.story_id))
            self._by_story.drop((member.story_id,), serial)
            member.story_id = story_id
            self._stories[serial - self._first] = self._number_of(story_id)
            self._by_story.add((story_id,), serial)

    def is_own(self, one: int, stories: int, as_one: frozenset[StoryId] = frozenset()) -> bool:
        """Whether `stories` stories at most tell the word; the name of a congress that many stories share is nobody's.

        A word counts once a story, or a much told story would drown its own names. `as_one` count as one story.
        """
        serials = self._by_word.of(one)
        if len(serials) > MOST_TOLD:
            return False
        if len(serials) <= stories:
            return True
        numbers, first = self._stories, self._first
        few = {numbers[serial - first] for serial in serials[: stories + 2]}
        if len(few) > stories + 1:
            return False  # most words that many tell are found out by a few
        told = {numbers[serial - first] for serial in serials}
        return len(told) - (len(told & self._numbers_of(as_one)) > 1) <= stories

    def _numbers_of(self, stories: Iterable[StoryId]) -> set[int]:
        """The numbers of those stories that the window knows."""
        return {self._stories[serials[0] - self._first] for each in stories if (serials := self._by_story.of(each))}
