"""What tells a worker that somebody has the database to themselves, and them that a worker is alive."""

from datetime import timedelta

DEAD_AFTER = timedelta(seconds=20)  # of silence: a worker beats each second, and a long pause of a machine is shorter
SOLE_WORKER = 7_110_003  # the name of an advisory lock of PostgreSQL: any number that nobody else takes
CHAT_TURNS = 7_110_004  # the first of the two numbers of an advisory lock, the second one names a chat
DONE_WITH = "files_of_last_run"  # the name of a fact: what `run --once` has read, until a lasting process begins
POOLED = (
    "a pooler stands before PostgreSQL, through which nobody can have a database to themselves: "
    "name PostgreSQL's own address in MONITOR_DATABASE_URL for this command"
)
IN_USE = "another monitor works on this database: stop it first, or give this one its own MONITOR_DATABASE_URL"
