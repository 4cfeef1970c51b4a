"""Complaints of readers as an administrator reviews them: the open ones, story by story, until they are closed.

Keeps none; chat_rows.py does. Changes no watch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from monitor.store.statements import Statements
from monitor.store.tables import feedback, row_id, stories
from monitor.types import Address, StoryId

MOST_OPEN = 1_000  # complaints, the newest; nobody reviews more


@dataclass(frozen=True, slots=True)
class Complaint:
    """What readers say is wrong about one story, the newest of it `at`, with the matches that rang.

    `said_in`: the chats, each with how many persons say so.
    """

    story_id: StoryId
    title: str
    at: datetime
    said_in: tuple[tuple[Address, int], ...]
    evidence: tuple[Mapping[str, Any], ...]


class ComplaintRows(Statements):
    """Complaints, by story."""

    def open_complaints(self) -> list[Complaint]:
        """The open ones, the newest first."""
        return self._complaints(feedback.c.closed_at.is_(None))

    def complaint(self, story_id: StoryId) -> Complaint | None:
        """What is said of one story, whether it is open or not."""
        return next(iter(self._complaints(feedback.c.story_id == row_id(story_id))), None)

    def _complaints(self, wanted: ColumnElement[bool]) -> list[Complaint]:
        said = select(feedback, stories.c.title).join(stories, stories.c.id == feedback.c.story_id).where(wanted)
        found: dict[StoryId, Complaint] = {}
        for row in self._rows(said.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(MOST_OPEN)):
            story = StoryId(str(row.story_id))
            known = found.get(story)
            rows = _evidence(row.evidence)
            found[story] = Complaint(
                story,
                row.title,
                known.at if known else row.at,
                (*(known.said_in if known else ()), (Address(row.chat_id, row.thread_id), max(1, len(row.voices)))),
                (*known.evidence, *(each for each in rows if each not in known.evidence)) if known else tuple(rows),
            )
        return list(found.values())

    def complaints_count(self) -> int:
        """How many stories somebody complains of, the open ones alone."""
        counted = select(func.count(feedback.c.story_id.distinct())).where(feedback.c.closed_at.is_(None))
        row = self._row(counted)
        return 0 if row is None else int(row[0])

    def close_complaint(self, story_id: StoryId, *, now: datetime) -> int:
        """Be done with what is said of a story; how many open complaints that were. A later one opens it again."""
        mine = (feedback.c.story_id == row_id(story_id), feedback.c.closed_at.is_(None))
        return self._change(update(feedback).where(*mine).values(closed_at=now))


def _evidence(stored: object) -> Sequence[Mapping[str, Any]]:
    return [row for row in stored if isinstance(row, Mapping)] if isinstance(stored, (list, tuple)) else []
