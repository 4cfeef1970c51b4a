"""Which newspapers tell a story, and what their articles name: for chats that wait until several do.

Decides nothing; who is rung is pipeline/alerts.py's.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from monitor.store.statements import Statements
from monitor.store.tables import chats, items, matches, row_ids
from monitor.types import StoryId, WatchId


@dataclass(frozen=True, slots=True)
class Witness:
    """An article of a story: its newspaper, and the watches that it names."""

    outlet: str
    watch_ids: tuple[WatchId, ...] = ()


class OutletRows(Statements):
    """Reads about the newspapers of stories."""

    def is_some_patient(self) -> bool:
        """Whether any chat is rung only when several newspapers tell a story."""
        least = chats.c.preferences["least_outlets"].as_integer()
        return self._row(select(chats.c.chat_id).where(least > 1).limit(1)) is not None

    def witnesses(self, story_ids: Collection[StoryId]) -> dict[StoryId, list[Witness]]:
        """The articles of these stories, oldest first."""
        named = (
            select(items.c.story_id, items.c.id, items.c.outlet, matches.c.watch_id)
            .select_from(items.outerjoin(matches, matches.c.item_id == items.c.id))
            .where(self._one_of(items.c.story_id, row_ids(story_ids)))
            .order_by(items.c.at, items.c.id, matches.c.watch_id)
        )
        outlets: dict[tuple[int, int], str] = {}
        watches: defaultdict[tuple[int, int], list[WatchId]] = defaultdict(list)
        for row in self._rows(named):
            outlets[row.story_id, row.id] = row.outlet
            if row.watch_id is not None:
                watches[row.story_id, row.id].append(WatchId(row.watch_id))
        found: defaultdict[StoryId, list[Witness]] = defaultdict(list)
        for key, outlet in outlets.items():
            found[StoryId(str(key[0]))].append(Witness(outlet, tuple(watches[key])))
        return dict(found)
