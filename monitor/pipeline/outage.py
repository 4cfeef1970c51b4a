"""Telegram out of reach: how long nothing is sent, when it is asked whether it is well, and what admins hear of it.

Which answers of Telegram say that it is out of reach is notify/telegram.py's; what becomes of the alert that met it is
deliver.py's.
"""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeGuard

import structlog

from monitor.i18n import Translator
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.dedupe_keys import notice_key
from monitor.ports import Clock, Sender
from monitor.store.transaction import Store, Transaction
from monitor.types import AlertState, Outcome, Reach, Unknown, Unreached

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=1)  # news is late by no more than this after Telegram is back
WORTH_TELLING = timedelta(seconds=10)  # a shorter one that left nothing uncertain is a hiccup
QUIET_END = timedelta(minutes=1)  # so long well with nothing to send: it is over without a message to prove it
OUT_SINCE = "telegram_out_since"  # the name of the fact
CHANNELS_OUT_SINCE = "channels_out_since"  # never written: channels are not out of reach together

_log = structlog.stdlib.get_logger("monitor.deliver")


# ---------------------------------------------------------------- when it is asked: pure


@dataclass(frozen=True, slots=True)
class TelegramOutage:
    """Since when Telegram is out of reach, and when it is asked next; `well_at`: since when it answers again.

    It is over when a message got an answer, not when Telegram answers a question: some outages reach one of the two.
    """

    since: datetime
    ask_at: datetime
    failures: int = 1
    why: str = ""
    well_at: datetime | None = None

    def turned_back(self, by: timedelta) -> "TelegramOutage":
        """The same after the clock was set back."""
        well_at = self.well_at - by if self.well_at else None
        return replace(self, since=self.since - by, ask_at=self.ask_at - by, well_at=well_at)


def after_trouble(outage: TelegramOutage | None, why: str, now: datetime) -> TelegramOutage:
    """Nothing came back. Each further failure doubles the wait; those of messages that left together count as one."""
    if outage is None:
        return TelegramOutage(now, now + FIRST_WAIT, why=why)
    if now < outage.ask_at:
        return outage
    wait = min(FIRST_WAIT * 2 ** min(outage.failures, 10), LONGEST_WAIT)
    return replace(outage, ask_at=now + wait, failures=outage.failures + 1, why=why, well_at=None)


def after_answer(outage: TelegramOutage, now: datetime) -> TelegramOutage:
    """It answers a question again: a message may try."""
    return replace(outage, well_at=outage.well_at or now)


def lasted(outage: TelegramOutage, now: datetime) -> timedelta:
    """How long nothing could be sent, up to `now`."""
    return (outage.well_at or now) - outage.since


def is_over(outage: TelegramOutage, now: datetime) -> bool:
    """Whether it has been well for so long that nothing is left to prove."""
    return outage.well_at is not None and now - outage.well_at >= QUIET_END


# ---------------------------------------------------------------- the one that the sender is in


