"""Each hour: which watches are far above their rhythm, which watches or outlets have gone quiet, and who is told.

What is unusual is rhythm_watch.py's (pure). Chats that follow a watch are told of it once, administrators of outlets.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.i18n import translator
from monitor.notify.rhythm_words import led_by, outlet_silence_words, silence_words, spike_words
from monitor.pipeline.admin_notices import Wording, tell_admins
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.following import targets_of
from monitor.pipeline.pictures import told_by_most
from monitor.pipeline.rhythm_watch import (
    COMPARED,
    HOUR,
    LEAST_COMPARED,
    LONGEST,
    QUIET_OUTLET,
    QUIET_WATCH,
    WINDOW,
    Hours,
    Silence,
    Spike,
    silence,
    spike,
)
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import AlertKind, Chat, ChatState, DedupeKey, Leader, NewAlert, Watch, WatchId

LOOKED_BACK = timedelta(days=COMPARED) + LONGEST + timedelta(days=1)
SETTLED_AFTER = timedelta(hours=2)  # from the start: until then what was published meanwhile is still coming in


class WatchRhythms:
    """The use case. Looks once an hour, and not in the first hours of a process."""

    def __init__(
        self,
        store: Store,
        *,
        watches: Callable[[], Mapping[WatchId, Watch]],
        clock: Clock,
        zone: ZoneInfo,
        admins: Collection[int] = (),
    ) -> None:
        self._store = store
        self._watches = watches
        self._clock = clock
        self._zone = zone
        self._admins = admins
        self._since: datetime | None = None
        self._looked_at: datetime | None = None

    async def claim(self, *, limit: int) -> Sequence[datetime]:
        """The present hour, if it has not been looked at; none in the first hours of the process."""
        now = self._clock()
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._since = self._since or now
        if now - self._since < SETTLED_AFTER or hour == self._looked_at or not limit:
            return []
        self._looked_at = hour
        return [hour]

    async def tell(self, hour: datetime) -> None:
        """Look at what came before `hour`, and tell what is unusual; what was told is not told again."""
        since = hour - LOOKED_BACK
        mentions, outlets = await self._store.read(_counts, since)
        heard: Counter[datetime] = Counter()
        for counts in outlets.values():
            heard.update(counts)
        watches = self._watches()
        named = {each: counts for each, counts in mentions.items() if each in watches}
        for watch_id, counts in named.items():
            if (found := spike(counts, heard, hour)) is not None:
                await self._store.write(self._tell_spike, watches[watch_id], found, hour)
            elif not isinstance(watches[watch_id], Leader):
                continue  # an event that is over is no silence
            elif (quiet := silence(counts, heard, hour, least=QUIET_WATCH)) is not None:
                await self._store.write(self._tell_silence, watches[watch_id], quiet, hour)
        for outlet, counts in outlets.items():
            if (quiet := silence(counts, heard, hour, least=QUIET_OUTLET)) is not None:
                await self._store.write(self._tell_admins, outlet, quiet, hour)

    def _tell_spike(self, tx: Transaction, watch: Watch, found: Spike, hour: datetime) -> None:
        first = tx.first_counted(watch.id)
        if first is None or (hour.date() - first).days < LEAST_COMPARED:
            return  # it has no rhythm yet
        title, url = told_by_most(tx.named_items(watch.id, since=hour - WINDOW * HOUR, until=hour))
        texts = {}
        for chat in _followers(tx, watch):
            words = translator(chat.lang)
            said = spike_words(words, watch.name, watch.id, count=found.count, hours=WINDOW, usual=found.usual)
            texts[chat] = f"{said}\n{led_by(words, title, url)}" if title else said
        tx.enqueue(self._notices(texts, notice_key("spike", watch.id, f"{found.began:%Y%m%d}")), now=self._clock())

    def _tell_silence(self, tx: Transaction, watch: Watch, quiet: Silence, hour: datetime) -> None:
        last = quiet.last.astimezone(self._zone)
        texts = {
            chat: silence_words(translator(chat.lang), watch.name, watch.id, last=last, now=hour)
            for chat in _followers(tx, watch)
        }
        tx.enqueue(self._notices(texts, notice_key("silence", watch.id, f"{quiet.last:%Y%m%d%H}")), now=self._clock())

    def _tell_admins(self, tx: Transaction, outlet: str, quiet: Silence, hour: datetime) -> None:
        last = quiet.last.astimezone(self._zone)
        wording: Wording = lambda words: outlet_silence_words(words, outlet, last=last, now=hour)  # noqa: E731
        key = notice_key("silence", "outlet", outlet, f"{quiet.last:%Y%m%d%H}")
        tell_admins(tx, self._admins, wording, dedupe_key=key, now=self._clock())

    def _notices(self, texts: Mapping[Chat, str], key: DedupeKey) -> Iterator[NewAlert]:
        """A notice for each chat; in its quiet hours it waits for their end."""
        now = self._clock()
        for chat, text in texts.items():
            waits = chat.gather_from is not None and chat.gather_from <= now
            not_before = chat.gather_until if waits else None
            yield NewAlert(chat.address, AlertKind.NOTICE, key, text=text, not_before=not_before)


def _counts(tx: Transaction, since: datetime) -> tuple[Mapping[WatchId, Hours], Mapping[str, Hours]]:
    return tx.mentions_by_hour(since=since), tx.items_by_hour(since=since)


def _followers(tx: Transaction, watch: Watch) -> list[Chat]:
    """Active chats that follow the watch and want to hear of unusual numbers."""
    return [
        chat
        for chat, _ in tx.subscribers(targets_of([watch]))
        if chat.state is ChatState.ACTIVE and chat.preferences.spikes
    ]
