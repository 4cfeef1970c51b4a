"""Live events: who may is told once of everything, across restarts, cuts and processes. Real rows, real sockets."""

import asyncio
import random
import socket
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from monitor.errors import StoreError
from monitor.store.transaction import Store, open_store
from monitor.types import (
    Address,
    Chat,
    ChatKind,
    ChatState,
    Leader,
    Placement,
    Reason,
    ReasonCode,
    Role,
    StoryId,
    Watch,
    WatchId,
    Watchlist,
    own_id,
)
from monitor.web import Metrics, Site, live, serve
from monitor.web.story_card import story_card
from monitor.web.viewer import COOKIE
from tests.flow import FEEDS
from tests.store_samples import AN, BINH, NOW, alert, claim, draft, enqueue, match, save_story
from tests.web.listening import WITHIN, Listener, listening, refused
from tests.web.test_gate import ADMIN, Browser, log_in, served, site_of, well

PUTIN = Leader(WatchId("putin"), "Vladimir Putin", tags=("nga",))
NETANYAHU = Leader(WatchId("netanyahu"), "Benjamin Netanyahu", tags=("trung-dong",))
MINE = Leader(own_id(1), "Người của An")
WATCHES: dict[WatchId, Watch] = {each.id: each for each in (PUTIN, NETANYAHU, MINE)}


def house(store: Store, **more: Any) -> Site:
    """A page where AN has a watch of their own beside those of the files."""
    return site_of(
        store,
        **{
            "watchlist": lambda: Watchlist("v1", (PUTIN, NETANYAHU)),
            "watches": lambda: WATCHES,
            "owners": lambda: {MINE.id: AN},
            "feeds": lambda: FEEDS,
            **more,
        },
    )


def note(store: Store, *stories: StoryId) -> None:
    with store.writing() as tx:
        for story in stories:
            tx.note_stories([story], now=NOW)


async def told(store: Store, key: str, *watches: str) -> StoryId:
    """A story that comes in, and the event of it."""
    story = await save_story(store, key, *watches)
    note(store, story)
    return story


async def sent(store: Store, story: StoryId, to: Address) -> None:
    """An alert of a story that a chat got."""
    await enqueue(store, alert(f"story:{story}", to, story=story))
    (claimed,) = await claim(store)
    with store.writing() as tx:
        tx.note_sent(claimed, now=NOW)


# ---------------------------------------------------------------- what is told


async def test_a_story_that_comes_is_told_with_its_card_as_data_and_as_html(store: Store) -> None:
    async with served(house(store, access="open")) as browser, listening(browser) as stream:
        story = await told(store, "1")
        event = await stream.next()
    card = event.data["story"]
    assert (event.kind, card["id"], card["path"]) == ("story", story, f"/stories/{story}")
    assert [each["id"] for each in card["watches"]] == ["putin"]
    assert card["at"].startswith("2026-08-23T12:20")  # in the installation's zone
    assert f'id="story-{story}"' in event.data["html"]
    assert "was" not in event.data


async def test_the_card_is_in_the_readers_language_and_rendered_once_for_each(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = story_card

    def counted(*given: Any) -> Any:
        made.append(given[2].lang)
        return real(*given)

    monkeypatch.setattr("monitor.web.live.story_card", counted)
    async with served(house(store, access="open")) as browser, AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(listening(browser, lang=lang)) for lang in ("en", "vi", "en", "vi", "en")
        ]
        story = await told(store, "1")
        assert await asyncio.gather(*(each.stories(1) for each in streams)) == [[story]] * 5
    assert sorted(made) == ["en", "vi"]


async def test_a_story_that_is_a_part_of_another_one_says_under_which_number_it_was_known(store: Store) -> None:
    gone, into = await save_story(store, "1"), await save_story(store, "2")
    async with served(house(store, access="open")) as browser, listening(browser) as stream:
        with store.writing() as tx:
            tx.merge_stories(gone, into, reason=Reason(ReasonCode.SAME_CONTENT))
            tx.note_merged(gone, now=NOW)
        event = await stream.next()
    assert (event.story, event.data["was"]) == (into, gone)


