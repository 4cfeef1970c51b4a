"""A word to the admin chats, through the outbox like any alert, so that a crash cannot swallow it.

Decides neither what is worth telling nor in which words: callers hand in the sentence in a reader's language.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from monitor.i18n import Translator, translator
from monitor.store.chat_rows import ChatRows
from monitor.store.transaction import Transaction
from monitor.types import Address, AlertKind, DedupeKey, NewAlert

Wording = Callable[[Translator], str]


def tell_admins(
    tx: Transaction, admins: Collection[int], wording: Wording, *, dedupe_key: DedupeKey, now: datetime
) -> int:
    """Enqueue a notice for every admin chat in its language; how many are new (a known `dedupe_key` is told once)."""
    new_alerts = [
        NewAlert(
            Address(chat_id),
            AlertKind.NOTICE,
            dedupe_key,
            text=wording(translator(_language(tx, Address(chat_id)))),
        )
        for chat_id in sorted(admins)
    ]
    return tx.enqueue(new_alerts, now=now)


def _language(tx: ChatRows, address: Address) -> str:
    chat = tx.chat(address)
    return chat.lang if chat else "vi"


def span_words(_: Translator, span: timedelta) -> str:
    """A span of time in words, to the second."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _.gettext("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return _.gettext("{minutes} min {seconds} s", minutes=minutes, seconds=seconds)
    return _.gettext("{seconds} s", seconds=seconds)
