"""A new item -> matches, story, alerts in the outbox; owns transaction 2.

Leaves alone how items are read (poll.py), what is a mention (watch/) or the same story (stories/), and sending.
Matching and grouping happen on data read before the transaction; the story window learns only what was committed.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from monitor.errors import StoreError
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.matcher import Matcher
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.corrections import CORRECTED, after_merge, after_split
from monitor.ports import Clock, Nlp
from monitor.store.transaction import Store, Transaction
from monitor.stories.changes.differences import differences
from monitor.stories.changes.tokens import Wording
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.stories.grouping.roundups import is_roundup
from monitor.stories.grouping.window import KEY_MEMORY, SAME_TEXT_WINDOW, StoryWindow, undisturbed
from monitor.stories.quotes.find_quotes import quotes_of
from monitor.types import (
    EVERYTHING,
    Address,
    Alert,
    AlertKind,
    AlertState,
    ChatState,
    Item,
    Match,
    NewAlert,
    Placement,
    Priority,
    Quote,
    Role,
    StoryId,
    StoryView,
    Target,
    Version,
    Watch,
    WatchId,
)

PARK_AFTER = 3  # failures in a row; a poisonous title must not be tried for ever
MATCH_AGAIN_WITHIN = timedelta(days=1)  # how far back a changed watchlist looks
FORGET_EVERY = timedelta(minutes=1)  # the window looks through all it holds, which takes milliseconds
LONG_BODY = 20_000  # characters; matching such a text takes about 20 ms, longer ones go to a thread
MAX_BODY = 100_000  # characters of an article that are read: four times the longest of 163 real ones
GATHER = timedelta(minutes=1)  # news that is hours old can wait for what else an outage has left
EDIT_DELAY = timedelta(seconds=15)  # later outlets come in bursts: one edit for all of a burst
HEARD_WITHIN = timedelta(days=1)  # a round-up tells of the last day
UPDATE_SPACING = timedelta(minutes=30)  # a storm of developments becomes one edit
PAGES_AFTER = timedelta(minutes=30)  # how soon the pages of a story that was told are asked for again (recheck.py)
UPDATES_PER_STORY = 6  # replies under one alert; what comes after is an edit


@dataclass(frozen=True, slots=True)
class Detected:
    """What one item came to."""

    item: Item
    matches: tuple[Match, ...]
    placement: Placement
    story_id: StoryId
    alerts: int  # rows written to the outbox
    revision: Revision | None = None  # what it showed of stories: two are one, or one is two


@dataclass(frozen=True, slots=True)
class Parked:
    """An item that failed too often to be tried again by itself."""

    item: Item
    why: str


def targets_of(watches: Iterable[Watch]) -> dict[Target, WatchId | None]:
    """Under which targets a chat may follow these watches: the id, each "#tag", and everything."""
    targets: dict[Target, WatchId | None] = {EVERYTHING: None}
    for watch in watches:
        targets[Target(watch.id)] = watch.id
        for tag in watch.tags:
            targets.setdefault(Target(f"#{tag}"), None)
    return targets


def follows(watch: Watch, targets: Collection[Target]) -> bool:
    """Whether a chat that follows `targets` follows this watch."""
    return (
        EVERYTHING in targets or Target(watch.id) in targets or any(Target(f"#{tag}") in targets for tag in watch.tags)
    )


def alerts_for_item(
    item: Item,
    watches: Sequence[Watch],
    role: Role,
    story_id: StoryId,
    *,
    followers: Mapping[Address, Collection[Target]],
    known: Sequence[Alert],
    muted: Collection[Address],
    now: datetime,
    edit_delay: timedelta = EDIT_DELAY,
    heard: Mapping[Address, Collection[WatchId]] | None = None,
) -> list[NewAlert]:
    """Decide what each chat is told of an item: a first message, a reply with a development, a silent edit, or nothing.

    `watches` are those the item matched, `followers` the chats that follow any of them, `known` the outbox rows of the
    story. A chat that was told of the story gains every later outlet, also one that does not name its watch.
    Of watches in `heard` a chat is not rung for this item: a round-up only repeats them.
    """
    told = {alert.address: alert for alert in known if alert.kind is AlertKind.ALERT}
    alerts = []
    for address in [*followers, *(address for address in told if address not in followers)]:
        if address in muted:
            continue
        repeated = heard.get(address, ()) if heard else ()
        mine = [watch for watch in watches if follows(watch, followers.get(address, ())) and watch.id not in repeated]
        base = NewAlert(
            address,
            AlertKind.ALERT,
            f"story:{story_id}",
            story_id=story_id,
            item_id=item.id,
            watch_ids=tuple(watch.id for watch in mine),
            priority=max((watch.priority for watch in mine), key=_rank, default=Priority.NORMAL),
        )
        first = told.get(address)
        if first is None:
            if mine:
                alerts.append(base)
        elif first.state in (AlertState.SENT, AlertState.SENDING, AlertState.UNCERTAIN):
            if mine and role is Role.UPDATE and _may_update(address, known, now):
                alerts.append(replace(base, kind=AlertKind.UPDATE, dedupe_key=f"update:{story_id}:{item.id}"))
            elif first.state is not AlertState.UNCERTAIN:  # what may not be there cannot be edited
                edit = replace(base, kind=AlertKind.EDIT, dedupe_key=f"edit:{story_id}", not_before=now + edit_delay)
                alerts.append(edit)
        # a pending first message is rendered when it is sent, with this item in it; a refused or skipped one stays so
    return alerts


def corrections_for_item(
    item: Item,
    story_id: StoryId,
    *,
    known: Sequence[Alert],
    muted: Collection[Address],
    now: datetime,
    edit_delay: timedelta = EDIT_DELAY,
) -> list[NewAlert]:
    """Silent edits of what chats were told of an item that its outlet changed or took down; nothing new rings."""
    alerts = []
    for alert in known:
        if alert.address in muted or alert.state not in (AlertState.SENT, AlertState.SENDING):
            continue  # a pending one is rendered when it is sent
        if alert.kind is AlertKind.ALERT:
            key = f"edit:{story_id}"
        elif alert.kind is AlertKind.UPDATE and alert.item_id == item.id:
            key = f"{CORRECTED}{story_id}:{item.id}"
        else:
            continue
        edit = NewAlert(alert.address, AlertKind.EDIT, key, story_id, item.id, not_before=now + edit_delay)
        alerts.append(edit)
    return alerts


def _rank(priority: Priority) -> int:
    return 1 if priority is Priority.HIGH else 0


def _may_update(address: Address, known: Sequence[Alert], now: datetime) -> bool:
    sent = [alert.created_at for alert in known if alert.kind is AlertKind.UPDATE and alert.address == address]
    return len(sent) < UPDATES_PER_STORY and all(now - at >= UPDATE_SPACING for at in sent)


class Detect:
    """Looks at new items, oldest first. One detector a window: grouping is decided with what came before."""

    def __init__(
        self,
        store: Store,
        active: Callable[[], ActiveWatchlist],
        window: StoryWindow,
        *,
        clock: Clock,
        nlp: Nlp | None = None,
        admins: Collection[int] = (),
        edit_delay: timedelta = EDIT_DELAY,
        catch_up_after: timedelta | None = None,
    ) -> None:
        self._store = store
        self._active = active
        self._window = window
        self._clock = clock
        self._nlp = nlp
        self._edit_delay = edit_delay
        self._catch_up_after = catch_up_after
        self._admins = frozenset(admins)
        self._asked_all = ""  # the version that every recent item was asked about
        self._forgot_at = datetime.min.replace(tzinfo=UTC)

    async def warm(self) -> int:
        """Fill the story window with what was placed within its span; how many items it holds then."""
        now = self._clock()
        async with self._store.read() as tx:
            kin = await tx.kinship(since=now - KEY_MEMORY)
            self._window.know(merged=kin.merged, apart=kin.apart)
            kept_rows = [kept async for kept in tx.window_since(now - SAME_TEXT_WINDOW)]
        with undisturbed():
            for kept in kept_rows:
                self._window.remember(kept.item, kept.story_id, kept.matches, packed=kept.packed)
        return len(self._window)

    async def unmatched(self, *, limit: int) -> list[Item]:
        """The oldest items that nobody has looked at."""
        async with self._store.read() as tx:
            return await tx.unmatched_items(limit=limit)

    async def detect(self, item: Item) -> Detected | Parked | None:
        """Look at one item; None when that failed and will be tried again.

        This is the per-item guard: whatever an odd text provokes is counted on its row and, the third time, parked
        where `monitor status` shows it, so that it cannot stop the items behind it.
        """
        try:
            return await self._detect(item)
        except StoreError:
            raise  # the database's trouble is not this item's: nothing is counted, the sweep comes again
        except Exception as bug:
            why = f"{type(bug).__name__}: {bug}"
            now = self._clock()
            async with self._store.begin() as tx:
                parked = await tx.note_failure(item.id, why, park_after=PARK_AFTER, now=now)
                if parked:
                    await tell_admins(
                        tx,
                        self._admins,
                        lambda _: _.gettext(
                            "⚠️ Item {id} could not be read three times and is parked: {why}", id=item.id, why=why
                        ),
                        dedupe_key=f"parked:{item.id}",
                        now=now,
                    )
            return Parked(item, why) if parked else None

    async def _detect(self, item: Item) -> Detected:
        active = self._active()
        matches: Sequence[Match] = active.matcher.match(item)
        if self._nlp is not None and matches:
            matches = await self._nlp.second_opinion(item, matches)
        now = self._clock()
        if now - self._forgot_at >= FORGET_EVERY:
            self._forgot_at = now
            self._window.forget(now - SAME_TEXT_WINDOW)
        bare = replace(item, body="")  # the window goes by title and lead: a restart need not read articles again
        placement = self._window.decide(bare, matches, at=item.at or now)
        quotes = await self._quotes(item, matches)
        if item.story_id is not None:  # looked at anew, perhaps with its article
            matches = [match for match in matches if is_prominent(match)]
        async with self._store.begin() as tx:
            earlier = await tx.earlier_wordings(item.id) if item.story_id is not None else ()
            new = await tx.replace_matches(item.id, matches) if earlier else matches
            packed = self._window.packed(bare)
            story_id = await tx.save_detection(item, matches, placement, version=active.version, now=now, packed=packed)
            if quotes or item.story_id is not None:  # what an earlier wording said is taken back
                await tx.save_quotes(item.id, quotes)
            alerts = 0
            if earlier:
                alerts = await self._correct(tx, item, earlier, new, story_id, active, now)
            elif item.alertable:
                alerts = await self._alert(tx, item, matches, placement.role, story_id, active, now)
            revised = None
            if item.story_id is None:
                found = self._window.review(bare, story_id, matches, at=item.at or now)
                revised = await self._revise(tx, found, active, now) if found is not None else None
        if item.story_id is None:  # one that is looked at anew stands in the window already
            self._window.remember(bare, story_id, matches)
        if revised is not None:
            self._window.revise(*revised)
        return Detected(item, tuple(matches), placement, story_id, alerts, revised[0] if revised else None)

    async def _alert(
        self,
        tx: Transaction,
        item: Item,
        matches: Sequence[Match],
        role: Role,
        story_id: StoryId,
        active: ActiveWatchlist,
        now: datetime,
    ) -> int:
        watches = [active.watches[match.watch_id] for match in matches if match.watch_id in active.watches]
        known = await tx.alerts_of_story(story_id)
        if not watches and not known:
            return 0
        subscribers = await tx.subscribers(targets_of(watches)) if watches else []
        heard = None
        if is_roundup(item.title):  # rings for whom it tells of somebody unheard of that day
            chat_ids = {chat.address.chat_id for chat, _ in subscribers}
            heard = await tx.heard(chat_ids, since=now - HEARD_WITHIN)
        alerts = alerts_for_item(
            item,
            watches,
            role,
            story_id,
            followers={chat.address: targets for chat, targets in subscribers},
            known=known,
            muted=await tx.muted(story_id) | await self._gone(tx, known),
            now=now,
            edit_delay=self._edit_delay,
            heard=heard,
        )
        if alerts or known:
            await tx.schedule_rechecks(story_id, at=now + PAGES_AFTER)
        if self._catch_up_after and item.published_at and now - item.published_at > self._catch_up_after:
            alerts = [replace(alert, not_before=alert.not_before or now + GATHER) for alert in alerts]
        return await tx.enqueue(alerts, now=now)

    async def _correct(
        self,
        tx: Transaction,
        item: Item,
        earlier: Sequence[Version],
        new: Sequence[Match],
        story_id: StoryId,
        active: ActiveWatchlist,
        now: datetime,
    ) -> int:
        """An item reads otherwise than before: what it names now may ring, what was told of it is edited.

        A cosmetic change waits for the next edit of the message.
        """
        present = Wording(item.title, item.lead)
        matters = any(differences(Wording(past.title, past.lead), present) for past in earlier)
        rung = await self._alert(tx, item, new, Role.REPEAT, story_id, active, now) if new and item.alertable else 0
        if not matters:
            return rung
        known = await tx.alerts_of_story(story_id)
        muted = await tx.muted(story_id) | await self._gone(tx, known)
        alerts = corrections_for_item(item, story_id, known=known, muted=muted, now=now, edit_delay=self._edit_delay)
        return rung + await tx.enqueue(alerts, now=now)

    async def _revise(
        self, tx: Transaction, found: Revision, active: ActiveWatchlist, now: datetime
    ) -> tuple[Revision, Sequence[Item], StoryId | None] | None:
        """Merge or split in the item's own transaction 2; what the window is to take in, None where nothing changed."""
        match found:
            case Merge(into=into, gone=gone, reason=reason):
                of_into, of_gone = await tx.alerts_of_story(into), await tx.alerts_of_story(gone)
                if not await tx.merge_stories(gone, into, reason=reason):
                    return None
                corrections = after_merge(
                    into,
                    gone,
                    of_into,
                    of_gone,
                    muted=await tx.muted(into) | await self._gone(tx, of_into + of_gone),
                    now=now,
                    edit_delay=self._edit_delay,
                    may_update=_may_update,
                )
                await tx.refile(corrections.refiled)
                await tx.enqueue(corrections.edits, now=now)
                return found, (), None
            case Split(story=story, items=item_ids, reason=reason):
                rows = await tx.alerts_of_story(story)
                new = await tx.split_story(story, item_ids, reason=reason)
                if new is None:
                    return None
                muted = await tx.muted(story) | await self._gone(tx, rows)
                corrections = after_split(story, new, item_ids, rows, muted=muted, now=now, edit_delay=self._edit_delay)
                await tx.refile(corrections.refiled)
                await tx.note_told(corrections.told, now=now)
                await tx.enqueue(corrections.edits, now=now)
                views = [view for view in (await tx.story(story), await tx.story(new)) if view is not None]
                for view in views if corrections.free else ():
                    await self._ring_afresh(tx, view, corrections.free, active, now)
                return found, views[-1].items, new
            case _:
                assert_never(found)

    async def _ring_afresh(
        self, tx: Transaction, view: StoryView, free: Collection[Address], active: ActiveWatchlist, now: datetime
    ) -> None:
        """Ring for a part of a story in chats that wait to be told; all others heard of it with the rest."""
        item = next((item for item in view.items if item.alertable and view.matches.get(item.id)), None)
        if item is None:
            return
        found = {match.watch_id for each in view.items for match in view.matches.get(each.id, ()) if each.alertable}
        watches = [active.watches[watch_id] for watch_id in sorted(found) if watch_id in active.watches]
        subscribers = await tx.subscribers(targets_of(watches)) if watches else []
        alerts = alerts_for_item(
            item,
            watches,
            Role.NEW,
            view.story.id,
            followers={chat.address: targets for chat, targets in subscribers if chat.address in free},
            known=[],
            muted=await tx.muted(view.story.id),
            now=now,
        )
        await tx.enqueue(alerts, now=now)  # a chat that has a row of this story already keeps it

    async def match_again(self, *, limit: int) -> int:
        """Ask a changed watchlist about items of the last day, newest first; how many were asked about.

        Rings for nothing: a new watch finds its recent past under /latest, and the next article of such a story rings.
        """
        active, now = self._active(), self._clock()
        if active.version == self._asked_all:
            return 0  # what has come since was asked about by this very version
        async with self._store.read() as tx:
            items = await tx.outdated_items(active.version, since=now - MATCH_AGAIN_WITHIN, limit=limit)
        if not items:
            self._asked_all = active.version
            return 0
        # full texts among them take tens of milliseconds each
        found = await asyncio.to_thread(lambda: {item.id: _looked_through(active.matcher, item) for item in items})
        async with self._store.begin() as tx:
            for item_id, (matches, quotes) in found.items():
                if matches:
                    await tx.add_matches(item_id, matches)
                if quotes:
                    await tx.save_quotes(item_id, quotes)
            await tx.mark_matched(list(found), active.version)
        return len(items)

    async def _quotes(self, item: Item, matches: Sequence[Match]) -> tuple[Quote, ...]:
        """What leaders say in an item, also those whom it names in passing; a long text is read in a thread."""
        if len(item.body) > LONG_BODY:
            return await asyncio.to_thread(quotes_of, item, matches)
        return quotes_of(item, matches)

    async def _gone(self, tx: Transaction, known: Sequence[Alert]) -> set[Address]:
        """Chats that were told of a story and where the bot is not welcome any more."""
        if not known:
            return set()
        return {chat.address for chat in await tx.chats({ChatState.BLOCKED, ChatState.BARRED})}

    async def detect_again(self, item: Item) -> Sequence[Match]:
        """Match an item whose full text has come; what is new there may ring, what was told is edited.

        The caller (enrich.py) hands in the item with its body. Runs its own transaction 2, with the text saved in it.
        An item that nobody has looked at yet only keeps its text: its first look will read it.
        """
        active = self._active()
        async with self._store.read() as tx:
            present = await tx.item(item.id)  # its title may have changed while its page was on the way
        item = replace(present or item, body=item.body[:MAX_BODY])
        if len(item.body) > LONG_BODY:
            matches = await asyncio.to_thread(active.matcher.match, item)
        else:
            matches = active.matcher.match(item)
        quotes = await self._quotes(item, matches)
        found = [match for match in matches if is_prominent(match)]
        if self._nlp is not None and found:
            found = list(await self._nlp.second_opinion(item, found))
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.save_fulltext(item.id, item.body, now=now)
            if item.story_id is None:
                return ()
            if await tx.earlier_wordings(item.id):
                return ()  # and it will be looked at again, with this text
            new = await tx.replace_matches(item.id, found)
            await tx.save_quotes(item.id, quotes)
            placed = await tx.item(item.id)  # its story may have merged or split meanwhile
            if item.alertable and placed is not None and placed.story_id is not None:
                # a full text is never a development by itself; without new matches it may still better a summary
                await self._alert(tx, item, new, Role.REPEAT, placed.story_id, active, now)
        return new


def _looked_through(matcher: Matcher, item: Item) -> tuple[list[Match], tuple[Quote, ...]]:
    matches = matcher.match(item)
    return [match for match in matches if is_prominent(match)], quotes_of(item, matches)


PROMINENT_WITHIN = 700  # characters: the first paragraphs, where news stands (the inverted pyramid)


def is_prominent(match: Match) -> bool:
    """Whether a mention is what the article is about: in title or lead, early in the body, or there more than once.

    A name that falls once in the fifteenth paragraph is background: it would ring for stories about others.
    """
    body = [evidence for evidence in match.evidence if evidence.field == "body"]
    return len(body) < len(match.evidence) or len(body) > 1 or any(each.start < PROMINENT_WITHIN for each in body)
