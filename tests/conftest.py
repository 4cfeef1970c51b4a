"""Fixtures for every test: fresh databases, SQLite and PostgreSQL. What one room needs stands in its own tests.

A test that takes longer than a second is marked `slow`, and `make check` leaves it out. One that takes much longer and
is not marked fails.
"""

import gc
import os
import time
from collections.abc import Generator

import hypothesis
import pytest

from tests.command_line import monitor
from tests.databases import (
    blank_database_url,
    database_url,
    empty_sqlite,
    postgresql,
    shared,
    store,
    unused_database_url,
)

__all__ = [
    "blank_database_url",
    "database_url",
    "empty_sqlite",
    "monitor",
    "postgresql",
    "shared",
    "store",
    "unused_database_url",
]

# a loaded machine is slow, which is no fault of what is tested; what is random is drawn anew each time all the same
hypothesis.settings.register_profile("patient", deadline=None)
# of a mutant it is enough to know that something fails; the smallest example of it would take a minute to look for
hypothesis.settings.register_profile(
    "mutants", deadline=None, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))

# Seconds of this process's own work, not of the clock on the wall, so that a busy machine fails nothing. It should be
# one; five leave room for machines that are slower than ours.
FAST = 5.0

# Files whose tests take up to two minutes each, most of it waiting: begun first, so that no process of the run is left
# alone with one of them at the end.
LONGEST = ("faults/test_bench.py", "app/test_kill.py", "cluster/test_soak.py", "cluster/test_mishaps.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


def pytest_collection_finish() -> None:
    """Keep the tests themselves out of what is looked through for garbage: they live until the end, and are many."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that is slow and does not say so."""
    before = time.process_time()
    outcome = yield
    spent = time.process_time() - before
    if spent > FAST and item.get_closest_marker("slow") is None:
        pytest.fail(f"took {spent:.1f} s of work: make it faster, or mark it with pytest.mark.slow", pytrace=False)
    return outcome
