"""Telegram's part of a plan, carried out on the loopback Bot API."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bot_api import BotApi, Trouble
from tests.faults.news import Subscriber, chat_id, moved_id
from tests.faults.plan import EVERY_CHAT, Fault

TELLING = "sendMessage"


@dataclass
class BotFaults:
    """Plays what concerns Telegram; `done` is the log of what was done when, in seconds of time.monotonic."""

    api: BotApi
    readers: Sequence[Subscriber]
    moved: dict[int, int] = field(default_factory=dict)  # new chat id -> old
    lost_since: dict[tuple[int, int], float] = field(
        default_factory=dict
    )  # address -> when it could not be told any more
    spans: list[tuple[float, float, int | None]] = field(default_factory=list)  # from, to, chat id

    async def play(self, fault: Fault) -> None:
        """One trouble, from now on for as long as it lasts."""
        began = time.monotonic()
        chat = None if fault.who == EVERY_CHAT else chat_id(fault.who)
        troubles = self._begin(fault, chat)
        try:
            await asyncio.sleep(fault.lasts)
        finally:
            for each in troubles:
                if each in self.api.troubles:
                    self.api.troubles.remove(each)
            self.spans.append((began, time.monotonic(), chat))

    def _begin(self, fault: Fault, chat: int | None) -> list[Trouble]:
        """Switch it on; gives what is to be switched off in the end."""

        def during(kind: str, *, method: str | None = None, seconds: float = 1.0) -> list[Trouble]:
            return [self.api.trouble(kind, chat_id=chat, times=None, method=method, seconds=seconds)]

        match fault.kind:
            case "outage" | "html-502":
                return during("bad_gateway")
            case "flood-bot" | "flood-chat":
                return during("flood", method=TELLING, seconds=fault.lasts)
            case "json-500":
                return during("server_error")
            case "late-answers":
                return during("delay_after", seconds=2.0)
            case "answers-at-the-last-moment":
                # the service waits 5 s for what is on the wire, cancels it, and gives it 2 s more
                return during("delay_after", method=TELLING, seconds=6.5)
            case "answer-twice":
                return during("twice", method=TELLING)
            case "no-answer":
                return during("delay_after", method=TELLING, seconds=40.0)
            case "drop-after":
                return during("drop_after")
            case "drop-before":
                return during("drop_before")
            case "topic-closed":
                return during("topic_closed", method=TELLING)
            case "cant-parse":
                self.api.trouble("cant_parse", method=TELLING)
            case "unauthorized":
                self.api.trouble("unauthorized", method=TELLING)
            case "migrated":
                assert chat is not None
                self.moved[moved_id(fault.who)] = chat
                self.api.migrate(chat, moved_id(fault.who))
            case "blocked" | "deactivated" | "no-rights":
                assert chat is not None
                self._lose(fault, *(each.thread_id for each in self.readers if each.chat == fault.who))
                self.api.trouble(fault.kind.replace("-", "_"), chat_id=chat, times=None)
            case "topic-deleted":
                assert chat is not None
                topic = min(self.api.chat(chat).topics)
                self._lose(fault, topic)
                self.api.chat(chat).topics.discard(topic)
            case other:
                raise ValueError(other)
        return []

    def _lose(self, fault: Fault, *threads: int) -> None:
        for thread in threads:
            self.lost_since.setdefault((chat_id(fault.who), thread), time.monotonic())
