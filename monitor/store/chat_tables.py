"""The tables of those who read: chats with their wishes, and what they said, saved and watch for themselves.

Drawn for tables.py, from where the queries take them; holds no query itself.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    FromClause,
    Index,
    Table,
    UniqueConstraint,
    literal_column,
)

from monitor.store.column_types import Id, Json, Prose, UtcDateTime
from monitor.store.table_parts import metadata, words

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Prose, nullable=False),
    words("title"),
    words("lang"),
    Column("state", Prose, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("preferences", Json, nullable=False, default={}, server_default="{}"),
    Column("gather_from", UtcDateTime),  # from then on its news waits
    Column("gather_until", UtcDateTime),  # when what waits is told as one digest
    Column("brought_by", BigInteger),  # the person who brought the bot in; NULL: not known, or nobody has to be told
    Column("report_at", UtcDateTime),  # when its next weekly report is due; NULL: it wants none
)


def is_gathering(table: FromClause) -> ColumnElement[bool]:
    """Chats that want their news gathered, at some time of day, in the very words of the partial index."""
    return table.c.gather_until.is_not(None)


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

Index(
    "ix_chats_gather_until",
    chats.c.gather_until,
    sqlite_where=is_gathering(chats),
    postgresql_where=is_gathering(chats),
)
Index(
    "ix_chats_report_at",
    chats.c.report_at,
    sqlite_where=chats.c.report_at.is_not(None),
    postgresql_where=chats.c.report_at.is_not(None),
)

# Apart from chats: Telegram counts all topics of a chat together, and an admin chat need not have subscribed
holds = Table(
    "holds",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
    Column(
        "flooded_until", UtcDateTime
    ),  # Telegram itself said so: no call at all before then; else it is our own pace
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("target", Prose, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_subscriptions_target", "target", "chat_id", "thread_id"),  # followers in the order of their addresses
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
    Column("voices", Json, nullable=False, default=[], server_default="[]"),  # the persons of this chat who said so
    Column("closed_at", UtcDateTime),  # when an administrator was done with it; NULL: it is open
    UniqueConstraint("chat_id", "thread_id", "story_id"),
)

saved_items = Table(  # what a chat wants to keep
    "saved_items",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", UtcDateTime, nullable=False),
)

own_watches = Table(  # watches that one chat wrote for itself
    "own_watches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("yaml", Prose, nullable=False),  # one watch, as a watchlist file has it
    words("asked"),  # what the reader typed
    Column("kept_at", UtcDateTime),  # NULL: a draft that nobody has kept yet
    Column("changed_at", UtcDateTime, nullable=False),
    Column("lost_at", UtcDateTime),  # since when its chat is known to be out of reach; NULL: it is not
    Index("ix_own_watches_chat", "chat_id", "thread_id"),
    sqlite_autoincrement=True,  # ids stand in buttons of sent messages: never given twice
)
Index(  # asked every few seconds: did any that is at work change?
    "ix_own_watches_changed_at",
    own_watches.c.changed_at,
    sqlite_where=own_watches.c.kept_at.is_not(None),
    postgresql_where=own_watches.c.kept_at.is_not(None),
)

own_marks = Table(  # what a reader said of articles that their own watch caught, or would have caught
    "own_marks",
    metadata,
    Column("watch_id", Id, ForeignKey("own_watches.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("is_right", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

changes = Table(  # who changed what of the installation: files, access, messages to all
    "changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("chat_id", BigInteger),  # where it was ordered; NULL: on the machine itself
    Column("user_id", BigInteger),
    words("who"),
    Column("action", Prose, nullable=False),
    words("what"),  # the file, watch, feed or chat that it was done to
    words("before"),
    words("after"),
    Column("undone_at", UtcDateTime),
)
