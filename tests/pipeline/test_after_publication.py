"""Articles that change or vanish after they were told, through the real pipeline: edits, and nothing rings twice."""

from datetime import timedelta

import pytest

from monitor.notify.why import why_text
from monitor.store.transaction import Store
from monitor.stories.changes.differences import since
from monitor.types import Address, Entry, Failed, FailureKind, Feed, FeedId, Message, StoryView, WatchId
from tests.flow import READER, ZONE, Flow

URL = "https://ben-song.example/1.html"
DAM = "Động đất ở vùng núi phía bắc, 12 người chết"
DAM_LEAD = "Trận động đất xảy ra rạng sáng nay khiến 12 người chết, theo chính quyền địa phương."
MORE = "Động đất ở vùng núi phía bắc, 21 người chết"
MORE_LEAD = "Trận động đất xảy ra rạng sáng nay khiến 21 người chết, theo chính quyền địa phương."
GONE = Failed(FailureKind.NOT_FOUND, "HTTP 404")
AWAY = Failed(FailureKind.GONE, "the address leads to the front page")
TROUBLE = Failed(FailureKind.HTTP, "HTTP 503")
HALF_HOUR, NEXT_LOOK = timedelta(minutes=31), timedelta(minutes=10)


@pytest.fixture
async def flow(store: Store) -> Flow:
    """A reader who was told of an earthquake with twelve dead."""
    flow = Flow(store)
    await flow.subscribe(READER, "dong-dat")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", DAM, DAM_LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1
    return flow


def shown(flow: Flow, message_id: int = 1) -> str:
    return flow.phone.shown[READER.chat_id, message_id].html


def edits(flow: Flow) -> list[Message]:
    return [message for message in flow.phone.accepted if message.edits is not None]


async def view_of(flow: Flow) -> StoryView:
    """The story that the first message told."""
    with flow.store.reading() as tx:
        told = tx.alert_by_message(READER, 1)
        assert told is not None
        assert told.story_id is not None
        view = tx.story(told.story_id)
    assert view is not None
    return view


# ---------------------------------------------------------------- reworded


