"""/reload: the files are read again, and what came of it is said.

Reads none itself; the service does.
"""

from collections.abc import Iterable

from monitor.bot.chat_request import Html, Request, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.local_time import when
from monitor.bot.signatures import signed
from monitor.notify.problem_words import problem_line
from monitor.pipeline.config_changes import FilesRead, change_lines
from monitor.store.transaction import Transaction
from monitor.types import ChangeAction


async def reload(context: BotContext, request: Request) -> None:
    """/reload: read the configuration again, and say what came of it."""
    read = await context.running.reload()
    await context.store.write(Transaction.add_change, signed(request, ChangeAction.RELOAD), now=context.clock())
    await request.reply(lines(came_of(context, request, read)))


def came_of(context: BotContext, request: Request, read: FilesRead) -> Iterable[Html]:
    """What a reading of the files came to, in lines."""
    if read.problems:
        yield request.gettext("❌ The files are wrong; the last good ones stay in force:")
        yield from (plain(problem_line(request.words, problem)) for problem in read.problems)
        return
    if read.is_new:
        yield request.gettext("✅ The files were read, and are in force:")
    else:
        yield request.gettext("✅ The files are right. Nothing changed.")
        if read.changed_at is None:
            return
        yield request.gettext("The last change was taken up at {at}:", at=when(context, request, read.changed_at))
    yield from map(plain, change_lines(request.words, read.changes))
