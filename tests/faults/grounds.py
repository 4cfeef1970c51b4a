"""The databases that the service stands on, and what may befall them: locked, full, frozen, stopped, killed.

Each is of its own: a SQLite file, or a PostgreSQL cluster that nobody else uses.
"""

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.databases import _binaries, _free_port, _unprivileged

ROOM = 4096  # bytes above the present size of a file: the disk is as good as full


class Ground(Protocol):
    """A database with its troubles; each lasts as long as its block."""

    kind: str
    url: str

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a SELECT. Raises when the database does not answer."""

    def befall(self, trouble: str, pid: int) -> Any:
        """An async context manager: the trouble, with the service running as `pid`."""


class SqliteGround:
    """A file in a folder of its own."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "monitor.db"
        self.url = f"sqlite:///{self.path}"

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    @asynccontextmanager
    async def befall(self, trouble: str, pid: int) -> AsyncIterator[None]:
        match trouble:
            case "database-locked":
                connection = sqlite3.connect(self.path, timeout=5, isolation_level=None)
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    yield
                finally:
                    connection.close()
            case "disk-full":
                files = [each for each in self.path.parent.glob("monitor.db*") if each.exists()]
                largest = max((each.stat().st_size for each in files), default=0)
                hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (max(ROOM, largest // 2), hard))
                try:
                    yield
                finally:
                    with suppress(ProcessLookupError):  # it was killed meanwhile, and the next one has room
                        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
            case _:
                raise ValueError(trouble)


class PostgresqlGround:
    """A cluster that can be stopped, killed and started again; see `postgresql_ground`."""

    kind = "postgresql"

    def __init__(self, home: Path, binaries: Path, port: int, connections: int) -> None:
        self._connections = connections
        self._home = home
        self._binaries = binaries
        self._port = port
        self._owner = _unprivileged()
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        owner = self._owner
        who: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        log = self._home / "log"
        with log.open("ab") as output:
            ended = subprocess.run(
                [self._binaries / program, "-D", self._home / "data", *arguments],
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                timeout=120,
                **who,
            )
        if check and ended.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text(errors='replace')[-2000:]}")

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self._port} -k {self._home} -c fsync=off"
        options += f" -c max_connections={self._connections}"
        self.run("pg_ctl", "-w", "-o", options, "start")

    def stop(self, mode: str) -> None:
        self.run("pg_ctl", "-w", "-m", mode, "stop", check=False)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            return connection.execute(statement.encode()).fetchall()

    @asynccontextmanager
    async def befall(self, trouble: str, pid: int) -> AsyncIterator[None]:
        match trouble:
            case "database-locked":
                connection = await psycopg.AsyncConnection.connect(self.url)
                try:
                    await connection.execute("SET lock_timeout = '5s'")
                    await connection.execute("LOCK TABLE alerts, items IN ACCESS EXCLUSIVE MODE")
                    yield
                finally:
                    await connection.close()
            case "database-slow":
                pids = self._processes()
                for each in pids:
                    os.kill(each, signal.SIGSTOP)
                try:
                    yield
                finally:
                    for each in pids:
                        with suppress(ProcessLookupError):
                            os.kill(each, signal.SIGCONT)
            case "database-stopped" | "database-killed":
                await asyncio.to_thread(self.stop, "fast" if trouble == "database-stopped" else "immediate")
                try:
                    yield
                finally:
                    await asyncio.to_thread(self.start)
            case _:
                raise ValueError(trouble)

    @property
    def server(self) -> int:
        """The process that all others of the cluster are children of."""
        return int((self._home / "data" / "postmaster.pid").read_text().split("\n")[0])

    def _processes(self) -> list[int]:
        """The server and its children."""
        first = self.server
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]


@contextmanager
def sqlite_ground() -> Iterator[SqliteGround]:
    """A file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="faults-db-") as folder:
        yield SqliteGround(Path(folder))


@contextmanager
def postgresql_ground(connections: int = 60) -> Iterator[PostgresqlGround]:
    """A running cluster, gone afterwards. Raises RuntimeError where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed; it takes: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="faults-pg-"))
    owner = _unprivileged()
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    ground = PostgresqlGround(home, binaries, _free_port(), connections)
    try:
        ground.run("initdb", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust")
        ground.start()
        try:
            yield ground
        finally:
            ground.stop("immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


GROUNDS: dict[str, Callable[[], Any]] = {"sqlite": sqlite_ground, "postgresql": postgresql_ground}
