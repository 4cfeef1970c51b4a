"""The documents keep their word: commands, settings, targets and links that they show exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.bot.commands import COMMANDS
from monitor.cli.main import parser
from monitor.config.settings import variables

REPO = Path(__file__).parents[1]
PAGES = [REPO / "README.md", REPO / "CHANGELOG.md", *sorted((REPO / "docs").glob("*.md"))]
CONTRACT = (
    *("run", "demo", "check", "parse", "match", "stories", "summarise"),
    *("feeds", "status", "backtest", "export", "import"),
)

_CODE = re.compile(r"^```.*?^```|^(?: {4,}\S.*\n)+|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(
    r"(?:^|[|&;]|\bexec monitor)\s*(?:\w+=\S+\s+)*(?:\.venv/bin/)?monitor((?:[ ]+[^|&;#\n]+)?)", re.MULTILINE
)
_LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)\s]+)\)")
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
    words = [word for word in shlex.split(line.replace("…", "")) if word not in ("<", ">", "[--once]")]
    code = 0
    try:
        parser().parse_args(words)
    except SystemExit as end:
        code = int(end.code or 0)  # --help ends with 0
    assert code == 0, f"{page} shows `monitor {line}`"


@pytest.mark.parametrize("command", CONTRACT)
def test_every_command_of_the_contract_exists(command: str) -> None:
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
    assert named - set(variables()) == set()


def test_every_setting_is_told_to_the_operator() -> None:
    for page in (REPO / "docs" / "operations.md", REPO / ".env.example"):
        text = page.read_text("utf-8")
        assert [name for name in variables() if name not in text] == [], page.name


def test_every_word_to_the_bot_is_told_to_the_subscriber_and_no_other() -> None:
    text = (REPO / "docs" / "telegram.md").read_text("utf-8")
    told = set(re.findall(r"(?<=[ /|])/([a-z]+)\b", text))
    theirs = {name for command in COMMANDS if not command.admin for name in (command.name, command.also)}
    admins = {command.name for command in COMMANDS if command.admin}
    assert told == (theirs - {"start", "batdau"}) | admins


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {found for block in code(page) for found in re.findall(r"(?:^|\s)make ([a-z]+)\b", block)}
    assert shown - targets - {"python"} == set()
