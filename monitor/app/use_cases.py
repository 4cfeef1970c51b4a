"""The stages that news flows through, in one table, and the use cases that they work with.

Decides nothing of the rooms'. A new stage is a use case under monitor/pipeline, built in `build_use_cases`, and one
line in `stage_table`.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.app.events import ArticleRead
from monitor.app.reload import Reload
from monitor.app.signals import Signals
from monitor.app.stage_keys import MOST_HOSTS, by_chat, by_item
from monitor.app.stages import SWEEP, TICK, ClaimWork, Keys, Stage, Sweep, Wake
from monitor.config import Settings
from monitor.matching.nlp import UndertheseaNlp
from monitor.pipeline.abstract import SPACING, WriteAbstracts
from monitor.pipeline.compose import Composer
from monitor.pipeline.deliver import Deliver, Delivered
from monitor.pipeline.detect import BATCH, Detect
from monitor.pipeline.digest import GatherNews
from monitor.pipeline.enrich import Enrich
from monitor.pipeline.fan_out import FanOuts
from monitor.pipeline.index_news import IndexNews
from monitor.pipeline.pace import Pace
from monitor.pipeline.pictures import Pictures
from monitor.pipeline.poll import Poll, Polled
from monitor.pipeline.recheck import Recheck, Rechecked
from monitor.pipeline.shared_pace import SharedWaits
from monitor.pipeline.shared_window import Fence
from monitor.pipeline.unusual import WatchRhythms
from monitor.pipeline.weekly_report import SendReports
from monitor.ports import ArticleReader, Clock, Fetcher, PageReader, Painter, Sender, Summarizer
from monitor.store.role_names import CHORES, GROUP
from monitor.store.transaction import Store
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Alert, Feed, FeedId, FeedState, Item

A_MOMENT = timedelta(milliseconds=10)  # after a rest is over: timers may run a little early
CHANNELS_AT_ONCE = 4
MAY_RING = 40  # items of a batch of which any may ring: fresh news waits for the batch that is being looked at
MATCHED_AGAIN = 50  # items that a changed watchlist is asked about at a time: new ones come in between
HOURLY = Sweep(timedelta(minutes=1), stale_after=timedelta(minutes=10), in_once=False)  # looks for a new hour
SPACED = Sweep(SWEEP.every, SWEEP.stale_after, after_claim=SPACING + A_MOMENT, in_once=False)


# ---------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the stages do, and at which pace messages leave. Without `write_abstracts` no language model is asked."""

    poll: Poll
    detect: Detect
    fan_outs: FanOuts
    enrich: Enrich
    recheck: Recheck
    index: IndexNews
    write_abstracts: WriteAbstracts | None
    gather: GatherNews
    deliver: Deliver
    deliver_outside: Deliver
    pace: Pace
    has_channels: Callable[[], bool]
    rhythms: WatchRhythms
    reports: SendReports


def stage_table(
    use: UseCases, signals: Signals, *, feeds: Callable[[], Mapping[FeedId, Feed]], sends_at_once: int
) -> tuple[Stage[Any, Any], ...]:
    """Every stage, in the order in which a piece of news meets them: it is told before its article is read."""
    polls = _PollsByHost(use.poll, feeds)
    waiting = _waiting_items(use.detect, signals)
    abstracts = use.write_abstracts
    stages: list[Stage[Any, Any]] = [
        # 1,000 feeds at 0.4 s take 4.5 s with 100 at once, 40 s with 10
        Stage(
            "poll",
            50,
            TICK,
            polls.claim,
            polls.poll,
            _after_poll,
            room=10,  # after each poll another look would be dearer than the poll: at some that ended, or at the tick
            part="poll",
            keys=Keys(polls.due_hosts, polls.claim_at, MOST_HOSTS),
        ),
        Stage("detect", BATCH, SWEEP, waiting, use.detect.detect, _after_detect, in_turn=True, role=GROUP),
        # one slice after the other, and between two of them detection has its turn
        Stage("fanout", 1, TICK, use.fan_outs.claim, use.fan_outs.tell, in_turn=True, role=CHORES),
        Stage("gather", 8, TICK, use.gather.claim, use.gather.gather, role=CHORES),
        *_senders(use, sends_at_once),
        *_readers(use),
        # last: what is searched for is told already
        Stage("index", 1, SWEEP, use.index.claim, use.index.work, _after_index, in_turn=True, role=CHORES),
        Stage("report", 4, SWEEP, use.reports.claim, use.reports.send, role=CHORES),
        Stage("rhythm", 1, HOURLY, use.rhythms.claim, use.rhythms.tell, role=CHORES),
    ]
    if abstracts is not None:  # a model may think for half a minute
        stages.append(Stage("retell", 2, SPACED, abstracts.claim, abstracts.write, role=CHORES))
    return tuple(stages)


