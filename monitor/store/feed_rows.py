"""Feeds and the items they bring: transaction 1."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select, true, update

from monitor.store.column_types import storable
from monitor.store.index_rows import IndexRows
from monitor.store.statements import AnyRow
from monitor.store.tables import Values, feeds, is_failing, items
from monitor.types import Bookmark, FailureKind, FeedId, FeedState, Fulltext, Item, ItemId, NewItem, StoryId

LISTED_TO_THE = timedelta(days=1)  # a poll finds all its items known: a row is noted as listed once a day only
MAX_KEY = 500  # characters: PostgreSQL indexes at most 2,704 bytes, and a guid may be of any length

ITEM = (
    items.c.id,
    items.c.outlet,
    items.c.title,
    items.c.lead,
    items.c.body,
    items.c.url,
    items.c.key,
    items.c.feed_id,
    items.c.published_at,
    items.c.seen_at,
    items.c.image,
    items.c.alertable,
    items.c.story_id,
    items.c.edited_at,
    items.c.gone_at,
)


def item_of(row: AnyRow) -> Item:
    """The item of a row that has the columns ITEM."""
    return Item(
        id=ItemId(str(row.id)),
        outlet=row.outlet,
        title=row.title,
        lead=row.lead,
        body=row.body,
        url=row.url,
        key=row.key,
        feed_id=FeedId(row.feed_id),
        published_at=row.published_at,
        seen_at=row.seen_at,
        image=row.image,
        alertable=row.alertable,
        story_id=None if row.story_id is None else StoryId(str(row.story_id)),
        edited_at=row.edited_at,
        gone_at=row.gone_at,
    )


def stored_key(key: str) -> str:
    """The key as the unique index can hold it: a very long one keeps its head, and the hash of the whole."""
    key = storable(key)
    if len(key) <= MAX_KEY:
        return key
    content_hash = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: MAX_KEY - len(content_hash) - 1]}#{content_hash}"


def by_stored_key(listed: Iterable[NewItem]) -> dict[str, NewItem]:
    """The items by their keys as they are stored; of several with one key the first."""
    by_key: dict[str, NewItem] = {}
    for new_item in listed:
        by_key.setdefault(stored_key(new_item.entry.key), new_item)
    return by_key


NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when a feed that is not in the configuration is checked next
RESTING = datetime(9000, 1, 1, tzinfo=UTC)  # from here on: a clock that was set back may have moved NEVER a little
PAGE = 100  # ids of due feeds that are read at a time
BULK = 100  # new items of one poll; twice what a newspaper's feed lists
ROWS_A_STATEMENT = 200  # binding 2,000 rows at once held the event loop for 89 ms


class FeedRows(IndexRows):
    """Feeds and items at the moment they come in."""

    def register_feeds(self, urls: Mapping[FeedId, str], *, now: datetime) -> None:
        """See that every feed has a row; a new one, a failing one, or one with another URL than before, is due at once.

        A failing one too, because an editor who mended its address must not wait for its back-off to end. Feeds that
        are not among `urls` rest, for whoever claims looks at times alone.
        """
        new = [{"id": feed_id, "next_check_at": now} for feed_id in sorted(urls)]
        if new:
            self._change(self._insert(feeds).on_conflict_do_nothing(), new)
        mine = self._one_of(feeds.c.id, urls)
        rows = self._rows(select(feeds).where(mine, feeds.c.next_check_at > now))
        woken = [
            row.id
            for row in rows
            if row.failures or row.moved_from not in ("", urls[row.id]) or row.next_check_at >= RESTING
        ]
        if woken:
            self._change(update(feeds).where(self._one_of(feeds.c.id, woken)).values(next_check_at=now))
        self._change(update(feeds).where(~mine, feeds.c.next_check_at < RESTING).values(next_check_at=NEVER))

    def claim_due_feeds(
        self,
        wanted: Callable[[FeedId], bool],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
        among: Collection[FeedId] | None = None,
    ) -> list[FeedState]:
        """Due feeds that are `wanted`, longest due first, each pushed forward by `lease` so that nobody else polls it.

        Each is asked about once, in that order; `among`: these alone. The states are as before:
        `next_check_at` is when it was due.
        """
        mine = true() if among is None else self._one_of(feeds.c.id, among)
        due = select(feeds.c.id).where(feeds.c.next_check_at <= now, mine)
        due = due.order_by(feeds.c.next_check_at, feeds.c.id)
        chosen: list[FeedId] = []
        with self._connection.execute(due, execution_options={"yield_per": PAGE}) as ids:
            for (feed_id,) in ids:
                if len(chosen) == limit:
                    break
                if wanted(feed_id):
                    chosen.append(feed_id)
        if not chosen:
            return []
        still_due = select(feeds).where(self._one_of(feeds.c.id, chosen), feeds.c.next_check_at <= now)
        states = [_state_of(row) for row in self._rows(still_due.with_for_update(skip_locked=True))]
        taken = self._one_of(feeds.c.id, [state.feed_id for state in states])
        self._change(update(feeds).where(taken).values(next_check_at=now + lease, leased=True, leased_by=self.worker))
        return sorted(states, key=lambda state: (state.next_check_at, state.feed_id))

    def feed_states(self) -> list[FeedState]:
        """Every feed's state, by id."""
        rows = self._rows(select(feeds))
        # collations differ, Python's order does not
        return sorted(map(_state_of, rows), key=lambda state: state.feed_id)

    def failing_feeds(self) -> set[FeedId]:
        """Those whose last poll failed."""
        return {FeedId(row.id) for row in self._rows(select(feeds.c.id).where(is_failing(feeds)))}

    def save_feed(self, state: FeedState) -> None:
        """Write the whole state of one feed; its lease ends with that."""
        values = _values_of(state)
        new = {f"new_{name}": value for name, value in values.items()}
        if not self._change(_SAVE_FEED, new | {"of_feed": state.feed_id}):
            self._change(self._insert(feeds).values(id=state.feed_id, **values))

    def make_alertable(self, keys: Collection[str], *, seen_after: datetime) -> int:
        """Let items ring after all that another feed's silent baseline brought in after `seen_after`; how many.

        They wait for detection again and keep their story, and count as never detected (`earlier_wordings`).
        """
        mine = self._one_of(items.c.key, [stored_key(key) for key in keys])
        silent = update(items).where(mine, items.c.alertable.is_(False), items.c.seen_at > seen_after)
        return self._change(silent.values(alertable=True, matched_at=None, matched_version="", in_bulk=False))

    def add_items(self, listed: Sequence[NewItem]) -> list[Item]:
        """Store those whose key is not known yet, and give them back; known ones are only noted as still listed.

        Of items with one key the first counts. Rows are written in the order of their keys, so that two feeds of one
        outlet, polled at once by two workers, cannot wait for each other. More than BULK of them, or such as may not
        ring at all, are looked at after all others: a first poll, or a feed gone mad, delays nobody's news.
        """
        if not listed:
            return []
        by_key = by_stored_key(listed)
        rows = self._rows(select(items.c.key, items.c.last_listed_at).where(self._one_of(items.c.key, by_key)))
        known = {row.key: row.last_listed_at for row in rows}
        stale = {key for key, before in known.items() if by_key[key].seen_at - before >= LISTED_TO_THE}
        self._note_listed(stale, listed[0].seen_at)
        new = [_row_of(key, by_key[key]) for key in sorted(by_key.keys() - known.keys())]
        if not new:
            return []
        added: dict[str, Item] = {}
        for start in range(0, len(new), ROWS_A_STATEMENT):
            numbers = self._insert_items(new[start : start + ROWS_A_STATEMENT])
            self._queue_for_index(numbers.values())
            added |= {key: _item_from(number, key, by_key[key]) for key, number in numbers.items()}
        if len(added) > BULK or not any(item.alertable for item in added.values()):
            mine = self._one_of(items.c.key, added)
            self._change(update(items).where(mine).values(in_bulk=True))
        return [added[key] for key in by_key if key in added]

    def _insert_items(self, rows: Sequence[Values]) -> dict[str, int]:
        """Write rows of items that were not known a moment ago; the numbers of those that were not yet, by key."""
        insert = self._insert(items).on_conflict_do_nothing(index_elements=[items.c.key])
        if self._on_postgresql:  # another worker may have written one of them since
            return {row.key: row.id for row in self._rows(insert.returning(items.c.id, items.c.key), rows)}
        self._change(insert, rows)  # half the price of RETURNING, which SQLAlchemy writes as one long statement
        mine = self._one_of(items.c.key, [row["key"] for row in rows])
        return {row.key: row.id for row in self._rows(select(items.c.id, items.c.key).where(mine))}

    def _note_listed(self, keys: Collection[str], now: datetime) -> None:
        if keys:
            # a row that another worker holds is being noted, or swept, by that one
            mine = select(items.c.id).where(self._one_of(items.c.key, keys)).with_for_update(skip_locked=True)
            ids = [row.id for row in self._rows(mine)]
            self._change(update(items).where(self._one_of(items.c.id, ids)).values(last_listed_at=now))


