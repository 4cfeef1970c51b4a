"""What the service would have told of given items: its very judgement and decisions, with rows in memory.

Opens no database and sends nothing. One reader, who follows everything unless said otherwise; nothing is muted, late or
refused, and what came with a feed's first poll rings as well.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.alerts import (
    EDIT_DELAY,
    HEARD_WITHIN,
    Audience,
    Corrections,
    after_merge,
    after_split,
    alerts_for_item,
)
from monitor.pipeline.judge import Judge, without_body
from monitor.pipeline.ringing import NOTHING_LATELY, Lately
from monitor.ports import Nlp
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.stories.grouping.topics import TOPIC_WITHIN, ToldItem, topic_of
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import (
    EVERYTHING,
    TERMINAL,
    Alert,
    AlertKind,
    AlertState,
    Feed,
    FeedId,
    Fulltext,
    Item,
    Match,
    NewAlert,
    Role,
    StoryId,
    Target,
    Watch,
    WatchId,
)

MAX_ALERT_AGE = timedelta(hours=48)  # the default of feeds, for items of a feed that is not known


@dataclass(frozen=True, slots=True)
class ReplayedAlert:
    """One message that the reader would have had, first or in reply, and the watches it rings for."""

    kind: AlertKind
    at: datetime
    item: Item
    story_id: StoryId
    watches: tuple[Watch, ...]
    under: StoryId | None = None  # of a reply to another story of its topic: what that message told


async def replay(
    items: Sequence[Item],
    active: ActiveWatchlist,
    *,
    nlp: Nlp | None = None,
    only: str | None = None,
    feeds: Mapping[FeedId, Feed] | None = None,
    following: Collection[Target] = (EVERYTHING,),
) -> tuple[list[ReplayedAlert], Counter[str]]:
    """What would have rung, in order of time, and how many items name each watch. `only`: of one watch.
    `following`: what the reader follows.

    Items come in the order given, each once, an article right behind its item; every message counts as sent at once.
    As the service does, an article is read only of an item that names something watched, unless its feed says always
    or never; an item that is older than its feed's max_alert_age when it was seen rings for nobody. `feeds`: those by
    whose settings; an item of another one is treated by the defaults. Raises ValueError for one without a time.
    """
    played = _Replay(active, nlp, only, feeds or {}, tuple(following))
    keys: set[str] = set()
    for item in items:
        if item.key and item.key in keys:
            continue  # the store would know the article
        keys.add(item.key)
        await played.play(item)
    return played.alerts, played.named


def is_article_read(matches: Sequence[Match], feed: Feed | None) -> bool:
    """Whether the service would read the article of an item in whose title and lead these matches were found.

    It asks newspapers for no page that concerns nobody (store/detection_rows.py says so of rows).
    """
    fulltext = feed.fulltext if feed is not None else Fulltext.AUTO
    return fulltext is Fulltext.ALWAYS or (fulltext is Fulltext.AUTO and bool(matches))


class _Replay:
    """The service with one reader who follows everything, and rows in memory."""

    def __init__(
        self,
        active: ActiveWatchlist,
        nlp: Nlp | None,
        only: str | None,
        feeds: Mapping[FeedId, Feed],
        following: Collection[Target],
    ) -> None:
        self.alerts: list[ReplayedAlert] = []
        self.lines: list[ReplayedAlert] = []  # what came silently, as a line in another message
        self.named: Counter[str] = Counter()
        self._active = active
        self._only = only
        self._feeds = feeds
        self._following = following
        self._window = StoryWindow()
        self._judge = Judge(self._window, nlp)
        self._last_id = 0
        self._rows: dict[StoryId, list[Alert]] = {}
        self._named: list[tuple[frozenset[WatchId], ToldItem]] = []  # items of the last days that name a watch
        self._heard: dict[WatchId, datetime] = {}  # when the reader was last told of a watch

    async def play(self, item: Item) -> None:
        """Let one item come, its article right behind it."""
        if item.at is None:
            raise ValueError(f"item {item.id} has no time")
        at, item = item.at, replace(item, story_id=None)
        bare = without_body(item)
        judged, placement = await self._judge.first(bare, self._active, at=at)
        story_id = placement.story_id or StoryId(item.id)
        found = {match.watch_id for match in judged.matches}
        self._tell(item, judged.matches, placement.role, story_id, at)
        revision = self._window.review(bare, story_id, judged.matches, at=at)
        self._window.remember(bare, story_id, judged.matches)
        self._window.forget(at - SAME_TEXT_WINDOW)
        if revision is not None:
            story_id = self._revise(revision, item, story_id, at)
        if item.body and is_article_read(judged.matches, self._feeds.get(item.feed_id)):
            article = await self._judge.article(item, self._active)
            new = [match for match in article.matches if match.watch_id not in found]
            found.update(match.watch_id for match in new)
            self._tell(item, new, Role.REPEAT, story_id, at)
        self.named.update(watch.id for watch in self._watches(found))

    def _watches(self, ids: Iterable[WatchId]) -> list[Watch]:
        return [self._active.watches[each] for each in ids if self._only is None or each == self._only]

    def _tell(self, item: Item, matches: Sequence[Match], role: Role, story_id: StoryId, at: datetime) -> None:
        feed = self._feeds.get(item.feed_id)
        if item.seen_at is not None and item.seen_at - at > (feed.max_alert_age if feed else MAX_ALERT_AGE):
            return
        watches = self._watches(match.watch_id for match in matches)
        known = self._rows.setdefault(story_id, [])
        heard = [watch_id for watch_id, when in self._heard.items() if at - when <= HEARD_WITHIN]
        followers = {TERMINAL: self._following} if watches else {}
        lately = self._lately(item, watches, story_id, at)
        audience = Audience(followers, known, heard={TERMINAL: heard}, lately=lately)
        for alert in alerts_for_item(item, watches, role, story_id, audience, now=at):
            if alert.kind in (AlertKind.ALERT, AlertKind.UPDATE):
                over = next((row for row in self._all_rows() if row.dedupe_key == alert.under), None)
                sent = replace(self._sent(alert, at), under=over.id if over else None)
                known.append(replace(sent, message_id=None) if alert.is_line else sent)
                told_of = tuple(self._active.watches[each] for each in alert.watch_ids)
                told = ReplayedAlert(alert.kind, at, item, story_id, told_of, over.story_id if over else None)
                (self.lines if alert.is_line else self.alerts).append(told)
        if watches:
            self._named.append(
                (frozenset(watch.id for watch in watches), ToldItem(story_id, item.title, item.lead, at))
            )

    def _all_rows(self) -> Iterator[Alert]:
        return (row for rows in self._rows.values() for row in rows)

    def _lately(self, item: Item, watches: Sequence[Watch], story_id: StoryId, at: datetime) -> Lately:
        """What tell.py reads of the rows."""
        if not watches:
            return NOTHING_LATELY
        self._named = [each for each in self._named if at - each[1].at <= TOPIC_WITHIN]
        mine = {watch.id for watch in watches}
        before = [told for named, told in self._named if named & mine and told.story_id != story_id]
        topic = topic_of(item.title, item.lead, at, before)
        rows = [row for row in self._all_rows() if not row.is_line and at - row.created_at <= 2 * TOPIC_WITHIN]
        return Lately(topic, {TERMINAL: sorted(rows, key=lambda row: row.id)})

    def _sent(self, alert: NewAlert, at: datetime) -> Alert:
        """The row of an alert that went out at once."""
        self._heard.update(dict.fromkeys(alert.watch_ids, at))
        self._last_id += 1
        return Alert(
            self._last_id,
            alert.address,
            alert.kind,
            alert.dedupe_key,
            AlertState.SENT,
            1,
            at,
            at,
            alert.story_id,
            alert.item_id,
            alert.watch_ids,
            message_id=self._last_id,
        )

    def _revise(self, revision: Revision, item: Item, story_id: StoryId, at: datetime) -> StoryId:
        """Merge or split, and put the rows where they belong now; gives the story of `item`."""
        match revision:
            case Merge(into=into, gone=gone):
                of_into, of_gone = self._rows.pop(into, []), self._rows.pop(gone, [])
                corrections = after_merge(into, gone, of_into, of_gone, muted=(), now=at, edit_delay=EDIT_DELAY)
                self._refile([*of_into, *of_gone], corrections, into)
                self._window.revise(revision)
                self._named = [
                    (named, replace(told, story_id=into) if told.story_id == gone else told)
                    for named, told in self._named
                ]
                return into if story_id == gone else story_id
            case Split(story=story, items=parted):
                new = StoryId(f"{story}/{item.id}")
                rows = self._rows.pop(story, [])
                corrections = after_split(story, new, parted, rows, muted=(), now=at, edit_delay=EDIT_DELAY)
                self._refile(rows, corrections, story)
                for alert, state in corrections.told:
                    told = replace(self._sent(alert, at), state=state, message_id=None)
                    self._rows.setdefault(alert.story_id or new, []).append(told)
                self._window.revise(revision, story_id=new)
                return new if item.id in parted else story_id
            case _:
                assert_never(revision)

    def _refile(self, rows: Sequence[Alert], corrections: Corrections, story_id: StoryId) -> None:
        changes = {each.alert_id: each for each in corrections.refiled}
        for row in rows:
            change = changes.get(row.id)
            if change is None:
                self._rows.setdefault(story_id if row.story_id is None else row.story_id, []).append(row)
                continue
            self._rows.setdefault(change.story_id, []).append(
                replace(
                    row,
                    story_id=change.story_id,
                    dedupe_key=change.dedupe_key,
                    state=change.state or row.state,
                    watch_ids=row.watch_ids if change.watch_ids is None else change.watch_ids,
                )
            )
