"""Who said what, as pages of stories and of watches have it in their data. Pure."""

from collections.abc import Mapping
from typing import Any

from monitor.pipeline.told_quotes import Telling, verb_of
from monitor.types import Watch, WatchId


def quote_row(telling: Telling, watches: Mapping[WatchId, Watch]) -> dict[str, Any]:
    """A quote by its best telling; `watches` are those that the viewer may see."""
    best = telling.best
    speaker = watches.get(best.quote.watch_id)
    return {
        "speaker": speaker.name if speaker else best.quote.speaker,
        "watch": best.quote.watch_id if speaker else None,
        "verb": verb_of(best.quote),
        "text": best.quote.text,
        "direct": best.quote.direct,
        "at": min(each.at for each in telling.by),
        "item": best.item_id,
        "outlet": best.outlet,
        "url": best.url,
    }
