"""The nouns of the newsroom, frozen: what flows from a feed to a reader's chat.

Nothing here acts; every union is closed and matched to its end with assert_never.
All datetimes are aware. Text is NFC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NewType

# ---------------------------------------------------------------- feeds: what did they publish?

FeedId = NewType("FeedId", str)


class Fulltext(StrEnum):
    """Whether the article behind an item is fetched: when it matched, for every item, or not at all."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Feed:
    """One address that an outlet publishes items under, as the editor configured it."""

    id: FeedId
    outlet: str
    url: str
    section: str = ""
    interval: timedelta = timedelta(minutes=5)
    min_interval: timedelta = timedelta(minutes=1)
    max_interval: timedelta = timedelta(hours=1)
    max_alert_age: timedelta = timedelta(hours=48)
    timezone: str = "Asia/Ho_Chi_Minh"
    fulltext: Fulltext = Fulltext.AUTO
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What the next request of a feed repeats to its server, and what tells that nothing changed."""

    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    moved_to: str = ""  # the address a 301 or 308 gave; asked instead of the configured one
    moved_from: str = ""  # the configured address when `moved_to` was learnt: another one forgets it
    full_fetch_at: datetime | None = None  # last fetch without conditions: some servers answer 304 wrongly
    known_items: str = ""  # hashes of what the last body listed (feeds/known_items.py)
    whole_read_at: datetime | None = None  # when a body was last read with its known items


class FailureKind(StrEnum):
    """Why a request brought nothing; the reader of /status sees these words explained.

    What follows from a kind is asked of the kind itself, so that a new one is judged here and nowhere else. Which
    status, header or exception makes which kind stands in net/responses.py.
    """

    DNS = "dns"
    TLS = "tls"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    HTTP = "http"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    REDIRECT = "redirect"
    PRIVATE_ADDRESS = "private_address"
    TOO_LARGE = "too_large"
    NOT_A_FEED = "not_a_feed"
    EMPTY = "empty"
    MALFORMED = "malformed"
    ROBOTS = "robots"
    INTERNAL = "internal"  # a fault of this program, at this very piece

    @property
    def is_soft(self) -> bool:
        """It ends by itself more often than not: a feed's back-off counts it half (Media Cloud does)."""
        return self in {
            FailureKind.DNS,
            FailureKind.TLS,
            FailureKind.CONNECT,
            FailureKind.TIMEOUT,
            FailureKind.HTTP,
            FailureKind.NOT_FOUND,
            FailureKind.RATE_LIMITED,
        }

    @property
    def is_unreachable(self) -> bool:
        """No whole answer came. For people one trouble: a server that times out now refuses connections then."""
        return self in {
            FailureKind.DNS,
            FailureKind.TLS,
            FailureKind.CONNECT,
            FailureKind.TIMEOUT,
            FailureKind.HTTP,
        }

    @property
    def is_bad_content(self) -> bool:
        """A body came that nothing can be read from. For people this is one trouble, too."""
        return self in {FailureKind.NOT_A_FEED, FailureKind.EMPTY, FailureKind.MALFORMED, FailureKind.TOO_LARGE}

    @property
    def is_passing(self) -> bool:
        """It says nothing of the address: the next request there may succeed."""
        return self in {FailureKind.CONNECT, FailureKind.TIMEOUT, FailureKind.HTTP, FailureKind.RATE_LIMITED}

    @property
    def is_missing(self) -> bool:
        """There is nothing at the address. No other kind says anything of the article that stood there."""
        return self in {FailureKind.GONE, FailureKind.NOT_FOUND}

    @property
    def is_final(self) -> bool:
        """An article that cannot be read for this reason cannot be read in half an hour either."""
        return self in {
            FailureKind.GONE,
            FailureKind.NOT_FOUND,
            FailureKind.FORBIDDEN,
            FailureKind.TOO_LARGE,
            FailureKind.NOT_A_FEED,
            FailureKind.INTERNAL,
        }

    @property
    def needs_a_person(self) -> bool:
        """Address, key or permission are wrong whatever is asked there; somebody has to change them."""
        return self in {
            FailureKind.GONE,
            FailureKind.NOT_FOUND,
            FailureKind.FORBIDDEN,
            FailureKind.PRIVATE_ADDRESS,
            FailureKind.REDIRECT,
        }


