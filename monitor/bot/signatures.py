"""What an administrator orders, signed with who and where, for the log of changes.

Writes nothing: the row goes with what it tells of, in one transaction.
"""

from monitor.bot.chat_request import Request
from monitor.types import ChangeAction, NewChange


def signed(request: Request, action: ChangeAction, what: str = "", *, before: str = "", after: str = "") -> NewChange:
    """A change with whoever orders it."""
    return NewChange(action, what, request.speaker, request.address.chat_id, request.user_id, before, after)
