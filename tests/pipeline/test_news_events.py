"""What open pages are told: every story that comes or changes, and every alert that was sent, by the rows alone."""

from datetime import timedelta

from monitor.store.event_rows import NO_EVENT, EventKind, NewsEvent
from monitor.store.transaction import Store
from monitor.types import Failed, FailureKind, StoryId
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started
from tests.revising import TALK, TALK_LEAD, merging, mistaking, scripted, splitting, story_of

FERRY = "Bến cảng phía nam mở thêm một tuyến phà đêm từ tháng sau"


def events(store: Store) -> list[NewsEvent]:
    with store.reading() as tx:
        return tx.events_after(NO_EVENT, limit=1_000)


class Told:
    """What of the log is new since this was last asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen = NO_EVENT

    def stories(self) -> list[StoryId | None]:
        return [each.story_id for each in self.new() if each.kind is EventKind.STORY]

    def new(self) -> list[NewsEvent]:
        with self.store.reading() as tx:
            found = tx.events_after(self.seen, limit=1_000)
        self.seen = found[-1].number if found else self.seen
        return found


async def test_a_story_that_comes_and_each_article_that_joins_it_are_told(flow: Flow) -> None:
    told = Told(flow.store)
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    story = story_of(flow, CALL)
    assert told.stories() == [story]
    flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await flow.poll_later()
    assert told.stories() == [story]


async def test_a_story_that_names_nobody_is_not_told(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", FERRY, "Tuyến phà chạy từ tháng sau.")
    await flow.poll_later()
    flow.fetcher.publish("sao-mai", "2", FERRY, "Tuyến phà chạy từ tháng sau.")
    await flow.poll_later()
    assert events(flow.store) == []


async def test_stories_of_one_batch_are_told_once_each(flow: Flow) -> None:
    await started(flow)
    for outlet in ("ben-song", "sao-mai", "hai-dang"):
        flow.fetcher.publish(outlet, "1", CALL, LEAD)
        flow.fetcher.publish(outlet, "2", QUAKE, QUAKE_LEAD)
    await flow.poll_later()
    assert sorted(each.story_id or "" for each in events(flow.store)) == ["1", "2"]


async def test_an_alert_is_told_when_telegram_took_it(flow: Flow) -> None:
    told = Told(flow.store)
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    assert told.stories() == ["1"]
    await flow.send()
    (event,) = told.new()
    assert (event.kind, event.story_id) == (EventKind.ALERT, "1")
    with flow.store.reading() as tx:
        alert = tx.alert(event.alert_id or 0)
    assert alert is not None
    assert alert.address == READER


async def test_an_edit_for_a_later_outlet_tells_of_the_story_and_of_no_alert(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    told = Told(flow.store)
    assert {each.kind for each in told.new()} == {EventKind.STORY, EventKind.ALERT}
    flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted[-1].edits is not None
    assert {each.kind for each in told.new()} == {EventKind.STORY}


async def test_a_full_text_tells_of_its_story(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    told = Told(flow.store)
    assert told.stories() == ["1"]
    flow.reader.pages["https://ben-song.example/1.html"] = f"{LEAD} Hai bên hẹn gặp lại."
    await flow.read()
    assert told.stories() == ["1"]


async def test_a_reworded_article_tells_of_its_story(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    told = Told(flow.store)
    assert told.stories() == ["1"]
    flow.fetcher.reword("ben-song", "1", f"{CALL} lần hai")
    await flow.poll_later()
    assert told.stories() == ["1"]


async def test_of_two_stories_that_merge_both_numbers_are_told(store: Store) -> None:
    flow = scripted(Flow(store), merging(CALL, TALK, from_outlet="Hải Đăng"))
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()
    into, gone = story_of(flow, CALL), story_of(flow, TALK)
    told = Told(store)
    told.new()
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.poll_later()
    assert set(told.stories()) == {into, gone}


async def test_of_a_story_that_splits_both_parts_are_told(store: Store) -> None:
    flow = scripted(mistaking(Flow(store), QUAKE, taken_for=CALL), splitting(QUAKE, from_outlet="Hải Đăng"))
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.poll_later()
    told = Told(store)
    assert set(told.stories()) == {"1"}
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.poll_later()
    assert set(told.stories()) == {story_of(flow, CALL), story_of(flow, QUAKE)}
    assert story_of(flow, CALL) != story_of(flow, QUAKE)


async def test_an_article_that_was_taken_down_tells_of_its_story(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    told = Told(flow.store)
    told.new()
    flow.reader.looks["https://ben-song.example/1.html"] = Failed(FailureKind.NOT_FOUND, "404")
    for _ in range(2):
        await flow.on(timedelta(minutes=40))
    assert told.stories() == ["1"]
