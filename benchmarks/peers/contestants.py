"""Who is measured: this program, three that others wrote, two bare loops; how each is installed, run, counted.

Each has a folder of its own, which lives on from state to state, and the same list of feeds.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import monitor
from benchmarks.peers.farm import HOSTS

REPO = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "monitor-peers"
READER = ("reader[cli]==3.26", "sgmllib3k")  # its own copy of feedparser wants the latter, and it does not ask for it
RSS2EMAIL = ("rss2email==3.14",)
ADD_FEEDS = """
import reader
known = reader.make_reader("db.sqlite")
for url in open("urls").read().split():
    known.add_feed(url)
"""  # in its own venv: its command line takes one feed at a time


class NotInstalled(Exception):
    """A peer is not on this machine; the text says what brings it."""


class Contestant(ABC):
    """One program in its folder."""

    name: str
    how = ""
    knows_when = False  # has a schedule, so that it can be asked while nothing is due

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def env(self) -> dict[str, str]:
        """The environment that it runs in: nothing of the user's but where programs are."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}

    @classmethod
    def install(cls) -> None:
        """Bring it onto this machine."""
        raise NotImplementedError(f"{cls.name} is always there")

    @abstractmethod
    def version(self) -> str:
        """Its name with its version. Raises NotInstalled."""

    @abstractmethod
    def prepare(self, urls: Sequence[str]) -> None:
        """Tell it of its feeds; not measured."""

    @abstractmethod
    def command(self, *, due: bool) -> list[str]:
        """What is run and measured; every feed is `due`, or none is, for who has a schedule."""

    @abstractmethod
    def stored(self) -> int:
        """How many items it has."""

    def _count(self, file: str, query: str) -> int:
        with closing(sqlite3.connect(self.folder / file)) as database:
            return int(database.execute(query).fetchone()[0])


class Ours(Contestant):
    """This program as it ships: its watchlists, alerts to the terminal. No pause between two requests to a host."""

    name = "ours"
    how = "`python -m monitor run --once`, shipped watchlists, alerts to the terminal"
    knows_when = True

    def env(self) -> dict[str, str]:
        """Its settings."""
        return super().env() | {
            "PYTHONPATH": str(REPO),
            "MONITOR_CONFIG_DIR": "config",
            "MONITOR_DATABASE_URL": "sqlite:///monitor.db",
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "0",
            "MONITOR_HOST_SPACING": "0",
            "MONITOR_CONTACT": "https://bench.example",
        }

    def version(self) -> str:
        """Of the package."""
        return f"monitor {monitor.__version__}"

    def prepare(self, urls: Sequence[str]) -> None:
        """Write its config folder, with the defaults that ship, and its bytecode, as an installed program has it."""
        subprocess.run([sys.executable, "-m", "compileall", "-q", REPO / "monitor"], check=True)
        config = self.folder / "config"
        shutil.copytree(REPO / "config" / "watchlists", config / "watchlists")
        shipped = (REPO / "config" / "feeds.yaml").read_text("utf-8")
        defaults = shipped[shipped.index("defaults:") : shipped.index("feeds:")]
        rows = [f"  - {{id: muc-{n}, outlet: Báo thử {n % HOSTS}, url: '{url}'}}" for n, url in enumerate(urls)]
        (config / "feeds.yaml").write_text("\n".join((defaults, "feeds:", *rows, "")), "utf-8")

    def command(self, *, due: bool) -> list[str]:
        """One run; its schedule stands in its rows."""
        self._schedule("2000" if due else "2200")
        return [sys.executable, "-m", "monitor", "run", "--once"]

    def _schedule(self, year: str) -> None:
        file = self.folder / "monitor.db"
        if file.exists():
            with closing(sqlite3.connect(file)) as database, database:
                database.execute("UPDATE feeds SET next_check_at = ?, leased = 0", (f"{year}-01-01 00:00:00.000000",))

    def stored(self) -> int:
        """Rows of its items."""
        return self._count("monitor.db", "SELECT count(*) FROM items")


