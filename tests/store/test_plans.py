"""What runs more than once a minute looks at what waits, or at one day, and never at all that was ever stored.

Every such statement is run through the transaction's own methods on a large store; the database itself says how.
"""

import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from monitor.store import tables
from monitor.store.detection_rows import Detection
from monitor.store.event_rows import NO_EVENT
from monitor.store.fan_out_rows import Plain, Task
from monitor.store.search import Search
from monitor.store.step_rows import Learned, WindowStep
from monitor.store.sweep_rows import OUTBOX_STAYS
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import (
    Address,
    AlertKind,
    AlertState,
    FeedId,
    FeedState,
    ItemId,
    Placement,
    Priority,
    Quote,
    Refiled,
    Role,
    StoryId,
    Target,
    WatchId,
)
from tests.store.grown import CHATS, ITEMS_A_DAY, ITEMS_A_STORY, grow
from tests.store_samples import AN, DAY, MINUTE, NOW, alert, chat, draft, match

ITEMS = 100_000
FEW = 20_000  # of the smaller store, when two are compared
INDEX = re.compile(r"USING (?:COVERING )?INDEX (\w+)")
PARTIAL = {
    index.name
    for table in tables.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
LARGE = {f"Seq Scan {name}" for name in ("items", "stories", "alerts")}
SMALL = {  # tables that are read whole, and why that is well: they do not grow with the news
    "facts": "a dozen names",
    "holds": "as many as chats; PostgreSQL hashes it for the few rows that wait",
    "fanouts": "those that wait, mostly none",
    "feeds": "as many as in feeds.yaml; PostgreSQL reads 1,000 rather than look up 50",
    "chats": "as many as subscribers; PostgreSQL hashes it for the few rows that wait",
    "subscriptions": "as many as subscribers wish; PostgreSQL hashes it where half of them follow what is told",
}


SELDOM = {  # methods of a transaction that are not run here, and how often they run
    name: how
    for how, names in {
        "when a person asks, or does something": "add_voice add_feedback add_invite changed_since chats daily_counts"
        " end_invite end_stuck feed_states feedback feeds_of_keys followed_since newest_since open_invites"
        " seen_by_address last_item_number outlets_of search hits_by_time seen_by_key seen_by_title seen_by_words"
        " unindexed_count use_invite drop_saved quotes_of_story save_item saved_count saved_items plan_report"
        " saved_among news_between told_most roles_seen"
        " watches_of whys_of_story"
        " told_of told_count merged_into titles_of is_muted has_complained",
        "when an administrator asks, or changes something": "add_change change changes_count changes_made"
        " counted_by_feed broadcast_counts stop_broadcast close_complaint complaint complaints_count open_complaints"
        " confirm_change drop_proposal drop_proposals last_edit mark_undone",
        "when an administrator looks at the page": "check_feed_now",
        "when somebody looks at the page": "channels chats_in database_bytes open_fanouts stored_by_hour told_by_hour"
        " trips",
        "when somebody logs in or out": "add_login_link login_link use_login_link add_session sessions_of end_session"
        " end_sessions login_links_made end_older_links",
        "when a chat wants another key for its feeds": "renew_feed_key",
        "when somebody writes a watch of their own": "add_own_watch end_own_watch items_named keep_own_watch mark_own"
        " own_marks own_watch own_watches write_own_watch kept_own_watches",
        "when a chat goes or moves": "brought_by set_brought_by lose_chat lose_topic move_chat move_holds",
        "at the start": "begin_index clock_behind forget_foreign_events forget_leases is_news_due kinship"
        " last_message_id timed_chats window_since",
        "when the files or the clock change": "end_channels_but put_channel register_feeds turn_back",
        "once an hour, or a quarter of one": "first_counted items_by_hour mentions_by_hour forget_abstracts"
        " outbox_counts sweep_lost_own_watches sweep_own_drafts sweep_steps",
        "once a week a chat": "put_off_report",
        "each second a worker, of rows that are as few as workers": "beat workers end_worker free_dead keep_role"
        " keeps_role leave_role check_fence taken_roles",
        "each second, by one of several workers": "due_articles due_hosts due_pages",
        "each request to a newspaper, of one row by its key": "take_host give_host_back",
        "each message of several workers, of one row by its key": "take_slice bot_held_for hold_bot"
        " begin_answer end_answer",
        "in an outage, of one row by its key": "begin_trial end_trial is_trial_free",
        "once an hour, of rows that are as few as hosts": "sweep_hosts",
        "for commands": "placed_since save_detection",
        "it is a value and no method": "swept has_workers",
    }.items()
    for name in names.split()
}


# ---------------------------------------------------------------- what is run


def _stories(count: int, size: int) -> list[StoryId]:
    """The newest stories of a store with so many items."""
    newest = size // ITEMS_A_STORY - 40
    return [StoryId(str(newest - n)) for n in range(count)]


def _detected(tx: Transaction, size: int) -> None:
    """What detection finds waiting, written with its alerts as pipeline/detect.py does."""
    found = tx.unmatched_items(limit=50, fresh_since=NOW - 10 * MINUTE)
    placed = [Placement(story, Role.REPEAT) for story in _stories(25, size)] + [Placement(None, Role.NEW)] * 25
    new = tx.reserve_stories(50)
    written = [
        Detection(item, [match("watch-7")], placement, number)
        for item, placement, number in zip(found, placed, new, strict=False)
    ]
    tx.save_detections(written, version="v1", now=NOW)
    tx.add_quotes({item.id: [Quote(WatchId("watch-7"), "Putin", "nói", "Bến", True, "title", 0, 3)] for item in found})
    tx.note_stories(_stories(25, size), now=NOW)
    first = tx.last_step()
    learned = tuple(Learned(item.id, number) for item, number in zip(found, new, strict=False))
    tx.note_step(WindowStep(learned), after=first, now=NOW)
    for step in tx.steps_after(first, limit=100):
        tx.to_remember(step.item_ids)
        tx.versions_of(step.item_ids)
    asked_again = tx.outdated_items("v2", since=NOW - DAY, limit=20)
    tx.mark_matched([item.id for item in asked_again], "v2")
    tx.note_failure(found[0].id, "hỏng", park_after=3, now=NOW)


def _told(tx: Transaction, size: int) -> None:
    stories = _stories(25, size)
    known = tx.alerts_of_stories(stories)
    followers = tx.subscribers({Target(f"watch-{n}"): None for n in range(5)})
    tx.heard({each.address.chat_id for each, _ in followers}, since=NOW - DAY)
    tx.named_since([WatchId("watch-7"), WatchId("watch-8")], NOW - 3 * DAY)
    rows = tx.messages_of(stories, NOW - timedelta(hours=6), stories)
    tx.lines_of([row.id for row in rows])
    tx.is_some_patient()
    tx.witnesses(stories)
    tx.muted_of(stories)
    tx.owners([WatchId("own-1"), WatchId("own-2")])
    tx.own_watches_stand()
    tx.unwelcome()
    tx.schedule_rechecks(stories, at=NOW + 30 * MINUTE)
    new = [alert(f"moi:{story}", Address(n + 1), story=story) for n, story in enumerate(stories)]
    edits = [
        alert(each.dedupe_key, each.address, kind=AlertKind.EDIT, story=each.story_id)
        for rows in known.values()
        for each in rows
    ]
    tx.enqueue([*new, *edits], now=NOW)
    late = alert("late:1", Address(3), kind=AlertKind.DIGEST)
    tx.fold_alerts([each.id for each in tx.overdue_alerts(Address(3), before=NOW)], late, now=NOW)


def _told_in_slices(tx: Transaction, size: int) -> None:
    targets = [Target(f"watch-{n}") for n in range(5)]
    assert tx.followers_of(targets, most=20)
    (story, kin) = _stories(2, size)
    assert not tx.crowded_stories([story, kin], most=2_000)
    last = ItemId(str(size - 200))
    tx.add_fanout(Task.ITEM, last, story, now=NOW, watch_ids=[WatchId("watch-1")])
    waits = tx.next_fanout()
    assert waits is not None
    assert tx.begin_slice(waits.id, None) is not None
    part = tx.slice_of(targets, story, after=Address(50), size=20, own=[Target("own-1")], kin=[kin], edits=True)
    assert len(part.addresses) == 20
    first = alert(f"story:{story}", story=story)
    edit = alert(f"edit:{story}", kind=AlertKind.EDIT, story=story)
    plain = Plain(first, edit, [(WatchId("watch-1"), frozenset(targets), Priority.HIGH)])
    assert tx.tell_plain(plain, part, after=Address(50), now=NOW) > 0
    among = [each.chat_id for each in part.addresses]
    tx.edit_plain(plain, replace(part, told=frozenset(part.addresses)), after=Address(50), now=NOW)
    tx.subscribers(dict.fromkeys(targets), among=among)
    tx.alerts_of_stories([story], chats=among)
    tx.messages_of([story], NOW - timedelta(hours=6), [kin], chats=among)
    tx.muted_of([story], among=among)
    tx.unwelcome(among=among)
    tx.move_fanout(waits.id, part.last)
    tx.end_fanout(waits.id)


def _gathered(tx: Transaction, size: int) -> None:
    tx.due_gatherings(now=NOW, limit=8, but={Address(1)})
    for number in range(1, 40):
        tx.locked_chat(Address(number))
        waiting = [row.id for row in tx.waiting_news(Address(number))]
        tx.untold([*waiting, *tx.lines_under(waiting)])


def _delivered(tx: Transaction, size: int) -> None:
    busiest, *_ = tx.due_chats(now=NOW, limit=8)
    claimed = tx.claim_alerts(now=NOW, lease=MINUTE, limit=8, chat_id=busiest)
    claimed += tx.claim_alerts(now=NOW, lease=MINUTE, limit=8)
    tx.late_news([each.id for each in claimed], before=NOW - timedelta(hours=3))
    for each in claimed:
        tx.overdue_alerts(each.address, before=NOW - timedelta(hours=3))
        tx.chat(each.address)
        tx.held_until(each.address.chat_id)
        tx.following(each.address)
        tx.alert(each.id)
        assert each.story_id is not None
        tx.muted(each.story_id)
        tx.read_message(each.id)
        tx.stories_now([each.story_id])
        tx.split_kin(each.story_id)
        tx.story(each.story_id)
        tx.latest_abstract(each.story_id)
        tx.digest_alerts(each.id)
        tx.settle(each, AlertState.SENT, now=NOW, message_id=each.id)
        tx.note_sent(each, now=NOW)
        tx.note_sent(replace(each, kind=AlertKind.DIGEST), now=NOW)
        tx.hold_chat(each.address.chat_id, NOW + MINUTE)


def _polled(tx: Transaction, size: int) -> None:
    due = tx.claim_due_feeds(lambda feed: True, now=NOW, lease=MINUTE, limit=50)
    assert due
    listed = [draft(f"key-{size - n}") for n in range(38)] + [draft("moi-1"), draft("moi-2")]
    tx.are_items_full(20_000)
    tx.listed_otherwise(listed)
    assert len(tx.add_items(listed)) == 2
    tx.make_alertable(["moi-1"], seen_after=NOW - DAY)
    tx.save_feed(FeedState(FeedId("feed-1"), next_check_at=NOW + MINUTE))


def _measured(tx: Transaction, size: int) -> None:
    tx.queue_counts()
    tx.due_reports(now=NOW, limit=4)
    tx.unmatched_count()
    tx.parked_count()
    tx.failing_feeds()
    tx.backlog(now=NOW)
    tx.set_fact("pulse", tx.fact("pulse") + "1")
    tx.next_alert_at()
    tx.stuck_alerts()
    tx.refused_alerts(since=NOW - DAY)
    tx.parked_items()


def _enriched(tx: Transaction, size: int) -> None:
    (item, *_) = tx.claim_fulltext(now=NOW, lease=MINUTE, limit=8)
    tx.item(item.id)
    tx.earlier_wordings(item.id)
    tx.save_fulltext(item.id, "Toàn văn.", now=NOW)
    tx.fulltext_failed(item.id, retry_at=None)
    tx.add_matches(item.id, [match("watch-9")])
    tx.save_quotes(item.id, [])
    page = tx.claim_pages(now=NOW, lease=MINUTE, limit=8)[0]
    tx.settle_page(page, next_at=None, missed_at=None, gone_at=None, page_title="", rechecks=1)
    tx.reword(page.item.id, "Bến", "Phà", now=NOW)
    tx.replace_matches(page.item.id, [match("watch-9")])
    tx.stories_without_abstract(told_after=NOW - timedelta(hours=6), told_before=NOW, limit=3)
    tx.save_abstract(_stories(1, size)[0], "d", "Phà.", why="", now=NOW)
    tx.abstract(_stories(1, size)[0], "d")


def _indexed(tx: Transaction, size: int) -> None:
    assert tx.is_index_behind()
    assert tx.index_items(limit=20) == 20


def _revised(tx: Transaction, size: int) -> None:
    first, second, third, *_ = _stories(3, size)
    (told, *_) = tx.alerts_of_story(first)
    tx.refile([Refiled(told.id, first, told.dedupe_key)])
    tx.note_told([(alert("nghe", AN, story=first), AlertState.SKIPPED)], now=NOW)
    tx.merge_stories(first, second, reason=None)  # type: ignore[arg-type]
    tx.note_merged(first, now=NOW)
    view = tx.story(third)
    assert view is not None
    new = tx.split_story(third, [ItemId(view.items[-1].id)], reason=None)  # type: ignore[arg-type]
    assert new is not None
    assert tx.split_from(new) == third
    assert tx.slice_of((), third, also=[new], after=Address(50), size=20).addresses


def _asked(tx: Transaction, size: int) -> None:
    some = {WatchId("watch-1"), WatchId("watch-70")}
    assert len(tx.latest_stories(None, since=NOW - 14 * DAY, limit=5)) == 5
    assert len(tx.latest_stories(some, since=NOW - 14 * DAY, limit=5)) == 5
    tx.latest_quotes(some, since=NOW - 14 * DAY, limit=5)
    tx.story(_stories(1, size)[0])
    tx.alert_by_message(Address(CHATS), 12)
    tx.save_chat(chat(AN))
    tx.follow(AN, Target("moi"), now=NOW)
    tx.unfollow(AN, Target("moi"))
    tx.mute(Address(CHATS), _stories(1, size)[0], now=NOW)
    tx.unmute(Address(CHATS), _stories(1, size)[0])
    tx.mentioned_since(NOW - DAY)


def _answered(tx: Transaction, size: int) -> None:
    tx.may_answer(CHATS, now=NOW)
    tx.may_answer(10**9, now=NOW)
    tx.flooded_until(CHATS)
    for key in ("tra-loi", "tra-loi", "tra-loi-khac"):
        tx.keep_answer(alert(key, Address(CHATS), kind=AlertKind.ANSWER), now=NOW)
    tx.keep_answer(alert("nguoi-la", Address(10**9), kind=AlertKind.ANSWER), now=NOW)


def _visited(tx: Transaction, size: int) -> None:
    assert tx.session("no such token", now=NOW) is None
    tx.see_session(1, now=NOW, ends_at=NOW + DAY)
    tx.sweep_sessions(now=NOW)
    for number in (tx.last_event(), NO_EVENT):
        tx.has_event(number)
        tx.events_after(number, limit=100)
    tx.feed_key(AN)
    tx.chat_of_feed_key("no such key")
    tx.stories_changed_at(_stories(50, size))
    today, since = NOW.date(), NOW - 6 * DAY  # a span that the smaller store has, too
    tx.mention_totals(today=today, week=today - 2 * DAY, month=today - 6 * DAY)
    tx.last_mentions([WatchId("watch-1"), WatchId("watch-70")])
    tx.told_and_wrong(WatchId("watch-1"), since=since)
    tx.mentions([WatchId("watch-1")], since=today - 6 * DAY, until=today)
    tx.counted_days(since=today - 6 * DAY, until=today)
    tx.named_items(WatchId("watch-1"), since=since, until=NOW)
    tx.companions(WatchId("watch-1"), since=since, until=NOW)
    page = tx.listed_stories(Search(watch_ids=[WatchId(f"watch-{n}") for n in range(76)]), limit=20)
    assert len(tx.listed_stories(Search(watch_ids=[WatchId("watch-7")]), after=page.after, limit=2).stories) == 2


def _swept(tx: Transaction, size: int) -> None:
    """Once an hour, but in many steps."""
    oldest = NOW - size * DAY / ITEMS_A_DAY
    assert tx.sweep(before=oldest + 60 * MINUTE, limit=20) == 20
    tx.sweep_events(before=NOW - 7 * DAY)
    assert tx.sweep_outbox(before=oldest + 60 * MINUTE + OUTBOX_STAYS, limit=20) > 0


FREQUENT: dict[str, Callable[[Transaction, int], object]] = {
    "a feed is polled": _polled,
    "items are detected": _detected,
    "items are told of": _told,
    "very many are told": _told_in_slices,
    "news is gathered": _gathered,
    "alerts are delivered": _delivered,
    "queues are measured": _measured,
    "articles are read": _enriched,
    "items are indexed": _indexed,
    "stories merge and split": _revised,
    "readers ask": _asked,
    "readers are answered": _answered,
    "pages are shown": _visited,
    "old rows are swept": _swept,
}


# ---------------------------------------------------------------- what the database says of it


@dataclass
class Plans:
    """What a database would do for each statement that goes by. `of`: the work that is being done."""

    of: str = ""
    scans: list[str] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)

    def look(self, cursor: Any, statement: str, parameters: Any) -> None:
        """Ask for the plan of one statement, on its own connection, just before it runs."""
        if not re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", statement, re.IGNORECASE):
            return
        mine = _methods()
        self.methods.update(mine)
        asking = cursor.connection.cursor()
        given = parameters[0] if isinstance(parameters, list) else parameters
        if isinstance(cursor.connection, sqlite3.Connection):
            asking.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            whole = _scanned_by_sqlite([str(row[-1]) for row in asking.fetchall()])
        else:
            whole = {each for each in _planned(asking, statement, given) if each in LARGE}
            # of a table of some hundred pages it reads all rather than look up fifty: whether it could is asked
            for way in ("seqscan", "hashjoin", "mergejoin"):
                asking.execute(f"SET LOCAL enable_{way} = off")
            whole |= _planned(asking, statement, given)
            for way in ("seqscan", "hashjoin", "mergejoin"):
                asking.execute(f"SET LOCAL enable_{way} = on")
        asking.close()
        words = " ".join(statement.split())[:300]
        self.scans += [f"{self.of}, {mine[-1]}: {each}: {words}" for each in sorted(whole)]


