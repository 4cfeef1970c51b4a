"""A Telegram Bot API server on loopback: the rules and the troubles of the real one, for tests.

Knows nothing of the monitor. In a test: `async with BotApi() as api:` and give `api.url` to the program as
MONITOR_TELEGRAM_API_URL. As a process of its own: `python -m tests.bot_api --port 8081 --log FILE`; what control.py
names is then a POST to /control/NAME with a JSON object of its arguments.

Rules follow core.telegram.org/bots/api and the server's own wording of errors (tdlib, telegram-bot-api).
"""

from tests.bot_api.chats import BOT_ID, Call, Shown
from tests.bot_api.reading import MAX_CALLBACK_DATA, MAX_ENTITIES, MAX_TEXT
from tests.bot_api.server import BotApi
from tests.bot_api.telegram_html import BadMarkup, parse_html, utf16
from tests.bot_api.troubles import KINDS, Trouble

__all__ = [
    "BOT_ID",
    "KINDS",
    "MAX_CALLBACK_DATA",
    "MAX_ENTITIES",
    "MAX_TEXT",
    "BadMarkup",
    "BotApi",
    "Call",
    "Shown",
    "Trouble",
    "parse_html",
    "utf16",
]
