"""chart: a picture of stored news as a file, PNG or SVG: trends, who is named with whom, a day, a week.

Draws nothing itself (pipeline/pictures.py); what the picture says in words goes to standard error.
"""

import asyncio
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.bot.targets import Finder
from monitor.charts.rasterise import png_of
from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.screen import tell
from monitor.cli.streams import SourceError, configured
from monitor.config import Settings, load_all
from monitor.i18n import translator
from monitor.notify.html import plain
from monitor.pipeline.pictures import Sketch, sketched
from monitor.types import PictureKind, PictureSpec, Watch, WatchId, Watchlist

MOST_TARGETS = {PictureKind.TREND: 2, PictureKind.WHO: 1}
MOST_DAYS = 366
SUFFIXES = (".png", ".svg")


def run(
    picture: str,
    targets: list[str],
    *,
    since: timedelta,
    outlets: bool,
    dark: bool,
    lang: str,
    day: str | None,
    out: str,
) -> int:
    """Draw into the file `out`; 1 when there is nothing to show."""
    file = Path(out)
    if file.suffix.casefold() not in SUFFIXES:
        raise SourceError(f"--out {out}: write a name that ends in .png or .svg")
    kind, days = PictureKind(picture), math.ceil(since / timedelta(days=1))
    if not 2 <= days <= MOST_DAYS:
        raise SourceError(f"--since: from 2d to {MOST_DAYS}d")
    settings = configured()
    watchlist = load_all(settings.config_dir, timezone=settings.timezone).watchlist
    watch_ids = _meant(kind, targets, watchlist)
    spec = PictureSpec(kind, watch_ids, days, _day(day), by_outlet=outlets, is_dark=dark)
    watches = {watch.id: watch for watch in watchlist.watches if watch.enabled}
    sketch = asyncio.run(_sketch(settings, spec, watches, lang))
    if sketch is None:
        tell(f"monitor chart: nothing is stored that such a picture could show ({', '.join(targets) or picture})")
        return ATTENTION
    file.write_bytes(sketch.svg.encode() if file.suffix.casefold() == ".svg" else png_of(sketch.svg))
    tell(plain(sketch.caption))
    return DONE


async def _sketch(settings: Settings, spec: PictureSpec, watches: dict[WatchId, Watch], lang: str) -> Sketch | None:
    now = datetime.now(UTC).astimezone(ZoneInfo(settings.timezone))
    async with existing_store(settings) as store:
        if store is None:
            return None
        return await store.read(sketched, spec, watches, words=translator(lang), now=now)


def _meant(kind: PictureKind, targets: list[str], watchlist: Watchlist) -> tuple[WatchId, ...]:
    """The watches that the targets name, by id or by name."""
    most = MOST_TARGETS.get(kind)
    if most is None and targets:
        raise SourceError(f"chart {kind}: takes no target, it shows all watches")
    if most is not None and not 1 <= len(targets) <= most:
        raise SourceError(f"chart {kind}: name {'one watch' if most == 1 else 'one watch or two'}, for example putin")
    named, finder = watchlist.named(), Finder(watchlist)
    meant = []
    for target in targets:
        hits = [named[watch_id] for hit in finder.find(target).hits if (watch_id := WatchId(hit)) in named]
        if len(hits) != 1:
            known = f"; perhaps {', '.join(f'{hit.id} ({hit.name})' for hit in hits)}" if hits else ""
            raise SourceError(f"{target!r} is no watch: write its id, as in the watchlists{known}")
        meant.append(hits[0].id)
    return tuple(dict.fromkeys(meant))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(f"--day: {text!r} is no day: write it as 2026-08-23") from None
