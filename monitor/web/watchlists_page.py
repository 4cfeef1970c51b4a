"""/watchlists: the files with what is wrong with them, who changed what, changes taken back, and drafts.

For administrators. Knows no file itself; the file desk does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from monitor.notify.problem_words import problem_line
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import FileRefused, ListedFile
from monitor.pipeline.file_log import take_back
from monitor.pipeline.file_words import file_refusal
from monitor.pipeline.watch_desk import EditCode, EditRefused
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.text.line_differences import difference
from monitor.types import ChangeAction, LoggedChange
from monitor.web.page import Answer, GoTo, NotHere, Visit, WebPage, WrongInput
from monitor.web.signing import signed_by
from monitor.web.watchlist_editor import desk_of, said_note
from monitor.web.watchlist_form import difference_rows

MOST_CHANGES: Final = 30  # shown
SHOWN: Final = (ChangeAction.EDIT, ChangeAction.FILE, ChangeAction.UNDO)


async def watchlists(visit: Visit) -> Answer:
    """The files and the newest changes."""
    note = None
    if visit.asked("undone"):
        note = said_note("good", visit.words.gettext("Taken back, and at work."))
    return await _page(visit, note=note)


async def change_shown(visit: Visit) -> Answer:
    """One change: what it took out and put in, with a button that takes it back."""
    row = await _change(visit, visit.parts["number"])
    lines = await asyncio.to_thread(difference, row.before, row.after)  # of whole files
    data = {"change": _change_row(row), "difference": difference_rows(lines)}
    return WebPage("watchlist_change.html", data)


async def undone(visit: Visit) -> Answer:
    """A change is to be taken back."""
    site = visit.site
    row = await _change(visit, visit.form.get("number", ""))
    if site.watch_desk is None or not _can_be_undone(row):
        raise WrongInput(visit.words.gettext("This change was taken back already."))
    by = await signed_by(visit, ChangeAction.UNDO)
    done = await take_back(
        site.store, row, watches=site.watch_desk, files=desk_of(visit), by=by, clock=lambda: visit.now
    )
    if isinstance(done, FilesRead):
        return GoTo(f"/watchlists?undone={row.number}")
    return await _page(visit, note=_why_not(visit, row, done), status=409)


async def _page(visit: Visit, *, note: Mapping[str, Any] | None, status: int = 200) -> WebPage:
    files = await desk_of(visit).files()
    skip = row_id(visit.asked("skip")) or 0
    rows = await visit.site.store.read(lambda tx: tx.changes_made(limit=MOST_CHANGES + 1, skip=skip, actions=SHOWN))
    data = {
        "files": [_file_row(visit, each) for each in files if each.name],
        "problems": [
            problem_line(visit.words, problem) for each in files if not each.name for problem in each.problems
        ],
        "changes": [_change_row(row) for row in rows[:MOST_CHANGES]],
        "older": skip + MOST_CHANGES if len(rows) > MOST_CHANGES else None,
        "note": note,
    }
    return WebPage("watchlists.html", data, {"token": visit.viewer.form_token}, status=status, keeps=status == 200)


def _file_row(visit: Visit, file: ListedFile) -> dict[str, Any]:
    problems = [problem_line(visit.words, problem) for problem in file.problems]
    return {"name": file.name, "watches": file.watches, "problems": problems}


async def _change(visit: Visit, number: str) -> LoggedChange:
    known = row_id(number)
    row = None if known is None else await visit.site.store.read(Transaction.change, known)
    if row is None or row.action not in SHOWN:
        raise NotHere(visit.words.gettext("There is no such change."))
    return row


def _can_be_undone(row: LoggedChange) -> bool:
    return row.action is not ChangeAction.UNDO and row.undone_at is None


def _change_row(row: LoggedChange) -> dict[str, Any]:
    before, after = row.before.splitlines(), row.after.splitlines()
    return {
        "number": row.number,
        "at": row.at,
        "who": row.who,
        "what": row.what,
        "is_file": row.what.endswith(".yaml"),
        "action": str(row.action),
        "came": _more(after, before),
        "went": _more(before, after),
        "undone_at": row.undone_at,
        "can_be_undone": _can_be_undone(row),
    }


def _more(lines: Sequence[str], others: Sequence[str]) -> int:
    known = set(others)
    return sum(line not in known for line in lines)


def _why_not(visit: Visit, row: LoggedChange, refused: EditRefused | FileRefused) -> dict[str, Any]:
    _ = visit.words
    if isinstance(refused, FileRefused):
        why = file_refusal(_, refused)
    elif refused.code is EditCode.CHANGED_MEANWHILE:
        why = _.gettext("{watch} reads otherwise since in {file}.", watch=row.what, file=refused.file)
    elif refused.code is EditCode.NO_WATCH:
        why = _.gettext("{watch} is not there any more.", watch=row.what)
    elif refused.code is EditCode.READ_ONLY:
        why = _.gettext("{file} cannot be written here.", file=refused.file)
    else:
        why = _.gettext("The files would be wrong with it.")
    problems = [problem_line(_, problem) for problem in refused.problems]
    return said_note("bad", " ".join([_.gettext("Not taken back."), why, *problems]))
