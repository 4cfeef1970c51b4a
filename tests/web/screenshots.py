"""Pictures of the web page for the documentation: `python -m tests.web.screenshots docs/pictures [NAME …]`.

The real page over the news of the tests' house, photographed by Debian's Chromium: as on a desk in light colours, and
as on a phone in dark ones. No test: the pictures are looked at by people.
"""

import asyncio
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from playwright.async_api import Page, async_playwright
from sqlalchemy import update

from monitor.store.tables import chats
from tests.web.browser import PHONE, launched
from tests.web.every_page import placed
from tests.web.page_house import EDITOR, PageHouse, open_page_house

DESK = {"width": 1200, "height": 820}  # CSS pixels: as wide as the text grows, and still read when it is shown small
HAND = {"width": PHONE, "height": 740}

# name -> what is shown, to an administrator, who sees most
SHOTS = {
    "page-stories": "/",
    "page-story": "/stories/{story_id}",
    "page-watch": "/watches/{watch_id}",
    "page-watches": "/watches",
    "page-search": "/search?q=dong+dat",
    "page-feeds": "/feeds",
    "page-status": "/status",
    "page-editor": "/watchlists/{file}",
}


async def typed(tab: Page) -> None:
    """A change as somebody might try it: the bare words, which an article about land says, too."""
    field = tab.locator("textarea[name=text]")
    text = (await field.input_value()).replace("match: ['{động đất}']", """match: ['"động đất"']""")
    await field.fill(text)
    await tab.get_by_text("Huy động đất công").first.wait_for()
    await field.evaluate("field => { field.scrollTop = field.scrollHeight * 0.86 }")


async def photographed(house: PageHouse, folder: Path, names: Collection[str]) -> None:
    """Write a picture of each for a desk and for a phone."""
    with house.store.writing() as tx:
        tx._change(update(chats).values(lang="vi"))
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        for on, size, colours in (("", DESK, "light"), ("-phone", HAND, "dark")):
            context = await browser.new_context(
                base_url=house.url,
                viewport=size,  # type: ignore[arg-type]
                is_mobile=size is HAND,
                device_scale_factor=2 if size is HAND else 1.5,
                color_scheme=colours,  # type: ignore[arg-type]
                reduced_motion="reduce",
                locale="vi-VN",
            )
            cookies = house.cookies(EDITOR).items()
            await context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in cookies])
            for name in names:
                tab = await context.new_page()
                answer = await tab.goto(placed(house, SHOTS[name]))
                assert answer is not None
                assert answer.ok, f"{SHOTS[name]}: {answer.status}"
                if name == "page-editor":
                    await typed(tab)
                await tab.evaluate("document.fonts.ready.then(() => document.fonts.size)")
                await tab.screenshot(path=folder / f"{name}{on}.png")
                await tab.close()
        await browser.close()


async def main(folder: Path, names: Collection[str]) -> None:
    with tempfile.TemporaryDirectory() as home:
        async with open_page_house(f"sqlite:///{home}/monitor.db", Path(home)) as house:
            await photographed(house, folder, names or SHOTS)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
