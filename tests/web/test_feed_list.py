"""/feeds as whoever may read meets it, and the two forms of administrators: a real server, real rows."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.pipeline.try_feed import TryFeed
from monitor.store.transaction import Store
from monitor.types import Entry, FailureKind, Feed, FeedId, FeedState, NewItem
from monitor.web import Site
from monitor.web.viewer import form_token_of
from tests.feeds.test_fetch import Newsroom, fetching, newsroom
from tests.store_samples import AN, MINUTE, NOW
from tests.web.test_gate import ADMIN, log_in, served, site_of

__all__ = ["newsroom"]
EN = {"Accept-Language": "en"}
BEN_SONG = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss", section="Thế giới")
BEN_SONG_2 = Feed(FeedId("ben-song-2"), "Bến Sông", "https://an:mat-khau@10.0.0.7:8080/rss?loai=2")
SAO_MAI = Feed(FeedId("sao-mai"), "Sao Mai", "https://sao-mai.example/rss")
MOI = Feed(FeedId("moi"), "Báo Mới", "https://noi-bo/rss")
WELL = FeedState(
    BEN_SONG.id, NOW + 3 * MINUTE, interval=5 * MINUTE, last_checked_at=NOW - 2 * MINUTE, last_success_at=NOW - MINUTE
)


def feeds_site(store: Store, **more: Any) -> Site:
    """Three newspapers: one of two feeds, of which one fails; one that is well; one that was never asked."""
    feeds = (SAO_MAI, MOI, BEN_SONG, BEN_SONG_2)
    with store.writing() as tx:
        tx.register_feeds({feed.id: feed.url for feed in feeds}, now=NOW)
        tx.save_feed(WELL)
        tx.save_feed(replace(WELL, feed_id=SAO_MAI.id))
        failing = replace(WELL, feed_id=BEN_SONG_2.id, failures=3, failing_since=NOW - timedelta(hours=2))
        why = "no connection to 10.0.0.7: Connect call failed ('10.0.0.7', 8080) at http://an:mat-khau@10.0.0.7/rss"
        tx.save_feed(replace(failing, failure_kind=FailureKind.CONNECT, last_error=why))
        hours = [NOW - timedelta(hours=n) for n in (0, 0, 3, 30)]
        tx.add_items(
            [
                NewItem(Entry(f"{n}", f"{n}", "", f"Tin {n}", published_at=at), SAO_MAI.id, "Sao Mai", at, True)
                for n, at in enumerate(hours)
            ]
        )
    return site_of(store, access="open", feeds=lambda: feeds, **more)


async def test_outlets_are_shown_the_worst_first_with_states_in_words(store: Store) -> None:
    async with served(feeds_site(store)) as browser:
        status, page, _ = await browser.get("/feeds", **EN)
        twin = json.loads((await browser.get("/feeds.json", **EN))[1])
    assert status == 200
    assert "1 of 3 outlets to look at" in page
    assert [(each["outlet"], each["state"]) for each in twin["outlets"]] == [
        ("Bến Sông", "failing"),
        ("Báo Mới", "new"),
        ("Sao Mai", "well"),
    ]
    assert twin["outlets"][0]["said"] == "1 of 2 feeds fail · 0 today, last –"
    assert "3 today, last 12:20" in page
    assert "not polled yet" in page


async def test_a_line_shows_articles_an_hour_of_the_last_day(store: Store) -> None:
    async with served(feeds_site(store)) as browser:
        page = (await browser.get("/feeds?outlet=Sao+Mai", **EN))[1]
        [sao_mai] = json.loads((await browser.get("/feeds.json?outlet=Sao+Mai"))[1])["outlets"]
    assert sao_mai["by_hour"] == [0] * 20 + [1, 0, 0, 2]
    assert 'aria-label="Sao Mai: 3 articles in 24 hours, 2 in the busiest hour"' in page


async def test_what_is_wrong_is_said_without_passwords_and_hosts_of_the_inside(store: Store) -> None:
    token = log_in(store, ADMIN)
    async with served(feeds_site(store)) as anybody, served(feeds_site(store), token) as admin:
        seen = [(await each.get(path, **EN))[1] for each in (anybody, admin) for path in ("/feeds", "/feeds.json")]
    for page in seen:
        assert "no connection to …: Connect call failed" in page
        assert "mat-khau" not in page
    assert "10.0.0.7" not in seen[0] + seen[1]
    assert "noi-bo" not in seen[0] + seen[1]
    assert "https://10.0.0.7:8080/rss?loai=2" in seen[2]
    assert "https://ben-song.example/rss" in seen[0]


async def test_a_private_address_is_told_in_words_alone(store: Store) -> None:
    site = feeds_site(store)
    with store.writing() as tx:
        why = "kho.example is an internal address"
        failing = replace(WELL, feed_id=SAO_MAI.id, failures=1, failing_since=NOW, last_error=why)
        tx.save_feed(replace(failing, failure_kind=FailureKind.PRIVATE_ADDRESS))
    async with served(site) as browser:
        page = (await browser.get("/feeds", **EN))[1]
    assert "fails since 12:20: a private address, which is not asked" in page
    assert "kho.example" not in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("outlet=Sao+Mai", [["sao-mai"]]),
        ("state=failing", [["ben-song-2", "ben-song"]]),
        ("state=new", [["moi"]]),
        ("q=BEN", [["ben-song-2", "ben-song"]]),
        ("q=the+gioi", [["ben-song"]]),
        ("q=the+gioi&state=well", [["ben-song"]]),
        ("q=nowhere", []),
    ],
)
async def test_the_list_is_narrowed_by_outlet_state_and_words(store: Store, asked: str, names: list[list[str]]) -> None:
    async with served(feeds_site(store)) as browser:
        twin = json.loads((await browser.get(f"/feeds.json?{asked}"))[1])
        assert (await browser.get(f"/feeds?{asked}"))[0] == 200
    assert [[feed["id"] for feed in each["feeds"]] for each in twin["outlets"]] == names


async def test_readers_get_no_forms_and_may_not_send_them(store: Store) -> None:
    token = log_in(store, AN)
    form = {"feed": "sao-mai", "url": "https://ben-song.example/rss", "token": form_token_of(token)}
    async with served(feeds_site(store), token) as browser:
        assert "/feeds/check" not in (await browser.get("/feeds"))[1]
        assert (await browser.post("/feeds/check", form))[0] == 403
        assert (await browser.post("/feeds/test", form))[0] == 403


# ---------------------------------------------------------------- check now


def next_check(store: Store, feed: Feed) -> Any:
    with store.reading() as tx:
        return next(state.next_check_at for state in tx.feed_states() if state.feed_id == feed.id)


async def test_a_feed_is_asked_at_once(store: Store) -> None:
    token = log_in(store, ADMIN)
    async with served(feeds_site(store), token) as browser:
        assert 'action="/feeds/check"' in (await browser.get("/feeds"))[1]
        assert (await browser.post("/feeds/check", {"feed": "sao-mai", "token": form_token_of(token)}))[0] == 303
        assert (await browser.post("/feeds/check", {"feed": "nobody", "token": form_token_of(token)}))[0] == 400
    assert next_check(store, SAO_MAI) == NOW
    assert next_check(store, BEN_SONG) == NOW + 3 * MINUTE


async def test_a_feed_that_is_being_asked_is_not_taken_by_a_second_worker(store: Store) -> None:
    token, site = log_in(store, ADMIN), feeds_site(store)
    later = NOW + 4 * MINUTE
    with store.writing() as tx:
        claimed = tx.claim_due_feeds(lambda each: each == SAO_MAI.id, now=later, lease=5 * MINUTE, limit=1)
    assert len(claimed) == 1
    async with served(site, token) as browser:
        status, page = await browser.post("/feeds/check", {"feed": "sao-mai", "token": form_token_of(token)}, **EN)
    assert status == 400
    assert "It is being asked at this moment" in page
    assert next_check(store, SAO_MAI) == later + 5 * MINUTE


async def test_a_server_that_asked_for_fewer_requests_is_left_alone(store: Store) -> None:
    token, site = log_in(store, ADMIN), feeds_site(store)
    with store.writing() as tx:
        failing = replace(WELL, feed_id=SAO_MAI.id, failures=1, failing_since=NOW, next_check_at=NOW + 40 * MINUTE)
        tx.save_feed(replace(failing, failure_kind=FailureKind.RATE_LIMITED))
    async with served(site, token) as browser:
        status, page = await browser.post("/feeds/check", {"feed": "sao-mai", "token": form_token_of(token)}, **EN)
    assert status == 400
    assert "it is left alone until 13:00" in page
    assert next_check(store, SAO_MAI) == NOW + 40 * MINUTE


# ---------------------------------------------------------------- test an address

RSS = """<rss><channel><title>Bản tin</title>
<item><title>Bão &lt;lớn&gt;</title><link>https://ben-song.example/a-1.html</link>
<pubDate>Thu, 13 Aug 2026 06:00:00 +0700</pubDate></item>
<item><title>Không ngày</title><link>https://ben-song.example/c-3.html</link></item>
</channel></rss>"""


async def test_an_address_is_tried_as_a_poll_would_and_nothing_is_stored(store: Store, newsroom: Newsroom) -> None:
    newsroom.page("/rss", RSS.encode())
    newsroom.page("/khac", status=404)
    url = newsroom.url("/rss")
    token = log_in(store, ADMIN)
    async with fetching(allow_private=True) as fetcher:
        site = feeds_site(store, try_feed=TryFeed(fetcher, lambda: (BEN_SONG,)))
        async with served(site, token) as browser:
            form = {"url": url, "token": form_token_of(token)}
            status, page = await browser.post("/feeds/test", form, **EN)
            _, missing = await browser.post("/feeds/test", form | {"url": newsroom.url("/khac")}, **EN)
            refused, wrong = await browser.post("/feeds/test", form | {"url": "rss"}, **EN)
    assert status == 200
    assert "2 articles, of" in page
    assert "Bão &lt;lớn&gt;" in page
    assert "06:00 13/08/2026" in page
    assert "Without a readable time" in page
    assert "- {id: " in page
    assert "brought nothing: HTTP 404" in missing
    assert (refused, "That is no address of a feed." in wrong) == (400, True)
    with store.reading() as tx:
        assert "thu-nguon" not in {state.feed_id for state in tx.feed_states()}
