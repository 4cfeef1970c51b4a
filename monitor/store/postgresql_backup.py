"""A PostgreSQL database into one file and back, by PostgreSQL's own pg_dump and pg_restore.

Only our tables: others may live in the same database. A password reaches the two programs through their environment
and stands in no process list.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from monitor.errors import NewerSchema, StoreError
from monitor.store.migrations import REVISIONS, VERSION_TABLE
from monitor.store.tables import SEARCH_KEYS, metadata
from monitor.store.upgrading import NEWER
from monitor.store.whole_files import ALREADY, give_name, own_file, partial_name, to_disk

MAGIC = b"PGDMP"
INSTALL = "apt-get install postgresql-client, of the server's version or newer"

_VARIABLES = {  # of libpq, https://www.postgresql.org/docs/current/libpq-envars.html
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


def back_up(url: URL, target: Path, *, force: bool) -> list[str]:
    """Dump our tables into `target` in one snapshot, also while the service works; gives the names of the tables.

    Raises StoreError, among others for a target that is there already, unless `force`.
    """
    if target.exists() and (not force or target.is_dir()):
        raise StoreError(ALREADY.format(target=target))
    partial = partial_name(target)
    tables = [f"--table={name}" for name in (*metadata.tables, SEARCH_KEYS, VERSION_TABLE)]
    with own_file(partial):
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={partial}", *tables)
        _, dumped = inspect(partial)
        to_disk(partial)
        give_name(partial, target, force=force)
    return dumped


def inspect(file: Path) -> tuple[str, list[str]]:
    """The schema of a backup and the names of its tables.

    Raises StoreError for what is no backup of ours, is damaged, or was made by a newer version.
    """
    listed = _run(None, "pg_restore", "--list", str(file))
    tables = re.findall(r"^\d+; \d+ \d+ TABLE DATA \S+ (\S+)", listed, re.MULTILINE)
    if VERSION_TABLE not in tables:
        raise StoreError(f"{file} holds no database of this program")
    _run(None, "pg_restore", f"--file={os.devnull}", str(file))  # reads it to its end
    rows = _run(None, "pg_restore", "--data-only", f"--table={VERSION_TABLE}", "--file=-", str(file))
    found = re.search(r"^COPY .*;\n(.*)\n\\\.", rows, re.MULTILINE)
    if found is None or found[1] not in REVISIONS:
        raise NewerSchema(NEWER.format(version=found and found[1]))
    return found[1], sorted(tables)


def restore(url: URL, file: Path) -> None:
    """Put the tables of a backup in the place of ours, in one transaction: all or nothing, however it ends."""
    options = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
    _run(url, "pg_restore", *options, f"--dbname={url.database}", str(file))


def _run(url: URL | None, program: str, *arguments: str) -> str:
    """What a program of PostgreSQL says. Raises StoreError with the last line of its complaint."""
    path = shutil.which(program)
    if path is None:
        raise StoreError(f"{program} is not installed here: {INSTALL}; docs/operations.md has the commands to type")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "PG"))}
    if url is not None:
        environment |= _environment(url)
    ended = subprocess.run(  # noqa: S603 - a list of words, no shell
        [path, *(("--no-password",) if url is not None else ()), *arguments],
        env=environment | {"LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        lines = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["it did not say why"]
        said = next((line for line in lines if "error" in line.lower()), lines[-1])
        if url is not None and url.password:
            said = said.replace(str(url.password), "***")
        raise StoreError(f"{program} failed: {said.removeprefix(f'{program}: ').removeprefix('error: ')}")
    return ended.stdout.decode("utf-8", "replace")


def _environment(url: URL) -> dict[str, str]:
    given = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    given |= {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    unknown = [name for name in given if name not in _VARIABLES]
    if unknown:
        raise StoreError(f"pg_dump cannot be told `{unknown[0]}` of MONITOR_DATABASE_URL: run it by hand")
    return {_VARIABLES[name]: str(value) for name, value in given.items() if value is not None}
