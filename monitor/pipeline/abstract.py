"""A told story -> a summary that a language model wrote -> checked, kept, and shown by a silent edit.

Leaves alone how the model is asked (summary/llm.py), what holds (summary/factcheck.py) and how a message looks
(compose.py). Off unless an endpoint is set. The alert has long been sent with the newspapers' own sentences: whatever
fails here delays and loses nothing, and is not asked for again.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.pipeline.bugs import or_failed
from monitor.pipeline.tell import show_summary
from monitor.ports import Clock, Summarizer
from monitor.store.transaction import Store, Transaction
from monitor.stories.summary.factcheck import Unsupported, texts_of, unsupported
from monitor.types import Abstract, Failed, FailureKind, Item, StoryId

SETTLING = timedelta(seconds=45)  # after the alert: its article is read meanwhile, and a second outlet may have come
WITHIN = timedelta(hours=6)  # an older alert has been read, or never will be
SPACING = timedelta(seconds=3)  # at most 20 requests a minute
TRIES = 3  # for one story; a server in trouble gets no more
AFTER_FAILURE = timedelta(minutes=2)
AFTER_REFUSAL = timedelta(minutes=10)  # a wrong key or address: a person has to change it
MAX_ITEMS = 4  # articles that a summary is made of: the first, and those that soon followed
READ_CHARS = 4_000  # of each, as the endpoint sends them
ASKED = 2  # the version of the question: another one makes what was kept count no more


@dataclass(frozen=True, slots=True)
class AbstractDone:
    """What a request for one story came to: the text, or why there is none; `edits` are messages that will show it."""

    story_id: StoryId
    result: Abstract | Unsupported | Failed
    edits: int = 0

    @property
    def outcome(self) -> str:
        """One of a closed set, for counting: written, doubt_name, …, failed_timeout, …"""
        match self.result:
            case Abstract():
                return "written"
            case Unsupported(kind=kind):
                return f"doubt_{kind.value}"
            case Failed(kind=kind):
                return f"failed_{kind.value}"


class WriteAbstracts:
    """Has stories retold, each once for what its articles say."""

    def __init__(self, store: Store, summarizer: Summarizer, *, clock: Clock) -> None:
        self._store = store
        self._summarizer = summarizer
        self._clock = clock
        self._next_at = datetime.min.replace(tzinfo=UTC)
        self._tries: dict[StoryId, int] = {}
        self._asking: set[StoryId] = set()

    async def claim(self, *, limit: int) -> list[StoryId]:
        """Stories that were told a while ago and not retold since their articles changed; one a SPACING.

        What is claimed is remembered in this process alone: one that dies asks again.
        """
        now = self._clock()
        if now < self._next_at or limit < 1:
            return []
        due = await self._store.read(
            Transaction.stories_without_abstract,
            told_after=now - WITHIN,
            told_before=now - SETTLING,
            limit=1 + len(self._asking),
        )
        ready = [story_id for story_id in due if story_id not in self._asking][:1]
        if ready:
            self._next_at = now + SPACING
            self._asking.update(ready)
        return ready

    async def write(self, story_id: StoryId) -> AbstractDone | None:
        """Have one claimed story retold; None when there is nothing to tell, or its articles were retold before."""
        with self._done_with(story_id):
            items, content_hash, known = await self._store.read(self._read, story_id)
            if known is not None or not items:
                text, why = known if known is not None else ("", "nothing to tell")
                await self._store.write(self._save, story_id, content_hash, text, why)
                return None
            answer = await or_failed(lambda: self._summarizer.summarize(items), story_id)
            result: Abstract | Unsupported | Failed = answer
            if isinstance(answer, Abstract):
                result = await asyncio.to_thread(unsupported, answer.text, sources_of(items)) or answer
            elif not self._gives_up(story_id, answer):
                return AbstractDone(story_id, answer)
            text = result.text if isinstance(result, Abstract) else ""
            why = "" if isinstance(result, Abstract) else str(result) if isinstance(result, Unsupported) else result.why
            edits = await self._store.write(self._save, story_id, content_hash, text, why, is_shown=bool(text))
            self._tries.pop(story_id, None)
            return AbstractDone(story_id, result, edits)

    def _read(self, tx: Transaction, story_id: StoryId) -> tuple[list[Item], str, tuple[str, str] | None]:
        """The articles that a summary is made of, their hash, and what was written of just these before."""
        view = tx.story(story_id)
        items = _sources(view.items) if view is not None else []
        content_hash = content_hash_of(items, self._summarizer.model)
        return items, content_hash, tx.abstract(story_id, content_hash)

    def _save(
        self, tx: Transaction, story_id: StoryId, content_hash: str, text: str, why: str, *, is_shown: bool = False
    ) -> int:
        """Keep what was written; how many messages will show it."""
        tx.save_abstract(story_id, content_hash, text, why=why, now=self._clock())
        return self._show(tx, story_id) if is_shown else 0

    @contextmanager
    def _done_with(self, story_id: StoryId) -> Iterator[None]:
        try:
            yield
        finally:
            self._asking.discard(story_id)

    def _gives_up(self, story_id: StoryId, failed: Failed) -> bool:
        """Whether this story is not asked for again; the endpoint rests meanwhile in any case."""
        if failed.kind in (FailureKind.EMPTY, FailureKind.TOO_LARGE):
            return True  # the answer was about this story, and would be so again
        unwelcome = failed.kind.needs_a_person
        rest = failed.retry_after or (AFTER_REFUSAL if unwelcome else AFTER_FAILURE)
        self._next_at = max(self._next_at, self._clock() + rest)
        if unwelcome or failed.kind is FailureKind.RATE_LIMITED:
            return False
        self._tries = {known: tries for known, tries in self._tries.items() if known != story_id} | {
            story_id: self._tries.get(story_id, 0) + 1
        }
        return self._tries[story_id] >= TRIES

    def _show(self, tx: Transaction, story_id: StoryId) -> int:
        """Have every message about the story edited; it is composed with what was written when its turn comes."""
        return show_summary(tx, story_id, now=self._clock())


def _sources(items: Sequence[Item]) -> list[Item]:
    """The articles that a summary is made of; one that was taken down is none."""
    return [replace(item, body=item.body[:READ_CHARS]) for item in items if item.gone_at is None][:MAX_ITEMS]


def sources_of(items: Sequence[Item]) -> list[str]:
    """What factcheck.py compares with: every article's words, its outlet's name among them."""
    return [texts_of((item.title, item.lead, item.body, item.outlet)) for item in items]


def content_hash_of(items: Sequence[Item], model: str) -> str:
    """A hash of all that decides the answer: the question, the model, and what the articles say."""
    said = [str(ASKED), model, *(part for item in items for part in (item.title, item.lead, item.body))]
    return hashlib.sha256("\x00".join(said).encode("utf-8", errors="replace")).hexdigest()[:32]
