"""The schema's history, run when the store is opened (see upgrading.migrate).

A revision, once released, is never edited. A new one goes into versions/, and its name to the end of REVISIONS.
"""

from pathlib import Path

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
HEAD = REVISIONS[-1]
VERSION_TABLE = "monitor_schema"  # not Alembic's usual name: another program's history is no history of ours
FOLDER = Path(__file__).parent
