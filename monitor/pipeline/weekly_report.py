"""The weekly report of a chat: a picture of its watches' week, enqueued when it is due.

The picture is pictures.py's; whether a chat wants reports, and when the first one is due, is set where it is asked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.pictures import payload_of
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, AlertKind, NewAlert, PictureKind, PictureSpec

WEEK = timedelta(days=7)
Due = tuple[Address, datetime, str]


def week_later(due: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The same weekday and clock face in `zone`, a week on or as many as it takes to lie after `now`.

    On the day that the clocks are turned the face counts; one that is left out counts from before the turn.
    """
    face = due.astimezone(zone).replace(tzinfo=None)
    while True:
        face += WEEK
        later = face.replace(tzinfo=zone).astimezone(UTC)
        if later > now:
            return later


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

    def _send(self, tx: Transaction, address: Address, at: datetime, zone_name: str) -> None:
        now = self._clock()
        if not tx.put_off_report(address, due=at, until=week_later(at, _zone(zone_name) or self._zone, now)):
            return
        until = at.astimezone(self._zone).date() - timedelta(days=1)  # days of the counts; the present one is not over
        spec = PictureSpec(PictureKind.WEEK, until=until)
        key = notice_key("week", until.isoformat())
        tx.enqueue([NewAlert(address, AlertKind.PICTURE, key, payload={"picture": payload_of(spec)})], now=now)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a newer machine wrote it
        return None
