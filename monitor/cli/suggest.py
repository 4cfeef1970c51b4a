"""suggest: what nobody watches yet, with the sentences that speak for it and the YAML to paste.

Changes no file; whoever reads it decides. Where a text goes in is said as FILE:LINE:COLUMN, and it goes in before what
stands there: pasted so, the files still read.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.jsonl import write
from monitor.cli.pastes import Paste, PasteWriter
from monitor.cli.screen import printable, tell
from monitor.cli.streams import SourceError, configured, items_of, rows_of
from monitor.config import Settings, load_all
from monitor.matching.suggest.proposals import Nature, Proposal
from monitor.matching.suggest.survey import Survey

EARLIER = 4  # stored items: so many times the recent span before it to compare with


def run(*, source: str | None, since: timedelta, limit: int, as_json: bool) -> int:
    """Proposals from stored or given items; `since`: the recent days against all before, `limit`: of each kind.

    Exit code 1 when lines could not be read. Raises ConfigError and SourceError.
    """
    settings = configured()
    config = load_all(settings.config_dir, timezone=settings.timezone)
    survey = Survey(config.watchlist)
    faults = 0
    if source is None:
        asyncio.run(_stored(settings, survey, since))
    else:
        faults = _given(settings, survey, source)
    if not survey.has_earlier:
        tell("the items are all of one day: nothing can be said to rise")
    found = survey.proposals(recent=since, limit=limit, natures=_natures)
    writer = PasteWriter(config.watchlist, config.places, settings.config_dir)
    for proposal in found:
        pastes = writer.pastes(proposal)
        if as_json:
            write(_row(proposal, pastes), sys.stdout)
        else:
            print(printable(_shown(proposal, pastes)))
    if not found:
        tell("nothing to propose")
    return ATTENTION if faults else DONE


async def _stored(settings: Settings, survey: Survey, since: timedelta) -> None:
    async with existing_store(settings) as store:
        if store is None:
            raise SourceError("nothing is stored yet: name a FILE of items, or - for standard input")
        with store.reading() as tx:
            for placed in tx.placed_since(datetime.now(UTC) - since * (EARLIER + 1)):
                survey.note(placed.item)


def _given(settings: Settings, survey: Survey, source: str) -> int:
    dateless = 0
    with rows_of(source) as reading:
        for _, given in items_of(reading, ZoneInfo(settings.timezone)):
            dateless += given.item.at is None
            survey.note(given.item)
    if dateless:
        tell(f'{dateless} items without "published" are left out: what rises is a matter of days')
    return reading.faults


def _natures(proposals: Sequence[Proposal]) -> Sequence[Nature]:
    """What the tagger takes the names for: a hint on a few dozen sentences, and the only part that needs its models."""
    from monitor.matching.nlp import UndertheseaNlp

    asked = [(each.name, each.examples[0].text if each.examples else each.name) for each in proposals]
    kinds = asyncio.run(UndertheseaNlp().kinds(asked))
    # of a single word it knows too little: it takes firms and storms for persons
    return [
        "person" if kind == "PER" and " " in name else "other" for kind, (name, _) in zip(kinds, asked, strict=True)
    ]


# ---------------------------------------------------------------- how it is shown


def _row(proposal: Proposal, pastes: Iterable[Paste]) -> dict[str, object]:
    return {
        "kind": proposal.kind,
        "name": proposal.name,
        "score": proposal.score,
        "items": proposal.items,
        "why": proposal.why,
        "first": proposal.first.isoformat(),
        "watch": proposal.leader,
        "evidence": [{"day": q.day.isoformat(), "outlet": q.outlet, "text": q.text} for q in proposal.examples],
        "paste": [{"file": p.file, "line": p.line, "column": p.column, "text": p.text} for p in pastes],
    }


_HEADS = {"holder": "new holder", "spelling": "spelling", "name": "rising"}


def _shown(proposal: Proposal, pastes: Iterable[Paste]) -> str:
    lines = [f"{_HEADS[proposal.kind]}: {proposal.name} - {proposal.why}"]
    for quote in proposal.examples:
        where = ", ".join(part for part in (f"{quote.day}", quote.outlet) if part)
        lines.append(f"  “{quote.text}” ({where})")
    for paste in pastes:
        lines.append(f"  {paste.file}:{paste.line}:{paste.column}: paste before what stands there:")
        lines += [f"  |{line}" for line in paste.text.removesuffix("\n").split("\n")]
    return "\n".join(lines) + "\n"
