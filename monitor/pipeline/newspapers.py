"""Which newspapers count for one chat: those that it muted do not, and it may wait until several tell a story. Pure.

Asked by alerts.py of who is rung, and by card.py of what is shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.store.outlet_rows import Witness
from monitor.types import AS_SHIPPED, Address, Item, Preferences, StoryView, Watch, WatchId


@dataclass(frozen=True, slots=True)
class Newspapers:
    """What each chat prefers, and the articles of a story so far with the watches that they name.

    The articles are asked for only where some chat waits until several newspapers tell a story.
    """

    wishes: Mapping[Address, Preferences] = field(default_factory=dict)
    witnesses: Sequence[Witness] = ()
    watches: Mapping[WatchId, Watch] = field(default_factory=dict)  # those that the articles name

    def of(self, address: Address) -> Preferences:
        """What this chat prefers."""
        return self.wishes.get(address, AS_SHIPPED)

    def first_told(self, address: Address, item: Item, mine: Sequence[Watch]) -> Sequence[Watch]:
        """For which watches a chat may be rung for the first time with this item, which names `mine`.

        A patient chat is rung by whichever article makes enough newspapers, for all that any of them names.
        """
        wishes = self.of(address)
        if wishes.least_outlets <= 1:
            return mine
        counted = [each for each in self.witnesses if each.outlet not in wishes.muted_outlets]
        if len(outlets_of(counted) | {item.outlet}) < wishes.least_outlets:
            return ()
        named = dict.fromkeys(watch_id for each in counted for watch_id in each.watch_ids)
        found = [*mine, *(self.watches[each] for each in named if each in self.watches)]
        return list({watch.id: watch for watch in found}.values())


ALL_ALIKE = Newspapers()


def outlets_of(articles: Iterable[Witness | Item]) -> set[str]:
    """The newspapers of articles."""
    return {each.outlet for each in articles}


def without_muted(view: StoryView, muted: Collection[str]) -> StoryView:
    """The story without the articles of muted newspapers, where others tell it."""
    kept = tuple(item for item in view.items if item.outlet not in muted)
    return replace(view, items=kept) if kept and len(kept) < len(view.items) else view
