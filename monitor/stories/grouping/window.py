"""Decides whether an item tells a story that has been told: online, with only the past known.

Lives in memory and is rebuilt from the store at start; writes nothing and fetches nothing. Strong evidence comes first
(the same article, the same words); then a small trained model weighs how similar the nearest items are (similarity.py),
and a story is joined for its nearest member and for all its members together, so that one bridge does not glue two.
"""

import gc
import heapq
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, inf
from typing import TypeVar, assert_never

from monitor.stories.grouping.developments import State, development, state_of
from monitor.stories.grouping.features import (
    Entities,
    ItemWords,
    RareWords,
    body_counts,
    entities_of,
    news_of,
    read,
    term,
    words_of_reading,
)
from monitor.stories.grouping.meaning import meaning_cosine
from monitor.stories.grouping.review import (
    BRIDGE,
    LIMIT,
    MOST_SPLIT,
    REVIEWED,
    Merge,
    Revision,
    Split,
    are_one,
    cut,
    is_strained,
)
from monitor.stories.grouping.roundups import is_roundup
from monitor.stories.grouping.similarity import MEASURES, Asked, Features, model, shipped_idf
from monitor.text.words import nfc
from monitor.types import Item, ItemId, Match, Placement, Role, StoryId

LONGEST_RUN = 6  # words of one reason
WINDOW = timedelta(hours=48)  # 90 % of a story's articles come within 47 h of its first (measured on labelled stories)
SAME_TEXT_WINDOW = timedelta(hours=96)  # syndicated copies of one title come within three days
DAILY = timedelta(hours=20)  # later than that the same words may be the next day's: prices, forecasts, columns
KEY_MEMORY = timedelta(days=30)  # how long an article's key is known after its item slid out
NEAREST = 12  # items that are compared in full
LEAST_SHARE = 0.02  # of an item's weight that another must have to be compared at all
HOPELESS = 0.0  # log-odds; a neighbour that cannot be lifted above is not measured to the end
MUCH = 0.1  # of an item's weight: who shares less is compared only when it is about the same things
AKIN = 0.6  # cosine of what two items are about
MEMBERS = 8  # of one story that are compared in full, the latest
ASKED_TERMS = 30  # of an item's rarest words
LONGEST_POSTINGS = 80  # items of one word that are looked at, the latest first
OWN_SHARE = 1_500  # stories: a word that one story more in so many has may still be a story's own
MOST_TOLD = 80  # items: a word in more of them is not looked through, it is nobody's own
NEAREST_WEIGHT = 0.5  # of a story's nearest member; the rest is the mean of its members. By cross-validation
UNRELATED = -6.0  # log-odds that a member counts at least
JOIN = 1.1  # log-odds from which an item joins; above 0, for joining wrongly hides news. By cross-validation
MOST_HELD = 2  # other stories that a new one is held against, the likeliest
EVENT_SHARED = 0.3  # log-odds, by judgement: the labelled sets carry no matches
LEADERS_DIFFER = -0.5

