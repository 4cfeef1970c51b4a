"""What following means: a watch is followed by its id, by a tag, or with everything else.

Knows no chat and no row.
"""

from collections.abc import Collection, Iterable

from monitor.types import EVERYTHING, Target, Watch, WatchId


def targets_of(watches: Iterable[Watch]) -> dict[Target, WatchId | None]:
    """Under which targets a chat may follow these watches: the id, each "#tag", and everything."""
    targets: dict[Target, WatchId | None] = {EVERYTHING: None}
    for watch in watches:
        targets[Target(watch.id)] = watch.id
        for tag in watch.tags:
            targets.setdefault(Target(f"#{tag}"), None)
    return targets


def follows(watch: Watch, targets: Collection[Target]) -> bool:
    """Whether a chat that follows `targets` follows this watch."""
    return (
        EVERYTHING in targets or Target(watch.id) in targets or any(Target(f"#{tag}") in targets for tag in watch.tags)
    )