def _senders(use: UseCases, sends_at_once: int) -> Iterator[Stage[Any, Any]]:
    yield Stage(
        "deliver",
        sends_at_once,
        TICK,
        use.deliver.claim,
        use.deliver.deliver,
        _after_deliver,
        finishes=True,
        room=max(1, sends_at_once // 2),  # with thousands waiting a claim is dearer than a message
        part="deliver",
        keys=by_chat(use.deliver),
    )
    # places of their own: a server that hangs for a minute must not hold up Telegram
    yield Stage(
        "channels",
        CHANNELS_AT_ONCE,
        TICK,
        _if_any(use.has_channels, use.deliver_outside.claim),
        use.deliver_outside.deliver,
        _after_channel,
        finishes=True,
        part="deliver",
        keys=by_chat(use.deliver_outside, use.has_channels),
    )


def _readers(use: UseCases) -> Iterator[Stage[Any, Any]]:
    # each host has one turn at a time anyway
    yield Stage("enrich", 8, SWEEP, use.enrich.claim, _reading(use.enrich), part="poll", keys=by_item(use.enrich))
    # never in the way of articles that an alert waits for
    yield Stage(
        "recheck",
        2,
        SWEEP,
        use.recheck.claim,
        use.recheck.recheck,
        _after_recheck,
        part="poll",
        keys=by_item(use.recheck),
    )


def _if_any(has_channels: Callable[[], bool], claim: ClaimWork[Alert]) -> ClaimWork[Alert]:
    async def claim_any(*, limit: int) -> Sequence[Alert]:
        return await claim(limit=limit) if has_channels() else []

    return claim_any


class _PollsByHost:
    """Claims feeds of hosts that are not being asked: their requests go one after the other."""

    def __init__(self, poll: Poll, feeds: Callable[[], Mapping[FeedId, Feed]]) -> None:
        self._poll = poll
        self._feeds = feeds
        self._polling: set[FeedId] = set()

    async def claim(self, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        due = await self._poll.claim(self._feeds(), limit=limit, busy=self._polling)
        self._polling.update(feed.id for feed, _ in due)
        return due

    async def due_hosts(self, most: int) -> Sequence[str]:
        """Hosts with a due feed."""
        return await self._poll.due(self._feeds(), limit=most)

    async def claim_at(self, key: str, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        """Due feeds of the host `key`; a job of the engine is the only one at work there."""
        return await self._poll.claim(self._feeds(), limit=limit, host=key)

    async def poll(self, due: tuple[Feed, FeedState]) -> Polled:
        feed, state = due
        try:
            return await self._poll.poll(feed, state)
        finally:
            self._polling.discard(feed.id)


def _waiting_items(detect: Detect, signals: Signals) -> ClaimWork[Sequence[Item]]:
    async def claim(*, limit: int) -> Sequence[Sequence[Item]]:
        """New items first, as one batch; when there are none, a changed watchlist is asked about the last day's."""
        items = await detect.unmatched(limit=min(limit, MAY_RING))
        if len(items) == MAY_RING and not any(item.alertable for item in items):
            items = await detect.unmatched(limit=limit)  # what came silently is last: nobody waits for it
        if not items and await detect.match_again(limit=min(limit, MATCHED_AGAIN)):
            signals.wake("detect")
        return [items] if items else []

    return claim


def _reading(enrich: Enrich) -> Callable[[Item], Awaitable[ArticleRead]]:
    async def read(item: Item) -> ArticleRead:
        return ArticleRead(item, await enrich.read(item))

    return read


def _after_poll(polled: Polled) -> Iterator[Wake]:
    if polled.new or polled.reworded:
        yield Wake("detect")
    if polled.trouble:
        yield Wake("deliver")


def _after_detect(_: object) -> Iterator[Wake]:
    yield Wake("fanout")
    yield Wake("deliver")
    yield Wake("channels")
    yield Wake("enrich")
    yield Wake("index")


def _after_index(_: object) -> Iterator[Wake]:
    yield Wake("index")  # there may be more


def _after_recheck(seen: Rechecked) -> Iterator[Wake]:
    if seen.verdict.new_title:
        yield Wake("detect")
    yield Wake("deliver")


def _after_deliver(delivered: Delivered) -> Iterator[Wake]:
    if delivered.rest:  # the chat may have more
        yield Wake("deliver", after=delivered.rest + A_MOMENT, key=str(delivered.alert.address.chat_id))


def _after_channel(delivered: Delivered) -> Iterator[Wake]:
    if delivered.rest:
        yield Wake("channels", after=delivered.rest + A_MOMENT, key=str(delivered.alert.address.chat_id))


# ---------------------------------------------------------------- how they are built


@dataclass(frozen=True, slots=True)
class Outside:
    """What asks and tells other servers. No `summarizer` without a language model, no `bot` without Telegram."""

    fetcher: Fetcher
    reader: ArticleReader
    summarizer: Summarizer | None
    sender: Sender
    channel_sender: Sender
    bot: Any  # what notify/telegram built: its library is loaded only with a token
    pages: PageReader  # for whoever asks about an article that no feed brought
    painter: Painter


@dataclass(frozen=True, slots=True)
class ServiceTiming:
    """Which clock counts, at which pace messages leave, and how long an edit waits for the next one.

    `fence`: since when this process is the one that groups, among several; None where it is alone. `life`: as
    deliver.py asks for it.
    """

    clock: Clock
    pace: Pace
    edit_delay: timedelta
    fence: Fence | None = None
    life: Callable[[], int | None] = lambda: 0


def build_use_cases(
    settings: Settings, store: Store, outside: Outside, poll: Poll, reload: Reload, timing: ServiceTiming
) -> UseCases:
    """What the stages work with. `poll` is built before `reload`, which tells it of new feeds."""
    clock, zone, admins = timing.clock, ZoneInfo(settings.timezone), settings.admin_chats
    detect = Detect(
        store,
        lambda: reload.active,
        StoryWindow(),
        clock=clock,
        nlp=UndertheseaNlp(),  # loads its models at the first doubt: most days need no 90 MB
        admins=admins,
        edit_delay=timing.edit_delay,
        catch_up_after=settings.catch_up_after,
        fence=timing.fence,
    )
    composer = Composer(
        store,
        watches=lambda: reload.active.watches,
        zone=zone,
        shows_abstracts=outside.summarizer is not None,
        pictures=Pictures(store, outside.painter, watches=lambda: reload.active.watches, zone=zone),
    )

    def deliver(sender: Sender, *, outside: bool) -> Deliver:
        return Deliver(
            store,
            sender,
            composer,
            clock=clock,
            pace=timing.pace,
            waits=SharedWaits(timing.pace, store, clock=clock) if store.is_shared and not outside else None,
            catch_up_after=settings.catch_up_after,
            admins=admins,
            outside=outside,
            life=timing.life,
        )

    return UseCases(
        poll=poll,
        detect=detect,
        fan_outs=FanOuts(
            store,
            lambda: reload.active,
            clock=clock,
            edit_delay=timing.edit_delay,
            catch_up_after=settings.catch_up_after,
        ),
        enrich=Enrich(store, outside.reader, detect, clock=clock),
        recheck=Recheck(store, outside.reader, clock=clock, edit_delay=timing.edit_delay),
        index=IndexNews(store),
        write_abstracts=WriteAbstracts(store, outside.summarizer, clock=clock) if outside.summarizer else None,
        gather=GatherNews(store, clock=clock, zone=zone),
        deliver=deliver(outside.sender, outside=False),
        deliver_outside=deliver(outside.channel_sender, outside=True),
        pace=timing.pace,
        has_channels=lambda: bool(reload.config.channels),
        rhythms=WatchRhythms(store, watches=lambda: reload.active.watches, clock=clock, zone=zone, admins=admins),
        reports=SendReports(store, clock=clock, zone=zone),
    )
