"""The pages on watchlists, English and Vietnamese, keep their word: lists are read, items match what the page says."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import load_all, load_watchlist
from monitor.matching.matcher import compile_watchlist
from tests.newsroom import DAY, item

DOCS = Path(__file__).parents[1] / "docs"
PAGES = (DOCS / "watchlists.md", DOCS / "vi" / "danh-sach-theo-doi.md")
KEYS = (
    *("aliases", "short", "offices", "common", "near", "not"),
    *("match", "ignore", "polarity", "tags", "priority"),
)
_FENCE = re.compile(r"^```(yaml|items)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    watchlist: str
    line: str


def examples(page: Path) -> list[Example]:
    found: list[Example] = []
    watchlist = ""
    for kind, block in _FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "yaml":
            watchlist = block
        else:
            found += [Example(watchlist, line) for line in block.splitlines() if line.strip()]
    return found


def watchlists(page: Path) -> list[str]:
    return [block for kind, block in _FENCE.findall(page.read_text(encoding="utf-8")) if kind == "yaml"]


def written(watchlist: str, folder: Path) -> Path:
    (folder / "watchlists").mkdir()
    (folder / "watchlists" / "page.yaml").write_text(watchlist, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "example", [each for page in PAGES for each in examples(page)], ids=lambda example: example.line
)
def test_an_example_matches_what_the_page_says(example: Example, tmp_path: Path) -> None:
    text, _, expected = example.line.rpartition(" → ")
    dated = re.match(r"(\d{4})-(\d\d)-(\d\d) ", text)
    at = datetime(int(dated[1]), int(dated[2]), int(dated[3]), 3, tzinfo=UTC) if dated else DAY
    title, _, lead = text[dated.end() if dated else 0 :].partition(" || ")
    watchlist = load_watchlist(written(example.watchlist, tmp_path))
    matches = compile_watchlist(watchlist).match(item(title, lead, at=at))
    shown = {match.watch_id + (f"[{match.note}]" if match.note else "") for match in matches}
    wanted = set(re.findall(r"[a-z0-9-]+(?:\[[^\]]*\])?", expected)) - {"-"}
    assert shown == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_check_has_nothing_to_say_of_the_lists(page: Path, tmp_path: Path) -> None:
    for number, watchlist in enumerate(watchlists(page)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "feeds.yaml").write_text("feeds:\n  - {id: a, outlet: A, url: https://a.example/rss}\n", "utf-8")
        warnings = load_all(written(watchlist, folder), today=DAY.date()).warnings
        # a page teaches with lone words, of which sets say more
        assert [one for one in warnings if "ways to say" not in one.message] == [], watchlist


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_has_examples_of_every_kind_of_key(page: Path) -> None:
    lists = "".join(watchlists(page))
    assert [key for key in KEYS if f"{key}:" not in lists] == []
