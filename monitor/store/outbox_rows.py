"""Alerts on their way to chats: written in transaction 2, settled in 4; claim_rows.py has 3.

Decides neither what deserves an alert nor what Telegram's answer means. A row is worked on by whoever set it to
`sending`, until its lease runs out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)

from monitor.store.attempts import after_interruption, after_unknown
from monitor.store.column_types import Id, UtcDateTime
from monitor.store.outbox_turns import IS_EDIT, IS_NEWS, IS_PENDING
from monitor.store.statements import AnyRow, AnyRows, Statements
from monitor.store.tables import Values, alerts, feeds, is_open, is_troubled, items, row_id, row_ids
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    DedupeKey,
    ItemId,
    NewAlert,
    Priority,
    StoryId,
    WatchId,
)

ENDLESS = (AlertState.SENT, AlertState.SKIPPED)  # states of nearly all rows that were ever written
LEASE_RAN_OUT = "its sender was interrupted, or took longer than its lease"

IS_LINE = and_(
    alerts.c.under_id.is_not(None), alerts.c.state == literal_column("'sent'"), alerts.c.message_id.is_(None)
)
NOTHING: Mapping[str, int] = {}
IS_SENDING = alerts.c.state == literal_column("'sending'")
_in_chat = (alerts.c.chat_id == bindparam("of_chat"), alerts.c.thread_id == bindparam("of_thread"))  # of many rows


class OutboxRows(Statements):
    """The outbox."""

    def enqueue(self, new_alerts: Iterable[NewAlert], *, now: datetime, in_bulk: bool = False) -> int:
        """Write those whose (address, dedupe_key) is new; how many were. See `enqueue_each`."""
        return len(self.enqueue_each(new_alerts, now=now, in_bulk=in_bulk))

    def enqueue_each(
        self, new_alerts: Iterable[NewAlert], *, now: datetime, in_bulk: bool = False
    ) -> set[tuple[Address, DedupeKey]]:
        """Write those whose (address, dedupe_key) is new; which were. `in_bulk`: very many chats are told the same.

        A new alert of kind EDIT whose row exists wakes that row: pending if it had ended, else its revision is bumped.
        One that is pending already keeps its time. A new alert of another kind whose row is uncertain wakes that row:
        it is tried as if it were new.
        """
        first: dict[tuple[Address, str], NewAlert] = {}
        for new_alert in new_alerts:
            first.setdefault((new_alert.address, new_alert.dedupe_key), new_alert)
        # chats in one order for all workers, so that two cannot wait for each other; within a chat as they were given
        ordered = sorted(first.values(), key=lambda new_alert: new_alert.address)
        if not ordered:
            return set()
        insert = self._insert(alerts).on_conflict_do_nothing(
            index_elements=[alerts.c.chat_id, alerts.c.thread_id, alerts.c.dedupe_key]
        )
        keys = insert.returning(alerts.c.chat_id, alerts.c.thread_id, alerts.c.dedupe_key)
        rows = self._rows(keys, [values_of(new_alert, now) | {"in_bulk": in_bulk} for new_alert in ordered])
        new = {(Address(row.chat_id, row.thread_id), DedupeKey(row.dedupe_key)) for row in rows}
        self._tie([each for each in ordered if each.under and (each.address, each.dedupe_key) in new])
        known = [new_alert for new_alert in ordered if (new_alert.address, new_alert.dedupe_key) not in new]
        self._wake([new_alert for new_alert in known if new_alert.kind is AlertKind.EDIT], now, in_bulk)
        self._ring_again([new_alert for new_alert in known if new_alert.kind is not AlertKind.EDIT], now)
        self._take_along([new_alert for new_alert in ordered if new_alert.priority is Priority.HIGH])
        return new

    def _tie(self, new_alerts: Sequence[NewAlert]) -> None:
        """Put new rows under those that they name; a row that the same call wrote has a number only now."""
        if not new_alerts:
            return
        over = alerts.alias("over")
        number = (
            select(over.c.id)
            .where(
                over.c.chat_id == alerts.c.chat_id,
                over.c.thread_id == alerts.c.thread_id,
                over.c.dedupe_key == bindparam("over_key"),
            )
            .scalar_subquery()
        )
        rows = update(alerts).where(*_in_chat, alerts.c.dedupe_key == bindparam("of_key")).values(under_id=number)
        keys = [
            {
                "of_chat": each.address.chat_id,
                "of_thread": each.address.thread_id,
                "of_key": each.dedupe_key,
                "over_key": each.under,
            }
            for each in new_alerts
        ]
        self._change(rows, keys)

    def _take_along(self, urgent: Sequence[NewAlert]) -> None:
        """What a chat has still to get of the same story is urgent, too: a reply must not pass what it answers."""
        told = {(new_alert.address, row_id(new_alert.story_id)) for new_alert in urgent if new_alert.story_id}
        if not told:
            return
        rows = (
            update(alerts)
            .where(
                *_in_chat,
                alerts.c.story_id == bindparam("of_story"),
                is_open(alerts),
            )
            .values(priority=Priority.HIGH)
        )
        keys = [
            {"of_chat": address.chat_id, "of_thread": address.thread_id, "of_story": story}
            for address, story in sorted(told, key=str)
        ]
        self._change(rows, keys)

    def _ring_again(self, new_alerts: Sequence[NewAlert], now: datetime) -> None:
        if not new_alerts:
            return
        rows = (
            update(alerts)
            .where(
                *_in_chat,
                alerts.c.dedupe_key == bindparam("of_key"),
                alerts.c.state == literal_column("'uncertain'"),
            )
            .values(
                state=AlertState.PENDING.value,
                next_try_at=bindparam("again", type_=UtcDateTime()),
                attempts=0,
                interruptions=0,
            )
        )
        self._change(rows, _keys_of(new_alerts, now))

    def _wake(self, new_alerts: Sequence[NewAlert], now: datetime, in_bulk: bool) -> None:
        if not new_alerts:
            return
        rows = (
            update(alerts)
            .where(
                *_in_chat,
                alerts.c.dedupe_key == bindparam("of_key"),
                IS_EDIT,
            )
            .values(woken(bindparam("again", type_=UtcDateTime()), in_bulk))
        )
        self._change(rows, _keys_of(new_alerts, now))

    def alerts_of_story(self, story_id: StoryId, *, chats: Collection[int] | None = None) -> list[Alert]:
        """All rows about a story, of every chat or of these alone, oldest first.

        In a writing transaction they stay as they are until its end: a row that is seen pending cannot be rendered
        meanwhile without the item that is being told.
        """
        return self.alerts_of_stories([story_id], chats=chats).get(story_id, [])

    def alerts_of_stories(
        self, story_ids: Collection[StoryId], *, chats: Collection[int] | None = None
    ) -> dict[StoryId, list[Alert]]:
        """The same of several stories; those that nobody was told of are left out."""
        if not story_ids:
            return {}
        mine = self._of_chats(alerts.c.chat_id, chats)
        rows = select(alerts).where(self._one_of(alerts.c.story_id, row_ids(story_ids)), mine).order_by(alerts.c.id)
        found: defaultdict[StoryId, list[Alert]] = defaultdict(list)
        for row in self._rows(rows.with_for_update() if self._writing else rows):
            found[StoryId(str(row.story_id))].append(alert_of(row))
        return dict(found)

    def forget_leases(self, *, now: datetime) -> int:
        """Take back every claim of feeds and alerts; how many alerts. For the start of the only process."""
        self._change(update(feeds).where(feeds.c.leased).values(next_check_at=now, leased=False, leased_by=None))
        return self._interrupt(self._rows(select(alerts).where(IS_SENDING).with_for_update(skip_locked=True)), now=now)

    def _interrupt(self, rows: AnyRows, *, now: datetime) -> int:
        """Take back claims whose process died; how many."""
        for row in rows:
            deaths = row.interruptions + 1
            # no try of an unknown end, of which there are two: most of a claim goes by before the wire
            counted = {"attempts": max(0, row.attempts - 1), "interruptions": deaths}
            self._take_back(row, after_interruption(deaths), now, counted)
        return len(rows)

    def _expire(self, now: datetime) -> None:
        lost = select(alerts).where(IS_SENDING, alerts.c.lease_until <= now).with_for_update(skip_locked=True)
        for row in self._rows(lost):
            self._take_back(row, after_unknown(AlertKind(row.kind), row.attempts), now)

    def _take_back(self, row: AnyRow, state: AlertState, now: datetime, counted: Mapping[str, int] = NOTHING) -> None:
        # its time stays: what was on its way goes before what was waiting behind it
        ended = {
            "state": state,
            "why": LEASE_RAN_OUT,
            "lease_until": None,
            "leased_by": None,
            "settled_at": now,
            **counted,
        }
        self._change(update(alerts).where(alerts.c.id == row.id).values(ended))

    def settle(
        self,
        alert: Alert,
        state: AlertState,
        *,
        now: datetime,
        message_id: int | None = None,
        sent_hash: str = "",
        next_try_at: datetime | None = None,
        why: str = "",
    ) -> bool:
        """Write how a claimed row ended. A row whose revision moved since it was claimed becomes pending again.

        PENDING with a `next_try_at` after `now` says that it never left (Later): that attempt does not count, so that
        no number of flood waits uses up the one more try of an unknown end. A claim that was taken back and whose row
        was claimed anew has no say any more, unless it knows that the message was SENT: False.
        """
        row = self._row(select(alerts).where(alerts.c.id == alert.id).with_for_update())
        if row is None or not _has_a_say(row, alert, state):
            return False
        values: Values = {"state": state, "why": why, "lease_until": None, "leased_by": None, "settled_at": now}
        values |= {"message_id": message_id} if message_id is not None else {}
        values |= {"sent_digest": sent_hash} if sent_hash else {}
        if state is AlertState.PENDING:
            values |= _tried_again(row.attempts, next_try_at, now)
        elif row.revision != alert.revision:
            values |= {"state": AlertState.PENDING, "next_try_at": next_try_at or now, "attempts": 0}
        return self._change(update(alerts).where(alerts.c.id == alert.id).values(values)) == 1

    def overdue_alerts(self, address: Address, *, before: datetime) -> list[Alert]:
        """Pending ALERT and UPDATE rows of one chat that are late, oldest first.

        Late is what was created before `before`, and news that its newspaper published before then.
        """
        mine = (is_open(alerts), IS_PENDING, IS_NEWS, _has_address(address))
        late = or_(alerts.c.created_at < before, items.c.published_at < before)
        rows = select(alerts).join(items, items.c.id == alerts.c.item_id, isouter=True).where(*mine, late)
        return [alert_of(row) for row in self._rows(rows.order_by(alerts.c.id))]

    def late_news(self, ids: Collection[int], *, before: datetime) -> set[int]:
        """Which of these ALERT and UPDATE rows tell what its newspaper published before `before`."""
        named = (self._one_of(alerts.c.id, ids), IS_NEWS, items.c.published_at < before)
        rows = self._rows(select(alerts.c.id).join(items, items.c.id == alerts.c.item_id).where(*named))
        return {row.id for row in rows}

    def heard(self, chat_ids: Collection[int], *, since: datetime) -> dict[Address, set[WatchId]]:
        """Which watches each topic of these chats was told of, or is about to be, by alerts written since then."""
        news = alerts.c.kind.in_([AlertKind.ALERT.value, AlertKind.UPDATE.value])
        # "+ 0": SQLite would look up each chat, and read all that it was ever told
        mine = self._one_of(alerts.c.chat_id + literal_column("0", Id), chat_ids)
        told = select(alerts.c.chat_id, alerts.c.thread_id, alerts.c.watch_ids).where(
            mine, news, alerts.c.created_at >= since
        )
        heard: dict[Address, set[WatchId]] = {}
        for row in self._rows(told):
            heard.setdefault(Address(row.chat_id, row.thread_id), set()).update(map(WatchId, row.watch_ids))
        return heard

    def fold_alerts(self, ids: Collection[int], digest: NewAlert, *, now: datetime) -> None:
        """Those rows become skipped, and one digest row with their stories takes their place.

        Only rows that are still pending or lines, in the digest's chat; none of them: no digest. Raises ValueError when
        a digest of that key has gone out already, because its rows would be lost.
        """
        untold = or_(IS_PENDING, IS_LINE)
        rows = select(alerts.c.id).where(self._one_of(alerts.c.id, ids), untold, _has_address(digest.address))
        mine = [row.id for row in self._rows(rows.with_for_update(skip_locked=True))]
        if not mine:
            return
        self.enqueue([digest], now=now)
        named = select(alerts).where(_has_address(digest.address), alerts.c.dedupe_key == digest.dedupe_key)
        row = self._row(named.with_for_update())
        if row is None or row.state != AlertState.PENDING or row.kind != AlertKind.DIGEST:
            raise ValueError(f"{digest.dedupe_key} is no digest that waits")
        folded = {"state": AlertState.SKIPPED, "digest_id": row.id, "settled_at": now, "why": "told in a digest"}
        self._change(update(alerts).where(self._one_of(alerts.c.id, mine)).values(folded))

    def alert(self, alert_id: int) -> Alert | None:
        """One row, as a button names it."""
        row = self._row(select(alerts).where(alerts.c.id == row_id(str(alert_id))))
        return None if row is None else alert_of(row)

    def alert_by_message(self, address: Address, message_id: int) -> Alert | None:
        """The row that a message of a chat came from: /why in reply to it.

        Message ids count within a whole chat, and an edit has the id of what it edited: the row that opened it counts.
        So has an answer that changed its buttons.
        """
        mine = (alerts.c.chat_id == address.chat_id, alerts.c.message_id == message_id)
        changed = or_(IS_EDIT, alerts.c.kind == literal_column("'answer'"))
        row = self._row(select(alerts).where(*mine).order_by(changed, alerts.c.id.desc()).limit(1))
        return None if row is None else alert_of(row)

    def digest_alerts(self, digest_id: int) -> list[Alert]:
        """The rows that a digest row took in, oldest first."""
        rows = select(alerts).where(alerts.c.digest_id == digest_id).order_by(alerts.c.id)
        return [alert_of(row) for row in self._rows(rows)]

    def outbox_counts(self) -> Mapping[AlertState, int]:
        """How many rows are in each state. Reads them all: for a person, or seldom."""
        return dict.fromkeys(AlertState, 0) | self._counted(true())

    def queue_counts(self) -> Mapping[AlertState, int]:
        """How many rows wait, are being sent, or could not be; of what was sent or skipped there is no end."""
        few = dict.fromkeys((state for state in AlertState if state not in ENDLESS), 0)
        return few | self._counted(is_open(alerts)) | self._counted(is_troubled(alerts))

    def _counted(self, mine: ColumnElement[bool]) -> dict[AlertState, int]:
        rows = select(alerts.c.state, func.count().label("rows")).where(mine).group_by(alerts.c.state)
        return {AlertState(row.state): row.rows for row in self._rows(rows)}


def woken(again: ColumnElement[datetime], in_bulk: bool) -> Values:
    """What an edit's row holds once there is more to show: pending from `again` on if it had ended, else as it was."""
    ended = ~is_open(alerts)
    return {
        "state": case((ended, AlertState.PENDING.value), else_=alerts.c.state),
        "next_try_at": case((ended, again), else_=alerts.c.next_try_at),
        "attempts": case((ended, 0), else_=alerts.c.attempts),
        "revision": alerts.c.revision + 1,
        "in_bulk": case((ended, literal(in_bulk)), else_=alerts.c.in_bulk),
    }


