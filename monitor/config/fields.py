"""What one value of a config file may be: text, id, tag, duration, day, address, zone, flag, query.

Each type reads the text that the YAML holds, says in one sentence what to write instead, and describes itself for the
JSON Schemas that editors use. Knows nothing of files and places.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from monitor.config.durations import PATTERN as DURATION_PATTERN
from monitor.config.durations import parse_duration
from monitor.errors import QueryError
from monitor.i18n import say
from monitor.text.words import nfc
from monitor.types import Rate

MAX_TEXT = 200  # characters of a name; the longest office in use has 60
LONGEST_RATE = timedelta(days=3)  # what was told of a watch is read so far back for each of its items
MAX_ID = 48  # ids travel in Telegram's callback data, which holds 64 bytes
_ID = r"^[a-z0-9][a-z0-9-]*$"
_TAG = r"^[^\s#,]+$"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def wrong(message: str, **where: object) -> PydanticCustomError:
    """A mistake in the words that the editor will read; `column` says where inside the value."""
    # the message goes in as an argument: pydantic would read braces in it as a template
    return PydanticCustomError("monitor", "{message}", {"message": message, **where})


def shown(value: object) -> str:
    """A wrong value as messages quote it, cut."""
    text = str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"


def _text_of(value: object) -> str:
    if value is None or value == "":
        raise wrong(say("nothing is written here: write a value or delete the line"))
    if not isinstance(value, str):
        raise wrong(
            say("one value is needed here, not a list")
            if isinstance(value, list)
            else say("one value is needed here, not keys and values")
        )
    if control := _CONTROL.search(value):
        raise wrong(say("the invisible character {char} stands here: delete it", char=f"U+{ord(control[0]):04X}"))
    return nfc(value)


def _text(value: object) -> str:
    text = " ".join(_text_of(value).split())
    if not text:
        raise wrong(say("only blanks are written here: write a value or delete the line"))
    if len(text) > MAX_TEXT:
        raise wrong(say("{n} characters: at most {most} are read", n=len(text), most=MAX_TEXT))
    return text


def _id(value: object) -> str:
    text = _text(value)
    if not re.match(_ID, text):
        raise wrong(say("the id {id} may hold only a-z, 0-9 and -, and begins with a letter or digit", id=shown(text)))
    if len(text) > MAX_ID:
        raise wrong(say("the id has {n} characters: at most {most} are allowed", n=len(text), most=MAX_ID))
    return text


def _tag(value: object) -> str:
    text = _text(value)
    if not re.match(_TAG, text) or len(text) > MAX_ID:
        raise wrong(
            say("the tag {tag} must be one word of at most {most} characters, without #", tag=shown(text), most=MAX_ID)
        )
    return text


def _duration(value: object) -> timedelta:
    text = _text(value)
    try:
        duration = parse_duration(text)
    except ValueError as error:
        raise wrong(error.args[0]) from None
    if not duration:
        raise wrong(say("{text} is no time at all: write a duration like 5m", text=shown(text)))
    return duration


def _day(value: object) -> date:
    text = _text(value)
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(
            say("{text} is not a day of the calendar: write year-month-day, like 2026-04-07", text=shown(text))
        ) from None


def web_address(text: str) -> str:
    """Check an http(s) URL and give it back. Raises ValueError with what is wrong."""
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port != 0
    except ValueError:
        raise ValueError(say("{text} is not a web address", text=shown(text))) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or re.search(r"\s", text):
        raise ValueError(
            say("{text} is not a web address: write one that begins with https:// or http://", text=shown(text))
        )
    return text


def _url(value: object) -> str:
    text = _text_of(value).strip()
    try:
        return web_address(text)
    except ValueError as error:
        raise wrong(error.args[0]) from None


@lru_cache(maxsize=64)
def zone_is_known(name: str) -> bool:
    """Whether the time zone database has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: names of its folders
        return False
    return True


def _zone(value: object) -> str:
    text = _text(value)
    if not zone_is_known(text):
        raise wrong(say("{text} is not a known time zone: write one like Asia/Ho_Chi_Minh or UTC", text=shown(text)))
    return text


_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _flag(value: object) -> bool:
    if isinstance(value, bool):  # set by a program, not written in a file
        return value
    text = _text(value)
    if (flag := _FLAGS.get(text.lower())) is None:
        raise wrong(say("{text} is neither true nor false: write one of them", text=shown(text)))
    return flag


def _rate(value: object) -> Rate | None:
    """`3 / 6h`: so many times within so long. Off is None."""
    if isinstance(value, Rate):  # set by a program, not written in a file
        return value
    text = _text(value)
    if text.lower() in ("off", "false", "no"):
        return None
    most, slash, span = (part.strip() for part in text.partition("/"))
    if not slash or not re.fullmatch(r"[1-9]\d{0,2}", most):
        raise wrong(say("{text} is no rate: write how often within how long, like `3 / 6h`, or off", text=shown(text)))
    within = _duration(span)
    if within > LONGEST_RATE:
        raise wrong(say("{text} is too long a time for a rate: write at most 3d", text=shown(span)))
    return Rate(int(most), within)


def one_of(*choices: str) -> Callable[[object], str]:
    """A reader of one word out of a few."""

    def read(value: object) -> str:
        text = _text(value)
        if text not in choices:
            raise wrong(
                say(
                    "{text} is not possible here: write {choices} or {last}",
                    text=shown(text),
                    choices=", ".join(choices[:-1]),
                    last=choices[-1],
                )
            )
        return text

    return read


def _query(value: object) -> str:
    # lark is loaded here and not above: a program that only reads feeds.yaml needs no grammar
    from monitor.matching.query import parse_query

    text = _text_of(value)
    if not text.strip():
        raise wrong(say('the query is empty: write words, "phrases", AND, OR, NOT, NEAR/n'))
    try:
        parse_query(text)
    except QueryError as error:
        raise wrong(say("wrong query: {why}", why=error.args[0]), column=error.column) from None
    return text.strip()


def _set_name(value: object) -> str:
    text = _text(value)
    if found := re.search(r'[{}()"“”]', text):
        raise wrong(say("the name of a set may not hold {char}: write letters, digits and blanks", char=found[0]))
    return text


def _described(pattern: str | None = None, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **({"pattern": pattern} if pattern else {}), **more})


Text = Annotated[str, BeforeValidator(_text), _described(minLength=1, maxLength=MAX_TEXT)]
Id = Annotated[str, BeforeValidator(_id), _described(_ID, maxLength=MAX_ID)]
Tag = Annotated[str, BeforeValidator(_tag), _described(_TAG, maxLength=MAX_ID)]
Duration = Annotated[timedelta, BeforeValidator(_duration), _described(DURATION_PATTERN, examples=["90s", "5m", "48h"])]
RateOrOff = Annotated[Rate | None, BeforeValidator(_rate), _described(examples=["3 / 6h", "off"])]
Day = Annotated[date, BeforeValidator(_day), _described(r"^\d{4}-\d\d-\d\d$", format="date")]
Url = Annotated[str, BeforeValidator(_url), _described("^https?://", format="uri")]
Zone = Annotated[str, BeforeValidator(_zone), _described(examples=["Asia/Ho_Chi_Minh", "UTC"])]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
SetText = Annotated[str, BeforeValidator(_set_name), _described(minLength=1, maxLength=MAX_TEXT)]
Query = Annotated[
    str, BeforeValidator(_query), _described(minLength=1, examples=['("ngừng bắn" OR "đình chiến") NEAR/25 Gaza'])
]
