"""The weekly report of a chat: a picture of its watches' week, enqueued when it is due.

The picture is pictures.py's; whether a chat wants reports, and when the first one is due, is set where it is asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.gathering import next_report, zone_of
from monitor.pipeline.pictures import payload_of
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import AlertKind, Chat, NewAlert, PictureKind, PictureSpec

Due = tuple[Chat, datetime]


class SendReports:
    """The use case."""

    def __init__(self, store: Store, *, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    async def claim(self, *, limit: int) -> Sequence[Due]:
        """Reports that are due."""
        return await self._store.read(Transaction.due_reports, now=self._clock(), limit=limit)

    async def send(self, due: Due) -> None:
        """Enqueue one, and set when the next is due, together: none is lost and none told twice."""
        await self._store.write(self._send, *due)

    def _send(self, tx: Transaction, chat: Chat, at: datetime) -> None:
        now, address = self._clock(), chat.address
        following = next_report(chat.preferences, zone_of(chat.preferences, self._zone), now)
        if not tx.put_off_report(address, due=at, until=following):
            return
        until = at.astimezone(self._zone).date() - timedelta(days=1)  # days of the counts; the present one is not over
        spec = PictureSpec(PictureKind.WEEK, until=until)
        key = notice_key("week", until.isoformat())
        tx.enqueue([NewAlert(address, AlertKind.PICTURE, key, payload={"picture": payload_of(spec)})], now=now)
