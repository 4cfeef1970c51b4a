"""The database as each released schema left it: `REVISION.KIND.sql`, written by `python -m tests.store.schemas`."""
