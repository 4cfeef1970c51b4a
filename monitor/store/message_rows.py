"""What a message is made of, read in few statements: a row of the outbox with its chat, and the stories behind it.

Decides nothing of what is shown. All is as it is at this moment: a story may have merged since the row was written.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, func, or_, select

from monitor.store.column_types import Id
from monitor.store.feed_rows import ITEM
from monitor.store.outbox_rows import alert_of
from monitor.store.preferences import read_preferences
from monitor.store.statements import AnyRow
from monitor.store.tables import alerts, chats, items, mutes, row_ids, stories, subscriptions
from monitor.store.view_rows import ViewRows, view_of
from monitor.types import AS_SHIPPED, Alert, Preferences, StoryId, StoryView, Target


@dataclass(slots=True)
class MessageRead:
    """A row of the outbox as it is now, with what its chat prefers and follows, and the rows that it took in.

    `lang` is "" where none is known. `muted` are the ids of those rows whose story the chat wants no more of.
    """

    alert: Alert | None = None
    lang: str = ""
    preferences: Preferences = AS_SHIPPED
    targets: list[Target] = field(default_factory=list)
    taken_in: list[Alert] = field(default_factory=list)
    muted: set[int] = field(default_factory=set)


_told = stories.alias("told")
_is_muted = (
    select(mutes.c.chat_id)
    .join(_told, mutes.c.story_id == func.coalesce(_told.c.merged_into, _told.c.id))
    .where(
        _told.c.id == alerts.c.story_id,
        mutes.c.chat_id == alerts.c.chat_id,
        mutes.c.thread_id == alerts.c.thread_id,
    )
    .exists()
)
_of_alert = bindparam("of_alert", type_=Id)
_in_chat = and_(chats.c.chat_id == alerts.c.chat_id, chats.c.thread_id == alerts.c.thread_id)
_wishes = and_(  # of the row itself alone: a digest's rows would each come once a wish
    alerts.c.id == _of_alert,
    subscriptions.c.chat_id == alerts.c.chat_id,
    subscriptions.c.thread_id == alerts.c.thread_id,
)
_MESSAGE = (
    select(alerts, chats.c.lang, chats.c.preferences, subscriptions.c.target, _is_muted.label("is_muted"))
    .select_from(alerts.outerjoin(chats, _in_chat).outerjoin(subscriptions, _wishes))
    .where(or_(alerts.c.id == _of_alert, alerts.c.digest_id == _of_alert))
    .order_by(alerts.c.id, subscriptions.c.id)
)


class MessageRows(ViewRows):
    """Reads for one message."""

    def read_message(self, alert_id: int) -> MessageRead:
        """A row with all that is known of its chat, and the rows that it took in, oldest first."""
        read = MessageRead()
        for row in self._rows(_MESSAGE, {"of_alert": alert_id}):
            if row.id == alert_id:
                if read.alert is None:
                    read.alert, read.lang = alert_of(row), row.lang or ""
                    read.preferences = read_preferences(row.preferences)
                if row.target is not None:
                    read.targets.append(Target(row.target))
            else:
                read.taken_in.append(alert_of(row))
            if row.is_muted:
                read.muted.add(row.id)
        return read

    def stories_now(self, story_ids: Collection[StoryId]) -> dict[StoryId, StoryView]:
        """The stories that these are now, by the ids asked for; those without items are left out."""
        if not story_ids:
            return {}
        asked, now = stories.alias("asked"), stories.alias("now")
        members = (
            select(
                *ITEM,
                items.c.role,
                items.c.reason,
                asked.c.id.label("asked"),
                now.c.title.label("story_title"),
                now.c.opened_at,
            )
            .select_from(
                asked.join(now, now.c.id == func.coalesce(asked.c.merged_into, asked.c.id)).join(
                    items, items.c.story_id == now.c.id
                )
            )
            .where(self._one_of(asked.c.id, row_ids(story_ids)))
            .order_by(items.c.at, items.c.id)
        )
        rows = self._rows(members)
        found = self._matches_of(sorted({row.id for row in rows}))
        earlier = self._versions_of(sorted({row.id for row in rows if row.edited_at is not None}))
        of_story: defaultdict[int, list[AnyRow]] = defaultdict(list)
        for row in rows:
            of_story[row.asked].append(row)
        return {
            StoryId(str(asked)): view_of(mine[0].story_id, mine[0].story_title, mine[0].opened_at, mine, found, earlier)
            for asked, mine in of_story.items()
        }