class Outages:
    """Whether Telegram may be sent to. What it knows stands in a row as well, so that a restart asks first."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        *,
        clock: Clock,
        admins: Collection[int] = (),
        out_since: str = OUT_SINCE,
    ) -> None:
        self._out_since = out_since
        self._store = store
        self._sender = sender
        self._clock = clock
        self._admins = frozenset(admins)
        self._current: TelegramOutage | None = None
        self._has_looked = False  # in which state an earlier process ended
        self._on_the_wire = 0
        self._trial: int | None = None  # the row that goes alone

    @property
    def current(self) -> TelegramOutage | None:
        """The outage that lasts; None: Telegram is well."""
        return self._current

    def turn_back(self, by: timedelta) -> None:
        """The clock was set back: a wait stays as long as it was."""
        if self._current is not None:
            self._current = self._current.turned_back(by)

    async def may_send(self) -> bool:
        """Telegram is asked in an outage, when its wait is over and nothing is on the wire.

        Raises SenderBroken when it refuses the bot.
        """
        if not self._has_looked:
            since = await self._store.read(Transaction.fact, self._out_since)
            self._current = TelegramOutage(datetime.fromisoformat(since), self._clock()) if since else None
            self._has_looked = True
        if self._current is None:
            return True
        if self._trial is not None or self._on_the_wire or self._clock() < self._current.ask_at:
            return False
        if not await self._may_ask():
            return self._current is None
        why = await self._sender.probe()
        now = self._clock()
        if why:
            self._current = after_trouble(self._current, why, now)
            await self._put_off()
            return False
        self._current = after_answer(self._current, now)
        if is_over(self._current, now):
            await self._store.write(self._tell, self._current, now)
            self._end(now)
        return True

    def begins_elsewhere(self, tx: Transaction) -> bool:
        """Whether another process met an outage; there is none here."""
        return False

    def is_waited_for(self, tx: Transaction) -> bool:
        """Whether the other processes may not send; there are none here."""
        return False

    async def none_goes(self) -> None:
        """Telegram answered, and nothing is due that could go alone."""

    async def _may_ask(self) -> bool:
        """Whether it is for this process to ask."""
        return True

    async def _put_off(self) -> None:
        """Telegram did not answer."""

    def goes_alone(self, alert_id: int) -> None:
        """This row was claimed after Telegram answered: until it is done nothing else is sent."""
        self._trial = alert_id

    def done(self, alert_id: int) -> None:
        """Nobody works on this row any more."""
        if self._trial == alert_id:
            self._trial = None

    def holds_back(self, alert_id: int) -> bool:
        """Whether an outage began since this row was claimed."""
        return self._current is not None and self._trial != alert_id

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """A message is on the wire: its answer says more than a question."""
        self._on_the_wire += 1
        try:
            yield
        finally:
            self._on_the_wire -= 1

    def note(self, outcome: Outcome) -> None:
        """From this moment nothing more is sent, if `outcome` says that Telegram is out of reach."""
        if is_out_of_reach(outcome):
            if self._current is None:
                _log.warning("telegram_out_of_reach", why=outcome.why)
            self._current = after_trouble(self._current, outcome.why, self._clock())

    def write(self, tx: Transaction, outcome: Outcome, alert_id: int) -> bool:
        """What `outcome` says of an outage, in the transaction that settles its message; whether that ends one.

        Only an answer to the row that went alone does: others left before the outage began. Call `ended` after it.
        """
        current = self._current  # it may end while this thread is at it
        if current is None:
            return False
        if is_out_of_reach(outcome):
            tx.set_fact(self._out_since, current.since.isoformat())
            return False
        if self._trial != alert_id:
            return False
        self._tell(tx, current, self._clock())
        return True

    def ended(self) -> None:
        """The end of the outage is written."""
        self._end(self._clock())

    def _end(self, now: datetime) -> None:
        if self._current is not None:
            _log.info("telegram_well_again", after=str(lasted(self._current, now)))
        self._current = None

    def _tell(self, tx: Transaction, outage: TelegramOutage, now: datetime) -> None:
        tx.set_fact(self._out_since, "")
        span = lasted(outage, now)
        uncertain = sum(
            alert.state is AlertState.UNCERTAIN and alert.since >= outage.since for alert in tx.stuck_alerts()
        )
        if span < WORTH_TELLING and not uncertain:
            return
        tell_admins(
            tx,
            self._admins,
            lambda _: _wording(_, outage, span, uncertain),
            dedupe_key=notice_key("outage", f"{outage.since:%Y%m%dT%H%M%S}"),
            now=now,
        )


def is_out_of_reach(outcome: Outcome) -> TypeGuard[Unknown | Unreached]:
    """Whether the next message to anybody would meet the same."""
    return isinstance(outcome, Unreached) or (isinstance(outcome, Unknown) and outcome.reach is Reach.BOT)


# ---------------------------------------------------------------- in words


def _wording(_: Translator, outage: TelegramOutage, span: timedelta, uncertain: int) -> str:
    text = _.gettext(
        "✅ Telegram is back: for {span} nothing could be sent ({why}). What waited is on its way.",
        span=_.span(span),
        why=outage.why or "?",
    )
    if uncertain:
        text += "\n" + _.ngettext(
            "{n} alert may or may not have arrived: /stuck", "{n} alerts may or may not have arrived: /stuck", uncertain
        )
    return text
