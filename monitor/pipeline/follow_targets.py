"""What a chat may follow, and how much of it: the one place where a wish becomes a subscription.

What following means is following.py's; who may wish for a chat is for the doors to say.
"""

from collections.abc import Sequence
from datetime import datetime

from monitor.store.transaction import Transaction
from monitor.types import EVERYTHING, Address, Target

MOST_FOLLOWED = 200  # by one chat; who wants more follows a tag, or everything


def follow_targets(
    tx: Transaction, address: Address, targets: Sequence[Target], *, now: datetime
) -> tuple[list[Target], list[Target], list[Target]]:
    """Follow as many of these as the chat may: the new ones, those it followed before, and those it may not."""
    new: list[Target] = []
    known: list[Target] = []
    refused: list[Target] = []
    followed = tx.following(address)
    for target in dict.fromkeys(targets):
        if target in followed:
            known.append(target)
        elif _is_full(len(followed) + len(new), target):
            refused.append(target)
        else:
            tx.follow(address, target, now=now)
            new.append(target)
    return new, known, refused


def _is_full(followed: int, target: Target) -> bool:
    """Whether a chat that follows so many may not follow this one too; everything is always possible."""
    return followed >= MOST_FOLLOWED and target != EVERYTHING
