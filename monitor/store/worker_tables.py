"""The tables of several processes: who works here, who holds which role, and what they share of the outside world.

Drawn for tables.py, from where the queries take them; holds no query itself. On SQLite, where one process works, they
stay empty.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from monitor.store.column_types import Id, Json, Prose, Seconds, UtcDateTime
from monitor.store.table_parts import metadata, words

workers = Table(  # each `monitor run` on PostgreSQL, from its start to its end; of the dead, a while longer
    "workers",
    metadata,
    Column("id", Prose, primary_key=True),  # drawn by the process itself
    words("host"),
    Column("pid", Integer, nullable=False),
    words("version"),
    words("schema"),
    words("parts"),  # what it does, as `--only` names it: "poll,deliver"
    words("page"),  # where its page, its health and its figures are
    words("trouble"),  # what /healthz says is wrong; empty when it is well
    Column("clock_ahead", Seconds, nullable=False),  # of its own clock against the database's
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),  # by the database's clock
)

roles = Table(  # what only one worker at a time may do
    "roles",
    metadata,
    Column("name", Prose, primary_key=True),
    Column("worker_id", Prose),  # NULL: given back
    Column("fence", BigInteger, nullable=False),  # one more each time it changes hands
    Column("taken_at", UtcDateTime, nullable=False),
    Column("kept_until", UtcDateTime, nullable=False),  # by the database's clock
    # so that whoever checks the fence holds up another fence alone (FOR KEY SHARE), and not the holder's next second
    UniqueConstraint("name", "fence"),
)

host_turns = Table(  # one request a host at a time, with a rest between two
    "host_turns",
    metadata,
    Column("host", Prose, primary_key=True),
    Column("worker_id", Prose),  # who asks it now
    Column("held_until", UtcDateTime),
    Column("free_at", UtcDateTime, nullable=False, index=True),
)

bot_pace = Table(  # how fast one bot may send, by all workers together
    "bot_pace",
    metadata,
    Column("name", Prose, primary_key=True),
    Column("next_at", UtcDateTime, nullable=False),  # when the next message may leave
    Column("held_until", UtcDateTime),  # Telegram wants silence
)

window_steps = Table(  # what the story window learned, for workers that stand by
    "window_steps",
    metadata,
    Column("id", Id, primary_key=True),  # drawn under the lock of detection: in the order of commits
    Column("at", UtcDateTime, nullable=False),
    Column("what", Json, nullable=False),  # see step_rows.py
    sqlite_autoincrement=True,  # whoever has read up to a number would miss one that is given again
)

fanouts = Table(  # news whose followers are so many that they are told in slices
    "fanouts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("items.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("story_id", Id, ForeignKey("stories.id"), nullable=False, index=True),
    Column("task", Prose, nullable=False),  # what of the item is told, as store/fan_out_rows.py names it
    Column("role", Prose, nullable=False),
    Column("watch_ids", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("after_chat", BigInteger),  # the last address that was told; NULL: none yet
    Column("after_thread", BigInteger),
    Index("ix_fanouts_at", "at"),
    sqlite_autoincrement=True,
)
