"""Telegram out of reach, seen by several workers: what one of them meets holds them all, and one of them tries.

Everything else is outage.py's. Since when it lasts is the fact that outlives a restart; who tries is a row.
"""

from datetime import datetime, timedelta

from monitor.pipeline.outage import Outages, TelegramOutage, is_out_of_reach
from monitor.store.transaction import Transaction
from monitor.types import Outcome

TRYING = timedelta(seconds=90)  # longer than a question and a message may take; one that is killed holds it so long


class SharedOutages(Outages):
    """Outages that all workers on a database keep."""

    _is_known = False  # to all: the fact stood in its row
    _mine: datetime | None = None  # until when the trial is this worker's

    def begins_elsewhere(self, tx: Transaction) -> bool:
        """Whether another worker met an outage of which this one did not know; now it does."""
        if self._current is not None or not (since := tx.fact(self._out_since)):
            return False
        self._current, self._is_known = TelegramOutage(datetime.fromisoformat(since), self._clock()), True
        return True

    def is_waited_for(self, tx: Transaction) -> bool:
        """Whether nobody may send at this moment, as far as the rows say."""
        return bool(tx.fact(self._out_since)) and not tx.is_trial_free(now=self._clock())

    def write(self, tx: Transaction, outcome: Outcome, alert_id: int) -> bool:
        """As alone; all workers wait as long as this one."""
        is_over = super().write(tx, outcome, alert_id)
        if is_out_of_reach(outcome) and (current := self._current) is not None:
            tx.end_trial(next_at=current.ask_at, mine=self._mine if self._trial == alert_id else None)
            self._is_known = True
        return is_over

    async def none_goes(self) -> None:
        """Let another worker try: nothing is due here."""
        await self._store.write(self._end_trial)

    async def _may_ask(self) -> bool:
        is_over, may_ask = await self._store.write(self._begin_trial)
        if is_over:
            self._end(self._clock())
        return may_ask

    def _begin_trial(self, tx: Transaction) -> tuple[bool, bool]:
        """Whether another worker has seen the end of it; if not, whether this one may try."""
        if self._is_known and not tx.fact(self._out_since):
            return True, False
        now = self._clock()
        until = now + TRYING
        if not tx.begin_trial(now=now, until=until, mine=self._mine):
            return False, False
        self._mine = until
        return False, True

    async def _put_off(self) -> None:
        await self._store.write(self._end_trial)

    def _end_trial(self, tx: Transaction) -> None:
        current = self._current
        tx.end_trial(next_at=current.ask_at if current else self._clock(), mine=self._mine)

    def _tell(self, tx: Transaction, outage: TelegramOutage, now: datetime) -> None:
        super()._tell(tx, outage, now)
        tx.end_trial(next_at=now, mine=self._mine)

    def _end(self, now: datetime) -> None:
        super()._end(now)
        self._is_known, self._mine = False, None
