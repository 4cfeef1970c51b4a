"""draft: a watch drafted from a name or from words, as YAML with the evidence as comments.

Changes no file; whoever reads it decides. Items come from a file, from standard input or from the database, and are
read whole only where a sieve lets their line through (matching/draft/corpus.py).
"""

import asyncio
import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.items import GivenItem
from monitor.cli.jsonl import Row, RowReader, lines_of, row_of, write
from monitor.cli.model_draft import draft_by_model
from monitor.cli.screen import printable, tell
from monitor.cli.streams import STDIN, SourceError, configured, items_of, opened, rows_of
from monitor.config import Settings, load_all
from monitor.matching.draft.corpus import Corpus, ItemCorpus, Sieve
from monitor.matching.draft.draft_yaml import yaml_of
from monitor.matching.draft.drafts import Draft, FieldProposal
from monitor.matching.draft.event_draft import BACKGROUND, draft_event
from monitor.matching.draft.keyness import Background
from monitor.matching.draft.leader_draft import draft_leader
from monitor.matching.draft.liked import in_common, with_examples
from monitor.matching.draft.sound_drafts import sound
from monitor.types import Item, ItemId, Leader, Watchlist

STORED = timedelta(days=30)  # how far back stored items are taken without --since
LONGEST_WORDS = 200  # characters, as of any name in a watchlist
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")


