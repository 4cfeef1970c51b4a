"""docs/watchlists.md keeps its word: every list is read, every item below it matches what the page says."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import load_watchlist
from monitor.matching.matcher import compile_watchlist
from tests.newsroom import DAY, item

PAGE = Path(__file__).parents[1] / "docs" / "watchlists.md"
_FENCE = re.compile(r"^```(yaml|items)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    watchlist: str
    line: str


def examples() -> list[Example]:
    found: list[Example] = []
    watchlist = ""
    for kind, block in _FENCE.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "yaml":
            watchlist = block
        else:
            found += [Example(watchlist, line) for line in block.splitlines() if line.strip()]
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.line)
def test_an_example_matches_what_the_page_says(example: Example, tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "page.yaml").write_text(example.watchlist, encoding="utf-8")
    text, _, expected = example.line.rpartition(" → ")
    dated = re.match(r"(\d{4})-(\d\d)-(\d\d) ", text)
    at = datetime(int(dated[1]), int(dated[2]), int(dated[3]), 3, tzinfo=UTC) if dated else DAY
    title, _, lead = text[dated.end() if dated else 0 :].partition(" || ")
    matches = compile_watchlist(load_watchlist(tmp_path)).match(item(title, lead, at=at))
    shown = {match.watch_id + (f"[{match.note}]" if match.note else "") for match in matches}
    wanted = set(re.findall(r"[a-z0-9-]+(?:\[[^\]]*\])?", expected)) - {"-"}
    assert shown == wanted


def test_the_page_has_examples_of_every_kind_of_key() -> None:
    lists = "".join({example.watchlist: None for example in examples()})
    for key in (
        "aliases",
        "short",
        "offices",
        "common",
        "near",
        "not",
        "match",
        "ignore",
        "polarity",
        "tags",
        "priority",
    ):
        assert f"{key}:" in lists
