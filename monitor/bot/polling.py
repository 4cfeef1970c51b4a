"""Updates from Telegram by long polling, one after the other, each confirmed only after it was handled.

Leaves what an update means to bot/conversation.py. python-telegram-bot's own Updater is not used: it confirms updates
before they are handled (a crash would lose them), retries a lasting 409 for ever, and can be half a minute in stopping.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog
import telegram
from telegram import error

from monitor.errors import SenderBroken
from monitor.notify.telegram_refusals import AT_START, Refusals
from monitor.ports import Clock

LONG_POLL = timedelta(seconds=25)
CONFLICT_LASTS = timedelta(
    minutes=2
)  # a second poller that is being replaced goes away sooner; see the table of outcomes
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between polls that fail
TO_FINISH = 5.0  # seconds that a handler gets when the service stops; it has ten in all
TO_CONFIRM = 2.0
BATCH = 100  # the most that Telegram gives
ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")

Handle = Callable[[telegram.Update], Coroutine[Any, Any, None]]
Pause = Callable[[float], Awaitable[None]]

log = structlog.get_logger(__name__)


class Unreadable(Exception):
    """Telegram sent an update that python-telegram-bot cannot read."""


class Poller:
    """Polls until cancelled; `handle` must not raise, and may be asked to do the same update twice after a crash."""

    def __init__(self, bot: telegram.Bot, handle: Handle, *, clock: Clock, pause: Pause) -> None:
        self._bot = bot
        self._handle = handle
        self._clock = clock
        self._pause = pause
        self._seconds = FIRST_PAUSE
        self._conflict_since: datetime | None = None
        self._next = 0  # the first update that Telegram was not told to forget
        self._batch = BATCH

    async def reach(self, first_call: Callable[[], Awaitable[None]]) -> None:
        """Make the first call of all, for as long as it takes: a service may start before its network does.

        Raises SenderBroken when the bot is refused, three times in a row.
        """
        refusals = Refusals(AT_START)
        while True:
            try:
                await first_call()
            except error.InvalidToken as raised:
                await self._rest(raised, refusals.note(raised, self._clock()))
            except error.TelegramError as failure:
                await self._rest(failure)
            else:
                self._seconds = FIRST_PAUSE
                return

    async def run(self) -> None:
        """Poll. Raises SenderBroken when the bot is refused again and again, or another program polls as it."""
        refusals = Refusals()
        try:
            while True:
                try:
                    updates = await self._updates()
                except error.InvalidToken as raised:
                    await self._rest(raised, refusals.note(raised, self._clock()))
                except error.Conflict as conflict:
                    await self._contend(conflict)
                except (error.TelegramError, Unreadable) as failure:
                    self._conflict_since = None  # whether the other one is still there, nobody knows
                    await self._rest(failure)
                else:
                    self._seconds, self._conflict_since, self._batch = FIRST_PAUSE, None, BATCH
                    refusals.forget()
                    for update in updates:
                        await _finished(self._once(update))
        except asyncio.CancelledError:
            await self._confirm()
            raise

    async def _updates(self) -> tuple[telegram.Update, ...]:
        try:
            return await self._bot.get_updates(
                offset=self._next, limit=self._batch, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES
            )
        except (KeyError, TypeError, ValueError, AttributeError) as raised:
            # One update that the library cannot read must not stop the news. They are then asked for one by one, and
            # the one that fails by itself is passed over: ids are sequential. Before the first id is known nothing can
            # be passed over; Telegram itself forgets it after a day.
            if self._batch == 1 and self._next:
                self._next += 1
            self._batch = 1
            raise Unreadable(f"an update cannot be read: {raised!r}") from raised

    async def _once(self, update: telegram.Update) -> None:
        await self._handle(update)
        self._next = update.update_id + 1

    async def _contend(self, conflict: error.Conflict) -> None:
        now = self._clock()
        self._conflict_since = self._conflict_since or now
        if now - self._conflict_since > CONFLICT_LASTS:
            why = f"another program polls as this bot since {self._conflict_since:%H:%M:%S}: {conflict.message}"
            raise SenderBroken(why) from conflict
        if "webhook" in conflict.message:  # left by an earlier program, it keeps every poll out
            try:
                await self._bot.delete_webhook()
            except error.TelegramError as failure:
                log.warning("webhook not removed", why=words_of(failure, self._bot))
        await self._rest(conflict)

    async def _rest(self, failure: error.TelegramError | Unreadable, why: str = "") -> None:
        wait = asked_for(failure) or self._seconds
        log.warning("polling failed", why=why or words_of(failure, self._bot), retry_in=wait)
        await self._pause(wait)
        self._seconds = min(LONGEST_PAUSE, 2 * self._seconds)

    async def _confirm(self) -> None:
        """Tell Telegram how far we came, so that a restart repeats nothing; what was not handled is asked for again."""
        if not self._next:
            return
        try:
            async with asyncio.timeout(TO_CONFIRM):
                await self._bot.get_updates(offset=self._next, limit=1, timeout=0, allowed_updates=ALLOWED_UPDATES)
        except (error.TelegramError, TimeoutError) as failure:
            log.warning("last updates not confirmed; they will be handled again", why=words_of(failure, self._bot))
        except (KeyError, TypeError, ValueError, AttributeError) as failure:
            log.info("confirmed; the next update cannot be read", why=repr(failure))


def asked_for(failure: Exception) -> float | None:
    """Seconds that Telegram asked to wait, if it did."""
    if not isinstance(failure, error.RetryAfter):
        return None
    wait = failure.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def words_of(failure: Exception, bot: telegram.Bot) -> str:
    """One line for the log. The bot of build_bot knows no token; another one's is cut out."""
    return " ".join(f"{type(failure).__name__}: {failure}".replace(bot.token, "<token>").split())


async def _finished(work: Coroutine[Any, Any, None]) -> None:
    """Handle an update to its end even when the service is being stopped, within TO_FINISH."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=TO_FINISH)
        task.cancel()
        raise
