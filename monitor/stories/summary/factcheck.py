"""Whether a summary that a language model wrote says nothing that its sources do not say, as far as rules can tell.

Judges no style and mends nothing: one doubt leaves the summary out, since the extractive one is always there.
Rules look at what a journalist would check first: names, numbers with what they count, quotations, negations. They do
not see a wrong verb between right names; that is why readers are told who wrote it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.stories.summary.candidates import syllables_of
from monitor.stories.summary.name_check import wrong_name
from monitor.stories.summary.negation_check import wrong_negation
from monitor.stories.summary.number_check import wrong_number
from monitor.text.sentences import is_whole, split_sentences
from monitor.text.words import OLD_TONES, has_marks, nfc

MAX_CHARS = 900  # a phone's screen with title and buttons; an extractive one has 700
LEAST_SHARED = 0.6  # of a sentence's syllables that must stand in the sources
LEAST_VIETNAMESE = 0.3  # share of syllables with a letter that only Vietnamese has; leads have 0.55 to 0.8


class UnsupportedKind(StrEnum):
    """What was found wrong; the labels of a counter."""

    EMPTY = "empty"
    LENGTH = "length"
    MARKUP = "markup"
    LANGUAGE = "language"
    QUOTE = "quote"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a summary is not shown: the kind, and the words in doubt."""

    kind: UnsupportedKind
    words: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.words}" if self.words else self.kind.value


def unsupported(text: str, sources: Sequence[str]) -> Unsupported | None:
    """The first thing in `text` that the sources do not bear out; None when nothing was found."""
    text = plain(text)
    if not text:
        return Unsupported(UnsupportedKind.EMPTY)
    said = [plain(source) for source in sources]
    whole = "\n".join(said)
    checks: tuple[tuple[UnsupportedKind, Callable[[], str | None]], ...] = (
        (UnsupportedKind.LENGTH, lambda: _wrong_length(text)),
        (UnsupportedKind.MARKUP, lambda: _markup(text, whole)),
        (UnsupportedKind.LANGUAGE, lambda: _wrong_language(text, whole)),
        (UnsupportedKind.QUOTE, lambda: _wrong_quote(text, whole)),
        (UnsupportedKind.NUMBER, lambda: wrong_number(text, said)),
        (UnsupportedKind.NAME, lambda: wrong_name(text, said)),
        (UnsupportedKind.NEGATION, lambda: wrong_negation(text, said)),
        (UnsupportedKind.STRANGE, lambda: _strange(text, whole)),
    )
    for kind, check in checks:
        if (words := check()) is not None:
            return Unsupported(kind, words)
    return None


_MARKUP = re.compile(
    r"https?://|www\.|</?[a-z!]|\*\*|__|`|\[[^\]]*\]\(|(?:^|\s)#+\s|(?:^|\n)\s*[-*•]\s|@\w|&\w+;",
    re.IGNORECASE,
)
_SITE = re.compile(r"\b[\w-]+\.(?:com|vn|net|org)\b", re.IGNORECASE)


def plain(text: str) -> str:
    """NFC, one spelling of tones, quotation marks and hyphens, blanks as one."""
    text = nfc(text).translate(_ONE_SIGN)
    for old, new in OLD_TONES.items():
        text = text.replace(old, new)
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()).strip()


_ONE_SIGN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "\u00a0": " "}
)


def _wrong_length(text: str) -> str | None:
    if len(text) > MAX_CHARS:
        return f"{len(text)} characters"
    return None if is_whole(text) else "cut off"


def _markup(text: str, whole: str) -> str | None:
    if marked := _MARKUP.search(text):
        return marked.group()[:20]
    site = _SITE.search(text)
    return site.group()[:20] if site and site.group() not in whole else None


def _wrong_language(text: str, whole: str) -> str | None:
    """Letters of another language, or a model that speaks of itself; "" where the whole is not Vietnamese."""
    if not _is_vietnamese(text):
        return ""
    known = set(whole)
    foreign = [char for char in text if ord(char) > 0x1EF9 and char.isalpha() and char not in known]
    if foreign:
        return foreign[0]
    talk = _TALK.search(text)
    return talk.group() if talk and talk.group().casefold() not in whole.casefold() else None


def _is_vietnamese(text: str) -> bool:
    syllables = syllables_of(text)
    ours = sum(has_marks(one) for one in syllables)
    return bool(syllables) and ours >= LEAST_VIETNAMESE * len(syllables)


_TALK = re.compile(  # a model that speaks of itself or of its task
    r"(?<!\w)(?:tôi (?:không thể|xin lỗi|là)|xin lỗi|mô hình ngôn ngữ|dưới đây là|bản tóm tắt"
    r"|bài (?:báo|viết) (?:này|trên)|theo yêu cầu|as an ai)(?!\w)",
    re.IGNORECASE,
)


def _wrong_quote(text: str, whole: str) -> str | None:
    flat = " ".join(whole.split())
    for quoted in re.findall(r'"([^"]+)"', text):
        if quoted.strip(" .,!?") not in flat:
            return str(quoted[:60])
    return "one mark" if text.count('"') % 2 else None


def _strange(text: str, whole: str) -> str | None:
    """A sentence most of whose syllables stand nowhere in the sources."""
    known = set(syllables_of(whole))
    for start, end in split_sentences(text):
        syllables = syllables_of(text[start:end])
        if syllables and sum(one in known for one in syllables) < LEAST_SHARED * len(syllables):
            return text[start:end][:60]
    return None


def texts_of(fields: Iterable[str]) -> str:
    """One source of its fields, each a paragraph of its own, so that no name runs from one into the next."""
    return "\n".join(field for field in fields if field.strip())
