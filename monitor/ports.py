"""The seams: what the use cases need of the outside world, as protocols.

Says nothing of how; the implementations (files with * in docs/decisions.md) are built in app.py and handed in.
The store's transaction is drawn as four desks, so that a use case names only the rows it works on.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.types import (
    Address,
    Alert,
    AlertDraft,
    AlertState,
    Bookmark,
    Chat,
    ChatState,
    Draft,
    Failed,
    Feed,
    FeedId,
    FeedState,
    FetchResult,
    Item,
    ItemId,
    Match,
    Message,
    Outcome,
    Placement,
    StoryId,
    StoryView,
    Target,
    WatchId,
)

Clock = Callable[[], datetime]
"""The present moment, aware. Only app.py knows the real one."""


class Fetcher(Protocol):
    """Asks an outlet's server for a feed."""

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """One polite poll. Expected failures are values; only bugs raise."""
        ...


@dataclass(frozen=True, slots=True)
class Article:
    """The full text behind an item's URL, paragraphs parted by newlines."""

    text: str


class ArticleReader(Protocol):
    """Fetches the page behind an item and reads its text."""

    async def read(self, url: str) -> Article | Failed:
        """One polite request; expected failures are values."""
        ...


class Words(Protocol):
    """What a tokeniser and tagger of Vietnamese knows; slow, so asked only about what is in doubt."""

    async def warm_up(self) -> None:
        """Load the models, off the event loop; call once before the rest."""
        ...

    async def sentences(self, text: str) -> tuple[tuple[int, int], ...]:
        """Spans of the sentences of `text`."""
        ...

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        """`matches` less those short, ambiguous ones that the tagger reads as something else."""
        ...


class Sender(Protocol):
    """Puts a message before a reader."""

    async def send(self, message: Message) -> Outcome:
        """Send or edit once. Raises SenderBroken when the bot itself is refused."""
        ...


# ---------------------------------------------------------------- the store


