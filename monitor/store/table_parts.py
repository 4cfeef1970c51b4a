"""What the tables have in common: the catalogue that they stand in, and two kinds of columns."""

from sqlalchemy import Column, Integer, MetaData

from monitor.store.column_types import Prose

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def words(name: str) -> Column[str]:
    """Text that may be empty."""
    return Column(name, Prose, nullable=False, default="")


def count(name: str) -> Column[int]:
    """A number that begins at nought."""
    return Column(name, Integer, nullable=False, default=0)
