"""Where the web page is reached while a service runs: known to whoever links to it, set by web_place.py.

Serves nothing.
"""

import asyncio

from monitor.config.page_address import page_address
from monitor.config.settings import Settings


class PagePlace:
    """Where the page is reached, as the settings say; its port may be known only once it is bound."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._port: int | None = None
        self.opened = asyncio.Event()  # never set where the page cannot be served

    def open(self, port: int) -> None:
        """It is served here now."""
        self._port = port
        self.opened.set()

    @property
    def url(self) -> str:
        """What links begin with; empty where there is no page."""
        return page_address(self._settings, self._port)

    @property
    def open_url(self) -> str:
        """The same, and empty while the page is not served."""
        return self.url if self.opened.is_set() else ""
