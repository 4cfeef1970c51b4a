"""Why a file was not shown, tried or written, in words for whoever edits it, as plain text.

Knows neither page nor chat.
"""

from typing import assert_never

from monitor.i18n import Translator
from monitor.pipeline.file_desk import FileCode, FileRefused


def file_refusal(_: Translator, refused: FileRefused) -> str:
    """One sentence, and what to do; the problems stand beside it."""
    file, why = refused.file, refused.why
    match refused.code:
        case FileCode.NO_FILE:
            return _.gettext("There is no file {file} in the folder of watchlists.", file=file)
        case FileCode.UNREADABLE:
            return _.gettext("{file} cannot be read: mend it where it comes from.", file=file)
        case FileCode.TEXT_WRONG:
            return _.gettext("Nothing is written: correct this first.")
        case FileCode.SAME:
            return _.gettext("{file} reads like this already.", file=file)
        case FileCode.CHANGED_MEANWHILE:
            return _.gettext("Nothing is written: {file} reads otherwise since, somebody else changed it.", file=file)
        case FileCode.READ_ONLY:
            return _.gettext(
                "{file} cannot be written here ({why}). Change it where it comes from; it is taken up by itself.",
                file=file,
                why=why or _.gettext("read-only"),
            )
        case FileCode.BY_HAND:
            return _.gettext("{file} is not changed by machine: {why}. Change it by hand.", file=file, why=why)
        case FileCode.SUPERSEDED:
            return _.gettext("A newer text is looked at instead.")
        case FileCode.BUSY:
            return _.gettext("Too many ask at once. Try again in a moment.")
        case FileCode.FAILED:
            return _.gettext("It could not be looked up: {why}. Try again in a moment.", why=why)
        case FileCode.NOTHING_LEARNT:
            return _.gettext("No line is surely meant by these marks. Mark more articles, or change it yourself.")
        case FileCode.NO_ARTICLE:
            return _.gettext("Mark articles of a watch of this file as right or wrong first.")
        case FileCode.NO_WORDS:
            return _.gettext("Write a name, or what happens in a few words.")
        case _:
            assert_never(refused.code)
