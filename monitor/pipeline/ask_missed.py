"""Why was this article not told? Finds it by its address or its words, and asks rows, feeds and watchlist.

Writes nothing. Leaves alone what the rows mean (missed_reasons.py) and how it is said (notify/missed_words.py). An
article that no feed brought is read politely and judged by the matcher.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.feeds.article_keys import article_key, house_of, normal_url, outlet_of, same_pages
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.explain import Explanation, NearMiss
from monitor.pipeline.following import targets_of
from monitor.pipeline.gathering import is_gathering_now
from monitor.pipeline.missed_reasons import FollowersRead, StoryRead, why_missed, why_not_stored
from monitor.ports import Clock, PageReader
from monitor.store.transaction import Store, Transaction
from monitor.text.words import nfc
from monitor.types import (
    Address,
    Alert,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    FeedState,
    Item,
    ItemId,
    Match,
    MissedReason,
    SeenItem,
    WatchId,
    own_number,
)

LOOKED_BACK = timedelta(days=30)  # without a key: as far as anybody remembers what they read
TELLING = 25  # characters: a shorter piece of a sentence stands in many articles
MOST_TEXT = 100_000  # characters of a given text that are judged, as of an article
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/\S+", re.IGNORECASE)  # "vnexpress.net/tin.html"


@dataclass(frozen=True, slots=True)
class MissedAnswer:
    """What came of the question. `found`: it is stored; `item` is None where nothing could be read of it either.

    `unread`: why a page that was wanted could not be read.
    """

    found: bool
    reason: MissedReason
    item: Item | None = None
    explained: Explanation | None = None
    unread: Failed | None = None


def address_in(text: str) -> str:
    """The first address that a text holds, with its scheme; empty without one. One without a scheme stands alone."""
    if _BARE_ADDRESS.fullmatch(text.strip()):
        return f"https://{text.strip()}"
    found = _ADDRESS.search(text)
    return found[0].rstrip(".,;:!?)]}>»”\"'") if found else ""


def is_address(text: str) -> bool:
    """Whether a text is an address and nothing else."""
    return any(kind.fullmatch(text.strip()) for kind in (_ADDRESS, _BARE_ADDRESS))


class AskMissed:
    """Answers the question. Without a store (nothing has run yet) nothing is known but feeds and watchlist."""

    def __init__(
        self,
        store: Store | None,
        active: Callable[[], ActiveWatchlist],
        feeds: Callable[[], Sequence[Feed]],
        reader: PageReader,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._active = active
        self._feeds = feeds
        self._reader = reader
        self._clock = clock

    async def about_address(
        self,
        url: str,
        chat: Address | None = None,
        *,
        within: timedelta | None = None,
        may_read: Callable[[Sequence[Feed]], bool] = lambda _: True,
    ) -> MissedAnswer:
        """About the article at `url`, asked for `chat` or for anybody.

        A page that is not stored is read within `within`, if it may be; that is asked with its newspaper's feeds.
        """
        url = normal_url(url)
        seen = await self._seen(url)
        if seen is not None:
            return await self._stored(seen, chat)
        mine = await self._feeds_of(url)
        page = await self._page(url, within) if may_read(mine) else None
        if isinstance(page, Item):
            if page.url != url and (seen := await self._seen(page.url)) is not None:
                return await self._stored(seen, chat)  # a short address, or the one before a new headline
            mine = mine or await self._feeds_of(page.url)
        reason = why_not_stored(url, mine, await self._states())
        if not isinstance(page, Item):
            return MissedAnswer(False, reason, unread=page)
        item = replace(page, outlet=mine[0].outlet if mine else page.outlet)
        return MissedAnswer(False, reason, item, await self._explain(item, chat))

    async def about_text(self, text: str, chat: Address | None = None) -> MissedAnswer:
        """About a title or any sentences: the article that says so, else the words as if they were an article.

        The first line is looked for: a title as a whole, or TELLING characters and more of title or lead.
        """
        text = nfc(text).strip()[:MOST_TEXT]
        title, _, lead = text.partition("\n")
        title = " ".join(title.split())
        seen = await self._saying(title)
        if seen is not None:
            return await self._stored(seen, chat)
        item = Item(ItemId(""), "", title, " ".join(lead.split()), published_at=self._clock())
        return MissedAnswer(False, why_not_stored("", (), {}), item, await self._explain(item, chat))

    async def stored_at(self, url: str) -> Item | None:
        """The stored article at `url`; no page is read."""
        seen = await self._seen(normal_url(url))
        return None if seen is None else seen.item

    # ------------------------------------------------ what is asked of the rows

    async def _seen(self, url: str) -> SeenItem | None:
        if self._store is None:
            return None
        key = article_key(url, "", "", None)

        def find(tx: Transaction) -> SeenItem | None:
            # a feed's guid may have named the article instead of its address: then only the address is the same
            return tx.seen_by_key(key) or tx.seen_by_address(same_pages(url), since=self._since())

        return await self._store.read(find)

    def _since(self) -> datetime:
        return self._clock() - LOOKED_BACK

    async def _saying(self, words: str) -> SeenItem | None:
        if self._store is None:
            return None
        since = self._since()

        def find(tx: Transaction) -> SeenItem | None:
            seen = tx.seen_by_title(words, since=since)
            return seen if seen or len(words) < TELLING else tx.seen_by_words(words, since=since)

        return await self._store.read(find)

    async def _stored(self, seen: SeenItem, chat: Address | None) -> MissedAnswer:
        assert self._store is not None
        active = self._active()
        seen = replace(seen, matches=tuple(each for each in seen.matches if _may_be_named(each, chat, active)))
        explained = await self._explain(seen.item, chat)
        feed = next((each for each in self._feeds() if each.id == seen.item.feed_id), None)

        now = self._clock()

        def read(tx: Transaction) -> tuple[StoryRead, FollowersRead, FeedState | None]:
            state = next((each for each in tx.feed_states() if each.feed_id == seen.item.feed_id), None)
            return _story(tx, seen, chat), _followers(tx, seen, chat, active, now), state

        story, followers, state = await self._store.read(read)
        reason = why_missed(seen, explained, active.watches, feed, state, story, followers)
        return MissedAnswer(True, reason, seen.item, explained)

    async def _states(self) -> Mapping[FeedId, FeedState]:
        if self._store is None:
            return {}
        return {state.feed_id: state for state in await self._store.read(Transaction.feed_states)}

    async def _feeds_of(self, url: str) -> list[Feed]:
        """The feeds of an address's newspaper: of one host, or those that have brought articles of that host."""
        house = house_of(url)
        if not house:
            return []
        feeds = self._feeds()
        mine = [feed for feed in feeds if house_of(feed.url) == house]
        if mine or self._store is None:
            return mine
        known = await self._store.read(Transaction.feeds_of_keys, outlet_of(url), since=self._since())
        return [feed for feed in feeds if feed.id in known]

    # ------------------------------------------------ page and matcher

    async def _page(self, url: str, within: timedelta | None) -> Item | Failed:
        try:
            async with asyncio.timeout(within.total_seconds() if within else None):
                page = await self._reader.read_item(url)
        except TimeoutError:
            return Failed(FailureKind.TIMEOUT, "the page took too long")
        return page if isinstance(page, Failed) else replace(page, published_at=page.published_at or self._clock())

    async def _explain(self, item: Item, chat: Address | None) -> Explanation:
        # a whole article takes tens of milliseconds
        return await asyncio.to_thread(_explained, item, chat, self._active())


