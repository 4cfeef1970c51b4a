"""Stored news by words: the nearest kind of hit first, and the newest first in each, alike on both databases.

Reads what index_rows.py writes. The index says which items may hold the words; whether they stand there, and where, is
read from the item itself, so that nothing is found that a reader cannot see.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import func, select, text

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.index_rows import IndexRows
from monitor.store.search_words import (
    AS_WRITTEN,
    BARE,
    TEXT_AS_WRITTEN,
    TEXT_BARE,
    FoundWord,
    keys_of,
    outlet_key,
    phrase_keys,
    word_keys,
    words_of,
)
from monitor.store.tables import items, matches
from monitor.text.words import has_marks
from monitor.types import Item, WatchId

LOOKED_BACK = 2_000  # numbers of items; each further step takes WIDER times as many
WIDER = 4
STORED_WITHIN = timedelta(minutes=10)  # from seen to stored: the longest poll, and clocks of several processes
READ_AT_ONCE = 50  # items whose words are read at a time
FEW = 500  # hits that are read whole: of a rare word PostgreSQL would unpack the keys of every item of a step
_NEVER = datetime.min.replace(tzinfo=UTC)


class Nearness(StrEnum):
    """How near a hit is to what was typed, the nearest first.

    The words side by side as typed; the same without regard to marks, where none was typed; all words somewhere in
    title or lead; side by side in the full text alone.
    """

    AS_TYPED = "as_typed"
    WITH_MARKS = "with_marks"
    APART = "apart"
    IN_TEXT = "in_text"


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """Words that were typed behind each other; `quoted`: they must stand side by side."""

    words: tuple[FoundWord, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `watch_ids`: one of these is named, None: any item.

    `up_to` is the highest number of an item: what came later is left out.
    """

    terms: tuple[SearchTerm, ...] = ()
    outlet: str = ""
    watch_ids: Collection[WatchId] | None = None
    since: datetime | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class HitMark:
    """A place of a hit, in characters of the field as it is stored; `field` is "title" or "summary"."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An item that was found. A hit in the full text alone has no marks."""

    item: Item
    nearness: Nearness
    marks: tuple[HitMark, ...] = ()


def term_of(words: str, *, quoted: bool = False) -> SearchTerm:
    """The term that words stand for; without words where there are only signs."""
    return SearchTerm(tuple(words_of(words)), quoted)


# ---------------------------------------------------------------- the questions to the index

