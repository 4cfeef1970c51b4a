"""Who looks at a page: nobody known, or a chat by its session; in which language, and what may be seen.

Rights are the chat's at this moment: nothing of them stands in the cookie or the session.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.i18n import LANGUAGES
from monitor.pipeline.logins import MOST_TOKEN, hash_of, is_shut_out
from monitor.store.session_rows import Session
from monitor.store.transaction import Transaction
from monitor.types import Address
from monitor.web.site import ADMINISTRATOR, Site

COOKIE = "monitor_session"
SESSION_LASTS = timedelta(days=30)  # after it was last seen
OF_A_GROUP = timedelta(days=1)  # after it was made: who administers a group no more has lost its page by then
SEEN_EVERY = timedelta(minutes=5)  # a write a page would be dearer than the page


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody before a page. `address` None: not logged in. `form_token` goes with every form they send."""

    lang: str
    address: Address | None = None
    is_admin: bool = False
    session: Session | None = None
    form_token: str = ""

    @property
    def is_known(self) -> bool:
        """Whether they are logged in."""
        return self.address is not None


def session_ends(address: Address, *, made_at: datetime, now: datetime) -> datetime:
    """Until when a session lasts that was made then and is used now."""
    is_shared = address.chat_id < 0  # a group or a channel, as Telegram numbers them
    return made_at + OF_A_GROUP if is_shared else now + SESSION_LASTS


def form_token_of(session_token: str) -> str:
    """The token of the forms of one session: made of its secret, which no other page can read."""
    return hmac.new(session_token.encode(), b"forms", hashlib.sha256).hexdigest()


def is_form_token(given: str, viewer: Viewer) -> bool:
    """Whether a form came from a page that this viewer was shown; takes as long for any wrong one."""
    return viewer.is_known and hmac.compare_digest(given.encode(), viewer.form_token.encode())


def language_of(accepted: str) -> str:
    """The first language of ours that a browser asks for (Accept-Language); Vietnamese where it names none."""
    wanted = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.partition("q=")[2] or 1)
        except ValueError:
            weight = 0.0
        wanted.append((-weight, place, tag.split("-")[0].casefold()))
    return next((tag for _, _, tag in sorted(wanted) if tag in LANGUAGES), LANGUAGES[0])


async def viewer_of(site: Site, cookie: str, accepted: str) -> Viewer:
    """Who sends this cookie; a barred chat is nobody."""
    lang = language_of(accepted)
    if not 0 < len(cookie) <= MOST_TOKEN:
        return Viewer(lang)
    now = site.clock()
    token_hash = hash_of(cookie)

    def read(tx: Transaction) -> Viewer:
        session = tx.session(token_hash, now=now)
        if session is None:
            return Viewer(lang)
        if not site.is_admin(session.address) and is_shut_out(tx, session.address):
            return Viewer(lang)
        chat = tx.chat(session.address)
        spoken = lang if chat is None or chat.address == ADMINISTRATOR else chat.lang
        return Viewer(spoken, session.address, site.is_admin(session.address), session, form_token_of(cookie))

    viewer = await site.store.read(read)
    if viewer.session is not None:
        await _seen(site, viewer.session, now)
    return viewer


async def _seen(site: Site, session: Session, now: datetime) -> None:
    """Let a session that is used last on; at most every few minutes."""
    if now - session.seen_at < SEEN_EVERY:
        return
    ends_at = session_ends(session.address, made_at=session.made_at, now=now)
    await site.store.write(Transaction.see_session, session.number, now=now, ends_at=ends_at)
