"""A page as its handler gives it, and one visit to it: who asks for what.

A page is data first: the very values that its template shows are its JSON twin. Rendering, caching and rights are done
around all pages alike (gate.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.i18n import Translator, translator
from monitor.types import Address, Watch, WatchId, own_number
from monitor.web.site import Site
from monitor.web.viewer import Viewer

MOST_WORDS = 500  # characters of one parameter of an address


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a visit is answered with.

    `data`: plain values, aware datetimes, lists and mappings; shown by the template, and as JSON. `extra` is for the
    template alone: drawings, markup. `keeps`: whether a browser may keep it to ask whether it still is so (ETag).
    """

    template: str
    data: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class GoTo:
    """After a form: the page to look at now. `cookie`: the new value of the session's cookie, empty to end it."""

    path: str
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is no page: a feed, an answer to the script. Has an ETag where it `keeps`.

    `changed_at` is since when it reads as it does, for readers that ask by time (If-Modified-Since).
    """

    body: str
    content_type: str
    status: int = 200
    keeps: bool = True
    changed_at: datetime | None = None


Answer = WebPage | GoTo | Raw


class PageError(Exception):
    """A visit that cannot be answered; `why` is plain text in the visitor's language, and says what to do."""

    status = 500

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotHere(PageError):
    """There is no such page, story, watch or file."""

    status = 404


class NotLoggedIn(PageError):
    """It is not known who asks."""

    status = 401


class NotAllowed(PageError):
    """It is there, and not for this viewer."""

    status = 403


class WrongInput(PageError):
    """What was asked for makes no sense."""

    status = 400


class TooOften(PageError):
    """Asked for more often than anybody needs."""

    status = 429


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, read and checked: `parts` of the path, `query` of the address, `form` where one was sent.

    `peer` is the address of the other side, for limits; `browser` its User-Agent.
    """

    site: Site
    viewer: Viewer
    now: datetime
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    peer: str = ""
    browser: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    theme: str = ""  # light or dark, where not the system's counts

    @property
    def words(self) -> Translator:
        """Sentences in the viewer's language."""
        return translator(self.viewer.lang)

    @property
    def address(self) -> Address | None:
        """The viewer's chat."""
        return self.viewer.address

    @property
    def may_read(self) -> bool:
        """Whether pages for readers are shown: to who is logged in, and to all where the page is open."""
        return self.viewer.is_known or self.site.access == "open"

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the browser says that a page of another site asks."""
        return self.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")

    def log_in_first(self) -> NotLoggedIn:
        """What is said to whoever has to log in."""
        return NotLoggedIn(self.words.gettext("Please log in: send /web to the bot, or run `monitor login`."))

    def asked(self, name: str) -> str:
        """A parameter of the address, without blanks at its ends; empty where it is not given. Raises WrongInput."""
        value = self.query.get(name, "").strip()
        if len(value) > MOST_WORDS or "\x00" in value:
            raise WrongInput(self.words.gettext("What follows {name}= in the address is too long.", name=name))
        return value

    def watches(self) -> dict[WatchId, Watch]:
        """Those in force that this viewer may see."""
        return {watch_id: watch for watch_id, watch in self.site.watches().items() if self.may_see(watch_id)}

    def may_see(self, watch_id: WatchId | str) -> bool:
        """Whether a watch is shown to this viewer: those of the files to all, a chat's own one to that chat alone."""
        if own_number(watch_id) is None:
            return True
        return self.address is not None and self.site.owners().get(WatchId(watch_id)) == self.address
