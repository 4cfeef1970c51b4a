"""/status as administrators and as other readers meet it: a real server, real rows in both databases."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from monitor.errors import Problem
from monitor.pipeline.logins import hash_of
from monitor.pipeline.status import PastError, gather_status
from monitor.store.health_rows import Trip
from monitor.store.role_names import PARTS
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import VIETNAM, Store
from monitor.types import (
    TERMINAL,
    Address,
    AlertKind,
    AlertState,
    Chat,
    ChatKind,
    FailureKind,
    Feed,
    FeedId,
    FeedState,
    Placement,
    Role,
    Watchlist,
)
from monitor.web import Site
from monitor.web.page import Visit
from monitor.web.status_page import delays_of
from monitor.web.viewer import SESSION_LASTS, Viewer, form_token_of
from tests.store_samples import AN, MINUTE, NOW, SECOND, WORKER, alert, draft, row, work_here
from tests.web.test_gate import ADMIN, log_in, served, site_of

EN = {"Accept-Language": "en"}
DESK = Address(-100123)
FEED = Feed(FeedId("sao-mai"), "Sao Mai", "https://sao-mai.example/rss")
WELL = FeedState(FEED.id, NOW + MINUTE, last_checked_at=NOW, last_success_at=NOW)


def status_site(store: Store, **report: Any) -> Site:
    """A site whose report is made of the rows, as the service makes it."""
    with store.writing() as tx:
        work_here(tx)
        tx.save_feed(WELL)
        tx.save_chat(Chat(DESK, ChatKind.GROUP, "Ban Thế giới", joined_at=NOW))
        tx.save_chat(Chat(ADMIN, ChatKind.PRIVATE, "Trực ban", lang="en", joined_at=NOW))
        tx.save_chat(Chat(AN, ChatKind.PRIVATE, "An", lang="en", joined_at=NOW))
    gathered = partial(gather_status, store, [FEED], Watchlist("v1", ()), now=NOW, whole=False, started_at=NOW)
    return site_of(store, access="open", status=partial(gathered, **report))


def told(store: Store, key: str, state: AlertState, *, took: timedelta = SECOND) -> int:
    """An article of five minutes ago that was written at once for the group; what became of its message."""
    seen = NOW - 3 * MINUTE
    with store.writing() as tx:
        [item] = tx.add_items([draft(key, title=f"Tin {key}", published_at=NOW - 5 * MINUTE, seen_at=seen)])
        story = tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=seen)
        new = alert(f"story:{key}", DESK, kind=AlertKind.ALERT, story=story)
        tx.enqueue([replace(new, item_id=item.id)], now=seen)
        [mine] = tx.claim_alerts(now=seen, lease=MINUTE, limit=9)
        tx.settle(mine, state, message_id=7, now=seen + took, why="" if state is AlertState.SENT else f"vì {key}")
    return mine.id


def parked(store: Store) -> str:
    """An article that failed three times."""
    with store.writing() as tx:
        [item] = tx.add_items([draft("độc", title="Tin độc hại")])
        for _ in range(3):
            tx.note_failure(item.id, "RecursionError", park_after=3, now=NOW)
    return f"item:{item.id}"


async def test_when_all_is_well_the_page_says_so_first(store: Store) -> None:
    told(store, "a", AlertState.SENT)
    async with served(status_site(store)) as browser:
        status, page, _ = await browser.get("/status", **EN)
        twin = json.loads((await browser.get("/status.json"))[1])
    assert status == 200
    assert "<strong>All is well</strong>" in page
    assert (twin["is_well"], twin["troubles"]) == (True, [])
    assert twin["queues"]["sent_in_a_day"] == 1
    assert twin["feeds"] == {"well": 1, "failing": 0}
    assert twin["articles_by_hour"] == twin["messages_by_hour"] == [0] * 23 + [1]
    assert 'aria-label="Messages an hour: 1 in 24 hours, now 1"' in page


async def test_what_is_wrong_is_said_with_what_helps(store: Store) -> None:
    told(store, "a", AlertState.UNCERTAIN)
    name, token = parked(store), log_in(store, ADMIN)
    problem = Problem("watchlists/leaders.yaml", 12, 5, "`aliases` must be a list")
    site = status_site(store, problems=(problem,), last_errors=(PastError(NOW - MINUTE, "item 9: hỏng"),))
    with store.writing() as tx:
        down = replace(WELL, failures=9, failing_since=NOW, failure_kind=FailureKind.HTTP, announced=FailureKind.HTTP)
        tx.save_feed(replace(down, last_error="HTTP 503"))
    async with served(site, token) as browser:
        page = (await browser.get("/status"))[1]
        twin = json.loads((await browser.get("/status.json"))[1])
    assert [each["what"] for each in twin["troubles"]] == [
        "A file is wrong, the last good one is in force: watchlists/leaders.yaml:12:5: `aliases` must be a list."
        " Correct it; it is taken up by itself.",
        "sao-mai since 12:20: HTTP 503. Is the address still right?",
        "1 alert waits for you",
        "1 article cannot be looked at: Tin độc hại — RecursionError. Try it again or drop it",
    ]
    assert [each["help"] for each in twin["troubles"]] == ["", "/feeds", "#stuck", "#stuck"]
    assert "4 things to look at" in page
    assert "group “Ban Thế giới” (-100123)" in page
    assert f'name="name" value="{name}"' in page
    assert "item 9: hỏng" in page


async def test_other_readers_see_no_chat_no_file_and_no_error(store: Store) -> None:
    told(store, "a", AlertState.UNCERTAIN)
    parked(store)
    problem = Problem("watchlists/leaders.yaml", 12, 5, "`aliases` must be a list")
    errors = (PastError(NOW, f"alert 7 to chat {DESK.chat_id}: Bad Request"),)
    site = status_site(store, problems=(problem,), last_errors=errors)
    token = log_in(store, AN)
    async with served(site) as anybody, served(site, token) as reader:
        pages = [(await each.get(path, **EN))[1] for each in (anybody, reader) for path in ("/status", "/status.json")]
    for page in pages:
        for secret in ("leaders.yaml", "100123", "Ban Thế giới", "Bad Request", "Tin ", "độc hại", "item:", "alert:"):
            assert secret not in page
    assert "All is well" in pages[0]
    assert set(json.loads(pages[1])) == {
        "at",
        "is_well",
        "troubles",
        "queues",
        "feeds",
        "delays",
        "articles_by_hour",
        "messages_by_hour",
        "started_at",
    }


async def test_administrators_see_the_processes_where_there_are_several(store: Store) -> None:
    site, token = status_site(store), log_in(store, ADMIN)
    with store.writing() as tx:
        work_here(tx, replace(WORKER, id="w2", host="sao-mai", parts=("poll",), trouble="poll: silent for 90 s"))
        has_workers = tx.has_workers
    async with served(site, token) as browser:
        page = (await browser.get("/status", **EN))[1]
        twin = json.loads((await browser.get("/status.json"))[1])
    async with served(site) as browser:
        of_others = (await browser.get("/status", **EN))[1] + (await browser.get("/status.json"))[1]
    assert "sao-mai (11)" not in of_others
    assert ("<caption>2 processes at work</caption>" in page) is has_workers
    assert ("workers" in twin) is has_workers
    if has_workers:
        assert [(each["host"], each["does"], each["roles"]) for each in twin["workers"]] == [
            ("ben-song", list(PARTS), ["bot", "chores", "group", "lookout"]),
            ("sao-mai", ["poll"], []),
        ]
        assert [each["what"] for each in twin["troubles"]] == ["sao-mai (11) is unwell: poll: silent for 90 s"]
        assert "hears the bot, makes digests and tidies up, groups stories, looks out for what is due" in page


async def test_readers_hear_that_nobody_sends_and_not_what_to_type(store: Store) -> None:
    workers = [replace(WORKER, parts=("poll", "detect", "web"), trouble="database: 10.0.0.7 is away")]
    site, token = status_site(store), log_in(store, ADMIN)
    with store.writing() as tx:
        if has_workers := tx.has_workers:
            work_here(tx, *workers)
    async with served(site) as reader, served(site, token) as administrator:
        said = [json.loads((await each.get("/status.json", **EN))[1]) for each in (reader, administrator)]
    if has_workers:
        told, known = [[each["what"] for each in twin["troubles"]] for twin in said]
        assert told == ["A part of the service is not at work: news and answers may come late."]
        assert known[0] == "Nobody sends alerts: start a process with “monitor run --only deliver”"
    assert [twin["is_well"] for twin in said] == [not has_workers] * 2


@pytest.mark.parametrize(
    ("due", "asked", "is_well"),
    [
        (timedelta(minutes=-20), timedelta(minutes=-6), False),  # one waits, and no other was asked meanwhile
        (timedelta(minutes=-20), timedelta(minutes=-4), True),  # others were: it waits for its turn on its host
        (timedelta(minutes=-4), timedelta(hours=-9), True),  # nothing was due for so long
        (timedelta(minutes=-6), None, False),
    ],
)
async def test_that_no_newspaper_is_asked_any_more_is_said(
    store: Store, due: timedelta, asked: timedelta | None, is_well: bool
) -> None:
    site, token = status_site(store), log_in(store, ADMIN)
    with store.writing() as tx:
        tx.save_feed(replace(WELL, next_check_at=NOW + due, last_checked_at=None if asked is None else NOW + asked))
    async with served(site) as reader, served(site, token) as administrator:
        said = [json.loads((await each.get("/status.json", **EN))[1])["troubles"] for each in (reader, administrator)]
    readers, administrators = [[each["what"] for each in troubles] for troubles in said]
    if is_well:
        assert (readers, administrators) == ([], [])
    else:
        assert readers == ["A part of the service is not at work: news and answers may come late."]
        since = max(NOW + due, NOW + (asked or due)).astimezone(VIETNAM)
        assert administrators == [
            f"No newspaper has been asked since {since:%H:%M}, though some are due: look into the log, then restart"
            " the service."
        ]


async def test_a_feed_that_fails_shows_no_host_of_the_inside(store: Store) -> None:
    site = status_site(store)
    with store.writing() as tx:
        down = replace(WELL, failures=9, failing_since=NOW, failure_kind=FailureKind.HTTP, announced=FailureKind.HTTP)
        tx.save_feed(replace(down, last_error="redirect loop at http://an:mat-khau@10.0.0.7/rss"))
    async with served(site) as browser:
        page = (await browser.get("/status", **EN))[1]
    assert "redirect loop at http://…/rss" in page
    assert "mat-khau" not in page


# ---------------------------------------------------------------- delays


async def test_delays_are_told_part_by_part(store: Store) -> None:
    for number in range(4):
        told(store, f"{number}", AlertState.SENT, took=timedelta(seconds=10 * number))
    async with served(status_site(store)) as browser:
        page = (await browser.get("/status", **EN))[1]
        delays = json.loads((await browser.get("/status.json"))[1])["delays"]
    assert delays["messages"] == 4
    assert [(each["part"], each["half"], each["most"]) for each in delays["parts"]] == [
        ("found", 120.0, 120.0),
        ("written", 0.0, 0.0),
        ("sent", 15.0, 27.0),
        ("all", 135.0, 147.0),
    ]
    assert "half within 2 minutes 15 seconds" in page


def test_news_that_stood_late_in_its_feed_says_nothing_of_us() -> None:
    visit = Visit(site_of(None), Viewer("en"), NOW, "/status")  # type: ignore[arg-type]
    in_time = Trip(NOW - 9 * MINUTE, NOW - 5 * MINUTE, NOW - 5 * MINUTE, NOW)
    late = replace(in_time, published_at=NOW - timedelta(hours=3))
    ahead = replace(in_time, published_at=NOW + MINUTE, seen_at=NOW)
    assert delays_of([in_time, late], visit)["messages"] == 1
    assert delays_of([late], visit) == {"messages": 0, "parts": []}
    assert delays_of([ahead], visit)["parts"][0]["half"] == timedelta(0)


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize("state", [AlertState.UNCERTAIN, AlertState.PARKED, AlertState.REFUSED])
async def test_a_stuck_alert_is_tried_again_and_the_log_says_by_whom(store: Store, state: AlertState) -> None:
    number, token = told(store, "a", state), log_in(store, ADMIN)
    form = {"name": f"alert:{number}", "what": "again", "token": form_token_of(token)}
    async with served(status_site(store), token) as browser:
        assert f'name="name" value="alert:{number}"' in (await browser.get("/status"))[1]
        assert (await browser.post("/status/stuck", form))[0] == 303
        assert "1 is tried again." in (await browser.get("/status?again=1"))[1]
        assert (await browser.post("/status/stuck", form))[0] == 303, "a second press changes nothing"
    assert (await row(store, number)).state is AlertState.PENDING
    with store.reading() as tx:
        [change] = tx.changes_made(limit=9)
    assert (change.action, change.what, change.after, change.chat_id) == ("stuck", f"alert:{number}", "again", 909)
    assert change.who == "Trực ban"


async def test_in_a_group_the_log_names_the_person_who_asked_for_the_link(store: Store) -> None:
    name = parked(store)
    with store.writing() as tx:
        link = LoginLink(hash_of("link"), ADMIN, NOW, 4711, "Chị Trực")
        tx.add_session(hash_of("secret"), link, browser="", now=NOW, ends_at=NOW + SESSION_LASTS)
    async with served(status_site(store), "secret") as browser:
        form = {"name": name, "what": "drop", "token": form_token_of("secret")}
        assert (await browser.post("/status/stuck", form))[0] == 303
    with store.reading() as tx:
        [change] = tx.changes_made(limit=9)
    assert (change.who, change.user_id, change.chat_id) == ("Chị Trực", 4711, 909)


async def test_all_is_given_up_at_once(store: Store) -> None:
    told(store, "a", AlertState.UNCERTAIN)
    parked(store)
    token = log_in(store, TERMINAL)
    form = {"name": "all", "what": "drop", "token": form_token_of(token)}
    async with served(status_site(store), token) as browser:
        assert "All 2 at once:" in (await browser.get("/status", **EN))[1]
        assert (await browser.post("/status/stuck", form))[0] == 303
        assert "Nothing is stuck." in (await browser.get("/status", **EN))[1]
    with store.reading() as tx:
        assert [(each.who, each.after) for each in tx.changes_made(limit=9)] == [("monitor login", "drop")]


@pytest.mark.parametrize("form", [{"name": "story:1"}, {"name": "all", "what": "burn"}, {"name": "item:٣"}, {}])
async def test_what_is_no_order_is_refused(store: Store, form: dict[str, str]) -> None:
    parked(store)
    token = log_in(store, ADMIN)
    async with served(status_site(store), token) as browser:
        sent = {"what": "drop", "token": form_token_of(token)} | form
        assert (await browser.post("/status/stuck", sent))[0] == 400
    with store.reading() as tx:
        assert len(tx.parked_items()) == 1


async def test_readers_end_nothing(store: Store) -> None:
    name, token = parked(store), log_in(store, AN)
    async with served(status_site(store), token) as browser:
        form = {"name": name, "what": "drop", "token": form_token_of(token)}
        assert (await browser.post("/status/stuck", form))[0] == 403
    with store.reading() as tx:
        assert len(tx.parked_items()) == 1
