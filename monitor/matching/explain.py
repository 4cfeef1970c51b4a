"""What the matcher saw, laid out for a person: the text with its evidence marked, the matches, and what came close.

Renders only; the findings come from monitor/matching/matcher.py. Plain text for a terminal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from monitor.i18n import SOURCE, Translator, translatable, translator
from monitor.matching.reasons import PASSING, Why
from monitor.types import Evidence, Item, Match, Rule

_FIELDS: Final = {"title": translatable("title"), "summary": translatable("lead"), "body": translatable("text")}
_RULES: Final = {
    Rule.NAME: translatable("name"),
    Rule.SHORT: translatable("short form"),
    Rule.OFFICE: translatable("office"),
    Rule.QUERY: translatable("query"),
}
_CONTEXT: Final = 80  # characters of a long body shown on each side of a marked place
_EVIDENCE: Final = 8  # places shown of a match
_QUERY: Final = 200  # characters shown of a query


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A watch that an item came close to, by which of its words, and why it was not taken."""

    watch_id: str
    name: str
    by: str
    why: Why
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the matcher saw in an item."""

    item: Item
    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...]

    def text(self, *, colour: bool = False, lang: str = SOURCE) -> str:
        """For a terminal: marked text, matches, near misses; `colour` uses ANSI bold instead of ⟦ ⟧."""
        marks = ("\x1b[1m", "\x1b[0m") if colour else ("⟦", "⟧")
        return "\n".join(_lines(self, marks, translator(lang)))


def _lines(explanation: Explanation, marks: tuple[str, str], _: Translator) -> Iterator[str]:
    item = explanation.item
    undated = _.gettext("no date")
    yield f"{item.id}  {item.at.isoformat(timespec='minutes') if item.at else undated}"
    yield from _text_lines(explanation, marks, _)
    if not explanation.matches:
        yield "  " + _.gettext("concerns no watch")
    for match in explanation.matches:
        yield from _match_lines(match, _)
    for miss in explanation.near_misses:
        yield from _miss_lines(miss, _)


def _text_lines(explanation: Explanation, marks: tuple[str, str], _: Translator) -> Iterator[str]:
    item = explanation.item
    evidence = [one for match in explanation.matches for one in match.evidence]
    sources: tuple[tuple[Literal["title", "summary", "body"], str], ...] = (
        ("title", item.title),
        ("summary", item.lead),
        ("body", item.body),
    )
    for name, source in sources:
        if source:
            spans = [(one.start, one.end) for one in evidence if one.field == name]
            yield f"{_.gettext(_FIELDS[name])}: {_marked(source, spans, marks, shortened=name == 'body')}"


def _match_lines(match: Match, _: Translator) -> Iterator[str]:
    note = f" [{match.note}]" if match.note else ""
    yield f"  ✓ {match.watch_id} ({match.name}) {match.score:.2f}{note}"
    yield f"      {_.gettext(_RULES[match.rule])}: {match.by}"
    if match.passing:
        yield f"      {PASSING.text(_.lang)}"
    for one in match.evidence[:_EVIDENCE]:
        yield f"      {_.gettext(_FIELDS[one.field])} {one.start}–{one.end}: “{_one_line(one.text)}”"


def _miss_lines(miss: NearMiss, _: Translator) -> Iterator[str]:
    place = f" “{_one_line(miss.evidence.text)}”" if miss.evidence else ""
    yield f"  ✗ {miss.watch_id} ({miss.name}){place}: {miss.why.text(_.lang)}"
    if not miss.evidence:
        yield f"      {miss.by if len(miss.by) <= _QUERY else miss.by[: _QUERY - 1] + '…'}"


def _marked(source: str, spans: Iterable[tuple[int, int]], marks: tuple[str, str], *, shortened: bool) -> str:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    pieces: list[str] = []
    done = 0
    for start, end in merged:
        pieces.append(_between(source[done:start], shortened, first=done == 0))
        pieces.append(f"{marks[0]}{source[start:end]}{marks[1]}")
        done = end
    pieces.append(_between(source[done:], shortened, first=done == 0, last=True))
    return _one_line("".join(pieces))


def _between(text: str, shortened: bool, *, first: bool = False, last: bool = False) -> str:
    if not shortened or len(text) <= 2 * _CONTEXT:
        return text
    head = "" if first and not last else text[:_CONTEXT]
    tail = "" if last else text[-_CONTEXT:]
    return f"{head} … {tail}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
