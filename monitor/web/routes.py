"""Which pages and forms there are, who may see and send them: one table.

A page's JSON twin, its caching and its guards come by themselves (gate.py). `ShownTo` says whose a path is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from monitor.i18n import translatable
from monitor.web.app_page import app, take_app
from monitor.web.feed_list import check_feed, feed_list, try_address
from monitor.web.follow_forms import follow, unfollow
from monitor.web.login_page import login, take_login
from monitor.web.page import Answer, Visit
from monitor.web.search_page import keep_found, search_page
from monitor.web.settings_page import choose_language, end_login, end_other_logins, log_out, settings
from monitor.web.status_page import end_stuck_form, status_page
from monitor.web.story_forms import keep_article, mute_story, report_story
from monitor.web.story_list import stories
from monitor.web.story_page import story_page
from monitor.web.watch_feeds import renew_feed_key, watch_json_feed, watch_rss
from monitor.web.watch_list import watch_list
from monitor.web.watch_page import watch_page
from monitor.web.watchlist_editor import checked, draft_for, edited, editor, tried
from monitor.web.watchlists_page import change_shown, undone, watchlists

Handler = Callable[[Visit], Awaitable[Answer]]


class ShownTo(StrEnum):
    """Whom a path answers: anybody; readers (logged in, or all where the page is open); who is logged in; admins."""

    ANYBODY = "anybody"
    READERS = "readers"
    CHATS = "chats"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class PagePath:
    """A page at a path. `nav`: its name among the links at the top, empty: it is not there. `twin`: also as JSON."""

    path: str
    show: Handler
    shown_to: ShownTo = ShownTo.READERS
    nav: str = ""
    twin: bool = True


@dataclass(frozen=True, slots=True)
class FormPath:
    """Where a form is sent (POST). Its token is checked before; `shown_to` ANYBODY has none: there is no session yet.

    `most_bytes`: how long it may be.
    """

    path: str
    take: Handler
    shown_to: ShownTo = ShownTo.CHATS
    most_bytes: int = 64 * 1024


MOST_TEXT = 2 * 2**20  # bytes of a form with a file of watchlists and the text that its editor began with
STORY = "{story_id:[0-9]{1,18}}"
WATCH = "{watch_id:[a-z0-9][a-z0-9-]{0,100}}"
WATCHLIST = "{file:[^/]{1,130}[.]yaml}"

PAGES: tuple[PagePath, ...] = (
    PagePath("/", stories, nav=translatable("Stories")),
    PagePath(f"/stories/{STORY}", story_page),
    PagePath("/search", search_page),
    PagePath("/watches", watch_list, nav=translatable("Watches")),
    PagePath(f"/watches/{WATCH}", watch_page),
    PagePath("/feeds", feed_list, nav=translatable("Feeds")),
    PagePath("/status", status_page, nav=translatable("Status")),
    PagePath("/watchlists", watchlists, ShownTo.ADMINISTRATORS, nav=translatable("Watchlists")),
    PagePath("/watchlists/changes/{number:[0-9]{1,18}}", change_shown, ShownTo.ADMINISTRATORS),
    PagePath(f"/watchlists/{WATCHLIST}", editor, ShownTo.ADMINISTRATORS),
    PagePath("/settings", settings, ShownTo.CHATS, nav=translatable("Settings")),
    PagePath("/login", login, ShownTo.ANYBODY, twin=False),
    PagePath("/app", app, ShownTo.ANYBODY, twin=False),
    # whoever has a key: watch_feeds.py asks for it
    PagePath(f"/watches/{WATCH}/feed.xml", watch_rss, ShownTo.ANYBODY, twin=False),
    PagePath(f"/watches/{WATCH}/feed.json", watch_json_feed, ShownTo.ANYBODY, twin=False),
)

FORMS: tuple[FormPath, ...] = (
    FormPath("/login", take_login, ShownTo.ANYBODY, most_bytes=8 * 1024),
    FormPath("/app/login", take_app, ShownTo.ANYBODY, most_bytes=16 * 1024),
    FormPath("/logout", log_out),
    FormPath("/settings/end", end_login),
    FormPath("/settings/end-others", end_other_logins),
    FormPath("/settings/lang", choose_language),
    FormPath(f"/stories/{STORY}/save", keep_article),
    FormPath(f"/stories/{STORY}/mute", mute_story),
    FormPath(f"/stories/{STORY}/wrong", report_story),
    FormPath("/search/save", keep_found),
    FormPath("/status/stuck", end_stuck_form, ShownTo.ADMINISTRATORS),
    FormPath("/feeds/check", check_feed, ShownTo.ADMINISTRATORS),
    FormPath("/feeds/test", try_address, ShownTo.ADMINISTRATORS),
    FormPath("/feed-key", renew_feed_key),
    FormPath("/watches/follow", follow),
    FormPath("/watches/unfollow", unfollow),
    FormPath("/watchlists/undo", undone, ShownTo.ADMINISTRATORS),
    FormPath("/watchlists/draft", draft_for, ShownTo.ADMINISTRATORS),
    FormPath(f"/watchlists/{WATCHLIST}", edited, ShownTo.ADMINISTRATORS, MOST_TEXT),
    FormPath(f"/watchlists/{WATCHLIST}/check", checked, ShownTo.ADMINISTRATORS, MOST_TEXT),
    FormPath(f"/watchlists/{WATCHLIST}/try", tried, ShownTo.ADMINISTRATORS, MOST_TEXT),
)
