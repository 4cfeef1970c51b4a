"""Inline queries: what a person types behind the bot's name, and the answers that Telegram takes.

core.telegram.org/bots/api#answerinlinequery and #inlinequeryresult; articles alone, which is all that the bot sends.
"""

import re
from typing import Any

from tests.bot_api.reading import content_of, markup_of
from tests.bot_api.telegram_html import Json, is_web_address
from tests.bot_api.troubles import Refusal

MAX_RESULTS = 50
MAX_ID = 64  # bytes, of a result and of next_offset
OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def checked_answer(params: Json) -> Json:
    """The parameters of an answer, if Telegram would take it; raises Refusal."""
    results = params.get("results")
    if not isinstance(results, list):
        raise Refusal(400, "Bad Request: can't parse inline query results: expected an Array")
    if len(results) > MAX_RESULTS:
        raise Refusal(400, "Bad Request: RESULTS_TOO_MUCH")
    ids: set[str] = set()
    for each in results:
        _check_article(each)
        if each["id"] in ids:
            raise Refusal(400, "Bad Request: RESULT_ID_DUPLICATE")
        ids.add(each["id"])
    if len(str(params.get("next_offset") or "").encode()) > MAX_ID:
        raise Refusal(400, "Bad Request: NEXT_OFFSET_INVALID")
    if (button := params.get("button")) is not None:
        _check_button(button)
    return params


def _check_article(each: Any) -> None:
    if not isinstance(each, dict) or each.get("type") != "article":
        raise Refusal(400, "Bad Request: can't parse inline query result: this server takes articles alone")
    if not isinstance(each.get("id"), str) or not 1 <= len(each["id"].encode()) <= MAX_ID:
        raise Refusal(400, "Bad Request: RESULT_ID_INVALID")
    if not str(each.get("title") or "").strip():
        raise Refusal(400, "Bad Request: ARTICLE_TITLE_EMPTY")
    content = each.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise Refusal(400, "Bad Request: can't parse inline query result: input message content is not specified")
    each["_content"] = content_of({**content, "text": content["message_text"]}) | markup_of(each)
    for key in ("url", "thumbnail_url"):
        if key in each and not is_web_address(str(each[key])):
            raise Refusal(400, "Bad Request: WEBDOCUMENT_URL_INVALID")


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise Refusal(400, 'Bad Request: can\'t parse inline query results button: Field "text" must be non-empty')
    if "web_app" in button:
        return
    start = button.get("start_parameter")
    if start is None:
        raise Refusal(400, "Bad Request: can't parse inline query results button: exactly one of the fields is needed")
    if not start:
        raise Refusal(400, "Bad Request: START_PARAM_EMPTY")
    if not re.fullmatch(r"[\w-]{1,64}", start, re.ASCII):
        raise Refusal(400, "Bad Request: START_PARAM_INVALID")
