"""What is counted in rows for Prometheus: how late, how long out, what waits for a person, and when that was."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from monitor.app.observers import PULSE, measure_queues
from monitor.pipeline.outage import OUT_SINCE
from monitor.store.transaction import Store
from monitor.types import Address, AlertState, FeedId, FeedState
from monitor.web import Metrics
from tests.store_samples import BINH, MINUTE, NOW, alert, chat, claim, draft, enqueue, save_items

FEEDS = {FeedId("ben-song"), FeedId("sao-mai")}


def shown(metrics: Metrics) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in metrics.exposition().decode().splitlines() if line[:1] != "#")
    return {name: float(value) for name, _, value in lines}


async def measured(store: Store, metrics: Metrics, *, later: timedelta = timedelta(0)) -> dict[str, float]:
    assert await measure_queues(metrics, store, FEEDS, now=NOW + later) == ""
    return shown(metrics)


async def test_alerts_are_late_by_what_the_oldest_is_overdue_and_not_when_they_have_left(store: Store) -> None:
    metrics = Metrics("1")
    with store.writing() as tx:
        tx.save_chat(chat())
    assert (await measured(store, metrics))["monitor_alerts_late_seconds"] == 0
    await enqueue(store, alert())
    assert (await measured(store, metrics, later=7 * MINUTE))["monitor_alerts_late_seconds"] == 420
    (claimed,) = await claim(store, now=NOW + 7 * MINUTE)
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW + 7 * MINUTE)
    assert (await measured(store, metrics, later=9 * MINUTE))["monitor_alerts_late_seconds"] == 0


async def test_telegram_is_out_for_as_long_as_the_outage_lasts(store: Store) -> None:
    metrics = Metrics("1")
    assert (await measured(store, metrics))["monitor_telegram_out_seconds"] == 0
    with store.writing() as tx:
        tx.set_fact(OUT_SINCE, NOW.isoformat())
    assert (await measured(store, metrics, later=3 * MINUTE))["monitor_telegram_out_seconds"] == 180
    with store.writing() as tx:
        tx.set_fact(OUT_SINCE, "")
    assert (await measured(store, metrics, later=4 * MINUTE))["monitor_telegram_out_seconds"] == 0


async def test_a_parked_item_is_counted_until_a_person_ends_it(store: Store) -> None:
    metrics = Metrics("1")
    (item,) = await save_items(store, draft("doc"))
    with store.writing() as tx:
        tx.note_failure(item.id, "KeyError: 1", park_after=1, now=NOW)
    assert (await measured(store, metrics))['monitor_queue_length{queue="items_parked"}'] == 1
    with store.writing() as tx:
        tx.end_stuck("item:" + item.id, again=False, now=NOW)
    assert (await measured(store, metrics))['monitor_queue_length{queue="items_parked"}'] == 0


async def test_what_was_sent_is_counted_seldom_and_what_waits_or_failed_each_time(store: Store) -> None:
    metrics = Metrics("1")
    await enqueue(store, alert("1"), alert("2", BINH), alert("3", Address(103)))
    await measured(store, metrics)
    first, second, _ = await claim(store)
    with store.writing() as tx:
        tx.settle(first, AlertState.SENT, now=NOW)
        tx.settle(second, AlertState.UNCERTAIN, now=NOW)
    assert await measure_queues(metrics, store, FEEDS, now=NOW, whole=False) == ""
    states = ("sent", "uncertain", "sending", "pending")
    seen = [shown(metrics)[f'monitor_queue_length{{queue="alerts_{state}"}}'] for state in states]
    assert seen == [0, 1, 1, 0]
    assert (await measured(store, metrics))['monitor_queue_length{queue="alerts_sent"}'] == 1


async def test_failing_feeds_are_counted_among_those_that_are_asked(store: Store) -> None:
    with store.writing() as tx:
        for name, failures in (("ben-song", 2), ("sao-mai", 0), ("left-out", 9)):
            tx.save_feed(FeedState(FeedId(name), next_check_at=NOW, failures=failures))
    numbers = await measured(store, Metrics("1"))
    assert (numbers["monitor_feeds_failing"], numbers["monitor_feeds"]) == (1, 2)


async def test_when_the_database_refuses_the_time_of_the_last_answer_stands(store: Store) -> None:
    metrics = Metrics("1")
    await measured(store, metrics)
    with store.writing() as tx:
        tx._connection.execute(text("ALTER TABLE facts RENAME TO lost"))
    with suppress(ProgrammingError):  # what SQLite puts into words is a bug to PostgreSQL; Pulse tells both
        assert await measure_queues(metrics, store, FEEDS, now=NOW + MINUTE) != ""
    with store.writing() as tx:
        tx._connection.execute(text("ALTER TABLE lost RENAME TO facts"))
    assert shown(metrics)["monitor_rows_read_timestamp_seconds"] == NOW.timestamp()


def test_what_never_happened_stands_at_zero_so_that_its_first_time_is_a_rise() -> None:
    metrics = Metrics("1")
    metrics.jobs_known(["poll"])
    metrics.count_bodies(dict)
    numbers = shown(metrics)
    for name in (
        "monitor_news_delay_seconds_count",
        'monitor_news_delay_part_seconds_count{part="outbox"}',
        "monitor_loop_lag_seconds_count",
        'monitor_feed_bodies_total{way="failed"}',
        "monitor_feed_bodies_plain_total",
        'monitor_polls_total{outcome="fetched"}',
        'monitor_http_refused_total{why="full"}',
        'monitor_job_failures_total{job="poll"}',
    ):
        assert numbers[name] == 0


def test_bodies_of_feeds_are_counted_by_how_they_were_read_at_the_moment_of_the_question() -> None:
    metrics, counts = Metrics("1"), {"cut": 1}
    metrics.count_bodies(lambda: counts)
    counts.update(cut=3, same=2, plain=3)
    numbers = shown(metrics)
    ways = {way: numbers[f'monitor_feed_bodies_total{{way="{way}"}}'] for way in ("whole", "cut", "same", "failed")}
    assert ways == {"whole": 0, "cut": 3, "same": 2, "failed": 0}
    assert numbers["monitor_feed_bodies_plain_total"] == 3


async def test_whether_the_database_takes_a_write_is_tried_by_writing(store: Store) -> None:
    await measured(store, Metrics("1"), later=MINUTE)
    with store.reading() as tx:
        assert tx.fact(PULSE) == (NOW + MINUTE).isoformat()
