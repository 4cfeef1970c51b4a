"""A due feed -> fetched -> items saved; owns transaction 1.

Leaves alone how a server is asked (feeds/fetch.py), when next (feeds/schedule.py) and what the items mean (detect.py).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never
from urllib.parse import urlsplit

from monitor.feeds.schedule import after_failure, after_success, trouble_to_announce
from monitor.i18n import Translator
from monitor.notify.failure_words import failure_words
from monitor.pipeline.admin_notices import Wording, tell_admins
from monitor.pipeline.bugs import or_failed
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.overload import ITEMS_FULL, LastCount
from monitor.ports import Clock, Fetcher
from monitor.store.feed_rows import BULK, FeedRows
from monitor.store.transaction import Store, Transaction
from monitor.store.version_rows import VersionRows
from monitor.stories.changes import differences, tokens
from monitor.types import (
    Entry,
    Failed,
    Feed,
    FeedId,
    FeedState,
    Fetched,
    FetchResult,
    Item,
    ItemId,
    NewItem,
    NotModified,
)

LEASE = timedelta(minutes=5)  # longer than a fetch, cut at a minute, twice when a remembered address fails

Trouble = Literal["down", "changed", "recovered"]


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll came to."""

    feed: Feed
    result: FetchResult
    new: tuple[Item, ...]
    trouble: Trouble | None = None
    took: timedelta = timedelta(0)  # from asking to the answer read, with the wait for the host's turn
    reworded: tuple[ItemId, ...] = ()  # known items that have another title or lead now
    asked_at: datetime | None = None


def is_alertable(entry: Entry, feed: Feed, *, baseline: bool, now: datetime) -> bool:
    """Whether an entry may ring: not in a feed's first poll, and not older than the feed's max_alert_age.

    The first poll is silent because its items were published before anybody asked for this feed.
    """
    return not baseline and now - (entry.published_at or now) <= feed.max_alert_age


