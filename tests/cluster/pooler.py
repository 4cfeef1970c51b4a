"""PgBouncer in transaction mode before the tests' PostgreSQL: each transaction may meet another server process."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.databases import _free_port, _unprivileged

INSTALL = "PgBouncer is not installed; it takes: apt-get install pgbouncer"
SETTINGS = """\
[databases]
* = host={host} port={port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {mine}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
"""
WITHIN = 20.0  # seconds


def program() -> str:
    """Where PgBouncer is. Without it the test is skipped; in CI it fails."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    return found


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The address of the same database behind a pooler."""
    binary, mine, owner = program(), _free_port(), _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="monitor-pooler-"))
    server = urlsplit(url)
    settings, log = home / "pgbouncer.ini", home / "log"
    settings.write_text(SETTINGS.format(host=server.hostname, port=server.port, mine=mine))
    who: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    with log.open("ab") as output:
        # ends when this end of its pipe closes, however these tests end
        pooler = subprocess.Popen(
            ["sh", "-c", '"$0" "$1" & pid=$!; cat >/dev/null; kill $pid; wait $pid', binary, settings],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the tests
            **who,
        )
    try:
        behind = server._replace(netloc=f"postgres@127.0.0.1:{mine}").geturl()
        _until_it_answers(behind, log)
        yield behind
    finally:
        pooler.communicate()
        shutil.rmtree(home, ignore_errors=True)


def _until_it_answers(url: str, log: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as trouble:
            if time.monotonic() > deadline:
                raise AssertionError(f"{trouble}\n{log.read_text(errors='replace')[-2000:]}") from trouble
            time.sleep(0.05)
        else:
            return
