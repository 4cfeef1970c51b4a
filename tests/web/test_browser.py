"""The eyes of the page's tests: what a browser must not do is seen, and nothing else is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from tests.web.browser import DESKTOP, PHONE, Browsing, grave, installed, overflow

GOOD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>
<meta name="viewport" content="width=device-width"><main><h1>News</h1><p>One story.</p></main>"""
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src *; connect-src *"


@asynccontextmanager
async def serving(html: str, *, csp: str = CSP) -> AsyncIterator[str]:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": csp})

    async def favicon(_: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/favicon.ico", favicon)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def faults_of(chromium: Browser, html: str, *, csp: str = CSP) -> list[str]:
    looked = Browsing(chromium)
    async with serving(html, csp=csp) as home:
        await (await looked.tab(home)).goto("/")
    return [fault.line for fault in looked.faults]


@pytest.mark.slow
async def test_a_page_that_does_nothing_wrong_passes_at_both_widths_and_in_both_colours(browsing: Browsing) -> None:
    async with serving(GOOD) as home:
        for width in (DESKTOP, PHONE):
            for dark in (False, True):
                tab = await browsing.tab(home, width=width, dark=dark)
                await tab.goto("/")
                await expect(tab.get_by_role("heading", name="News")).to_be_visible()
                assert await overflow(tab) == 0
                assert await tab.evaluate("innerWidth") == width
                assert await tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
                assert await grave(tab) == []
    assert browsing.faults == []


@pytest.mark.parametrize(
    ("html", "csp", "line"),
    [
        (GOOD + "<script>document.title = 'x'</script>", CSP, "inline script"),
        (GOOD + "<p style='color: red'>red</p>", CSP, "inline style"),
        (GOOD + "<script>console.error('lost')</script>", "", "console: lost"),
        (GOOD + "<script>null.lost</script>", "", "an exception in a script: Cannot read properties of null"),
        (GOOD + "<img alt='' src='http://127.0.0.1:1/x.png'>", CSP, "another host: GET http://127.0.0.1:1/x.png"),
        (GOOD + "<img alt='' src='https://news.example/x.png'>", CSP, "another host: GET https://news.example/x.png"),
        (GOOD + "<img alt='' src='/gone.png'>", CSP, "404 for a part of the page"),
    ],
)
async def test_what_a_page_must_not_do_is_seen(
    browsing: Browsing, chromium: Browser, html: str, csp: str, line: str
) -> None:
    assert line in "\n".join(await faults_of(chromium, html, csp=csp))


async def test_a_fault_fails_its_test_at_the_end_unless_it_was_expected(chromium: Browser, browsing: Browsing) -> None:
    async def looked_at(*patterns: str) -> None:
        looked = Browsing(chromium)
        for pattern in patterns:
            looked.expects(pattern)
        async with serving(GOOD + "<img alt='' src='/gone.png'>") as home:
            await (await looked.tab(home)).goto("/")
        await looked.end()

    await looked_at("404 .*gone.png")
    with pytest.raises(pytest.fail.Exception, match="404 for a part of the page"):
        await looked_at()
    with pytest.raises(pytest.fail.Exception, match="expected and did not come: never"):
        await looked_at("gone", "never")


async def test_a_page_that_few_can_use_is_told_in_one_line_a_rule(browsing: Browsing) -> None:
    pale = GOOD.replace("<p>", "<p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><input>")
    async with serving(pale, csp="") as home:
        tab = await browsing.tab(home)
        await tab.goto("/")
        found = await grave(tab)
    assert [line.split(":")[0] for line in found] == ["critical image-alt", "critical label"]


async def test_rules_of_a_page_are_not_waited_for_where_no_script_runs(browsing: Browsing) -> None:
    async with serving(GOOD) as home:
        tab = await browsing.tab(home, script=False)
        await tab.goto("/")
        with pytest.raises(pytest.fail.Exception, match="script=True"):
            await grave(tab)


def test_without_chromium_a_test_is_skipped_with_a_word_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        installed()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        installed()


async def test_a_page_wider_than_a_phone_is_measured(browsing: Browsing) -> None:
    async with serving(GOOD + "<pre>" + "x" * 500) as home:
        tab = await browsing.tab(home, width=PHONE)
        await tab.goto("/")
        assert await overflow(tab) > 100


async def test_without_script_a_page_is_looked_at_all_the_same(browsing: Browsing) -> None:
    async with serving(GOOD + "<script>document.title = 'x'</script>", csp="") as home:
        tab = await browsing.tab(home, script=False)
        await tab.goto("/")
        await expect(tab).to_have_title("News")
