"""A word to the admin chats, through the outbox like any alert, so that a crash cannot swallow it.

Decides neither what is worth telling nor in which words: callers hand in the sentence in a reader's language.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import assert_never

from monitor.i18n import Translator, translator
from monitor.store.chat_rows import ChatRows
from monitor.store.transaction import Transaction
from monitor.types import Address, AlertKind, Chat, ChatKind, DedupeKey, NewAlert

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


def place_words(_: Translator, tx: ChatRows, address: Address) -> str:
    """A chat or topic as a person knows it, with its number for commands: group “Ban Thế giới” (-100123)."""
    root = tx.chat(Address(address.chat_id)) or tx.chat(address)
    whole = chat_words(_, root, address.chat_id)
    return _.gettext("topic {n} of {chat}", n=address.thread_id, chat=whole) if address.thread_id else whole


def chat_words(_: Translator, chat: Chat | None, chat_id: int) -> str:
    """The whole chat likewise; the number alone where nothing else is known."""
    if chat is None or not chat.title.strip():
        return str(chat_id)
    match chat.kind:
        case ChatKind.PRIVATE:
            return _.gettext("reader “{title}” ({id})", title=chat.title, id=chat_id)
        case ChatKind.GROUP:
            return _.gettext("group “{title}” ({id})", title=chat.title, id=chat_id)
        case ChatKind.CHANNEL:
            return _.gettext("channel “{title}” ({id})", title=chat.title, id=chat_id)
        case ChatKind.TERMINAL | ChatKind.OUTSIDE:
            return chat.title
        case _:
            assert_never(chat.kind)
