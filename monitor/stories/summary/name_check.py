"""Whether a summary's names stand in its sources: whole, shortened, or put together of names that stand near there.

Takes for a name what has capitals; whom it names is not asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.stories.summary.candidates import syllables_of
from monitor.text.sentences import split_sentences

APART = 5  # syllables that may lie between two names which the summary puts side by side


class _Word(NamedTuple):
    """A word of a sentence, in small letters."""

    low: str
    capital: bool  # it begins with a capital or a digit
    parted: bool  # a mark stands before it


Run = tuple[str, ...]  # neighbouring words with capitals


def wrong_name(text: str, sources: Sequence[str]) -> str | None:
    """The first name of `text` that no source has; texts as `plain` in factcheck.py."""
    known = _Known.of(sources)
    for words in _sentences(text):
        for run, opens in _runs_with_opening(words):
            if opens and len(run) == 1:
                if known.never_has(run[0]):
                    return run[0]
            elif not known.bears_out(run, opens=opens):
                return " ".join(run)
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the sources have of names."""

    sentences: Sequence[Sequence[_Word]]
    runs: frozenset[Run]
    parts: frozenset[Run]  # beginnings and ends of runs
    syllables: frozenset[str]

    @classmethod
    def of(cls, sources: Sequence[str]) -> "_Known":
        sentences = [words for source in sources for words in _sentences(source)]
        runs = frozenset(run for words in sentences for run in _runs(words))
        parts = frozenset(part for run in runs for n in range(1, len(run)) for part in (run[:n], run[-n:]))
        return cls(sentences, runs, parts, frozenset(one for source in sources for one in syllables_of(source)))

    def never_has(self, opening: str) -> bool:
        """Whether a single word that opens a sentence is a name out of nowhere: a foreign one that nobody wrote."""
        return opening not in self.syllables and opening.isascii() and len(opening) >= 4

    def bears_out(self, run: Run, *, opens: bool) -> bool:
        """Whether the sources have the name, without its first word if that is large only because it `opens`."""
        if self._has(run):
            return True
        return opens and len(run) > 1 and run[0] in self.syllables and self._has(run[1:])

    def _has(self, run: Run) -> bool:
        """Whether the run is one of the sources' names, or several of them that stand near each other there.

        At most one of them may be a part of a longer one: "Vladimir" of one and "Xi" of another are nobody.
        """
        if run in self.runs or run in self.parts:
            return True
        for n in range(len(run) - 1, 0, -1):
            head, tail = run[:n], run[n:]
            if (head in self.runs or (head in self.parts and tail in self.runs)) and self._are_near(head, tail):
                return self._has(tail)
        return False

    def _are_near(self, head: Run, tail: Run) -> bool:
        """Whether the beginning of `tail` stands close to `head` in a sentence."""
        for words in self.sentences:
            low = [word.low for word in words]
            heads = [at for at in range(len(low)) if tuple(low[at : at + len(head)]) == head]
            tails = [at for at, word in enumerate(low) if word == tail[0]]
            if any(_is_near(at, at + len(head), other) for at in heads for other in tails):
                return True
        return False


def _is_near(start: int, end: int, at: int) -> bool:
    """Whether a word at `at` stands at most APART words before or behind [start, end)."""
    return 0 <= at - end <= APART or 0 <= start - (at + 1) <= APART


def _sentences(text: str) -> Iterator[list[_Word]]:
    for start, end in split_sentences(text):
        words = []
        last = start
        for found in re.finditer(r"[^\W_]+", text[start:end]):
            gap = text[last : start + found.start()]
            word = found.group()
            words.append(_Word(word.casefold(), word[0].isupper() or word[0].isdigit(), bool(gap.strip(" -.'"))))
            last = start + found.end()
        yield words


def _runs_with_opening(words: Sequence[_Word]) -> Iterator[tuple[Run, bool]]:
    """Each run, and whether it opens the sentence."""
    run: list[str] = []
    opens = False
    for at, word in enumerate(words):
        if run and (word.parted or not word.capital):
            yield from _kept(run, opens)
            run = []
        if word.capital:
            if not run:
                opens = at == 0
            run.append(word.low)
    if run:
        yield from _kept(run, opens)


def _kept(run: list[str], opens: bool) -> Iterator[tuple[Run, bool]]:
    letters = tuple(word for word in run if not word[0].isdigit())  # numbers have their own check
    if letters:
        yield letters, opens and not run[0][0].isdigit()


def _runs(words: Sequence[_Word]) -> Iterator[Run]:
    """Each run; one that opens the sentence also without its first word, which may be none of the name."""
    for run, opens in _runs_with_opening(words):
        yield run
        if opens and len(run) > 1:
            yield run[1:]
