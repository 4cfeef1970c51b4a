"""/app: the page inside of Telegram (a Mini App): whoever Telegram names is logged in as their private chat.

What Telegram signed stands behind the # of the address, which no server is sent; static/app.js puts it into a form. In
Telegram's own programs the page is the whole window. Telegram Web would show it in a frame, where no cookie of ours
goes and no page of ours stands: there the link of /web is opened in a tab.
"""

from dataclasses import replace

from monitor.notify.mini_app import AppUser
from monitor.pipeline.logins import hash_of, is_shut_out, new_token
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import Transaction
from monitor.types import Address
from monitor.web.login_page import enter, peer_of, refuse_guesser
from monitor.web.page import Answer, GoTo, NotHere, Visit, WebPage


async def app(visit: Visit) -> Answer:
    """What Telegram opens; the script sends it on."""
    return WebPage("app.html", {"state": "open" if visit.site.app_user is not None else "none"}, keeps=False)


async def take_app(visit: Visit) -> Answer:
    """What Telegram signed, sent by the script: log the browser in as the private chat of whom it names."""
    check = visit.site.app_user
    if check is None:
        raise NotHere(visit.words.gettext("There is no such page."))
    refuse_guesser(visit)
    user = check(visit.form.get("init_data", ""), visit.now)
    if user is None:
        visit.site.wrong_tokens.add(peer_of(visit.peer), visit.now)
        return WebPage("app.html", {"state": "wrong"}, status=403, keeps=False)
    if visit.address is not None:  # a link to here may hold what was signed for its sender: nobody is switched by it
        is_same = visit.address == Address(user.user_id)
        return GoTo("/") if is_same else WebPage("app.html", {"state": "other"}, status=403, keeps=False)
    secret = new_token()
    if not await visit.site.store.write(_enter, visit, user, hash_of(secret)):
        return WebPage("app.html", {"state": "stranger"}, status=403, keeps=False)
    return GoTo("/", cookie=secret)


def _enter(tx: Transaction, visit: Visit, user: AppUser, session_hash: str) -> bool:
    """Whether they may: their private chat is known, and nobody has barred it; administrators' chats always may."""
    address = Address(user.user_id)
    if not visit.site.is_admin(address) and (tx.chat(address) is None or is_shut_out(tx, address)):
        return False
    inside = replace(visit, browser=f"Telegram {visit.browser}")  # whatever the window in it calls itself
    enter(tx, inside, LoginLink("", address, visit.now, user.user_id, user.name), session_hash)
    return True
