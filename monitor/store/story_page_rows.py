"""What a page about one story asks beside the story itself: who was told of it, and what it was merged from.

Writes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, literal_column, select

from monitor.store.chat_tables import chats, feedback
from monitor.store.statements import Statements
from monitor.store.tables import alerts, mutes, row_id, row_ids, stories
from monitor.types import Address, AlertKind, AlertState, StoryId

_TELLS = alerts.c.kind.in_([literal_column("'alert'"), literal_column("'update'")])  # an edit repeats one of them


@dataclass(frozen=True, slots=True)
class ToldChat:
    """A chat that was told of a story, or is to be: first (`kind` alert) or of a development.

    `at` is when the row was settled, before that when it was written. `in_digest`: a digest told it; `is_line`: it is a
    line in another message.
    """

    address: Address
    title: str
    kind: AlertKind
    state: AlertState
    at: datetime
    in_digest: bool = False
    is_line: bool = False
    why: str = ""


class StoryPageRows(Statements):
    """Rows around one story."""

    def told_of(self, story_id: StoryId, address: Address | None, *, limit: int) -> list[ToldChat]:
        """The chats that were told of a story, the newest first; `address`: that one alone."""
        joined = and_(chats.c.chat_id == alerts.c.chat_id, chats.c.thread_id == alerts.c.thread_id)
        rows = (
            select(alerts, func.coalesce(chats.c.title, "").label("title"))
            .join(chats, joined, isouter=True)
            .where(alerts.c.story_id == row_id(story_id), _TELLS)
            .order_by(alerts.c.id.desc())
            .limit(limit)
        )
        if address is not None:
            rows = rows.where(alerts.c.chat_id == address.chat_id, alerts.c.thread_id == address.thread_id)
        return [
            ToldChat(
                Address(row.chat_id, row.thread_id),
                row.title,
                AlertKind(row.kind),
                AlertState(row.state),
                row.settled_at or row.created_at,
                in_digest=row.digest_id is not None,
                is_line=row.under_id is not None and row.message_id is None and row.state == AlertState.SENT,
                why=row.why,
            )
            for row in self._rows(rows)
        ]

    def told_count(self, story_id: StoryId) -> int:
        """How many such rows there are."""
        row = self._row(select(func.count().label("n")).where(alerts.c.story_id == row_id(story_id), _TELLS))
        return 0 if row is None else row.n

    def merged_into(self, story_id: StoryId) -> list[StoryId]:
        """The stories that turned out to be this one, oldest first."""
        rows = self._rows(select(stories.c.id).where(stories.c.merged_into == row_id(story_id)).order_by(stories.c.id))
        return [StoryId(str(row.id)) for row in rows]

    def titles_of(self, story_ids: Collection[StoryId]) -> dict[StoryId, str]:
        """What stories are called."""
        mine = self._one_of(stories.c.id, row_ids(story_ids))
        rows = self._rows(select(stories.c.id, stories.c.title).where(mine).order_by(stories.c.id))
        return {StoryId(str(row.id)): row.title for row in rows}

    def is_muted(self, address: Address, story_id: StoryId) -> bool:
        """Whether a chat wants no more of a story."""
        mine = (mutes.c.chat_id == address.chat_id, mutes.c.thread_id == address.thread_id)
        return self._row(select(mutes.c.at).where(*mine, mutes.c.story_id == row_id(story_id))) is not None

    def has_complained(self, address: Address, story_id: StoryId) -> bool:
        """Whether somebody in a chat has said that the alert about a story is wrong."""
        mine = (feedback.c.chat_id == address.chat_id, feedback.c.thread_id == address.thread_id)
        return self._row(select(feedback.c.id).where(*mine, feedback.c.story_id == row_id(story_id))) is not None
