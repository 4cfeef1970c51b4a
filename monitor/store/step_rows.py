"""What the story window learned, step by step: a worker that stands by learns the same in the same order.

A step is what one transaction of detection placed, merged or split. Decides nothing of news. Written only where workers
stand by; a process that is alone has its window to itself.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, literal, select

from monitor.errors import RoleLost
from monitor.store.column_types import Json, UtcDateTime
from monitor.store.item_rows import ItemRows
from monitor.store.tables import items, row_ids, window_steps
from monitor.types import Evidence, Item, ItemId, Match, Remembered, Rule, StoryId, Version, WatchId

STEPS_AT_ONCE = 200  # read at a time: of forty items each at most


@dataclass(frozen=True, slots=True)
class Learned:
    """An item that was placed, with the matches that the window was told of."""

    item_id: ItemId
    story_id: StoryId
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowStep:
    """What one transaction taught the window: first what was `placed`, in this order; then perhaps a revision.

    `merged`: the story that stayed, and the one that is gone. `parted`: the story that was taken apart, the new one,
    and the items of that. `number` rises from step to step, and no step can be read before those with lower ones; `at`
    is when it was written.
    """

    placed: tuple[Learned, ...] = ()
    merged: tuple[StoryId, StoryId] | None = None
    parted: tuple[StoryId, StoryId, tuple[ItemId, ...]] | None = None
    number: int = 0
    at: datetime | None = None

    @property
    def item_ids(self) -> set[ItemId]:
        """All items that it names."""
        return {each.item_id for each in self.placed} | set(self.parted[2] if self.parted is not None else ())


class StepRows(ItemRows):
    """The steps of the story window.

    A number is drawn by whoever holds the lock of detection, which lasts until the commit can be seen: the order of
    numbers is that of commits, and a reader that has seen one has seen all before it.
    """

    def note_step(self, step: WindowStep, *, after: int, now: datetime) -> int:
        """Write a step that was decided by a window that had learned all up to the number `after`; its number.

        Raises RoleLost when there is a later one: somebody else has decided meanwhile.
        """
        self._detect_alone()
        what = {
            "placed": [[each.item_id, each.story_id, list(map(_brief, each.matches))] for each in step.placed],
            "merged": step.merged,
            "parted": step.parted,
        }
        later = select(window_steps.c.id).where(window_steps.c.id > after).exists()
        row = select(literal(now, UtcDateTime), literal(what, Json)).where(~later)
        written = insert(window_steps).from_select(["at", "what"], row).returning(window_steps.c.id)
        rows = self._rows(written)
        if not rows:
            raise RoleLost("another worker has placed items meanwhile")
        return int(rows[0].id)

    def last_step(self) -> int:
        """The number of the last one; 0 before all."""
        number = window_steps.c.id
        row = self._row(select(number).where(number > 0).order_by(number.desc()).limit(1))  # one step into the index
        return 0 if row is None else int(row.id)

    def steps_after(self, number: int, *, limit: int | None = None) -> list[WindowStep]:
        """The next ones, in their order."""
        later = select(window_steps).where(window_steps.c.id > number).order_by(window_steps.c.id).limit(limit)
        return [_step_of(row.id, row.at, row.what) for row in self._rows(later)]

    def to_remember(self, item_ids: Collection[ItemId]) -> dict[ItemId, Remembered]:
        """As much of these items as the story window keeps, without their matches; of those that are still there."""
        i = items.c
        narrow = select(i.id, i.outlet, i.title, i.lead, i.key, i.at, i.story_id, i.gist)
        rows = self._rows(narrow.where(self._one_of(i.id, row_ids(item_ids)))) if item_ids else ()
        found = {}
        for number, outlet, title, lead, key, at, story, packed in rows:
            item = Item(ItemId(str(number)), outlet, title, lead, key=key, published_at=at)
            found[item.id] = Remembered(item, StoryId(str(story)), (), packed)
        return found

    def versions_of(self, item_ids: Collection[ItemId]) -> dict[ItemId, tuple[Version, ...]]:
        """The earlier wordings of those that were reworded, oldest first."""
        return {ItemId(str(number)): mine for number, mine in self._versions_of(row_ids(item_ids)).items()}

    def sweep_steps(self, *, before: datetime) -> int:
        """Delete the steps that were written before then; how many went."""
        return self._change(delete(window_steps).where(window_steps.c.at < before))


def _brief(match: Match) -> list[object]:
    """As much of a match as the window keeps."""
    return [match.watch_id, match.kind, any(each.field == "title" for each in match.evidence)]


def _step_of(number: int, at: datetime, what: dict[str, Any]) -> WindowStep:
    placed = tuple(
        Learned(ItemId(item), StoryId(story), tuple(_match_of(*each) for each in found))
        for item, story, found in what["placed"]
    )
    step = WindowStep(placed, number=number, at=at)
    if what["merged"] is not None:
        into, gone = map(StoryId, what["merged"])
        step = replace(step, merged=(into, gone))
    if what["parted"] is not None:
        story, new, mine = what["parted"]
        step = replace(step, parted=(StoryId(story), StoryId(new), tuple(map(ItemId, mine))))
    return step


def _match_of(watch_id: str, kind: Any, in_title: bool) -> Match:
    evidence = (Evidence("title", 0, 0, ""),) if in_title else ()
    return Match(WatchId(watch_id), kind, watch_id, Rule.NAME, 1.0, evidence)