class FeedRows(Protocol):
    """Feeds and the items they bring: transaction 1."""

    async def register_feeds(self, urls: Mapping[FeedId, str], *, now: datetime) -> None:
        """See that every feed has a row; a new one, or one whose configured URL was changed, is due at once."""
        ...

    async def claim_due_feeds(
        self,
        ids: Collection[FeedId],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
        host_of: Callable[[FeedId], str] | None = None,
        per_host: int = 1,
    ) -> list[FeedState]:
        """The due feeds among `ids`, longest due first, each pushed forward by `lease` so that nobody else polls it.

        With `host_of` at most `per_host` of one host.
        """
        ...

    async def feed_states(self) -> list[FeedState]:
        """Every feed's state, by id."""
        ...

    async def save_feed(self, state: FeedState) -> None:
        """Write the whole state of one feed."""
        ...

    async def known_keys(self, keys: Collection[str]) -> set[str]:
        """Which of `keys` are stored already."""
        ...

    async def make_alertable(self, keys: Collection[str], *, seen_after: datetime) -> int:
        """Let items ring after all that another feed's silent baseline brought in after `seen_after`; how many.

        They wait for detection again and keep their story.
        """
        ...

    async def add_items(self, drafts: Sequence[Draft]) -> list[Item]:
        """Store those whose key is not known yet, and give them back; known ones are only noted as still listed."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """An item with its place, to warm the story window after a restart."""

    item: Item
    story_id: StoryId
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """An item whose detection failed three times, waiting for a person."""

    item_id: ItemId
    title: str
    why: str
    failed_at: datetime


class ItemRows(Protocol):
    """Items on their way to stories: transaction 2."""

    async def unmatched_items(self, *, limit: int) -> list[Item]:
        """The oldest items that no watchlist has seen, parked ones left out."""
        ...

    async def unmatched_count(self) -> int:
        """How many items wait to be looked at."""
        ...

    async def save_detection(
        self, item: Item, matches: Sequence[Match], placement: Placement, *, version: str, now: datetime
    ) -> StoryId:
        """Write matches, story (opened when placement.story_id is None) and matched_at; gives the story's id."""
        ...

    async def add_matches(self, item_id: ItemId, matches: Sequence[Match]) -> list[Match]:
        """Write matches that a second look brought; gives those that were new."""
        ...

    async def outdated_items(self, version: str, *, since: datetime, limit: int) -> list[Item]:
        """Items not older than `since` that an earlier watchlist than `version` was asked about, newest first."""
        ...

    async def mark_matched(self, ids: Collection[ItemId], version: str) -> None:
        """The watchlist `version` has been asked about these items."""
        ...

    async def note_failure(self, item_id: ItemId, why: str, *, park_after: int, now: datetime) -> bool:
        """Count a failed detection; True when that parked the item."""
        ...

    async def parked_items(self) -> list[ParkedItem]:
        """What waits for a person."""
        ...

    def placed_since(self, since: datetime) -> AsyncIterator[Placed]:
        """Items with their stories, oldest first, in constant memory."""
        ...

    async def story(self, story_id: StoryId) -> StoryView | None:
        """A story with its items (oldest first), matches and roles."""
        ...

    async def latest_stories(
        self, watch_ids: Collection[WatchId] | None, *, since: datetime, limit: int
    ) -> list[StoryView]:
        """Stories with a match of one of `watch_ids` (None: of any), newest first."""
        ...

    async def claim_fulltext(self, *, now: datetime, lease: timedelta, limit: int) -> list[Item]:
        """Items whose article is wanted and due, each pushed forward by `lease`."""
        ...

    async def save_fulltext(self, item_id: ItemId, body: str, *, now: datetime) -> None:
        """The article has been read; it is not wanted any more."""
        ...

    async def fulltext_failed(self, item_id: ItemId, *, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or give up when it is None."""
        ...

    async def sweep(self, *, before: datetime, limit: int) -> int:
        """Delete up to `limit` items last listed by a feed before `before`; stories and counts stay. How many went."""
        ...


class OutboxRows(Protocol):
    """Alerts on their way to chats: written in transaction 2, claimed in 3, settled in 4."""

    async def enqueue(self, drafts: Iterable[AlertDraft], *, now: datetime) -> int:
        """Write those whose (address, dedupe_key) is new; how many were.

        A draft of kind EDIT whose row exists wakes that row: pending if it had ended, else its revision is bumped.
        """
        ...

    async def alerts_of_story(self, story_id: StoryId) -> list[Alert]:
        """All rows about a story, of every chat, oldest first."""
        ...

    async def claim_alerts(self, *, now: datetime, lease: timedelta, limit: int) -> list[Alert]:
        """Due rows, at most one a chat, each set to sending with attempts + 1 and a lease.

        Left out: chats that are paused (until `paused_until`, where it is set), blocked, or held until later (pacing,
        flood waits); rows behind an earlier unfinished row of their chat (an EDIT waits only for rows of its own story,
        and blocks nobody). A row whose lease ran out while sending is treated as settle(Unknown) first.
        """
        ...

    async def settle(
        self,
        alert: Alert,
        state: AlertState,
        *,
        now: datetime,
        message_id: int | None = None,
        sent_digest: str = "",
        next_try_at: datetime | None = None,
        why: str = "",
    ) -> None:
        """Write how a claimed row ended. A row whose revision moved since it was claimed becomes pending again."""
        ...

    async def hold_chat(self, chat_id: int, until: datetime) -> None:
        """Nothing more to this chat (all its topics) before `until`; never shortens a longer hold."""
        ...

    async def lose_chat(self, chat_id: int) -> None:
        """Mark every topic of the chat as blocked."""
        ...

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: subscribers, subscriptions, mutes and outbox rows follow to the new id."""
        ...

    async def overdue_alerts(self, address: Address, *, before: datetime) -> list[Alert]:
        """Pending ALERT and UPDATE rows of one chat created before `before`: what a catch-up digest takes in."""
        ...

    async def heard(self, chat_ids: Collection[int], *, since: datetime) -> Mapping[Address, Collection[WatchId]]:
        """Which watches each topic of these chats was told of, or is about to be, by alerts written since then."""
        ...

    async def fold_alerts(self, ids: Collection[int], digest: AlertDraft, *, now: datetime) -> None:
        """Those rows become skipped, and one digest row with their stories takes their place."""
        ...

    async def alert(self, alert_id: int) -> Alert | None:
        """One row, as a button names it."""
        ...

    async def alert_by_message(self, address: Address, message_id: int) -> Alert | None:
        """The row that a message of a chat came from: /why in reply to it."""
        ...

    async def digest_alerts(self, digest_id: int) -> list[Alert]:
        """The rows that a digest row took in."""
        ...

    async def outbox_counts(self) -> Mapping[AlertState, int]:
        """How many rows are in each state."""
        ...


class ChatRows(Protocol):
    """Subscribers and what they wish: the bot's transactions."""

    async def chat(self, address: Address) -> Chat | None:
        """A subscriber, if known."""
        ...

    async def save_chat(self, chat: Chat) -> None:
        """Insert or update one subscriber."""
        ...

    async def chats(self, states: Collection[ChatState] | None = None) -> list[Chat]:
        """All subscribers in these states (None: all)."""
        ...

    async def follow(self, address: Address, target: Target, *, now: datetime) -> bool:
        """False when it was followed already."""
        ...

    async def unfollow(self, address: Address, target: Target) -> bool:
        """False when it was not followed. Target "*" here stands for that one subscription, not for all."""
        ...

    async def following(self, address: Address) -> list[Target]:
        """What a chat follows, in the order in which it asked."""
        ...

    async def subscribers(self, targets: Mapping[Target, WatchId | None]) -> list[tuple[Chat, tuple[Target, ...]]]:
        """Active and paused chats that follow any of `targets`, with which."""
        ...

    async def mute(self, address: Address, story_id: StoryId, *, now: datetime) -> None:
        """This chat wants no more of this story."""
        ...

    async def muted(self, story_id: StoryId) -> set[Address]:
        """Who wants no more of it."""
        ...

    async def add_feedback(
        self, address: Address, story_id: StoryId, evidence: Sequence[Mapping[str, object]], *, now: datetime
    ) -> bool:
        """Keep a reader's complaint with the matches that led to it; False when this chat said so before."""
        ...

    async def feedback(self, *, limit: int) -> list[Mapping[str, object]]:
        """The newest complaints: chat_id, story_id, title, at, evidence."""
        ...

    async def add_invite(self, code: str, *, now: datetime) -> None:
        """A word that lets one chat in."""
        ...

    async def use_invite(self, code: str, address: Address, *, now: datetime) -> bool:
        """False when there is no such word or it has been used by another chat."""
        ...


class Transaction(FeedRows, ItemRows, OutboxRows, ChatRows, Protocol):
    """All desks inside one transaction."""


class Store(Protocol):
    """Where rows live; nothing outside is awaited inside a transaction."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A writing transaction: committed at the end of the block, undone by an exception."""
        ...

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A reading one, which takes no write lock."""
        ...
