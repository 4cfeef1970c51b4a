"""Workers and what is wrong with them, in a reader's words: the same in the chat, on the page, on the command line."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from monitor.i18n import Translator, translatable
from monitor.pipeline.workers_seen import Lack, WorkerStatus, WorkersTrouble
from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT, PARTS, ROLES_OF, STANDBY

JUST_NOW = timedelta(seconds=5)  # a process says each second that it is alive; a few more are an ordinary hitch
_ROLES = {
    LOOKOUT: translatable("looks out for what is due"),
    GROUP: translatable("groups stories"),
    STANDBY: translatable("stands by to group"),
    CHORES: translatable("makes digests and tidies up"),
    BOT: translatable("hears the bot"),
}
_PARTS = {
    "poll": translatable("asks the newspapers"),
    "detect": translatable("looks at articles"),
    "deliver": translatable("sends alerts"),
    "bot": _ROLES[BOT],
}


def role_words(words: Translator, role: str) -> str:
    """What whoever holds a role does."""
    return words.gettext(_ROLES[role]) if role in _ROLES else role


def trouble_words(words: Translator, trouble: WorkersTrouble) -> str:
    """What is wrong, and what to do."""
    match trouble.lack:
        case Lack.NOBODY:
            return words.gettext("No process is at work: start one with “monitor run”")
        case Lack.PART:
            return words.gettext(
                "Nobody {does}: start a process with “monitor run --only {part}”",
                does=words.gettext(_PARTS[trouble.about]),
                part=trouble.about,
            )
        case Lack.ROLE if trouble.about == LOOKOUT:
            return words.gettext(
                "For {span} nobody {does}, though any process could: look into their logs, and start them again",
                does=role_words(words, trouble.about),
                span=words.span(trouble.lasts),
            )
        case Lack.ROLE:
            return words.gettext(
                "For {span} nobody {does}, though a process could: look into the log of those that do “{part}”, and"
                " start them again",
                does=role_words(words, trouble.about),
                span=words.span(trouble.lasts),
                part=_part_of(trouble.about),
            )
        case Lack.UNWELL:
            return words.gettext("{worker} is unwell: {why}", worker=trouble.about, why=trouble.why)
        case _:
            assert_never(trouble.lack)


def _part_of(role: str) -> str:
    return next((part for part, roles in ROLES_OF.items() if role in roles), role)


def count_words(words: Translator, workers: Sequence[WorkerStatus]) -> str:
    """How many there are, and how many of the last hour fell silent."""
    alive = sum(each.is_alive for each in workers)
    said = words.ngettext("{n} process at work", "{n} processes at work", alive)
    if alive == len(workers):
        return said
    return words.gettext("{alive}, {n} silent", alive=said, n=len(workers) - alive)


def parts_words(words: Translator, worker: WorkerStatus) -> str:
    """Which parts of the work a process does, by the names that are typed behind `--only`."""
    return words.gettext("everything") if set(worker.parts) == set(PARTS) else ", ".join(worker.parts)


def heard_words(words: Translator, worker: WorkerStatus) -> str:
    """When it last said that it is alive."""
    if not worker.is_alive:
        return words.gettext("silent for {span}", span=words.span(worker.silent_for))
    if worker.silent_for < JUST_NOW:
        return words.gettext("just now")
    return words.gettext("{span} ago", span=words.span(worker.silent_for))


def worker_line(words: Translator, worker: WorkerStatus) -> str:
    """One process in one line: who, what it does, what it alone does now, since when it is silent."""
    alone = ", ".join(role_words(words, role) for role in worker.roles)
    silent = "" if worker.is_alive else heard_words(words, worker)
    this = words.gettext("this process") if worker.is_this else ""
    said = (f"{worker.name}: {parts_words(words, worker)}", alone, worker.version, silent, this)
    return " · ".join(each for each in said if each)
