"""Fixtures of the page's tests: a real browser (browser.py), and a page with news in it (page_house.py)."""

from pathlib import Path

import pytest

from tests.web.browser import browsing, chromium
from tests.web.page_house import filled_sqlite, house, open_house, shown_house

__all__ = ["browsing", "chromium", "filled_sqlite", "house", "open_house", "shown_house"]

OF_THE_SESSION = {"browsing", "house", "open_house", "shown_house"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what asks for a browser or a house in the event loop in which these are; pytest hands in all tests there are.

    Those of the bot have a house of their own, in the loop of each test.
    """
    here = Path(__file__).parent
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if item.path.is_relative_to(here) and OF_THE_SESSION & asked:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
