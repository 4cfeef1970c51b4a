"""`column IN values` with one parameter, however many values there are, on both databases.

SQLite takes 32,766 parameters and psycopg 65,535; and a statement that is the same for one value and for a thousand is
compiled once.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Select, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Many(TypeDecorator[Collection[Any]]):
    """Several values of a column: JSON for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.one) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = [] if value is None else list(value)
        return values if dialect.name == "postgresql" else json.dumps(values)


class _OneOf(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()
    name = "one_of"
    in_sqlite = "{column} IN (SELECT value FROM json_each({values}))"
    in_postgresql = "{column} = ANY ({values})"

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would write "… = 1" for SQLite, which keeps it from its index."""
        return self

    def _negate(self) -> Any:
        return _NoneOf(*self.clauses)


class _NoneOf(_OneOf):
    inherit_cache = True
    name = "none_of"
    in_sqlite = "{column} NOT IN (SELECT value FROM json_each({values}))"
    in_postgresql = "{column} <> ALL ({values})"

    def _negate(self) -> Any:
        return _OneOf(*self.clauses)


@compiles(_OneOf)
def _written(element: _OneOf, compiler: SQLCompiler, **named: Any) -> str:
    column, values = (compiler.process(each, **named) for each in element.clauses)
    form = element.in_postgresql if compiler.dialect.name == "postgresql" else element.in_sqlite
    return form.format(column=column, values=values)


class _ByNoIndex(FunctionElement[Any]):
    inherit_cache = True
    name = "by_no_index"


@compiles(_ByNoIndex)
def _written_bare(element: _ByNoIndex, compiler: SQLCompiler, **named: Any) -> str:
    (column,) = (compiler.process(each, **named) for each in element.clauses)
    return str(column) if compiler.dialect.name == "postgresql" else f"+{column}"


def by_no_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, in words that lead SQLite to no index of it."""
    bare = _ByNoIndex(column)
    bare.type = column.type
    return bare


class _OneThat(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()
    name = "one_that"

    def self_group(self, against: Any = None) -> Any:
        """As it is."""
        return self


@compiles(_OneThat)
def _written_that(element: _OneThat, compiler: SQLCompiler, **named: Any) -> str:
    column, rows = (compiler.process(each, **named) for each in element.clauses)
    return f"{column} = ANY (ARRAY{rows})" if compiler.dialect.name == "postgresql" else f"{column} IN {rows}"


def one_that(column: ColumnElement[Any], rows: Select[Any]) -> ColumnElement[bool]:
    """Whether the column is one that `rows` give; those are asked for first, and then each is looked up."""
    return _OneThat(column, rows.scalar_subquery())


def one_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column is one of the values."""
    return _OneOf(column, bindparam(None, values, type_=_Many(column.type), unique=True))