async def test_of_a_story_that_changes_several_times_at_once_the_last_is_told(store: Store) -> None:
    first, second = await save_story(store, "1"), await save_story(store, "2")
    note(store, first)
    with store.reading() as tx:
        start = tx.last_event()
    note(store, first, second, first)
    async with served(house(store, access="open")) as browser, listening(browser, after=str(start)) as stream:
        assert await stream.stories(2) == [second, first]


async def test_what_is_not_stored_any_more_is_passed_over(store: Store) -> None:
    with store.writing() as tx:
        tx.note_merged(StoryId("99"), now=NOW)
    async with served(house(store, access="open")) as browser, listening(browser, after="0-0") as stream:
        story = await told(store, "1")
        assert await stream.stories(1) == [story]


async def test_a_story_that_cannot_be_shown_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real, odd = story_card, await save_story(store, "1")

    def failing(view: Any, *given: Any) -> Any:
        if view.story.id == odd:
            raise ZeroDivisionError
        return real(view, *given)

    monkeypatch.setattr("monitor.web.live.story_card", failing)
    async with served(house(store, access="open")) as browser, listening(browser) as stream:
        note(store, odd)
        story = await told(store, "2")
        assert await stream.stories(1) == [story]


# ---------------------------------------------------------------- going on


async def test_a_stream_goes_on_strictly_behind_the_last_event(store: Store) -> None:
    stories = [await told(store, f"{n}") for n in range(4)]
    async with served(house(store, access="open")) as browser:
        async with listening(browser, after="0-0") as stream:
            events = [await stream.next() for _ in range(2)]
        assert [each.story for each in events] == stories[:2]
        async with listening(browser, after=events[0].id) as stream:
            assert await stream.stories(3) == stories[1:]
        async with listening(browser, f"?after={events[1].id}") as stream:
            assert await stream.stories(2) == stories[2:]
        async with listening(browser, f"?after={events[0].id}", after=events[1].id) as stream:
            assert await stream.stories(2) == stories[2:], (
                "what the browser saw last counts, not what its page began with"
            )


async def test_without_a_place_a_stream_begins_now_and_says_where_that_is(store: Store) -> None:
    await told(store, "1")
    async with served(house(store, access="open")) as browser:
        async with listening(browser) as stream:
            assert stream.said == ["retry: 2000", f"id: {stream.last_id}"]
        story = await told(store, "2")
        async with listening(browser, after=stream.last_id) as stream:
            assert await stream.stories(1) == [story]


async def test_nothing_is_lost_over_a_restart_of_the_server(store: Store) -> None:
    async with served(house(store, access="open")) as browser, listening(browser) as stream:
        before = await told(store, "1")
        assert await stream.stories(1) == [before]
    meanwhile = [await told(store, f"m{n}") for n in range(3)]
    async with served(house(store, access="open")) as browser, listening(browser, after=stream.last_id) as stream:
        after = await told(store, "2")
        assert await stream.stories(4) == [*meanwhile, after]


@pytest.mark.parametrize("place", ["7-7", "0-99", "yesterday", "1" * 40])
async def test_a_page_that_was_nowhere_we_know_is_told_to_load_anew_and_goes_on(store: Store, place: str) -> None:
    await told(store, "1")
    async with served(house(store, access="open")) as browser, listening(browser, after=place) as stream:
        event = await stream.next()
        assert (event.kind, event.data) == ("reload", {})
        story = await told(store, "2")
        assert await stream.stories(1) == [story]


