"""A word to the admin chats, through the outbox like any alert, so that a crash cannot swallow it.

Decides neither what is worth telling nor in which words: callers hand in the sentence in a reader's language.
"""

from collections.abc import Callable, Collection
from datetime import datetime

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