class Poll:
    """Polls due feeds. `chance` gives the jitter in [0, 1) that keeps feeds from marching in step."""

    def __init__(
        self, store: Store, fetcher: Fetcher, *, clock: Clock, chance: Callable[[], float], admins: Collection[int] = ()
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._chance = chance
        self._admins = frozenset(admins)
        self._hosts: tuple[Mapping[FeedId, Feed], Mapping[FeedId, str]] | None = None
        self._by_host: tuple[Mapping[FeedId, str], Mapping[str, Sequence[FeedId]]] | None = None
        self._items = LastCount()  # of those that wait for detection

    async def register(self, feeds: Collection[Feed]) -> None:
        """See that every configured feed has a row, and that all others rest."""
        urls = {feed.id: feed.url for feed in feeds if feed.enabled}
        await self._store.write(Transaction.register_feeds, urls, now=self._clock())

    async def claim(
        self,
        feeds: Mapping[FeedId, Feed],
        *,
        limit: int,
        busy: Collection[FeedId] = (),
        per_host: int = 1,
        host: str | None = None,
    ) -> list[tuple[Feed, FeedState]]:
        """Due feeds with their states, leased so that no other worker polls them meanwhile.

        `host`: of this one alone. At most `per_host` of one host, with those that are `busy`: its requests go one after
        the other, and a lease must not run out in that queue. None while so many items wait for detection that a
        newspaper keeps what is new as well as we do.
        """
        now = self._clock()
        hosts = self._hosts_of(feeds)
        among = None if host is None else self._feeds_at(feeds, host)
        asked = Counter(hosts[feed_id] for feed_id in busy if feed_id in hosts)

        def wanted(feed_id: FeedId) -> bool:
            host = hosts.get(feed_id)
            if host is None or asked[host] >= per_host:
                return False
            asked[host] += 1
            return True

        def claim(tx: Transaction) -> list[FeedState]:
            if self._items.is_full(lambda: tx.are_items_full(ITEMS_FULL), now=now):
                return []
            return tx.claim_due_feeds(wanted, now=now, lease=LEASE, limit=limit, among=among)

        states = await self._store.write(claim)
        return [(feeds[state.feed_id], state) for state in states]

    async def due(self, feeds: Mapping[FeedId, Feed], *, limit: int) -> list[str]:
        """Hosts of which a feed is due, at most `limit`, that of the longest due feed first; nothing is claimed."""
        hosts = self._hosts_of(feeds)
        return await self._store.read(Transaction.due_hosts, hosts.get, now=self._clock(), limit=limit)

    def _feeds_at(self, feeds: Mapping[FeedId, Feed], host: str) -> Sequence[FeedId]:
        """The feeds of a host, drawn up once for each configuration."""
        hosts = self._hosts_of(feeds)
        if self._by_host is None or self._by_host[0] is not hosts:
            by_host: defaultdict[str, list[FeedId]] = defaultdict(list)
            for feed_id, each in hosts.items():
                by_host[each].append(feed_id)
            self._by_host = (hosts, by_host)
        return self._by_host[1].get(host, ())

    def _hosts_of(self, feeds: Mapping[FeedId, Feed]) -> Mapping[FeedId, str]:
        """The host of each feed that is polled, drawn up once for each configuration."""
        if self._hosts is None or self._hosts[0] is not feeds:
            self._hosts = (feeds, {feed.id: host_of(feed.url) for feed in feeds.values() if feed.enabled})
        return self._hosts[1]

    async def poll(self, feed: Feed, state: FeedState) -> Polled:
        """Ask once and write what came of it: items, bookmark and next check together, a failure likewise."""
        asked_at = self._clock()
        result = await or_failed(lambda: self._fetcher.fetch(feed, state.bookmark), feed.id)
        took = self._clock() - asked_at
        many = isinstance(result, Fetched) and len(result.entries) > BULK
        write = self._store.write_much if many else self._store.write
        polled = await or_failed(lambda: write(self._write, feed, state, result), feed.id)
        if isinstance(polled, Failed):  # what came cannot be kept: the feed fails, its bookmark stays where it was
            polled = await self._store.write(self._write, feed, state, polled)
        return replace(polled, asked_at=asked_at, took=took)

    def _write(self, tx: Transaction, feed: Feed, state: FeedState, result: FetchResult) -> Polled:
        """Transaction 1."""
        now, jitter = self._clock(), self._chance()
        new: list[Item] = []
        reworded: list[ItemId] = []
        match result:
            case Fetched(entries=entries):
                moved = state.bookmark.moved_from not in ("", feed.url)  # the editor wrote another address
                baseline = state.first_success_at is None or moved
                listed = [
                    NewItem(
                        entry,
                        feed.id,
                        feed.outlet,
                        seen_at=now,
                        alertable=is_alertable(entry, feed, baseline=baseline, now=now),
                        fulltext=feed.fulltext,
                    )
                    for entry in entries
                ]
                new = tx.add_items(listed)
                if len(new) < len(listed):
                    reworded = self._reword(tx, listed, feed, now=now)
                if state.last_success_at is not None:
                    self._unsilence(tx, listed, new, since=state.last_success_at)
                total = len(entries) + result.known
                after = after_success(
                    state,
                    feed,
                    result,
                    new=len(new),
                    total=total,
                    now=now,
                    jitter=jitter,
                    published=[] if baseline else [item.at or now for item in new],
                )
            case NotModified():
                after = after_success(state, feed, result, new=0, total=0, now=now, jitter=jitter)
            case Failed():
                after = after_failure(state, feed, result, now=now, jitter=jitter)
            case _:
                assert_never(result)
        trouble = trouble_to_announce(state, after)
        if trouble:
            tell_admins(
                tx,
                self._admins,
                _wording(trouble, feed, after),
                dedupe_key=notice_key("feed", feed.id, trouble, f"{now:%Y%m%dT%H%M%S}"),
                now=now,
            )
        tx.save_feed(after)
        return Polled(feed, result, tuple(new), trouble, reworded=tuple(reworded))

    def _reword(self, tx: VersionRows, listed: Sequence[NewItem], feed: Feed, *, now: datetime) -> list[ItemId]:
        """What the feed says otherwise than before of known items is kept; which those were."""
        reworded = []
        for relisted in tx.listed_otherwise(listed):
            entry = relisted.new_item.entry
            known = tokens.Wording(relisted.title, relisted.lead)
            newer = differences.newer_wording(known, tokens.Wording(entry.title, entry.lead))
            if newer is None:
                continue
            tx.reword(
                relisted.item_id,
                newer.title,
                newer.lead,
                now=now,
                url=entry.url,
                rings=is_alertable(entry, feed, baseline=False, now=now),
                reread=bool(differences.differences(known, newer)),
            )
            reworded.append(relisted.item_id)
        return reworded

    def _unsilence(self, tx: FeedRows, listed: Sequence[NewItem], new: Sequence[Item], *, since: datetime) -> None:
        """What another feed's baseline took in since our last good poll would have rung here: let it."""
        known = {new_item.entry.key for new_item in listed if new_item.alertable} - {item.key for item in new}
        if known:
            tx.make_alertable(known, seen_after=since)


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc.casefold()


def _wording(trouble: Trouble, feed: Feed, state: FeedState) -> Wording:
    def words(_: Translator) -> str:
        why = failure_words(_, state.failure_kind, state.last_error)
        facts = {"outlet": feed.outlet, "feed": feed.id, "why": why, "failures": state.failures}
        match trouble:
            case "down":
                return _.gettext(
                    "⚠️ Feed {feed} ({outlet}) is down after {failures} failures: {why}. It is still being tried.",
                    **facts,
                )
            case "changed":
                return _.gettext("⚠️ Feed {feed} ({outlet}) now fails in another way: {why}", **facts)
            case "recovered":
                return _.gettext("✅ Feed {feed} ({outlet}) is back.", **facts)
            case _:
                assert_never(trouble)

    return words