@dataclass(frozen=True, slots=True)
class Hints:
    """What a server said of its own rhythm: `ttl` between polls (max-age, RSS ttl)."""

    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one article, read and cleaned but not yet stored.

    `key` is the outlet's own article id where it has one (feeds/article_keys.py): two URLs with one key are one.
    `lead` is plain text. `published_at` is None when the feed names no readable time; `published_raw` is verbatim.
    """

    key: str
    guid: str
    url: str
    title: str
    lead: str = ""
    published_at: datetime | None = None
    published_raw: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body with entries, newest as the feed orders them; `known` more, which the bookmark knew, are left out."""

    entries: tuple[Entry, ...]
    bookmark: Bookmark
    hints: Hints = Hints()
    known: int = 0


@dataclass(frozen=True, slots=True)
class NotModified:
    """304, or the same bytes as last time."""

    bookmark: Bookmark
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class Failed:
    """No entries, and why in one line for a person; `retry_after` is the server's wish."""

    kind: FailureKind
    why: str
    retry_after: timedelta | None = None


FetchResult = Fetched | NotModified | Failed


@dataclass(frozen=True, slots=True)
class FeedState:
    """Where a feed stands: its bookmark, its rhythm, its troubles. One row a feed."""

    feed_id: FeedId
    next_check_at: datetime
    bookmark: Bookmark = Bookmark()
    interval: timedelta | None = None  # the present gap between two polls; None until the first success
    rhythm: str = ""  # at which hours it publishes, as feeds/rhythm.py packs it; empty: nothing is learnt
    first_success_at: datetime | None = None  # None: the next success is the silent baseline
    last_success_at: datetime | None = None
    last_checked_at: datetime | None = None
    failures: int = 0  # in a row
    strain: float = 0.0  # failures in a row, soft kinds counted half
    failing_since: datetime | None = None
    failure_kind: FailureKind | None = None
    last_error: str = ""
    announced: FailureKind | None = None  # the trouble that admin chats were told of; None: they think it is well


# ---------------------------------------------------------------- items and stories

ItemId = NewType("ItemId", str)
StoryId = NewType("StoryId", str)


@dataclass(frozen=True, slots=True)
class Item:
    """One article as the newsroom knows it: from a feed, from a file, or with its full text in `body`.

    `title`, `lead` and `body` are the very texts that evidence spans count in.
    """

    id: ItemId
    outlet: str
    title: str
    lead: str = ""
    body: str = ""
    url: str = ""
    key: str = ""
    feed_id: FeedId = FeedId("")
    published_at: datetime | None = None
    seen_at: datetime | None = None
    image: str = ""
    alertable: bool = True  # False: baseline of a new feed, or older than its feed's max_alert_age
    story_id: "StoryId | None" = None  # once detection has placed it
    edited_at: datetime | None = None  # when its outlet last changed title or lead
    gone_at: datetime | None = None  # when its page was found to be gone

    @property
    def at(self) -> datetime | None:
        """When it counts as published: the claimed time, else when it was first seen."""
        return self.published_at or self.seen_at


@dataclass(frozen=True, slots=True)
class NewItem:
    """An entry on its way into the store."""

    entry: Entry
    feed_id: FeedId
    outlet: str
    seen_at: datetime
    alertable: bool
    fulltext: Fulltext = Fulltext.AUTO


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier wording of an item, as it stood until `replaced_at`."""

    replaced_at: datetime
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What matters between two wordings: `was` became `now`; an empty one: the other was added or taken out.

    `whole`: the title says something else altogether, and `was` is the former one.
    """

    was: str
    now: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Amendment:
    """What became of an article after a reader was told of it: it reads otherwise, or (`gone`) was taken down.

    `outlet` is empty where the message shows that very article.
    """

    at: datetime
    outlet: str = ""
    differences: tuple[Difference, ...] = ()
    gone: bool = False


class Role(StrEnum):
    """What an item is to its story: its opening, a development worth telling, or the same again."""

    NEW = "new"
    UPDATE = "update"
    REPEAT = "repeat"


