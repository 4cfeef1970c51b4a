"""The store as rows of JSON, and back: for a backup that any tool reads, and for the way from SQLite to PostgreSQL.

Knows no use case: a row goes by the name of its table. What is there already stays, so that reading twice changes
nothing; news of another origin is refused, because its numbers would mean other stories here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Double, Integer, Select, Table, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from monitor.errors import StoreError
from monitor.store.column_types import Prose, Seconds, UtcDateTime
from monitor.store.statements import Statements
from monitor.store.tables import (
    alerts,
    bot_pace,
    chats,
    facts,
    feed_keys,
    feeds,
    host_turns,
    invites,
    items,
    login_links,
    matches,
    metadata,
    news_events,
    own_watches,
    roles,
    sessions,
    stories,
    subscriptions,
    unindexed,
    window_steps,
    workers,
)
from monitor.store.tables import feedback as feedback_table
from monitor.store.transaction import Transaction
from monitor.types import AlertKind, AlertState, ChatKind, ChatState, FailureKind, Fulltext, Priority, Role, Rule

TABLE = "table"  # the key of a row that names its table; no column is called so
# the index is made of the items wherever they come to; who is logged in here is not there; what is true of this moment
STAYS = (unindexed, login_links, sessions, news_events, workers, roles, host_turns, bot_pace, window_steps)
SUBSCRIBERS = (chats, subscriptions, own_watches, feed_keys, invites, facts)
PAGE = 500  # rows read or written at a time
OWN_NUMBERS = {subscriptions, feedback_table}  # their ids stand nowhere else: each store gives its own

WORDS: Mapping[Column[Any], type[StrEnum]] = {  # columns that hold one of a few words
    chats.c.kind: ChatKind,
    chats.c.state: ChatState,
    feeds.c.failure_kind: FailureKind,
    feeds.c.announced: FailureKind,
    items.c.role: Role,
    items.c.fulltext: Fulltext,
    matches.c.rule: Rule,
    alerts.c.kind: AlertKind,
    alerts.c.state: AlertState,
    alerts.c.priority: Priority,
}

Row = dict[str, Any]


def export_rows(tx: Transaction, *, subscribers_only: bool = False) -> Iterator[Row]:
    """Every row of every table, those first that others point at; one state of the database, in constant memory."""
    statements = _statements(tx)
    for table in metadata.sorted_tables:
        if table in STAYS:
            continue
        if subscribers_only and table not in SUBSCRIBERS:
            continue
        columns = _columns(table)
        order = [table.c.id] if table in OWN_NUMBERS else list(table.primary_key.columns)
        for row in statements.stream(select(*columns).order_by(*order)):
            values = zip(columns, row, strict=True)
            yield {TABLE: table.name} | {column.name: _to_json(value) for column, value in values}


@dataclass(slots=True)
class Importer:
    """Rows on their way into the store, inside one writing transaction; `end` it."""

    tx: Transaction
    complain: Callable[[int, str], None]  # of one row: its number and why it was left out
    _table: Table | None = None
    _waiting: list[tuple[int, Row]] = field(default_factory=list)
    _digests: list[tuple[int, int]] = field(default_factory=list)  # alerts and the later row that took them in
    _numbered: set[Table] = field(default_factory=set)

    def add(self, number: int, row: Mapping[str, Any]) -> None:
        """Take one exported row. Raises StoreError for news of another origin."""
        try:
            table, values = _values(row)
        except ValueError as wrong:
            self.complain(number, str(wrong))
            return
        if table is not self._table or len(self._waiting) >= PAGE:
            self._flush()
            self._table = table
        if table is alerts:
            if values.get("digest_id") is not None:
                self._digests.append((values["id"], values["digest_id"]))
            values["digest_id"] = None
        self._waiting.append((number, values))

    def end(self) -> None:
        """Write the rest, tie digests to what they took in, and let new rows be numbered after the imported ones."""
        self._flush()
        statements = _statements(self.tx)
        for alert_id, digest_id in self._digests:
            known = select(alerts.c.id).where(alerts.c.id == digest_id).scalar_subquery()
            open_end = alerts.c.digest_id.is_(None)
            statements.change(update(alerts).where(alerts.c.id == alert_id, open_end).values(digest_id=known))
        if statements.is_postgresql:
            for table in self._numbered:
                highest = select(func.max(table.c.id)).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, "id")
                statements.rows(select(func.setval(sequence, func.coalesce(highest, 1))))

    def _flush(self) -> None:
        if self._table is None or not self._waiting:
            return
        table, waiting = self._table, list(self._waiting)
        self._waiting.clear()
        statements = _statements(self.tx)
        if table in (stories, items):
            _refuse_other_news(statements, table, [row for _, row in waiting])
        if "id" in table.c and isinstance(table.c.id.type, Integer) and table not in OWN_NUMBERS:
            self._numbered.add(table)
        try:
            statements.insert(table, [row for _, row in waiting])
        except IntegrityError:  # one points at a row that is not there: find out which
            self._one_by_one(statements, table, waiting)

    def _one_by_one(self, statements: "_ArchiveStatements", table: Table, rows: list[tuple[int, Row]]) -> None:
        for number, row in rows:
            try:
                statements.insert(table, [row])
            except IntegrityError:
                self.complain(number, f"a row of {table.name} points at one that is missing")


class _ArchiveStatements(Statements):
    """Statements on any table."""

    @property
    def is_postgresql(self) -> bool:
        return self._on_postgresql

    def stream(self, statement: Select[Any]) -> Iterator[Sequence[Any]]:
        """Row by row, PAGE of them in memory."""
        with self._connection.execute(statement.execution_options(yield_per=PAGE)) as rows:
            yield from rows

    def rows(self, statement: Any) -> Sequence[Any]:
        return self._rows(statement)

    def change(self, statement: Any) -> None:
        self._change(statement)

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Those that are new. A failure undoes these rows alone."""
        insert = self._insert(table)
        if table is feeds:  # a service that has not read the feed yet knows nothing worth keeping
            values = {each.name: insert.excluded[each.name] for each in table.c if each.name != "id"}
            unread = feeds.c.first_success_at.is_(None)
            statement = insert.on_conflict_do_update(index_elements=[feeds.c.id], set_=values, where=unread)
        else:
            statement = insert.on_conflict_do_nothing()
        with self._connection.begin_nested():
            if table is not items:
                self._change(statement, rows)
                return
            known = select(items.c.id).where(self._one_of(items.c.id, [row["id"] for row in rows]))
            there = {row.id for row in self._rows(known)}
            self._change(statement, rows)
            mine = select(items.c.id).where(self._one_of(items.c.id, [n for r in rows if (n := r["id"]) not in there]))
            self._change(self._insert(unindexed).from_select(["item_id"], mine))

    def count(self) -> int:
        """Rows of all tables that are exported."""
        sizes = [
            select(func.count()).select_from(table).scalar_subquery()
            for table in metadata.sorted_tables
            if table not in STAYS
        ]
        (row,) = self._rows(select(*sizes))
        return sum(row)


