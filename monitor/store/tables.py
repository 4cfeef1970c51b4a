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
    ForeignKeyConstraint,
    FromClause,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    literal_column,
)

from monitor.store.column_types import Id, Json, Prose, Seconds, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _words(name: str) -> Column[str]:
    return Column(name, Prose, nullable=False, default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


feeds = Table(
    "feeds",
    metadata,
    Column("id", Prose, primary_key=True),
    Column("next_check_at", UtcDateTime, nullable=False, index=True),
    Column("leased", Boolean, nullable=False, default=False),  # next_check_at is a lease, not the rhythm
    _words("etag"),
    _words("last_modified"),
    _words("body_sha256"),
    _words("moved_to"),
    _words("moved_from"),
    Column("full_fetch_at", UtcDateTime),
    Column("known_items", Prose, nullable=False, default="", server_default=""),  # hashes of what its last body listed
    Column("whole_read_at", UtcDateTime),  # when a whole body was last read, known items and all
    Column("rhythm", Prose, nullable=False, default="", server_default=""),  # when it publishes, hour by hour
    Column("interval", Seconds),
    Column("first_success_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_checked_at", UtcDateTime),
    _count("failures"),
    Column("strain", Double, nullable=False, default=0.0),
    Column("failing_since", UtcDateTime),
    Column("failure_kind", Prose),
    _words("last_error"),
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
    _words("title"),
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
    _words("feed_id"),
    _words("outlet"),
    _words("guid"),
    _words("url"),
    _words("title"),
    _words("lead"),
    _words("body"),
    _words("image"),
    Column("published_at", UtcDateTime),
    _words("published_raw"),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),  # published_at, else seen_at: the order of news
    Column("last_listed_at", UtcDateTime, nullable=False, index=True),  # to the day; the sweep goes by it
    Column("alertable", Boolean, nullable=False, default=True),
    Column("matched_at", UtcDateTime),
    _words("matched_version"),
    _count("match_failures"),
    Column("parked_at", UtcDateTime),
    _words("parked_why"),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    Column("role", Prose),
    _words("reason"),
    Column("score", Double, nullable=False, default=0.0),
    Column("fulltext", Prose, nullable=False, default="auto"),
    Column("fulltext_at", UtcDateTime),  # when to fetch the article; NULL: not wanted
    Column("fulltext_read_at", UtcDateTime),
    _count("fulltext_attempts"),
    Column("edited_at", UtcDateTime),  # when its outlet last changed title or lead; NULL: never
    Column("gone_at", UtcDateTime),  # when its page was found to be gone; NULL: it stands
    Column("recheck_at", UtcDateTime),  # when to ask for its page again; NULL: not wanted
    _count("rechecks"),
    Column("missed_at", UtcDateTime),  # when its page was not there once; a second time makes it gone
    _words("page_title"),  # what the page called itself when it was first asked for again
    # one of very many that came at once, or of a first poll: looked at after what came as usual
    Column("in_bulk", Boolean, nullable=False, default=False, server_default=false()),
    _words("gist"),  # its rare words as the story window packed them, so that a restart need not read it again
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

item_versions = Table(  # earlier wordings; the present one stands in items
    "item_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("replaced_at", UtcDateTime, nullable=False),
    _words("title"),
    _words("lead"),
)

quotes = Table(  # who said what
    "quotes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("watch_id", Prose, nullable=False),  # of the speaker
    _words("speaker"),  # as the article names him
    _words("verb"),
    Column("direct", Boolean, nullable=False),
    Column("field", Prose, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _words("text"),
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
    _words("text"),  # empty: what it wrote did not hold, and is not asked for again
    _words("why"),
    Column("at", UtcDateTime, nullable=False, index=True),
)

matches = Table(
    "matches",
    metadata,
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("watch_id", Prose, primary_key=True),
    Column("kind", Prose, nullable=False),
    _words("name"),
    Column("rule", Prose, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Json, nullable=False),
    _words("by"),
    _words("note"),
    Index("ix_matches_watch_id_item_id", "watch_id", "item_id"),
)

daily_counts = Table(  # kept for ever; a day and a watch are one row
    "daily_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("watch_id", Prose, primary_key=True),
    _count("items"),
    _count("stories"),
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Prose, nullable=False),
    _words("title"),
    _words("lang"),
    Column("state", Prose, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
)


def is_unwelcome(table: FromClause) -> ColumnElement[bool]:
    """Chats that the bot may not write to, in the very words of the partial index."""
    return table.c.state.in_([literal_column("'barred'"), literal_column("'blocked'")])


Index(
    "ix_chats_unwelcome",
    chats.c.chat_id,
    chats.c.thread_id,
    sqlite_where=is_unwelcome(chats),
    postgresql_where=is_unwelcome(chats),
)

# Apart from chats: Telegram counts all topics of a chat together, and an admin chat need not have subscribed
holds = Table(
    "holds",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("target", Prose, nullable=False, index=True),
    Column("since", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "target"),
    ForeignKeyConstraint(["chat_id", "thread_id"], ["chats.chat_id", "chats.thread_id"], ondelete="CASCADE"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("story_id", Id, ForeignKey("stories.id"), primary_key=True, index=True),
    Column("at", UtcDateTime, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    Column("code", Prose, primary_key=True),  # a hash of the word; nobody can read the word here
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("used_at", UtcDateTime),
    Column("used_chat_id", BigInteger),
    Column("used_thread_id", BigInteger),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("story_id", Id, ForeignKey("stories.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("evidence", Json, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "story_id"),
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
    _count("attempts"),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="SET NULL"), index=True),
    Column("digest_id", Id, ForeignKey("alerts.id", ondelete="SET NULL"), index=True),
    Column("under_id", Id),  # the alert whose message it replies to, or is a line of; always an older row
    Column("watch_ids", Json, nullable=False),
    _words("text"),
    Column("message_id", BigInteger),
    _words("sent_digest"),
    _count("revision"),
    Column("priority", Prose, nullable=False),
    _words("why"),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("chat_id", "thread_id", "dedupe_key"),
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
    _words("value"),
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
