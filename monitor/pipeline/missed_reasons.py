"""Why an article was not told, to anybody or in one chat: every way of the pipeline in which news does not ring.

Pure: what the rows say is handed in (pipeline/ask_missed.py reads them), the words are notify/missed_words.py's. A new
way in which an item is not told wants a code here (types.MissedCode) and words there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.matching.explain import Explanation
from monitor.matching.nlp import is_doubtful
from monitor.pipeline.alerts import repeats_the_day
from monitor.pipeline.judge import is_prominent
from monitor.pipeline.newspapers import outlets_of
from monitor.types import (
    AS_SHIPPED,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Chat,
    ChatState,
    Feed,
    FeedId,
    FeedState,
    Item,
    ItemId,
    Match,
    MissedCode,
    MissedReason,
    Preferences,
    Priority,
    Role,
    SeenItem,
    Watch,
    WatchId,
)

MOST_NAMED = 5  # feeds or watches in one reason


@dataclass(frozen=True, slots=True)
class StoryRead:
    """What the outbox says of an article's story: rows of the one chat that asks, or of all.

    `whys`: what rows say of themselves; `digests`: the digests that took rows in; `over`: the messages in which rows
    are lines; `items`: the story's articles.
    """

    rows: Sequence[Alert] = ()
    whys: Mapping[int, str] = field(default_factory=dict)
    digests: Mapping[int, Alert] = field(default_factory=dict)
    over: Mapping[int, Alert] = field(default_factory=dict)
    items: Mapping[ItemId, Item] = field(default_factory=dict)
    muted: Collection[Address] = ()
    roles: Mapping[ItemId, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowersRead:
    """Who follows what an article names. `asking`: the chat that asks; `since`: since when each chat has followed.

    `wishes`: what they prefer.
    """

    since: Mapping[Address, datetime] = field(default_factory=dict)
    asking: Address | None = None
    chat: Chat | None = None  # of `asking`, where it is a subscriber
    held_until: datetime | None = None  # of `asking`: nothing may be sent to it before
    gathers_until: datetime | None = None  # of `asking`: its news waits for a digest
    wishes: Mapping[Address, Preferences] = field(default_factory=dict)

    def of(self, address: Address) -> Preferences:
        """What a chat prefers."""
        return self.wishes.get(address, AS_SHIPPED)


# ---------------------------------------------------------------- what no feed brought


def why_not_stored(url: str, feeds: Sequence[Feed], states: Mapping[FeedId, FeedState]) -> MissedReason:
    """Why an article is not here; `feeds` are those of its outlet, `url` is empty where only words were given."""
    if not url:
        return MissedReason(MissedCode.NOT_STORED)
    if not feeds:
        return MissedReason(MissedCode.OUTLET_NOT_READ)
    asked = [feed for feed in feeds if feed.enabled]
    if not asked:
        return MissedReason(MissedCode.FEEDS_OFF, _ids(feeds))
    known = [states[feed.id] for feed in asked if feed.id in states]
    failing = [state for state in known if state.failures]
    if failing and len(failing) == len(asked):
        since = min((state.failing_since for state in failing if state.failing_since), default=None)
        return MissedReason(MissedCode.FEEDS_FAIL, _ids(asked), at=since, why=failing[0].last_error)
    return MissedReason(MissedCode.NOT_IN_FEED, _ids(asked))


def _ids(feeds: Sequence[Feed]) -> tuple[str, ...]:
    return tuple(feed.id for feed in feeds)[:MOST_NAMED]


# ---------------------------------------------------------------- what is stored


def why_missed(
    seen: SeenItem,
    explained: Explanation,
    watches: Mapping[WatchId, Watch],
    feed: Feed | None,
    state: FeedState | None,
    story: StoryRead,
    followers: FollowersRead,
) -> MissedReason:
    """Why a stored article was not told as asked: to the chat `followers.asking`, or to anybody.

    `explained` is what today's watchlist sees in it; `feed` and `state` are those that brought it.
    """
    if row := _telling(seen.item, story.rows):
        if row.item_id != seen.item.id and _is_muted(seen.item, followers, [row.address]):
            return MissedReason(MissedCode.OUTLET_MUTED, (seen.item.outlet,))
        return _of_row(row, seen.item, story, followers)
    known = [match for match in seen.matches if match.watch_id in watches]
    if not known:
        return _why_unmatched(seen, explained)
    if not seen.item.alertable:
        return _why_silent(seen.item, feed, state)
    names = _names(known)
    if followers.asking is not None:
        return _why_not_here(seen, names, story, followers)
    if not followers.since:
        return MissedReason(MissedCode.NOBODY_FOLLOWS, names)
    if all(address in story.muted for address in followers.since):
        return MissedReason(MissedCode.MUTED, names)
    return _why_not_counted(seen, story, followers, list(followers.since)) or _why_not_written(
        seen, names, min(followers.since.values())
    )


def _why_unmatched(seen: SeenItem, explained: Explanation) -> MissedReason:
    if seen.parked_at is not None:
        return MissedReason(MissedCode.ITEM_PARKED, at=seen.parked_at, why=seen.parked_why)
    if seen.matched_at is None:
        return MissedReason(MissedCode.NOT_LOOKED_AT, at=seen.item.seen_at)
    if seen.matches:
        return MissedReason(MissedCode.WATCH_GONE, _names(seen.matches))
    if not explained.matches:
        return MissedReason(MissedCode.NO_MATCH)
    prominent = [match for match in explained.matches if is_prominent(match)]
    if not prominent:
        return MissedReason(MissedCode.IN_PASSING, _names(explained.matches))
    # what the tagger may veto is looked at once more by it, and by no one here
    code = MissedCode.DOUBTED if all(map(is_doubtful, prominent)) else MissedCode.WATCHLIST_CHANGED
    return MissedReason(code, _names(prominent))


def _why_silent(item: Item, feed: Feed | None, state: FeedState | None) -> MissedReason:
    """A first poll brings everything silently; later only what is too old comes so."""
    first = state.first_success_at if state else None
    came_first = first is not None and item.seen_at is not None and item.seen_at <= first
    age = item.seen_at - item.published_at if item.seen_at and item.published_at else timedelta(0)
    if not came_first and feed is not None and age > feed.max_alert_age:
        return MissedReason(MissedCode.TOO_OLD, (item.feed_id,), at=item.published_at)
    return MissedReason(MissedCode.FIRST_POLL, (item.feed_id,), at=item.seen_at)


def _why_not_here(seen: SeenItem, names: tuple[str, ...], story: StoryRead, followers: FollowersRead) -> MissedReason:
    """Why the chat that asks has no row of a story whose article could have rung."""
    address, chat = followers.asking, followers.chat
    assert address is not None
    if chat is None:
        return MissedReason(MissedCode.CHAT_UNKNOWN, names)
    if chat.state in (ChatState.BLOCKED, ChatState.BARRED):
        return MissedReason(MissedCode.CHAT_LOST, why=chat.state.value)
    since = followers.since.get(address)
    if since is None:
        return MissedReason(MissedCode.NOT_FOLLOWED, names)
    if address in story.muted:
        return MissedReason(MissedCode.MUTED, names)
    return _why_not_counted(seen, story, followers, [address]) or _why_not_written(seen, names, since)


def _why_not_counted(
    seen: SeenItem, story: StoryRead, followers: FollowersRead, chats: Sequence[Address]
) -> MissedReason | None:
    """Why newspapers ring none of these chats: each has muted this one, or waits for more of them."""
    if _is_muted(seen.item, followers, chats):
        return MissedReason(MissedCode.OUTLET_MUTED, (seen.item.outlet,))
    told = outlets_of([seen.item, *story.items.values()])
    wishes = [followers.of(each) for each in chats]
    if any(len(told - set(each.muted_outlets)) >= each.least_outlets for each in wishes):
        return None
    least = min(each.least_outlets for each in wishes)
    return MissedReason(MissedCode.TOO_FEW_OUTLETS, tuple(sorted(told))[:MOST_NAMED], why=str(least))


def _is_muted(item: Item, followers: FollowersRead, chats: Sequence[Address]) -> bool:
    return all(item.outlet in followers.of(each).muted_outlets for each in chats)


def _why_not_written(seen: SeenItem, names: tuple[str, ...], since: datetime) -> MissedReason:
    """Why no row was written although a chat follows it now."""
    if repeats_the_day(seen.item):
        return MissedReason(MissedCode.ROUNDUP, names)
    came = seen.item.seen_at
    if came is not None and since > came:
        return MissedReason(MissedCode.FOLLOWED_LATER, names, at=since)
    return MissedReason(MissedCode.MATCHED_LATER, names)


def _names(matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.name for match in matches))[:MOST_NAMED]


# ---------------------------------------------------------------- what the outbox says

_BY_WEIGHT = {
    AlertState.SENT: 0,
    AlertState.SENDING: 1,
    AlertState.PENDING: 2,
    AlertState.UNCERTAIN: 3,
    AlertState.REFUSED: 4,
    AlertState.PARKED: 5,
    AlertState.SKIPPED: 6,
}


def _telling(item: Item, rows: Sequence[Alert]) -> Alert | None:
    """The row that tells most about an article: sent before waiting or a line, its own before its story's."""
    news = [row for row in rows if row.kind in (AlertKind.ALERT, AlertKind.UPDATE)]
    return min(news, key=lambda row: (_weight(row), row.item_id != item.id, row.id), default=None)