def _tried_again(attempts: int, next_try_at: datetime | None, now: datetime) -> Values:
    """When it is tried again; what never left, and so waits, has not been tried."""
    waits = next_try_at is not None and next_try_at > now
    return {"next_try_at": next_try_at or now} | ({"attempts": max(0, attempts - 1)} if waits else {})


def _has_a_say(row: AnyRow, alert: Alert, state: AlertState) -> bool:
    """Whether the settlement of the claim `alert` still concerns its row."""
    if row.state in (AlertState.SENT, AlertState.SKIPPED, AlertState.REFUSED):
        return False
    is_its_claim = (row.attempts, row.interruptions) == (alert.attempts, alert.interruptions)
    return is_its_claim or (state is AlertState.SENT and row.kind != AlertKind.EDIT)


def _has_address(address: Address) -> ColumnElement[bool]:
    return and_(alerts.c.chat_id == address.chat_id, alerts.c.thread_id == address.thread_id)


def _keys_of(new_alerts: Iterable[NewAlert], now: datetime) -> list[Values]:
    """Which rows stand for these already, and when each may go."""
    return [
        {
            "of_chat": new_alert.address.chat_id,
            "of_thread": new_alert.address.thread_id,
            "of_key": new_alert.dedupe_key,
            "again": new_alert.not_before or now,
        }
        for new_alert in new_alerts
    ]


