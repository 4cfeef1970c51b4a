"""/watchlists/FILE: the YAML of one file in an editor: checked, tried on the last days, taught, looked over, saved.

Works without a script: each button sends the form, and the page comes back with what was found. The script asks
`check` and `try` while one types. Knows no file itself; the file desk does.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from monitor.pipeline.file_desk import CheckedText, FileCode, FileDesk, FileRefused, FileTrial, LearntFile
from monitor.pipeline.file_log import save_file
from monitor.pipeline.file_words import file_refusal
from monitor.pipeline.own_jobs import Kind
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.text.file_text import as_written
from monitor.text.line_differences import difference, joined
from monitor.types import ChangeAction
from monitor.web.page import Answer, GoTo, NotHere, PageError, Raw, Visit, WebPage
from monitor.web.rendering import rendered
from monitor.web.signing import signed_by
from monitor.web.watchlist_form import (
    EditedFile,
    difference_rows,
    edited_file,
    lesson_rows,
    marks_elsewhere,
    problem_rows,
    trial_rows,
)

LONGEST_TAB = 20  # characters by which the script tells its tabs apart


class CannotEditNow(PageError):
    """The file is there, and nobody can edit it here."""

    status = 409


def desk_of(visit: Visit) -> FileDesk:
    """The file desk. Raises NotHere where the page has none."""
    if visit.site.file_desk is None:
        raise NotHere(visit.words.gettext("There is no such page."))
    return visit.site.file_desk


async def editor(visit: Visit) -> Answer:
    """The file as it stands now."""
    opened = await _opened(visit, visit.parts["file"])
    return await _page(visit, opened, note=await _saved_note(visit, opened.name))


async def edited(visit: Visit) -> Answer:
    """One of the editor's buttons was pressed."""
    form = edited_file(visit)
    match visit.form.get("do"):
        case "review":
            return await review(visit, form)
        case "save":
            return await _save(visit, form)
        case "learn":
            return await _learn(visit, form)
        case "draft":
            return await draft_into(visit, form)
        case "join":
            return await _join(visit, form)
        case "edit":
            return await _page(visit, form)
        case _:
            return await _page(visit, form, tries=True)


async def _opened(visit: Visit, name: str) -> EditedFile:
    shown = await desk_of(visit).show(name)
    if isinstance(shown, FileRefused):
        why = file_refusal(visit.words, shown)
        problems = [f"{each.line}:{each.column}: {visit.words.said(each.message)}" for each in shown.problems]
        if shown.code is FileCode.NO_FILE:
            raise NotHere(why)
        raise CannotEditNow(" ".join([why, *problems]))
    return EditedFile(shown.name, shown.text, shown.text, shown.content_hash, {})


async def _saved_note(visit: Visit, name: str) -> dict[str, Any] | None:
    """What was saved just now, with its number in the log."""
    number = row_id(visit.asked("saved"))
    if number is None:
        return None
    row = await visit.site.store.read(Transaction.change, number)
    if row is None or row.what != name or row.action is not ChangeAction.FILE or row.undone_at is not None:
        return None
    return said_note("good", visit.words.gettext("Saved, and at work."), undo=row.number)


def said_note(kind: str, said: str, *, undo: int = 0) -> dict[str, Any]:
    """What is told at the top of a page: good, bad or warn; `undo`: the number of what can be taken back."""
    return {"kind": kind, "said": said, "undo": undo}


# ---------------------------------------------------------------- the page


async def _page(
    visit: Visit,
    form: EditedFile,
    *,
    tries: bool = False,
    note: Mapping[str, Any] | None = None,
    lessons: LearntFile | None = None,
    line: int = 0,
) -> WebPage:
    """The editor with this text, what is wrong with it, and with `tries` what it would have brought."""
    _, desk = visit.words, desk_of(visit)
    asker, status = _asker(visit), 200
    checked = await desk.check(form.name, form.text, editor=asker)
    if isinstance(checked, FileRefused):  # also of a file that is gone: what was typed is kept
        status = 404 if checked.code is FileCode.NO_FILE else 503
        note, checked = said_note("bad", file_refusal(_, checked)), CheckedText((), (), form.content_hash)
    trial = await _trial(visit, form, asker) if tries and not checked.problems else None
    data = {
        "file": form.name,
        "text": form.text,
        "content_hash": form.content_hash,
        "is_writable": checked.is_writable,
        "is_changed": form.text != form.opened,
        **_found(visit, form, checked),
        "trial": trial,
        "lessons": lesson_rows(lessons) if lessons else [],
        "note": note,
    }
    extra = {"opened": form.opened, "carried": marks_elsewhere(form.marks, trial), "line": line, "token": _token(visit)}
    return WebPage("watchlist_file.html", data, extra, status, keeps=form.text == form.opened)


