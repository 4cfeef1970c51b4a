"""An alert -> Telegram -> settled; owns transactions 3 (claim) and 4 (settle).

Leaves alone what deserves an alert (detect.py), what it says (compose.py) and what Telegram's errors mean
(notify/telegram.py). Composed when it is sent, so that five outlets within the minute make one message.
Nothing outside is awaited while a transaction is open.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, assert_never

import structlog

from monitor.errors import SenderBroken, StoreError
from monitor.i18n import Translator
from monitor.notify.digest_layout import Occasion
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.bugs import why_of
from monitor.pipeline.compose import Composed, Composer
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.digest import fold
from monitor.pipeline.gathering import is_gathering_now
from monitor.pipeline.lost_places import is_about_topic, tell_lost
from monitor.pipeline.outage import CHANNELS_OUT_SINCE, OUT_SINCE, Outages
from monitor.pipeline.pace import Pace, Waits
from monitor.pipeline.shared_outage import SharedOutages
from monitor.ports import Clock, Sender
from monitor.store.attempts import after_unknown
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    Alert,
    AlertKind,
    AlertState,
    Later,
    Message,
    Outcome,
    Priority,
    Reach,
    Refused,
    Sent,
    Unknown,
    Unreached,
)

GRACE = timedelta(seconds=2)  # what a message on the wire still gets when the service has to end
NEVER_LEFT = timedelta(milliseconds=1)  # after now: "it never left", so the attempt does not count
RETRY_WRITING = tuple(timedelta(seconds=each) for each in (1, 2, 4, 8, 16, 32, 64))  # together under LEASE
LEASE = timedelta(minutes=5)  # longer than a group's minute quota and every time-out of a send together
CATCH_UP_AFTER = timedelta(hours=6)
CROWD = 20  # alerts that wait for one chat; at Telegram's pace of a group a minute's worth
CROWD_AFTER = timedelta(minutes=10)  # by when a crowd that moves has gone: then this one is told in a digest
PARK_AFTER = 3  # failures to write a message
CLOSED_FOR_GOOD = timedelta(days=3)  # a topic that has been closed for so long counts as lost

CHANNEL_RESTS = timedelta(seconds=30)  # after an end of which nobody knows whether the message arrived
WORTH_TELLING = timedelta(minutes=10)  # a channel's trouble that lasts shorter is none of the admins'

NEWS = (AlertKind.ALERT, AlertKind.UPDATE)  # what may be told in a digest

_log = structlog.stdlib.get_logger("monitor.deliver")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one claimed row; `message` is None where none was put on the wire, `rest` then is nothing."""

    alert: Alert
    state: AlertState
    message: Message | None = None
    why: str = ""
    rest: timedelta = timedelta(0)  # in which the chat gets nothing more
    on_wire: tuple[datetime, datetime] | None = None  # put on it; answered


