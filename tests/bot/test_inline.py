"""@bot putin, typed in any chat: what is offered, to whom, and what Telegram takes of it."""

from datetime import timedelta
from typing import Any

import pytest
import telegram
from telegram import InlineQueryResultArticle, InputTextMessageContent

from monitor.bot.inline import CACHED_FOR, MOST_RESULTS
from monitor.bot.storms import QUERIES_OF_PERSON
from monitor.store.transaction import Transaction
from monitor.types import Address, Chat, ChatKind, ChatState
from tests.bot.house import OTHER, READER, House

Json = dict[str, Any]


async def typed(house: House, text: str, user: int = READER, lang: str = "vi") -> Json:
    """Type it behind the bot's name, and wait for the answer."""
    query = house.api.push_inline_query(user, text, lang=lang)
    await house.api.until(lambda: query in house.api.inline_answers)
    return house.api.inline_answers[query]


def titles(answer: Json) -> list[str]:
    return [each["title"] for each in answer["results"]]


def start_of(answer: Json) -> str:
    return str(answer["button"]["start_parameter"])


async def test_a_name_offers_its_newest_stories_as_the_messages_that_they_are(house: House) -> None:
    house.story("Ông Putin thăm một nhà máy")
    house.story("Ông Putin & <b> gặp thợ mỏ", key="k2", outlet="Sao Mai")
    async with house.serving():
        answer = await typed(house, "putin")
    assert set(titles(answer)) == {"Ông Putin thăm một nhà máy", "Ông Putin & <b> gặp thợ mỏ"}
    odd = next(each for each in answer["results"] if "thợ mỏ" in each["title"])
    assert odd["description"] == "Sao Mai · 1 phút trước · Vladimir Putin"
    message = odd["_content"]
    assert message["text"].startswith("🔔 Vladimir Putin\nÔng Putin & <b> gặp thợ mỏ")
    assert message["_preview"] is False
    assert (answer["cache_time"], answer["is_personal"]) == (str(CACHED_FOR), "true")
    assert start_of(answer) == "follow_putin"


async def test_nothing_typed_offers_what_that_person_follows_else_everything(house: House) -> None:
    house.story()
    async with house.serving():
        assert len(titles(await typed(house, ""))) == 1
        await house.ask("/follow lavrov")
        answer = await typed(house, "  ")
    assert titles(answer) == []
    assert start_of(answer) == "follow_"


async def test_words_that_name_nobody_offer_nobody_and_a_button_says_so(house: House) -> None:
    house.story()
    async with house.serving():
        for text in ("giá vàng", "x", "\u202e\u200b", "🙂" * 256, "<b>"):
            answer = await typed(house, text, lang="en")
            assert titles(answer) == []
            assert answer["button"]["text"] == "Nothing found: open the bot"


async def test_words_offer_the_stories_that_hold_them_also_without_marks(house: House) -> None:
    house.story("Ông Putin thăm một nhà máy")
    house.story("Giá vàng tăng sau lời ông Putin", key="k2", outlet="Sao Mai")
    with house.store.writing() as tx:
        while tx.index_items(limit=100):
            pass
    async with house.serving():
        for text in ("giá vàng", "gia vang"):
            assert titles(await typed(house, text)) == ["Giá vàng tăng sau lời ông Putin"]
        assert titles(await typed(house, "giá bạc")) == []


async def test_ten_stories_are_the_most_and_the_newest_are_first(house: House) -> None:
    for number in range(MOST_RESULTS + 3):
        house.story(f"Ông Putin nói điều thứ {number}", key=f"k{number}")
        house.clock.now += timedelta(minutes=5)
    async with house.serving():
        answer = await typed(house, "Pu-tin")
    assert titles(answer) == [f"Ông Putin nói điều thứ {number}" for number in range(MOST_RESULTS + 2, 2, -1)]


@pytest.mark.parametrize("access", ["invite", "closed"])
async def test_who_is_not_let_in_sees_the_button_alone(house: House, access: Any) -> None:
    house.story()
    with house.store.writing() as tx:
        tx.save_chat(Chat(Address(OTHER), ChatKind.PRIVATE))
    async with house.serving(access):
        stranger = await typed(house, "putin", lang="en")
        known = await typed(house, "putin", OTHER)
    assert titles(stranger) == []
    assert stranger["button"]["text"] == "This bot is for its readers: open it"
    assert start_of(stranger) == "follow_"
    assert len(titles(known)) == 1
    assert await house.store.read(Transaction.chat, Address(READER)) is None, "asking writes nothing"


async def test_who_is_barred_sees_no_news(house: House) -> None:
    house.story()
    with house.store.writing() as tx:
        tx.save_chat(Chat(Address(READER), ChatKind.PRIVATE, state=ChatState.BARRED))
    async with house.serving():
        assert titles(await typed(house, "putin")) == []


async def test_a_storm_of_letters_is_dropped_and_others_are_answered(house: House) -> None:
    house.story()
    async with house.serving():
        asked = [house.api.push_inline_query(READER, "putin"[: n % 5 + 1]) for n in range(QUERIES_OF_PERSON.most + 9)]
        await typed(house, "putin", OTHER)
        await house.api.until(lambda: asked[QUERIES_OF_PERSON.most - 1] in house.api.inline_answers)
        await house.ask("/help", READER)  # what the same person asked before is done with
    answered = [query for query in asked if query in house.api.inline_answers]
    assert answered == asked[: QUERIES_OF_PERSON.most]


async def test_an_answer_that_comes_too_late_is_nobodys_trouble(house: House) -> None:
    house.story()
    async with house.serving():
        query = house.api.push_inline_query(READER, "putin")
        house.api.inline_queries.clear()
        await house.api.until(
            lambda: any(call.method == "answerInlineQuery" and call.error for call in house.api.calls)
        )
        await house.settled()
    assert query not in house.api.inline_answers


def article(**more: Any) -> InlineQueryResultArticle:
    given = {"id": "1", "title": "một", "input_message_content": InputTextMessageContent("chữ"), **more}
    return InlineQueryResultArticle(**given)


@pytest.mark.parametrize(
    ("results", "more", "said"),
    [
        ([article(id=str(n)) for n in range(51)], {}, "Results_too_much"),
        ([article(id="x" * 65)], {}, "Result_id_invalid"),
        ([article(), article()], {}, "Result_id_duplicate"),
        ([article(title=" ")], {}, "Article_title_empty"),
        ([article(input_message_content=InputTextMessageContent("x" * 4097))], {}, "Message is too long"),
        (
            [article(input_message_content=InputTextMessageContent("<b>", parse_mode="HTML"))],
            {},
            "Can't parse entities",
        ),
        ([], {"next_offset": "x" * 65}, "Next_offset_invalid"),
        ([], {"button": telegram.InlineQueryResultsButton("mở", start_parameter="a b")}, "Start_param_invalid"),
    ],
)
async def test_the_loopback_api_refuses_what_telegram_refuses(
    house: House, results: list[InlineQueryResultArticle], more: Json, said: str
) -> None:
    query = house.api.push_inline_query(READER, "putin")
    await house.bot.initialize()
    with pytest.raises(telegram.error.BadRequest, match=said):
        await house.bot.answer_inline_query(query, results, **more)
    await house.bot.answer_inline_query(query, [article()])
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await house.bot.answer_inline_query(query, [article()])
