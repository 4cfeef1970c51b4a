"""Decides whether an item tells a story that has been told: online, with only the past known.

Lives in memory and is rebuilt from the store at start; writes nothing and fetches nothing. Strong evidence comes first
(the same article, the same words); then a small trained model weighs the likeness to the nearest items (likeness.py),
and a story is joined for its nearest member and for all its members together, so that one bridge does not glue two.
"""

import heapq
import itertools
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from operator import itemgetter
from typing import TypeVar

from monitor.stories.developments import State, development, state_of
from monitor.stories.fingerprint import Reading, fingerprint, is_digest, plain, read, term
from monitor.stories.likeness import MEASURES, Asked, Sketch, model, new_rarity
from monitor.types import Item, ItemId, Match, Placement, Role, StoryId

LONGEST_RUN = 6  # words of one reason
WINDOW = timedelta(hours=48)  # 90 % of a story's articles come within 47 h of its first (measured on labelled stories)
SAME_TEXT_WINDOW = timedelta(hours=96)  # syndicated copies of one title come within three days
DAILY = timedelta(hours=20)  # later than that the same words may be the next day's: prices, forecasts, columns
KEY_MEMORY = timedelta(days=30)  # how long an article's key is known after its item slid out
NEAREST = 6  # items that are compared in full
LEAST_SHARE = 0.06  # of an item's weight that another must have to be compared at all
MEMBERS = 8  # of one story that are compared in full, the latest
ASKED_TERMS = 30  # of an item's rarest words
LONGEST_POSTINGS = 150  # items of one word that are looked at, the latest first
OWN_SHARE = 1_500  # stories: a word that one story more in so many has may still be a story's own
MOST_TOLD = 80  # items: a word in more of them is not looked through, it is nobody's own
NEAREST_WEIGHT = 0.5  # of a story's nearest member; the rest is the mean of its members. By cross-validation
UNRELATED = -6.0  # log-odds that a member counts at least
JOIN = 1.5  # log-odds from which an item joins; above 0, for joining wrongly hides news. By cross-validation
EVENT_SHARED = 0.3  # log-odds, by judgement: the labelled sets carry no matches
LEADERS_DIFFER = -0.5