def _found(visit: Visit, form: EditedFile, checked: CheckedText) -> dict[str, Any]:
    """What a check found, as the page and the script show it."""
    _ = visit.words
    return {
        "problems": problem_rows(_, checked.problems, form.text),
        "warnings": problem_rows(_, checked.warnings, form.text),
        "problem_count": len(checked.problems),
        "changed_meanwhile": checked.content_hash != form.content_hash,
    }


async def _trial(visit: Visit, form: EditedFile, asker: str) -> dict[str, Any]:
    tried = await desk_of(visit).try_text(form.name, form.text, editor=asker)
    if isinstance(tried, FileTrial):
        return {**trial_rows(tried, form.marks), "refused": ""}
    return {"articles": 0, "since": None, "watches": [], "refused": file_refusal(visit.words, tried)}


def _asker(visit: Visit) -> str:
    """Whose newest question counts: a tab of a session."""
    session = visit.viewer.session.number if visit.viewer.session else 0
    return f"{session}:{visit.form.get('tab', '')[:LONGEST_TAB]}"


def _token(visit: Visit) -> str:
    return visit.viewer.form_token


# ---------------------------------------------------------------- what the script asks


async def checked(visit: Visit) -> Answer:
    """What is wrong with a text, as markup for its place on the page; `kind` says what came of it."""
    form = edited_file(visit)
    found = await desk_of(visit).check(form.name, form.text, editor=_asker(visit))
    if isinstance(found, FileRefused):
        return _to_script({"kind": str(found.code), "said": file_refusal(visit.words, found), "html": ""})
    values = {"file": form.name, **_found(visit, form, found)}
    html = await asyncio.to_thread(rendered, "watchlist_problems.html", values, visit)
    return _to_script({"kind": "wrong" if found.problems else "right", "html": html})


async def tried(visit: Visit) -> Answer:
    """What a text would have brought, likewise."""
    form = edited_file(visit)
    found = await desk_of(visit).try_text(form.name, form.text, editor=_asker(visit))
    if isinstance(found, FileRefused):
        return _to_script({"kind": str(found.code), "said": file_refusal(visit.words, found), "html": ""})
    trial = {**trial_rows(found, form.marks), "refused": ""}
    values = {"trial": trial, "carried": marks_elsewhere(form.marks, trial)}
    html = await asyncio.to_thread(rendered, "watchlist_trial.html", values, visit)
    return _to_script({"kind": "tried", "html": html})


def _to_script(values: Mapping[str, Any]) -> Raw:
    return Raw(json.dumps(values, ensure_ascii=False), "application/json; charset=utf-8", keeps=False)


# ---------------------------------------------------------------- marks and drafts


async def _learn(visit: Visit, form: EditedFile) -> WebPage:
    learnt = await desk_of(visit).learn(form.name, form.text, form.marks)
    if isinstance(learnt, FileRefused):
        return await _page(visit, form, tries=True, note=said_note("warn", file_refusal(visit.words, learnt)))
    said = visit.words.gettext("This is proposed from your marks. Nothing is saved yet.")
    return await _page(visit, replace(form, text=learnt.text), tries=True, lessons=learnt, note=said_note("good", said))


