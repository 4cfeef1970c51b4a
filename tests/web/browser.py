"""A real browser for tests of pages: Debian's Chromium, driven by playwright; axe-core judges what it shows.

    async def test_the_story_is_shown(browsing: Browsing) -> None:
        async with a_house(…) as house:
            tab = await browsing.tab(house.url, script=False, width=PHONE, dark=True)
            await tab.goto("/stories/1")

At the test's end the fixture fails it for every error on the console, every exception of a script, every answer that a
page got as an error, and every request to another host. What a test provokes it says: `browsing.expects("…")`.

One Chromium serves the whole run, in one event loop: a test that asks for `browsing` runs in the loop of the session
(conftest.py sees to it), so the server that it looks at is opened inside of the test, or by a fixture with
`loop_scope="session"`. There are no sleeps: playwright's `expect` waits for what it names.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

INSTALL = "Chromium is not installed; it takes: apt-get install chromium"
DESKTOP, PHONE = 1440, 360  # CSS pixels: the widest and the narrowest that pages are made for
HEIGHTS = {DESKTOP: 900, PHONE: 780}
PATIENCE = 10_000.0  # ms for whatever is waited for: a busy machine is no fault of a page
OURS_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"  # no test asks the outside
INWARD = ("data", "blob", "about")  # addresses that ask nobody
TWICE_TOLD = "Failed to load resource"  # the answer itself is looked at


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page must not do, in one line for a person."""

    line: str


class Browsing:
    """Opens tabs, each in a context of its own (no cookies of another), and remembers what went wrong in them."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []
        self.faults: list[Fault] = []

    async def tab(
        self,
        home: str,
        *,
        script: bool = True,
        width: int = DESKTOP,
        dark: bool = False,
        still: bool = True,
        lang: str = "en",
        cookies: Mapping[str, str] | None = None,
    ) -> "Page":
        """A new tab whose relative addresses are those of `home` (http://127.0.0.1:PORT), the only host it may ask.

        `still` asks pages for no motion, as a reader can; `script=False` is a browser without JavaScript.
        """
        context = await self._browser.new_context(
            base_url=home,
            java_script_enabled=script,
            viewport={"width": width, "height": HEIGHTS.get(width, HEIGHTS[DESKTOP])},
            is_mobile=width <= PHONE,  # so that a page without its viewport line is as wide as on a phone
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
            locale={"en": "en-GB", "vi": "vi-VN"}[lang],
            timezone_id="Asia/Ho_Chi_Minh",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if cookies:
            await context.add_cookies([{"name": name, "value": value, "url": home} for name, value in cookies.items()])
        context.on("console", self._heard)
        context.on("weberror", lambda error: self._note(f"an exception in a script: {error.error}"))
        context.on("request", self._host_check(home))
        context.on("response", self._answered)
        return await context.new_page()

    def expects(self, pattern: str) -> None:
        """The test provokes a fault whose line has this pattern; that it does not come is one as well."""
        self._expected.append(pattern)

    async def end(self) -> None:
        """Close every tab, and fail for what went wrong in them."""
        for context in self._contexts:
            await context.close()
        unexpected = [
            fault.line for fault in self.faults if not any(re.search(pattern, fault.line) for pattern in self._expected)
        ]
        missed = [
            f"expected and did not come: {pattern}"
            for pattern in self._expected
            if not any(re.search(pattern, fault.line) for fault in self.faults)
        ]
        if unexpected or missed:
            pytest.fail("\n".join(dict.fromkeys((*unexpected, *missed))), pytrace=False)

    # ---------------------------------------------------------------- what is listened to

    def _note(self, line: str) -> None:
        self.faults.append(Fault(line))

    def _heard(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not message.text.startswith(TWICE_TOLD):
            where = message.location
            self._note(f"console: {message.text} ({where.get('url', '')}:{where.get('lineNumber', '')})")

    def _host_check(self, home: str) -> Callable[["Request"], None]:
        own = urlsplit(home)[:2]

        def check(request: "Request") -> None:
            asked = urlsplit(request.url)
            if asked.scheme not in INWARD and asked[:2] != own:
                self._note(f"a request to another host: {request.method} {request.url}")

        return check

    def _answered(self, response: "Response") -> None:
        """A page that is refused is the test's to judge; a part of a page is not."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self._note(f"{response.status} for a part of the page: {response.url}")


def installed() -> str:
    """Where Chromium is. Without it the test is skipped; in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is not None:
        return path
    if os.environ.get("CI"):
        pytest.fail(INSTALL)
    pytest.skip(INSTALL)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> "AsyncIterator[Browser]":
    """The browser of the whole run."""
    installed()
    from playwright.async_api import async_playwright, expect  # 0.2 s to load: only tests of pages need it

    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        yield browser
        await browser.close()


async def launched(playwright: "Playwright") -> "Browser":
    """Debian's Chromium without a window. Its sandbox refuses root."""
    return await playwright.chromium.launch(
        executable_path=installed(), chromium_sandbox=os.geteuid() != 0, args=[OURS_ALONE]
    )


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(chromium: "Browser") -> AsyncIterator[Browsing]:
    """Tabs for one test, which is failed at its end for what went wrong in them."""
    opened = Browsing(chromium)
    yield opened
    await opened.end()


# ---------------------------------------------------------------- what is asked of a page


async def grave(tab: "Page") -> list[str]:
    """What axe-core finds serious or critical, a line each: impact, rule, what to do, where."""
    from axe_playwright_python.async_playwright import Axe

    if not await tab.evaluate("matchMedia('(scripting: enabled)').matches"):
        pytest.fail("axe-core is a script itself: open this tab with script=True")
    found: dict[str, Any] = (await Axe().run(tab)).response
    return [
        f"{each['impact']} {each['id']}: {each['help']}: {', '.join(places(each['nodes']))}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def places(nodes: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Selectors of the first places of a violation; how many more there are."""
    targets = [" ".join(map(str, node["target"])) for node in nodes]
    return targets[:3] + ([f"and {len(targets) - 3} more"] if len(targets) > 3 else [])


async def overflow(tab: "Page") -> int:
    """CSS pixels by which the page is wider than its window."""
    wider = await tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wider)