class ReasonCode(StrEnum):
    """Why an item belongs to its story, or to none, and what is new in it; the words are notify/reason_words.py's."""

    SAME_ARTICLE = "same_article"
    SAME_WORDS = "same_words"  # the very title or lead of earlier news
    SHARED_WORDS = "shared_words"  # values: the rarest words that both have
    SAME_CONTENT = "same_content"
    NOTHING_ALIKE = "nothing_alike"
    FIRST_POLL = "first_poll"  # came silently, and is not compared
    NOT_ALIKE_ENOUGH = "not_alike_enough"
    DIFFERS = "differs"  # value: in what, by the name of a measure
    ROUNDUP = "roundup"
    MERGED = "merged"
    PARTED = "parted"
    TOLL_ROSE = "toll_rose"  # values: which loss, before, now
    FIRST_TOLL = "first_toll"  # values: which loss, how many
    HAPPENED = "happened"  # value: which turn
    DECIDED = "decided"  # value: which turn
    NEW_DECISION = "new_decision"
    DENIED = "denied"
    CORRECTED = "corrected"
    NEW_VOICE = "new_voice"  # value: the leader's name
    AS_WRITTEN = "as_written"  # value: words of an earlier release, which stored no codes


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as a code with values, to be put into words in the language of whoever reads it."""

    code: ReasonCode
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Which story an item belongs to, as what, and why; `story_id` is None for a story it opens itself."""

    story_id: StoryId | None
    role: Role
    reason: Reason | None = None
    score: float = 0.0  # similarity to the nearest member, 0..1


@dataclass(frozen=True, slots=True)
class Story:
    """One happening, told by one or more outlets. In JSON lines its id is that of its first item."""

    id: StoryId
    title: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary: the very slice [start, end) of `field` of the item `doc`."""

    text: str
    doc: ItemId
    field: str
    start: int
    end: int


# ---------------------------------------------------------------- watches: does it concern us?

WatchId = NewType("WatchId", str)


@dataclass(frozen=True, slots=True)
class Office:
    """A title that stands for its holder from `since` (included) until `until` (excluded); None is open."""

    title: str
    since: date | None = None
    until: date | None = None


class Priority(StrEnum):
    """High goes out first of what is due."""

    NORMAL = "normal"
    HIGH = "high"


class Focus(StrEnum):
    """How much of an item an event must be: what it is about, or named anywhere."""

    ANY = "any"
    MAIN = "main"


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a watch may ring in one chat: `most` times `within` a span."""

    most: int
    within: timedelta


EVENT_RATE = Rate(3, timedelta(hours=6))  # an event lasts for days; docs/decisions.md has what was measured


@dataclass(frozen=True, slots=True)
class Leader:
    """A watched person."""

    id: WatchId
    name: str
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    common: bool = False
    near: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # `not` in the YAML
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    enabled: bool = True
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A watched happening: any of the queries `match`, unless one of `exclude` holds."""

    id: WatchId
    name: str
    match: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # `not` in the YAML
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    enabled: bool = True
    ignore: tuple[str, ...] = ()  # queries: words inside their hits do not count for `match`
    polarity: tuple[tuple[str, tuple[str, ...]], ...] = ()  # label and its queries: the first that holds is the note
    focus: Focus = Focus.ANY
    rate: Rate | None = EVENT_RATE


Watch = Leader | Event


@dataclass(frozen=True, slots=True)
class WordSet:
    """A named set: queries of which any says one thing, and queries inside which their words do not count."""

    name: str
    members: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """All watches of all files of one reading, with the sets written there; `version` is a hash of their content."""

    version: str
    watches: tuple[Watch, ...]
    sets: tuple[WordSet, ...] = ()

    def named(self) -> Mapping[WatchId, Watch]:
        """The watches by id."""
        return {watch.id: watch for watch in self.watches}


class Rule(StrEnum):
    """By what a watch was found."""

    NAME = "name"
    SHORT = "short"
    OFFICE = "office"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where it stands: `text` is the slice [start, end) of `field`, where `summary` is the lead."""

    field: Literal["title", "summary", "body"]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A watch found in an item: by which rule and which of its words, where, and how sure (0..1)."""

    watch_id: WatchId
    kind: Literal["leader", "event"]
    name: str
    rule: Rule
    score: float
    evidence: tuple[Evidence, ...]
    by: str = ""  # the alias, office or query part that hit, as the watchlist writes it
    note: str = ""  # polarity or reason, for a person
    passing: bool = (
        False  # of an event: found in the full text alone, seldom or late; it rings nobody and is not stored
    )


@dataclass(frozen=True, slots=True)
class Quote:
    """What a watched leader said: `text` is the slice [start, end) of `field`, `speaker` as the article names him.

    `direct`: it stands between quotation marks. `about`: the watches named in it, the speaker left out.
    """

    watch_id: WatchId
    speaker: str
    verb: str
    text: str
    direct: bool
    field: Literal["title", "summary", "body"]
    start: int
    end: int
    about: tuple[WatchId, ...] = ()


# ---------------------------------------------------------------- chats, alerts, outcomes: tell them


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A place where messages go: a chat, or one topic of a forum (`thread_id` 0: no topic)."""

    chat_id: int
    thread_id: int = 0

    @property
    def is_outside(self) -> bool:
        """It is none of Telegram's: a channel of channels.yaml."""
        return self.chat_id < OUTSIDE_BELOW


