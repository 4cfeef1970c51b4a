"""Stories that merge or split after chats were told: what is on their phones is corrected by edits, and never rings."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.notify.telegram import TelegramSender, build_bot
from monitor.pipeline.corrections import after_merge, after_split
from monitor.pipeline.detect import UPDATE_SPACING, _may_update
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    Item,
    ItemId,
    Later,
    Match,
    Message,
    Outcome,
    Refiled,
    Role,
    StoryId,
    StoryView,
    WatchId,
)
from tests.bot_api import BotApi
from tests.fakes_sender import FakeSender
from tests.flow import READER, FakeClock, Flow
from tests.revising import (
    CALL,
    CALL_LEAD,
    QUAKE,
    QUAKE_LEAD,
    TALK,
    TALK_LEAD,
    merging,
    mistaking,
    scripted,
    splitting,
    story_of,
)

OTHER = Address(2002)
NOW = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)


# ---------------------------------------------------------------- two messages that are one


@pytest.fixture
def flow(store: Store) -> Flow:
    return scripted(Flow(store), merging(CALL, TALK, from_outlet="Hải Đăng"))


async def told_of_both(flow: Flow) -> Flow:
    """READER is told of two stories; OTHER, who follows whom only the second names, of that one."""
    await flow.subscribe(READER, "putin")
    await flow.subscribe(OTHER, "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    return flow


async def shown_as_one(flow: Flow, *, by: timedelta = timedelta(minutes=10)) -> None:
    """A third outlet writes what shows that both are one."""
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.on(by)


async def view_of(flow: Flow, story_id: StoryId | None) -> StoryView:
    assert story_id is not None
    async with flow.store.read() as tx:
        view = await tx.story(story_id)
    assert view is not None
    return view


async def rows_of(flow: Flow, address: Address) -> list[tuple[str, AlertState]]:
    """The rows of a chat as the outbox holds them."""
    async with flow.store.read() as tx:
        rows = [await tx.alert(number) for number in range(1, 60)]
    return [(row.dedupe_key, row.state) for row in rows if row is not None and row.address == address]


async def test_of_two_messages_the_later_says_that_it_is_one_with_the_earlier(flow: Flow) -> None:
    await told_of_both(flow)
    assert [message.address for message in flow.phone.new] == [READER, READER, OTHER]
    await shown_as_one(flow)
    assert len(flow.phone.new) == 3
    first, second = flow.phone.shown[READER.chat_id, 1].html, flow.phone.shown[READER.chat_id, 2].html
    assert CALL in first.splitlines()[1]
    assert "+2 báo: Sao Mai, Hải Đăng" in first
    assert f"🔗 Cùng một chuyện với tin lúc 08:10: {CALL}" in second
    assert TALK in second.splitlines()[1]
    assert "Hải Đăng" not in second


async def test_the_later_message_gains_nothing_more(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    settled = flow.phone.shown[READER.chat_id, 2]
    accepted = len(flow.phone.accepted)
    flow.fetcher.publish("hai-dang", "4", CALL, CALL_LEAD)
    flow.fetcher.publish("sao-mai", "5", TALK, TALK_LEAD)
    await flow.on()
    assert flow.phone.shown[READER.chat_id, 2] is settled
    assert all(message.edits is not None for message in flow.phone.accepted[accepted:])


async def test_a_chat_that_knew_only_the_second_story_goes_on_with_its_message(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    html = flow.phone.shown[OTHER.chat_id, 3].html
    assert TALK in html.splitlines()[1]
    assert "🔗" not in html
    assert "+2 báo: Bến Sông, Hải Đăng" in html
    flow.fetcher.publish("hai-dang", "4", CALL, CALL_LEAD)
    flow.fetcher.publish("ben-song", "5", TALK, TALK_LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER, READER, OTHER]


async def test_a_muted_story_stays_muted_under_its_new_name(flow: Flow) -> None:
    await told_of_both(flow)
    gone = story_of(flow, TALK)
    assert gone is not None
    async with flow.store.begin() as tx:
        await tx.mute(READER, gone, now=flow.clock())
    before = len([m for m in flow.phone.accepted if m.address == READER])
    await shown_as_one(flow)
    assert len([m for m in flow.phone.accepted if m.address == READER]) == before
    async with flow.store.read() as tx:
        assert READER in await tx.muted(gone)


async def test_an_alert_that_waits_is_not_sent_where_the_other_story_was_told(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    await flow.on(timedelta(hours=1))
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_the_message_that_arrived_goes_on_when_the_earlier_one_never_left(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    async with flow.store.begin() as tx:
        await tx.hold_chat(READER.chat_id, flow.clock())
    flow.clock.turn(timedelta(hours=1))
    assert [each.state for each in await flow.send()] == [AlertState.SENT]
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    assert len(flow.phone.new) == 2
    assert "🔗" in flow.phone.shown[READER.chat_id, 2].html


class Interrupted(FakeSender):
    """A phone on whose way something happens while a message is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[None]]] = []

    async def send(self, message: Message) -> Outcome:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await super().send(message)


