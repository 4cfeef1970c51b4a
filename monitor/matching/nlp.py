"""underthesea behind the Nlp port: a second opinion on short, ambiguous names.

Leaves certain matches alone. Of underthesea only `ner` is called: `classify`, `sentiment` and `lang_detect` download
models. Its first calls race between threads and it holds the interpreter lock, so one lock lets one call run at a
time, in a worker thread; the first one loads the model (0.5 s, 90 MB).

The veto is narrow on purpose. Over 73,000 items 28 short forms were doubtful; taking the tagger's word that a name is a
place or a firm would have dropped four of them, all four true mentions. What is left is its word on where a name ends.
"""

import asyncio
import logging
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from monitor.types import Evidence, Item, Match, Rule

SHORT_ENOUGH: Final = 300  # characters handed to the tagger: its time grows faster than the text
DOUBTFUL: Final = 0.975  # a short form by its neighbours alone may be vetoed, a surer one may not (confidence.py)

_lock = threading.Lock()


class UndertheseaNlp:
    """The tagger of underthesea, one call at a time, off the event loop."""

    def __init__(self) -> None:
        self._tools: Any = None

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        """`matches` less the doubtful short forms that the tagger reads as the beginning of a longer name."""
        if not any(map(is_doubtful, matches)):
            return tuple(matches)
        return await asyncio.to_thread(self._second_opinion, item, matches)

    async def kinds(self, names: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """PER, LOC or ORG for each (name, sentence with it), "" where the tagger does not say: a hint and no more."""
        return await asyncio.to_thread(self._kinds, names)

    # ------------------------------------------------------------ in the worker thread

    def _load(self) -> Any:
        with _lock:
            if self._tools is None:
                self._tools = _imported()
                self._tools.ner("Xin chào Việt Nam")
        return self._tools

    def _kinds(self, names: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        tools = self._load()
        found = []
        for name, sentence in names:
            with _lock:
                found.append(_kind(tools, name, sentence))
        return tuple(found)

    def _second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        tools = self._load()
        fields = {"title": item.title, "summary": item.lead, "body": item.body}
        kept: list[Match] = []
        for match in matches:
            if is_doubtful(match):
                with _lock:
                    vetoed = all(_vetoed(tools, fields[one.field], one) for one in match.evidence[:3])
                if vetoed:
                    continue
            kept.append(match)
        return tuple(kept)


def _kind(tools: Any, name: str, sentence: str) -> str:
    """What the tagger calls the word that holds the beginning of `name`."""
    place = max(0, sentence.find(name))
    begin = sentence.find(" ", place - SHORT_ENOUGH // 2) + 1 if place > SHORT_ENOUGH // 2 else 0
    part = sentence[begin : place + len(name) + SHORT_ENOUGH // 2]
    for word, _, _, label in tools.ner(part):
        if label != "O" and (word in name or name in word):
            return str(label)[2:]
    return ""


def is_doubtful(match: Match) -> bool:
    """Whether the tagger is asked about a match."""
    return match.rule is Rule.SHORT and match.score < DOUBTFUL


def _vetoed(tools: Any, text: str, evidence: Evidence) -> bool:
    """Whether the tagger reads the name as the beginning of a longer one. "Don't know" is no veto."""
    begin = max(0, evidence.start - SHORT_ENOUGH // 2)
    begin = text.find(" ", begin) + 1 if begin else 0
    part = text[begin : evidence.end + SHORT_ENOUGH // 2]
    name = evidence.text.split()[-1]
    at = 0
    for word, *_ in tools.ner(part):
        place = part.find(word, at)
        if place < 0:
            continue  # the tagger rewrote the word
        at = place + len(word)
        if not begin + place <= evidence.end - len(name) < begin + at:
            continue
        rest = text[evidence.end : begin + at]
        return any(letter.isupper() for letter in rest) or rest.startswith("-")
    return False


def _imported() -> Any:
    """Import underthesea and undo its logging.basicConfig, which would print every library's log lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    tools = import_module("underthesea")
    root.handlers[:] = handlers
    root.setLevel(level)
    return tools
