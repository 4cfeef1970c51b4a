"""Who opened the page inside of Telegram: what Telegram signed for the app, checked with the bot's token. Pure.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

MOST_DATA = 8_000  # bytes; Telegram sends one or two thousand
FRESH = timedelta(minutes=5)  # since Telegram signed it, which is when the app is opened
AHEAD = timedelta(minutes=1)  # by which its clock may be before ours
MOST_NAME = 255  # characters


@dataclass(frozen=True, slots=True)
class AppUser:
    """Somebody, by Telegram's word."""

    user_id: int
    name: str


def app_user(init_data: str, *, token: str, now: datetime) -> AppUser | None:
    """Whom `initData` names; None where Telegram did not sign it for this bot, or long ago, or it names nobody."""
    if len(init_data) > MOST_DATA:
        return None
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=40)
    except ValueError:
        return None
    fields = dict(pairs)
    given = fields.pop("hash", "")
    if len(fields) + 1 != len(pairs):  # a name twice: which of the two was signed is nobody's to guess
        return None
    if not hmac.compare_digest(signature(fields, token).encode(), given.encode()):
        return None
    return _user(fields.get("user", "")) if _is_fresh(fields.get("auth_date", ""), now) else None


def signature(fields: dict[str, str], token: str) -> str:
    """The hash that Telegram puts beside these fields."""
    said = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()


def _is_fresh(auth_date: str, now: datetime) -> bool:
    if not (auth_date.isascii() and auth_date.isdecimal() and len(auth_date) <= 11):
        return False
    age = now - datetime.fromtimestamp(int(auth_date), UTC)
    return -AHEAD <= age <= FRESH


def _user(text: str) -> AppUser | None:
    try:
        user = json.loads(text)
    except ValueError:
        return None
    if not isinstance(user, dict) or not isinstance(number := user.get("id"), int) or isinstance(number, bool):
        return None
    names = (user.get("first_name"), user.get("last_name"))
    name = " ".join(each for each in names if isinstance(each, str) and each)
    return AppUser(number, name[:MOST_NAME]) if number > 0 else None
