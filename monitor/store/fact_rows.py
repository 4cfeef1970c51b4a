"""Single facts of the whole service that have to survive a restart, by name.

Knows none of them: whoever writes one says what it means.
"""

from sqlalchemy import delete, select

from monitor.store.statements import Statements
from monitor.store.tables import facts


class FactRows(Statements):
    """Names and values."""

    def fact(self, name: str) -> str:
        """The value of a fact; empty when it is not known."""
        row = self._row(select(facts.c.value).where(facts.c.name == name))
        return "" if row is None else str(row.value)

    def set_fact(self, name: str, value: str) -> None:
        """Write a fact; an empty value forgets it."""
        if not value:
            self._change(delete(facts).where(facts.c.name == name))
            return
        insert = self._insert(facts).values(name=name, value=value)
        self._change(insert.on_conflict_do_update(index_elements=[facts.c.name], set_={"value": value}))