async def test_a_corrected_number_is_one_edit_that_says_so_and_rings_nobody(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", MORE, MORE_LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 2
    assert len(flow.phone.new) == 1
    html = shown(flow)
    assert MORE in html
    assert "12 người chết" not in html
    assert "✏️ Đã sửa 08:2" in html
    assert "“12 người” → “21 người”" in html
    await flow.on()
    await flow.on(timedelta(hours=1))
    assert len(flow.phone.accepted) == 2, "it was said once"


async def test_a_negation_that_came_in_is_shown(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", "Động đất ở vùng núi phía bắc, không có 12 người chết")
    await flow.on()
    assert "thêm “không có 12 người”" in shown(flow)


async def test_a_livelier_headline_waits_for_the_next_edit(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", "Rung chuyển vùng núi phía bắc: động đất khiến 12 người chết")
    await flow.on()
    assert edits(flow) == []
    flow.fetcher.publish("sao-mai", "7", DAM, DAM_LEAD)
    await flow.on()
    assert "Rung chuyển vùng núi phía bắc" in shown(flow)
    assert "Đã sửa" not in shown(flow)


async def test_a_feed_that_flaps_between_two_wordings_makes_one_edit(flow: Flow) -> None:
    for title, lead in [(MORE, MORE_LEAD), (DAM, DAM_LEAD)] * 4:
        flow.fetcher.reword("ben-song", "1", title, lead)
        await flow.on()
    assert len(edits(flow)) == 1
    assert MORE in shown(flow)


async def test_a_section_that_shortens_the_title_changes_nothing(flow: Flow) -> None:
    section = Feed(FeedId("ben-song-nong"), "Bến Sông", "https://ben-song.example/nong")
    flow.feeds = {**flow.feeds, section.id: section}
    await flow.poll.register(list(flow.feeds.values()))
    short = Entry("ben-song:1", URL, URL, "Động đất ở vùng núi, 13 người chết", "Tin ngắn.")
    flow.fetcher.shelves[section.id] = [short]
    await flow.on()
    await flow.on()
    assert edits(flow) == []
    assert (await view_of(flow)).items[0].title == DAM


@pytest.mark.parametrize(
    "lead", ["", "Trận động đất xảy ra rạng sáng nay khiến…", f"(Bensong.vn) - {DAM_LEAD}", DAM_LEAD.replace(" ", "  ")]
)
async def test_what_only_a_feed_does_to_a_lead_is_no_change(flow: Flow, lead: str) -> None:
    flow.fetcher.reword("ben-song", "1", DAM, lead)
    await flow.on()
    view = await view_of(flow)
    assert view.items[0].lead == DAM_LEAD
    assert view.versions == {}


async def test_a_name_that_came_in_rings_whoever_follows_it_and_nobody_else(flow: Flow) -> None:
    await flow.subscribe(Address(2002), "putin")
    flow.fetcher.reword("ben-song", "1", f"{DAM}, ông Putin gửi điện chia buồn")
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.new] == [READER.chat_id, 2002]
    assert "Đã sửa" not in flow.phone.new[1].html, "this reader never saw another wording"


async def test_who_came_later_is_not_rung_for_an_old_mention(flow: Flow) -> None:
    await flow.subscribe(Address(2002), "dong-dat")
    flow.fetcher.reword("ben-song", "1", MORE, MORE_LEAD)
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.new] == [READER.chat_id]


async def test_a_name_that_went_out_is_not_found_there_any_more(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", "Núi lửa phun ở vùng núi phía bắc", "Núi lửa phun rạng sáng nay.")
    await flow.on()
    view = await view_of(flow)
    assert view.matches[view.items[0].id] == ()


async def test_evidence_counts_in_the_wording_that_stands(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", f"Mới nhất về {MORE}", MORE_LEAD)
    await flow.on()
    view = await view_of(flow)
    (item,) = view.items
    found = [evidence for match in view.matches[item.id] for evidence in match.evidence]
    assert found
    for each in found:
        field = {"title": item.title, "summary": item.lead, "body": item.body}[each.field]
        assert field[each.start : each.end] == each.text


async def test_a_change_before_anybody_was_told_is_simply_the_news(store: Store) -> None:
    flow = Flow(store)
    await flow.subscribe(READER, "dong-dat")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", DAM, DAM_LEAD)
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
    flow.fetcher.reword("ben-song", "1", MORE, MORE_LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1
    assert MORE in shown(flow)
    assert "Đã sửa" not in shown(flow)


async def test_the_article_behind_is_read_again_when_it_was_corrected(flow: Flow) -> None:
    title = "Động đất 6 độ ở vùng biển phía nam"
    entry = flow.fetcher.publish("hai-dang", "8", title, "Trận động đất nhẹ.")
    text = "Trận động đất nhẹ ở phía nam khiến {} người bị thương, theo cơ quan khí tượng ở đó."
    flow.reader.pages[entry.url] = text.format(12)
    await flow.on()
    flow.reader.pages[entry.url] = text.format(15)
    flow.fetcher.reword("hai-dang", "8", title.replace("6", "7"))
    await flow.on()
    html = shown(flow, 2)
    assert "15 người bị thương" in html
    assert "12 người bị thương" not in html


async def test_a_story_that_is_muted_is_left_alone(flow: Flow) -> None:
    view = await view_of(flow)
    with flow.store.writing() as tx:
        tx.mute(READER, view.story.id, now=flow.clock())
    flow.fetcher.reword("ben-song", "1", MORE, MORE_LEAD)
    await flow.on()
    assert edits(flow) == []


async def test_another_outlet_of_the_story_that_corrects_itself_is_named(flow: Flow) -> None:
    flow.fetcher.publish("sao-mai", "7", DAM, DAM_LEAD)
    await flow.on()
    flow.fetcher.reword("sao-mai", "7", MORE, MORE_LEAD)
    await flow.on()
    assert "✏️ Sao Mai đã sửa" in shown(flow)
    assert "“12 người” → “21 người”" in shown(flow)
    assert DAM in shown(flow), "the article that was told stands as it was"


async def test_a_reply_with_a_development_is_corrected_itself(flow: Flow) -> None:
    flow.fetcher.publish("sao-mai", "7", MORE, MORE_LEAD)
    await flow.on(timedelta(hours=1))
    assert [message.reply_to for message in flow.phone.new] == [None, 1]
    flow.fetcher.reword("sao-mai", "7", MORE.replace("21", "19"), MORE_LEAD.replace("21", "19"))
    await flow.on()
    reply = shown(flow, 2)
    assert "“21 người” → “19 người”" in reply
    assert reply.startswith("↪️"), "it is laid out as the reply that it was"
    assert len(flow.phone.new) == 2


# ---------------------------------------------------------------- gone


async def test_an_article_that_is_missed_twice_is_gone_and_the_message_says_so(flow: Flow) -> None:
    flow.reader.looks[URL] = GONE
    await flow.on(HALF_HOUR)
    assert edits(flow) == [], "once is a server's bad minute"
    await flow.on(NEXT_LOOK)
    assert "🗑 Đã gỡ 08:4" in shown(flow)
    assert "(Bến Sông)" in shown(flow)
    assert len(flow.phone.new) == 1
    await flow.on(timedelta(hours=2))
    assert len(edits(flow)) == 1


async def test_a_redirect_to_the_front_page_counts_as_gone(flow: Flow) -> None:
    flow.reader.looks[URL] = AWAY
    await flow.on(HALF_HOUR)
    await flow.on(NEXT_LOOK)
    assert "🗑 Đã gỡ" in shown(flow)


async def test_a_page_that_comes_back_takes_the_word_back(flow: Flow) -> None:
    flow.reader.looks[URL] = GONE
    await flow.on(HALF_HOUR)
    await flow.on(NEXT_LOOK)
    flow.reader.looks[URL] = DAM
    await flow.on(timedelta(hours=2))
    assert "Đã gỡ" not in shown(flow)
    assert len(edits(flow)) == 2
    assert len(flow.phone.new) == 1


async def test_a_server_in_trouble_says_nothing_of_its_articles(flow: Flow) -> None:
    flow.reader.looks[URL] = TROUBLE
    for hours in (1, 2, 8, 24, 24):
        await flow.on(timedelta(hours=hours))
    assert edits(flow) == []


async def test_a_page_is_asked_for_four_times_and_then_left_alone(flow: Flow) -> None:
    for _ in range(15):
        await flow.on(timedelta(hours=3))
    assert flow.reader.asked == [URL] * 4


async def test_pages_that_nobody_was_told_of_are_not_asked_for(store: Store) -> None:
    flow = Flow(store)
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", DAM, DAM_LEAD)
    for _ in range(4):
        await flow.on(timedelta(hours=1))
    assert flow.reader.asked == []


async def test_a_headline_that_changed_on_the_page_alone_is_noticed(flow: Flow) -> None:
    flow.reader.looks[URL] = f"{DAM} | Bến Sông"
    await flow.on(HALF_HOUR)
    flow.reader.looks[URL] = f"{MORE} | Bến Sông"
    await flow.on(timedelta(hours=2))
    assert "“12 người” → “21 người”" in shown(flow)
    assert f">{MORE}</a>" in shown(flow)
    assert len(flow.phone.new) == 1


async def test_a_page_with_another_headline_than_its_feed_is_not_compared(flow: Flow) -> None:
    flow.reader.looks[URL] = "Tin động đất: 12 người chết"
    await flow.on(HALF_HOUR)
    flow.reader.looks[URL] = "Tin động đất: 21 người chết"
    await flow.on(timedelta(hours=2))
    assert edits(flow) == []


async def test_why_tells_what_became_of_each_article(flow: Flow) -> None:
    flow.fetcher.reword("ben-song", "1", MORE, MORE_LEAD)
    await flow.on()
    flow.reader.looks[URL] = GONE
    await flow.on(HALF_HOUR)
    await flow.on(NEXT_LOOK)
    view = await view_of(flow)
    changes = {item.id: since(item, view.versions[item.id]) for item in view.items}
    text = why_text(view, [WatchId("dong-dat")], "vi", zone=ZONE, now=flow.clock(), changes=changes)
    assert "Bến Sông – sửa 1 lần: “12 người” → “21 người”, đã gỡ" in text