class _Newsboat(Contestant):
    """Debian's package, as it comes."""

    name = "newsboat"
    how = "`newsboat -x reload`, as it comes (one thread)"

    @classmethod
    def install(cls) -> None:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(
            ["apt-get", "install", "-qy", "--no-install-recommends", "newsboat"], check=True, env=environment
        )

    def version(self) -> str:
        if shutil.which("newsboat") is None:
            raise NotInstalled("apt-get install newsboat")
        said = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=True, env=self.env())
        return " ".join(said.stdout.split()[:2])

    def prepare(self, urls: Sequence[str]) -> None:
        (self.folder / "urls").write_text("\n".join((*urls, "")))
        (self.folder / "config").touch()

    def command(self, *, due: bool) -> list[str]:
        return ["newsboat", "-q", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]

    def stored(self) -> int:
        return self._count("cache.db", "SELECT count(*) FROM rss_item")


class _Packaged(Contestant):
    """A package of PyPI in a venv of its own under the user's cache."""

    requirements: tuple[str, ...]  # itself first

    @classmethod
    def _named(cls) -> tuple[str, str]:
        name, _, number = cls.requirements[0].partition("==")
        return name.removesuffix("[cli]"), number

    @classmethod
    def python(cls) -> Path:
        """The interpreter of its venv."""
        return CACHE / "-".join(cls._named()) / "bin" / "python"

    @classmethod
    def install(cls) -> None:
        venv = cls.python().parents[1]
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([cls.python(), "-m", "pip", "install", "--quiet", *cls.requirements], check=True)

    def version(self) -> str:
        name, number = self._named()
        look = [str(self.python()), "-c", f"import {name}"]
        if not self.python().exists() or subprocess.run(look, capture_output=True, check=False).returncode:
            raise NotInstalled(f"pip install {self.requirements[0]}")
        return f"{name} {number}"


class _Reader(_Packaged):
    """lemon24/reader over its command line."""

    name = "reader"
    how = "`python -m reader update`, as it comes (one worker)"
    requirements = READER
    knows_when = True
    workers: tuple[str, ...] = ()

    def prepare(self, urls: Sequence[str]) -> None:
        (self.folder / "urls").write_text("\n".join(urls))
        subprocess.run([self.python(), "-c", ADD_FEEDS], check=True, cwd=self.folder, env=self.env())

    def command(self, *, due: bool) -> list[str]:
        scheduled = "--no-scheduled" if due else "--scheduled"
        return [str(self.python()), "-m", "reader", "--db", "db.sqlite", "update", scheduled, *self.workers]

    def stored(self) -> int:
        return self._count("db.sqlite", "SELECT count(*) FROM entries")


class _ReaderOfTen(_Reader):
    """The same with ten workers."""

    name = "reader-10"
    how = "`python -m reader update --workers 10`"
    workers = ("--workers", "10")


class _Rss2Email(_Packaged):
    """rss2email: every message is made, none is sent."""

    name = "rss2email"
    how = "`r2e run --no-send`: every message is made and none is sent"
    requirements = RSS2EMAIL

    def prepare(self, urls: Sequence[str]) -> None:
        feeds = (f"[feed.muc-{n}]\nurl = {url}\nto = reader@bench.example\n" for n, url in enumerate(urls))
        (self.folder / "config").write_text("\n".join(("[DEFAULT]\nto = reader@bench.example\n", *feeds)))

    def command(self, *, due: bool) -> list[str]:
        return [str(self.python().with_name("r2e")), "-c", "config", "-d", "data.json", "run", "--no-send"]

    def stored(self) -> int:
        data = json.loads((self.folder / "data.json").read_text("utf-8"))
        return sum(len(feed["seen"]) for feed in data["feeds"])


class _Bare(Contestant):
    """aiohttp, a parser and sqlite3."""

    parser: str

    def env(self) -> dict[str, str]:
        return super().env() | {"PYTHONPATH": str(REPO)}

    def version(self) -> str:
        return f"bare loop with {self.parser}"

    def prepare(self, urls: Sequence[str]) -> None:
        (self.folder / "urls").write_text("\n".join(urls))

    def command(self, *, due: bool) -> list[str]:
        return [sys.executable, "-m", "benchmarks.peers.bare", self.parser, "items.db", "urls"]

    def stored(self) -> int:
        return self._count("items.db", "SELECT count(*) FROM items")


class _BareFeedparser(_Bare):
    name = "feedparser"
    how = "aiohttp, feedparser, sqlite3 and nothing else"
    parser = "feedparser"


class _BareLxml(_Bare):
    name = "lxml"
    how = "aiohttp, lxml, sqlite3 and nothing else"
    parser = "lxml"


CONTESTANTS: dict[str, type[Contestant]] = {
    each.name: each for each in (Ours, _Newsboat, _Reader, _ReaderOfTen, _Rss2Email, _BareFeedparser, _BareLxml)
}
