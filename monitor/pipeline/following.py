"""What following means: a watch is followed by its id, by a tag, or with everything else.

A chat's own watch is followed by its id alone: everything and tags are of the watches that all may follow. Knows no
chat and no row.
"""

from collections.abc import Collection, Iterable

from monitor.types import EVERYTHING, Target, Watch, WatchId, own_number


def targets_of(watches: Iterable[Watch]) -> dict[Target, WatchId | None]:
    """Under which targets a chat may follow these watches: the id, each "#tag", and everything."""
    watches = tuple(watches)
    shared = [watch for watch in watches if own_number(watch.id) is None]
    targets: dict[Target, WatchId | None] = {EVERYTHING: None} if shared or not watches else {}
    for watch in watches:
        targets[Target(watch.id)] = watch.id
    for watch in shared:
        for tag in watch.tags:
            targets.setdefault(Target(f"#{tag}"), None)
    return targets


def follows(watch: Watch, targets: Collection[Target]) -> bool:
    """Whether a chat that follows `targets` follows this watch."""
    if Target(watch.id) in targets:
        return True
    if own_number(watch.id) is not None:
        return False
    return EVERYTHING in targets or any(Target(f"#{tag}") in targets for tag in watch.tags)


def may_see(watch_id: WatchId, targets: Collection[Target]) -> bool:
    """Whether a chat that follows `targets` may be told of this watch at all: of others' own watches it may not."""
    return own_number(watch_id) is None or Target(watch_id) in targets
