"""Items and stories as programs hand them in, and the answers that point back into them.

Reads no stream; jsonl.py does. Every span in an answer counts in the field as given, HTML and all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Self
from zoneinfo import ZoneInfo

from monitor.cli.jsonl import Row
from monitor.feeds.plain import lead_in
from monitor.text.html_spans import Flattened
from monitor.text.words import nfc
from monitor.types import Evidence, Item, ItemId, Match, Quote, Sentence

ITEM_KEYS = frozenset({"id", "outlet", "title", "summary", "body", "published", "url", "guid"})
Identity = str | int | float


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item as a program handed it in: `row` verbatim, `item` as the newsroom reads it, and the way back for spans.

    Title and summary are read as those of a feed are: without markup, the outlet's signature, related headlines.

    `item.id` is the item's place in its line or file, because ids as given may be missing, or be 7 and "7".
    """

    row: Row
    identity: Identity  # the id as given, a number where it was one; else the place
    item: Item
    fields: Mapping[str, Flattened]

    @classmethod
    def of(cls, row: Row, place: int, *, zone: ZoneInfo) -> Self:
        """Read one row; without an id its place (the line number) counts.

        Raises ValueError naming the field when one is missing, has the wrong type, or is no readable date.
        """
        given = row.get
        if given("title") is None:
            raise ValueError('"title" is missing')
        fields = {
            "title": Flattened(_text("title", given("title"))).read_line(),
            "summary": lead_in(_text("summary", given("summary"))),
            "body": Flattened(_text("body", given("body"))).read_lines(),
        }
        item = Item(
            ItemId(str(place)),
            _text("outlet", given("outlet")),
            fields["title"].text,
            fields["summary"].text,
            fields["body"].text,
            _text("url", given("url")),
            published_at=_published(given("published"), zone),
        )
        return cls(row, identity_of(row, place), item, fields)

    @property
    def guid(self) -> str:
        """The guid as given, empty without one."""
        return _text("guid", self.row.get("guid"))

    @property
    def carried(self) -> Row:
        """The keys that the program does not know."""
        return {key: value for key, value in self.row.items() if key not in ITEM_KEYS}

    def slice(self, field: str, start: int, end: int) -> tuple[int, int, str]:
        """A span of a field of `item` as a span of that field as given, with its text."""
        start, end = self.fields[field].span(start, end)
        return start, end, _text(field, self.row.get(field))[start:end]


def identity_of(row: Row, place: int) -> Identity:
    """The id of a row, or its place where it has none. Raises ValueError for one that cannot name anything."""
    identity = row.get("id")
    if identity is None:
        return place
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        raise ValueError('"id" must be a text or a number')
    return identity


def docs_of(row: Row, place: int, *, zone: ZoneInfo) -> list[GivenItem]:
    """The items of a story {"id", "docs": [item, …]}, or the item itself.

    Within a story an item without an id is named by its place, counted from 1. Raises ValueError as GivenItem.of does.
    """
    if "docs" not in row:
        return [GivenItem.of(row, place, zone=zone)]
    docs = row["docs"]
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        raise ValueError('"docs" must be a list of items')
    given = []
    for number, doc in enumerate(docs, start=1):
        try:
            given.append(GivenItem.of(doc, number, zone=zone))
        except ValueError as wrong:
            raise ValueError(f'item {number} of "docs": {wrong}') from None
    return given


def _text(name: str, value: object) -> str:
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
        at = datetime.fromisoformat(value.strip())
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        if not MINYEAR < at.year < MAXYEAR:
            at.astimezone(zone)  # the first and the last day of the calendar have no other zone
    except (ValueError, OverflowError):
        raise ValueError(f'"published" is not ISO 8601: {value[:40]!r}') from None
    return at


def match_row(given: GivenItem, matches: Sequence[Match], quotes: Sequence[Quote] | None = None) -> Row:
    """The answer of `monitor match` for one item, also without matches; `quotes` where they were asked for."""
    row: Row = {**given.carried, "id": given.identity, "matches": [_match(given, match) for match in matches]}
    return row if quotes is None else {**row, "quotes": [_quote(given, quote) for quote in quotes]}


def _quote(given: GivenItem, quote: Quote) -> Row:
    start, end, text = given.slice(quote.field, quote.start, quote.end)
    return {
        "watch": quote.watch_id,
        "speaker": quote.speaker,
        "verb": quote.verb,
        "text": text,
        "direct": quote.direct,
        "field": quote.field,
        "start": start,
        "end": end,
        "about": list(quote.about),
    }


def _match(given: GivenItem, match: Match) -> Row:
    row: Row = {
        "watch": match.watch_id,
        "kind": match.kind,
        "name": match.name,
        "rule": match.rule.value,
        "score": round(match.score, 3),
        "by": match.by,
    }
    if match.note:
        row["note"] = match.note
    row["evidence"] = [_evidence(given, each) for each in match.evidence]
    return row


def _evidence(given: GivenItem, evidence: Evidence) -> Row:
    start, end, text = given.slice(evidence.field, evidence.start, evidence.end)
    return {"field": evidence.field, "start": start, "end": end, "text": text}


def summary_row(identity: Identity, docs: Sequence[GivenItem], sentences: Sequence[Sentence], carried: Row) -> Row:
    """The answer of `monitor summarise` for one item or story; `doc` is an item's id as given.

    The summary spells a sentence as it was given (accents may be letters of their own), unless there was markup in it:
    whoever looks for a sentence in the summary finds it.
    """
    by_place = {given.item.id: given for given in docs}
    rows, said = [], []
    for sentence in sentences:
        given = by_place[sentence.doc]
        start, end, text = given.slice(sentence.field, sentence.start, sentence.end)
        rows.append({"text": text, "doc": given.identity, "field": sentence.field, "start": start, "end": end})
        said.append(text.strip() if nfc(text) == nfc(sentence.text) else sentence.text.strip())
    return {**carried, "id": identity, "summary": " ".join(said), "sentences": rows}
