"""What the rows of every topic have: a connection in a transaction, and the words in which two databases differ.

Knows no table. In a reading transaction it refuses to write, on SQLite as on PostgreSQL.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Row, Table, func, select, true
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.one_of import one_of

AnyRows = Sequence[Row[*tuple[Any, ...]]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
AnyRow = Row[*tuple[Any, ...]]


class Statements:
    """Statements on one connection, inside one transaction."""

    def __init__(self, connection: Connection, *, writing: bool, zone: tzinfo, worker: str | None = None) -> None:
        """`worker`: in whose name rows are claimed; None where one process works alone."""
        self.worker = worker
        self._connection = connection
        self._writing = writing
        self._zone = zone
        self._on_postgresql = connection.dialect.name == "postgresql"

    def _rows(self, statement: Executable, parameters: Parameters | None = None) -> AnyRows:
        self._check(statement)
        return self._connection.execute(statement, parameters).all()

    def _row(self, statement: Executable) -> AnyRow | None:
        self._check(statement)
        return self._connection.execute(statement).first()

    def _change(self, statement: Executable, parameters: Parameters | None = None) -> int:
        """How many rows it touched; not known with many `parameters`."""
        self._check(statement)
        return self._connection.execute(statement, parameters).rowcount

    def _commit_lazily(self) -> None:
        """Have PostgreSQL not wait for the disk: a power cut of its server forgets the last 0.6 s of such commits."""
        if self._on_postgresql:
            self._rows(select(func.set_config("synchronous_commit", "off", True)))

    def _check(self, statement: Executable) -> None:
        if not self._writing and not statement.is_select:
            raise RuntimeError("a reading transaction writes nothing: use write()")

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT."""
        return postgresql.insert(table) if self._on_postgresql else sqlite.insert(table)

    def _of_chats(self, column: ColumnElement[int], chats: Collection[int] | None) -> ColumnElement[bool]:
        """Of these chats alone; None: of all."""
        return true() if chats is None else one_of(column, chats)

    def _one_of(self, one: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """`one IN values`; see one_of.py."""
        return one_of(one, values)
