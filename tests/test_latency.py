"""benchmarks/latency still runs, tells every story to everybody who follows it, and looks at every item of a flood."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.latency.__main__ import table, watch_names
from benchmarks.latency.house import quantile

REPO = Path(__file__).parents[1]


@pytest.mark.slow
def test_every_story_is_told_to_its_followers_and_every_item_of_a_flood_is_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    words = ["--seconds", "3", "--warm-up", "1", "--feeds", "3", "--items", "9", "--json", str(file)]
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.latency", *words], cwd=REPO, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    steady, flood = found["steady"], found["flood"]
    assert (steady["stories"], steady["stories_told"], steady["messages"]) == (3, 3, 6)
    assert steady["parts_ms"]["messages"] == 8, (
        "those of the warm-up, too: /metrics counts what the log of Telegram does"
    )
    assert (flood["items"], flood["looked_at"]) == (27, 27)
    assert flood["fresh_told"] == flood["fresh"] >= 5
    assert steady["lag"]["max"] >= steady["lag"]["p99"] >= steady["lag"]["p50"] > 0
    assert steady["cpu_ms_an_item"] > 0
    assert ended.stdout.count("\n| ") == 12


def test_no_two_watches_have_one_name() -> None:
    assert len(set(watch_names(60).values())) == 60


@pytest.mark.parametrize(("share", "value"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_quantile_is_a_value_that_was_seen(share: float, value: int) -> None:
    assert quantile(range(100, 0, -1), share) == value
    assert quantile([], share) == 0


def test_what_was_not_run_is_not_in_the_table() -> None:
    assert table({"scale": {}}).count("\n") == 1
