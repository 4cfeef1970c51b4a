"""Channels of channels.yaml as chats: what the file says of them, written to their rows.

Decides nothing of what a channel gets; pipeline/channels.py says which there are.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from monitor.store.chat_rows import ChatRows
from monitor.store.tables import alerts, chats, is_open
from monitor.types import Address, AlertState, Chat, ChatKind, ChatState, Target


class OutsideRows(ChatRows):
    """The rows of channels."""

    def put_channel(self, chat: Chat, follow: Sequence[Target], *, now: datetime) -> None:
        """Write a channel with all that it follows; what it followed before and does not now is gone."""
        self.save_chat(chat)
        for target in self.following(chat.address):
            if target not in follow:
                self.unfollow(chat.address, target)
        for target in follow:
            self.follow(chat.address, target, now=now)

    def end_channels_but(self, kept: Sequence[Address], *, why: str, now: datetime) -> list[str]:
        """Bar all channels but these, and skip what waits for them; the ids of those that were not barred before."""
        known = select(chats).where(chats.c.kind == ChatKind.OUTSIDE.value, chats.c.state != ChatState.BARRED.value)
        ended = [row for row in self._rows(known) if Address(row.chat_id, row.thread_id) not in kept]
        for row in ended:
            mine = (chats.c.chat_id == row.chat_id, chats.c.thread_id == row.thread_id)
            self._change(update(chats).where(*mine).values(state=ChatState.BARRED))
            waiting = (is_open(alerts), alerts.c.state == AlertState.PENDING, alerts.c.chat_id == row.chat_id)
            values = {"state": AlertState.SKIPPED, "why": why, "settled_at": now}
            self._change(update(alerts).where(*waiting).values(values))
        return [row.title for row in ended]
