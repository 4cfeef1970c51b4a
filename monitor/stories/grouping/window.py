"""Decides whether an item tells a story that has been told: online, with only the past known.

Lives in memory and is rebuilt from the store at start; writes nothing and fetches nothing. Strong evidence comes first
(the same article, the same words); then a small trained model weighs how similar the nearest items are (similarity.py),
and a story is joined for its nearest member and for all its members together, so that one bridge does not glue two.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import exp, inf
from typing import assert_never

from monitor.stories.grouping.developments import development
from monitor.stories.grouping.features import body_counts, entities_of, read, words_of_reading
from monitor.stories.grouping.members import Member, events_of, leaders_of, title_leaders_of
from monitor.stories.grouping.placing_reasons import Neighbour, why_joined, why_not_joined
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
from monitor.stories.grouping.similarity import Asked, Features, Idf, model, shipped_idf
from monitor.stories.grouping.window_index import WindowIndex
from monitor.types import Item, Match, Placement, Reason, ReasonCode, Role, StoryId

WINDOW = timedelta(hours=48)  # 90 % of a story's articles come within 47 h of its first (measured on labelled stories)
SAME_TEXT_WINDOW = timedelta(hours=96)  # syndicated copies of one title come within three days
DAILY = timedelta(hours=20)  # later than that the same words may be the next day's: prices, forecasts, columns
NEAREST = 12  # items that are compared in full
LEAST_SHARE = 0.02  # of an item's weight that another must have to be compared at all
HOPELESS = 0.0  # log-odds; a neighbour that cannot be lifted above is not measured to the end
MUCH = 0.1  # of an item's weight: who shares less is compared only when it is about the same things
AKIN = 0.6  # cosine of what two items are about
MEMBERS = 8  # of one story that are compared in full, the latest
ASKED_TERMS = 30  # of an item's rarest words
LONGEST_POSTINGS = 80  # items of one word that are looked at, the latest first
OWN_SHARE = 1_500  # stories: a word that one story more in so many has may still be a story's own
NEAREST_WEIGHT = 0.5  # of a story's nearest member; the rest is the mean of its members. By cross-validation
UNRELATED = -6.0  # log-odds that a member counts at least
JOIN = 1.1  # log-odds from which an item joins; above 0, for joining wrongly hides news. By cross-validation
MOST_HELD = 2  # other stories that a new one is held against, the likeliest
EVENT_SHARED = 0.3  # log-odds, by judgement: the labelled sets carry no matches
LEADERS_DIFFER = -0.5
NEVER = datetime.min.replace(tzinfo=UTC)  # when an item counts as published as long as it has no place


class StoryWindow:
    """The stories of the last days. `decide` asks, `remember` adds, `forget` drops; deciding changes nothing."""

    def __init__(self) -> None:
        self._index = WindowIndex()
        self._last: tuple[Item, Member] | None = None  # it is decided, packed, reviewed, remembered: read once
        self._near: tuple[Item, datetime, int, list[Neighbour]] | None = None  # it is decided, then reviewed
        # these three are replaced and never changed, so that a trial need only keep them
        self._now: dict[StoryId, StoryId] = {}  # merged stories, and where they went
        self._merged: set[StoryId] = set()  # stories that took others in: they are not taken apart again
        self._apart: set[frozenset[StoryId]] = set()  # stories that were taken apart: they are not merged again

    @cached_property
    def _idf(self) -> Idf:
        return shipped_idf()

    def load(self) -> None:
        """Read the shipped table of words (0.1 s) now, and not at the first item."""
        _ = self._idf

    def __len__(self) -> int:
        return len(self._index)

    def decide(self, item: Item, matches: Sequence[Match] = (), *, at: datetime) -> Placement:
        """Where `item` belongs, given what was remembered; `at` counts when the item names no time itself."""
        known = self._index.story_of_key(item.key)
        if known is not None:
            return Placement(self._now.get(known, known), Role.REPEAT, Reason(ReasonCode.SAME_ARTICLE), 1.0)
        if is_roundup(item.title):
            return Placement(None, Role.NEW, Reason(ReasonCode.ROUNDUP))
        when = item.at or at
        same = self._same_text(self._read(item), when)
        if same is not None:
            return self._placed(item, matches, when, same.story_id, Reason(ReasonCode.SAME_WORDS), 1.0)
        best, score, nearest = self._best_story(item, matches, when)
        if best is None or nearest is None:
            return Placement(None, Role.NEW, Reason(ReasonCode.NOTHING_ALIKE))
        similarity = 1 / (1 + exp(-score))
        if score < JOIN:
            return Placement(None, Role.NEW, why_not_joined(nearest), similarity)
        return self._placed(item, matches, when, best, self._why(item, nearest), similarity)

    def packed(self, item: Item) -> str:
        """What the store should keep of an item for the next restart; nothing of a roundup."""
        return "" if is_roundup(item.title) else self._read(item).features.packed(self._idf.rules_version)

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
        self._index.add_key(item.key, story_id, when)
        if is_roundup(item.title):
            return
        known = self._last[1] if self._last is not None and self._last[0] == item else None
        if known is None and packed and not item.body:  # what an article says is compared too, and it is not kept
            features = Features.unpacked(packed, self._idf.rules_version)
            known = Member.of(item, when, features) if features is not None else None
        self._index.add((known or self._read(item)).placed(story_id, matches, when))

    def knows(self, item: Item) -> bool:
        """Whether this very article was remembered."""
        return self._index.story_of_key(item.key) is not None

    def forget(self, before: datetime, *, most: int | None = None) -> bool:
        """Drop the items of before `before`; their keys are known for KEY_MEMORY more. Never inside a trial.

        At most `most` of them, where somebody waits (FORGOTTEN_AT_ONCE): whether there may be more, for the next call.
        """
        return self._index.forget(before, most=most)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Take back what `remember`, `revise` and `know` teach inside, when it ends in an exception, which goes on.

        For a batch that learns item by item before it is committed: the window then decides as if it had never been.
        Trials may stand inside one another.
        """
        before = self._now, self._merged, self._apart
        with self._index.trial():
            try:
                yield
            except BaseException:
                self._now, self._merged, self._apart = before
                raise

    def review(self, item: Item, story_id: StoryId, matches: Sequence[Match] = (), *, at: datetime) -> Revision | None:
        """Whether `item`, placed in `story_id` and not remembered yet, shows that two stories are one, or one is two.

        Changes nothing: tell `revise` when it has been committed. Looks only at stories that the item was held against.
        """
        if is_roundup(item.title) or self._index.story_of_key(item.key) is not None:
            return None
        when = item.at or at
        near = self._near_once(item, when)
        links: dict[StoryId, list[float]] = {}
        for neighbour in near:
            links.setdefault(neighbour.story_id, []).append(max(UNRELATED, neighbour.score))
        new = self._read(item).placed(story_id, matches, when)
        return self._bridge(new, links) or self._crack(new, links.get(story_id, []))

    def _bridge(self, new: Member, links: dict[StoryId, list[float]]) -> Merge | None:
        """The story that is one with that of `new`."""
        bridged: list[tuple[float, StoryId]] = []
        for other, odds in links.items():
            score = NEAREST_WEIGHT * max(odds) + (1 - NEAREST_WEIGHT) * sum(odds) / len(odds)
            if other != new.story_id and score >= BRIDGE and frozenset((other, new.story_id)) not in self._apart:
                bridged.append((score, other))
        mine = [*self._index.members_of(new.story_id, REVIEWED - 1), new]
        found: list[tuple[float, StoryId]] = []
        for _, other in heapq.nlargest(MOST_HELD, bridged):
            theirs = self._index.members_of(other, REVIEWED)
            if leaders_of(mine) and leaders_of(theirs) and not leaders_of(mine) & leaders_of(theirs):
                continue  # two calls of two presidents are told in the same words
            if any(one.daily for one in mine) and any(one.daily for one in theirs):
                continue  # columns and forecasts: two outlets' weather of one day is no happening
            sure = are_one(self._odds(mine, theirs, as_one=frozenset((new.story_id, other))))
            if sure is not None:
                found.append((sure, other))
        if not found:
            return None
        _, other = max(found)
        both = [*self._index.members_of(new.story_id), *self._index.members_of(other), new]
        opened = {story: min(one.at for one in both if one.story_id == story) for story in (other, new.story_id)}
        into = min(opened, key=lambda story: (opened[story], story != other))
        return Merge(into, gone=other if into == new.story_id else new.story_id)

    def _crack(self, new: Member, links: Sequence[float]) -> Split | None:
        """The items of its story that are another story, now that `new` has come to it."""
        story_id = new.story_id
        members = [*self._index.members_of(story_id), new]
        if story_id in self._merged or len(members) > MOST_SPLIT or not is_strained(links):
            return None
        sides = cut(self._odds(members, members, as_one=frozenset((story_id,))))
        if sides is None:
            return None
        return Split(story_id, tuple(members[place].item_id for place in sorted(sides[1])))

    def _odds(
        self, mine: Sequence[Member], theirs: Sequence[Member], *, as_one: frozenset[StoryId]
    ) -> list[list[float]]:
        """The log-odds of each of `mine` with each of `theirs`, as if the stories `as_one` were one already.

        Else the very words that only these two tell would be nobody's own, because two tell them.
        """
        own_in = 1 + self._index.stories // OWN_SHARE
        weigh = model().score
        odds = []
        for one in mine:
            asked = Asked(
                one, self._idf, lambda word: self._index.is_own(word, own_in, as_one), stories=self._index.stories
            )
            line = []
            for other in theirs:
                apart = abs(one.at - other.at)
                column = one.daily and other.daily and other.entities.opening == asked.entities.opening
                if one is other or apart > (DAILY if column else WINDOW):
                    line.append(-LIMIT)
                    continue
                by_words = asked.by_words(
                    other.features,
                    hours=apart.total_seconds() / 3600,
                    same_outlet=one.outlet == other.outlet and bool(one.outlet),
                )
                measures = asked.by_marks(by_words, other.entities)
                line.append(weigh(measures, long=asked.body is not None and other.features.body is not None))
            odds.append(line)
        return odds

    def revise(self, revision: Revision, items: Sequence[Item] = (), story_id: StoryId | None = None) -> None:
        """Take in a revision that has been committed; of a split: under which `story_id` its `items` are now."""
        match revision:
            case Merge(into=into, gone=gone):
                self._index.move(self._index.of_story(gone), into)
                self._now = {old: into if new == gone else new for old, new in self._now.items()} | {gone: into}
                self._merged = (self._merged - {gone}) | {into}
                self._apart = {frozenset(into if each == gone else each for each in pair) for pair in self._apart}
            case Split(story=story, items=parted):
                if story_id is None:
                    raise ValueError("the items of a split are a story of their own: say which")
                chosen = set(parted)
                serials = self._index.of_story(story)
                members = self._index.members
                self._index.move([serial for serial in serials if members[serial].item_id in chosen], story_id)
                self._index.move_keys(items, story_id)
                self._apart = self._apart | {frozenset((story, story_id))}
            case _:
                assert_never(revision)

    def know(self, *, merged: Iterable[StoryId] = (), apart: Iterable[tuple[StoryId, StoryId]] = ()) -> None:
        """After a restart: which stories have taken others in, and which were taken apart."""
        self._merged = self._merged.union(merged)
        self._apart = self._apart.union(frozenset(pair) for pair in apart)

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
        own_in = 1 + self._index.stories // OWN_SHARE
        new = self._read(item)
        asked = Asked(new, self._idf, lambda one: self._index.is_own(one, own_in), stories=self._index.stories)
        found = self._nearest(asked, nearest, least_share)
        serials = dict.fromkeys(
            serial for serial, share in found if everyone or share >= MUCH or self._akin(asked, serial)
        )
        for story_id in dict.fromkeys(self._index.members[serial].story_id for serial in serials):
            serials.update(dict.fromkeys(self._index.of_story(story_id, MEMBERS)))
        timed = item.at is not None
        return list(self._measured(new, asked, item.at or at, timed, serials, -inf if everyone else HOPELESS))

    def _near_once(self, item: Item, when: datetime) -> list[Neighbour]:
        """The neighbours, measured once for `decide` and `review` as long as nothing has changed."""
        near = self._near
        if near is None or near[:3] != (item, when, self._index.version):
            near = self._near = item, when, self._index.version, self.neighbours(item, at=when)
        return near[3]

    def _nearest(self, asked: Asked, nearest: int, least_share: float) -> list[tuple[int, float]]:
        """The items that share most of the rarest words, and how much."""
        full = asked.body is not None  # full texts are few, and what they share may stand outside title and lead
        most = nearest * (1 + full)
        found: dict[int, float] = {}
        shared, with_word = found.get, self._index.with_word
        for one, share in asked.rarest(ASKED_TERMS * (1 + full)):
            known_at = with_word(one)
            if known_at:
                for serial in known_at[-LONGEST_POSTINGS:]:
                    found[serial] = shared(serial, 0.0) + share
        # most items have nobody near, and then nothing is compared in full
        least = max(0.0 if full else least_share, sorted(found.values())[-most:][0] if found else 0.0)
        best = sorted([(share, serial) for serial, share in found.items() if share >= least], reverse=True)
        return [(serial, 1.0 if full else share) for share, serial in best[:most]]  # of equals the later

    def _akin(self, asked: Asked, serial: int) -> bool:
        """Whether an item that shares few words is about the same things at least."""
        return asked.cosine(self._index.members[serial].features) >= AKIN

    def _measured(
        self,
        new: Member,
        asked: Asked,
        when: datetime,
        timed: bool,
        serials: Iterable[int],
        hopeless: float,
    ) -> Iterator[Neighbour]:
        score_of = model().score
        lifts = [model().lift(long=False), model().lift(long=True) if asked.body is not None else 0.0]
        for serial in serials:
            member = self._index.members[serial]
            apart = abs(member.at - when)
            if apart > WINDOW:
                continue
            theirs = member.features
            if new.daily and member.daily and apart > DAILY and member.entities.opening == asked.entities.opening:
                continue  # a column of another day: prices, forecasts
            hours = apart.total_seconds() / 3600 if timed else None
            same_outlet = member.outlet == new.outlet and bool(new.outlet)
            long = asked.body is not None and theirs.body is not None
            measures = asked.by_words(theirs, hours=hours, same_outlet=same_outlet)
            score = score_of(measures, long=long)
            if score + lifts[long] > hopeless:
                measures = asked.by_marks(measures, member.entities)
                score = score_of(measures, long=long)
            yield Neighbour(member.item_id, member.story_id, measures, long, score)

    def _best_story(
        self, item: Item, matches: Sequence[Match], when: datetime
    ) -> tuple[StoryId | None, float, Neighbour | None]:
        """The likeliest story, its log-odds, and its nearest member."""
        stories: dict[StoryId, list[Neighbour]] = {}
        for neighbour in self._near_once(item, when):
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
        events, leaders = events_of(matches), title_leaders_of(matches)
        if not events and not leaders:
            return 0.0
        members = self._index.members_of(story_id, MEMBERS)
        theirs = frozenset[str]().union(*(member.title_leaders for member in members))
        shared = any(events & member.events for member in members)
        return EVENT_SHARED * shared + (LEADERS_DIFFER if leaders and theirs and not leaders & theirs else 0.0)

    def _same_text(self, new: Member, when: datetime) -> Member | None:
        """The latest item with the very title or lead, unless the words are those of a daily column of another day."""
        words = new.features
        for text in (words.same_title, words.same_lead):
            for serial in reversed(self._index.with_text(text)):
                member = self._index.members[serial]
                if text == words.same_lead and member.outlet == new.outlet:
                    continue  # an agency text goes to other outlets; within one it is a standing phrase
                if abs(member.at - when) <= (DAILY if new.daily or member.daily else SAME_TEXT_WINDOW):
                    return member
        return None

    def _placed(
        self, item: Item, matches: Sequence[Match], when: datetime, story_id: StoryId, why: Reason, similarity: float
    ) -> Placement:
        told = (member.state for member in self._index.members_of(story_id))
        new = development(item.title.casefold(), when, matches, told)
        return Placement(story_id, Role.UPDATE if new else Role.REPEAT, new or why, similarity)

    def _read(self, item: Item) -> Member:
        """The item as a member of no story yet; read once, also where the same item comes as another object."""
        if self._last is None or self._last[0] != item:
            reading = read(item)
            words = words_of_reading(reading, self._idf.common)
            features = Features.of(words, self._idf, self._idf.vector(body_counts(reading)))
            entities = entities_of(reading.title, reading.lead) if item.body else None
            self._last = item, Member.of(item, NEVER, features, entities)
        return self._last[1]

    def _why(self, item: Item, nearest: Neighbour) -> Reason:
        """The rarest words that both have."""
        shared: set[int] = set()
        for member in self._index.members_of(nearest.story_id):
            if member.item_id == nearest.item_id:
                shared.update(member.features.terms)
        return why_joined(item, shared, self._idf)