OUTSIDE_BELOW = -(2**52)  # Telegram's ids have 52 bits at most; core.telegram.org/bots/api#chat

TERMINAL = Address(0)  # where alerts go when there is no token


class ChatKind(StrEnum):
    """Decides pacing and who may change things."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"
    TERMINAL = "terminal"
    OUTSIDE = "outside"  # a channel of channels.yaml


class ChatState(StrEnum):
    """Active gets alerts; paused asked for silence; blocked: the bot is not welcome there; barred by an admin."""

    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a chat wants to be told, as /settings shows it; what is not said here is as the program has it.

    `digest_hours` and `quiet` are clock faces ("07:00") in the chat's own zone (`zone` empty: the installation's).
    `quiet` is from when until when, which may lie on the next day. `least_outlets`: how many newspapers must tell a
    story before it rings. Articles of `muted_outlets` ring nobody here; those of `preferred_outlets` are shown first.
    """

    digest_hours: tuple[str, ...] = ()
    quiet: tuple[str, str] | None = None
    zone: str = ""
    least_outlets: int = 1
    updates: bool = True  # developments ring as replies
    muted_outlets: tuple[str, ...] = ()
    preferred_outlets: tuple[str, ...] = ()
    picture_of_day: bool = False  # on top of a digest
    weekly_report: bool = False
    spikes: bool = True  # a watch far above its rhythm, or gone quiet, is told


AS_SHIPPED = Preferences()


@dataclass(frozen=True, slots=True)
class Chat:
    """A subscriber.

    From `gather_from` on, news waits; at `gather_until` what waits is told as one digest, and both are set anew. None:
    news is told as it comes.
    """

    address: Address
    kind: ChatKind
    title: str = ""
    lang: str = "vi"
    state: ChatState = ChatState.ACTIVE
    joined_at: datetime | None = None
    paused_until: datetime | None = None  # of a paused chat: when it is active again by itself; None: when it says so
    preferences: Preferences = AS_SHIPPED
    gather_from: datetime | None = None
    gather_until: datetime | None = None


Target = NewType("Target", str)
"""What a chat follows: a watch id, "#tag", or "*" for every watch."""

EVERYTHING = Target("*")


@dataclass(frozen=True, slots=True)
class Channel:
    """A place outside Telegram where alerts go as well, as channels.yaml has it. `url` is an Apprise URL, and secret.

    What becomes of it in the store is a chat of kind OUTSIDE.
    """

    id: str
    url: str = field(repr=False)
    follow: tuple[Target, ...]
    lang: str = "vi"
    preferences: Preferences = AS_SHIPPED


class AlertKind(StrEnum):
    """A first message, a reply with a development, an edit of a sent one, one for many, a word to an admin.

    An answer is what a reader asked for and Telegram made wait; a picture is drawn when it is sent.
    """

    ALERT = "alert"
    UPDATE = "update"
    EDIT = "edit"
    DIGEST = "digest"
    NOTICE = "notice"
    ANSWER = "answer"
    PICTURE = "picture"


class AlertState(StrEnum):
    """pending -> sending -> sent | refused | uncertain | parked | skipped.

    Uncertain may have arrived; parked failed again and again before it left. Both wait for a person. Skipped was folded
    into a digest, muted, or is no longer wanted.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    SKIPPED = "skipped"


DedupeKey = NewType("DedupeKey", str)
"""What makes an alert the only one of its kind in a chat; made in pipeline/dedupe_keys.py alone."""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert on its way into the outbox; (address, dedupe_key) is unique there."""

    address: Address
    kind: AlertKind
    dedupe_key: DedupeKey
    story_id: StoryId | None = None
    item_id: ItemId | None = None  # of an update: the item that tells the development
    watch_ids: tuple[WatchId, ...] = ()  # why this chat hears of it
    text: str = ""  # of a notice: its plain text
    not_before: datetime | None = None  # None: at once
    priority: Priority = Priority.NORMAL
    under: DedupeKey | None = None  # of the alert in this chat whose message it replies to
    is_line: bool = False  # it is no message of its own, but a line in the one it is under
    payload: Mapping[str, Any] | None = None  # what its message is made of, where neither a story nor a text is enough


