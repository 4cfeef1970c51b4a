"""Which worker tries Telegram after an outage: one row goes alone, of all workers together.

Does not ask what time it is. Shares a table with the bot's pace: both say when the next message may leave.
"""

from datetime import datetime

from sqlalchemy import func, or_, select

from monitor.store.statements import Statements
from monitor.store.tables import bot_pace

TRIAL = "telegram trial"  # the name of the row


class TrialRows(Statements):
    """The trial of Telegram."""

    def begin_trial(self, *, now: datetime, until: datetime, mine: datetime | None = None) -> bool:
        """Take the trial until `until`, where its wait is over and nobody has it; `mine` is one's own, taken before."""
        held = bot_pace.c.held_until
        insert = self._insert(bot_pace).values(name=TRIAL, next_at=now, held_until=until)
        taken = insert.on_conflict_do_update(
            index_elements=[bot_pace.c.name],
            set_={"held_until": until},
            where=(bot_pace.c.next_at <= now) & or_(held.is_(None), held <= now, held == mine),
        ).returning(bot_pace.c.name)
        return bool(self._rows(taken))

    def end_trial(self, *, next_at: datetime, mine: datetime | None) -> None:
        """Nobody tries before `next_at`; one's own trial, taken until `mine`, is over, and another's goes on."""
        held = bot_pace.c.held_until
        insert = self._insert(bot_pace).values(name=TRIAL, next_at=next_at)
        ended = insert.on_conflict_do_update(
            index_elements=[bot_pace.c.name],
            set_={
                "next_at": func.greatest(bot_pace.c.next_at, next_at),
                "held_until": func.nullif(held, mine),
            },
        )
        self._change(ended)

    def is_trial_free(self, *, now: datetime) -> bool:
        """Whether a trial could begin now."""
        row = self._row(select(bot_pace.c.next_at, bot_pace.c.held_until).where(bot_pace.c.name == TRIAL))
        return row is None or (row.next_at <= now and (row.held_until is None or row.held_until <= now))
