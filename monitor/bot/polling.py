"""Updates from Telegram by long polling, each confirmed only after it was handled, or stands in a row.

Telegram tells of no more than 100 updates beyond the first that is not confirmed. So what takes longer than a second is
written down as it came: then it may be confirmed, one slow answer keeps nobody else waiting, and a crash loses none.

Leaves what an update means to bot/conversation.py. python-telegram-bot's own Updater is not used: it confirms updates
before they are handled (a crash would lose them), retries a lasting 409 for ever, and can be half a minute in stopping.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import structlog
import telegram
from telegram import error

from monitor.bot.chat_queues import ChatQueues, Handle
from monitor.bot.chat_request import asked_for
from monitor.errors import SenderBroken, StoreError
from monitor.notify.telegram_refusals import AT_START, Refusals
from monitor.ports import Clock
from monitor.store.role_names import BOT
from monitor.store.transaction import Store, Transaction

LONG_POLL = timedelta(seconds=25)
CONFLICT_LASTS = timedelta(
    minutes=2
)  # a second poller that is being replaced goes away sooner; see the table of outcomes
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between polls that fail
TO_FINISH = 5.0  # seconds that a handler gets when the service stops; it has ten in all
TO_CONFIRM = 2.0
BATCH = 100  # the most that Telegram gives
A_MOMENT = 0.1  # seconds; others wait no longer while one is being handled
SLOW = 1.0  # seconds; what takes longer is written down
MOST_HELD = 500  # updates in memory, at most some MB; Telegram keeps the others
UNHANDLED = "bot_updates"  # the name of the fact: updates that were confirmed and are not handled yet, as JSON
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
)

Admit = Callable[[telegram.Update], bool]
Pause = Callable[[float], Awaitable[None]]

log = structlog.get_logger(__name__)


class Unreadable(Exception):
    """Telegram sent an update that python-telegram-bot cannot read."""


class Poller:
    """Polls until cancelled. `handle` may be asked to do the same update twice after a crash.

    `admit` says at once whether an update has to be handled at all: a storm must fill no queue.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        store: Store,
        handle: Handle,
        *,
        admit: Admit,
        clock: Clock,
        pause: Pause,
        fence: int | None = None,
        receives: Callable[[], bool] = lambda: True,
    ) -> None:
        """`fence`: since when this process is the one of several that receives; None where it is alone.

        `receives`: whether it surely is at this moment.
        """
        self._fence = fence
        self._receives = receives
        self._bot = bot
        self._store = store
        self._admit = admit
        self._clock = clock
        self._pause = pause
        self._queues = ChatQueues(handle)
        self._seconds = FIRST_PAUSE
        self._conflict_since: datetime | None = None
        self._next = 0  # the first update that Telegram was not told to forget
        self._seen = 0  # the last one that was handed on
        self._came: dict[int, float] = {}  # when each came that is not confirmed, by the loop's clock
        self._batch = BATCH
        self._written: set[int] = set()  # updates that stand in the row
        self._forgetting: set[asyncio.Task[None]] = set()

    async def settled(self) -> None:
        """Wait until all that was given to the queues is handled, and no row says otherwise."""
        await self._queues.fewer_than(1)
        while self._forgetting:
            await asyncio.wait(self._forgetting)

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
            await self._take_up()
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
                    if self._receives():
                        await self._hand_on(updates)
                    else:  # it stood still: another one has them perhaps, else Telegram tells of them again
                        await self._pause(FIRST_PAUSE)
        except asyncio.CancelledError:
            await self._stop()
            raise
        finally:
            await self._queues.stop(0.0)

    async def _updates(self) -> tuple[telegram.Update, ...]:
        try:
            return await self._bot.get_updates(
                offset=self._next,
                limit=self._batch,
                timeout=timedelta(0) if self._unconfirmed() else LONG_POLL,
                allowed_updates=ALLOWED_UPDATES,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as raised:
            # One update that the library cannot read must not stop the news. They are then asked for one by one, and
            # the one that fails by itself is passed over: ids are sequential. Before the first id is known nothing can
            # be passed over; Telegram itself forgets it after a day.
            if self._batch == 1 and self._next:
                self._next += 1
            self._batch = 1
            raise Unreadable(f"an update cannot be read: {raised!r}") from raised

    async def _hand_on(self, updates: Iterable[telegram.Update]) -> None:
        """Give updates to their chats; back when all are handled, or in a moment, and when there is room for more."""
        now = asyncio.get_running_loop().time()
        for update in updates:
            if update.update_id in self._came:
                continue  # told of again, because one before it is not handled yet
            self._came[update.update_id] = now
            self._seen = max(self._seen, update.update_id)
            if self._admit(update):
                self._queues.put(update)
        if not await self._queues.fewer_than(1, within=A_MOMENT):
            oldest = min(self._unconfirmed(), default=self._seen + 1)
            if self._seen - oldest >= BATCH // 2 or now - self._came.get(oldest, now) > SLOW:
                await self._write_down()
        self._next = max(self._next, min(self._unconfirmed(), default=self._seen + 1))
        self._came = {each: at for each, at in self._came.items() if each >= self._next}
        await self._queues.fewer_than(MOST_HELD - BATCH)

    def _unconfirmed(self) -> set[int]:
        """Updates that are neither handled nor written down."""
        return self._queues.unfinished.keys() - self._written

    async def _write_down(self) -> None:
        """Let what is not handled yet stand in a row; then it may be confirmed."""
        unhandled = dict(self._queues.unfinished)
        if unhandled.keys() <= self._written:
            return
        try:
            await self._store.write(self._keep, _as_text(unhandled.values()))
        except StoreError as trouble:
            log.warning("updates not written down", why=str(trouble))
        else:
            self._watch(set(unhandled))

    def _keep(self, tx: Transaction, text: str) -> None:
        """The row of what is not handled. Raises RoleLost when another process receives by now, and it is its row."""
        if self._fence is not None:
            tx.check_fence(BOT, self._fence)
        tx.set_fact(UNHANDLED, text)

    def _watch(self, written: set[int]) -> None:
        self._written = written
        task = asyncio.create_task(self._forget(written), name="updates written down")
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def _forget(self, written: set[int]) -> None:
        """Clear the row once all that stands in it is handled; a crash before then repeats some."""
        await self._queues.finished(written)
        if self._written is not written:  # there is more in it now
            return
        self._written = set()
        try:
            await self._store.write(self._keep, "")
        except StoreError as trouble:
            log.warning("updates will be handled again", why=str(trouble))

    async def _take_up(self) -> None:
        """What an earlier process had confirmed and not handled."""
        text = await self._unhandled()
        updates = [telegram.Update.de_json(each, self._bot) for each in json.loads(text or "[]")]
        for update in updates:
            self._queues.put(update)
        if updates:
            log.info("updates taken up", count=len(updates))
            self._watch(set(self._queues.unfinished))

    async def _unhandled(self) -> str | None:
        """The row; a database in trouble is waited for, as everywhere while the service runs."""
        while True:
            try:
                return await self._store.read(Transaction.fact, UNHANDLED)
            except StoreError as trouble:
                log.warning("updates not taken up yet", why=str(trouble), retry_in=self._seconds)
                await self._pause(self._seconds)
                self._seconds = min(LONGEST_PAUSE, 2 * self._seconds)

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
        wait = asked_for(failure) if isinstance(failure, error.RetryAfter) else self._seconds
        log.warning("polling failed", why=why or words_of(failure, self._bot), retry_in=wait)
        await self._pause(wait)
        self._seconds = min(LONGEST_PAUSE, 2 * self._seconds)

    async def _stop(self) -> None:
        """Leave nothing half done, and tell Telegram how far we came, so that a restart repeats nothing.

        What was not handled stands in the row then, or is not confirmed.
        """
        await self._queues.stop(TO_FINISH)
        for task in self._forgetting:
            task.cancel()
        unhandled = self._queues.unfinished
        first = max(self._next, self._seen + 1)
        if unhandled or self._written:
            try:
                await self._store.write(self._keep, _as_text(unhandled.values()))
            except StoreError as trouble:
                log.warning("updates not written down", why=str(trouble))
                first = min((each for each in unhandled if each not in self._written), default=first)
        if self._seen or self._next:
            await self._confirm(first)

    async def _confirm(self, first: int) -> None:
        try:
            async with asyncio.timeout(TO_CONFIRM):
                await self._bot.get_updates(offset=first, limit=1, timeout=0, allowed_updates=ALLOWED_UPDATES)
        except (error.TelegramError, TimeoutError) as failure:
            log.warning("last updates not confirmed; they will be handled again", why=words_of(failure, self._bot))
        except (KeyError, TypeError, ValueError, AttributeError) as failure:
            log.info("confirmed; the next update cannot be read", why=repr(failure))


def _as_text(updates: Iterable[telegram.Update]) -> str:
    """Updates for the row; empty for none."""
    told = [update.to_dict() for update in updates]
    return json.dumps(told, ensure_ascii=False) if told else ""


def words_of(failure: Exception, bot: telegram.Bot) -> str:
    """One line for the log. The bot of build_bot knows no token; another one's is cut out."""
    return " ".join(f"{type(failure).__name__}: {failure}".replace(bot.token, "<token>").split())
