"""Workers and what is wrong with them, in a reader's words: the same in the chat, on the page, on the command line."""

from typing import assert_never

from monitor.i18n import Translator, translatable
from monitor.pipeline.workers_seen import Lack, WorkerStatus, WorkersTrouble
from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT, ROLES_OF, STANDBY

_ROLES = {
    LOOKOUT: translatable("looks out for what is due"),
    GROUP: translatable("groups stories"),
    STANDBY: translatable("stands by to group"),
    CHORES: translatable("does the chores"),
    BOT: translatable("hears the bot"),
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
                "No process does “{part}”: start one with “monitor run --only {part}”", part=trouble.about
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
    return next((part for part, roles in ROLES_OF.items() if role in roles), "poll")


def worker_line(words: Translator, worker: WorkerStatus) -> str:
    """One process in one line: who, what it does, what it alone does now, since when it is silent."""
    does = ", ".join(worker.parts)
    alone = ", ".join(role_words(words, role) for role in worker.roles)
    said = f"{worker.name}: {does}" + (f" · {alone}" if alone else "") + f" · {worker.version}"
    if worker.is_alive:
        return said
    return words.gettext("{worker} · silent for {span}", worker=said, span=words.span(worker.silent_for))
