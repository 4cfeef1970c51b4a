"""How one gets in: the page behind a one-time link, and what to do where there is none.

Looking at a link does not use it up, for previews look at links, too: its button does. Who gets a link is decided
where it is made (pipeline/logins.py).
"""

import re
from ipaddress import ip_address, ip_network

from monitor.i18n import Translator
from monitor.pipeline.logins import MOST_TOKEN, hash_of, is_shut_out, new_token
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Transaction
from monitor.types import Address, Chat
from monitor.web.browser_names import browser_name
from monitor.web.page import Answer, GoTo, TooOften, Visit, WebPage
from monitor.web.site import ADMINISTRATOR
from monitor.web.viewer import session_ends

MOST_SESSIONS = 20  # browsers logged in as one chat: a further one ends the one that was away for longest
MOST_PATH = 2_000  # characters of a page to go to
# From one slash on, printable ASCII without "\", which browsers read as "/": so "//evil.example" is no path of ours
_LOCAL = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")


async def login(visit: Visit) -> Answer:
    """The page behind a link, with its one button; without one, what to do to get in."""
    onward = local_path(visit.query.get("next", ""))
    token = visit.query.get("token", "")
    if not token:
        return await _page(visit, "none", onward)
    link = await _link_of(visit, token)
    if link is None:
        return await _page(visit, "wrong", onward)
    return await _page(visit, "open", onward, token=token, address=link.address)


async def take_login(visit: Visit) -> Answer:
    """The button was pressed: use the link up, and log this browser in by a session that is new each time."""
    onward = local_path(visit.form.get("next", ""))
    token = visit.form.get("link") or visit.query.get("token", "")  # a program may send the button to the link itself
    if await _link_of(visit, token) is None:
        return await _page(visit, "wrong", onward)
    secret = new_token()
    if not await visit.site.store.write(_enter, visit, hash_of(token), hash_of(secret)):
        return await _page(visit, "wrong", onward)  # somebody was faster
    return GoTo(onward, cookie=secret)


def _enter(tx: Transaction, visit: Visit, link_hash: str, session_hash: str) -> bool:
    link = tx.login_link(link_hash, now=visit.now)
    if link is None or not tx.use_login_link(link_hash, now=visit.now):
        return False
    enter(tx, visit, link, session_hash)
    return True


def enter(tx: Transaction, visit: Visit, link: LoginLink, session_hash: str) -> None:
    """Make a session of what a link says; the one that this browser had, and one too many, end."""
    mine = visit.viewer.session
    if mine is not None:
        tx.end_session(mine.number, mine.address)
    for old in tx.sessions_of(link.address, now=visit.now)[MOST_SESSIONS - 1 :]:
        tx.end_session(old.number, link.address)
    ends_at = session_ends(link.address, made_at=visit.now, now=visit.now)
    browser = browser_name(visit.browser)
    tx.add_session(session_hash, link, browser=browser, now=visit.now, ends_at=ends_at)


async def _link_of(visit: Visit, token: str) -> LoginLink | None:
    """The link of this token. Raises TooOften for a peer that has just brought too many wrong ones."""
    site, peer = visit.site, peer_of(visit.peer)
    refuse_guesser(visit)
    link = None
    if 0 < len(token) <= MOST_TOKEN:
        link = await site.store.read(_read, visit, hash_of(token))
    if link is None:
        site.wrong_tokens.add(peer, visit.now)
    return link


def refuse_guesser(visit: Visit) -> None:
    """Raise TooOften for a peer that has just brought too many wrong tokens, whatever it brings now."""
    if visit.site.wrong_tokens.is_full(peer_of(visit.peer), visit.now):
        raise TooOften(visit.words.gettext("Too many wrong links came from your address. Please wait a minute."))


def _read(tx: Transaction, visit: Visit, token_hash: str) -> LoginLink | None:
    link = tx.login_link(token_hash, now=visit.now)
    if link is None or (not visit.site.is_admin(link.address) and is_shut_out(tx, link.address)):
        return None
    return link


def peer_of(remote: str) -> str:
    """Whom guesses are counted against: an address, or the network of 64 bits that one household has of IPv6."""
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return remote
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


def local_path(asked: str) -> str:
    """A page of ours to go to after the login: what was asked for, or the first one where that is none of ours."""
    if len(asked) > MOST_PATH or not _LOCAL.fullmatch(asked) or asked.startswith("/login"):
        return "/"
    return asked


async def _page(visit: Visit, state: str, onward: str, *, token: str = "", address: Address | None = None) -> WebPage:
    """`state`: none (no link), open (it lets in), wrong."""
    here = visit.viewer.address
    names = {each: await called(visit, each) for each in (here, address) if each is not None}
    return WebPage(
        "login.html",
        {
            "state": state,
            "as_whom": names.get(address) if address is not None else None,
            "here_as": names.get(here) if here is not None else None,
            "is_same": address == here,
            "is_admin": address is not None and visit.site.is_admin(address),
        },
        {"token": token, "onward": onward},
        status=404 if state == "wrong" else 200,
        keeps=False,
    )


async def called(visit: Visit, address: Address) -> str:
    """How a chat is called to whoever is logged in as it."""
    return named(await visit.site.store.read(Transaction.chat, address), address, visit.words)


def named(chat: Chat | None, address: Address, words: Translator) -> str:
    """The title of a chat; of one without, its number."""
    if address == ADMINISTRATOR:
        return words.gettext("Administrator of this installation")
    title = chat.title if chat is not None else ""
    number = f"{address.chat_id}:{address.thread_id}" if address.thread_id else f"{address.chat_id}"
    return f"{title} ({number})" if title and address.thread_id else title or number
