"""Mistakes of files in a reader's language: where, and what is wrong with what to write.

Knows no file; what is wrong comes as it was found: a sentence that can be said in another language, or one that stays
English.
"""

from monitor.errors import Problem
from monitor.i18n import Translator


def problem_line(_: Translator, problem: Problem) -> str:
    """One mistake in one line: in its file, or in a text that was sent, which has no name."""
    if problem.file:
        return f"{problem.file}:{problem.line}:{problem.column}: {_.said(problem.message)}"
    return _.gettext(
        "line {line}, column {column}: {what}", line=problem.line, column=problem.column, what=_.said(problem.message)
    )
