"""Every page of the table in a real browser: without script, at both widths, in both colours, by keyboard, light.

What is asked of every page is asked here, once; what one page says is its own test's. The table itself is walked, so a
new page is looked at without being named.
"""

import pytest
from playwright.async_api import Page, Response, expect

from tests.web.browser import DESKTOP, PHONE, Browsing, grave, overflow
from tests.web.every_page import EVERY_PAGE, EVERY_VIEW, Shown
from tests.web.page_house import PageHouse

pytestmark = pytest.mark.slow

MOST_BYTES = 60_000  # of a page with its style, script and fonts, as they travel

every_page = pytest.mark.parametrize("shown", EVERY_PAGE, ids=lambda shown: shown.name)
every_view = pytest.mark.parametrize("shown", EVERY_VIEW, ids=lambda shown: shown.name)
both_widths = pytest.mark.parametrize("width", [DESKTOP, PHONE])
both_colours = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])

# What the key reaches: shown, not switched off, not taken out of the order; of a group of radio buttons one.
TABBABLE = """
() => {
  document.querySelectorAll('details').forEach(each => { each.open = true; });
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const shown = all.filter(each => !each.disabled && each.type !== 'hidden' && each.tabIndex >= 0
    && each.checkVisibility({ visibilityProperty: true }));
  const groups = new Set();
  window.tabbable = shown.filter(each => {
    if (each.type !== 'radio') return true;
    const known = groups.has(each.name);
    groups.add(each.name);
    return !known;
  });
  return window.tabbable.map(each =>
    each.tagName.toLowerCase() + ' ' + (each.name || each.textContent || each.href || '').trim().slice(0, 60));
}
"""
FOCUSED = """
() => {
  const here = document.activeElement;
  const same = each => each === here || (here.type === 'radio' && each.type === 'radio' && each.name === here.name);
  const ringed = each => {  // by itself, or by a frame around it
    const style = getComputedStyle(each);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  };
  let around = here;
  while (around !== document.body && !ringed(around)) around = around.parentElement;
  return [window.tabbable.findIndex(same), here === document.body || around !== document.body];
}
"""
UNLABELLED = """
() => [...document.querySelectorAll('input, select, textarea')]
  .filter(each => !['hidden', 'submit', 'button'].includes(each.type) && !each.labels.length
    && !each.ariaLabel && !each.getAttribute('aria-labelledby'))
  .map(each => each.outerHTML.slice(0, 80))
"""


@every_view
@both_widths
async def test_without_a_script_a_page_is_whole_and_fits(
    browsing: Browsing, shown_house: PageHouse, shown: Shown, width: int
) -> None:
    tab = await shown_house.tab(browsing, shown.at(shown_house), who=shown.who, script=False, width=width)
    await expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    for landmark in ("banner", "main", "contentinfo"):
        assert await tab.get_by_role(landmark).count() == 1, landmark
    assert await tab.get_by_role("navigation").count() >= 1
    assert len((await tab.get_by_role("main").inner_text()).split()) > 3, "it shows something without a script"
    assert await tab.title()
    assert await overflow(tab) == 0


@every_view
@both_widths
@both_colours
async def test_everybody_can_use_a_page(
    browsing: Browsing, shown_house: PageHouse, shown: Shown, width: int, dark: bool
) -> None:
    tab = await shown_house.tab(browsing, shown.at(shown_house), who=shown.who, width=width, dark=dark)
    assert await grave(tab) == []
    assert await tab.evaluate(UNLABELLED) == []
    assert await overflow(tab) == 0


@every_page
async def test_by_keyboard_everything_of_a_page_is_reached_and_is_seen_to_be(
    browsing: Browsing, shown_house: PageHouse, shown: Shown
) -> None:
    tab = await shown_house.tab(browsing, shown.at(shown_house), who=shown.who)
    unreached, unseen = await walked(tab)
    assert (unreached, unseen) == ([], [])


async def walked(tab: Page) -> tuple[list[str], list[str]]:
    """Press the key until it has gone round; what it did not reach, and where nobody sees that it is."""
    names: list[str] = await tab.evaluate(TABBABLE)
    left, unseen = set(range(len(names))), []
    for _ in range(2 * len(names) + 10):  # boxes that scroll take the focus, too
        if not left:
            break
        await tab.keyboard.press("Tab")
        place, is_seen = await tab.evaluate(FOCUSED)
        left.discard(place)
        if not is_seen:
            unseen.append(names[place] if place >= 0 else "something that is no link and no button")
    return [names[place] for place in sorted(left)], unseen


@every_page
async def test_the_first_key_leads_past_the_links_at_the_top(
    browsing: Browsing, shown_house: PageHouse, shown: Shown
) -> None:
    tab = await shown_house.tab(browsing, shown.at(shown_house), who=shown.who, script=False)
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    await expect(tab.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("main")).to_be_focused()


@every_view
async def test_a_page_travels_light(browsing: Browsing, shown_house: PageHouse, shown: Shown) -> None:
    came: list[Response] = []
    tab = await browsing.tab(shown_house.url, cookies=shown_house.cookies(shown.who))
    tab.on("response", lambda response: came.append(response))
    await tab.goto(shown.at(shown_house))
    await tab.evaluate("document.fonts.ready.then(() => document.fonts.size)")
    sizes = {}
    for response in came:
        if response.request.resource_type not in ("image", "eventsource"):
            await response.finished()
            told = await response.request.sizes()
            sizes[response.url.removeprefix(shown_house.url)] = told["responseBodySize"] + told["responseHeadersSize"]
    assert "woff2" in "".join(sizes), "the fonts count"
    assert sum(sizes.values()) < MOST_BYTES, sizes
