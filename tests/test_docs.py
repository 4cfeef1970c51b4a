"""The documents keep their word: commands, settings, targets and links that they show exist."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from monitor.bot.commands import COMMANDS
from monitor.cli.main import parser
from monitor.config.settings import variables

REPO = Path(__file__).parents[1]
PAGES = [*sorted(REPO.glob("*.md")), *sorted((REPO / "docs").rglob("*.md"))]
PROMISED = (
    *("run", "demo", "check", "parse", "match", "stories", "summarise"),
    *("feeds", "status", "backtest", "export", "import"),
)

_CODE = re.compile(r"^```.*?^```|^(?: {4,}\S[^\n]*\n)+|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(
    r"(?:^|[|&;]|\bexec monitor)\s*(?:\w+=\S+\s+)*(?:\.venv/bin/)?monitor((?:[ ]+[^|&;#\n]+)?)", re.MULTILINE
)
_LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)\s]+)\)")
_FILE = re.compile(r"(?<![\w./*<>-])(?:\w+/)*\*?\w+\.py\b")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def code(page: Path) -> Iterator[str]:
    for block in _CODE.findall(page.read_text("utf-8")):
        yield "\n".join(line.strip().removeprefix("$ ") for line in block.strip("`").splitlines())


def commands(page: Path) -> list[str]:
    shown = [found.strip() for block in code(page) for found in _COMMAND.findall(block)]
    return [each for each in shown if each and not each.startswith("…")]


def anchor(heading: str) -> str:
    """As GitHub makes it: https://docs.github.com/en/get-started/writing-on-github (section links)."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in _HEADING.findall(page.read_text("utf-8"))}


EVERY_COMMAND = [(page.name, line) for page in PAGES for line in commands(page)]


def test_the_documents_show_commands_at_all() -> None:
    assert {name for name, _ in EVERY_COMMAND} >= {"README.md", "operations.md", "quickstart.md", "watchlists.md"}


@pytest.mark.parametrize(("page", "line"), EVERY_COMMAND, ids=lambda value: value)
def test_a_command_that_is_shown_is_one_that_is_known(page: str, line: str) -> None:
    typed = re.sub(r"\s[<>]\s*\S+", "", line.replace("…", ""))  # what the shell takes for itself
    words = [word for word in shlex.split(typed) if word != "[--once]"]
    code = 0
    try:
        parser().parse_args(words)
    except SystemExit as end:
        code = int(end.code or 0)  # --help ends with 0
    assert code == 0, f"{page} shows `monitor {line}`"


@pytest.mark.parametrize("command", PROMISED)
def test_every_command_that_is_promised_exists(command: str) -> None:
    assert parser().parse_args([command]).command == command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(page.read_text("utf-8")):
        name, _, part = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (part and part not in anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", [*PAGES, REPO / ".env.example"], ids=lambda page: page.name)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"\bMONITOR_[A-Z_]*[A-Z]\b", page.read_text("utf-8")))
    assert {name for name in named if not name.startswith("MONITOR_CHANNEL_")} - set(variables()) == set()


def test_every_setting_is_told_to_the_operator() -> None:
    for page in (REPO / "docs" / "operations.md", REPO / ".env.example"):
        text = page.read_text("utf-8")
        assert [name for name in variables() if name not in text] == [], page.name


@pytest.mark.parametrize("page", ["telegram.md", "vi/trong-telegram.md"])
def test_every_word_to_the_bot_is_told_to_the_subscriber_and_no_other(page: str) -> None:
    text = (REPO / "docs" / page).read_text("utf-8").replace("/theo dõi", "").replace("/setinline", "")
    told = set(re.findall(r"(?<=[ /|`])/([a-z]+)\b", text))
    assert told == {name for command in COMMANDS for name in (command.name, command.also)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {found for block in code(page) for found in re.findall(r"(?:^|\s)make ([a-z]+)\b", block)}
    assert shown - targets - {"python"} == set()


# ---------------------------------------------------------------- files and nouns that are named


def stands(name: str) -> bool:
    """Whether there is such a file; the room that it stands in may be left out, as inside of a room one does."""
    return any(REPO.glob(name)) or any(any((REPO / part).rglob(name)) for part in ("monitor", "tests", "benchmarks"))


def lost_files(page: Path) -> list[str]:
    lines = enumerate(page.read_text("utf-8").splitlines(), 1)
    return [f"line {number}: {name}" for number, line in lines for name in _FILE.findall(line) if not stands(name)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_document_names_exists(page: Path) -> None:
    assert lost_files(page) == []


def test_every_file_that_the_code_names_exists() -> None:
    lost = {path.relative_to(REPO).as_posix(): lost_files(path) for path in (REPO / "monitor").rglob("*.py")}
    assert {name: each for name, each in lost.items() if each} == {}


def glossary() -> list[tuple[str, str]]:
    """The words with what is in backticks under "where"."""
    rows = [line.split("|") for line in (REPO / "docs" / "glossary.md").read_text("utf-8").splitlines() if "|" in line]
    return [(row[1].strip(), where) for row in rows for where in re.findall(r"`([^`]+)`", row[-2])]


NOUNS = [(word, where) for word, where in glossary() if re.fullmatch(r"[a-z_]+\.[A-Z]\w*(\.\w+)*", where)]
FOLDERS = [(word, where) for word, where in glossary() if where.endswith("/")]


def test_every_place_of_the_glossary_is_a_file_a_folder_or_a_noun() -> None:
    others = {where for _, where in glossary()} - {where for _, where in (*NOUNS, *FOLDERS)}
    assert [where for where in others if not _FILE.fullmatch(where)] == []
    assert len(NOUNS) > 30


@pytest.mark.parametrize(("word", "where"), NOUNS, ids=lambda value: value)
def test_a_noun_of_the_glossary_is_where_it_says(word: str, where: str) -> None:
    module, noun, *parts = where.split(".")
    found = getattr(import_module(f"monitor.{module}"), noun)
    for part in parts:
        assert part in dir(found) or part in found.__annotations__, f"{word}: {noun} has no {part}"


@pytest.mark.parametrize(("word", "folder"), FOLDERS, ids=lambda value: value)
def test_a_folder_of_the_glossary_exists(word: str, folder: str) -> None:
    assert (REPO / "monitor" / folder).is_dir(), word
