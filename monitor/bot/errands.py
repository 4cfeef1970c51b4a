"""What takes longer than an answer may: it is done beside the conversation, and its message drawn when it is done.

Knows no topic. Whatever becomes of an errand is logged and told to whoever waits; none outlives the bot.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import Forbidden, TelegramError

from monitor.bot.chat_request import Request

log = structlog.get_logger(__name__)


class Errands:
    """The errands that are under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self, request: Request, do: Callable[[], Awaitable[None]], *, lost: Callable[[], Awaitable[None]]
    ) -> None:
        """Have `do` done for whoever asked; `lost` when their chat turns out to be out of reach."""
        task = asyncio.create_task(self._done(request, do, lost))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(
        self, request: Request, do: Callable[[], Awaitable[None]], lost: Callable[[], Awaitable[None]]
    ) -> None:
        try:
            await self._attempted(request, do)
        except Forbidden:
            await lost()
        except TelegramError as failure:
            log.warning("answer not delivered", chat=request.address.chat_id, why=type(failure).__name__)
        except Exception as bug:
            log.exception("errand failed", failure=type(bug).__name__, chat=request.address.chat_id, exc_info=False)

    async def _attempted(self, request: Request, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except TelegramError:
            raise
        except Exception:
            await request.redraw(request.gettext("Something went wrong here. Please try again later."))
            raise

    async def close(self) -> None:
        """End all of them; what they had to say can be asked for again."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