_Keys = tuple[str, ...]
_Group = tuple[_Keys, ...]  # one of these, with all its keys
_Asked = tuple[_Group, ...]  # all groups


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of hit: what the index is asked for, and what an earlier kind has given already."""

    nearness: Nearness
    asked: _Asked
    but_not: tuple[_Asked, ...] = ()
    bare: bool = False
    instead: tuple[_Asked, ...] = ()  # other questions, of which one is enough


def _kinds(search: Search) -> Iterator[_Kind]:
    terms = search.terms
    only: _Asked = (((outlet_key(search.outlet),),),) if search.outlet else ()
    if not terms:
        yield _Kind(Nearness.AS_TYPED, only)
        return
    bare = not any(has_marks(word.written) for term in terms for word in term.words)
    written = [[word.written for word in term.words] for term in terms]
    plain = [[word.bare for word in term.words] for term in terms]
    as_typed: _Asked = tuple((phrase_keys(AS_WRITTEN, words),) for words in written)
    yield _Kind(Nearness.AS_TYPED, as_typed + only)
    nearer: list[_Asked] = [as_typed]
    used, lane, text_lane = (plain, BARE, TEXT_BARE) if bare else (written, AS_WRITTEN, TEXT_AS_WRITTEN)
    beside: _Asked = tuple((phrase_keys(lane, words),) for words in used)
    if bare:
        yield _Kind(Nearness.WITH_MARKS, beside + only, tuple(nearer), bare)
        nearer = [beside]  # what is as typed is so without marks, too
    if len(terms) > 1 or any(len(words) > 1 for words in used):
        apart: _Asked = tuple(
            ((phrase_keys if term.quoted else word_keys)(lane, words),) for term, words in zip(terms, used, strict=True)
        )
        if apart != beside:
            yield _Kind(Nearness.APART, apart + only, tuple(nearer), bare)
            nearer = [apart]  # words side by side are there apart, too
    in_text: _Asked = tuple((phrase_keys(lane, words), phrase_keys(text_lane, words)) for words in used)
    yield _Kind(Nearness.IN_TEXT, in_text + only, tuple(nearer), bare)


def _any_kind(search: Search) -> _Kind:
    """All kinds as one: what is side by side in title or lead is found with what is so anywhere."""
    last = list(_kinds(search))[-1]
    apart = tuple(kind.asked for kind in _kinds(search) if kind.nearness is Nearness.APART)
    return _Kind(last.nearness, last.asked, bare=last.bare, instead=apart)


@dataclass(frozen=True, slots=True)
class _Language:
    """How a database writes a question; no key holds a quotation mark or a backslash."""

    both: str
    either: str
    never: str
    quote: str

    def of(self, kind: _Kind) -> str:
        """The whole question."""
        if kind.instead:
            return f" {self.either} ".join(f"({self._all(each)})" for each in (kind.asked, *kind.instead))
        return self._all(kind.asked) + "".join(f" {self.never}({self._all(each)})" for each in kind.but_not)

    def _all(self, groups: _Asked) -> str:
        return f" {self.both} ".join(f"({f' {self.either} '.join(map(self._keys, group))})" for group in groups)

    def _keys(self, keys: _Keys) -> str:
        return f"({f' {self.both} '.join(f'{self.quote}{key}{self.quote}' for key in keys)})"


_FTS5 = _Language("AND", "OR", "NOT ", '"')
_TSQUERY = _Language("&", "|", "& !", "'")

_NAMED = "(SELECT item_id FROM matches WHERE watch_id {one_of} AND item_id >= :first AND item_id < :end)"
_NAMED_IN_SQLITE = _NAMED.format(one_of="IN (SELECT value FROM json_each(:watches))")
_NAMED_IN_POSTGRESQL = _NAMED.format(one_of="= ANY(:watches)")
_IN_SQLITE = "SELECT rowid FROM search_keys WHERE search_keys MATCH :asked AND rowid >= :first AND rowid < :end"
_IN_POSTGRESQL = (
    "SELECT item_id FROM search_keys WHERE keys @@ CAST(:asked AS tsquery) AND item_id >= :first AND item_id < :end"
)
_ASKED = {  # by the database, and whether a watch is asked for; the plus keeps SQLite from asking FTS5 once a number
    (False, False): text(_IN_SQLITE),
    (False, True): text(f"{_IN_SQLITE} AND +rowid IN {_NAMED_IN_SQLITE}"),
    (True, False): text(_IN_POSTGRESQL),
    (True, True): text(f"{_IN_POSTGRESQL} AND item_id IN {_NAMED_IN_POSTGRESQL}"),
}
_FIRST = {  # some hits, in no order
    False: text("SELECT rowid FROM search_keys WHERE search_keys MATCH :asked LIMIT :most"),
    True: text("SELECT item_id FROM search_keys WHERE keys @@ CAST(:asked AS tsquery) LIMIT :most"),
}


class SearchRows(IndexRows):
    """Searching."""

    def search(self, wanted: Search) -> Iterator[SearchHit]:
        """What is found, one after the other, inside this transaction: stop when it is enough."""
        for kind in _kinds(wanted):
            numbers = (number for _, number in self._newest(kind, wanted))
            while some := list(islice(numbers, READ_AT_ONCE)):
                rows = self._rows(select(*ITEM).where(self._one_of(items.c.id, some)))
                found = {row.id: item_of(row) for row in rows}
                for number in some:
                    marks = _marks_of(found[number], wanted.terms, kind)
                    if marks is not None:
                        yield SearchHit(found[number], kind.nearness, marks)

    def hits_by_time(self, wanted: Search) -> Iterator[tuple[datetime, int]]:
        """When each hit of any kind was published, and its number, the newest first.

        Whether quoted words stand there in one piece is another question (`holds_quoted`).
        """
        return self._newest(_any_kind(wanted), wanted)

    def last_item_number(self) -> int:
        """The highest number of an item; 0 where there is none."""
        row = self._row(select(func.max(items.c.id).label("id")))
        return 0 if row is None or row.id is None else row.id

    def watches_of(self, numbers: Collection[int]) -> dict[int, list[WatchId]]:
        """The watches that items match, in order, by the numbers of the items."""
        found: dict[int, list[WatchId]] = {number: [] for number in numbers}
        mine = select(matches.c.item_id, matches.c.watch_id).where(self._one_of(matches.c.item_id, numbers))
        for row in sorted(self._rows(mine)):
            found[row.item_id].append(WatchId(row.watch_id))
        return found

    def outlets_of(self, stories: Collection[int]) -> dict[int, list[str]]:
        """The outlets that tell of stories, in order, by the numbers of the stories."""
        found: dict[int, list[str]] = {number: [] for number in stories}
        mine = select(items.c.story_id, items.c.outlet).where(self._one_of(items.c.story_id, stories)).distinct()
        for row in sorted(self._rows(mine)):
            found[row.story_id].append(row.outlet)
        return found

    def _newest(self, kind: _Kind, wanted: Search) -> Iterator[tuple[datetime, int]]:
        """When each hit of a kind was published, and its number, the newest first.

        A few hits are read at once. Else items are looked through backwards by number, in steps. None is published
        after it was seen (the parser sees to that), nor stored long after: what lies further back is older than the
        last one seen there.
        """
        few = self._few(kind, wanted)
        if few is not None:
            yield from sorted(few, reverse=True)
            return
        waiting: list[tuple[datetime, int]] = []
        end, width = (self.last_item_number() if wanted.up_to is None else wanted.up_to) + 1, LOOKED_BACK
        while end > 0:
            first, width = max(0, end - width), width * WIDER
            waiting += self._hits(kind, wanted, first, end)
            before = self._row(select(items.c.seen_at).where(items.c.id < first).order_by(items.c.id.desc()).limit(1))
            others_until = _NEVER if before is None else before.seen_at + STORED_WITHIN
            waiting.sort()
            while waiting and waiting[-1][0] > others_until:
                yield waiting.pop()
            if before is None or (wanted.since is not None and others_until < wanted.since):
                break
            end = first
        yield from reversed(waiting)

    def _few(self, kind: _Kind, wanted: Search) -> list[tuple[datetime, int]] | None:
        """All hits of a kind where they are few; None where they are many, or nothing is asked of the index."""
        if not kind.asked:
            return None
        asked = (_TSQUERY if self._on_postgresql else _FTS5).of(kind)
        rows = self._connection.execute(_FIRST[self._on_postgresql], {"asked": asked, "most": FEW + 1})
        numbers = [row[0] for row in rows]
        if len(numbers) > FEW:
            return None
        i = items.c
        dated = select(i.at, i.id).where(self._one_of(i.id, numbers))
        if wanted.up_to is not None:
            dated = dated.where(i.id <= wanted.up_to)
        if wanted.since is not None:
            dated = dated.where(i.at >= wanted.since)
        if wanted.watch_ids is not None:
            named = select(matches.c.item_id).where(
                self._one_of(matches.c.watch_id, wanted.watch_ids), self._one_of(matches.c.item_id, numbers)
            )
            dated = dated.where(i.id.in_(named))
        return [(row.at, row.id) for row in self._rows(dated)] if numbers else []

    def _hits(self, kind: _Kind, wanted: Search, first: int, end: int) -> list[tuple[datetime, int]]:
        """Hits with numbers from `first` to before `end`."""
        i = items.c
        dated = select(i.at, i.id).where(i.id >= first, i.id < end)
        if wanted.since is not None:
            dated = dated.where(i.at >= wanted.since)
        if kind.asked:
            language = _TSQUERY if self._on_postgresql else _FTS5
            given: dict[str, Any] = {"asked": language.of(kind), "first": first, "end": end}
            if wanted.watch_ids is not None:
                watches = list(wanted.watch_ids)
                given["watches"] = watches if self._on_postgresql else json.dumps(watches)
            statement = _ASKED[self._on_postgresql, wanted.watch_ids is not None]
            numbers = [row[0] for row in self._connection.execute(statement, given)]
            if not numbers:
                return []
            dated = dated.where(self._one_of(i.id, numbers))
        elif wanted.watch_ids is not None:
            named = select(matches.c.item_id).where(
                self._one_of(matches.c.watch_id, wanted.watch_ids), matches.c.item_id >= first, matches.c.item_id < end
            )
            dated = dated.where(i.id.in_(named))
        return [(row.at, row.id) for row in self._rows(dated)]


# ---------------------------------------------------------------- where the words stand


def answers(item: Item, wanted: Search) -> bool:
    """Whether a search would find this item, which need not be in the index yet; its watches are not asked."""
    if wanted.since is not None and (item.at is None or item.at < wanted.since):
        return False
    if not wanted.terms:
        return not wanted.outlet or outlet_key(item.outlet) == outlet_key(wanted.outlet)
    kind, keys = _any_kind(wanted), set(keys_of(item.title, item.lead, item.body, item.outlet).split(" "))
    is_hit = any(
        all(any(keys.issuperset(one) for one in group) for group in asked) for asked in (kind.asked, *kind.instead)
    )
    return is_hit and holds_quoted(item, wanted)


def holds_quoted(item: Item, wanted: Search) -> bool:
    """Whether quoted words stand in a hit in one piece: of two words the index knows it, of more it does not."""
    return _marks_of(item, wanted.terms, _any_kind(wanted)) is not None


def _marks_of(item: Item, terms: Sequence[SearchTerm], kind: _Kind) -> tuple[HitMark, ...] | None:
    """Where the words stand in title and lead; None where quoted words are not there in one piece after all."""
    fields = (("title", words_of(item.title)), ("summary", words_of(item.lead)))
    marks: set[HitMark] = set()
    for term in terms:
        asked = _spelt(term.words, kind)
        found = [HitMark(name, *span) for name, words in fields for span in _places(asked, words, kind)]
        if not found and not term.quoted:
            single = [[one] for one in asked]
            found = [
                HitMark(name, *span) for name, words in fields for one in single for span in _places(one, words, kind)
            ]
        if not found and term.quoted and not _is_in_text(item, asked, kind):
            return None
        marks.update(found)
    return tuple(sorted(marks, key=lambda mark: (mark.field != "title", mark.start, mark.end)))


def _is_in_text(item: Item, asked: Sequence[str], kind: _Kind) -> bool:
    return kind.nearness is Nearness.IN_TEXT and any(_places(asked, words_of(item.body), kind))


def _spelt(words: Sequence[FoundWord], kind: _Kind) -> list[str]:
    return [word.bare if kind.bare else word.written for word in words]


def _places(asked: Sequence[str], words: Sequence[FoundWord], kind: _Kind) -> Iterator[tuple[int, int]]:
    """The spans of a text in which the words stand side by side."""
    spelt = _spelt(words, kind)
    for at in range(len(spelt) - len(asked) + 1):
        if spelt[at] == asked[0] and spelt[at : at + len(asked)] == list(asked):
            yield words[at].start, words[at + len(asked) - 1].end