def _methods() -> list[str]:
    """Which methods of the transaction a statement is one of, the outermost last."""
    found, frame = [], sys._getframe()
    while outer := frame.f_back:
        frame = outer
        if frame.f_code.co_filename.endswith("_rows.py"):
            found.append(frame.f_code.co_name)
    return found


def _scanned_by_sqlite(lines: list[str]) -> set[str]:
    """The steps that walk through a whole table, or through an index that is as long."""
    names = set(tables.metadata.tables)
    whole = set()
    for line in lines:
        step, _, rest = line.partition(" ")
        name = rest.split(" ")[0]
        index = INDEX.search(line)
        # as many as subscribers, and not looked up for a wish that hardly any has; and those that wait, mostly none
        is_long = name not in ("chats", "fanouts")
        if step == "SCAN" and is_long and not (index and index[1] in PARTIAL) and not _is_made_up(name, names):
            whole.add(line)
    return whole


def _is_made_up(name: str, names: set[str]) -> bool:
    """A subquery, a json_each, or constant rows: no table, and no alias of one."""
    return name not in names | {"head", "other", "on_its_way", "digests", "theirs"}


def _planned(asking: Any, statement: str, given: Any) -> set[str]:
    asking.execute(f"EXPLAIN (FORMAT JSON) {statement}", given)
    (found,) = asking.fetchone()
    return set(_scanned_by_postgresql(found[0]["Plan"]))


