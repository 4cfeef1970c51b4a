"""Decides whether an item tells a story that has been told: online, with only the past known.

Lives in memory and is rebuilt from the store at start; writes nothing and fetches nothing. Strong evidence comes first
(the same article, the same words); then a small trained model weighs the likeness to the nearest items (likeness.py),
and a story is joined for its nearest member and for all its members together, so that one bridge does not glue two.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from monitor.stories.developments import State, development, state_of
from monitor.stories.fingerprint import Fingerprint, fingerprint, plain, term
from monitor.stories.likeness import MEASURES, Asked, Sketch, model, new_rarity
from monitor.types import Item, Match, Placement, Role, StoryId

WINDOW = timedelta(hours=48)  # 90 % of a story's articles come within 47 h of its first (measured on labelled stories)
SAME_TEXT_WINDOW = timedelta(hours=96)  # syndicated copies of one title come within three days
DAILY = timedelta(hours=20)  # later than that the same words may be the next day's: prices, forecasts, columns
KEY_MEMORY = timedelta(days=30)  # how long an article's key is known after its item slid out
NEAREST = 12  # items that are compared in full
MEMBERS = 8  # of one story that are compared in full, the latest
ASKED_TERMS = 40  # of an item's rarest words
COMMON = 3.5  # rarity (-log of the share of items, one in 33) up to which a word finds no neighbours
LONGEST_POSTINGS = 300  # items of one word that are looked at, the latest first
NEAREST_WEIGHT = 0.5  # of a story's nearest member; the rest is the mean of its members. Chosen by cross-validation
UNRELATED = -6.0  # log-odds that a member counts at least
JOIN = 1.5  # log-odds from which an item joins; above 0, because joining wrongly hides news. Chosen by cross-validation
EVENT_SHARED = 0.3  # log-odds, by judgement: the labelled sets carry no matches
LEADERS_DIFFER = -0.5

_WORD = re.compile(r"\w+")
_DAILY = re.compile(r"\b(?:hôm nay|ngày mai|ngày \d|sáng \d|tối \d|tuần này|mới nhất|kỳ \d|số \d|\d{1,2}[/.-]\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item of the window beside a new one: how they measure against each other (likeness.MEASURES)."""

    item_id: str
    story_id: StoryId
    measures: tuple[float, ...]
    long: bool  # both full texts are known
    score: float


@dataclass(frozen=True, slots=True)
class _Member:
    """What the window keeps of an item: some 2 kB, no text."""

    item_id: str
    story_id: StoryId
    at: datetime
    outlet: str
    same_title: int
    same_lead: int
    daily: bool
    sketch: Sketch
    state: State
    events: frozenset[str]
    title_leaders: frozenset[str]


