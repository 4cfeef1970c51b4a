"""monitor/feeds/robots.py: which pages may be asked for, and for how long that is known."""

import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from protego import Protego

from monitor.feeds import robots as module
from monitor.feeds.robots import MAX_ROBOTS_BYTES, RobotsTxt
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.types import Failed, FailureKind
from tests.newspaper import Newspaper

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
async def newspaper() -> AsyncIterator[Newspaper]:
    async with Newspaper() as paper:
        yield paper


@pytest.fixture
async def robots() -> AsyncIterator[RobotsTxt]:
    async with open_session(allow_private=True, contact="https://example.org", version="test") as session:
        yield RobotsTxt(HttpClient(session, HostGate(timedelta())), clock=lambda: NOW)


async def refused(robots: RobotsTxt, url: str) -> Failed:
    found = await robots.refusal(url)
    assert found is not None
    assert found.kind is FailureKind.ROBOTS
    return found


async def test_the_rules_are_asked_for_once_and_obeyed(newspaper: Newspaper, robots: RobotsTxt) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /rieng/\nAllow: /\n", kind="text/plain")
    assert "forbids" in (await refused(robots, f"{newspaper.base}/rieng/a.html")).why
    assert await robots.refusal(f"{newspaper.base}/cong/b.html") is None
    assert newspaper.asked == ["/robots.txt"]


async def test_rules_for_us_alone_go_before_those_for_all(newspaper: Newspaper, robots: RobotsTxt) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nAllow: /\nUser-agent: vn-news-monitor\nDisallow: /\n")
    assert "forbids" in (await refused(robots, f"{newspaper.base}/a.html")).why


@pytest.mark.parametrize("status", [204, 401, 403, 404, 410])
async def test_a_site_without_robots_txt_allows_everything(
    newspaper: Newspaper, robots: RobotsTxt, status: int
) -> None:
    newspaper.put("/robots.txt", "", status=status)
    assert await robots.refusal(f"{newspaper.base}/a.html") is None
    assert await robots.refusal(f"{newspaper.base}/b.html") is None
    assert newspaper.asked == ["/robots.txt"]


async def test_a_robots_txt_that_leads_in_circles_is_none(newspaper: Newspaper, robots: RobotsTxt) -> None:
    newspaper.move("/robots.txt", "/robots.txt")
    assert await robots.refusal(f"{newspaper.base}/a.html") is None


async def test_a_robots_txt_elsewhere_is_followed(newspaper: Newspaper, robots: RobotsTxt) -> None:
    newspaper.move("/robots.txt", "/luat.txt")
    newspaper.put("/luat.txt", "User-agent: *\nDisallow: /\n", kind="text/plain")
    assert "forbids" in (await refused(robots, f"{newspaper.base}/a.html")).why


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_broken_robots_txt_forbids_for_now_and_is_asked_for_again(
    newspaper: Newspaper, robots: RobotsTxt, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    newspaper.put("/robots.txt", "", status=status)
    shut = await refused(robots, f"{newspaper.base}/a.html")
    assert f"HTTP {status}" in shut.why
    assert shut.retry_after is not None
    assert timedelta(minutes=29) < shut.retry_after <= timedelta(minutes=30)
    await refused(robots, f"{newspaper.base}/b.html")
    assert newspaper.asked == ["/robots.txt"]
    monkeypatch.setattr(module, "ROBOTS_RETRIED", timedelta())  # from the next answer on nothing is kept
    again = RobotsTxt(robots._client, clock=lambda: NOW)
    await refused(again, f"{newspaper.base}/a.html")
    newspaper.put("/robots.txt", "", status=404)
    assert await again.refusal(f"{newspaper.base}/a.html") is None


async def test_of_a_long_robots_txt_the_first_part_counts(newspaper: Newspaper, robots: RobotsTxt) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /a\n" + "#" * MAX_ROBOTS_BYTES + "\nDisallow: /b\n")
    await refused(robots, f"{newspaper.base}/a.html")
    assert await robots.refusal(f"{newspaper.base}/b.html") is None


async def test_what_is_remembered_has_an_end(
    newspaper: Newspaper, robots: RobotsTxt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_ORIGINS", 1)
    other = newspaper.base.replace("127.0.0.1", "localhost")
    for base in (newspaper.base, other, newspaper.base):
        assert await robots.refusal(f"{base}/a.html") is None
    assert newspaper.asked == ["/robots.txt"] * 3


async def test_rules_are_read_beside_the_loop(
    newspaper: Newspaper, robots: RobotsTxt, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    parse = Protego.parse

    def noted(text: str) -> Protego:
        threads.append(threading.current_thread())
        return parse(text)

    monkeypatch.setattr(Protego, "parse", noted)
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /rieng/\n", kind="text/plain")
    await refused(robots, f"{newspaper.base}/rieng/a.html")
    assert threads
    assert threading.main_thread() not in threads