_Key = TypeVar("_Key")
_WORD = re.compile(r"\w+")
_DAILY = re.compile(
    r"\b(?:hôm nay|ngày mai|ngày \d|sáng \d|tối \d|tuần này|mới nhất|kỳ \d|số \d|\d{1,2}[/.-]\d{1,2})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item of the window beside a new one: how they measure against each other (similarity.MEASURES)."""

    item_id: ItemId
    story_id: StoryId
    measures: tuple[float, ...]
    long: bool  # both full texts are known
    score: float


@dataclass(slots=True)
class _Member:
    """What the window keeps of an item. Its entities are drawn when it is first compared, not at a restart."""

    item_id: ItemId
    story_id: StoryId
    at: datetime
    outlet: str
    daily: bool
    named: frozenset[str]
    events: frozenset[str]
    title_leaders: frozenset[str]
    title: str
    lead: str
    words: RareWords  # by which it is found
    features: Features | None = None
    entities: Entities | None = None
    state: State | None = None


@contextmanager
def undisturbed() -> Iterator[None]:
    """While a window is filled, the collector of cycles looks for none: that was a third of a restart."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class StoryWindow:
    """The stories of the last days. `decide` asks, `remember` adds, `forget` drops; deciding changes nothing."""

    def __init__(self) -> None:
        self._idf = shipped_idf()
        self._members: dict[int, _Member] = {}  # by serial, in the order in which they came
        self._next = 0
        self._postings: dict[int, int | list[int]] = {}  # serials by word; most words have one, and a list is dear
        self._by_text: defaultdict[int, list[int]] = defaultdict(list)
        self._by_story: defaultdict[StoryId, list[int]] = defaultdict(list)
        self._by_key: dict[str, tuple[StoryId, datetime]] = {}
        self._last: tuple[Item, Features, Entities] | None = None  # it is decided, then remembered
        self._near: tuple[Item, list[Neighbour]] | None = None  # it is decided, then reviewed
        self._now: dict[StoryId, StoryId] = {}  # merged stories, and where they went
        self._merged: set[StoryId] = set()  # stories that took others in: they are not taken apart again
        self._apart: set[frozenset[StoryId]] = set()  # stories that were taken apart: they are not merged again

    def __len__(self) -> int:
        return len(self._members)

    def decide(self, item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        """Where `item` belongs, given what was remembered; `at` counts when the item names no time itself."""
        if item.key and item.key in self._by_key:
            story_id = self._by_key[item.key][0]
            return Placement(self._now.get(story_id, story_id), Role.REPEAT, "cùng một bài", 1.0)
        if is_roundup(item.title):
            return Placement(None, Role.NEW, "bản điểm tin, không gộp")
        when = item.at or at
        same = self._same_text(self._read(item)[1].words, item, when)
        if same is not None:
            return self._placed(item, matches, when, same.story_id, "trùng lời với tin trước", 1.0)
        best, score, nearest = self._best_story(item, matches, when)
        if best is None or nearest is None:
            return Placement(None, Role.NEW, "chưa có tin nào giống")
        similarity = 1 / (1 + exp(-score))
        if score < JOIN:
            return Placement(None, Role.NEW, _why_not(nearest), similarity)
        return self._placed(item, matches, when, best, self._why(item, nearest), similarity)

    def packed(self, item: Item) -> str:
        """What the store should keep of an item for the next restart; nothing of a roundup."""
        return "" if is_roundup(item.title) else self._read(item)[1].packed(self._idf.edition)

    def remember(
        self,
        item: Item,
        story_id: StoryId,
        matches: Sequence[Match] = (),
        *,
        at: datetime | None = None,
        packed: str = "",
    ) -> None:
        """Add an item that was placed; call it when the placement has been committed.

        `at` counts when the item names no time itself; ValueError when there is none at all. `packed` is what the
        method of that name gave for this item in an earlier life; without it the item is read again.
        """
        when = item.at or at
        if when is None:
            raise ValueError(f"item {item.id} has no time")
        if item.key:
            self._by_key[item.key] = (story_id, when)
        if is_roundup(item.title):
            return
        if item.body:
            self._read(item)  # what an article says is compared too, and it is not kept
        known = self._last if self._last is not None and self._last[0] is item else None
        features = known[1] if known else Features.unpacked(packed, self._idf.edition) if packed else None
        words = features.words if features else words_of_reading(read(item), self._idf.common)
        serial = self._next
        self._next += 1
        self._members[serial] = _member(item, story_id, matches, when, words)
        self._members[serial].features = features
        self._members[serial].entities = known[2] if known else None
        postings = self._postings
        for one in words.terms:
            known_at = postings.setdefault(one, serial)
            if known_at is not serial:
                if isinstance(known_at, list):
                    known_at.append(serial)
                else:
                    postings[one] = [known_at, serial]
        self._by_text[words.same_title].append(serial)
        if words.same_lead:
            self._by_text[words.same_lead].append(serial)
        self._by_story[story_id].append(serial)

    def forget(self, before: datetime) -> None:
        """Drop the items of before `before`; their keys are known for KEY_MEMORY more."""
        for serial in [serial for serial, member in self._members.items() if member.at < before]:
            member = self._members.pop(serial)
            for one in member.words.terms:
                known_at = self._postings[one]
                if isinstance(known_at, int):
                    del self._postings[one]
                else:
                    known_at.remove(serial)
                    if len(known_at) == 1:
                        self._postings[one] = known_at[0]
            _drop(self._by_text, member.words.same_title, serial)
            if member.words.same_lead:
                _drop(self._by_text, member.words.same_lead, serial)
            _drop(self._by_story, member.story_id, serial)
        oldest = before - KEY_MEMORY
        for key in [key for key, (_, when) in self._by_key.items() if when < oldest]:
            del self._by_key[key]

    def review(self, item: Item, story_id: StoryId, matches: Sequence[Match] = (), *, at: datetime) -> Revision | None:
        """Whether `item`, placed in `story_id` and not remembered yet, shows that two stories are one, or one is two.

        Changes nothing: tell `revise` when it has been committed. Looks only at stories that the item was held against.
        """
        if is_roundup(item.title) or (item.key and item.key in self._by_key):
            return None
        when = item.at or at
        near = self._near[1] if self._near is not None and self._near[0] is item else self.neighbours(item, at=when)
        links: dict[StoryId, list[float]] = {}
        for neighbour in near:
            links.setdefault(neighbour.story_id, []).append(max(UNRELATED, neighbour.score))
        _, features, entities = self._read(item)
        new = _member(item, story_id, matches, when, features.words)
        new.features, new.entities = features, entities
        return self._bridge(new, links) or self._crack(new, links.get(story_id, []))

    def _bridge(self, new: _Member, links: dict[StoryId, list[float]]) -> Merge | None:
        """The story that is one with that of `new`."""
        bridged: list[tuple[float, StoryId]] = []
        for other, odds in links.items():
            score = NEAREST_WEIGHT * max(odds) + (1 - NEAREST_WEIGHT) * sum(odds) / len(odds)
            if other != new.story_id and score >= BRIDGE and frozenset((other, new.story_id)) not in self._apart:
                bridged.append((score, other))
        mine = [*self._latest(new.story_id, REVIEWED - 1), new]
        found: list[tuple[float, StoryId]] = []
        for _, other in heapq.nlargest(MOST_HELD, bridged):
            theirs = self._latest(other, REVIEWED)
            if _leaders(mine) and _leaders(theirs) and not _leaders(mine) & _leaders(theirs):
                continue  # two calls of two presidents are told in the same words
            if any(one.daily for one in mine) and any(one.daily for one in theirs):
                continue  # columns and forecasts: two outlets' weather of one day is no happening
            sure = are_one(self._odds(mine, theirs, as_one=frozenset((new.story_id, other))))
            if sure is not None:
                found.append((sure, other))
        if not found:
            return None
        _, other = max(found)
        both = [*self._latest(new.story_id), *self._latest(other), new]
        opened = {story: min(one.at for one in both if one.story_id == story) for story in (other, new.story_id)}
        into = min(opened, key=lambda story: (opened[story], story != other))
        return Merge(into, gone=other if into == new.story_id else new.story_id)

    def _crack(self, new: _Member, links: Sequence[float]) -> Split | None:
        """The items of its story that are another story, now that `new` has come to it."""
        story_id = new.story_id
        members = [*self._latest(story_id), new]
        if story_id in self._merged or len(members) > MOST_SPLIT or not is_strained(links):
            return None
        sides = cut(self._odds(members, members, as_one=frozenset((story_id,))))
        if sides is None:
            return None
        return Split(story_id, tuple(members[place].item_id for place in sorted(sides[1])))

    def _latest(self, story_id: StoryId, most: int | None = None) -> list[_Member]:
        serials = self._by_story.get(story_id, ())
        return [self._members[serial] for serial in (serials if most is None else serials[-most:])]

    def _odds(
        self, mine: Sequence[_Member], theirs: Sequence[_Member], *, as_one: frozenset[StoryId]
    ) -> list[list[float]]:
        """The log-odds of each of `mine` with each of `theirs`, as if the stories `as_one` were one already.

        Else the very words that only these two tell would be nobody's own, because two tell them.
        """
        own_in = 1 + len(self._by_story) // OWN_SHARE
        weigh = model().score
        odds = []
        for one in mine:
            asked = Asked(
                self._drawn(one),
                self._marked(one),
                self._idf,
                lambda word: self._is_own(word, own_in, as_one),
                len(self._by_story),
            )
            line = []
            for other in theirs:
                apart = abs(one.at - other.at)
                drawn = self._drawn(other)
                column = one.daily and other.daily and self._marked(other).opening == asked.entities.opening
                if one is other or apart > (DAILY if column else WINDOW):
                    line.append(-LIMIT)
                    continue
                by_words = asked.by_words(
                    drawn,
                    hours=apart.total_seconds() / 3600,
                    same_outlet=one.outlet == other.outlet and bool(one.outlet),
                )
                measures = asked.by_marks(by_words, self._marked(other))
                line.append(weigh(measures, long=asked.body is not None and drawn.body is not None))
            odds.append(line)
        return odds

    def revise(self, revision: Revision, items: Sequence[Item] = (), story_id: StoryId | None = None) -> None:
        """Take in a revision that has been committed; of a split: under which `story_id` its `items` are now."""
        match revision:
            case Merge(into=into, gone=gone):
                self._move(self._by_story.get(gone, ()), into)
                self._now = {old: into if new == gone else new for old, new in self._now.items()} | {gone: into}
                self._merged = (self._merged - {gone}) | {into}
                self._apart = {frozenset(into if each == gone else each for each in pair) for pair in self._apart}
            case Split(story=story, items=parted):
                if story_id is None:
                    raise ValueError("the items of a split are a story of their own: say which")
                chosen = set(parted)
                serials = self._by_story.get(story, ())
                self._move([serial for serial in serials if self._members[serial].item_id in chosen], story_id)
                for item in items:
                    if item.key in self._by_key:
                        self._by_key[item.key] = (story_id, self._by_key[item.key][1])
                self._apart.add(frozenset((story, story_id)))
            case _:
                assert_never(revision)

    def _move(self, serials: Sequence[int], story_id: StoryId) -> None:
        for serial in list(serials):
            member = self._members[serial]
            _drop(self._by_story, member.story_id, serial)
            member.story_id = story_id
            self._by_story[story_id].append(serial)
        if story_id in self._by_story:
            self._by_story[story_id].sort()  # serials are in the order in which items came

    def know(self, *, merged: Iterable[StoryId] = (), apart: Iterable[tuple[StoryId, StoryId]] = ()) -> None:
        """After a restart: which stories have taken others in, and which were taken apart."""
        self._merged.update(merged)
        self._apart.update(frozenset(pair) for pair in apart)

    def neighbours(
        self,
        item: Item,
        *,
        at: datetime,
        nearest: int = NEAREST,
        least_share: float = LEAST_SHARE,
        everyone: bool = False,
    ) -> list[Neighbour]:
        """The nearest items and the recent members of their stories, measured, for `decide` and training.

        For training `everyone` is measured to the end; else those are left out who share few words and are about
        other things, and entities are not drawn of those whom no entities could lift above HOPELESS.
        """
        own_in = 1 + len(self._by_story) // OWN_SHARE
        _, features, entities = self._read(item)
        asked = Asked(features, entities, self._idf, lambda one: self._is_own(one, own_in), stories=len(self._by_story))
        found = self._nearest(asked, nearest, least_share)
        serials = dict.fromkeys(
            serial for serial, share in found if everyone or share >= MUCH or self._akin(asked, serial)
        )
        for story_id in dict.fromkeys(self._members[serial].story_id for serial in serials):
            serials.update(dict.fromkeys(self._by_story[story_id][-MEMBERS:]))
        return list(self._measured(item, asked, item.at or at, serials, -inf if everyone else HOPELESS))

    def _nearest(self, asked: Asked, nearest: int, least_share: float) -> list[tuple[int, float]]:
        """The items that share most of the rarest words, and how much."""
        full = asked.body is not None  # full texts are few, and what they share may stand outside title and lead
        found: defaultdict[int, float] = defaultdict(float)
        for one, share in asked.rarest(ASKED_TERMS * (1 + full)):
            for serial in self._with(one)[-LONGEST_POSTINGS:]:
                found[serial] += share
        # of equals the later; most items have nobody near, and then nothing is compared in full
        best = heapq.nlargest(nearest * (1 + full), zip(found.values(), found.keys(), strict=True))
        return [(serial, 1.0 if full else share) for share, serial in best if full or share >= least_share]

    def _akin(self, asked: Asked, serial: int) -> bool:
        """Whether an item that shares few words is about the same things at least."""
        return meaning_cosine(asked.features.meaning, self._drawn(self._members[serial]).meaning) >= AKIN

    def _measured(
        self, item: Item, asked: Asked, when: datetime, serials: dict[int, None], hopeless: float
    ) -> Iterator[Neighbour]:
        weights = model()
        daily = _DAILY.search(item.title) is not None
        for serial in serials:
            member = self._members[serial]
            apart = abs(member.at - when)
            if apart > WINDOW:
                continue
            theirs = self._drawn(member)
            if daily and member.daily and apart > DAILY and self._marked(member).opening == asked.entities.opening:
                continue  # a column of another day: prices, forecasts
            hours = apart.total_seconds() / 3600 if item.at is not None else None
            same_outlet = member.outlet == item.outlet and bool(item.outlet)
            long = asked.body is not None and theirs.body is not None
            measures = asked.by_words(theirs, hours=hours, same_outlet=same_outlet)
            if weights.most(measures, long=long) > hopeless:
                measures = asked.by_marks(measures, self._marked(member))
            score = weights.score(measures, long=long)
            yield Neighbour(member.item_id, member.story_id, measures, long, score)

    def _best_story(
        self, item: Item, matches: Sequence[Match], when: datetime
    ) -> tuple[StoryId | None, float, Neighbour | None]:
        """The likeliest story, its log-odds, and its nearest member."""
        stories: dict[StoryId, list[Neighbour]] = {}
        near = self.neighbours(item, at=when)
        self._near = (item, near)
        for neighbour in near:
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

    def _is_own(self, one: int, stories: int, as_one: frozenset[StoryId] = frozenset()) -> bool:
        """Whether `stories` stories at most tell the word; the name of a congress that many stories share is nobody's.

        A word counts once a story, or a much told story would drown its own names. `as_one` count as one story.
        """
        serials = self._with(one)
        if len(serials) > MOST_TOLD:
            return False
        told: set[StoryId] = set()
        for serial in serials:
            told.add(self._members[serial].story_id)
            if len(told) > stories and len(told) - (len(told & as_one) > 1) > stories:
                return False
        return True

    def _same_text(self, words: RareWords, item: Item, when: datetime) -> _Member | None:
        """The latest item with the very title or lead, unless the words are those of a daily column of another day."""
        daily = _DAILY.search(item.title) is not None
        for text in (words.same_title, words.same_lead):
            for serial in reversed(self._by_text.get(text, ()) if text else ()):
                member = self._members[serial]
                if text == words.same_lead and member.outlet == item.outlet:
                    continue  # an agency text goes to other outlets; within one it is a standing phrase
                if abs(member.at - when) <= (DAILY if daily or member.daily else SAME_TEXT_WINDOW):
                    return member
        return None

    def _placed(
        self, item: Item, matches: Sequence[Match], when: datetime, story_id: StoryId, why: str, similarity: float
    ) -> Placement:
        title = item.title.casefold()
        told = [self._state(self._members[serial]) for serial in self._by_story.get(story_id, ())]
        named = frozenset(match.watch_id for match in matches)
        new = development(title, state_of(title, item.lead.casefold(), named, when), matches, told)
        return Placement(story_id, Role.UPDATE if new else Role.REPEAT, new or why, similarity)

    def _read(self, item: Item) -> tuple[Item, Features, Entities]:
        if self._last is None or self._last[0] is not item:
            reading: ItemWords = read(item)
            words = words_of_reading(reading, self._idf.common)
            features = Features.of(words, self._idf, self._idf.vector(body_counts(reading)))
            self._last = item, features, entities_of(reading.title, reading.lead)
        return self._last

    def _drawn(self, member: _Member) -> Features:
        if member.features is None:
            member.features = Features.of(member.words, self._idf)
        return member.features

    def _marked(self, member: _Member) -> Entities:
        if member.entities is None:
            member.entities = entities_of(nfc(member.title), news_of(nfc(member.lead)))
        return member.entities

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
                shared.update(self._members[serial].words.terms)
        told: dict[str, float] = {}  # runs of words that both have, which read better than pairs
        run: list[str] = []
        weight = 0.0
        for before, after in itertools.pairwise([*_WORD.findall(f"{nfc(item.title)} {nfc(item.lead)}"), ""]):
            one = term(f"{before.casefold()} {after.casefold()}")
            if after and one in shared and len(run) < LONGEST_RUN:
                run = run or [before]
                run.append(after)
                weight += self._idf.of(one) + (before[0].isupper() and after[0].isupper())
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


def _member(item: Item, story_id: StoryId, matches: Sequence[Match], when: datetime, words: RareWords) -> _Member:
    return _Member(
        item_id=item.id,
        story_id=story_id,
        at=when,
        outlet=item.outlet,
        daily=_DAILY.search(item.title) is not None,
        named=frozenset(match.watch_id for match in matches),
        events=_events(matches),
        title_leaders=_title_leaders(matches),
        title=item.title,
        lead=item.lead,
        words=words,
    )


def _leaders(members: Sequence[_Member]) -> frozenset[str]:
    return frozenset[str]().union(*(member.title_leaders for member in members))


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