def _statements(tx: Transaction) -> _ArchiveStatements:
    return _ArchiveStatements(tx._connection, writing=tx._writing, zone=tx._zone)


def count_rows(tx: Transaction) -> int:
    """How much the store holds."""
    return _statements(tx).count()


def _refuse_other_news(statements: _ArchiveStatements, table: Table, rows: Sequence[Row]) -> None:
    mark = table.c.opened_at if table is stories else table.c.key
    theirs = {row["id"]: row[mark.name] for row in rows}
    for row in statements.rows(
        select(table.c.id, mark.label("mark")).where(statements._one_of(table.c.id, list(theirs)))
    ):
        if row.mark != theirs[row.id]:
            raise StoreError(
                "the database has news of its own: import into an empty one, or only what `export --subscribers` wrote"
            )


# ---------------------------------------------------------------- rows and JSON


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name != "id" or table not in OWN_NUMBERS]


def _to_json(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def _values(row: Mapping[str, Any]) -> tuple[Table, Row]:
    """A row's table and its values as the store takes them. Raises ValueError with what is wrong."""
    name = row.get(TABLE)
    table = metadata.tables.get(name) if isinstance(name, str) else None
    if table is None:
        raise ValueError(f'"{TABLE}" names no table of the store: {name!r}')
    columns = {column.name: column for column in _columns(table)}
    if unknown := sorted(row.keys() - columns.keys() - {TABLE}):
        raise ValueError(f"{table.name} has no column {unknown[0]!r}: was it written by a newer version?")
    return table, {column.name: _value(table, column, row.get(column.name)) for column in columns.values()}


def _value(table: Table, column: Column[Any], given: Any) -> object:
    """What a column takes of a row of JSON; its default where the row has nothing and it needs something."""
    if given is None and not column.nullable:
        if not isinstance(column.default, ScalarElementColumnDefault):
            raise ValueError(f"{table.name} needs {column.name!r}")
        given = column.default.arg
    if given is None:
        return None
    words = WORDS.get(column)
    try:
        return words(given) if words else _from_json(given, column.type)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"{table.name} takes no {column.name!r} like {str(given)[:40]!r}") from None


def _from_json(value: Any, kind: TypeEngine[Any]) -> object:
    match kind:
        case UtcDateTime():
            at = datetime.fromisoformat(value)
            if at.utcoffset() is None:
                raise ValueError
            return at
        case Seconds():
            return timedelta(seconds=value)
        case Prose():
            return _is(value, str)
        case Boolean():
            return _is(value, bool)
        case Date():
            return date.fromisoformat(value)
        case Double():
            return float(value)
        case Integer() | BigInteger():
            if isinstance(value, bool) or not -(2**63) <= _is(value, int) < 2**63:
                raise ValueError
            return value
        case JSON():
            return value
        case _:
            raise AssertionError(kind)


def _is(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError
    return value