class LineCorpus:
    """Items as JSON lines in a file that can be read again; only lines with what is wanted become items."""

    def __init__(self, file: BinaryIO, name: str, zone: ZoneInfo, since: timedelta | None) -> None:
        self._file = file
        self._zone = zone
        self._wrong: set[int] = set()
        self._reader = RowReader((), name, sys.stderr)
        newest = self._read_all()
        self._earliest = newest - since if newest and since else None

    @property
    def faults(self) -> int:
        """Lines that could not be read."""
        return len(self._wrong)

    def having(self, wanted: Sieve) -> Iterator[Item]:
        """The items in whose line `wanted` is found."""
        for number, line in self._lines():
            text = line.decode("utf-8", "replace")
            if "\\u" in text:
                text = _ESCAPED.sub(lambda found: chr(int(found[0][2:], 16)), text)
            if wanted.search(text) and (item := self._item(number, line)) is not None:
                yield item

    def sample(self, most: int) -> Sequence[Item]:
        """Every n-th item."""
        step = max(1, -(-self._total // most))
        found = (self._item(number, line) for number, line in self._lines() if number % step == 0)
        return [item for item in found if item is not None]

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        self._file.seek(0)
        for number, line in enumerate(lines_of(self._file), start=1):
            if line is not None and line.strip() and number not in self._wrong:
                yield number, line

    def _read_all(self) -> datetime | None:
        """Complain of every line that is no object with a title; gives the time of the newest item."""
        newest: datetime | None = None
        self._total = 0
        self._file.seek(0)
        for number, line in enumerate(lines_of(self._file), start=1):
            if line is not None and not line.strip():
                continue
            self._total += 1
            try:
                row = row_of(line, first=number == 1)
                if row.get("title") is None:
                    raise ValueError('"title" is missing')
            except ValueError as wrong:
                self._complain(number, wrong)
                continue
            at = _time(row.get("published"), self._zone)
            newest = at if newest is None or (at is not None and at > newest) else newest
        return newest

    def _item(self, number: int, line: bytes) -> Item | None:
        try:
            given = GivenItem.of(row_of(line, first=number == 1), number, zone=self._zone)
        except ValueError as wrong:
            self._complain(number, wrong)
            return None
        item = replace(given.item, id=ItemId(str(given.identity)))
        return None if self._earliest and item.at and item.at < self._earliest else item

    def _complain(self, number: int, wrong: ValueError) -> None:
        if number not in self._wrong:
            self._wrong.add(number)
            self._reader.complain(number, str(wrong))


def _time(published: object, zone: ZoneInfo) -> datetime | None:
    """When an item says it was published, None for what is told as wrong when the item itself is read."""
    if not isinstance(published, str):
        return None
    try:
        at = datetime.fromisoformat(published.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


@contextlib.contextmanager
def line_corpus(source: str, zone: ZoneInfo, since: timedelta | None) -> Iterator[LineCorpus]:
    """The items of a file; standard input is laid down on disk, since it is read more than once."""
    with opened(source) as stream:
        if source != STDIN and stream.seekable():
            yield LineCorpus(stream, source, zone, since)
            return
        with tempfile.TemporaryFile() as file:
            shutil.copyfileobj(stream, file)
            yield LineCorpus(file, "<stdin>" if source == STDIN else source, zone, since)


# ---------------------------------------------------------------- the command


def run(
    name: str | None,
    source: str | None,
    *,
    event: str | None = None,
    like: str | None = None,
    since: timedelta | None,
    as_json: bool,
    llm: bool = False,
) -> int:
    """A draft from stored or given items; exit code 1 when nothing was found or lines could not be read.

    `event`: words for something that happens, in the place of `name`. `like`: a file of items that are
    wanted; alone they say by what they have in common what to watch. `since`: the last so much of the items; of
    stored ones 30 days without it. `llm`: the language model behind MONITOR_SUMMARY_URL writes it from the words; what
    it writes is judged as a person's, and where that fails the draft is ours. Raises ConfigError and SourceError.
    """
    settings = configured()
    config = load_all(settings.config_dir, timezone=settings.timezone)
    zone = ZoneInfo(settings.timezone)
    today = datetime.now(UTC).astimezone(zone).date()
    if event is not None or (like is not None and source is None and name is not None and _is_source(name)):
        name, source = None, source if source is not None else name  # a single place on the line is the FILE then
    words = (name if event is None else event) or ""
    if like is None and not any(letter.isalnum() for letter in words):
        raise SourceError("say whom to watch, or what: monitor draft NAME, or monitor draft --event WORDS")
    if len(words) > LONGEST_WORDS:
        raise SourceError(
            f"{len(words)} characters: a name, or what happens in a few words, has at most {LONGEST_WORDS}"
        )
    if like == STDIN and source == STDIN:
        raise SourceError("standard input is either the examples or the items: name a file for one of them")
    if llm and not settings.summary_url:
        raise SourceError("--llm asks the language model behind MONITOR_SUMMARY_URL, which is not set")
    asked = _Asking(words.strip(), event is not None, tuple(_liked(like, zone)), settings if llm else None)
    if source is None:
        corpus: Corpus = ItemCorpus(asyncio.run(_stored(settings, since or STORED)))
        draft = _drafted(asked, corpus, config.watchlist, today)
        return _answer(draft, faults=0, as_json=as_json)
    with line_corpus(source, zone, since) as lines:
        draft = _drafted(asked, lines, config.watchlist, today)
        return _answer(draft, faults=lines.faults, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A name, or words for something that happens; without words the examples say it. `by_model`: a model is asked."""

    words: str
    is_event: bool
    examples: tuple[Item, ...] = ()
    by_model: Settings | None = None


def _is_source(written: str) -> bool:
    return written == STDIN or Path(written).is_file()


def _liked(like: str | None, zone: ZoneInfo) -> Iterator[Item]:
    """The items of the file of examples; a line that is none is told. Raises SourceError."""
    if like is None:
        return
    with rows_of(like) as reading:
        for _, given in items_of(reading, zone):
            yield replace(given.item, id=ItemId(str(given.identity)))


def _drafted(asked: _Asking, corpus: Corpus, watchlist: Watchlist, today: date) -> Draft:
    taken = {str(watch.id) for watch in watchlist.watches}
    words, is_event = asked.words, asked.is_event
    if not words:
        common = in_common(asked.examples, Background(corpus.sample(BACKGROUND)), watchlist.sets)
        words, is_event = common.words, common.is_event
    if not words:
        raise SourceError("the examples have neither a name nor words in common: say it with NAME or --event WORDS")
    if asked.by_model is not None:
        written = asyncio.run(draft_by_model(words, asked.by_model, corpus, watchlist))
        if isinstance(written, Draft):
            return with_examples(sound(written, watchlist, today=today), asked.examples, watchlist.sets)
        tell(f"{written}; drafted without it")
    if is_event:
        draft = draft_event(words, corpus, taken=taken, sets=watchlist.sets)
    else:
        draft = draft_leader(words, corpus, taken=taken)
    return with_examples(sound(draft, watchlist, today=today), asked.examples, watchlist.sets)


def _answer(draft: Draft, *, faults: int, as_json: bool) -> int:
    text = yaml_of(draft)
    if as_json:
        kind = "leader" if isinstance(draft.watch, Leader) else "event"
        write(
            {"yaml": text, "kind": kind, "proposals": [_row(one) for one in draft.proposals if one.taken]}, sys.stdout
        )
    else:
        print(printable(text), end="")
    if not draft.found:
        tell("nothing was found: the draft is no more than what was typed")
    return ATTENTION if faults or not draft.found else DONE


def _row(one: FieldProposal) -> Row:
    examples = [example.id for example in one.examples]
    return {"field": one.field, "value": one.value, "support": one.support, "examples": examples}


async def _stored(settings: Settings, since: timedelta) -> list[Item]:
    async with existing_store(settings) as store:
        if store is None:
            raise SourceError("nothing is stored yet: name a FILE of items, or - for standard input")
        with store.reading() as tx:
            return [placed.item for placed in tx.placed_since(datetime.now(UTC) - since)]
