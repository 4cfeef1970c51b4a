"""benchmarks/peers still runs, and every program in it has done the work that it is measured for."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers import __main__ as command
from benchmarks.peers import bare
from benchmarks.peers.measuring import run
from benchmarks.peers.profiles import group_of_stack
from benchmarks.peers.tables import Findings, Row, tables
from benchmarks.peers.texts import piece

REPO = Path(__file__).parents[1]
PROGRAMS = ("ours", "feedparser", "lxml")


STATES = ("new", "two", "304", "same")


@pytest.mark.slow
def test_every_program_stores_every_item_once_and_is_answered_as_the_state_says(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    words = ["--feeds", "3", "--items", "4", "--only", ",".join(PROGRAMS), "--states", ",".join(STATES)]
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers", *words, "--json", file], cwd=REPO, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    rows = {(each["state"], each["program"]): each for each in json.loads(file.read_text("utf-8"))["rows"]}
    assert [*rows] == [(state, program) for state in STATES for program in PROGRAMS]
    full, unchanged = {"feed 200": 3}, {"feed 304": 3}
    for program in PROGRAMS:
        mine = [rows[state, program] for state in STATES]
        assert [each["stored"] for each in mine] == [12, 18, 18, 18], program
        asked = [{kind: n for kind, n in each["answers"].items() if kind[:4] == "feed"} for each in mine]
        assert asked == [full, full, unchanged, full], program
        assert all(each["cpu"] > 0.05 and each["memory"] > 5 for each in mine), program
    assert ended.stdout.count("\n| ") == len(rows) + 2  # the head and its line


def row(**changed: Any) -> Row:
    return replace(Row("new", "ours", 3.0, 90.0, wall=4.0, stored=12, expected=12, answers={}, code=0), **changed)


def test_the_table_tells_the_ratio_to_each_peer_that_was_there() -> None:
    findings = Findings(3, 4, "here", rows=[row(), row(program="newsboat", cpu=2.0)])
    assert "| every item new | ours | 3.00 | 1.50 | – |" in tables(findings)


def test_a_program_that_did_not_do_its_work_is_told_as_such() -> None:
    assert "**11, not 12; exit code 0**" in tables(Findings(3, 4, "here", rows=[row(stored=11)]))
    assert not row(stored=11).is_right
    assert not row(code=1).is_right


def test_a_row_that_holds_the_cost_of_the_profiler_says_so() -> None:
    told = tables(
        Findings(3, 4, "here", rows=[row(), row(state="two")], profiles={"new": {"imports": 0.75, "x": 0.01}})
    )
    assert "| every item new | ours, with py-spy | 3.00 |" in told
    assert "| two new items each | ours | 3.00 |" in told
    assert "    75.0%     2.25 s  imports" in told
    assert "1.0%" not in told


def test_a_peer_that_is_missing_is_never_left_out_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["peers", "--only", "newsboat"])
    findings = Findings(3, 4, "here")
    assert command.entered(command.wishes(), tmp_path, findings) == []
    assert "| all | newsboat | not installed (apt-get install newsboat); --install brings it |" in tables(findings)


@pytest.mark.parametrize("words", [["--only", "ours,feedly"], ["--states", "old"], ["--items", "1"]])
def test_a_wish_that_cannot_be_met_is_refused(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["peers", *words])
    with pytest.raises(SystemExit) as end:
        command.wishes()
    assert end.value.code == 2


BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def test_what_a_process_leaves_behind_is_counted_too(tmp_path: Path) -> None:
    left = ["sh", "-c", f"{sys.executable} -c '{BUSY}' & exit 3"]
    cost = run(left, env={"PATH": "/usr/bin:/bin"}, cwd=tmp_path, log=tmp_path / "said.log", within=60)
    assert cost.code == 3
    assert cost.cpu >= 0.3


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    cost = run(["sleep", "60"], env={"PATH": "/usr/bin:/bin"}, cwd=tmp_path, log=tmp_path / "said.log", within=0.1)
    assert cost.code == -9
    assert cost.wall < 30


def test_a_stack_counts_for_the_innermost_package_that_has_a_name() -> None:
    ours = f"Poll._once ({REPO}/monitor/pipeline/poll.py:70)"
    assert group_of_stack(["run (/usr/lib/x.py:1)", ours, "sub (re.py:5)"]) == "monitor.pipeline.poll"
    assert group_of_stack([ours, "_load (<frozen importlib._bootstrap>:1)", "loads (json.py:2)"]) == "imports"
    assert group_of_stack(['process 7:"monitor"', "main (other.py:3)"]) == "others"
    assert group_of_stack(['process 7:"monitor"']) == "the interpreter's own start and end"


def test_texts_have_the_lengths_of_headlines_and_leads() -> None:
    pieces = [piece(number, 400) for number in range(400)]
    assert piece(7, 400) == piece(7, 400)
    assert sum(50 <= len(each.title) <= 95 for each in pieces) >= 360
    assert all(100 <= len(each.lead) <= 260 for each in pieces)


def test_the_bare_loops_read_the_same_rows_of_one_feed() -> None:
    items = "".join(
        f"<item><title><![CDATA[Tin {n}]]></title><link>https://a.example/{n}</link><guid>https://a.example/{n}</guid>"
        f"<pubDate>Sat, 28 Nov 2026 0{n}:00:00 +0700</pubDate><description>Đoạn {n}</description></item>"
        for n in range(3)
    )
    body = f"<rss version='2.0'><channel><title>Báo</title>{items}</channel></rss>".encode()
    assert [*bare.lxml_rows()(body)] == [*bare.feedparser_rows()(body)]
    assert len([*bare.lxml_rows()(body)]) == 3
