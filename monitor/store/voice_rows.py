"""Who said what about a chat and in it: how many persons complained of a story, and who brought the bot in.

Decides nothing of what is told to whom.
"""

from sqlalchemy import and_, select, update

from monitor.store.chat_tables import chats, feedback
from monitor.store.statements import Statements
from monitor.store.tables import row_id
from monitor.types import Address, StoryId


class VoiceRows(Statements):
    """Persons behind a chat, by Telegram's number of them."""

    def add_voice(self, address: Address, story_id: StoryId, user_id: int) -> tuple[int, bool]:
        """Count a person among those of a chat who complain of a story: how many they are, and whether this one is new.

        The complaint itself must be kept first (add_feedback); without it the answer is 0.
        """
        mine = and_(
            feedback.c.chat_id == address.chat_id,
            feedback.c.thread_id == address.thread_id,
            feedback.c.story_id == row_id(story_id),
        )
        row = self._row(select(feedback.c.voices).where(mine).with_for_update())
        if row is None:
            return 0, False
        if user_id in row.voices:
            return len(row.voices), False
        self._change(update(feedback).where(mine).values(voices=[*row.voices, user_id]))
        return len(row.voices) + 1, True

    def set_brought_by(self, address: Address, user_id: int | None) -> None:
        """Keep who brought the bot into a chat; the last who did counts."""
        mine = and_(chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id)
        self._change(update(chats).where(mine).values(brought_by=user_id))

    def brought_by(self, address: Address) -> int | None:
        """Who brought the bot into a topic, else into its chat."""
        here = select(chats.c.thread_id, chats.c.brought_by).where(
            chats.c.chat_id == address.chat_id,
            chats.c.thread_id.in_([address.thread_id, 0]),
            chats.c.brought_by.is_not(None),
        )
        row = self._row(here.order_by(chats.c.thread_id.desc()).limit(1))
        return None if row is None else row.brought_by