def values_of(new_alert: NewAlert, now: datetime) -> Values:
    """The row of a new alert, waiting to be sent."""
    return {
        "chat_id": new_alert.address.chat_id,
        "thread_id": new_alert.address.thread_id,
        "kind": new_alert.kind,
        "dedupe_key": new_alert.dedupe_key,
        "state": AlertState.SENT if new_alert.is_line else AlertState.PENDING,
        "settled_at": now if new_alert.is_line else None,
        "created_at": now,
        "next_try_at": new_alert.not_before or now,
        "story_id": row_id(new_alert.story_id),
        "item_id": row_id(new_alert.item_id),
        "watch_ids": list(new_alert.watch_ids),
        "text": new_alert.text,
        "priority": new_alert.priority,
        "payload": None if new_alert.payload is None else dict(new_alert.payload),
    }


def alert_of(row: AnyRow) -> Alert:
    """The alert of a row that has all its columns."""
    return Alert(
        id=row.id,
        address=Address(row.chat_id, row.thread_id),
        kind=AlertKind(row.kind),
        dedupe_key=row.dedupe_key,
        state=AlertState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        story_id=None if row.story_id is None else StoryId(str(row.story_id)),
        item_id=None if row.item_id is None else ItemId(str(row.item_id)),
        watch_ids=tuple(map(WatchId, row.watch_ids)),
        text=row.text,
        message_id=row.message_id,
        sent_hash=row.sent_digest,
        revision=row.revision,
        priority=Priority(row.priority),
        settled_at=row.settled_at,
        digest_id=row.digest_id,
        under=row.under_id,
        payload=row.payload,
        interruptions=row.interruptions,
    )
