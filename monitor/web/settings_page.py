"""/settings: who is logged in here and what they may, the open logins of their chat, its language, and the way out.

What a chat is told, and when, is set in the chat (bot/settings_menu.py).
"""

from dataclasses import replace
from typing import Any

from monitor.i18n import LANGUAGES
from monitor.store.session_rows import Session
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.types import Address
from monitor.web.login_page import called
from monitor.web.page import Answer, GoTo, Visit, WebPage, WrongInput
from monitor.web.site import ADMINISTRATOR
from monitor.web.viewer import Viewer

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


async def settings(visit: Visit) -> Answer:
    """The page."""
    address, viewer = _known(visit.viewer)
    open_ones = await visit.site.store.read(Transaction.sessions_of, address, now=visit.now)
    return WebPage(
        "settings.html",
        {
            "logged_in_as": await called(visit, address),
            "who": viewer.who,
            "is_admin": visit.viewer.is_admin,
            "is_shared": address.chat_id < 0,
            "lang": visit.viewer.lang,
            "sessions": [_row(each, viewer) for each in open_ones],
        },
        {
            "form_token": visit.viewer.form_token,
            "languages": {} if address == ADMINISTRATOR else {code: LANGUAGE_NAMES[code] for code in LANGUAGES},
        },
    )


def _row(session: Session, mine: Session) -> dict[str, Any]:
    return {
        "number": session.number,
        "browser": session.browser,
        "who": session.who,
        "made_at": session.made_at,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
        "is_this": session.number == mine.number,
    }


async def end_login(visit: Visit) -> Answer:
    """A form: end one login of this chat, by its number. One that has ended already is no mistake."""
    address, mine = _known(visit.viewer)
    number = row_id(visit.form.get("number"))
    if number is None:
        raise WrongInput(visit.words.gettext("There is no such login."))
    if number == mine.number:
        return await log_out(visit)
    await visit.site.store.write(Transaction.end_session, number, address)
    return GoTo("/settings")


async def end_other_logins(visit: Visit) -> Answer:
    """A form: end all logins of this chat but this one, and its links that nobody has used."""
    address, mine = _known(visit.viewer)
    await visit.site.store.write(Transaction.end_sessions, address, but=mine.number)
    return GoTo("/settings")


async def log_out(visit: Visit) -> Answer:
    """A form: end this login."""
    address, mine = _known(visit.viewer)
    await visit.site.store.write(Transaction.end_session, mine.number, address)
    return GoTo("/login", cookie="")


async def choose_language(visit: Visit) -> Answer:
    """A form: speak another language to this chat, here and in its messages."""
    address, _ = _known(visit.viewer)
    lang = visit.form.get("lang", "")
    if lang not in LANGUAGES:
        raise WrongInput(visit.words.gettext("There is no such language."))
    await visit.site.store.write(_speak, address, lang)
    return GoTo("/settings")


def _speak(tx: Transaction, address: Address, lang: str) -> None:
    chat = tx.locked_chat(address)
    if chat is not None:
        tx.save_chat(replace(chat, lang=lang))


def _known(viewer: Viewer) -> tuple[Address, Session]:
    """Chat and session of whoever is logged in: the table of paths lets nobody else come here."""
    assert viewer.address is not None
    assert viewer.session is not None
    return viewer.address, viewer.session
