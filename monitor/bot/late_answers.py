"""Answers to a chat that Telegram makes us wait for: they go out through the outbox when it may be written to again.

Only the words are kept: buttons of a minute ago would show what was.
"""

import hashlib
import re
from datetime import timedelta
from html import unescape

from telegram.error import RetryAfter

from monitor.bot.chat_request import Html, Request
from monitor.bot.polling import asked_for
from monitor.pipeline.dedupe_keys import notice_key
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import AlertKind, NewAlert

_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class LateAnswers:
    """Keeps answers in the outbox."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, request: Request, html: Html, flood: RetryAfter | None = None) -> None:
        """Send this later; `flood` is what Telegram has just said. Strangers have no place in the outbox."""
        now = self._clock()
        source = request.query_id or request.message_id
        key = notice_key("answer", source, hashlib.sha256(html.encode()).hexdigest()[:8])
        answer = NewAlert(request.address, AlertKind.NOTICE, key, text=words_of_html(html))

        def put_off(tx: Transaction) -> None:
            if flood is not None:
                tx.hold_chat(request.address.chat_id, now + timedelta(seconds=asked_for(flood) or 0))
            if request.own is not None:
                tx.enqueue([answer], now=now)

        await self._store.write(put_off)


def words_of_html(html: Html) -> str:
    """The text of an answer, its links in brackets."""
    return unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", html)))
