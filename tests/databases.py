"""Real databases for tests: a SQLite file each, and a PostgreSQL cluster that the tests start and stop themselves.

Fixtures: `database_url` (both kinds in turn; schema in place, no rows), `unused_database_url` (nor statistics of rows),
`blank_database_url` (no schema either), `store`, an open one, and `shared`, a PostgreSQL that several workers share.
"""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

from monitor.store.transaction import Store, open_store

KINDS = ("sqlite", "postgresql")
INSTALL = "PostgreSQL is not installed; it takes: apt-get install postgresql"
GUARDED = "guarded"  # a role that needs a password, and may create nothing
PASSWORD = "dung-lam-lo"  # of that role
DEPLOYED = "monitor"  # a role that needs a password, too, and that tests of deploy/ make and drop

# To truncate all 37 tables takes ten times as long as to delete the few rows that a test leaves. What grew large is
# truncated: its pages would stay, and the plans that PostgreSQL makes depend on them.
EMPTY = """
DO $$
DECLARE
    touched regclass;
    is_large boolean;
    numbers regclass;
BEGIN
    SET LOCAL session_replication_role = replica;  -- foreign keys and triggers look away: everything goes
    FOR touched, is_large IN
        SELECT oid, pg_relation_size(oid) > 64 * 1024 FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'monitor_schema'
            AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format(CASE WHEN is_large THEN 'TRUNCATE %s CASCADE' ELSE 'DELETE FROM %s' END, touched);
    END LOOP;
    FOR numbers IN
        SELECT format('%I', sequencename)::regclass FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        PERFORM setval(numbers, 1, false);
    END LOOP;
END $$
"""


@dataclass
class Cluster:
    """A running PostgreSQL on loopback, thrown away with its data."""

    port: int
    numbers: Iterator[int] = field(default_factory=count)
    spare: list[str] = field(default_factory=list)

    def url(self, name: str, *, user: str = "postgres", password: str = "") -> str:
        """The address of one of its databases."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{self.port}/{name}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Statements of its owner, each by itself."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def ask(self, question: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """The rows that answer a question of its owner."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def new_database(self, template: str = "template1") -> str:
        """The address of a database that nobody has used."""
        name = f"test_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Forget a database, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def borrow(self) -> str:
        """A database with the schema and no rows, perhaps one that another test has given back."""
        return self.spare.pop() if self.spare else self.new_database("migrated")

    def give_back(self, url: str) -> None:
        """Empty it for the next test: a fiftieth of the time that a new one takes."""
        name = url.rsplit("/", 1)[1]
        self.run(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
        self.run(EMPTY, database=name)
        self.spare.append(url)


def binaries() -> Path:
    """The folder of PostgreSQL's programs. Without it the test is skipped; in CI it fails."""
    found = _binaries()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    return found


def _binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        if (Path(said) / "initdb").exists():
            return Path(said)
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: it refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A cluster for the whole run. Without PostgreSQL the test is skipped; in CI it fails."""
    with running_cluster() as cluster:
        yield cluster


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster that runs meanwhile, thrown away behind it; also for benchmarks."""
    programs = binaries()
    home = Path(tempfile.mkdtemp(prefix="monitor-pg-"))  # a short path: a socket's name has at most 107 bytes
    owner = _unprivileged()
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    data, log = home / "data", home / "log"

    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}

    def run(program: str, *arguments: str) -> None:
        with log.open("ab") as output:  # not a pipe: the server would keep it open for ever
            ended = subprocess.run(
                [programs / program, "-D", data, *arguments],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **who,  # type: ignore[call-overload]
            )
        if ended.returncode:
            pytest.fail(f"{program} failed:\n{log.read_text(errors='replace')[-2000:]}")

    try:
        # the C locale sorts as Python does not: a test that leans on the order of letters shows it
        run("initdb", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust")
        (data / "pg_hba.conf").write_text(
            "local all all trust\n"
            f"host all {GUARDED},{DEPLOYED} 127.0.0.1/32 scram-sha-256\n"
            "host all all 127.0.0.1/32 trust\n"
        )
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {home} -F -c full_page_writes=off -c max_connections=200"
        run("pg_ctl", "-w", "-o", options, "start")
        # Stops the cluster when this end of its pipe closes, however these tests end: also by a kill -9.
        guard = subprocess.Popen(
            [
                "sh",
                "-c",
                'cat >/dev/null; "$0" -D "$1" -m immediate stop; rm -rf "$2"',
                programs / "pg_ctl",
                data,
                home,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the tests
            **who,  # type: ignore[call-overload]
        )
        try:
            cluster = Cluster(port)
            cluster.run(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'", "CREATE DATABASE migrated")
            asyncio.run(_migrate(cluster.url("migrated")))
            yield cluster
        finally:
            guard.communicate()
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _migrate(url: str) -> None:
    await (await open_store(url)).close()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


def _copy_of_empty(request: pytest.FixtureRequest, folder: Path) -> str:
    path = folder / "monitor.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def shared(postgresql: Cluster) -> Iterator[str]:
    """A PostgreSQL database that several workers share."""
    url = postgresql.borrow()
    yield url
    postgresql.give_back(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the schema in place and no rows, of both kinds in turn."""
    if request.param == "sqlite":
        yield _copy_of_empty(request, tmp_path)
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        url = cluster.borrow()
        yield url
        cluster.give_back(url)


@pytest.fixture(params=KINDS)
def unused_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """As `database_url`, and no test before has left pages or statistics there, which PostgreSQL plans by."""
    if request.param == "sqlite":
        yield _copy_of_empty(request, tmp_path)
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        url = cluster.new_database("migrated")
        yield url
        cluster.drop(url)


@pytest.fixture(params=KINDS)
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database that not even the schema is in, of both kinds in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'monitor.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        url = cluster.new_database()
        yield url
        cluster.drop(url)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on a fresh database."""
    async with await open_store(database_url) as opened:
        yield opened
