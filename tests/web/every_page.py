"""Every page of the table, at an address at which the house has something to show, and who looks at it.

A new placeholder in a path, or a page that shows more behind a parameter, needs its line here; test_every_page.py says
so.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.store.transaction import Transaction
from monitor.types import Address
from monitor.web.routes import PAGES, PagePath, ShownTo
from tests.web.page_house import EDITED, EDITOR, READER, PageHouse

NO_PAGES = (".xml", ".json", "/events")  # ends of paths that are read by programs
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")

# what stands for a placeholder in a path of the house
PLACES: Mapping[str, Callable[[PageHouse], str]] = {
    "story_id": lambda house: house.story(),
    "watch_id": lambda house: "putin",
    "file": lambda house: EDITED,
    "number": lambda house: str(_change(house)),
}
# parameters with which a page shows what it does not show alone
MORE: Mapping[str, tuple[str, ...]] = {
    "/": ("?watch=putin", "?q=Putin", "?outlet=B%C3%A1o+Gi%C3%B3+N%E1%BB%93m", "?tag=trung-dong"),
    "/watches": ("?tag=nga", "?q=khongcogi"),
    "/search": ("?q=dong+dat", "?q=khongcogi"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page at an address; `path` may hold placeholders yet."""

    page: PagePath
    more: str = ""

    @property
    def name(self) -> str:
        """For a person: without patterns."""
        return named(self.page.path) + self.more

    @property
    def who(self) -> Address:
        """Who may look at it."""
        return EDITOR if self.page.shown_to is ShownTo.ADMINISTRATORS else READER

    def at(self, house: PageHouse) -> str:
        """Its address in this house."""
        return placed(house, self.page.path) + self.more

    def twin_at(self, house: PageHouse) -> str:
        """The address of its JSON twin."""
        return ("/index.json" if self.page.path == "/" else f"{placed(house, self.page.path)}.json") + self.more


def named(path: str) -> str:
    """A path of the table for a person: /stories/STORY_ID."""
    return _PLACEHOLDER.sub(lambda found: found[1].upper(), path)


def placed(house: PageHouse, path: str) -> str:
    """A path of the table with what the house has in place of its placeholders."""
    return _PLACEHOLDER.sub(lambda found: PLACES[found[1]](house), path)


def _change(house: PageHouse) -> int:
    with house.store.reading() as tx:
        return next(each.number for each in Transaction.changes_made(tx, limit=10) if each.what == EDITED)


EVERY_PATH = [Shown(page) for page in PAGES]  # feeds, too
EVERY_PAGE = [each for each in EVERY_PATH if not each.page.path.endswith(NO_PAGES)]
EVERY_VIEW = [*EVERY_PAGE, *(Shown(each.page, more) for each in EVERY_PAGE for more in MORE.get(each.page.path, ()))]