def _weight(row: Alert) -> int:
    if row.is_line:
        return _BY_WEIGHT[AlertState.SENDING]
    return 0 if row.state is AlertState.SKIPPED and row.digest_id is not None else _BY_WEIGHT[row.state]


def _of_row(row: Alert, item: Item, story: StoryRead, followers: FollowersRead) -> MissedReason:
    why = story.whys.get(row.id, "")
    told = story.items.get(row.item_id) if row.item_id else None
    title, url = (told.title, told.url) if told else ("", "")
    match row.state:
        case AlertState.SENT if row.under is not None and row.is_line:
            return _of_line(story.over.get(row.under), item, story, followers)
        case AlertState.SENT if _is_silent_update(row, item, story, followers):
            mine = row.message_id if followers.asking is not None else None
            return MissedReason(MissedCode.UPDATES_OFF, at=row.settled_at, title=title, url=url, message_id=mine)
        case AlertState.SENT:
            code = MissedCode.TOLD if row.item_id == item.id else MissedCode.TOLD_WITH_STORY
            chats = len({each.address for each in story.rows if each.state is AlertState.SENT and not each.is_line})
            mine = row.message_id if followers.asking is not None else None
            return MissedReason(code, at=row.settled_at, title=title, url=url, chats=chats, message_id=mine)
        case AlertState.SKIPPED:
            return _of_skipped(row, why, story, followers)
        case AlertState.SENDING:
            return MissedReason(MissedCode.ON_ITS_WAY)
        case AlertState.PENDING:
            return _of_pending(row, why, followers)
        case AlertState.UNCERTAIN:
            return MissedReason(MissedCode.UNCERTAIN, at=row.settled_at, why=why)
        case AlertState.REFUSED:
            return MissedReason(MissedCode.REFUSED, at=row.settled_at, why=why)
        case AlertState.PARKED:
            return MissedReason(MissedCode.ALERT_PARKED, at=row.settled_at, why=why)


