"""The tables, as SQLAlchemy Core draws them: one drawing for SQLite and PostgreSQL.

Holds no query; those stand in the files of rows. A change here needs a revision
in migrations/versions: a test compares the two.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Double,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
    literal_column,
)

from monitor.store.chat_tables import (
    changes as changes,
)
from monitor.store.chat_tables import (
    chats as chats,
)
from monitor.store.chat_tables import (
    feedback as feedback,
)
from monitor.store.chat_tables import (
    holds as holds,
)
from monitor.store.chat_tables import (
    invites as invites,
)
from monitor.store.chat_tables import (
    is_gathering as is_gathering,
)
from monitor.store.chat_tables import (
    is_unwelcome as is_unwelcome,
)
from monitor.store.chat_tables import (
    mutes as mutes,
)
from monitor.store.chat_tables import (
    own_marks as own_marks,
)
from monitor.store.chat_tables import (
    own_watches as own_watches,
)
from monitor.store.chat_tables import (
    saved_items as saved_items,
)
from monitor.store.chat_tables import (
    subscriptions as subscriptions,
)
from monitor.store.column_types import Id, Json, Prose, Seconds, UtcDateTime
from monitor.store.page_tables import feed_keys as feed_keys
from monitor.store.page_tables import login_links as login_links
from monitor.store.page_tables import news_events as news_events
from monitor.store.page_tables import sessions as sessions
from monitor.store.table_parts import count, words
from monitor.store.table_parts import metadata as metadata
from monitor.store.worker_tables import bot_pace as bot_pace
from monitor.store.worker_tables import fanouts as fanouts
from monitor.store.worker_tables import host_turns as host_turns
from monitor.store.worker_tables import roles as roles
from monitor.store.worker_tables import window_steps as window_steps
from monitor.store.worker_tables import workers as workers

feeds = Table(
    "feeds",
    metadata,
    Column("id", Prose, primary_key=True),
    Column("next_check_at", UtcDateTime, nullable=False, index=True),
    Column("leased", Boolean, nullable=False, default=False),  # next_check_at is a lease, not the rhythm
    Column("leased_by", Prose),  # the worker that polls it
    words("etag"),
    words("last_modified"),
    words("body_sha256"),
    words("moved_to"),
    words("moved_from"),
    Column("full_fetch_at", UtcDateTime),
    Column("known_items", Prose, nullable=False, default="", server_default=""),  # hashes of what its last body listed
    Column("whole_read_at", UtcDateTime),  # when a whole body was last read, known items and all
    Column("rhythm", Prose, nullable=False, default="", server_default=""),  # when it publishes, hour by hour
    Column("interval", Seconds),
    Column("first_success_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_checked_at", UtcDateTime),
    count("failures"),
    Column("strain", Double, nullable=False, default=0.0),
    Column("failing_since", UtcDateTime),
    Column("failure_kind", Prose),
    words("last_error"),
    Column("announced", Prose),
)


def is_failing(table: FromClause) -> ColumnElement[bool]:
    """Feeds whose last poll failed, in the very words of the partial index."""
    return table.c.failures > literal_column("0")


Index("ix_feeds_failing", feeds.c.id, sqlite_where=is_failing(feeds), postgresql_where=is_failing(feeds))

stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    words("title"),
    Column("opened_at", UtcDateTime, nullable=False),
    # numbers of stories, no foreign keys: stories are never deleted, and SQLite cannot add such a key to a table
    Column("merged_into", Id, index=True),  # later items showed that the two are one
    Column("split_from", Id, index=True),  # later items showed that it was another
    sqlite_autoincrement=True,  # ids stand in buttons of sent messages: never given twice
)

# feed_id is no foreign key: an editor may take a feed out of the configuration, its items stay
items = Table(
    "items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Prose, nullable=False, unique=True),
    words("feed_id"),
    words("outlet"),
    words("guid"),
    words("url"),
    words("title"),
    words("lead"),
    words("body"),
    words("image"),
    Column("published_at", UtcDateTime),
    words("published_raw"),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),  # published_at, else seen_at: the order of news
    Column("last_listed_at", UtcDateTime, nullable=False, index=True),  # to the day; the sweep goes by it
    Column("alertable", Boolean, nullable=False, default=True),
    Column("matched_at", UtcDateTime),
    words("matched_version"),
    count("match_failures"),
    Column("parked_at", UtcDateTime),
    words("parked_why"),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    Column("role", Prose),
    words("reason"),
    Column("score", Double, nullable=False, default=0.0),
    Column("fulltext", Prose, nullable=False, default="auto"),
    Column("fulltext_at", UtcDateTime),  # when to fetch the article; NULL: not wanted
    Column("fulltext_read_at", UtcDateTime),
    Column("fulltext_by", Prose),  # the worker that reads it
    count("fulltext_attempts"),
    Column("edited_at", UtcDateTime),  # when its outlet last changed title or lead; NULL: never
    Column("gone_at", UtcDateTime),  # when its page was found to be gone; NULL: it stands
    Column("recheck_at", UtcDateTime),  # when to ask for its page again; NULL: not wanted
    Column("recheck_by", Prose),  # the worker that asks for it
    count("rechecks"),
    Column("missed_at", UtcDateTime),  # when its page was not there once; a second time makes it gone
    words("page_title"),  # what the page called itself when it was first asked for again
    # one of very many that came at once, or of a first poll: looked at after what came as usual
    Column("in_bulk", Boolean, nullable=False, default=False, server_default=false()),
    words("gist"),  # its rare words as the story window packed them, so that a restart need not read it again
    sqlite_autoincrement=True,
)


def is_unmatched(table: FromClause) -> ColumnElement[bool]:
    """The condition of the queue of detection, in the very words of its partial index."""
    return table.c.matched_at.is_(None) & table.c.parked_at.is_(None)


Index(
    "ix_items_unmatched",
    items.c.in_bulk,
    items.c.at,
    items.c.id,
    sqlite_where=is_unmatched(items),
    postgresql_where=is_unmatched(items),
)
Index(
    "ix_items_fulltext_at",
    items.c.fulltext_at,
    sqlite_where=items.c.fulltext_at.is_not(None),
    postgresql_where=items.c.fulltext_at.is_not(None),
)

Index(
    "ix_items_recheck_at",
    items.c.recheck_at,
    sqlite_where=items.c.recheck_at.is_not(None),
    postgresql_where=items.c.recheck_at.is_not(None),
)

Index(
    "ix_items_parked_at",
    items.c.parked_at,
    sqlite_where=items.c.parked_at.is_not(None),
    postgresql_where=items.c.parked_at.is_not(None),
)

Index(
    "ix_items_gone_at",
    items.c.gone_at,
    sqlite_where=items.c.gone_at.is_not(None),
    postgresql_where=items.c.gone_at.is_not(None),
)

for _held in (items.c.fulltext_by, items.c.recheck_by):
    Index(f"ix_items_{_held.name}", _held, sqlite_where=_held.is_not(None), postgresql_where=_held.is_not(None))

# items that the search index (search_keys, a table of its own kind in each database: search_0008.py) does not hold yet
unindexed = Table(
    "unindexed",
    metadata,
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
)
SEARCH_KEYS = "search_keys"
UNDRAWN = (SEARCH_KEYS, "procrastinate_")  # how names of tables begin that are not drawn here

item_versions = Table(  # earlier wordings; the present one stands in items
    "item_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("replaced_at", UtcDateTime, nullable=False),
    words("title"),
    words("lead"),
)

quotes = Table(  # who said what
    "quotes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("watch_id", Prose, nullable=False),  # of the speaker
    words("speaker"),  # as the article names him
    words("verb"),
    Column("direct", Boolean, nullable=False),
    Column("field", Prose, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    words("text"),
    Column("about", Json, nullable=False),  # watch ids named in it
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("item_id", "watch_id", "field", "start"),
    Index("ix_quotes_watch_id_at", "watch_id", "at"),
)

abstracts = Table(  # summaries that a language model wrote of a story, by a hash of what it was given
    "abstracts",
    metadata,
    Column("story_id", Id, ForeignKey("stories.id"), primary_key=True),
    Column("digest", Prose, primary_key=True),
    words("text"),  # empty: what it wrote did not hold, and is not asked for again
    words("why"),
    Column("at", UtcDateTime, nullable=False, index=True),
)

matches = Table(
    "matches",
    metadata,
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("watch_id", Prose, primary_key=True),
    Column("kind", Prose, nullable=False),
    words("name"),
    Column("rule", Prose, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Json, nullable=False),
    words("by"),
    words("note"),
    Index("ix_matches_watch_id_item_id", "watch_id", "item_id"),
)

daily_counts = Table(  # kept for ever; a day and a watch are one row
    "daily_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("watch_id", Prose, primary_key=True),
    count("items"),
    count("stories"),
)

alerts = Table(  # the outbox
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("kind", Prose, nullable=False),
    Column("dedupe_key", Prose, nullable=False),
    Column("state", Prose, nullable=False),
    count("attempts"),
    Column("interruptions", Integer, nullable=False, default=0, server_default="0"),  # processes that died with it
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("leased_by", Prose),  # the worker that sends it
    # told to very many at once: what few are told goes before it
    Column("in_bulk", Boolean, nullable=False, default=False, server_default=false()),
    Column("story_id", Id, ForeignKey("stories.id")),
    Column("item_id", Id, ForeignKey("items.id", ondelete="SET NULL"), index=True),
    Column("digest_id", Id, ForeignKey("alerts.id", ondelete="SET NULL"), index=True),
    Column("under_id", Id),  # the alert whose message it replies to, or is a line of; always an older row
    Column("watch_ids", Json, nullable=False),
    words("text"),
    Column("message_id", BigInteger),
    words("sent_digest"),
    count("revision"),
    Column("priority", Prose, nullable=False),
    words("why"),
    Column("settled_at", UtcDateTime),
    Column("payload", Json),  # of an answer or a picture: what its message is made of
    UniqueConstraint("chat_id", "thread_id", "dedupe_key"),
    Index("ix_alerts_story_id", "story_id", "chat_id", "thread_id"),  # who was told, in the order of addresses
    sqlite_autoincrement=True,
)


def is_open(table: FromClause) -> ColumnElement[bool]:
    """Unfinished, in the very words of the partial index: SQLite uses such an index only where it sees them again."""
    return table.c.state.in_([literal_column("'pending'"), literal_column("'sending'")])


def is_troubled(table: FromClause) -> ColumnElement[bool]:
    """Not sent for a reason that a person may look at, in the very words of the partial index."""
    return table.c.state.in_([literal_column("'parked'"), literal_column("'refused'"), literal_column("'uncertain'")])


Index(
    "ix_alerts_troubled",
    alerts.c.state,
    sqlite_where=is_troubled(alerts),
    postgresql_where=is_troubled(alerts),
)

_sending = alerts.c.state == literal_column("'sending'")
Index(
    "ix_alerts_open",
    alerts.c.chat_id,
    alerts.c.thread_id,
    alerts.c.id,
    alerts.c.kind,
    sqlite_where=is_open(alerts),
    postgresql_where=is_open(alerts),
)
# whose turn it is, asked apart of what few are told and of what very many are
_is_edit = alerts.c.kind == literal_column("'edit'")
_few = is_open(alerts) & ~alerts.c.in_bulk
_bulk_news = is_open(alerts) & alerts.c.in_bulk & ~_is_edit
_bulk_edits = is_open(alerts) & alerts.c.in_bulk & _is_edit
_in_turn = (alerts.c.chat_id, alerts.c.thread_id, alerts.c.id, alerts.c.kind)
Index("ix_alerts_few", *_in_turn, sqlite_where=_few, postgresql_where=_few)
Index("ix_alerts_bulk_news", alerts.c.priority, alerts.c.id, sqlite_where=_bulk_news, postgresql_where=_bulk_news)
Index("ix_alerts_bulk_edits", alerts.c.id, sqlite_where=_bulk_edits, postgresql_where=_bulk_edits)
Index("ix_alerts_lease_until", alerts.c.lease_until, sqlite_where=_sending, postgresql_where=_sending)
Index(
    "ix_alerts_message",
    alerts.c.chat_id,
    alerts.c.message_id,
    sqlite_where=alerts.c.message_id.is_not(None),
    postgresql_where=alerts.c.message_id.is_not(None),
)

Index(
    "ix_alerts_under_id",
    alerts.c.under_id,
    sqlite_where=alerts.c.under_id.is_not(None),
    postgresql_where=alerts.c.under_id.is_not(None),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Prose, primary_key=True),
    words("value"),
)


def row_id(text: str | None) -> int | None:
    """The number behind an id of the seam; None for what no row can have, as a button's stale data may hold."""
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number < 2**63 else None


def row_ids(texts: Iterable[str]) -> list[int]:
    """The numbers behind several ids; what no row can have is left out."""
    return [number for number in map(row_id, texts) if number is not None]


Values = dict[str, Any]  # of one row, by column
