"""Until when each chat is left alone: for the rest after a message, and because Telegram said so.

Does not ask what time it is, nor how long a rest is. Of a whole chat: Telegram counts all its topics together.
"""

from datetime import datetime

from sqlalchemy import case, delete, or_, select

from monitor.store.statements import Statements
from monitor.store.tables import holds


class HoldRows(Statements):
    """Rests and flood waits of chats."""

    def hold_chat(self, chat_id: int, until: datetime, *, flooded: bool = False) -> None:
        """Nothing more to this chat (all its topics) before `until`; never shortens a longer hold.

        `flooded`: Telegram itself said so, and wants no call of any kind about it meanwhile.
        """
        insert = self._insert(holds).values(chat_id=chat_id, until=until, flooded_until=until if flooded else None)
        new = insert.excluded
        is_flooded_for_longer = or_(holds.c.flooded_until.is_(None), holds.c.flooded_until < new.flooded_until)
        held = insert.on_conflict_do_update(
            index_elements=[holds.c.chat_id],
            set_={
                "until": case((holds.c.until < new.until, new.until), else_=holds.c.until),
                "flooded_until": case((is_flooded_for_longer, new.flooded_until), else_=holds.c.flooded_until),
            },
            where=or_(holds.c.until < new.until, new.flooded_until.is_not(None)),
        )
        self._change(held)

    def held_until(self, chat_id: int) -> datetime | None:
        """Until when nothing may be sent to a chat: Telegram said so, or its pace does."""
        row = self._row(select(holds.c.until).where(holds.c.chat_id == chat_id))
        return None if row is None else row.until

    def flooded_until(self, chat_id: int) -> datetime | None:
        """Until when Telegram wants no call about a chat. None: it never said so."""
        row = self._row(select(holds.c.flooded_until).where(holds.c.chat_id == chat_id))
        return None if row is None else row.flooded_until

    def move_holds(self, old: int, new: int) -> None:
        """What holds the old id holds the new one; the longer counts where both are held."""
        for row in self._rows(select(holds).where(holds.c.chat_id == old)):
            self.hold_chat(new, row.until)
            if row.flooded_until is not None:
                self.hold_chat(new, row.flooded_until, flooded=True)
        self._change(delete(holds).where(holds.c.chat_id == old))