def _scanned_by_postgresql(node: dict[str, Any]) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    indexed = kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    walks = indexed and "Index Cond" not in node and node["Index Name"] not in PARTIAL
    if table not in SMALL and (kind == "Seq Scan" or walks):
        yield f"{kind} {table or node['Index Name']}"
    for inner in node.get("Plans", ()):
        yield from _scanned_by_postgresql(inner)


@contextmanager
def _explained(store: Store) -> Iterator[Plans]:
    plans = Plans()

    def look(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: object, executemany: bool
    ) -> None:
        plans.look(cursor, statement, parameters)

    event.listen(store._engine, "before_cursor_execute", look)
    yield plans
    event.remove(store._engine, "before_cursor_execute", look)


@pytest.mark.slow
async def test_no_frequent_statement_walks_through_a_table_that_grows(unused_database_url: str) -> None:
    async with await open_store(unused_database_url) as store:
        with store.writing() as tx:
            grow(tx._connection, items=ITEMS)
        with store.writing() as tx:
            if tx._on_postgresql:  # its autovacuum does so within a minute; SQLite's users never do
                tx._connection.execute(text("ANALYZE"))
        with _explained(store) as plans:
            for name, work in FREQUENT.items():
                plans.of = name
                with store.writing() as tx:
                    work(tx, ITEMS)
    named = {name for name in dir(Transaction) if not name.startswith("_")} - plans.methods
    assert " ".join(sorted(named)) == " ".join(sorted(SELDOM)), "say how often it runs, or run it here"
    assert not plans.scans, "\n".join(plans.scans)


def _steps(store: Store, size: int) -> dict[str, int]:
    """How many hundreds of steps of SQLite's machine each work takes."""
    steps = Counter[str]()
    for name, work in FREQUENT.items():

        def count(name: str = name) -> int:
            steps[name] += 1
            return 0

        with store.writing() as tx:
            driver = tx._connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_progress_handler(count, 100)
            work(tx, size)
            driver.set_progress_handler(None, 0)
    return {name: steps[name] for name in FREQUENT}


@pytest.mark.slow
async def test_what_is_frequent_costs_no_more_when_five_times_as_much_is_stored(
    empty_sqlite: Any, tmp_path: Any
) -> None:
    found = []
    for size in (FEW, ITEMS):
        path = tmp_path / f"{size}.db"
        path.write_bytes(empty_sqlite.read_bytes())
        async with await open_store(f"sqlite:///{path}") as store:
            with store.writing() as tx:
                grow(tx._connection, items=size)
            found.append(_steps(store, size))
    small, large = found
    grew = {name: (small[name], large[name]) for name in FREQUENT if large[name] > 1.3 * small[name]}
    assert grew == {}