async def test_more_than_is_read_at_once_is_caught_up_with(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.live.AT_ONCE", 3)
    monkeypatch.setattr("monitor.web.live.KEPT", 2)
    stories = [await told(store, f"{n}") for n in range(20)]
    async with served(house(store, access="open")) as browser, listening(browser, after="0-0") as stream:
        assert await stream.stories(20) == stories


@pytest.mark.slow
async def test_however_often_a_stream_is_cut_nothing_is_lost_or_told_twice(database_url: str) -> None:
    count, lottery = 60, random.Random(712)
    async with await open_store(database_url) as store, await open_store(database_url) as other:
        stories = [await save_story(store, f"{n}") for n in range(count)]

        async def write() -> None:
            """As another process does."""
            for story in stories:
                await asyncio.to_thread(note, other, story)

        async with served(house(store, access="open")) as browser, asyncio.TaskGroup() as group:
            group.create_task(write())
            heard: list[str] = []
            last = "0-0"
            while len(heard) < count:
                async with listening(browser, after=last) as stream:
                    heard += await stream.stories(min(lottery.randint(1, 9), count - len(heard)))
                    last = stream.last_id
        assert heard == stories


# ---------------------------------------------------------------- who is told what


async def test_an_own_watch_is_nobody_elses_neither_as_a_story_nor_inside_a_card(store: Store) -> None:
    tokens = {each: log_in(store, each, f"secret of {each}") for each in (AN, BINH, ADMIN)}
    site = house(store)
    async with AsyncExitStack() as stack:
        streams: dict[Address, Listener] = {}
        for address, token in tokens.items():
            browser = await stack.enter_async_context(served(site, token))
            streams[address] = await stack.enter_async_context(listening(browser))
        secret = await told(store, "1", MINE.id)
        shared = await told(store, "2", MINE.id, "putin")
        assert [await streams[AN].next() for _ in range(2)] != []
        for each in (BINH, ADMIN):
            event = await streams[each].next()
            assert event.story == shared != secret
            assert [watch["id"] for watch in event.data["story"]["watches"]] == ["putin"]
            assert MINE.name not in str(event.data)
            assert MINE.id not in str(event.data)


async def test_a_card_that_is_rendered_for_an_owner_is_not_passed_on_to_others_of_the_same_page(store: Store) -> None:
    tokens = {each: log_in(store, each, f"secret of {each}") for each in (AN, BINH)}
    async with served(house(store)) as page, AsyncExitStack() as stack:
        streams: dict[Address, Listener] = {}
        for address, token in tokens.items():
            http = await stack.enter_async_context(aiohttp.ClientSession(cookies={COOKIE: token}))
            streams[address] = await stack.enter_async_context(listening(Browser(http, page.base)))
        await told(store, "1", MINE.id, "putin")
        seen = {
            each: {watch["id"] for watch in (await stream.next()).data["story"]["watches"]}
            for each, stream in streams.items()
        }
    assert seen == {AN: {MINE.id, "putin"}, BINH: {"putin"}}


async def test_the_owner_is_told_of_an_own_watch(store: Store) -> None:
    async with served(house(store), log_in(store, AN)) as browser, listening(browser) as stream:
        await told(store, "1", MINE.id)
        event = await stream.next()
    assert [watch["id"] for watch in event.data["story"]["watches"]] == [MINE.id]


async def test_who_was_told_is_for_administrators_and_for_the_chat_itself(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(Chat(BINH, ChatKind.PRIVATE, title="Bình", joined_at=NOW))
    story = await save_story(store, "1")
    tokens = {each: log_in(store, each, f"secret of {each}") for each in (AN, BINH, ADMIN)}
    async with AsyncExitStack() as stack:
        streams: dict[Address | None, Listener] = {}
        for name, token in [*tokens.items(), (None, "")]:
            browser = await stack.enter_async_context(served(house(store, access="open"), token))
            streams[name] = await stack.enter_async_context(listening(browser))
        await sent(store, story, BINH)
        last = await told(store, "2")
        for each in (BINH, ADMIN):
            event = await streams[each].next()
            assert (event.kind, event.data) == (
                "alert",
                {"story": story, "chat": "Bình", "at": "2026-08-23T12:20:00+07:00", "kind": "alert"},
            )
        for other in (AN, None):
            event = await streams[other].next()
            assert (event.kind, event.story) == ("story", last)


async def test_an_alert_of_an_own_watch_is_not_told_to_administrators(store: Store) -> None:
    story = await save_story(store, "1", MINE.id)
    async with served(house(store), log_in(store, ADMIN)) as browser, listening(browser) as stream:
        await sent(store, story, AN)
        last = await told(store, "2")
        event = await stream.next()
    assert (event.kind, event.story) == ("story", last)


@pytest.mark.parametrize(
    ("query", "is_first"),
    [
        ("?watch=putin", True),
        ("?watch=netanyahu", False),
        ("?tag=nga", True),
        ("?tag=trung-dong", False),
        ("?outlet=B%E1%BA%BFn+S%C3%B4ng", True),
        ("?outlet=Sao+Mai", False),
        ("?watch=putin&tag=nga&outlet=B%E1%BA%BFn+S%C3%B4ng", True),
        ("?q=tuyen+pha", True),
        ("?q=%22m%E1%BB%9F+th%C3%AAm+m%E1%BB%99t%22", True),
        ("?q=thuy+dien", False),
        ("?q=outlet:%22Sao+Mai%22+@netanyahu", False),
    ],
)
async def test_a_stream_tells_what_its_page_would_list(store: Store, query: str, is_first: bool) -> None:
    first, second = await save_story(store, "1", "putin"), await save_elsewhere(store, "2", "netanyahu")
    async with served(house(store, access="open")) as browser, listening(browser, query) as stream:
        note(store, first)
        note(store, second)
        assert await stream.stories(1) == [first if is_first else second]


async def save_elsewhere(store: Store, key: str, watch: str) -> StoryId:
    """A story of another outlet."""
    with store.writing() as tx:
        other = draft(key, title="Nhà máy thủy điện", lead="Đập cao 90 mét.")
        (item,) = tx.add_items([replace(other, outlet="Sao Mai")])
        return tx.save_detection(item, [match(watch)], Placement(None, Role.NEW), version="v1", now=NOW)


async def test_wishes_that_no_article_can_answer_are_told_of_nothing_and_wrong_ones_are_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.event_stream.BEAT", 0.05)
    async with served(house(store, access="open")) as browser:
        async with listening(browser, "?watch=putin&tag=trung-dong") as stream:
            await told(store, "1", "putin", "netanyahu")
            await stream.passed_over()
        status, why = await refused(browser, "?watch=nobody", **{"Accept-Language": "en"})
        assert (status, why) == (400, "Nobody and nothing on the watchlist is called nobody.")
        assert (await refused(browser, "?q=%22open"))[0] == 400


async def test_a_stream_follows_the_watchlist_as_it_changes(store: Store) -> None:
    watches = [{PUTIN.id: PUTIN}]
    site = house(store, access="open", watches=lambda: watches[-1])
    async with served(site) as browser, listening(browser) as stream:
        await told(store, "1", "netanyahu")
        second = await told(store, "2", "putin")
        assert await stream.stories(1) == [second]
        watches.append({PUTIN.id: PUTIN, NETANYAHU.id: NETANYAHU})
        third = await told(store, "3", "netanyahu")
        assert await stream.stories(1) == [third]


# ---------------------------------------------------------------- who gets in, and for how long


async def test_where_reading_wants_a_login_so_does_the_stream(store: Store) -> None:
    async with served(house(store)) as browser:
        status, why = await refused(browser, **{"Accept-Language": "en"})
        assert (status, why) == (401, "Please log in: send /web to the bot, or run `monitor login`.")


async def test_another_sites_page_gets_no_stream(store: Store) -> None:
    async with served(house(store, access="open")) as browser:
        assert (await refused(browser, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403


async def test_a_session_that_ends_closes_its_streams(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.event_stream.LOOK_AGAIN", 0.05)
    async with served(house(store), log_in(store, AN)) as browser, listening(browser) as stream:
        story = await told(store, "1")
        assert await stream.stories(1) == [story]
        with store.writing() as tx:
            tx.end_sessions(AN)
        assert await stream.ended() == []
        assert (await refused(browser))[0] == 401


async def test_a_chat_that_is_barred_is_told_nothing_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.event_stream.LOOK_AGAIN", 0.05)
    async with served(house(store), log_in(store, AN)) as browser, listening(browser) as stream:
        with store.writing() as tx:
            tx.save_chat(Chat(AN, ChatKind.PRIVATE, state=ChatState.BARRED))
        assert await stream.ended() == []


async def test_too_many_streams_of_one_viewer_are_refused_in_words_and_others_are_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.event_stream.MOST_A_VIEWER", 2)
    mine, theirs = log_in(store, AN), log_in(store, BINH, "other")
    async with served(house(store), mine) as browser, AsyncExitStack() as stack:
        first = await stack.enter_async_context(listening(browser))
        await stack.enter_async_context(listening(browser))
        status, why = await refused(browser, **{"Accept-Language": "en"})
        assert (status, why) == (429, "2 pages of yours are live already: close some of them.")
        async with browser.http.get(f"{browser.base}/events", cookies={COOKIE: theirs}) as response:
            assert response.status == 200
        first.response.close()
        async with asyncio.timeout(WITHIN):
            while True:  # it is noticed within a second
                async with browser.http.get(f"{browser.base}/events") as response:
                    if response.status == 200:
                        break


async def test_when_all_places_are_taken_it_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.event_stream.MOST_STREAMS", 1)
    async with served(house(store, access="open")) as browser, listening(browser):
        assert (await refused(browser))[0] == 503


async def test_fifty_streams_leave_room_for_pages(store: Store) -> None:
    async with served(house(store, access="open")) as browser, AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        many = Browser(http, browser.base)
        streams = [await stack.enter_async_context(listening(many)) for _ in range(55)]
        assert (await browser.get("/"))[0] == 200
        story = await told(store, "1")
        assert await asyncio.gather(*(each.stories(1) for each in streams)) == [[story]] * 55


async def test_a_stream_says_something_now_and_then_and_where_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.event_stream.BEAT", 0.05)
    async with served(house(store, access="open")) as browser, listening(browser, "?watch=netanyahu") as stream:
        await told(store, "1", "putin")  # which this page does not list
        with store.reading() as tx:
            assert await stream.passed_over() == str(tx.last_event())


async def test_when_the_server_ends_so_do_its_streams_at_once(store: Store) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(AsyncExitStack())
        port = await server.enter_async_context(
            serve(well, Metrics("1"), host="127.0.0.1", port=0, site=house(store, access="open"))
        )
        http = await stack.enter_async_context(aiohttp.ClientSession())
        stream = await stack.enter_async_context(listening(Browser(http, f"http://127.0.0.1:{port}")))
        began = time.monotonic()
        await server.aclose()
        assert time.monotonic() - began < 0.9  # aiohttp would wait a second for a handler that nobody tells
        assert await stream.ended() == []


async def test_rows_are_read_only_while_somebody_looks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.live.TICK", 0.01)
    reads = 0
    twice = asyncio.Event()
    real, loop = live.read_batch, asyncio.get_running_loop()

    def counted(*given: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads > 1:
            loop.call_soon_threadsafe(twice.set)
        return real(*given)

    monkeypatch.setattr("monitor.web.live.read_batch", counted)
    hub = live.Hub(store)
    async with hub.looking(), hub.looking():
        async with asyncio.timeout(WITHIN):
            await twice.wait()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "live" and not task.cancelling()]
    story = await told(store, "1")
    async with hub.looking():  # and again, from where the log is by then
        assert await hub.after(hub.head, within=0.05) is None
        note(store, story)
        batch = await hub.after(hub.head, within=WITHIN)
    assert batch is not None
    assert [each.event.story_id for each in batch.events] == [story]


async def test_trouble_with_the_rows_is_waited_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.live.AFTER_TROUBLE", 0.01)
    troubles: list[Exception] = [StoreError("the database is locked"), ZeroDivisionError()]
    real = live.read_batch

    def failing(*given: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return real(*given)

    monkeypatch.setattr("monitor.web.live.read_batch", failing)
    async with served(house(store, access="open")) as browser, listening(browser) as stream:
        story = await told(store, "1")
        assert await stream.stories(1) == [story]
    assert not troubles


async def test_who_takes_nothing_costs_no_more_than_a_socket_and_goes_on_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.server.TO_TAKE_ANSWER", 0.3)
    monkeypatch.setattr("monitor.web.live.AT_ONCE", 5)
    monkeypatch.setattr("monitor.web.live.KEPT", 2)
    count = 200
    stories = [await save_story(store, f"{n}") for n in range(count)]
    async with served(house(store, access="open")) as browser, listening(browser) as quick:
        deaf = socket.create_connection(("127.0.0.1", int(browser.base.rpartition(":")[2])))
        with deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            deaf.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            start = quick.last_id
            for story in stories:
                note(store, story)
            assert await quick.stories(count) == stories, "the quick one does not wait for the slow one"
        async with listening(browser, after=start) as again:
            assert await again.stories(count) == stories
