"""What an editor of a file of watchlists sends, and what they are shown of it: problems, trials, differences as values.

Reads no file and asks nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitor.errors import Problem
from monitor.i18n import Translator
from monitor.matching.two_watchlists import WatchChange
from monitor.pipeline.file_desk import FileTrial, LearntFile, Marks, TriedItem, WatchTrial
from monitor.text.file_text import as_written
from monitor.text.line_differences import DifferingLine
from monitor.types import ItemId, WatchId
from monitor.web.page import Visit

MARK: Final = "mark."  # mark.WATCH.ITEM = right | wrong
MOST_MARKS: Final = 400  # of one form
MOST_PROBLEMS: Final = 50  # shown
BESIDE: Final = 40  # characters shown on each side of a mistake


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A form as sent: the file, its text as typed, the text that the editor began with and its hash, and marks."""

    name: str
    text: str
    opened: str
    content_hash: str
    marks: Marks


def edited_file(visit: Visit) -> EditedFile:
    """The form of a visit; what no page of ours sends is left out."""
    form = visit.form
    return EditedFile(
        visit.parts["file"],
        as_written(form.get("text", "")),
        as_written(form.get("opened", "")),
        form.get("hash", ""),
        _marks(form),
    )


def _marks(form: Mapping[str, str]) -> Marks:
    marks: dict[WatchId, dict[ItemId, bool]] = {}
    sent = [name for name, value in form.items() if name.startswith(MARK) and value in ("right", "wrong")]
    for name in sent[:MOST_MARKS]:
        watch_id, _, item_id = name.removeprefix(MARK).rpartition(".")
        if watch_id and item_id.isascii() and item_id.isdecimal():
            marks.setdefault(WatchId(watch_id), {})[ItemId(item_id)] = form[name] == "right"
    return marks


# ---------------------------------------------------------------- problems


def problem_rows(_: Translator, problems: Sequence[Problem], text: str) -> list[dict[str, Any]]:
    """Each with its place and the piece of the text that it points at: what stands before, there and behind."""
    lines = text.split("\n")
    return [
        {
            "file": each.file,
            "line": each.line,
            "column": each.column,
            "what": _.said(each.message),
            "excerpt": [] if each.file or not 0 < each.line <= len(lines) else _excerpt(lines[each.line - 1], each),
        }
        for each in problems[:MOST_PROBLEMS]
    ]


def _excerpt(line: str, problem: Problem) -> list[str]:
    at = max(0, problem.column - 1)
    before, behind = line[max(0, at - BESIDE) : at], line[at + 1 : at + 1 + BESIDE]
    return [
        ("…" if at > BESIDE else "") + before,
        line[at : at + 1],
        behind + ("…" if at + 1 + BESIDE < len(line) else ""),
    ]


# ---------------------------------------------------------------- trials


def trial_rows(trial: FileTrial, marks: Marks) -> dict[str, Any]:
    """A trial as plain values; each item with what was marked of it."""
    return {
        "articles": trial.items,
        "since": trial.since,
        "watches": [_watch_row(each, marks.get(each.watch_id, {})) for each in trial.watches],
    }


def _watch_row(watch: WatchTrial, marks: Mapping[ItemId, bool]) -> dict[str, Any]:
    return {
        "id": str(watch.watch_id),
        "name": watch.name,
        "change": str(watch.change),
        "teachable": watch.change is not WatchChange.WENT,
        "before": watch.before,
        "after": watch.after,
        "gained_count": watch.gained_count,
        "lost_count": watch.lost_count,
        "kept_count": watch.kept_count,
        "gained": [_item_row(each, marks) for each in watch.gained],
        "lost": [_item_row(each, marks) for each in watch.lost],
        "kept": [_item_row(each, marks) for each in watch.kept],
    }


def _item_row(item: TriedItem, marks: Mapping[ItemId, bool]) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "title": item.title,
        "lead": item.lead,
        "body": item.body,
        "outlet": item.outlet,
        "url": item.url if item.url.startswith(("https://", "http://")) else "",
        "at": item.at,
        "mark": {True: "right", False: "wrong", None: ""}[marks.get(item.id)],
    }


def marks_elsewhere(marks: Marks, trial: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Name and value of each mark whose item is not shown: the form carries it on."""
    shown = {
        (watch["id"], item["id"])
        for watch in (trial["watches"] if trial else ())
        for side in ("gained", "lost", "kept")
        for item in watch[side]
    }
    return [
        (f"{MARK}{watch_id}.{item_id}", "right" if is_right else "wrong")
        for watch_id, each in marks.items()
        for item_id, is_right in each.items()
        if (watch_id, item_id) not in shown
    ]


# ---------------------------------------------------------------- differences and lessons


def difference_rows(lines: Iterable[DifferingLine]) -> list[dict[str, Any]]:
    """Lines that differ, as plain values."""
    return [{"sign": line.sign, "number": line.number, "text": line.text} for line in lines]


def lesson_rows(learnt: LearntFile) -> list[dict[str, Any]]:
    """What marks taught each watch."""
    return [
        {
            "id": str(lesson.watch_id),
            "before": lesson.before,
            "after": lesson.after,
            "marks": lesson.marks,
            "changes": [{"field": each.field, "action": each.action, "value": each.value} for each in lesson.changes],
        }
        for lesson in learnt.lessons
    ]
