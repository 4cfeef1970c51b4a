"""Where the web page is reached while a service runs: known to whoever links to it, set by web_place.py.

Serves nothing.
"""

import asyncio
import platform

from monitor.config.page_address import EVERYWHERE, page_address
from monitor.config.settings import Settings


class PagePlace:
    """Where the page is reached, as the settings say; its port may be known only once it is bound."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._port: int | None = None
        self._has_pages = True
        self.beside: int | None = None  # the port of another process of this machine that shows the page
        self.opened = asyncio.Event()  # never set where the page cannot be served

    def open(self, port: int, *, has_pages: bool = True) -> None:
        """It is served here now; without pages only health and figures are."""
        self._port, self._has_pages = port, has_pages
        self.opened.set()

    @property
    def url(self) -> str:
        """What links begin with; empty where there is no page."""
        return page_address(self._settings, self._port)

    @property
    def open_url(self) -> str:
        """The same, and empty while the page is not served; where this process has none, that of one beside it."""
        if not self._has_pages:
            return page_address(self._settings, self.beside) if self.beside else self._settings.web_url
        return self.url if self.opened.is_set() else ""

    @property
    def own_url(self) -> str:
        """Where this very process answers, whoever stands before it; empty while it does not.

        One that listens everywhere is reached by the name of its machine.
        """
        if self._port is None:
            return ""
        host = self._settings.http_host
        if host in EVERYWHERE:
            host = platform.node()
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"
