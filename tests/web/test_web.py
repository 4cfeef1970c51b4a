"""Health and metrics, asked over loopback as Docker and Prometheus ask them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from monitor.errors import ConfigError
from monitor.web import Health, Loop, Metrics, judge, serve

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def ask(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def well() -> Health:
    return Health(last_ticks={"poll": NOW, "deliver": None})


async def unwell() -> Health:
    return Health(reasons=("database: locked",), warnings=("config: wrong",))


# ---------------------------------------------------------------- the verdict


def test_a_loop_is_unwell_when_it_was_silent_for_longer_than_it_may() -> None:
    loops = {
        "poll": Loop(NOW - 2 * MINUTE, patience=MINUTE),
        "deliver": Loop(NOW - MINUTE, patience=MINUTE),
        "digest": Loop(None, patience=MINUTE),
    }
    verdict = judge(loops, now=NOW, started_at=NOW - 3 * MINUTE)
    assert verdict.reasons == ("poll: silent for 120 s", "digest: silent for 180 s")
    assert not verdict.ok
    assert judge(loops, now=NOW - MINUTE, started_at=NOW - 2 * MINUTE).ok


def test_a_dead_database_makes_it_unwell_and_a_wrong_file_does_not() -> None:
    def verdict(**errors: str) -> Health:
        return judge({}, now=NOW, started_at=NOW, **errors)

    assert verdict(database_error="locked").reasons == ("database: locked",)
    wrong_file = verdict(config_error="config/feeds.yaml:1:1: the file is empty")
    assert wrong_file.ok
    assert wrong_file.warnings == ("config: config/feeds.yaml:1:1: the file is empty",)


# ---------------------------------------------------------------- over HTTP


async def test_a_well_service_answers_200_with_its_last_ticks() -> None:
    async with serve(well, Metrics("1.2.3"), host="127.0.0.1", port=0) as port:
        status, text = await ask(port, "/healthz")
    assert status == 200
    assert json.loads(text) == {
        "status": "ok",
        "reasons": [],
        "warnings": [],
        "last_ticks": {"poll": NOW.isoformat(), "deliver": None},
    }


async def test_an_unwell_one_answers_503_with_reasons() -> None:
    async with serve(unwell, Metrics("1.2.3"), host="127.0.0.1", port=0) as port:
        status, text = await ask(port, "/healthz")
    assert status == 503
    assert json.loads(text)["reasons"] == ["database: locked"]
    assert json.loads(text)["warnings"] == ["config: wrong"]


async def test_a_health_check_that_hangs_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hanging() -> Health:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("monitor.web.server.HEALTH_PATIENCE", 0.01)
    async with serve(hanging, Metrics("1.2.3"), host="127.0.0.1", port=0) as port:
        status, text = await ask(port, "/healthz")
    assert status == 503
    assert "no answer" in json.loads(text)["reasons"][0]


async def test_metrics_show_what_was_reported() -> None:
    metrics = Metrics("1.2.3")
    metrics.poll_done("fetched", timedelta(seconds=0.2))
    metrics.poll_done("timeout")
    metrics.items_added(3)
    metrics.match_found("leader")
    metrics.match_found("leader")
    metrics.alert_settled("alert", "sent")
    metrics.alert_settled("edit", "pending")
    metrics.alert_latency(timedelta(seconds=4))
    metrics.queue_length("alerts", 7)
    metrics.feeds_failing(1, of=4)
    metrics.job_failed("poll")
    async with serve(well, metrics, host="127.0.0.1", port=0) as port:
        status, text = await ask(port, "/metrics")
    assert status == 200
    lines = text.splitlines()
    for expected in (
        'monitor_polls_total{outcome="fetched"} 1.0',
        'monitor_polls_total{outcome="timeout"} 1.0',
        "monitor_fetch_seconds_count 1.0",
        "monitor_items_total 3.0",
        'monitor_matches_total{kind="leader"} 2.0',
        'monitor_alerts_total{kind="alert",outcome="sent"} 1.0',
        'monitor_alerts_total{kind="edit",outcome="pending"} 1.0',
        'monitor_alert_latency_seconds_bucket{le="2.0"} 0.0',
        'monitor_alert_latency_seconds_bucket{le="5.0"} 1.0',
        'monitor_queue_length{queue="alerts"} 7.0',
        "monitor_feeds_failing 1.0",
        "monitor_feeds 4.0",
        'monitor_job_failures_total{job="poll"} 1.0',
    ):
        assert expected in lines
    assert 'version="1.2.3"' in text


async def test_two_services_in_one_process_count_apart() -> None:
    one, other = Metrics("1"), Metrics("1")
    one.items_added(5)
    assert b"monitor_items_total 0.0" in other.exposition()


async def test_a_port_in_use_gives_way_to_one_of_those_that_follow() -> None:
    async with (
        serve(well, Metrics("1"), host="127.0.0.1", port=0) as first,
        serve(well, Metrics("1"), host="127.0.0.1", port=first, further=20) as second,
        serve(well, Metrics("1"), host="127.0.0.1", port=first, further=20) as third,
    ):
        assert first < second < third <= first + 20
        assert (await ask(third, "/healthz"))[0] == 200


async def test_a_host_that_is_not_here_is_told_and_no_other_port_is_tried() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1:9464"):
        async with serve(well, Metrics("1"), host="192.0.2.1", port=9464, further=20):
            pass


async def test_a_stage_that_has_just_begun_here_is_given_its_time() -> None:
    hours_ago = NOW - timedelta(hours=3)
    loop = Loop(hours_ago, timedelta(minutes=2), began_at=NOW - timedelta(minutes=1))
    assert judge({"detect": loop}, now=NOW, started_at=hours_ago).ok
    late = judge({"detect": loop}, now=NOW + timedelta(minutes=2), started_at=hours_ago)
    assert late.reasons == ("detect: silent for 180 s",)


async def test_a_port_in_use_is_a_mistake_of_the_settings() -> None:
    async with serve(well, Metrics("1"), host="127.0.0.1", port=0) as port:
        with pytest.raises(ConfigError, match=f"MONITOR_HTTP_PORT: cannot listen on 127.0.0.1:{port}") as caught:
            async with serve(well, Metrics("1"), host="127.0.0.1", port=port):
                pass
    assert caught.value.problems[0].file == "environment"


async def test_the_port_is_free_again_after_the_block() -> None:
    async with serve(well, Metrics("1"), host="127.0.0.1", port=0) as port:
        pass
    async with serve(well, Metrics("1"), host="127.0.0.1", port=port) as again:
        assert again == port


async def test_any_other_path_is_not_found() -> None:
    async with serve(well, Metrics("1"), host="127.0.0.1", port=0) as port:
        assert (await ask(port, "/"))[0] == 404