_Key = TypeVar("_Key")
_WORD = re.compile(r"\w+")
_DAILY = re.compile(
    r"\b(?:hôm nay|ngày mai|ngày \d|sáng \d|tối \d|tuần này|mới nhất|kỳ \d|số \d|\d{1,2}[/.-]\d{1,2})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item of the window beside a new one: how they measure against each other (likeness.MEASURES)."""

    item_id: ItemId
    story_id: StoryId
    measures: tuple[float, ...]
    long: bool  # both full texts are known
    score: float


@dataclass(slots=True)
class _Member:
    """What the window keeps of an item. Its sketch is drawn when it is first compared, not at a restart."""

    item_id: ItemId
    story_id: StoryId
    at: datetime
    outlet: str
    same_title: int
    same_lead: int
    daily: bool
    named: frozenset[str]
    events: frozenset[str]
    title_leaders: frozenset[str]
    title: str
    lead: str
    terms: "array[int]"  # the rare words, by which it is found
    sketch: Sketch | None = None
    state: State | None = None


class StoryWindow:
    """The stories of the last days. `decide` asks, `remember` adds, `forget` drops; deciding changes nothing."""

    def __init__(self) -> None:
        self._rarity = new_rarity()
        self._members: dict[int, _Member] = {}  # by serial, in the order in which they came
        self._next = 0
        self._postings: dict[int, int | list[int]] = {}  # serials by word; most words have one, and a list is dear
        self._by_text: defaultdict[int, list[int]] = defaultdict(list)
        self._by_story: defaultdict[StoryId, list[int]] = defaultdict(list)
        self._by_key: dict[str, tuple[StoryId, datetime]] = {}
        self._last: tuple[Item, Reading, Sketch] | None = None  # it is decided, then remembered

    def __len__(self) -> int:
        return len(self._members)

    def decide(self, item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        """Where `item` belongs, given what was remembered; `at` counts when the item names no time itself."""
        if item.key and item.key in self._by_key:
            return Placement(self._by_key[item.key][0], Role.REPEAT, "cùng một bài", 1.0)
        if is_digest(item.title):
            return Placement(None, Role.NEW, "bản điểm tin, không gộp")
        when = item.at or at
        same = self._same_text(self._reading(item), item, when)
        if same is not None:
            return self._placed(item, matches, when, same.story_id, "trùng lời với tin trước", 1.0)
        best, score, nearest = self._best_story(item, matches, when)
        if best is None or nearest is None:
            return Placement(None, Role.NEW, "chưa có tin nào giống")
        likeness = 1 / (1 + exp(-score))
        if score < JOIN:
            return Placement(None, Role.NEW, _why_not(nearest), likeness)
        return self._placed(item, matches, when, best, self._why(item, nearest), likeness)

    def remember(
        self, item: Item, story_id: StoryId, matches: Sequence[Match] = (), *, at: datetime | None = None
    ) -> None:
        """Add an item that was placed; call it when the placement has been committed.

        `at` counts when the item names no time itself; ValueError when there is none at all.
        """
        when = item.at or at
        if when is None:
            raise ValueError(f"item {item.id} has no time")
        if item.key:
            self._by_key[item.key] = (story_id, when)
        if is_digest(item.title):
            return
        reading = self._reading(item)
        known = self._last[2] if self._last is not None and self._last[0] is item else None
        terms = self._rarity.rare(reading.terms())
        serial = self._next
        self._next += 1
        self._members[serial] = _Member(
            item_id=item.id,
            story_id=story_id,
            at=when,
            outlet=item.outlet,
            same_title=reading.same_title,
            same_lead=reading.same_lead,
            daily=_DAILY.search(reading.title) is not None,
            named=frozenset(match.watch_id for match in matches),
            events=_events(matches),
            title_leaders=_title_leaders(matches),
            title=reading.title,
            lead=reading.lead,
            terms=array("I", terms),
            sketch=known or (self._sketch(reading) if reading.body_words else None),
        )
        postings = self._postings
        for one in terms:
            known_at = postings.get(one)
            if known_at is None:
                postings[one] = serial
            elif isinstance(known_at, int):
                postings[one] = [known_at, serial]
            else:
                known_at.append(serial)
        self._by_text[reading.same_title].append(serial)
        if reading.same_lead:
            self._by_text[reading.same_lead].append(serial)
        self._by_story[story_id].append(serial)

    def forget(self, before: datetime) -> None:
        """Drop the items of before `before`; their keys are known for KEY_MEMORY more."""
        for serial in [serial for serial, member in self._members.items() if member.at < before]:
            member = self._members.pop(serial)
            for one in member.terms:
                known_at = self._postings[one]
                if isinstance(known_at, int):
                    del self._postings[one]
                else:
                    known_at.remove(serial)
                    if len(known_at) == 1:
                        self._postings[one] = known_at[0]
            _drop(self._by_text, member.same_title, serial)
            if member.same_lead:
                _drop(self._by_text, member.same_lead, serial)
            _drop(self._by_story, member.story_id, serial)
        oldest = before - KEY_MEMORY
        for key in [key for key, (_, when) in self._by_key.items() if when < oldest]:
            del self._by_key[key]

    def neighbours(
        self, item: Item, *, at: datetime, nearest: int = NEAREST, least_share: float = LEAST_SHARE
    ) -> list[Neighbour]:
        """The nearest items and the recent members of their stories, measured, for `decide` and training."""
        own_in = 1 + len(self._by_story) // OWN_SHARE
        asked = Asked(
            self._sketch_of(item), self._rarity, lambda one: self._is_own(one, own_in), stories=len(self._by_story)
        )
        serials = dict.fromkeys(self._nearest(asked, nearest, least_share))
        for story_id in dict.fromkeys(self._members[serial].story_id for serial in serials):
            serials.update(dict.fromkeys(self._by_story[story_id][-MEMBERS:]))
        return list(self._measured(item, asked, item.at or at, serials))

    def _nearest(self, asked: Asked, nearest: int, least_share: float) -> list[int]:
        """The items that share most of the rarest words."""
        full = asked.body is not None  # full texts are few, and what they share may stand outside title and lead
        terms = heapq.nlargest(ASKED_TERMS * (1 + full), asked.short.items(), key=itemgetter(1))
        found: defaultdict[int, float] = defaultdict(float)
        for one, weight in terms:
            share = weight * weight
            for serial in self._with(one)[-LONGEST_POSTINGS:]:
                found[serial] += share
        # of equals the later; most items have nobody near, and then nothing is compared in full
        best = heapq.nlargest(nearest * (1 + full), zip(found.values(), found.keys(), strict=True))
        return [serial for share, serial in best if full or share >= least_share]

    def _measured(self, item: Item, asked: Asked, when: datetime, serials: dict[int, None]) -> Iterator[Neighbour]:
        weigh = model().score
        daily = _DAILY.search(item.title) is not None
        for serial in serials:
            member = self._members[serial]
            apart = abs(member.at - when)
            if apart > WINDOW:
                continue
            theirs = self._drawn(member)
            if daily and member.daily and apart > DAILY and theirs.opening == asked.sketch.opening:
                continue  # a column of another day: prices, forecasts
            measures = asked.measure(
                theirs,
                hours=apart.total_seconds() / 3600 if item.at is not None else None,
                same_outlet=member.outlet == item.outlet and bool(item.outlet),
            )
            long = asked.body is not None and theirs.body is not None
            yield Neighbour(member.item_id, member.story_id, measures, long, weigh(measures, long=long))

    def _best_story(
        self, item: Item, matches: Sequence[Match], when: datetime
    ) -> tuple[StoryId | None, float, Neighbour | None]:
        """The likeliest story, its log-odds, and its nearest member."""
        stories: dict[StoryId, list[Neighbour]] = {}
        for neighbour in self.neighbours(item, at=when):
            stories.setdefault(neighbour.story_id, []).append(neighbour)
        best: StoryId | None = None
        best_score, best_nearest = float("-inf"), None
        for story_id, members in stories.items():
            nearest = max(members, key=lambda one: one.score)
            mean = sum(max(UNRELATED, one.score) for one in members) / len(members)
            score = NEAREST_WEIGHT * nearest.score + (1 - NEAREST_WEIGHT) * mean + self._watched(story_id, matches)
            if score > best_score:
                best, best_score, best_nearest = story_id, score, nearest
        return best, best_score, best_nearest

    def _watched(self, story_id: StoryId, matches: Sequence[Match]) -> float:
        """What the matches say for or against: an event in common, other leaders in the titles."""
        events, leaders = _events(matches), _title_leaders(matches)
        if not events and not leaders:
            return 0.0
        members = [self._members[serial] for serial in self._by_story[story_id][-MEMBERS:]]
        theirs = frozenset[str]().union(*(member.title_leaders for member in members))
        shared = any(events & member.events for member in members)
        return EVENT_SHARED * shared + (LEADERS_DIFFER if leaders and theirs and not leaders & theirs else 0.0)

    def _with(self, one: int) -> Sequence[int]:
        """The serials of the items that have the word, in the order in which they came."""
        known_at = self._postings.get(one, ())
        return (known_at,) if isinstance(known_at, int) else known_at

    def _is_own(self, one: int, stories: int) -> bool:
        """Whether `stories` stories at most tell the word; the name of a congress that many stories share is nobody's.

        A word counts once a story, or a much told story would drown its own names.
        """
        serials = self._with(one)
        if len(serials) > MOST_TOLD:
            return False
        told: set[StoryId] = set()
        for serial in serials:
            told.add(self._members[serial].story_id)
            if len(told) > stories:
                return False
        return True

    def _same_text(self, reading: Reading, item: Item, when: datetime) -> _Member | None:
        """The latest item with the very title or lead, unless the words are those of a daily column of another day."""
        daily = _DAILY.search(item.title) is not None
        for text in (reading.same_title, reading.same_lead):
            for serial in reversed(self._by_text.get(text, ()) if text else ()):
                member = self._members[serial]
                if text == reading.same_lead and member.outlet == item.outlet:
                    continue  # an agency text goes to other outlets; within one it is a standing phrase
                if abs(member.at - when) <= (DAILY if daily or member.daily else SAME_TEXT_WINDOW):
                    return member
        return None

    def _placed(
        self, item: Item, matches: Sequence[Match], when: datetime, story_id: StoryId, why: str, likeness: float
    ) -> Placement:
        title = item.title.casefold()
        told = [self._state(self._members[serial]) for serial in self._by_story.get(story_id, ())]
        named = frozenset(match.watch_id for match in matches)
        new = development(title, state_of(title, item.lead.casefold(), named, when), matches, told)
        return Placement(story_id, Role.UPDATE if new else Role.REPEAT, new or why, likeness)

    def _reading(self, item: Item) -> Reading:
        return self._last[1] if self._last is not None and self._last[0] is item else read(item)

    def _sketch_of(self, item: Item) -> Sketch:
        if self._last is None or self._last[0] is not item:
            reading = read(item)
            self._last = (item, reading, self._sketch(reading))
        return self._last[2]

    def _sketch(self, reading: Reading) -> Sketch:
        return self._rarity.sketch(fingerprint(reading))

    def _drawn(self, member: _Member) -> Sketch:
        if member.sketch is None:
            member.sketch = self._sketch(read(Item(member.item_id, member.outlet, member.title, member.lead)))
        return member.sketch

    def _state(self, member: _Member) -> State:
        if member.state is None:
            member.state = state_of(member.title.casefold(), member.lead.casefold(), member.named, member.at)
        return member.state

    def _why(self, item: Item, nearest: Neighbour) -> str:
        """The rarest words that both have, as the item writes them."""
        serials = self._by_story[nearest.story_id]
        shared: set[int] = set()
        for serial in serials:
            if self._members[serial].item_id == nearest.item_id:
                shared.update(self._members[serial].terms)
        told: dict[str, float] = {}  # runs of words that both have, which read better than pairs
        run: list[str] = []
        weight = 0.0
        for before, after in itertools.pairwise([*_WORD.findall(f"{plain(item.title)} {plain(item.lead)}"), ""]):
            one = term(f"{before.casefold()} {after.casefold()}")
            if after and one in shared and len(run) < LONGEST_RUN:
                run = run or [before]
                run.append(after)
                weight += self._rarity.of(one) + (before[0].isupper() and after[0].isupper())
            elif run:
                told[" ".join(run)] = weight
                run, weight = [], 0.0
        words: list[str] = []
        for phrase in sorted(told, key=lambda phrase: -told[phrase]):
            if not any(set(phrase.casefold().split()) & set(known.casefold().split()) for known in words):
                words.append(phrase)
            if len(words) == 3:
                break
        return f"cùng nói về: {', '.join(words)}" if words else "cùng nội dung"


def _why_not(nearest: Neighbour) -> str:
    """What kept an item apart from the nearest one."""
    measured = dict(zip(MEASURES, nearest.measures, strict=True))
    for measure, words in (
        ("decrees differ", "văn bản khác số"),
        ("laws differ", "luật khác"),
        ("topics differ", "văn bản khác nội dung"),
        ("scores differ", "trận đấu khác"),
        ("places differ", "nơi khác"),
        ("dates differ", "ngày khác"),
    ):
        if measured[measure] and nearest.score > UNRELATED / 2:
            return f"giống một tin trước nhưng {words}"
    return "chưa có tin nào đủ giống"


def _events(matches: Sequence[Match]) -> frozenset[str]:
    return frozenset(match.watch_id for match in matches if match.kind == "event")


def _title_leaders(matches: Sequence[Match]) -> frozenset[str]:
    return frozenset(
        match.watch_id
        for match in matches
        if match.kind == "leader" and any(evidence.field == "title" for evidence in match.evidence)
    )


def _drop(table: dict[_Key, list[int]], key: _Key, serial: int) -> None:
    serials = table[key]
    serials.remove(serial)  # it is near the front: the oldest go first
    if not serials:
        del table[key]
