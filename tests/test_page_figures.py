"""benchmarks/pages still runs: it asks for every page, and every open page is told of every event."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.web.routes import PAGES, ShownTo

REPO = Path(__file__).parents[1]


def run(*words: str) -> str:
    ended = subprocess.run([sys.executable, *words], cwd=REPO, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_every_page_is_asked_for_and_timed() -> None:
    said = run("benchmarks/pages/run.py", "--items", "900", "--rounds", "1")
    assert "not asked for" not in said
    timed = {line.split()[0] for line in said.splitlines() if line.startswith("/")}
    assert len([page for page in timed if "?" not in page and not page.endswith(".json")]) == len(
        [page for page in PAGES if (page.shown_to is not ShownTo.ANYBODY or page.path == "/login")]
        + [page for page in PAGES if page.path.endswith(".xml")]
    )


@pytest.mark.slow
def test_every_open_page_is_told_of_every_event() -> None:
    said = run("-m", "benchmarks.pages.live", "--viewers", "4", "--seconds", "3", "--rounds", "1")
    (told,) = [line for line in said.splitlines() if line.startswith("| … events, told to pages, not told |")]
    events, reached, missed = (int(each) for each in told.split("|")[2].split(","))
    assert events >= 20
    assert (reached, missed) == (4 * events, 0)