async def draft_into(visit: Visit, form: EditedFile) -> WebPage:
    """The editor with one more watch in its text."""
    _ = visit.words
    asked = visit.form.get("kind")
    kind: Kind | None = "leader" if asked == "leader" else "event" if asked == "event" else None
    drafted = await desk_of(visit).draft(form.name, form.text, visit.form.get("words", ""), kind)
    if isinstance(drafted, FileRefused):
        return await _page(visit, form, note=said_note("bad", file_refusal(_, drafted)))
    if drafted.found:
        note = said_note("good", _.gettext("{watch} is drafted. Nothing is saved yet.", watch=drafted.watch_id))
    else:
        said = _.gettext("The stored news does not know it: the draft is no more than what was typed.")
        note = said_note("warn", said)
    return await _page(visit, replace(form, text=drafted.text), tries=True, note=note, line=drafted.line)


async def draft_for(visit: Visit) -> Answer:
    """The form of /watchlists: a watch drafted into the file that was chosen there."""
    name = visit.form.get("file", "")
    visit = replace(visit, parts={**visit.parts, "file": name})
    return await draft_into(visit, await _opened(visit, name))


# ---------------------------------------------------------------- looked over and saved


async def review(visit: Visit, form: EditedFile) -> WebPage:
    """The difference before it is saved; with mistakes the editor again, and what others changed where they did."""
    found = await desk_of(visit).check(form.name, form.text, editor=_asker(visit))
    if isinstance(found, FileRefused) or found.problems:
        refused = found if isinstance(found, FileRefused) else FileRefused(FileCode.TEXT_WRONG, form.name)
        return await _page(visit, form, note=said_note("bad", file_refusal(visit.words, refused)))
    if found.content_hash != form.content_hash:
        return await _conflict(visit, form)
    if form.text == form.opened:
        same = FileRefused(FileCode.SAME, form.name)
        return await _page(visit, form, note=said_note("warn", file_refusal(visit.words, same)))
    lines = await asyncio.to_thread(difference, form.opened, form.text)
    return _review_page(visit, form, {"difference": difference_rows(lines), "theirs": [], "can_join": False})


async def _conflict(visit: Visit, form: EditedFile) -> WebPage:
    """Somebody else has changed the file: what they changed, and what this text would do to theirs."""
    now = await _opened(visit, form.name)
    standing = as_written(now.text)
    theirs, mine, both = await asyncio.to_thread(
        lambda: (
            difference(form.opened, standing),
            difference(standing, form.text),
            joined(form.opened, form.text, standing),
        )
    )
    values = {"difference": difference_rows(mine), "theirs": difference_rows(theirs), "can_join": both is not None}
    # whoever saves from here has seen theirs
    page = _review_page(visit, replace(form, opened=now.text, content_hash=now.content_hash), values)
    return replace(page, status=409, extra={**page.extra, "began_with": form.opened})


def _review_page(visit: Visit, form: EditedFile, values: Mapping[str, Any]) -> WebPage:
    data = {"file": form.name, "text": form.text, "content_hash": form.content_hash, **values}
    carried = marks_elsewhere(form.marks, None)
    extra = {"opened": form.opened, "began_with": form.opened, "carried": carried, "token": _token(visit)}
    return WebPage("watchlist_review.html", data, extra, keeps=False)


async def _join(visit: Visit, form: EditedFile) -> WebPage:
    """Their change and this one in one text, in the editor."""
    now = await _opened(visit, form.name)
    began_with = as_written(visit.form.get("began_with", ""))
    both = await asyncio.to_thread(joined, began_with, form.text, as_written(now.text))
    if both is None:  # they changed it once more
        return await _conflict(visit, replace(form, opened=began_with))
    said = visit.words.gettext("Both changes stand in this text. Nothing is saved yet.")
    return await _page(visit, replace(now, text=both, marks=form.marks), tries=True, note=said_note("good", said))


async def _save(visit: Visit, form: EditedFile) -> Answer:
    by = await signed_by(visit, ChangeAction.FILE, form.name)
    saved = await save_file(
        visit.site.store, desk_of(visit), form.name, form.content_hash, form.text, by=by, now=visit.now
    )
    if not isinstance(saved, FileRefused):
        return GoTo(f"/watchlists/{quote(form.name)}?saved={saved.number}")
    if saved.code is FileCode.CHANGED_MEANWHILE:
        return await _conflict(visit, form)
    return await _page(visit, form, note=said_note("bad", file_refusal(visit.words, saved)))
