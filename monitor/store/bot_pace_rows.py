"""How fast one bot may send, by all workers together, and until when Telegram wants nothing of it.

By the database's clock, and in spans of time: what they mean on a worker's own clock is the worker's to say. Knows no
limit of Telegram's. On SQLite nobody asks.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Interval, bindparam, func, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert

from monitor.store.column_types import Prose, UtcDateTime
from monitor.store.role_rows import db_now
from monitor.store.statements import Statements
from monitor.store.tables import bot_pace

BOT = "telegram"  # the name of the row
FURTHEST = timedelta(minutes=1)  # a turn further ahead is a clock's that was set back, and not taken seriously
NONE = timedelta(0)

_at = func.clock_timestamp()
_length = bindparam("length", type_=Interval())
_earliest = bindparam("earliest", type_=Interval())
_is_mine = bot_pace.c.name == bindparam("of_bot", type_=Prose())
_known: Any = func.least(bot_pace.c.next_at, _at + FURTHEST)
_held_for = type_coerce(func.greatest(bot_pace.c.held_until - _at, NONE), Interval())

TAKE = (
    update(bot_pace)
    .where(_is_mine)
    .values(next_at=type_coerce(func.greatest(_known, _at + _earliest) + _length, UtcDateTime()))
    .returning(
        type_coerce(bot_pace.c.next_at - _length - _at, Interval()).label("starts_in"),
        _held_for.label("held_for"),
        # nobody waits for the disk: a power cut takes back turns of a moment in which the server did not answer
        func.set_config("synchronous_commit", "off", True),
    )
)
HELD_FOR = select(_held_for.label("held_for")).where(_is_mine)
_held = insert(bot_pace).values(
    name=bindparam("of_bot", type_=Prose()), next_at=db_now(), held_until=type_coerce(_at + _length, UtcDateTime())
)
HOLD = _held.on_conflict_do_update(
    index_elements=[bot_pace.c.name],
    set_={"held_until": func.greatest(bot_pace.c.held_until, _held.excluded.held_until)},
)


@dataclass(frozen=True, slots=True)
class Slice:
    """Turns in a row for one worker: when the first one is, from now, and how long the bot is held altogether."""

    starts_in: timedelta
    held_for: timedelta


class BotPaceRows(Statements):
    """The pace of the bot."""

    def take_slice(self, bot: str, *, length: timedelta, earliest: timedelta) -> Slice:
        """Take the next `length` of the bot's time, not before `earliest` from now (negative: what nobody took)."""
        mine = {"of_bot": bot, "length": length, "earliest": earliest}
        rows = self._rows(TAKE, mine)
        if not rows:
            self._change(insert(bot_pace).values(name=bot, next_at=db_now()).on_conflict_do_nothing())
            rows = self._rows(TAKE, mine)
        return Slice(rows[0].starts_in, rows[0].held_for or NONE)

    def bot_held_for(self, bot: str) -> timedelta:
        """How long Telegram wants nothing of the bot, from now."""
        return next((row.held_for or NONE for row in self._rows(HELD_FOR, {"of_bot": bot})), NONE)

    def hold_bot(self, bot: str, span: timedelta) -> None:
        """Telegram wants nothing of the bot for so long; never shortens a longer wait."""
        self._change(HOLD, {"of_bot": bot, "length": span})