class Deliver:
    """Sends what is due, and writes what became of it."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        composer: Composer,
        *,
        clock: Clock,
        pace: Pace = Pace(),
        waits: Waits | None = None,
        catch_up_after: timedelta | None = CATCH_UP_AFTER,
        admins: Collection[int] = (),
        outside: bool = False,
        life: Callable[[], int | None] = lambda: 0,
    ) -> None:
        """`waits` are shared with whatever else sends as this bot; without them its own are made of `pace`.

        `outside`: to channels, and to them alone; else to Telegram's chats. `life`: of this worker (worker.py).
        """
        self._outside = outside
        self._store = store
        self._sender = sender
        self._composer = composer
        self._clock = clock
        self.waits = waits or Waits(pace)
        self._catch_up_after = catch_up_after
        self._admins = frozenset(admins)
        out_since = CHANNELS_OUT_SINCE if outside else OUT_SINCE
        outages = SharedOutages if store.is_shared and not outside else Outages
        self._life = life
        self._claimed_in: dict[tuple[int, int, int], int] = {}  # life, by claim
        self._outages = outages(store, sender, clock=clock, admins=admins, out_since=out_since)

    async def claim(self, *, limit: int, chat_id: int | None = None) -> list[Alert]:
        """Transaction 3: due rows, at most one a chat; none while the bot is in a flood wait or Telegram out of reach.

        `chat_id`: of this chat alone. After an outage one row goes alone, and the others when it got through.
        A chat whose oldest row has waited longer than `catch_up_after` gets one digest instead of a late storm. So does
        one for which several pieces wait that were older than that when they came, as after an outage; one such piece
        by itself is told as it is. A chat for which CROWD alerts have waited for CROWD_AFTER gets one digest of them,
        urgent ones left out.
        """
        await self.waits.bucket.opened()  # before the claim: what dies claimed may have arrived, and is sent again
        life = self._life()
        if life is None or self.waits.is_bot_held(self._clock()) or not await self._outages.may_send():
            return []
        now, goes_alone = self._clock(), self._outages.current is not None
        limit = 1 if goes_alone else limit
        before = now - self._catch_up_after if self._catch_up_after else None
        ready = await self._beside_answers(await self._store.write(self._claim, now, before, limit, chat_id))
        self._claimed_in |= {alert.claim: life for alert in ready}
        if goes_alone:  # not when an outage began meanwhile: then all of these are held back
            for alert in ready:
                self._outages.goes_alone(alert.id)
            if not ready:
                await self._outages.none_goes()
        return ready

    async def _beside_answers(self, claimed: list[Alert]) -> list[Alert]:
        """Those of other chats than answers are on their way to; the rest is given back, and goes when its chat may.

        Asked of the rows first and then in memory; an answer does it the other way round, so that not both find a chat
        free.
        """
        ready = []
        for alert in claimed:
            if alert.address.chat_id in self.waits.answering:
                again = self._clock() + self.waits.pace.private
                await self._settle(alert, AlertState.PENDING, next_try_at=again, why="an answer goes first")
            else:
                ready.append(alert)
        return ready

    async def due(self, *, limit: int) -> list[int]:
        """Chats that a row could be claimed of, whose turn is first first; nothing is claimed."""
        return await self._store.read(self._due, self._clock(), limit)

    def _due(self, tx: Transaction, now: datetime, limit: int) -> list[int]:
        if self.waits.is_held_for_all(tx, now) or self._outages.is_waited_for(tx):
            return []
        return tx.due_chats(now=now, limit=limit, outside=self._outside)

    def _claim(
        self, tx: Transaction, now: datetime, before: datetime | None, limit: int, chat_id: int | None
    ) -> list[Alert]:
        ready: list[Alert] = []
        if self.waits.is_held_for_all(tx, now) or self._outages.begins_elsewhere(tx):
            return ready
        mine = partial(tx.claim_alerts, now=now, lease=LEASE, limit=limit, outside=self._outside, chat_id=chat_id)
        # a claim that only folded comes again at once: behind old news of many chats, new news must not wait
        while not ready and (claimed := mine()):
            late = tx.late_news([alert.id for alert in claimed], before=before) if before else ()
            for alert in claimed:
                if self._passes_digest(tx, alert, now):
                    ready.append(alert)
                elif before and self._is_for_digest(tx, alert, before, alert.id in late):
                    overdue = tx.overdue_alerts(alert.address, before=before)
                    self._fold(tx, [alert, *overdue], Occasion.LATE, now)
                elif crowd := self._crowd(tx, alert, now):
                    self._fold(tx, crowd, Occasion.CROWD, now)
                else:
                    ready.append(alert)
        return ready

    def _passes_digest(self, tx: Transaction, alert: Alert, now: datetime) -> bool:
        """Whether it goes by itself, and what waits in its chat for a digest goes on waiting."""
        if alert.kind not in NEWS or alert.priority is not Priority.HIGH:
            return False
        chat = tx.chat(alert.address)
        return chat is not None and is_gathering_now(chat, now)

    def _crowd(self, tx: Transaction, alert: Alert, now: datetime) -> list[Alert]:
        """What waits with `alert` in a chat that cannot keep up; nothing where it can."""
        since = now - CROWD_AFTER
        if alert.kind not in NEWS or alert.priority is Priority.HIGH or alert.created_at > since:
            return []
        waiting = tx.overdue_alerts(alert.address, before=since)
        crowd = [alert, *(each for each in waiting if each.priority is not Priority.HIGH and each.created_at <= since)]
        return crowd if len(crowd) >= CROWD else []

    def _is_for_digest(self, tx: Transaction, alert: Alert, before: datetime, is_late_news: bool) -> bool:
        if alert.kind not in NEWS:
            return False
        return alert.created_at < before or (
            is_late_news and bool(tx.overdue_alerts(alert.address, before=before))  # itself is claimed, not open
        )

    @property
    def held_until(self) -> datetime | None:
        """Until when nothing is sent: Telegram wants nothing of this bot, or was out of reach. None: neither yet."""
        outage = self._outages.current
        held = (self.waits.bot_held_until, outage.ask_at if outage else None)
        return max((at for at in held if at is not None), default=None)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether an outage of Telegram lasts."""
        return self._outages.current is not None

    def turn_back(self, by: timedelta) -> None:
        """The clock was set back: a flood wait of the bot stays as long as Telegram said, and an outage's wait."""
        self.waits.turn_back(by)
        self._outages.turn_back(by)

    def _fold(self, tx: Transaction, mine: Sequence[Alert], occasion: Occasion, now: datetime) -> None:
        """One digest in place of those of a chat, the first of which is claimed."""
        tx.settle(mine[0], AlertState.PENDING, now=now, next_try_at=now, why="not sent by itself")
        fold(tx, mine, occasion, at=now, now=now)

    async def deliver(self, alert: Alert) -> Delivered:
        """Compose, send once and settle one claimed row.

        From the moment of sending until its outcome is written it cannot be cancelled: whoever stops the service waits.
        Raises SenderBroken when the bot itself is refused, StoreError when the rows cannot be read or written; the row
        is free again then.
        """
        try:
            return await self._deliver(alert)
        finally:
            self._outages.done(alert.id)
            self._claimed_in.pop(alert.claim, None)

    async def _deliver(self, alert: Alert) -> Delivered:
        if self._outside and alert.kind is AlertKind.EDIT:
            return await self._settle(alert, AlertState.SKIPPED, why="a channel cannot change what was sent")
        try:
            composed = await self._composer.compose(alert, now=self._clock())
        except StoreError as trouble:
            await self._give_back(alert, str(trouble))
            raise
        except Exception as bug:
            _log.exception("bug", alert=alert.id)
            return await self._fail(alert, why_of(bug))
        if composed is None:
            return await self._settle(alert, AlertState.SKIPPED, why="nothing to say any more")
        if composed.content_hash == composed.shown:
            return await self._settle(
                alert, AlertState.SENT, message_id=composed.message.edits, content_hash=composed.content_hash
            )
        try:
            await self.waits.bucket.take()
        except StoreError as trouble:
            await self._give_back(alert, str(trouble))
            raise
        if why := self._held_back(alert):
            return await self._settle(alert, AlertState.PENDING, next_try_at=self._clock() + NEVER_LEFT, why=why)
        return await _uncancelled(self._send(alert, composed))

    def _held_back(self, alert: Alert) -> str:
        """What has come between since it was claimed; empty where it may go."""
        if self.waits.is_bot_held(self._clock()):
            return "Telegram wants silence"
        if self._outages.holds_back(alert.id):
            return "Telegram is out of reach"
        life = self._life()  # where this process stood still, another one may have sent it meanwhile
        return "" if self._claimed_in.get(alert.claim, life) == life else "this process was silent for too long"

    async def _give_back(self, alert: Alert, why: str) -> None:
        """The database was in trouble before the wire: that is no try, and its chat must not wait for the lease."""
        for pause in RETRY_WRITING:
            try:
                await self._settle(alert, AlertState.PENDING, next_try_at=self._clock() + NEVER_LEFT, why=why)
            except StoreError:
                await asyncio.sleep(pause.total_seconds())
            else:
                return

    async def _fail(self, alert: Alert, why: str) -> Delivered:
        """It never left, for a fault that lies in it or in us: tried three times, then parked for a person."""
        now = self._clock()
        state = AlertState.PENDING if alert.attempts < PARK_AFTER else AlertState.PARKED

        def settle(tx: Transaction) -> None:
            tx.settle(alert, state, now=now, next_try_at=now, why=why)
            if state is AlertState.PARKED:
                tell_admins(
                    tx,
                    self._admins if alert.kind is not AlertKind.NOTICE else (),  # which might fail just so
                    lambda _: _.gettext(
                        "⚠️ Alert {id} could not be written three times and is parked: {why}. See /stuck",
                        id=alert.id,
                        why=why,
                    ),
                    dedupe_key=notice_key("parked-alert", alert.id),
                    now=now,
                )

        await self._store.write(settle)
        return Delivered(alert, state, why=why)

    async def _send(self, alert: Alert, composed: Composed) -> Delivered:
        put_at = self._clock()
        try:
            with self._outages.sending():
                outcome = await self._sender.send(composed.message)
        except SenderBroken:
            # refused before anything was said
            again = self._clock() + NEVER_LEFT
            await self._settle(alert, AlertState.PENDING, next_try_at=again, why="the sender stopped")
            raise
        except Exception as bug:  # a fault between us and the wire: whether it left, nobody knows
            _log.exception("bug", alert=alert.id)
            outcome = Unknown(why_of(bug))
        on_wire = (put_at, self._clock())
        self._outages.note(outcome)
        for pause in RETRY_WRITING:
            try:
                return replace(await self._write(alert, composed, outcome), on_wire=on_wire)
            except StoreError as trouble:  # the outcome is known here only: lost, the message would ring again
                _log.warning("outcome_not_written", alert=alert.id, why=str(trouble))
                await asyncio.sleep(pause.total_seconds())
        return replace(await self._write(alert, composed, outcome), on_wire=on_wire)

    async def _write(self, alert: Alert, composed: Composed, outcome: Outcome) -> Delivered:
        """Transaction 4, by the table of outcomes in docs/decisions.md."""

        def settle(tx: Transaction) -> tuple[bool, Delivered]:
            ends_outage, now = self._outages.write(tx, outcome, alert.id), self._clock()
            if isinstance(outcome, Later) and outcome.reach is Reach.BOT:
                self.waits.hold_all(tx, outcome.at, now)
            return ends_outage, self._settle_by(tx, alert, composed, outcome, now)

        ends_outage, delivered = await self._store.write(settle)
        if ends_outage:
            self._outages.ended()
        if isinstance(outcome, Later) and outcome.reach is Reach.BOT:
            self.waits.hold_bot(outcome.at)
        return delivered

    def _settle_by(
        self, tx: Transaction, alert: Alert, composed: Composed, outcome: Outcome, now: datetime
    ) -> Delivered:
        message = composed.message
        match outcome:
            case Sent(message_id=message_id):
                if tx.settle(alert, AlertState.SENT, now=now, message_id=message_id, sent_hash=composed.content_hash):
                    tx.note_sent(alert, now=now)
                return Delivered(alert, AlertState.SENT, message, rest=self._rest(tx, alert, now))
            case Later(reach=Reach.TOPIC, why=why) if now - alert.created_at > CLOSED_FOR_GOOD or is_about_topic(alert):
                return self._refuse(tx, alert, message, Refused(why, reach=Reach.TOPIC), now)
            case Later(at=at, why=why):
                tx.settle(alert, AlertState.PENDING, now=now, next_try_at=max(at, now + NEVER_LEFT), why=why)
                if outcome.moved_to is not None:
                    tx.move_chat(alert.address.chat_id, outcome.moved_to)
                elif outcome.reach is not Reach.TOPIC:  # its other topics are open: only this row holds up its own
                    tx.hold_chat(alert.address.chat_id, at, flooded=True)
                if self._outside and now - alert.created_at > WORTH_TELLING:
                    self._report(tx, alert, why, now)
                return Delivered(alert, AlertState.PENDING, message, why)
            case Refused():
                return self._refuse(tx, alert, message, outcome, now)
            case Unreached(why=why):
                tx.settle(alert, AlertState.PENDING, now=now, next_try_at=now + NEVER_LEFT, why=why)
                return Delivered(alert, AlertState.PENDING, message, why)
            case Unknown(why=why):
                state = after_unknown(alert.kind, alert.attempts)
                tx.settle(alert, state, now=now, next_try_at=now, why=why)
                if outcome.reach is Reach.CHAT:
                    tx.hold_chat(alert.address.chat_id, now + CHANNEL_RESTS)
                    return Delivered(alert, state, message, why, CHANNEL_RESTS)
                return Delivered(alert, state, message, why, self._rest(tx, alert, now))
            case _:
                assert_never(outcome)

    def _refuse(self, tx: Transaction, alert: Alert, message: Message, refused: Refused, now: datetime) -> Delivered:
        tx.settle(alert, AlertState.REFUSED, now=now, why=refused.why)
        if refused.reach is Reach.TOPIC and alert.address.thread_id:
            tx.lose_topic(alert.address)
        elif refused.reach is Reach.CHAT:
            tx.lose_chat(alert.address.chat_id)
        if self._outside:
            self._report(tx, alert, refused.why, now)
        elif refused.reach is not Reach.MESSAGE or message.edits is None:  # a reader may delete a message
            tell_lost(tx, alert, refused, self._admins, now)
        return Delivered(alert, AlertState.REFUSED, message, refused.why)

    def _rest(self, tx: Transaction, alert: Alert, now: datetime) -> timedelta:
        """Leave the chat alone for a while; for how long."""
        rest = self.waits.pace.rest(tx.chat(alert.address))
        tx.hold_chat(alert.address.chat_id, now + rest)
        return rest

    def _report(self, tx: Transaction, alert: Alert, why: str, now: datetime) -> None:
        chat_id, known = alert.address.chat_id, tx.chat(alert.address)
        name = known.title if known else chat_id

        def words(_: Translator) -> str:
            return _.gettext("⚠️ The channel {channel} does not take messages: {why}", channel=name, why=why)

        tell_admins(
            tx,
            self._admins,
            words,
            dedupe_key=notice_key("refused", chat_id, f"{now:%Y%m%d}"),  # once a day a channel is enough
            now=now,
        )

    async def _settle(
        self,
        alert: Alert,
        state: AlertState,
        *,
        message_id: int | None = None,
        content_hash: str = "",
        next_try_at: datetime | None = None,
        why: str = "",
    ) -> Delivered:
        """Write how a row ended that was not put on the wire."""
        await self._store.write(
            Transaction.settle,
            alert,
            state,
            now=self._clock(),
            message_id=message_id,
            sent_hash=content_hash,
            next_try_at=next_try_at,
            why=why,
        )
        return Delivered(alert, state, why=why)


async def _uncancelled(work: Coroutine[Any, Any, Delivered]) -> Delivered:
    """Finish `work` even when the caller is cancelled, within GRACE; the cancellation is passed on afterwards."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=GRACE.total_seconds())
        task.cancel()  # a row that stays `sending` counts as unknown at the next start
        await asyncio.wait([task])
        raise