@dataclass(frozen=True, slots=True)
class Alert:
    """A row of the outbox as claimed."""

    id: int
    address: Address
    kind: AlertKind
    dedupe_key: DedupeKey
    state: AlertState
    attempts: int
    created_at: datetime
    next_try_at: datetime
    story_id: StoryId | None = None
    item_id: ItemId | None = None
    watch_ids: tuple[WatchId, ...] = ()
    text: str = ""
    message_id: int | None = None  # of what was sent
    sent_hash: str = ""  # hash of what was sent: an edit that changes nothing is not sent
    revision: int = 0  # bumped when an edit is wanted again while one is on its way
    priority: Priority = Priority.NORMAL
    settled_at: datetime | None = None  # when its last try ended
    digest_id: int | None = None  # of a skipped one: the digest that told it
    under: int | None = None  # the alert whose message it replies to, or is a line of
    payload: Mapping[str, Any] | None = None  # of an answer or a picture: what its message is made of
    interruptions: int = 0  # claims that were taken back

    @property
    def claim(self) -> tuple[int, int, int]:
        """Which claim of its row this is: another one than any that was taken back."""
        return self.id, self.attempts, self.interruptions

    @property
    def is_line(self) -> bool:
        """It is no message of its own, but a line in another one."""
        return self.under is not None and self.state is AlertState.SENT and self.message_id is None


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; `data` is at most 64 bytes. `app`: an https address that Telegram opens inside of itself."""

    label: str
    data: str = ""
    url: str = ""
    app: str = field(default="", repr=False)  # the hash of what was told is made of the others' words


@dataclass(frozen=True, slots=True)
class Message:
    """What is put on the wire: `html` is at most 4,096 UTF-16 units after entities, tags balanced.

    With a `picture` (PNG) it is a photo, whose caption `html` may have 1,024.
    """

    address: Address
    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    reply_to: int | None = None
    edits: int | None = None  # the message id to edit instead of sending a new one; without `html` its buttons alone
    silent: bool = False
    picture: bytes | None = None
    drawn_by: str = ""  # the command that draws the picture, for where none can be shown


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted it."""

    message_id: int


class Reach(StrEnum):
    """How far an answer reaches: this message alone, its topic, its whole chat, or all that the bot sends."""

    MESSAGE = "message"
    TOPIC = "topic"
    CHAT = "chat"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Later:
    """It did not arrive; nothing within `reach` may be sent before `at`. `moved_to`: the new id of the chat."""

    at: datetime
    why: str
    reach: Reach = Reach.CHAT
    moved_to: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never arrive; beyond the message, all within `reach` is lost: the bot is not welcome there any more."""

    why: str
    reach: Reach = Reach.MESSAGE


@dataclass(frozen=True, slots=True)
class Unreached:
    """It never left, for a reason that says nothing of the message: Telegram is out of reach, or knows no such bot."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived, and what cut the answer off says nothing of the message.

    `reach`: what cannot be reached either: all that the bot sends, or this chat alone.
    """

    why: str
    reach: Reach = Reach.BOT


Outcome = Sent | Later | Refused | Unreached | Unknown


@dataclass(frozen=True, slots=True)
class Card:
    """All that an alert shows, before a language and HTML: notify/render makes a message of it."""

    names: tuple[str, ...]  # watched names, most certain first
    title: str
    url: str
    summary: str
    outlet: str
    at: datetime  # in the reader's zone
    others: tuple[str, ...] = ()  # further outlets, in the order in which they came
    bold: tuple[tuple[int, int], ...] = ()  # spans of `summary` with watched names
    development: Reason | None = None  # of an update: what is new
    is_update: bool = False  # laid out as the reply that it is
    amendments: tuple[Amendment, ...] = ()  # what outlets changed in it since it was told; times in the reader's zone
    one_with: str = ""  # title of an earlier message of this chat: both turned out to tell one story
    one_with_at: datetime | None = None  # what that message shows as its time, in the reader's zone
    set_apart: tuple[tuple[str, str], ...] = ()  # titles and addresses of stories that this one was taken for
    is_generated: bool = False  # a language model wrote `summary`: no newspaper's words
    lines: tuple[tuple[str, str, str], ...] = ()  # title, address and outlet of other stories that this message tells


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its items (oldest first) and the matches of each, as alerts and /why show it."""

    story: Story
    items: tuple[Item, ...]
    matches: Mapping[ItemId, tuple[Match, ...]] = field(default_factory=dict)
    roles: Mapping[ItemId, Role] = field(default_factory=dict)
    reasons: Mapping[ItemId, Reason] = field(default_factory=dict)  # why each belongs here
    versions: Mapping[ItemId, tuple[Version, ...]] = field(default_factory=dict)  # earlier wordings, oldest first


