"""A request as the server reads it: its parameters, and whether Telegram would take its text and buttons."""

import json
import struct
from dataclasses import dataclass

from aiohttp import web

from tests.bot_api.telegram_html import BadMarkup, Json, is_web_address, parse_html, utf16
from tests.bot_api.troubles import Refusal

MAX_TEXT = 4096  # UTF-16 units after entities
MAX_CAPTION = 1024  # likewise, below a photo
MAX_PHOTO = 10 * 2**20  # bytes
MAX_PHOTO_SIDES = 10_000  # pixels of width and height together
MAX_PHOTO_RATIO = 20  # of the longer side to the shorter
MAX_ENTITIES = 100  # the rest of a message's entities is dropped without a word
MAX_CALLBACK_DATA = 64  # bytes
_NESTED = frozenset(
    [
        "results",
        "button",
        "reply_markup",
        "reply_parameters",
        "entities",
        "commands",
        "scope",
        "allowed_updates",
        "link_preview_options",
    ]
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    name: str
    data: bytes

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.data)} bytes"


async def params_of(request: web.Request) -> Json:
    """Parameters from the query, a form, multipart or JSON; nested JSON in a form is read too."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        return params | dict(await request.json())
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename, value.file.read())
            continue
        params[name] = json.loads(value) if name in _NESTED and isinstance(value, str) else value
    return params


def content_of(params: Json) -> Json:
    text, entities = _read_text(params, "text")
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    text, entities = _trimmed(text, entities)
    if utf16(text) > MAX_TEXT:
        raise Refusal(400, "Bad Request: message is too long")
    content: Json = {"text": text, "_html": str(params.get("text")), "_preview": not _preview_off(params)}
    if entities:
        content["entities"] = entities[:MAX_ENTITIES]
    return content | markup_of(params)


def photo_of(params: Json) -> Json:
    """A photo that is sent along with the request, and its caption."""
    photo = params.get("photo")
    if not isinstance(photo, Upload):  # a file_id or an address would do for Telegram: this bot has neither
        raise Refusal(400, "Bad Request: there is no photo in the request")
    if not photo.data:
        raise Refusal(400, "Bad Request: file must be non-empty")
    if len(photo.data) > MAX_PHOTO:
        raise Refusal(400, f"Bad Request: file of size {len(photo.data)} bytes is too big for a photo")
    if not photo.data.startswith(b"\x89PNG\r\n\x1a\n") or len(photo.data) < 24:
        raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
    wide, high = struct.unpack(">II", photo.data[16:24])
    if wide + high > MAX_PHOTO_SIDES or max(wide, high) > MAX_PHOTO_RATIO * min(wide, high):
        raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    text, entities = _trimmed(*_read_text(params, "caption"))
    if utf16(text) > MAX_CAPTION:
        raise Refusal(400, "Bad Request: message caption is too long")
    size = {"file_id": "1", "file_unique_id": "1", "width": wide, "height": high, "file_size": len(photo.data)}
    content: Json = {"photo": [size], "_picture": photo.data, "_html": str(params.get("caption") or "")}
    if text:
        content["caption"] = text
    if entities:
        content["caption_entities"] = entities[:MAX_ENTITIES]
    return content | markup_of(params)


def _read_text(params: Json, name: str) -> tuple[str, list[Json]]:
    raw = str(params.get(name) or "")
    mode = str(params.get("parse_mode") or "").lower()
    if mode not in {"", "html"}:
        raise Refusal(400, f"Bad Request: this server reads HTML alone, not {mode}")
    try:
        return parse_html(raw) if mode == "html" else (raw, [])
    except BadMarkup as wrong:
        raise Refusal(400, f"Bad Request: can't parse entities: {wrong}") from wrong


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram strips blanks at both ends of a message and shortens the entities with it."""
    head = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    length = utf16(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - head)
        end = min(length, entity["offset"] + entity["length"] - head)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def _preview_off(params: Json) -> bool:
    options = params.get("link_preview_options") or {}
    return bool(options.get("is_disabled")) or params.get("disable_web_page_preview") in {True, "true"}


def markup_of(params: Json) -> Json:
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    for row in rows:
        for button in row:
            data, url = button.get("callback_data"), button.get("url")
            if not button.get("text"):
                raise Refusal(400, "Bad Request: inline keyboard button text is empty")
            if (app := button.get("web_app")) is not None:
                _check_app(params, str(app.get("url")))
            elif data is None and url is None:
                raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if url is not None and not is_web_address(url):
                raise Refusal(400, f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_app(params: Json, url: str) -> None:
    """A button that opens a page inside of Telegram: in private chats alone, by https alone."""
    if not str(params.get("chat_id")).isdecimal():
        raise Refusal(400, "Bad Request: BUTTON_TYPE_INVALID")
    if not (url.startswith("https://") and is_web_address(url)):
        raise Refusal(
            400, f"Bad Request: inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
        )
