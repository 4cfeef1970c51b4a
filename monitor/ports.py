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
    AlertState,
    Bookmark,
    Chat,
    ChatState,
    Failed,
    Feed,
    FeedId,
    FeedState,
    FetchResult,
    Item,
    ItemId,
    Match,
    Message,
    NewAlert,
    NewItem,
    Outcome,
    Placement,
    Quote,
    StoryId,
    StoryView,
    Target,
    Version,
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page that stands, and how it titles itself; empty where it does not say."""

    title: str = ""


class ArticleReader(Protocol):
    """Fetches the page behind an item and reads its text."""

    async def read(self, url: str) -> Article | Failed:
        """One polite request; expected failures are values."""
        ...

    async def look(self, url: str) -> Page | Failed:
        """Whether the page still stands, without its text; GONE and NOT_FOUND say that it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Abstract:
    """What a language model wrote of some articles, as one line."""

    text: str


class Summarizer(Protocol):
    """Has a language model sum up what articles say; nobody has checked yet what it writes."""

    @property
    def model(self) -> str:
        """Which one is asked: another one writes otherwise."""
        ...

    async def summarize(self, items: Sequence[Item]) -> Abstract | Failed:
        """One request; expected failures are values."""
        ...


class Nlp(Protocol):
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

    async def make_alertable(self, keys: Collection[str], *, seen_after: datetime) -> int:
        """Let items ring after all that another feed's silent baseline brought in after `seen_after`; how many.

        They wait for detection again and keep their story.
        """
        ...

    async def add_items(self, listed: Sequence[NewItem]) -> list[Item]:
        """Store those whose key is not known yet, and give them back; known ones are only noted as still listed."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """An item with its place, to warm the story window after a restart."""

    item: Item
    story_id: StoryId
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """As much of a placed item as the story window needs after a restart; `packed` is what it packed of its words.

    The item has outlet, title, lead, key and time. Of evidence there is only whether the title names the watch.
    """

    item: Item
    story_id: StoryId
    matches: tuple[Match, ...]
    packed: str


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
        self,
        item: Item,
        matches: Sequence[Match],
        placement: Placement,
        *,
        version: str,
        now: datetime,
        packed: str = "",
    ) -> StoryId:
        """Write matches, story (opened when placement.story_id is None) and matched_at; gives the story's id.

        `packed` is kept with an item that gets its first story: what `window_since` gives back after a restart.
        """
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

    def window_since(self, since: datetime) -> AsyncIterator[Remembered]:
        """What the story window keeps of the items since then, in the order in which they came: little, and fast."""
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


@dataclass(frozen=True, slots=True)
class Relisted:
    """A stored item (`title` and `lead` as they stand) and what its feed lists it as now."""

    item_id: ItemId
    title: str
    lead: str
    new_item: NewItem


@dataclass(frozen=True, slots=True)
class PageDue:
    """An item whose page is asked for again: how often it was, when it was missed, what it called itself first."""

    item: Item
    rechecks: int = 0
    missed_at: datetime | None = None
    page_title: str = ""


class VersionRows(Protocol):
    """Articles that change or vanish after they were published."""

    async def listed_otherwise(self, listed: Sequence[NewItem]) -> list[Relisted]:
        """Known items that the feed which brought them now lists in words never seen of them."""
        ...

    async def reword(
        self,
        item_id: ItemId,
        title: str,
        lead: str,
        *,
        now: datetime,
        url: str = "",
        rings: bool = True,
        reread: bool = True,
    ) -> None:
        """Give an item another wording; the one it had becomes a version, and detection looks at it again.

        `rings`: it may still ring for what it did not name before. `reread`: its article too, if it had been read.
        """
        ...

    async def item(self, item_id: ItemId) -> Item | None:
        """An item as it stands."""
        ...

    async def reworded(self, item_id: ItemId) -> tuple[Version, ...]:
        """Earlier wordings of an item that is looked at again because it was reworded; of any other item none."""
        ...

    async def replace_matches(self, item_id: ItemId, found: Sequence[Match]) -> list[Match]:
        """Let `found` be all matches of an item; gives those of watches that it did not match before."""
        ...

    async def watch_pages(self, story_id: StoryId, *, at: datetime) -> None:
        """Ask at `at` for the pages of a story's items that were not yet asked for again."""
        ...

    async def claim_pages(self, *, now: datetime, lease: timedelta, limit: int) -> list[PageDue]:
        """Items whose page is to be asked for again, longest due first, each pushed forward by `lease`."""
        ...

    async def settle_page(
        self,
        page: PageDue,
        *,
        next_at: datetime | None,
        missed_at: datetime | None,
        gone_at: datetime | None,
        page_title: str,
        rechecks: int,
    ) -> None:
        """Write what a look at a page came to, and when the next one is."""
        ...

    async def changed_since(self, since: datetime) -> tuple[int, int]:
        """How many articles were reworded and how many found gone since then."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quote with the item that tells it."""

    quote: Quote
    item_id: ItemId
    outlet: str
    url: str
    title: str
    at: datetime
    story_id: StoryId | None = None


class QuoteRows(Protocol):
    """Who said what: written with the detection of an item."""

    async def save_quotes(self, item_id: ItemId, found: Sequence[Quote]) -> None:
        """Let `found` be all quotes of an item, in place of those that an earlier look at it brought."""
        ...

    async def quotes_of(self, item_id: ItemId) -> list[Quote]:
        """The quotes of one item, in the order in which they were found."""
        ...

    async def latest_quotes(self, watch_ids: Collection[WatchId], *, since: datetime, limit: int) -> list[Spoken]:
        """What these leaders said in items not older than `since`, newest item first; limit counts rows."""
        ...