class StoryWindow:
    """The stories of the last days. `decide` asks, `remember` adds, `forget` drops; deciding changes nothing."""

    def __init__(self) -> None:
        self._rarity = new_rarity()
        self._members: dict[int, _Member] = {}  # by serial, in the order in which they came
        self._next = 0
        self._postings: dict[int, list[int]] = {}
        self._by_text: dict[int, list[int]] = {}
        self._by_key: dict[str, tuple[StoryId, datetime]] = {}
        self._by_story: dict[StoryId, list[int]] = {}
        self._read: tuple[Item, Fingerprint] | None = None  # of the last item: it is decided, then remembered

    def __len__(self) -> int:
        return len(self._members)

    def decide(self, item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        """Where `item` belongs, given what was remembered; `at` counts when the item names no time itself."""
        if item.key and item.key in self._by_key:
            return Placement(self._by_key[item.key][0], Role.REPEAT, "cùng một bài", 1.0)
        print_ = self._fingerprint(item)
        if print_.digest:
            return Placement(None, Role.NEW, "bản điểm tin, không gộp")
        when = item.at or at
        same = self._same_text(print_, item, when)
        if same is not None:
            return self._placed(item, matches, when, same.story_id, "trùng lời với tin trước", 1.0)
        best, score, nearest = self._best_story(item, matches, when)
        likeness = 1 / (1 + exp(-score)) if best is not None else 0.0
        if best is None or nearest is None:
            return Placement(None, Role.NEW, "chưa có tin nào giống")
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
        print_ = self._fingerprint(item)
        if print_.digest:
            return
        sketch = self._rarity.sketch(print_)
        member = _Member(
            item_id=item.id,
            story_id=story_id,
            at=when,
            outlet=item.outlet,
            same_title=print_.same_title,
            same_lead=print_.same_lead,
            daily=_DAILY.search(item.title) is not None,
            sketch=sketch,
            state=state_of(item.title.casefold(), item.lead.casefold(), matches, when),
            events=_events(matches),
            title_leaders=_title_leaders(matches),
        )
        serial = self._next
        self._next += 1
        self._rarity.add(self._first_told(story_id, sketch), first=story_id not in self._by_story)
        self._members[serial] = member
        for one in self._indexed(sketch):
            self._postings.setdefault(one, []).append(serial)
        for text in {print_.same_title, print_.same_lead} - {0}:
            self._by_text.setdefault(text, []).append(serial)
        self._by_story.setdefault(story_id, []).append(serial)

    def forget(self, before: datetime) -> None:
        """Drop the items of before `before`; their keys are known for KEY_MEMORY more."""
        for serial in [serial for serial, member in self._members.items() if member.at < before]:
            member = self._members.pop(serial)
            for one in self._indexed(member.sketch):
                _drop(self._postings, one, serial)
            for text in {member.same_title, member.same_lead} - {0}:
                _drop(self._by_text, text, serial)
            story = self._by_story[member.story_id]
            story.remove(serial)
            if not story:
                del self._by_story[member.story_id]
            self._rarity.remove(self._first_told(member.story_id, member.sketch), last=not story)
        oldest = before - KEY_MEMORY
        for key in [key for key, (_, when) in self._by_key.items() if when < oldest]:
            del self._by_key[key]

    def neighbours(self, item: Item, *, at: datetime, nearest: int = NEAREST) -> list[Neighbour]:
        """The nearest items and all recent members of their stories, measured: what `decide` weighs, and training learns."""
        asked = Asked(self._rarity.sketch(self._fingerprint(item)), self._rarity)
        when = item.at or at
        serials = dict.fromkeys(self._nearest(asked, nearest))
        for story_id in {self._members[serial].story_id for serial in serials}:
            serials.update(dict.fromkeys(self._by_story[story_id][-MEMBERS:]))
        return list(self._measured(item, asked, when, serials))

    def _measured(self, item: Item, asked: Asked, when: datetime, serials: dict[int, None]) -> Iterator[Neighbour]:
        weigh = model().score
        for serial in serials:
            member = self._members[serial]
            apart = abs(member.at - when)
            if apart > WINDOW:
                continue
            measures = asked.measure(
                member.sketch,
                hours=apart.total_seconds() / 3600 if item.at is not None else None,
                same_outlet=member.outlet == item.outlet and bool(item.outlet),
            )
            long = asked.body is not None and member.sketch.body is not None
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
            score = NEAREST_WEIGHT * nearest.score + (1 - NEAREST_WEIGHT) * mean
            score += self._watched(story_id, matches)
            if score > best_score:
                best, best_score, best_nearest = story_id, score, nearest
        return best, best_score, best_nearest

    def _watched(self, story_id: StoryId, matches: Sequence[Match]) -> float:
        """What the matches say for or against: an event in common, other leaders in the titles."""
        events, leaders = _events(matches), _title_leaders(matches)
        if not events and not leaders:
            return 0.0
        members = [self._members[serial] for serial in self._by_story[story_id][-MEMBERS:]]
        theirs = frozenset().union(*(member.title_leaders for member in members))
        shared = any(events & member.events for member in members)
        return EVENT_SHARED * shared + (LEADERS_DIFFER if leaders and theirs and not leaders & theirs else 0.0)

    def _placed(
        self, item: Item, matches: Sequence[Match], when: datetime, story_id: StoryId, why: str, likeness: float
    ) -> Placement:
        title = item.title.casefold()
        told = [self._members[serial].state for serial in self._by_story.get(story_id, ())]
        new = development(title, state_of(title, item.lead.casefold(), matches, when), matches, told)
        return Placement(story_id, Role.UPDATE if new else Role.REPEAT, new or why, likeness)

    def _fingerprint(self, item: Item) -> Fingerprint:
        if self._read is None or self._read[0] is not item:
            self._read = (item, fingerprint(item))
        return self._read[1]

    def _first_told(self, story_id: StoryId, sketch: Sketch) -> list[int]:
        """The words that no other item of the story has.

        A word counts once a story, or a much told story would drown its own names; what many stories share (the name
        of one congress, of one cup) sinks instead.
        """
        told: set[int] = set()
        for serial in self._by_story.get(story_id, ()):
            told.update(self._members[serial].sketch.short.terms)
        return [one for one in sketch.short.terms if one not in told]

    def _indexed(self, sketch: Sketch) -> list[int]:
        """The words by which an item is found again; the common ones find everything."""
        short, least = sketch.short, COMMON
        of = self._rarity.of
        return [one for one in short.terms if of(one) > least]

    def _same_text(self, print_: Fingerprint, item: Item, when: datetime) -> _Member | None:
        """The latest item with the very title or lead, unless the words are those of a daily column of another day."""
        daily = _DAILY.search(item.title) is not None
        for text in (print_.same_title, print_.same_lead):
            for serial in reversed(self._by_text.get(text, ()) if text else ()):
                member = self._members[serial]
                apart = abs(member.at - when)
                if apart <= (DAILY if daily or member.daily else SAME_TEXT_WINDOW):
                    return member
        return None

    def _nearest(self, asked: Asked, nearest: int) -> list[int]:
        terms = sorted(asked.short.items(), key=lambda pair: -pair[1])[:ASKED_TERMS]
        found: dict[int, float] = {}
        get = found.get
        for one, weight in terms:
            share = weight * weight
            for serial in self._postings.get(one, ())[-LONGEST_POSTINGS:]:
                found[serial] = get(serial, 0.0) + share
        return sorted(found, key=lambda serial: (-found[serial], -serial))[:nearest]

    def _why(self, item: Item, nearest: Neighbour) -> str:
        """The rarest pairs of words that both have, as the item writes them."""
        member = next(m for m in (self._members[s] for s in self._by_story[nearest.story_id]) if m.item_id == nearest.item_id)
        shared = set(member.sketch.short.terms)
        text = f"{plain(item.title)} {plain(item.lead)}"
        pairs: dict[str, float] = {}
        for before, after in itertools.pairwise(_WORD.findall(text)):
            one = term(f"{before.casefold()} {after.casefold()}")
            if one in shared and len(before) + len(after) > 3:
                pairs[f"{before} {after}"] = self._rarity.of(one) + (before[0].isupper() and after[0].isupper())
        words: list[str] = []
        for two in sorted(pairs, key=lambda two: -pairs[two]):
            if not any(part in known for known in words for part in two.split()):
                words.append(two)
            if len(words) == 3:
                break
        return f"cùng nói về: {', '.join(words)}" if words else "cùng nội dung"


def _why_not(nearest: Neighbour) -> str:
    """What kept an item apart from the nearest one."""
    measured = dict(zip(MEASURES, nearest.measures, strict=True))
    for measure, words in (
        ("decrees differ", "văn bản khác số"),
        ("laws differ", "luật khác"),
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
        match.watch_id for match in matches if match.kind == "leader" and any(e.field == "title" for e in match.evidence)
    )


def _drop(table: dict[int, list[int]], key: int, serial: int) -> None:
    serials = table[key]
    serials.remove(serial)  # it is near the front: the oldest go first
    if not serials:
        del table[key]
