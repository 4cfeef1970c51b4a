"""Which roles there are, and which part of the work has which. Who holds them: role_rows.py."""

from collections.abc import Collection

LOOKOUT = "lookout"  # which keys are due, and what the dead held
GROUP = "group"  # detection: grouping is decided with what came before
STANDBY = "standby"  # of those that could group, the one that keeps a warm story window for it
CHORES = "chores"  # what one process does for all: digests, reports, the search index, housekeeping
BOT = "bot"  # receives what Telegram has for the bot
PARTS = ("poll", "detect", "deliver", "bot", "web")  # of the work, as `--only` names them
ROLES_OF = {"detect": (GROUP, CHORES), "bot": (BOT,)}  # what whoever does a part may have to hold


def roles_of(parts: Collection[str]) -> tuple[str, ...]:
    """Which roles a process that does these parts wants; the look-out is anybody's."""
    return (LOOKOUT, *(role for part in parts for role in ROLES_OF.get(part, ())))
