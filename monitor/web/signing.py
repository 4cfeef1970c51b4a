"""What somebody orders on the page, signed with who they are, for the log of changes. Writes nothing."""

from monitor.store.transaction import Transaction
from monitor.types import ChangeAction, NewChange
from monitor.web.page import NotAllowed, Visit
from monitor.web.site import ADMINISTRATOR


async def signed_by(visit: Visit, action: ChangeAction, what: str = "") -> NewChange:
    """A change with whoever orders it: by the name of their chat, or as `monitor login` where they came by that."""
    address = visit.address
    if address is None:
        raise NotAllowed(visit.words.gettext("You are not logged in any more. Nothing was changed."))
    if address == ADMINISTRATOR:
        return NewChange(action, what, "monitor login")
    chat = await visit.site.store.read(Transaction.chat, address)
    return NewChange(action, what, chat.title if chat is not None else "", address.chat_id)