# ---------------------------------------------------------------- pictures


class PictureKind(StrEnum):
    """Mentions by day; who is named with somebody; what a day told most; a week against the one before."""

    TREND = "trend"
    WHO = "who"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """Which picture is wanted: small enough to stand in a row, and drawn from the numbers of the moment it is sent.

    `watch_ids` empty: of a day or a week all that the chat follows. `days`: how far back. `until`: the last day, None:
    the present one. `by_outlet`: a trend by newspaper in place of days.
    """

    kind: PictureKind
    watch_ids: tuple[WatchId, ...] = ()
    days: int = 30
    until: date | None = None
    by_outlet: bool = False
    is_dark: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """An item that names a watch, as pictures count it."""

    item_id: ItemId
    story_id: StoryId | None
    at: datetime
    outlet: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Peak:
    """A day on which a watch was in the news more than on others, with the story that made it so."""

    watch_id: WatchId
    day: date
    count: int
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a watch was in the news on each day from `since` on; None where nothing is known of a day."""

    watch_id: WatchId
    name: str
    short: str  # as it stands at the end of a line
    since: date
    counts: tuple[int | None, ...]
    outlets: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        """Over all days."""
        return sum(count or 0 for count in self.counts)


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story of some days: how many outlets told it with how many items, and which watches it names."""

    story_id: StoryId
    title: str
    url: str
    outlets: int
    items: int
    names: tuple[str, ...] = ()


# ---------------------------------------------------------------- what was not told


class MissedCode(StrEnum):
    """Why nobody, or one chat, was told of an article: every way in which news does not ring.

    Decided in pipeline/missed_reasons.py; the words, with what would have to change, are notify/missed_words.py's.
    """

    # it never came in
    OUTLET_NOT_READ = "outlet_not_read"
    FEEDS_OFF = "feeds_off"
    FEEDS_FAIL = "feeds_fail"
    NOT_IN_FEED = "not_in_feed"
    NOT_STORED = "not_stored"  # asked by words, not by an address
    # it came in, and says nothing to anybody
    NOT_LOOKED_AT = "not_looked_at"
    ITEM_PARKED = "item_parked"
    NO_MATCH = "no_match"
    IN_PASSING = "in_passing"
    DOUBTED = "doubted"
    WATCHLIST_CHANGED = "watchlist_changed"
    WATCH_GONE = "watch_gone"
    FIRST_POLL = "first_poll"
    TOO_OLD = "too_old"
    # it might have rung, and not here
    NOBODY_FOLLOWS = "nobody_follows"
    NOT_FOLLOWED = "not_followed"
    FOLLOWED_LATER = "followed_later"
    CHAT_UNKNOWN = "chat_unknown"
    CHAT_LOST = "chat_lost"
    MUTED = "muted"
    ROUNDUP = "roundup"
    MATCHED_LATER = "matched_later"
    OUTLET_MUTED = "outlet_muted"
    TOO_FEW_OUTLETS = "too_few_outlets"
    # there is a row in the outbox
    TOLD = "told"
    TOLD_WITH_STORY = "told_with_story"
    TOLD_AS_LINE = "told_as_line"
    TOLD_IN_DIGEST = "told_in_digest"
    UPDATES_OFF = "updates_off"
    ON_ITS_WAY = "on_its_way"
    GATHERED = "gathered"
    WAITING = "waiting"
    PAUSED = "paused"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    ALERT_PARKED = "alert_parked"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class MissedReason:
    """A code with its values. `names`: watches, or feeds; `at`: since when, until when, or when it was told.

    `title` and `url` are those of the article that a story was told with, `message_id` is the message by which the chat
    that asks heard of it, `chats` how many were told, `why` is what a row or a feed says of itself.
    """

    code: MissedCode
    names: tuple[str, ...] = ()
    at: datetime | None = None
    title: str = ""
    url: str = ""
    chats: int = 0
    why: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class SeenItem:
    """A stored item with what was found of it, and when; `parked_why` where nobody could look at it."""

    item: Item
    matches: tuple[Match, ...] = ()
    matched_at: datetime | None = None
    parked_at: datetime | None = None
    parked_why: str = ""


