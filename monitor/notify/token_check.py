"""Asks Telegram once who the bot is, and tells a wrong token from a wrong address. Sends nothing to anybody."""

import json
from dataclasses import dataclass

from telegram import error

from monitor.notify.telegram import build_bot, close_bot


@dataclass(frozen=True, slots=True)
class Introduction:
    """What came of asking: the bot's name, or which of the two is wrong and why."""

    username: str = ""
    refused: str = ""  # a Bot API answered, and does not know the token
    no_api: str = ""  # whatever answered is no Bot API, or nothing did


async def introduce(token: str, api_url: str, *, proxy: str = "") -> Introduction:
    """Call getMe by the way that messages take. Never raises for what a server or a network does."""
    bot = build_bot(token, api_url, proxy=proxy)
    try:
        status, body = await bot.request.do_request(f"{bot.base_url}/getMe", "POST", connect_timeout=5, read_timeout=10)
    except error.TelegramError as raised:
        cause = raised.__cause__
        return Introduction(no_api=" ".join(str(cause or raised).split()) or type(cause or raised).__name__)
    finally:
        await close_bot(bot)
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        return Introduction(no_api=f"what answers there (HTTP {status}) is no Bot API")
    if answer["ok"]:
        me = answer.get("result")
        return Introduction(username=str(me.get("username", "?")) if isinstance(me, dict) else "?")
    said = " ".join(str(answer.get("description", status)).split())[:200]
    # 401: unknown or revoked; 404: not of a token's form (core.telegram.org/bots/api#making-requests)
    return Introduction(refused=said) if status in (401, 404) else Introduction(no_api=f"HTTP {status}: {said}")