def _row_of(key: str, new_item: NewItem) -> Values:
    entry = new_item.entry
    return {
        "key": key,
        "feed_id": new_item.feed_id,
        "outlet": new_item.outlet,
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "lead": entry.lead,
        "image": entry.image,
        "published_at": entry.published_at,
        "published_raw": entry.published_raw,
        "seen_at": new_item.seen_at,
        "at": entry.published_at or new_item.seen_at,
        "last_listed_at": new_item.seen_at,
        "alertable": new_item.alertable,
        "fulltext": new_item.fulltext,
        "fulltext_at": new_item.seen_at if new_item.fulltext is Fulltext.ALWAYS else None,
    }


def _item_from(number: int, key: str, new_item: NewItem) -> Item:
    """The item of a row that has just been written."""
    entry = new_item.entry
    return Item(
        id=ItemId(str(number)),
        outlet=storable(new_item.outlet),
        title=storable(entry.title),
        lead=storable(entry.lead),
        url=storable(entry.url),
        key=key,
        feed_id=new_item.feed_id,
        published_at=entry.published_at.astimezone(UTC) if entry.published_at else None,
        seen_at=new_item.seen_at.astimezone(UTC),
        image=storable(entry.image),
        alertable=new_item.alertable,
    )


def _values_of(state: FeedState) -> Values:
    mark = state.bookmark
    return {
        "next_check_at": state.next_check_at,
        "leased": False,
        "leased_by": None,
        "etag": mark.etag,
        "last_modified": mark.last_modified,
        "body_sha256": mark.body_sha256,
        "moved_to": mark.moved_to,
        "moved_from": mark.moved_from,
        "full_fetch_at": mark.full_fetch_at,
        "known_items": mark.known_items,
        "whole_read_at": mark.whole_read_at,
        "interval": state.interval,
        "rhythm": state.rhythm,
        "first_success_at": state.first_success_at,
        "last_success_at": state.last_success_at,
        "last_checked_at": state.last_checked_at,
        "failures": state.failures,
        "strain": state.strain,
        "failing_since": state.failing_since,
        "failure_kind": state.failure_kind,
        "last_error": state.last_error,
        "announced": state.announced,
    }


_SAVE_FEED = (  # once a poll: drawn and compiled once
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values({column: bindparam(f"new_{column.name}", type_=column.type) for column in feeds.c if column.name != "id"})
)


def _state_of(row: AnyRow) -> FeedState:
    return FeedState(
        feed_id=FeedId(row.id),
        next_check_at=row.next_check_at,
        bookmark=Bookmark(
            etag=row.etag,
            last_modified=row.last_modified,
            body_sha256=row.body_sha256,
            moved_to=row.moved_to,
            moved_from=row.moved_from,
            full_fetch_at=row.full_fetch_at,
            known_items=row.known_items,
            whole_read_at=row.whole_read_at,
        ),
        interval=row.interval,
        rhythm=row.rhythm,
        first_success_at=row.first_success_at,
        last_success_at=row.last_success_at,
        last_checked_at=row.last_checked_at,
        failures=row.failures,
        strain=row.strain,
        failing_since=row.failing_since,
        failure_kind=None if row.failure_kind is None else FailureKind(row.failure_kind),
        last_error=row.last_error,
        announced=None if row.announced is None else FailureKind(row.announced),
    )
