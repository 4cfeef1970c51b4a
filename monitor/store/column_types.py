"""What a column holds, on SQLite as on PostgreSQL: moments, lengths of time, text, JSON, numbers of rows.

Knows no table. What a database would refuse or keep wrongly is put right here, or refused.
"""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Double, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and given back in UTC; a naive one is refused, because nobody could say when it was.

    SQLite keeps it as `2026-08-23 05:20:00.000000`: of fixed width, so that text order is time order, and readable to
    a person with a shell and to SQLite's own date functions.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no zone: the store keeps moments, not clock faces")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Seconds(TypeDecorator[timedelta]):
    """A length of time, in seconds; exact to the microsecond up to some centuries."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:
        """To the database."""
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:
        """From the database."""
        return None if value is None else timedelta(seconds=value)


def storable(text: str) -> str:
    """`text` without the characters that a database refuses, each replaced by U+FFFD, so that spans keep counting.

    PostgreSQL takes no NUL and neither takes half a surrogate pair; one such title must not stop its feed.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text.replace("\0", "\ufffd")


def dump_json(value: object) -> str:
    """JSON of storable text, with its letters as they are."""
    return json.dumps(_storable_json(value), ensure_ascii=False, separators=(",", ":"))


def _storable_json(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case list() | tuple():
            return [_storable_json(each) for each in value]
        case dict():
            return {_storable_json(name): _storable_json(each) for name, each in value.items()}
        case _:
            return value


class Prose(TypeDecorator[str]):
    """Text of any length from anywhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else storable(value)


Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in a column named INTEGER
Json = JSON().with_variant(JSONB(), "postgresql")