def _may_be_named(match: Match | NearMiss, chat: Address | None, active: ActiveWatchlist) -> bool:
    """Whether the chat that asks may hear of it: of own watches, of its own alone."""
    watch_id = WatchId(match.watch_id)
    return own_number(watch_id) is None or (watch_id in active.owners and active.owners[watch_id] == chat)


def _explained(item: Item, chat: Address | None, active: ActiveWatchlist) -> Explanation:
    """What the files' watches and those of this chat see in an item."""
    explained = active.matcher.explain(item)
    if chat not in active.owners.values():
        return explained
    matches, near = active.own.match(item), active.own.near_misses(item)
    return replace(
        explained,
        matches=(*explained.matches, *(each for each in matches if _may_be_named(each, chat, active))),
        near_misses=(*explained.near_misses, *(each for each in near if _may_be_named(each, chat, active))),
    )


def _story(tx: Transaction, seen: SeenItem, chat: Address | None) -> StoryRead:
    story_id = seen.item.story_id
    if story_id is None:
        return StoryRead()
    asked = None if chat is None else [chat.chat_id]
    rows = [row for row in tx.alerts_of_story(story_id, chats=asked) if chat is None or row.address == chat]
    over = _numbered(tx, {row.under for row in rows if row.is_line})
    digests = _numbered(tx, {row.digest_id for row in (*rows, *over.values())})
    view = tx.story(story_id)
    return StoryRead(
        rows,
        tx.whys_of_story(story_id),
        digests,
        over,
        {item.id: item for item in view.items} if view else {},
        tx.muted(story_id),
        view.roles if view else {},
    )


def _numbered(tx: Transaction, numbers: Collection[int | None]) -> dict[int, Alert]:
    return {number: row for number in numbers if number is not None and (row := tx.alert(number)) is not None}


def _followers(
    tx: Transaction, seen: SeenItem, chat: Address | None, active: ActiveWatchlist, now: datetime
) -> FollowersRead:
    watches = [active.watches[match.watch_id] for match in seen.matches if match.watch_id in active.watches]
    since: Mapping[Address, datetime] = tx.followed_since(chat, targets_of(watches)) if watches else {}
    if chat is None:
        subscribers = tx.subscribers(targets_of(watches)) if watches else []
        wishes = {one.address: one.preferences for one, _ in subscribers}
        return FollowersRead({address: at for address, at in since.items() if address in wishes}, wishes=wishes)
    known = tx.chat(chat)
    gathers_until = known.gather_until if known is not None and is_gathering_now(known, now) else None
    wishes = {chat: known.preferences} if known is not None else {}
    return FollowersRead(since, chat, known, tx.held_until(chat.chat_id), gathers_until, wishes)