def _of_line(over: Alert | None, item: Item, story: StoryRead, followers: FollowersRead) -> MissedReason:
    """Of a line in another message of the chat: what becomes of that message."""
    if over is not None and over.state is not AlertState.SENT:
        return _of_row(over, item, story, followers)
    mine = over.message_id if over is not None and followers.asking is not None else None
    return MissedReason(MissedCode.TOLD_AS_LINE, at=over.settled_at if over else None, message_id=mine)


def _is_silent_update(row: Alert, item: Item, story: StoryRead, followers: FollowersRead) -> bool:
    """Whether it would have rung as a development where those are wanted."""
    is_update = row.item_id != item.id and story.roles.get(item.id) is Role.UPDATE
    return is_update and not followers.of(row.address).updates


def _of_pending(row: Alert, why: str, followers: FollowersRead) -> MissedReason:
    chat = followers.chat
    if chat is not None and chat.state is ChatState.PAUSED:
        return MissedReason(MissedCode.PAUSED, at=chat.paused_until)
    waits = row.kind is not AlertKind.DIGEST and row.priority is not Priority.HIGH
    if waits and followers.gathers_until is not None:
        return MissedReason(MissedCode.GATHERED, at=followers.gathers_until)
    due = max(row.next_try_at, followers.held_until or row.next_try_at)
    return MissedReason(MissedCode.WAITING, at=due, why=why)


def _of_skipped(row: Alert, why: str, story: StoryRead, followers: FollowersRead) -> MissedReason:
    digest = story.digests.get(row.digest_id) if row.digest_id is not None else None
    if digest is not None:
        if digest.state is AlertState.SENT:
            mine = digest.message_id if followers.asking is not None else None
            return MissedReason(MissedCode.TOLD_IN_DIGEST, at=digest.settled_at, message_id=mine)
        if digest.state in (AlertState.PENDING, AlertState.SENDING):
            return _of_pending(digest, why, followers)
    if row.address in story.muted:
        return MissedReason(MissedCode.MUTED)
    return MissedReason(MissedCode.GIVEN_UP, at=row.settled_at, why=why)
