"""JSON lines in, JSON lines out: the use cases alone, for scripts and other programs (contract 4).

Streams line by line in constant memory. A line that cannot be read is reported with its number and skipped.
Owns no transaction and touches no network.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TextIO
from zoneinfo import ZoneInfo

from monitor.markup import Flattened
from monitor.types import Evidence, Item, ItemId, Match, Sentence

Row = dict[str, Any]
ITEM_KEYS = frozenset({"id", "outlet", "title", "summary", "body", "published", "url", "guid"})


@dataclass(slots=True)
class Reading:
    """Rows of a stream with their line numbers; `faults` counts the lines that could not be read."""

    lines: Iterable[bytes]
    name: str
    complaints: TextIO
    faults: int = 0

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(self.lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
                if not isinstance(row, dict):
                    raise ValueError(f"expected an object, found {type(row).__name__}")
            except (ValueError, RecursionError) as wrong:
                self.complain(number, str(wrong) or type(wrong).__name__)
            else:
                yield number, row

    def complain(self, number: int, why: str) -> None:
        """Report one line and count it."""
        self.faults += 1
        print(f"{self.name}:{number}: {why}; the line is skipped", file=self.complaints)


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item as a program handed it in: `row` verbatim, `item` as the newsroom reads it, and the way back for spans."""

    row: Row
    item: Item
    lead: Flattened

    @classmethod
    def of(cls, row: Row, number: int, *, zone: ZoneInfo, key: str = "") -> Self:
        """Read one row; without an id its line number counts.

        Raises ValueError naming the field when one is missing, has the wrong type, or is no readable date.
        """
        identity = row.get("id", number)
        if isinstance(identity, bool) or not isinstance(identity, str | int):
            raise ValueError('"id" must be a text or a whole number')
        if "title" not in row:
            raise ValueError('"title" is missing')
        texts = {name: _text(row, name) for name in ("outlet", "title", "summary", "body", "url", "guid")}
        lead = Flattened.of(texts["summary"])
        item = Item(
            id=ItemId(str(identity)),
            outlet=texts["outlet"],
            title=texts["title"],
            lead=lead.text,
            body=texts["body"],
            url=texts["url"],
            key=key,
            published_at=_published(row.get("published"), zone),
        )
        return cls(row, item, lead)

    @property
    def identity(self) -> object:
        """The id as given, a number where it was one."""
        return self.row.get("id", int(self.item.id) if self.item.id.isdigit() else self.item.id)

    @property
    def carried(self) -> Row:
        """The keys that the program does not know."""
        return {key: value for key, value in self.row.items() if key not in ITEM_KEYS}

    def slice(self, field: str, start: int, end: int) -> tuple[int, int, str]:
        """A span of a field of `item` as a span of that field as given, with its text."""
        if field == "summary":
            start, end = self.lead.span(start, end)
            return start, end, str(self.row.get("summary") or "")[start:end]
        text = self.item.title if field == "title" else self.item.body
        return start, end, text[start:end]


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{name}" must be a text')
    return value


def _published(value: object, zone: ZoneInfo) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError('"published" must be an ISO 8601 text')
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f'"published" is not ISO 8601: {value[:40]!r}') from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def match_row(given: GivenItem, matches: Sequence[Match]) -> Row:
    """The answer of `monitor match` for one item, also when there are no matches."""

    def evidence_row(evidence: Evidence) -> Row:
        start, end, text = given.slice(evidence.field, evidence.start, evidence.end)
        return {"field": evidence.field, "start": start, "end": end, "text": text}

    return {
        **given.carried,
        "id": given.identity,
        "matches": [
            {
                "watch": match.watch_id,
                "kind": match.kind,
                "name": match.name,
                "rule": match.rule.value,
                "score": round(match.score, 3),
                "by": match.by,
                **({"note": match.note} if match.note else {}),
                "evidence": [evidence_row(each) for each in match.evidence],
            }
            for match in matches
        ],
    }


def summary_row(identity: object, docs: Mapping[ItemId, GivenItem], sentences: Sequence[Sentence], carried: Row) -> Row:
    """The answer of `monitor summarise` for one item or story; `doc` is an item's id as given."""
    rows = []
    for sentence in sentences:
        given = docs[sentence.doc]
        start, end, text = given.slice(sentence.field, sentence.start, sentence.end)
        rows.append({"text": text, "doc": given.identity, "field": sentence.field, "start": start, "end": end})
    return {
        **carried,
        "id": identity,
        "summary": " ".join(sentence.text.strip() for sentence in sentences),
        "sentences": rows,
    }


def write(row: Mapping[str, Any], out: TextIO) -> None:
    """One JSON line, letters as they are; flushed, because the reader may be waiting for it."""
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    out.flush()
