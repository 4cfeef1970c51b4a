"""Who is logged in to the web page, and the one-time links by which somebody gets in.

Knows hashes of tokens, never a token; decides nothing of what a session may see.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update

from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import login_links, sessions
from monitor.types import Address


@dataclass(frozen=True, slots=True)
class LoginLink:
    """A link that lets one browser in, once, until `ends_at`. `who` asked for it, `user_id` where they are known."""

    token_hash: str
    address: Address
    ends_at: datetime
    user_id: int | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in as one chat. `seen_at` is when it last asked for something, to some minutes."""

    number: int
    address: Address
    user_id: int | None
    who: str
    browser: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


class SessionRows(Statements):
    """Links and sessions, by the hashes of their tokens."""

    def add_login_link(self, link: LoginLink, *, now: datetime) -> None:
        """Keep a new link."""
        values = {
            "token_hash": link.token_hash,
            "chat_id": link.address.chat_id,
            "thread_id": link.address.thread_id,
            "user_id": link.user_id,
            "who": link.who,
        }
        self._change(self._insert(login_links).values(**values, made_at=now, ends_at=link.ends_at))

    def login_link(self, token_hash: str, *, now: datetime) -> LoginLink | None:
        """A link that was not used and has not ended. Reading it does not use it up."""
        row = self._row(select(login_links).where(_opens(token_hash, now)))
        if row is None:
            return None
        return LoginLink(row.token_hash, Address(row.chat_id, row.thread_id), row.ends_at, row.user_id, row.who)

    def use_login_link(self, token_hash: str, *, now: datetime) -> bool:
        """Use it up; False when somebody was faster, or it has ended."""
        return self._change(update(login_links).where(_opens(token_hash, now)).values(used_at=now)) == 1

    def add_session(self, token_hash: str, link: LoginLink, *, browser: str, now: datetime, ends_at: datetime) -> int:
        """Log a browser in with what a link says; its number, which is never given twice."""
        values = {
            "token_hash": token_hash,
            "chat_id": link.address.chat_id,
            "thread_id": link.address.thread_id,
            "user_id": link.user_id,
            "who": link.who,
            "browser": browser,
        }
        new = self._insert(sessions).values(**values, made_at=now, seen_at=now, ends_at=ends_at)
        return int(self._rows(new.returning(sessions.c.id))[0].id)

    def session(self, token_hash: str, *, now: datetime) -> Session | None:
        """The session of this token, while it lasts."""
        mine = and_(sessions.c.token_hash == token_hash, sessions.c.ends_at > now)
        row = self._row(select(sessions).where(mine))
        return None if row is None else _session_of(row)

    def sessions_of(self, address: Address, *, now: datetime) -> list[Session]:
        """All that last, the one that was seen last first."""
        mine = and_(_of(address), sessions.c.ends_at > now)
        rows = self._rows(select(sessions).where(mine).order_by(sessions.c.seen_at.desc(), sessions.c.id.desc()))
        return [_session_of(row) for row in rows]

    def see_session(self, number: int, *, now: datetime, ends_at: datetime) -> None:
        """Note that it asked for something, and let it last until then."""
        self._change(update(sessions).where(sessions.c.id == number).values(seen_at=now, ends_at=ends_at))

    def end_session(self, number: int, address: Address) -> bool:
        """End one session of this chat; False when it has none of that number."""
        return self._change(delete(sessions).where(and_(sessions.c.id == number, _of(address)))) == 1

    def end_sessions(self, address: Address, *, but: int | None = None) -> int:
        """End all sessions of this chat but one, and its links that nobody has used; how many sessions ended."""
        mine = and_(login_links.c.chat_id == address.chat_id, login_links.c.thread_id == address.thread_id)
        self._change(delete(login_links).where(mine))
        others = _of(address) if but is None else and_(_of(address), sessions.c.id != but)
        return self._change(delete(sessions).where(others))

    def sweep_sessions(self, *, now: datetime) -> int:
        """Delete the sessions and links that have ended; how many sessions went."""
        self._change(delete(login_links).where(login_links.c.ends_at <= now))
        return self._change(delete(sessions).where(sessions.c.ends_at <= now))


def _opens(token_hash: str, now: datetime) -> ColumnElement[bool]:
    return and_(login_links.c.token_hash == token_hash, login_links.c.used_at.is_(None), login_links.c.ends_at > now)


def _of(address: Address) -> ColumnElement[bool]:
    return and_(sessions.c.chat_id == address.chat_id, sessions.c.thread_id == address.thread_id)


def _session_of(row: AnyRow) -> Session:
    return Session(
        row.id,
        Address(row.chat_id, row.thread_id),
        row.user_id,
        row.who,
        row.browser,
        row.made_at,
        row.seen_at,
        row.ends_at,
    )