class AbstractRows(Protocol):
    """Summaries that a language model wrote, each kept by a hash of the articles that it was given."""

    async def stories_without_abstract(
        self, *, told_after: datetime, told_before: datetime, limit: int
    ) -> list[StoryId]:
        """Stories told in between of which nothing was written since their articles last changed, newest first."""
        ...

    async def abstract(self, story_id: StoryId, content_hash: str) -> tuple[str, str] | None:
        """What was written of a story from just these articles, and why it is not shown; one of both is empty."""
        ...

    async def latest_abstract(self, story_id: StoryId) -> str:
        """The newest text that held when it was written; empty when there is none."""
        ...

    async def save_abstract(self, story_id: StoryId, content_hash: str, text: str, *, why: str, now: datetime) -> None:
        """Keep what was written from these articles, or why nothing is shown; over what was kept for them before."""
        ...

    async def forget_abstracts(self, *, before: datetime) -> int:
        """Delete what was written before `before`; how many."""
        ...


@dataclass(frozen=True, slots=True)
class Refiled:
    """A row of the outbox put under another story; `state` and `watch_ids`: None leaves them as they are."""

    alert_id: int
    story_id: StoryId
    dedupe_key: str
    state: AlertState | None = None
    watch_ids: tuple[WatchId, ...] | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """What became of stories: which took others in, and which pairs were taken apart."""

    merged: tuple[StoryId, ...] = ()
    apart: tuple[tuple[StoryId, StoryId], ...] = ()


class StoryRows(Protocol):
    """Stories that merge or split when later items show it."""

    async def merge_stories(self, gone: StoryId, into: StoryId, *, reason: str) -> bool:
        """Let all items and mutes of `gone` be those of `into`; False when they are one already or were taken apart.

        Whoever asks for the story `gone` gets the other one from then on, for ever.
        """
        ...

    async def split_story(self, story_id: StoryId, item_ids: Collection[ItemId], *, reason: str) -> StoryId | None:
        """Let these items be a story of their own; None when that would leave one of the two empty.

        Mutes that came after the first of them was placed hold for both.
        """
        ...

    async def current_story(self, story_id: StoryId) -> StoryId:
        """The story that this one was merged into; itself when it was not."""
        ...

    async def split_kin(self, story_id: StoryId) -> list[StoryId]:
        """The stories that were taken apart from this one, as they are called now."""
        ...

    async def kinship(self, *, since: datetime) -> Kinship:
        """What merged and split of the stories opened since then."""
        ...

    async def refile(self, rows: Sequence[Refiled]) -> None:
        """Put rows of the outbox under other stories; a row that is being sent goes on."""
        ...

    async def note_told(self, new_alerts: Sequence[tuple[NewAlert, AlertState]], *, now: datetime) -> None:
        """Write rows that need no sending: these chats heard of it elsewhere. Known keys stay as they are."""
        ...


@dataclass(frozen=True, slots=True)
class UncertainAlert:
    """An alert that may or may not have arrived, waiting for a person. `title` is its story's, or its own text."""

    alert_id: int
    chat_id: int
    title: str
    why: str
    since: datetime


class StuckRows(Protocol):
    """What no queue moves any more, and an admin ends."""

    async def uncertain_alerts(self) -> list[UncertainAlert]:
        """Alerts that may or may not have arrived, the oldest first."""
        ...

    async def end_stuck(self, name: str, *, again: bool, now: datetime) -> int:
        """Try again, or let go of, what is called item:12, alert:7 or all; how many rows that were.

        An alert that is sent again may be a reader's second copy. Raises ValueError for any other name.
        """
        ...


class OutboxRows(Protocol):
    """Alerts on their way to chats: written in transaction 2, claimed in 3, settled in 4."""

    async def enqueue(self, new_alerts: Iterable[NewAlert], *, now: datetime) -> int:
        """Write those whose (address, dedupe_key) is new; how many were.

        A new alert of kind EDIT whose row exists wakes that row: pending if it had ended, else its revision is bumped.
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
        sent_hash: str = "",
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
        """Pending ALERT and UPDATE rows of one chat that are late: what a catch-up digest takes in.

        Late is what was created before `before`, and news that its newspaper published before then.
        """
        ...

    async def late_news(self, ids: Collection[int], *, before: datetime) -> set[int]:
        """Which of these ALERT and UPDATE rows tell what its newspaper published before `before`."""
        ...

    async def heard(self, chat_ids: Collection[int], *, since: datetime) -> Mapping[Address, Collection[WatchId]]:
        """Which watches each topic of these chats was told of, or is about to be, by alerts written since then."""
        ...

    async def fold_alerts(self, ids: Collection[int], digest: NewAlert, *, now: datetime) -> None:
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

    async def unmute(self, address: Address, story_id: StoryId) -> bool:
        """This chat wants to hear of it again; False when it was not muted."""
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


class Transaction(
    FeedRows, ItemRows, StuckRows, StoryRows, VersionRows, QuoteRows, AbstractRows, OutboxRows, ChatRows, Protocol
):
    """All desks inside one transaction."""


class Store(Protocol):
    """Where rows live; nothing outside is awaited inside a transaction."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A writing transaction: committed at the end of the block, undone by an exception."""
        ...

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A reading one, which takes no write lock."""
        ...
