"""PostgreSQL as deploy/postgresql/monitor.sql sets it up, on the tests' own cluster, and away again."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import DEPLOYED, Cluster, binaries
from tests.deploy.compose_file import REPO

FILE = REPO / "deploy" / "postgresql" / "monitor.sql"
PASSWORD = "it's a % long / one"  # signs that an address, a shell or SQL could take for their own
_WHERE = "/run/secrets/postgres_password"


@contextmanager
def set_up(cluster: Cluster, password: Path) -> Iterator[str]:
    """The address of the database that the file makes, without its password, then in the file `password`."""
    password.write_text(f"{PASSWORD}\n")
    script = FILE.read_text("utf-8")
    assert _WHERE in script
    psql = [str(binaries() / "psql"), "--no-psqlrc", "--quiet", "--dbname", cluster.url("postgres")]
    cluster.run("ALTER ROLE postgres PASSWORD 'as-the-image-does'")
    try:
        subprocess.run(psql, input=script.replace(_WHERE, str(password)), text=True, check=True)
        yield cluster.url("news", user=DEPLOYED)
    finally:
        cluster.run("ALTER ROLE postgres PASSWORD NULL")
        cluster.drop(cluster.url("news"))
        cluster.run(f"DROP ROLE IF EXISTS {DEPLOYED}")
