"""A fault of our own at one feed, one article or one alert: it is set aside in words, and everything else goes on."""

from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.pipeline.compose import Composed, Composer
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    Article,
    Bookmark,
    Entry,
    Failed,
    FailureKind,
    Feed,
    Fetched,
    FetchResult,
    Message,
    Outcome,
)
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started

ADMIN = 9
OTHER = Address(2002)


@pytest.fixture
async def flow(store: Store) -> Flow:
    return await started(Flow(store, admins=frozenset({ADMIN})), "*")


def notices(flow: Flow) -> list[str]:
    return [message.html for message in flow.phone.new if message.address.chat_id == ADMIN]


# ---------------------------------------------------------------- alerts


def cannot_compose(monkeypatch: pytest.MonkeyPatch, chat: Address) -> None:
    real = Composer.compose

    async def compose(composer: Composer, alert: Alert, **named: object) -> Composed | None:
        if alert.address == chat and alert.kind is AlertKind.ALERT:
            raise KeyError("no such card")
        return await real(composer, alert, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Composer, "compose", compose)


async def test_an_alert_that_cannot_be_written_is_parked_and_admins_hear_of_it_once(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await flow.subscribe(OTHER, "*")
    with monkeypatch.context() as patch:
        cannot_compose(patch, OTHER)
        flow.fetcher.publish("ben-song", "1", CALL, LEAD)
        await flow.on()
        await flow.on()
    (notice,) = notices(flow)
    assert "KeyError" in notice
    assert "/macket" in notice
    with flow.store.reading() as tx:
        (stuck,) = tx.stuck_alerts()
    assert (stuck.state, stuck.chat_id) == (AlertState.PARKED, OTHER.chat_id)
    assert [message.address for message in flow.phone.new if message.address != Address(ADMIN)] == [READER]
    with flow.store.writing() as tx:  # mended, and a person says again
        assert tx.end_stuck(f"alert:{stuck.alert_id}", again=True, now=flow.clock()) == 1
    await flow.send()
    assert OTHER in {message.address for message in flow.phone.new}


async def test_what_comes_behind_a_parked_alert_is_told(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        cannot_compose(patch, READER)
        flow.fetcher.publish("ben-song", "1", CALL, LEAD)
        await flow.on()
    flow.fetcher.publish("ben-song", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert any(QUAKE in message.html for message in flow.phone.new if message.address == READER)


async def test_a_fault_on_the_way_to_the_wire_counts_as_an_unknown_end(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends = []

    async def send(message: Message) -> Outcome:
        sends.append(message)
        raise ValueError("an answer nobody expected")

    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    with monkeypatch.context() as patch:
        patch.setattr(flow.phone, "send", send)
        await flow.on()
    assert len(sends) == 2
    with flow.store.reading() as tx:
        (stuck,) = tx.stuck_alerts()
    assert stuck.state is AlertState.UNCERTAIN
    assert stuck.why.startswith("ValueError")


async def test_trouble_of_the_database_before_the_wire_is_no_try(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    real = flow.store.read

    async def away(*_: object, **__: object) -> object:
        raise StoreError("the server is starting")

    for _ in range(3):
        (alert,) = await flow.deliver.claim(limit=1)
        assert alert.attempts == 1
        monkeypatch.setattr(flow.store, "read", away)
        with pytest.raises(StoreError):
            await flow.deliver.deliver(alert)
        monkeypatch.setattr(flow.store, "read", real)
        flow.clock.turn(timedelta(seconds=1))
    await flow.send()
    assert [message.address for message in flow.phone.new] == [READER]


# ---------------------------------------------------------------- feeds and articles


async def test_a_feed_that_breaks_our_reader_fails_like_any_other_and_admins_hear_of_it(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = flow.fetcher.fetch

    async def fetch(feed: Feed, bookmark: Bookmark) -> FetchResult:
        if feed.id == "ben-song":
            raise RecursionError("too deep")
        return await real(feed, bookmark)

    monkeypatch.setattr(flow.fetcher, "fetch", fetch)
    for number in range(12):
        flow.fetcher.publish("sao-mai", f"{number}", f"{QUAKE}: tin số {number}", QUAKE_LEAD)
        await flow.on(timedelta(hours=2))
    with flow.store.reading() as tx:
        states = {state.feed_id: state for state in tx.feed_states()}
    broken = states[flow.feeds[next(iter(flow.feeds))].id]
    assert (broken.failure_kind, broken.last_error) == (FailureKind.INTERNAL, "RecursionError: too deep")
    assert any("RecursionError" in notice for notice in notices(flow))
    assert any(message.address == READER for message in flow.phone.new)


async def test_items_that_cannot_be_kept_fail_their_feed_and_leave_its_bookmark(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(feed: Feed, bookmark: Bookmark) -> FetchResult:
        entry = Entry("k", "g", "https://ben-song.example/1", CALL, LEAD, flow.clock().replace(tzinfo=None))
        return Fetched((entry,), Bookmark(etag="new"))

    with flow.store.reading() as tx:
        before = {state.feed_id: state.bookmark for state in tx.feed_states()}
    with monkeypatch.context() as patch:
        patch.setattr(flow.fetcher, "fetch", fetch)
        flow.clock.turn(timedelta(minutes=10))
        polled = await flow.poll_due()
    assert {each.result.kind for each in polled if isinstance(each.result, Failed)} == {FailureKind.INTERNAL}
    with flow.store.reading() as tx:
        assert {state.feed_id: state.bookmark for state in tx.feed_states()} == before


async def test_an_article_that_breaks_our_reader_is_not_asked_for_again(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def read(url: str) -> Article | Failed:
        asked.append(url)
        raise AssertionError("an article nobody expected")

    monkeypatch.setattr(flow.reader, "read", read)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    await flow.on(timedelta(hours=1))
    assert len(asked) == 1
    assert any(CALL in message.html for message in flow.phone.new)