# ---------------------------------------------------------------- pages, and rows as the store hands them out


@dataclass(frozen=True, slots=True)
class Article:
    """The full text behind an item's URL, paragraphs parted by newlines."""

    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page that stands, and how it titles itself; empty where it does not say."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class Abstract:
    """What a language model wrote of some articles, as one line."""

    text: str


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


@dataclass(frozen=True, slots=True)
class Refiled:
    """A row of the outbox put under another story; `state` and `watch_ids`: None leaves them as they are."""

    alert_id: int
    story_id: StoryId
    dedupe_key: DedupeKey
    state: AlertState | None = None
    watch_ids: tuple[WatchId, ...] | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """What became of stories: which took others in, and which pairs were taken apart."""

    merged: tuple[StoryId, ...] = ()
    apart: tuple[tuple[StoryId, StoryId], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnWatch:
    """A watch that one chat wrote for itself, seen by that chat alone; `kept_at` None: a draft so far.

    `text` is its YAML, empty while nothing has been drafted; `asked` is what the reader typed.
    """

    number: int
    address: Address
    text: str
    asked: str
    changed_at: datetime
    kept_at: datetime | None = None

    @property
    def watch_id(self) -> WatchId:
        """What it is called where watches are."""
        return own_id(self.number)


OWN_PREFIX = "own-"


def own_id(number: int) -> WatchId:
    """The id of the own watch with that number."""
    return WatchId(f"{OWN_PREFIX}{number}")


def own_number(watch_id: str) -> int | None:
    """The number of an own watch; None for an id of the files."""
    number = watch_id.removeprefix(OWN_PREFIX)
    return int(number) if number != watch_id and number.isascii() and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invitation that nobody has used yet; `name` is what it is called by, and does not let anybody in."""

    name: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """The alerts that might leave now: how many, since when the oldest is due, and how many the fullest chats have.

    `in_bulk` of them are what very many are told: they hold up nobody, so that neither `since` nor what counts as full
    asks for them.
    """

    waiting: int = 0
    since: datetime | None = None
    most_private: int = 0  # of one private chat
    most_group: int = 0  # of one group or channel, its topics together
    in_bulk: int = 0

    @property
    def told_to_few(self) -> int:
        """How many of them hold up detection when they are too many."""
        return self.waiting - self.in_bulk


@dataclass(frozen=True, slots=True)
class StuckAlert:
    """An alert that waits for a person, uncertain or parked. `title` is its story's, or its own text."""

    alert_id: int
    chat_id: int
    title: str
    why: str
    since: datetime
    state: AlertState = AlertState.UNCERTAIN


# ---------------------------------------------------------------- what administrators did


class ChangeAction(StrEnum):
    """What was done to the installation. A proposal waits for a yes and is no change yet."""

    PROPOSED = "proposed"
    EDIT = "edit"  # of one watch
    FILE = "file"  # of a file of watchlists as a whole
    UNDO = "undo"
    RELOAD = "reload"
    BROADCAST = "broadcast"
    ACCESS = "access"
    INVITE = "invite"
    FEEDBACK = "feedback"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class NewChange:
    """Who does what: `what` is the watch, chat or word that it is done to; `before` and `after` are texts."""

    action: ChangeAction
    what: str = ""
    who: str = ""  # their name, as Telegram shows it
    chat_id: int | None = None  # where it was ordered; None: on the machine itself
    user_id: int | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A row of the log of changes."""

    number: int
    at: datetime
    action: ChangeAction
    what: str = ""
    who: str = ""
    chat_id: int | None = None
    user_id: int | None = None
    before: str = ""
    after: str = ""
    undone_at: datetime | None = None  # when it was taken back; of a proposal: when it was refused or forgotten

    @property
    def is_waiting(self) -> bool:
        """It is proposed, and nobody has said yes or no."""
        return self.action is ChangeAction.PROPOSED and self.undone_at is None
