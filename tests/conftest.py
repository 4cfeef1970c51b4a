"""Fixtures for every test: fresh databases, SQLite and PostgreSQL. What one room needs stands in its own tests."""

import hypothesis

from tests.command_line import monitor
from tests.databases import blank_database_url, database_url, empty_sqlite, postgresql, store

__all__ = ["blank_database_url", "database_url", "empty_sqlite", "monitor", "postgresql", "store"]

# a loaded machine is slow, which is no fault of what is tested; what is random is drawn anew each time all the same
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")
