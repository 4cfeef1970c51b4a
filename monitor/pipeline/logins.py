"""One-time links by which a browser gets into the web page: made for a chat, known to rows by their hashes alone.

Decides nothing of who may have one (bot/access.py, cli/login.py), and not what a session sees (web/).
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Transaction
from monitor.types import Address, ChatState

MOST_TOKEN = 100  # characters of a token of ours; a longer one is none
LINK_LASTS = timedelta(minutes=10)
MOST_OPEN = 3  # links of a chat that nobody has used yet: a further one ends the oldest
MOST_MADE = 10  # links of a chat in the time that one lasts; nobody needs more, and none is dearer than a row


def new_token() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What rows know of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_to(page: str, token: str) -> str:
    """The address that is opened; `page` is what links begin with."""
    return f"{page}/login?token={token}"


def make_login(
    tx: Transaction,
    address: Address,
    token: str,
    *,
    now: datetime,
    who: str = "",
    user_id: int | None = None,
    lasts: timedelta = LINK_LASTS,
) -> datetime | None:
    """Let whoever brings this token in, once, as this chat; until when. None: too many were made for it lately."""
    if tx.login_links_made(address, now=now) >= MOST_MADE:
        return None
    tx.end_older_links(address, keep=MOST_OPEN - 1, now=now)
    tx.add_login_link(LoginLink(hash_of(token), address, now + lasts, user_id, who), now=now)
    return now + lasts


def is_shut_out(tx: Transaction, address: Address) -> bool:
    """Whether an administrator has barred this chat, or the chat of this topic: then nobody is let in as it."""
    places = dict.fromkeys((address, Address(address.chat_id)))
    return any((chat := tx.chat(place)) is not None and chat.state is ChatState.BARRED for place in places)
