"""Summaries that a language model wrote: kept by a hash of what it was given, so that nothing is paid for twice.

Judges no text.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, literal_column, or_, select

from monitor.store.column_types import Id
from monitor.store.statements import Statements
from monitor.store.tables import abstracts, alerts, items, row_id
from monitor.types import AlertKind, AlertState, StoryId

WAITED = timedelta(days=3)  # what was told later than that has no reader who waits for a better text


class AbstractRows(Statements):
    """What was written of stories, and which stories wait for it."""

    def stories_without_abstract(self, *, told_after: datetime, told_before: datetime, limit: int) -> list[StoryId]:
        """Stories told in between of which nothing was written since their articles last changed, newest first.

        Told within WAITED of when the alert was written.
        """
        of_story = select(func.max(items.c.edited_at)).where(items.c.story_id == alerts.c.story_id)
        edited = of_story.correlate(alerts).scalar_subquery()  # else it is of all stories, inside of the other question
        written = exists().where(
            abstracts.c.story_id == alerts.c.story_id,
            or_(edited.is_(None), abstracts.c.at >= edited),
        )
        told = func.max(alerts.c.settled_at)
        # "+ 0": SQLite would walk through all stories that were ever told, for the grouping
        story = alerts.c.story_id + literal_column("0", Id)
        due = (
            select(story.label("story"))
            .where(
                alerts.c.kind == AlertKind.ALERT,
                alerts.c.state == AlertState.SENT,
                story.is_not(None),
                alerts.c.created_at > told_after - WAITED,
                alerts.c.settled_at > told_after,
                alerts.c.settled_at <= told_before,
                ~written,
            )
            .group_by(story)
            .order_by(told.desc(), story.desc())
            .limit(limit)
        )
        return [StoryId(str(row.story)) for row in self._rows(due)]

    def abstract(self, story_id: StoryId, content_hash: str) -> tuple[str, str] | None:
        """What was written of a story from just these articles, and why it is not shown; one of both is empty."""
        mine = select(abstracts.c.text, abstracts.c.why).where(
            abstracts.c.story_id == row_id(story_id), abstracts.c.digest == content_hash
        )
        row = self._row(mine)
        return None if row is None else (str(row.text), str(row.why))

    def latest_abstract(self, story_id: StoryId) -> str:
        """The newest text that held when it was written; empty when there is none."""
        newest = (
            select(abstracts.c.text)
            .where(and_(abstracts.c.story_id == row_id(story_id), abstracts.c.text != ""))
            .order_by(abstracts.c.at.desc())
            .limit(1)
        )
        row = self._row(newest)
        return "" if row is None else str(row.text)

    def save_abstract(self, story_id: StoryId, content_hash: str, text: str, *, why: str, now: datetime) -> None:
        """Keep what was written from these articles, or why nothing is shown; over what was kept for them before."""
        kept = {"text": text, "why": why, "at": now}
        insert = self._insert(abstracts).values(story_id=row_id(story_id), digest=content_hash, **kept)
        self._change(insert.on_conflict_do_update(index_elements=["story_id", "digest"], set_=kept))

    def forget_abstracts(self, *, before: datetime) -> int:
        """Delete what was written before `before`; how many."""
        return self._change(delete(abstracts).where(abstracts.c.at < before))
