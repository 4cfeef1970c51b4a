"""A SQLite database into one file and back, so that at every moment a whole database stands under its name.

Knows no PostgreSQL (postgresql_backup.py) and prints nothing. What is copied is checked before it gets its name.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from monitor.errors import NewerSchema, StoreError
from monitor.store.engine import BUSY_SECONDS, explained
from monitor.store.migrations import REVISIONS, VERSION_TABLE
from monitor.store.sole_names import IN_USE
from monitor.store.tables import SEARCH_KEYS
from monitor.store.upgrading import NEWER
from monitor.store.whole_files import PRIVATE, give_name, own_file, partial_name, to_disk

MAGIC = b"SQLite format 3\0"
PAGES_A_STEP = 1_000  # of 4 kB; between two steps Ctrl-C is heard


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: its schema and how many rows of each table."""

    schema: str
    rows: dict[str, int]


def back_up(url: URL, target: Path, *, force: bool) -> Saved:
    """Copy the database into `target`, also while the service writes; nothing half stands under that name.

    Raises StoreError, among others for a target that is there already, unless `force`.
    """
    database = Path(str(url.database))
    if target.exists() and (not force or target.is_dir() or target.samefile(database)):
        raise StoreError(f"{target} is there already: choose another name, or --force to replace it")
    with (
        _explaining(url),
        _opened(database) as source,
    ):
        # One snapshot from the first page to the last: in WAL it bars no writer, and no writer makes the copy begin
        # anew, as it would between two steps (https://www.sqlite.org/c3ref/backup_finish.html)
        source.isolation_level = None
        source.execute("BEGIN")
        saved = survey(source, str(database))
        partial = partial_name(target)
        with own_file(partial):
            _copy(source, partial)
            _single_file(partial)
            if inspect(partial) != saved:
                raise StoreError(f"the copy {partial} differs from the database: is the disk sound?")
            give_name(partial, target, force=force)
    return saved


def inspect(file: Path) -> Saved:
    """See that a file is a whole backup of ours. Raises StoreError when it is not, or was made by a newer version."""
    if not file.is_file():
        raise StoreError(f"there is no file {file}")
    with file.open("rb") as opened:
        start = opened.read(len(MAGIC))
    if start != MAGIC:
        raise StoreError(f"{file} is no backup of a SQLite database")
    try:
        with _opened(file) as connection:
            connection.execute("BEGIN")
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise StoreError(f"{file} is damaged ({' '.join(found.split())}): take another backup")
            return survey(connection, str(file))
    except sqlite3.Error as error:
        raise StoreError(f"{file} is damaged ({error}): take another backup") from error


def survey(connection: sqlite3.Connection, name: str) -> Saved:
    """Schema and row counts. Raises StoreError for what is not ours, or newer than we are."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if VERSION_TABLE not in tables:
        raise StoreError(f"{name} holds no database of this program")
    version = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608  a constant
    if version is None or version[0] not in REVISIONS:
        raise NewerSchema(NEWER.format(version=version and version[0]))
    counts = {}
    for table in sorted(tables):
        if not table.startswith(("sqlite_", SEARCH_KEYS)):  # FTS5 tells no number of rows
            (counts[table],) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608  a name
    return Saved(str(version[0]), counts)


def prepare(source: Path, url: URL) -> Path:
    """A copy of the backup `source` beside the database, ready to be migrated and then swapped in."""
    database = _database(url)
    copying, copy = (database.with_name(f"{database.name}.{word}") for word in ("restoring", "restored"))
    drop_copy(copy)  # of a restore that was killed
    with (
        _explaining(url),
        own_file(copying),
        _opened(source) as opened,
    ):
        _copy(opened, copying)
        return copying.rename(copy)


def swap_in(copy: Path, url: URL, *, now: datetime) -> Path | None:
    """Let the migrated `copy` be the database; gives where the old one was put, None when there was none.

    Raises StoreError while somebody has the old one open. A kill at any point leaves the old one or the new one.
    """
    database = _database(url)
    _single_file(copy)
    _like_its_place(copy, database)
    aside = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%S.%f}Z")
    was_there = database.exists()
    if was_there:
        _close_old(database, url)
    for part in _parts(database)[1:]:  # a journal must never meet a database that is not its own
        if part.exists():
            part.rename(f"{aside}{part.name.removeprefix(database.name)}")
    if was_there:
        try:
            os.link(database, aside)
        except FileExistsError:
            raise StoreError(f"{aside} is there already: try again") from None
        except OSError:  # a file system without hard links
            shutil.copy2(database, aside)
            to_disk(aside)
    copy.replace(database)
    to_disk(database.parent)
    return aside if was_there else None


def drop_copy(copy: Path) -> None:
    """Forget a copy that is not swapped in."""
    for part in _parts(copy):
        part.unlink(missing_ok=True)


def _database(url: URL) -> Path:
    return Path(str(url.database)).resolve()  # a link stays a link, what it leads to is replaced


def _parts(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}{end}") for end in ("", "-journal", "-wal", "-shm")]


def _opened(file: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection that writes nothing."""
    address = f"{file.resolve().as_uri()}?mode=ro"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS))


@contextlib.contextmanager
def _explaining(url: URL) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error, url) from error
    except OSError as error:
        where = error.filename or Path(str(url.database)).parent
        raise StoreError(f"{where} failed: {(error.strerror or str(error)).lower()}") from error


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(target)) as into:
        into.execute("PRAGMA journal_mode = OFF")  # a half copy is thrown away, not rolled back
        into.execute("PRAGMA synchronous = OFF")  # it goes to the disk once, before it gets its name
        source.backup(into, pages=PAGES_A_STEP)


def _single_file(file: Path) -> None:
    """Take back all that waits in a WAL: what is one file can be moved as one. The service turns WAL on again."""
    with contextlib.closing(sqlite3.connect(file, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    to_disk(file)


def _close_old(database: Path, url: URL) -> None:
    """Make the old database one file, which needs everybody else to be out. One that is damaged stays as it is."""
    try:
        _single_file(database)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(IN_USE) from error
        raise explained(error, url) from error
    except sqlite3.DatabaseError:
        return


def _like_its_place(copy: Path, database: Path) -> None:
    """Owner and rights of the database it replaces, so that root may restore for the service's user."""
    place = database if database.exists() else database.parent
    kept = place.stat()
    copy.chmod(kept.st_mode & 0o777 if place == database else PRIVATE)
    if os.geteuid() == 0:
        for path in (copy, database.with_name(f"{database.name}.lock")):
            if path.exists():
                os.chown(path, kept.st_uid, kept.st_gid)
