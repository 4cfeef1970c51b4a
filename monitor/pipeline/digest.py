"""What waits in a chat -> one digest in parts, in one transaction: at its hour, after quiet hours or a pause, or now.

When that is, is gathering.py's; how a digest looks, notify/digest_layout.py's. Each row is taken in once, by the
transaction that also says when the next digest is due: whatever dies, nothing is lost and nothing told twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from monitor.notify.digest_layout import Occasion
from monitor.pipeline.dedupe_keys import digest_key, picture_key
from monitor.pipeline.gathering import is_gathering_now, is_quiet, next_report, regathered, zone_of
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, Alert, AlertKind, Chat, ChatState, NewAlert, Preferences, Priority, StoryId, WatchId

AFTER_FAILURE = timedelta(seconds=10)  # a chat whose row cannot be read must not be looked at all the time
STORIES_A_PART = 16  # with a sentence each they fill a message
SHORT_STORIES_A_PART = 24  # titles alone
MOST_WITH_SENTENCES = 96  # stories of a digest; nobody reads the sentences of more


class GatherNews:
    """The stage that tells chats together what waited for them."""

    def __init__(self, store: Store, *, clock: Clock, zone: ZoneInfo) -> None:
        """`zone`: of chats that have none of their own."""
        self._store = store
        self._clock = clock
        self._zone = zone
        self._taken: dict[Address, datetime] = {}  # until when; the row's lock is what counts between processes

    async def claim(self, *, limit: int) -> list[Address]:
        """Chats whose digest is due, or whose pause has run out; none that is being worked on, or has just failed."""
        now = self._clock()
        self._taken = {each: until for each, until in self._taken.items() if now < until <= now + AFTER_FAILURE}
        due = await self._store.read(Transaction.due_gatherings, now=now, limit=limit, but=frozenset(self._taken))
        self._taken.update(dict.fromkeys(due, now + AFTER_FAILURE))
        return due

    async def gather(self, address: Address) -> None:
        """Fold what waits in a chat and set its next hour, in one transaction; nothing where somebody else just did."""
        await self._store.write(end_gathering, address, zone=self._zone, now=self._clock())
        self._taken.pop(address, None)


# ---------------------------------------------------------------- transactions


def end_gathering(tx: Transaction, address: Address, *, zone: ZoneInfo, now: datetime) -> int:
    """Tell what waits in a chat whose hour has come or whose pause has run out; how many stories that is.

    What a pause leaves behind in quiet hours waits for their end with the rest.
    """
    chat = tx.locked_chat(address)
    if chat is None or chat.gather_until is None or chat.gather_until > now:
        return 0
    if chat.state is ChatState.PAUSED:
        return resume(tx, chat, zone=zone, now=now)
    if chat.state is not ChatState.ACTIVE:
        return 0
    occasion = Occasion.HOURS if chat.preferences.digest_hours else Occasion.QUIET
    number = tell_together(tx, chat, occasion, at=chat.gather_until, now=now)
    tx.save_chat(regathered(chat, zone, now))
    return number


def resume(tx: Transaction, chat: Chat, *, zone: ZoneInfo, now: datetime, asked: bool = False) -> int:
    """End a pause: what was missed comes as one digest, in quiet hours after them; `asked`: at once all the same."""
    active = regathered(replace(chat, state=ChatState.ACTIVE, paused_until=None), zone, now)
    number = 0
    if asked or not is_quiet(chat.preferences, zone_of(chat.preferences, zone), now):
        number = tell_together(tx, chat, Occasion.PAUSE, at=now, now=now)
    tx.save_chat(active)
    return number


def prefer(tx: Transaction, chat: Chat, preferences: Preferences, *, zone: ZoneInfo, now: datetime) -> Chat:
    """Give a chat other preferences; what waited by the earlier ones, and would no longer, comes as one digest."""
    changed = regathered(replace(chat, preferences=preferences), zone, now)
    if chat.state is ChatState.ACTIVE and is_gathering_now(chat, now) and not is_gathering_now(changed, now):
        tell_together(tx, chat, Occasion.NOW, at=now, now=now)
    tx.save_chat(changed)
    return changed


def follow_clock(tx: Transaction, *, zone: ZoneInfo, now: datetime) -> int:
    """See that no chat waits for a moment that its clock faces do not give; how many did.

    For a start and a clock that was set back: by a clock that was years ahead, no digest would come for years. What is
    due stays due, and a pause ends when it was to end.
    """
    changed = 0
    for chat, report_at in tx.timed_chats(after=now):
        report = next_report(chat.preferences, zone_of(chat.preferences, zone), now)
        if report_at is not None and report is not None and report < report_at:
            tx.plan_report(chat.address, report)
            changed += 1
        if chat.state is ChatState.PAUSED or chat.gather_until is None or chat.gather_until <= now:
            continue
        anew = regathered(chat, zone, now)
        if anew.gather_until != chat.gather_until or is_gathering_now(anew, now) != is_gathering_now(chat, now):
            prefer(tx, chat, chat.preferences, zone=zone, now=now)
            changed += 1
    return changed


def tell_together(tx: Transaction, chat: Chat, occasion: Occasion, *, at: datetime, now: datetime) -> int:
    """Fold all the news that waits in a chat into one digest; how many stories it tells.

    What is urgent goes by itself; only a pause has held it, too.
    """
    waiting = tx.waiting_news(chat.address)
    if occasion is not Occasion.PAUSE:
        waiting = [row for row in waiting if row.priority is not Priority.HIGH]
    return fold(tx, waiting, occasion, at=at, now=now, has_picture=chat.preferences.picture_of_day)


def fold(
    tx: Transaction,
    rows: Sequence[Alert],
    occasion: Occasion,
    *,
    at: datetime,
    now: datetime,
    has_picture: bool = False,
) -> int:
    """Digest rows in place of these of one chat, and of the lines that waited in their messages; how many stories."""
    ids = [row.id for row in rows]
    told = in_order(tx.untold([*ids, *tx.lines_under(ids)]))
    if not told:
        return 0
    parts = list(_parts(told, occasion))
    address = told[0].address
    if has_picture:
        day = NewAlert(address, AlertKind.PICTURE, picture_key(told[0].id), payload={"picture": {"kind": "day"}})
        tx.enqueue([day], now=now)
    for number, part in enumerate(parts, start=1):
        payload: Mapping[str, Any] = {
            "occasion": occasion.value,
            "at": at.isoformat(),
            "stories": len(told),
            "part": number,
            "parts": len(parts),
        }
        digest = NewAlert(address, AlertKind.DIGEST, digest_key(part[0].id), payload=payload)
        tx.fold_alerts([row.id for row in part], digest, now=now)
    return len(told)


def in_order(rows: Sequence[Alert]) -> list[Alert]:
    """By watch and then by story, each as it came first."""
    watches: dict[WatchId | None, int] = {}
    stories: dict[StoryId | None, int] = {}
    for row in sorted(rows, key=lambda row: row.id):
        watches.setdefault(leading_watch(row), row.id)
        stories.setdefault(row.story_id, row.id)
    return sorted(rows, key=lambda row: (watches[leading_watch(row)], stories[row.story_id], row.id))


def leading_watch(row: Alert) -> WatchId | None:
    """The watch under which a digest tells of a row."""
    return row.watch_ids[0] if row.watch_ids else None


def _parts(rows: Sequence[Alert], occasion: Occasion) -> Iterator[Sequence[Alert]]:
    """As few parts as fit into a message each, of nearly one length; a crowd is there because messages are too many."""
    is_short = occasion is Occasion.CROWD or len(rows) > MOST_WITH_SENTENCES
    most = SHORT_STORIES_A_PART if is_short else STORIES_A_PART
    number = -(-len(rows) // most)
    shorter, longer = divmod(len(rows), number)
    left = iter(rows)
    for part in range(number):
        yield list(islice(left, shorter + (part < longer)))
