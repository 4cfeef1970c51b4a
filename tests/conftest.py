"""Fixtures for every test: fresh databases, SQLite and PostgreSQL. What one room needs stands in its own tests."""

from tests.command_line import monitor
from tests.databases import blank_database_url, database_url, empty_sqlite, postgresql, store

__all__ = ["blank_database_url", "database_url", "empty_sqlite", "monitor", "postgresql", "store"]
