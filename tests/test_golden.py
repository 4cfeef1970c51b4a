"""What every step and the whole service made of fixed input, held to what was recorded.

A change of behaviour that is meant is recorded anew (`MONITOR_GOLDEN=write make test ARGS=tests/test_golden.py`) in a
commit that says so.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.golden.cases import OWN, own_cases, own_press, recorded_service, shared_cases, shared_press
from tests.outside import judged_outside

WRITES = os.environ.get("MONITOR_GOLDEN") == "write"
HASHES = Path(__file__).parent / "golden" / "shared.sha256"
OWN_CASES = ("match", "match-quotes", "match-explain", "stories", "summarise", "summarise-stories")
SHARED_CASES = (
    "parse-feeds",
    "parse-conformance",
    "match-mentions",
    "explain-mentions",
    "match-feed-items",
    "match-fulltext",
    "stories-morning",
    "stories-feed-items",
    "summarise-clusters",
    "summarise-articles",
    "backtest-morning",
)


def held_to_file(name: str, output: str) -> None:
    path = OWN / f"{name}.txt"
    if WRITES:
        path.parent.mkdir(exist_ok=True)
        path.write_text(output, "utf-8")
    assert output.strip(), "nothing came out"
    assert output == path.read_text("utf-8")


def held_to_hash(name: str, output: str, tmp_path: Path) -> None:
    known = dict(line.split()[::-1] for line in HASHES.read_text().splitlines()) if HASHES.exists() else {}
    digest = hashlib.sha256(output.encode()).hexdigest()
    if WRITES:
        known[name] = digest
        HASHES.write_text("".join(f"{known[each]}  {each}\n" for each in sorted(known)))
    (tmp_path / "output.txt").write_text(output, "utf-8")
    assert output.strip(), "nothing came out"
    assert digest == known[name], f"what came out is in {tmp_path}/output.txt"


@pytest.mark.parametrize("name", OWN_CASES)
def test_a_step_makes_the_same_of_the_demos_articles(name: str, monitor: CommandLine) -> None:
    held_to_file(name, own_cases(monitor)[name]())


@pytest.mark.slow
async def test_the_service_tells_the_same_of_the_demos_articles(tmp_path: Path) -> None:
    held_to_file("service", await recorded_service(own_press(), tmp_path, step=timedelta(minutes=6)))


@judged_outside("tests/test_golden.py::test_a_step_makes_the_same_of_the_demos_articles")
@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED_CASES)
def test_a_step_makes_the_same_of_real_news(name: str, monitor: CommandLine, tmp_path: Path) -> None:
    held_to_hash(name, shared_cases(monitor)[name](), tmp_path)


@judged_outside("tests/test_golden.py::test_the_service_tells_the_same_of_the_demos_articles")
@pytest.mark.slow
async def test_the_service_tells_the_same_of_a_real_morning(tmp_path: Path) -> None:
    held_to_hash("service-morning", await recorded_service(shared_press(), tmp_path, step=timedelta(hours=1)), tmp_path)
