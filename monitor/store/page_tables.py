"""The tables of the web page: who is logged in, the keys of feeds, and what is told to open pages.

Drawn for tables.py, from where the queries take them; holds no query itself.
"""

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from monitor.store.column_types import Id, Prose, UtcDateTime
from monitor.store.table_parts import metadata, words

login_links = Table(  # one-time links to the page
    "login_links",
    metadata,
    Column("token_hash", Prose, primary_key=True),  # nobody can read the token here
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("user_id", BigInteger),  # who asked for it, where they can be told from others
    words("who"),  # their name, for the log of changes
    Column("made_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Column("used_at", UtcDateTime),
)

sessions = Table(  # browsers that are logged in; their rights are the chat's, asked anew each time
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", Prose, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("user_id", BigInteger),
    words("who"),
    words("browser"),  # as /settings names it: "Firefox, Linux"
    Column("made_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # to some minutes
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Index("ix_sessions_chat", "chat_id", "thread_id"),
    sqlite_autoincrement=True,  # ids stand in buttons of sent messages: never given twice
)

feed_keys = Table(  # what a feed reader shows in place of a login; a chat's own, and shown to it again
    "feed_keys",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Prose, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("key"),
)

news_events = Table(  # what open pages are told, kept for some days so that one that was away misses nothing
    "news_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("xact", BigInteger, nullable=False, default=0, server_default="0"),  # PostgreSQL's transaction: their order
    Column("kind", Prose, nullable=False),
    Column("story_id", Id),  # no foreign keys: a line of a log
    Column("alert_id", Id),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index("ix_news_events_order", "xact", "id"),
    sqlite_autoincrement=True,
)
