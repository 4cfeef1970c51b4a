"""A watch out of a sentence, written by the language model behind MONITOR_SUMMARY_URL, and judged as a person's is.

Off unless it is asked for. What the model writes is read by the reader of watchlists and counted over the items like
any draft; nothing of it is believed.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.config import Settings, load_watchlist
from monitor.errors import ConfigError
from monitor.matching.draft.corpus import Corpus
from monitor.matching.draft.drafts import EXAMPLES, Draft, FieldProposal, Sample
from monitor.matching.draft.slugs import free_id
from monitor.matching.matcher import compile_watchlist
from monitor.matching.word_sets import shipped_sets
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.stories.summary.llm import LlmSummarizer
from monitor.types import Event, Failed, Item, Leader, Watch, WatchId, Watchlist

COUNTED: Final = 20_000  # items over which a model's draft is counted, evenly taken

_INSTRUCTIONS: Final = """\
Bạn viết một mục theo dõi tin tức bằng YAML cho đúng điều người dùng muốn. Chỉ trả lời bằng YAML, không lời dẫn.
Một sự kiện:
events:
  - id: chay-cho-co-nguoi-chet
    name: Cháy chợ có người chết
    match: ['{cháy} NEAR/8 (chợ OR "siêu thị") AND {người chết}']
    not: [{diễn tập}, 'title:{nước ngoài}']
Một người:
leaders:
  - id: le-van-ben
    name: Lê Văn Bến
    offices:
      - {title: Giám đốc Sở Y tế Vàm Xanh, since: 2025-03-01}
Truy vấn: từ hoặc "cụm từ"; AND, OR, NOT, ( ); a NEAR/n b (cách nhau nhiều nhất n âm tiết); title:( ); \
{tập từ} >= 5 so sánh con số. \
Truy vấn đặt trong nháy đơn. Viết gọn, ưu tiên đúng hơn đủ: hai ý trong một mệnh đề. Chỉ được dùng các tập từ sau: """


async def draft_by_model(wish: str, settings: Settings, corpus: Corpus, watchlist: Watchlist) -> Draft | str:
    """The model's draft with what it finds in the items, or in one line why there is none."""
    text = await _written(wish, settings)
    if isinstance(text, Failed):
        return f"the language model wrote nothing: {text.why}"
    watch = _read(text, settings)
    if not isinstance(watch, Leader | Event):
        return f"what the language model wrote is no watch: {watch}"
    watch_id = free_id(str(watch.id), {str(one.id) for one in watchlist.watches})
    return _counted(replace(watch, id=WatchId(watch_id)), corpus.sample(COUNTED), watchlist)


async def _written(wish: str, settings: Settings) -> str | Failed:
    key = settings.summary_key.get_secret_value() if settings.summary_key else ""
    names = ", ".join(f"{{{one.name}}}" for one in shipped_sets())
    async with open_session(allow_private=settings.http_allow_private, contact=settings.contact) as session:
        model = LlmSummarizer(
            HttpClient(session, HostGate(timedelta(0))),
            settings.summary_url,
            clock=lambda: datetime.now(UTC),
            model=settings.summary_model,
            key=key,
            timeout=settings.summary_timeout,
        )
        return await model.write(_INSTRUCTIONS + names, wish)


def _read(text: str, settings: Settings) -> Watch | str:
    """The only watch of a YAML text, or what is wrong with it."""
    lines = [line for line in text.strip().splitlines() if not line.startswith("```")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "watchlists", "draft.yaml")
        file.parent.mkdir()
        file.write_text("\n".join(lines) + "\n", "utf-8")
        try:
            watches = load_watchlist(Path(folder)).watches
        except ConfigError as wrong:
            first = wrong.problems[0]
            return f"line {first.line}: {first.message}"
    return watches[0] if len(watches) == 1 else f"{len(watches)} watches stand in it, one is wanted"


def _counted(watch: Watch, items: Sequence[Item], watchlist: Watchlist) -> Draft:
    """The watch with what each of its queries, or its name and offices together, finds in the items."""
    notes = ("written by a language model from your sentence: read every line",)
    if isinstance(watch, Leader):
        found = _found(watch, items, watchlist)
        why = f"finds {len(found)} of {len(items)} items"
        return Draft(watch, (_proposal("name", watch.name, why, found),), notes, found=bool(found))
    proposals = []
    for query in watch.match:
        found = _found(replace(watch, match=(query,)), items, watchlist)
        proposals.append(_proposal("match", query, f"finds {len(found)} of {len(items)} items", found))
    return Draft(watch, tuple(proposals), notes, found=any(one.support for one in proposals))


def _found(watch: Watch, items: Sequence[Item], watchlist: Watchlist) -> list[Item]:
    matcher = compile_watchlist(replace(watchlist, watches=(watch,)))
    return [item for item in items if matcher.match(item)]


def _proposal(field: str, value: str, why: str, found: Sequence[Item]) -> FieldProposal:
    return FieldProposal(
        field, value, len(found), why, tuple(Sample(str(one.id), one.title) for one in found[:EXAMPLES])
    )
