"""Where things stand in monitor/: each library has one home, each name one meaning, and no file or function is endless.

Which floor may import which is import-linter's to say (pyproject.toml); this reads the source of every file, imports
inside of functions included.
"""

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
MONITOR = REPO / "monitor"

# A home is a folder or a file of monitor/. A library that is not here has no home yet: give it one, and keep it small.
HOMES = {
    # Telegram
    "telegram": ("bot/", "notify/telegram.py", "notify/telegram_refusals.py", "notify/token_check.py"),
    "httpx": ("notify/telegram.py",),  # what python-telegram-bot sends with
    # the web
    "aiohttp": ("net/", "web/", "demo/newsroom.py"),
    "protego": ("feeds/",),  # robots.txt
    "apprise": ("notify/apprise.py",),
    "requests": ("notify/apprise_outcomes.py",),  # what Apprise asks with: its errors are read
    "urllib3": ("notify/apprise_outcomes.py",),
    "feedparser": ("feeds/feedparsed.py",),
    "trafilatura": ("feeds/article.py",),
    "prometheus_client": ("web/metrics.py",),
    "jinja2": ("web/",),
    "markupsafe": ("web/",),
    # the rows
    "sqlalchemy": ("store/",),
    "psycopg": ("store/",),
    "procrastinate": ("app/cluster.py",),
    "alembic": ("store/upgrading.py", "store/migrations/"),
    # pictures
    "resvg_py": ("charts/rasterise.py",),
    # words
    "lark": ("matching/query.py", "matching/query_errors.py"),
    "ahocorasick": ("matching/lexicon.py",),
    "underthesea": ("matching/nlp.py",),
    "babel": ("i18n.py",),
    # the ground
    "apscheduler": ("app/",),
    "structlog": (  # app/ sets it up, the others log
        "app/",
        "bot/",
        "config/file_changes.py",
        "notify/telegram.py",
        "pipeline/answers.py",
        "pipeline/bugs.py",
        "pipeline/compose.py",
        "pipeline/deliver.py",
        "pipeline/fan_out.py",
        "pipeline/outage.py",
    ),
    "rich": ("cli/", "demo/narrator.py", "notify/terminal.py"),
    "yaml": ("config/yaml_reader.py", "config/yaml_mistakes.py"),
    "pydantic": ("config/",),
    "pydantic_core": ("config/",),
    "pydantic_settings": ("config/",),
    "watchfiles": ("config/file_changes.py",),
    # of the standard library, what opens a door
    "socket": ("net/",),
    "ssl": ("net/",),
    "sqlite3": ("store/",),
    "subprocess": ("store/postgresql_backup.py",),  # pg_dump and pg_restore
    "ctypes": ("net/child_side.py",),  # to be ended with its parent
}

CORE = {"types.py", "ports.py", "errors.py", "i18n.py", "__init__.py", "__main__.py", "py.typed", "locale"}

MOST_LINES = 450
LONG_FILES = {
    "types.py": "the nouns of every floor, without behaviour",
}

MOST_LINES_OF_A_FUNCTION = 60
LONG_FUNCTIONS = {
    "store/migrations/versions/first_0001.py:upgrade": "the tables as they were",
    "store/migrations/versions/changes_0002.py:upgrade": "the tables as they were",
}


def files() -> list[Path]:
    return sorted(MONITOR.rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(MONITOR).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), path)


def imports(source: ast.Module) -> Iterator[tuple[str, int]]:
    """The top-level packages that a file imports, each with its line; import_module("…") counts too."""
    for node in ast.walk(source):
        match node:
            case ast.Import(names=names):
                yield from ((each.name.partition(".")[0], node.lineno) for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0], node.lineno
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module.partition(".")[0], node.lineno


def floors() -> set[str]:
    """The folders and core modules that the contract of import-linter names."""
    contract = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    return {name.strip(" ()") for floor in contract["layers"] for name in floor.replace(":", "|").split("|")}


def test_each_library_is_imported_in_its_home_and_nowhere_else() -> None:
    astray = []
    for path in files():
        for library, line in imports(tree(path)):
            homes = HOMES.get(library)
            if homes is None:
                if library not in sys.stdlib_module_names and library != "monitor":
                    astray.append(f"monitor/{named(path)}:{line}: {library} has no home: give it one in HOMES")
            elif not any(named(path) == home or (home[-1] == "/" and named(path).startswith(home)) for home in homes):
                where = ", ".join(homes) or "nowhere"
                astray.append(f"monitor/{named(path)}:{line}: {library} may be imported in {where}")
    assert not astray, "\n".join(astray)


def test_what_is_imported_inside_of_functions_and_by_name_is_seen() -> None:
    source = "def read():\n    import aiohttp.web\n    from telegram import Bot\n    return import_module('lark')\n"
    assert list(imports(ast.parse(source))) == [("aiohttp", 2), ("telegram", 3), ("lark", 4)]


def test_nothing_stands_in_the_package_but_the_core_and_the_floors() -> None:
    found = {path.name for path in MONITOR.iterdir() if path.name != "__pycache__"}
    folders = {path.name for path in MONITOR.iterdir() if path.is_dir()} - {"__pycache__", "locale"}
    assert found - folders <= CORE
    assert folders <= floors()


def test_no_class_has_the_name_of_another() -> None:
    found: dict[str, list[str]] = {}
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(f"monitor/{named(path)}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_no_file_has_the_name_of_another() -> None:
    counted = Counter(path.name for path in files())
    del counted["__init__.py"]
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("path", files(), ids=named)
def test_a_file_and_its_functions_can_be_read_at_one_sitting(path: Path) -> None:
    too_long = []
    lines = len(path.read_text("utf-8").splitlines())
    if lines > MOST_LINES and named(path) not in LONG_FILES:
        too_long.append(f"monitor/{named(path)} has {lines} lines, more than {MOST_LINES}: split it by purpose")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION and f"{named(path)}:{node.name}" not in LONG_FUNCTIONS:
                too_long.append(f"monitor/{named(path)}:{node.lineno}: {node.name} has {lines} lines")
    assert not too_long, "\n".join(too_long)


IMPORT_ALL = """
import asyncio, logging, os, pkgutil, socket, sys, threading
before = set(os.listdir()), logging.root.handlers[:], dict(os.environ)
def shut(*_, **__): raise AssertionError("an import opened a socket")
socket.socket.connect = asyncio.new_event_loop = asyncio.run = shut
import monitor
for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
    if not module.name.startswith("monitor.store.migrations.") and not module.name.endswith("__main__"):
        __import__(module.name)
assert threading.active_count() == 1, threading.enumerate()
assert (set(os.listdir()), logging.root.handlers, dict(os.environ)) == before
for library in ("underthesea", "feedparser"):
    assert library not in sys.modules, "it is dear, and read on first use"
"""


@pytest.mark.slow
def test_an_import_does_nothing(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(REPO), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
