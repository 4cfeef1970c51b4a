"""What detection found of items, written: transaction 2, many items in one.

Decides nothing of news: which watch, which story and which role are handed in. Each kind of row takes one statement,
however many items there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Executable,
    Update,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from monitor.store.column_types import Id, Prose, UtcDateTime, storable
from monitor.store.count_rows import CountRows
from monitor.store.many_rows import columns_of, many_rows
from monitor.store.reason_text import reason_text
from monitor.store.role_rows import KEPT, ends_if_silent_for
from monitor.store.statements import AnyRow
from monitor.store.tables import Values, items, matches, row_id, stories
from monitor.types import Fulltext, Item, ItemId, Match, Placement, StoryId

SILENT_AT_MOST = KEPT  # between two statements of one transaction, which follow each other within milliseconds
DETECTION = 7_110_002  # the name of an advisory lock of PostgreSQL: any number that nobody else takes


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found of an item: its matches, its place, and what the story window packed of it.

    `opens` is the reserved number of the story that it opens where `placement` names none.
    """

    item: Item
    matches: Sequence[Match]
    placement: Placement
    opens: StoryId | None = None
    packed: str = ""


_OF_SEEN: dict[str, TypeEngine[Any]] = {  # what detection says of every item
    "of_item": Id,
    "new_matched_at": UtcDateTime(),
    "new_matched_version": Prose(),
    "new_fulltext_at": UtcDateTime(),
    "new_gist": Prose(),
}
_OF_PLACED: dict[str, TypeEngine[Any]] = _OF_SEEN | {  # and of one that gets its first story
    "new_story_id": Id,
    "new_role": Prose(),
    "new_reason": Prose(),
    "new_score": Double(),
}
_OF_OPENED: dict[str, TypeEngine[Any]] = {"id": Id, "title": Prose(), "opened_at": UtcDateTime()}


def _saving(given: Mapping[str, ColumnElement[Any]]) -> Update:
    """What is written of items: values by name, of one row or of many."""
    seen = {
        "matched_at": given["new_matched_at"],
        "matched_version": given["new_matched_version"],
        "match_failures": 0,
        "parked_at": None,
        "fulltext_at": given["new_fulltext_at"],
        "gist": func.coalesce(given["new_gist"], items.c.gist),
    }
    placed = {name: given[f"new_{name}"] for name in ("story_id", "role", "reason", "score") if f"new_{name}" in given}
    return update(items).where(items.c.id == given["of_item"]).values(seen | placed)


def _in_both(types: Mapping[str, TypeEngine[Any]]) -> dict[bool, Update]:
    """The same, by whether it is for PostgreSQL."""
    return {
        True: _saving(dict(many_rows(types).c.items())),
        False: _saving({name: bindparam(name, type_=kind) for name, kind in types.items()}),
    }


_SAVE_SEEN, _SAVE_PLACED = _in_both(_OF_SEEN), _in_both(_OF_PLACED)
_OPEN = {True: insert(stories).from_select(list(_OF_OPENED), select(many_rows(_OF_OPENED))), False: insert(stories)}


