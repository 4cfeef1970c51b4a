"""What waits for a person, and what they decide of it: try again, or give up; each decision stands in the log.

Shown by /stuck of the bot and by the page's /status. Decides nothing itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.i18n import Translator
from monitor.pipeline.admin_notices import place_words
from monitor.store.transaction import Transaction
from monitor.types import Address, NewChange, ParkedItem, StuckAlert

AGAIN, DROP = "again", "drop"
STUCK_NAME = re.compile(r"item:[0-9]{1,18}|alert:[0-9]{1,18}|all")
REFUSED_WITHIN = timedelta(days=1)  # what was refused longer ago is no news any more


@dataclass(frozen=True, slots=True)
class StuckWork:
    """All that waits. `refused` ended lately and may be tried once more; `places` is how chats are called."""

    items: tuple[ParkedItem, ...] = ()
    alerts: tuple[StuckAlert, ...] = ()
    refused: tuple[StuckAlert, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)


def read_stuck(tx: Transaction, words: Translator, *, now: datetime) -> StuckWork:
    """What is stuck, and how the chats are called for which alerts are."""
    alerts, refused = tx.stuck_alerts(), tx.refused_alerts(since=now - REFUSED_WITHIN)
    chats = {alert.chat_id for alert in (*alerts, *refused)}
    places = {chat_id: place_words(words, tx, Address(chat_id)) for chat_id in chats}
    return StuckWork(tuple(tx.parked_items()), tuple(alerts), tuple(refused), places)


def end_stuck(tx: Transaction, name: str, *, again: bool, by: NewChange, now: datetime) -> int:
    """Do it, and log who did; how many rows that were. Raises ValueError for what is no name (STUCK_NAME)."""
    ended = tx.end_stuck(name, again=again, now=now)
    if ended:
        tx.add_change(replace(by, what=name, before=f"{ended}", after=AGAIN if again else DROP), now=now)
    return ended


def ended_words(words: Translator, ended: int, *, again: bool) -> str:
    """What was done, for whoever pressed."""
    if again:
        return words.ngettext("{n} is tried again.", "{n} are tried again.", ended)
    return words.ngettext("{n} is dropped.", "{n} are dropped.", ended)