@pytest.mark.parametrize("address", [READER, OTHER])
async def test_a_merge_while_the_message_is_under_way_settles_right(store: Store, address: Address) -> None:
    phone = Interrupted()
    flow = scripted(Flow(store, phone), merging(CALL, TALK, from_outlet="Hải Đăng"))
    await flow.subscribe(address, "putin" if address == READER else "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()

    async def merge() -> None:
        flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
        await flow.poll_later()

    phone.meanwhile.append(merge)
    await flow.send()
    await flow.on()
    last = phone.shown[address.chat_id, len(phone.new)].html
    assert len(phone.new) == (2 if address == READER else 1)
    assert ("🔗" in last) == (address == READER)
    assert ("+2 báo" in last) == (address == OTHER)


async def test_a_claimed_alert_whose_story_merges_before_it_is_composed_is_not_sent(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()
    (claimed,) = await flow.deliver.claim(limit=1)
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.poll_later()
    assert (await flow.deliver.deliver(claimed)).state is AlertState.SKIPPED
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_claimed_alert_of_the_only_story_that_a_chat_heard_of_is_sent(flow: Flow) -> None:
    await flow.subscribe(OTHER, "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()
    (claimed,) = await flow.deliver.claim(limit=1)
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.poll_later()
    assert (await flow.deliver.deliver(claimed)).state is AlertState.SENT
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Bến Sông, Hải Đăng" in flow.phone.shown[OTHER.chat_id, 1].html


@dataclass
class SlowWords:
    """A tagger that takes so long that something happens meanwhile."""

    meanwhile: list[Callable[[], Awaitable[None]]]

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return tuple(matches)


async def test_a_full_text_that_was_on_its_way_during_the_merge_rings_for_nobody_who_was_told(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    page = flow.fetcher.publish("sao-mai", "2", TALK, "Văn phòng của ông Netanyahu cho hay phía bên kia đã đồng ý.")
    flow.reader.pages[page.url] = "Ông Putin chưa bình luận về cuộc trao đổi với ông Netanyahu, theo hãng tin sở tại."
    await flow.poll_later()
    (wanted,) = await flow.enrich.claim(limit=5)

    async def merge() -> None:
        flow.fetcher.publish("hai-dang", "3", TALK, "Văn phòng của ông Netanyahu cho hay phía bên kia đã đồng ý.")
        await flow.poll_later()

    flow.detect._nlp = SlowWords([merge])
    await flow.enrich.read(wanted)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html
    firsts = [key for key, _ in await rows_of(flow, READER) if key.startswith("story:")]
    assert firsts == [f"story:{story_of(flow, CALL)}"]


async def test_a_digest_names_a_merged_story_once(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    until = flow.clock() + timedelta(hours=7)
    async with flow.store.begin() as tx:
        await tx.hold_chat(READER.chat_id, until)
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    await flow.on(timedelta(hours=7))
    assert len(flow.phone.new) == 1
    assert TALK not in flow.phone.new[0].html


async def test_a_restarted_process_knows_the_story_as_it_is_now(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    reborn = Flow(flow.store, flow.phone, flow.fetcher, flow.reader, flow.clock)
    await reborn.detect.warm()
    assert story_of(reborn, CALL) == story_of(reborn, TALK) == story_of(flow, CALL)
    reborn.fetcher.publish("ben-song", "9", TALK, TALK_LEAD)
    await reborn.on()
    assert len(flow.phone.new) == 3


async def test_what_is_asked_about_the_old_story_is_answered_by_the_new(flow: Flow) -> None:
    await told_of_both(flow)
    gone, into = story_of(flow, TALK), story_of(flow, CALL)
    await shown_as_one(flow)
    assert (await view_of(flow, gone)).story.id == into
    assert len((await view_of(flow, gone)).items) == 3
    async with flow.store.read() as tx:
        asked = await tx.alert_by_message(READER, 2)
        assert asked is not None
        assert await tx.alert(asked.id) == asked
    assert asked.story_id == gone


# ---------------------------------------------------------------- one message that is two


@pytest.fixture
def mixed(store: Store) -> Flow:
    """A newsroom that takes a quake for the call, until Hải Đăng writes about it."""
    flow = mistaking(Flow(store), QUAKE, taken_for=CALL)
    return scripted(flow, splitting(QUAKE, from_outlet="Hải Đăng"))


async def told_as_one(flow: Flow, *, readers: str = "putin") -> Flow:
    await flow.subscribe(READER, readers)
    await flow.subscribe(OTHER, "dong-dat")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    return flow


async def test_a_message_of_two_happenings_keeps_its_own_and_names_the_other(mixed: Flow) -> None:
    flow = await told_as_one(mixed, readers="*")
    assert "Sao Mai" in flow.phone.shown[READER.chat_id, 1].html
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER, OTHER]
    html = flow.phone.shown[READER.chat_id, 1].html
    assert CALL in html.splitlines()[1]
    assert "Sao Mai" not in html.splitlines()[-1]
    assert f'✂️ Tách riêng: <a href="https://sao-mai.example/2.html">{QUAKE}</a>' in html


async def test_a_chat_that_was_told_by_the_other_story_goes_on_with_that(mixed: Flow) -> None:
    flow = await told_as_one(mixed)
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    html = flow.phone.shown[OTHER.chat_id, 2].html
    assert QUAKE in html.splitlines()[1]
    assert "+1 báo: Hải Đăng" in html
    assert "Bến Sông" not in html.splitlines()[-1]
    flow.fetcher.publish("ben-song", "8", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert "+2 báo: Hải Đăng, Bến Sông" in flow.phone.shown[OTHER.chat_id, 2].html
    assert [message.address for message in flow.phone.new] == [READER, OTHER]


async def test_a_later_development_of_the_story_that_was_parted_rings_as_a_reply(mixed: Flow) -> None:
    flow = await told_as_one(mixed, readers="*")
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish(
        "ben-song", "8", "Động đất 6,1 độ ở Indonesia: 27 người bị thương", QUAKE_LEAD + " Đã có 27 người bị thương."
    )
    real = flow.window.decide

    def decide(item, matches=(), *, at):  # type: ignore[no-untyped-def]
        return replace(real(item, matches, at=at), story_id=story_of(flow, QUAKE), role=Role.UPDATE, reason="27 người")

    flow.window.decide = decide  # type: ignore[method-assign]
    await flow.on(timedelta(hours=2))
    rung = [message for message in flow.phone.new if message.address == READER]
    assert len(rung) == 2
    assert "27 người" in rung[1].html
    assert rung[1].reply_to == 1


async def test_a_chat_that_waits_is_told_of_both_stories_that_concern_it(mixed: Flow) -> None:
    flow = mixed
    await flow.subscribe(READER, "*")
    await flow.start()
    async with flow.store.begin() as tx:
        await tx.hold_chat(READER.chat_id, flow.clock() + timedelta(minutes=30))
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    await flow.on(timedelta(minutes=30))
    assert [CALL in message.html for message in flow.phone.new] == [True, False]
    assert QUAKE in flow.phone.new[1].html


async def test_a_split_is_remembered_after_a_restart(mixed: Flow) -> None:
    flow = await told_as_one(mixed)
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    reborn = Flow(flow.store, flow.phone, flow.fetcher, flow.reader, flow.clock)
    await reborn.detect.warm()
    call, quake = story_of(reborn, CALL), story_of(reborn, QUAKE)
    assert call is not None
    assert quake is not None
    assert call != quake
    assert reborn.window._apart == {frozenset((call, quake))}
    view = await view_of(reborn, quake)
    assert [item.outlet for item in view.items] == ["Sao Mai", "Hải Đăng"]
    assert view.roles[view.items[0].id].value == "new"


# ---------------------------------------------------------------- on Telegram


async def test_on_telegram_the_corrections_are_edits(store: Store) -> None:
    async with BotApi() as api:
        api.add_chat(READER.chat_id)
        api.add_chat(OTHER.chat_id)
        async with build_bot(api.token, api.url) as bot:
            clock = FakeClock()
            flow = Flow(store, TelegramSender(bot, clock=clock), clock=clock)
            scripted(flow, merging(CALL, TALK, from_outlet="Hải Đăng"))
            await told_of_both(flow)
            await shown_as_one(flow)
        assert len(api.accepted("sendMessage")) == 3
        first, second = api.shown(READER.chat_id)
        assert f"🔗 Cùng một chuyện với tin lúc 08:10: {CALL}" in second.text
        assert "Sao Mai, Hải Đăng" in first.text
        assert len(second.data()) == 3
        (only,) = api.shown(OTHER.chat_id)
        assert "Bến Sông, Hải Đăng" in only.text


# ---------------------------------------------------------------- what becomes of rows

INTO, GONE = StoryId("1"), StoryId("2")


def row(
    number: int,
    story: StoryId,
    state: AlertState = AlertState.SENT,
    *,
    kind: AlertKind = AlertKind.ALERT,
    item: str = "",
    key: str = "",
    at: datetime = NOW,
    digest: int | None = None,
) -> Alert:
    what = {AlertKind.ALERT: "story", AlertKind.UPDATE: "update", AlertKind.EDIT: "edit"}[kind]
    key = key or f"{what}:{story}" + (f":{item}" if kind is AlertKind.UPDATE else "")
    return Alert(
        number,
        READER,
        kind,
        key,
        state,
        1,
        at,
        at,
        story,
        ItemId(item or str(number)),
        (WatchId(f"w{number}"),),
        message_id=number if state is AlertState.SENT else None,
        digest_id=digest,
    )


def merged(of_into: list[Alert], of_gone: list[Alert]) -> tuple[dict[int, Refiled], list[str]]:
    came = after_merge(
        INTO,
        GONE,
        of_into,
        of_gone,
        muted=(),
        now=NOW,
        edit_delay=timedelta(seconds=15),
        may_update=_may_update,
    )
    return {each.alert_id: each for each in came.refiled}, sorted(edit.dedupe_key for edit in came.edits)


def test_the_earlier_message_goes_on_whichever_story_it_was_about() -> None:
    changes, edits = merged([row(9, INTO), row(10, INTO, kind=AlertKind.EDIT)], [row(4, GONE)])
    assert (changes[4].story_id, changes[4].dedupe_key) == (INTO, "story:1")
    assert (changes[9].story_id, changes[9].dedupe_key) == (GONE, "story:2")
    assert (changes[10].story_id, changes[10].dedupe_key) == (GONE, "edit:2")
    assert changes[4].watch_ids == ("w4", "w9")
    assert edits == ["edit:1", "edit:2"]


@pytest.mark.parametrize(
    ("state", "digest"),
    [(AlertState.PENDING, None), (AlertState.UNCERTAIN, None), (AlertState.SKIPPED, None), (AlertState.SKIPPED, 7)],
)
def test_a_message_that_is_there_goes_on_before_one_that_may_not_be(state: AlertState, digest: int | None) -> None:
    changes, edits = merged([row(1, INTO, state, digest=digest)], [row(4, GONE)])
    assert changes[4].dedupe_key == "story:1"
    assert changes[1].story_id == GONE
    assert edits == ["edit:1"]


def test_what_a_digest_has_told_does_not_ring() -> None:
    changes, edits = merged([row(4, INTO, AlertState.PENDING)], [row(1, GONE, AlertState.SKIPPED, digest=7)])
    assert changes[1].dedupe_key == "story:1"
    assert changes[4].state is AlertState.SKIPPED
    assert edits == []


def test_developments_of_both_stories_count_together() -> None:
    recent = row(5, GONE, kind=AlertKind.UPDATE, item="5")
    changes, _ = merged([row(1, INTO)], [row(2, GONE), recent])
    assert (changes[5].story_id, changes[5].dedupe_key) == (INTO, "update:1:5")
    assert not _may_update(READER, [row(1, INTO), recent], NOW + timedelta(minutes=5))


@pytest.mark.parametrize("apart", [timedelta(minutes=5), UPDATE_SPACING])
def test_a_development_that_waits_falls_away_when_its_like_has_just_rung(apart: timedelta) -> None:
    there = row(3, INTO, kind=AlertKind.UPDATE, item="3")
    waiting = row(5, GONE, AlertState.PENDING, kind=AlertKind.UPDATE, item="5", at=NOW + apart)
    changes, edits = merged([row(1, INTO), there], [row(2, GONE), waiting])
    assert (changes[5].state is AlertState.SKIPPED) == (apart < UPDATE_SPACING)
    assert "edit:1" in edits


def test_the_edit_that_corrects_a_development_goes_with_it() -> None:
    fix = row(6, GONE, kind=AlertKind.EDIT, item="5", key="fix:2:5")
    changes, _ = merged([row(1, INTO)], [row(2, GONE), row(5, GONE, kind=AlertKind.UPDATE, item="5"), fix])
    assert (changes[6].story_id, changes[6].dedupe_key) == (INTO, "fix:1:5")


def test_a_split_leaves_developments_with_the_article_that_told_them() -> None:
    came = after_split(
        INTO,
        GONE,
        {ItemId("5")},
        [row(1, INTO), row(5, INTO, kind=AlertKind.UPDATE, item="5"), row(6, INTO, kind=AlertKind.UPDATE, item="6")],
        muted=(),
        now=NOW,
        edit_delay=timedelta(0),
    )
    assert [(each.alert_id, each.dedupe_key) for each in came.refiled] == [(5, "update:2:5")]
    assert [(draft.dedupe_key, state) for draft, state in came.told] == [("story:2", AlertState.SENT)]
    assert [edit.dedupe_key for edit in came.edits] == ["edit:1"]


def test_who_was_refused_one_story_is_not_told_the_part_of_it_either() -> None:
    came = after_split(
        INTO, GONE, {ItemId("5")}, [row(1, INTO, AlertState.REFUSED)], muted=(), now=NOW, edit_delay=timedelta(0)
    )
    assert [state for _, state in came.told] == [AlertState.SKIPPED]
    assert came.edits == ()
