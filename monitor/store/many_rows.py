"""Many rows by one statement of PostgreSQL, each column of them an array: planned once, whatever their number.

SQLite has no arrays, and plans a statement once for many rows anyway.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, bindparam, column, func
from sqlalchemy.types import TypeEngine


def many_rows(types: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """The rows of `columns_of`, to be selected from or updated by: a table of these columns."""
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in types.items()]
    columns = [column(name, kind) for name, kind in types.items()]
    return func.unnest(*arrays).table_valued(*columns, name="many").render_derived()


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows of the same keys, column by column."""
    return {name: [row[name] for row in rows] for name in rows[0]}
