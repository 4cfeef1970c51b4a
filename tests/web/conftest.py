"""Fixtures of the page's tests: a real browser (browser.py)."""

import pytest

from tests.web.browser import browsing, chromium

__all__ = ["browsing", "chromium"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what asks for a browser in the event loop in which the browser is."""
    for item in items:
        if "browsing" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
