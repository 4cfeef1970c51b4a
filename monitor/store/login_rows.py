"""How many one-time links a chat has, and the end of its oldest ones.

Links themselves are in session_rows.py. Decides no limit.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from monitor.store.statements import Statements
from monitor.store.tables import login_links
from monitor.types import Address


class LoginRows(Statements):
    """The links of one chat."""

    def login_links_made(self, address: Address, *, now: datetime) -> int:
        """How many were made whose time is not over, used ones too."""
        mine = and_(_of(address), login_links.c.ends_at > now)
        return int(self._rows(select(func.count().label("n")).select_from(login_links).where(mine))[0].n)

    def end_older_links(self, address: Address, *, keep: int, now: datetime) -> None:
        """End those that nobody has used, but for the newest `keep`."""
        waiting = and_(_of(address), login_links.c.used_at.is_(None), login_links.c.ends_at > now)
        newest = select(login_links.c.token_hash).where(waiting)
        newest = newest.order_by(login_links.c.made_at.desc(), login_links.c.token_hash).limit(keep)
        kept = [row.token_hash for row in self._rows(newest)]
        self._change(update(login_links).where(waiting, login_links.c.token_hash.not_in(kept)).values(used_at=now))


def _of(address: Address) -> ColumnElement[bool]:
    return and_(login_links.c.chat_id == address.chat_id, login_links.c.thread_id == address.thread_id)
