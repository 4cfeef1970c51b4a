"""Decides whether an item tells a story that has been told: online, with only the past known.

Lives in memory and is rebuilt from the store at start; writes nothing and fetches nothing. Strong evidence comes first
(the same article, the same words), then a small trained model of likeness (likeness.py) weighs the nearest items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from monitor.stories.fingerprint import Fingerprint, fingerprint
from monitor.stories.likeness import Asked, Sketch, model, new_rarity
from monitor.types import Item, Match, Placement, Role, StoryId

WINDOW = timedelta(hours=48)  # 90 % of a story's articles come within 47 h of its first (measured on labelled stories)
SAME_TEXT_WINDOW = timedelta(hours=96)  # syndicated copies of one title come within three days
KEY_MEMORY = timedelta(days=14)  # how long an article's key is known after its item slid out
NEAREST = 16  # items that are compared in full
ASKED_TERMS = 40  # of an item's rarest words
LONGEST_POSTINGS = 300  # items of one word that are looked at, the latest first
MIN_SCORE = 0.0  # log-odds


@dataclass(frozen=True, slots=True)
class _Member:
    """What the window keeps of an item."""

    story_id: StoryId
    at: datetime
    outlet: str
    key: str
    same_title: int
    same_lead: int
    sketch: Sketch


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

    def __len__(self) -> int:
        return len(self._members)

    def decide(self, item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        """Where `item` belongs, given what was remembered; `at` counts when the item names no time itself."""
        if item.key and item.key in self._by_key:
            return Placement(self._by_key[item.key][0], Role.REPEAT, "cùng một bài", 1.0)
        print_ = fingerprint(item)
        if print_.digest:
            return Placement(None, Role.NEW, "điểm tin, không gộp")
        when = item.at or at
        same = self._same_text(print_, when)
        if same is not None:
            return Placement(same.story_id, Role.REPEAT, "cùng tiêu đề hoặc cùng đoạn dẫn", 1.0)
        asked = Asked(self._rarity.sketch(print_), self._rarity)
        scores: dict[StoryId, float] = {}
        for serial in self._nearest(asked):
            member = self._members[serial]
            apart = abs(member.at - when)
            if apart > WINDOW:
                continue
            long = asked.body is not None and member.sketch.body is not None
            measures = asked.measure(
                member.sketch, hours=apart.total_seconds() / 3600, same_outlet=member.outlet == item.outlet
            )
            score = model().score(measures, long=long)
            if score > scores.get(member.story_id, -99.0):
                scores[member.story_id] = score
        if not scores:
            return Placement(None, Role.NEW, "chưa có tin nào giống")
        best = max(scores, key=scores.__getitem__)
        likeness = 1 / (1 + exp(-scores[best]))
        if scores[best] < MIN_SCORE:
            return Placement(None, Role.NEW, "không đủ giống tin nào", likeness)
        return Placement(best, Role.REPEAT, "cùng nội dung", likeness)

    def remember(self, item: Item, story_id: StoryId, matches: Sequence[Match] = ()) -> None:
        """Add an item that was placed; call it when the placement has been committed."""
        print_ = fingerprint(item)
        when = item.at
        if when is None:
            raise ValueError(f"item {item.id} has neither published_at nor seen_at")
        if item.key:
            self._by_key[item.key] = (story_id, when)
        if print_.digest:
            return
        serial = self._next
        self._next += 1
        sketch = self._rarity.sketch(print_)
        self._members[serial] = _Member(
            story_id, when, item.outlet, item.key, print_.same_title, print_.same_lead, sketch
        )
        self._rarity.add(self._first_told(story_id, sketch), first=story_id not in self._by_story)
        for one in sketch.short.terms:
            self._postings.setdefault(one, []).append(serial)
        for text in {print_.same_title, print_.same_lead} - {0}:
            self._by_text.setdefault(text, []).append(serial)
        self._by_story.setdefault(story_id, []).append(serial)

    def forget(self, before: datetime) -> None:
        """Drop the items of before `before`; their keys are known for a while longer."""
        for serial in [serial for serial, member in self._members.items() if member.at < before]:
            member = self._members.pop(serial)
            for one in member.sketch.short.terms:
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

    def _first_told(self, story_id: StoryId, sketch: Sketch) -> list[int]:
        """The words that no other item of the story has: a word counts once a story, or a much told one would
        drown its own names; what many stories share (the name of one congress, of one cup) sinks instead."""
        told: set[int] = set()
        for serial in self._by_story.get(story_id, ()):
            told.update(self._members[serial].sketch.short.terms)
        return [one for one in sketch.short.terms if one not in told]

    def _same_text(self, print_: Fingerprint, when: datetime) -> _Member | None:
        for text in (print_.same_title, print_.same_lead):
            for serial in reversed(self._by_text.get(text, ()) if text else ()):
                member = self._members[serial]
                if abs(member.at - when) <= SAME_TEXT_WINDOW:
                    return member
        return None

    def _nearest(self, asked: Asked) -> list[int]:
        terms = sorted(asked.short.items(), key=lambda pair: -pair[1])[:ASKED_TERMS]
        found: dict[int, float] = {}
        for one, weight in terms:
            share = weight * weight
            for serial in self._postings.get(one, ())[-LONGEST_POSTINGS:]:
                found[serial] = found.get(serial, 0.0) + share
        return sorted(found, key=lambda serial: (-found[serial], -serial))[:NEAREST]


def _drop(table: dict[int, list[int]], key: int, serial: int) -> None:
    serials = table[key]
    serials.remove(serial)  # it is near the front: the oldest go first
    if not serials:
        del table[key]