class DetectionRows(CountRows):
    """Items with their matches, on their way to a story."""

    _alone = False

    def reserve_stories(self, count: int) -> list[StoryId]:
        """Numbers for stories to come, so that a batch can be grouped before anything of it is written.

        Those that nobody opens are never given again.
        """
        if self._on_postgresql:
            drawn = text("SELECT nextval(pg_get_serial_sequence('stories', 'id')) FROM generate_series(1, :count)")
            numbers = [int(row[0]) for row in self._connection.execute(drawn, {"count": count})]
        else:
            known = "SELECT 1 FROM sqlite_sequence WHERE name = 'stories'"
            self._connection.execute(
                text(f"INSERT INTO sqlite_sequence SELECT 'stories', 0 WHERE NOT EXISTS ({known})")
            )
            raised = text("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = 'stories' RETURNING seq")
            last = int(self._connection.execute(raised, {"count": count}).scalar_one())
            numbers = list(range(last - count + 1, last + 1))
        return [StoryId(str(number)) for number in numbers]

    def save_detections(self, found: Sequence[Detection], *, version: str, now: datetime) -> dict[ItemId, StoryId]:
        """Write matches, stories and matched_at; gives the story of each item.

        An item that has a story keeps it, so that two detectors with the same item still end in one story. `packed`,
        where there is any, is what `window_since` gives back after a restart.
        Raises LookupError for an item or a story that is not stored.
        """
        self._detect_alone()
        rows = self._item_rows(each.item.id for each in found)
        placed: dict[ItemId, int] = {}
        opened: list[Values] = []
        seen: list[Values] = []
        first_seen: list[Values] = []
        for each in found:
            row = rows[each.item.id]
            values = _seen_values(row, each, version, now)
            if row.story_id is not None:
                placed[each.item.id] = row.story_id
                seen.append(values)
                continue
            number = row_id(each.placement.story_id or each.opens)
            if number is None:
                raise LookupError(f"story {each.placement.story_id} is not stored")
            if each.placement.story_id is None:
                opened.append({"id": number, "title": each.item.title, "opened_at": each.item.at or now})
            placed[each.item.id] = number
            first_seen.append(values | _placed_values(each, number))
        self._change_many(_OPEN, opened)
        self._change_many(_SAVE_PLACED, first_seen)
        self._change_many(_SAVE_SEEN, seen)
        self._write_matches([(rows[each.item.id], placed[each.item.id], each.matches) for each in found])
        return {item_id: StoryId(str(number)) for item_id, number in placed.items()}

    def save_detection(
        self,
        item: Item,
        matches: Sequence[Match],
        placement: Placement,
        *,
        version: str,
        now: datetime,
        packed: str = "",
    ) -> StoryId:
        """The same for one item, which opens a story under the next number where `placement` names none."""
        (opens,) = self.reserve_stories(1) if placement.story_id is None else (None,)
        detection = Detection(item, matches, placement, opens, packed)
        return self.save_detections([detection], version=version, now=now)[item.id]

    def add_matches(self, item_id: ItemId, found: Sequence[Match]) -> list[Match]:
        """Write matches that a second look brought; gives those that were new."""
        self._detect_alone()
        row = self._item_row(item_id)
        return self._write_matches([(row, row.story_id, found)])[row.id]

    def _change_many(self, statements: Mapping[bool, Executable], rows: Sequence[Values]) -> None:
        """Run that of this database with many rows."""
        if rows:
            self._change(statements[self._on_postgresql], columns_of(rows) if self._on_postgresql else rows)

    def _detect_alone(self) -> None:
        # Detectors of several workers write one after the other: counts and outbox rows are shared by all of them, and
        # taken in the order of the news, which two workers would take in two orders (a deadlock). On SQLite every
        # writer is alone.
        if self._on_postgresql and not self._alone:
            self._alone = True
            # whoever falls silent in it (a machine that vanished) must hold up nobody for longer than they may a role
            self._rows(select(ends_if_silent_for(SILENT_AT_MOST), func.pg_advisory_xact_lock(DETECTION)))

    def _item_row(self, item_id: ItemId) -> AnyRow:
        return self._item_rows([item_id])[item_id]

    def _item_rows(self, item_ids: Iterable[ItemId]) -> dict[ItemId, AnyRow]:
        wanted = {item_id: row_id(item_id) for item_id in item_ids}
        mine = self._one_of(items.c.id, [number for number in wanted.values() if number is not None])
        found = {row.id: row for row in self._rows(select(*_KNOWN).where(mine).order_by(items.c.id).with_for_update())}
        for item_id, number in wanted.items():
            if number not in found:
                raise LookupError(f"item {item_id} is not stored")
        return {item_id: found[number] for item_id, number in wanted.items() if number is not None}

    def _write_matches(
        self, found: Sequence[tuple[AnyRow, int | None, Sequence[Match]]], *, counted: bool = True
    ) -> dict[int, list[Match]]:
        """Write matches of items, each with its row and story; gives those that are new, by item."""
        first = {(row.id, match.watch_id): match for row, _, mine in found for match in reversed(mine)}
        rows = [_values_of(item_id, match) for (item_id, _), match in first.items()]
        new: defaultdict[int, set[str]] = defaultdict(set)
        if rows:
            adding = self._insert(matches).on_conflict_do_nothing().returning(matches.c.item_id, matches.c.watch_id)
            for written in self._rows(adding, rows):
                new[written.item_id].add(written.watch_id)
        if counted and new:
            self._count([(row.id, story, row.at, new[row.id]) for row, story, _ in found if row.id in new])
        return {
            row.id: [m for m in mine if m.watch_id in new[row.id] and first[row.id, m.watch_id] is m]
            for row, _, mine in found
        }


_KNOWN = (
    items.c.id,
    items.c.at,
    items.c.title,
    items.c.lead,
    items.c.url,
    items.c.story_id,
    items.c.match_failures,
    items.c.parked_at,
    items.c.alertable,
    items.c.fulltext,
    items.c.fulltext_at,
    items.c.fulltext_read_at,
    items.c.fulltext_attempts,
)


def _seen_values(row: AnyRow, found: Detection, version: str, now: datetime) -> Values:
    # reworded while it was looked at: it is looked at again
    is_same = (row.title, row.lead) == (storable(found.item.title), storable(found.item.lead))
    wants = bool(found.matches) or row.fulltext == Fulltext.ALWAYS
    unread = row.fulltext_read_at is None and row.fulltext_at is None and not row.fulltext_attempts
    # of a silent item nobody is told: a newspaper is not asked for a thousand pages that nobody reads
    reads = wants and unread and row.alertable and row.fulltext != Fulltext.NEVER
    return {
        "of_item": row.id,
        "new_matched_at": now if is_same else None,
        "new_matched_version": version,
        "new_fulltext_at": now if reads else row.fulltext_at,
        "new_gist": found.packed or None,
    }


def _placed_values(found: Detection, story: int) -> Values:
    return {
        "new_story_id": story,
        "new_role": found.placement.role,
        "new_reason": reason_text(found.placement.reason),
        "new_score": found.placement.score,
    }


def _values_of(item_id: int, match: Match) -> Values:
    return {
        "item_id": item_id,
        "watch_id": match.watch_id,
        "kind": match.kind,
        "name": match.name,
        "rule": match.rule,
        "score": match.score,
        "evidence": [[each.field, each.start, each.end, each.text] for each in match.evidence],
        "by": match.by,
        "note": match.note,
    }
