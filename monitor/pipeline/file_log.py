"""Files of watchlists written with a line in the log of changes, and changes taken back, whoever made them.

Knows neither page nor chat; how a file is written is the desks' business. Owns the transactions of the log.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import FileCode, FileDesk, FileRefused, FileSaved
from monitor.pipeline.watch_desk import EditRefused, WatchDesk
from monitor.store.transaction import Store, Transaction
from monitor.text.file_text import content_hash
from monitor.types import ChangeAction, LoggedChange, NewChange, WatchId


async def save_file(
    store: Store, desk: FileDesk, name: str, began_with: str, text: str, *, by: NewChange, now: datetime
) -> FileSaved | FileRefused:
    """Write a file for whoever `by` names, and note it; `began_with` is the hash of the text that they started from."""
    saved = await desk.save(name, began_with, text)
    if isinstance(saved, FileSaved):
        row = replace(by, action=ChangeAction.FILE, what=name, before=saved.before, after=saved.after)
        saved = replace(saved, number=await store.write(Transaction.add_change, row, now=now))
    return saved


async def take_back(
    store: Store,
    row: LoggedChange,
    *,
    watches: WatchDesk,
    files: FileDesk,
    by: NewChange,
    clock: Callable[[], datetime],
) -> FilesRead | EditRefused | FileRefused:
    """Have what a logged change wrote read as before it, unless it reads otherwise since; twice does the same."""
    if row.action is ChangeAction.FILE:
        saved = await files.save(row.what, content_hash(row.after), row.before)
        if isinstance(saved, FileSaved):
            read = saved.read
        elif saved.code is FileCode.SAME:  # written already, by an order that was cut off before it was noted
            read = FilesRead("")
        else:
            return saved
    else:
        written = await watches.write(WatchId(row.what), row.after, row.before)
        if isinstance(written, EditRefused):
            return written
        read = written
    change = replace(by, action=ChangeAction.UNDO, what=row.what, before=row.after, after=row.before)

    def note(tx: Transaction) -> None:
        if tx.mark_undone(row.number, now=clock()):
            tx.add_change(change, now=clock())

    await store.write(note)
    return read
