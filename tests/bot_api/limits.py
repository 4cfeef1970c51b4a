"""How fast Telegram lets a bot write."""

import math
from collections import deque
from collections.abc import Callable

from tests.bot_api.chats import ChatBook
from tests.bot_api.troubles import Refusal


class Limits:
    """Telegram's rough limits: 30 a second in all, 1 a second a chat, 20 a minute a group or channel."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: deque[float] = deque()
        self._of_chats: dict[int, deque[float]] = {}

    def count(self, chat: ChatBook) -> None:
        """Count a message to this chat; raises Refusal 429 where it is one too many."""
        now = self._clock()
        of_chat = self._of_chats.setdefault(chat.id, deque())
        windows = [(self._recent, 30, 1.0), (of_chat, 1, 1.0)]
        if chat.kind != "private":
            windows.append((of_chat, 20, 60.0))
        for recent in (self._recent, of_chat):
            while recent and recent[0] <= now - 60.0:
                recent.popleft()
        for recent, most, seconds in windows:
            inside = [at for at in recent if at > now - seconds]
            if len(inside) >= most:
                wait = max(1, math.ceil(inside[-most] + seconds - now))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        self._recent.append(now)
        of_chat.append(now)
