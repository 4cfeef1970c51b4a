"""What somebody orders on the page, signed with who they are, for the log of changes. Writes nothing."""

from monitor.store.transaction import Transaction
from monitor.types import ChangeAction, NewChange
from monitor.web.page import NotAllowed, Visit
from monitor.web.site import ADMINISTRATOR


async def signed_by(visit: Visit, action: ChangeAction, what: str = "") -> NewChange:
    """A change with whoever orders it: who asked for the link that let them in, else by the name of their chat.

    Who came by `monitor login` without a chat is called so.
    """
    address = visit.address
    if address is None:
        raise NotAllowed(visit.words.gettext("You are not logged in any more. Nothing was changed."))
    if address == ADMINISTRATOR:
        return NewChange(action, what, "monitor login")
    session = visit.viewer.session
    who, user_id = (session.who, session.user_id) if session is not None else ("", None)
    if not who:
        chat = await visit.site.store.read(Transaction.chat, address)
        who = chat.title if chat is not None else ""
    return NewChange(action, what, who, address.chat_id, user_id)
