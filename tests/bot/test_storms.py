"""More than a person can: told once, dropped, and nobody else hears of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.bot.storms import (
    COMMANDS_OF_GROUP,
    COMMANDS_OF_PERSON,
    Storms,
    Turn,
)
from monitor.pipeline.recent import MOST_KEPT, Limit, Recent
from monitor.types import ChatState
from tests.bot.house import CHIEF, EDITOR, FORUM, GROUP, MEMBER, OTHER, READER, House
from tests.bot.test_access import telegram_message

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
moments = st.lists(st.floats(0, 60), max_size=120).map(sorted)


def sends_to(house: House, chat: int) -> int:
    return sum(call.method == "sendMessage" and str(call.params["chat_id"]) == str(chat) for call in house.api.calls)


def storms() -> Storms:
    return Storms(COMMANDS_OF_PERSON, COMMANDS_OF_GROUP)


# ---------------------------------------------------------------- who is answered


def test_twenty_in_ten_seconds_are_answered_the_next_is_told_and_the_rest_is_dropped() -> None:
    ours = storms()
    turns = [ours.turn(READER, None, NOON + n * SECOND / 100) for n in range(1_000)]
    assert turns == [Turn.ANSWER] * 20 + [Turn.TELL] + [Turn.DROP] * 979


def test_after_ten_calm_seconds_it_is_over_and_the_next_storm_is_told_again() -> None:
    ours = storms()
    for _ in range(25):
        ours.turn(READER, None, NOON)
    assert ours.turn(READER, None, NOON + 9 * SECOND) is Turn.DROP
    assert ours.turn(READER, None, NOON + 20 * SECOND) is Turn.ANSWER
    assert Turn.TELL in [ours.turn(READER, None, NOON + 20 * SECOND) for _ in range(25)]


def test_a_stormy_member_leaves_the_others_of_the_group_their_turns() -> None:
    ours = storms()
    assert [ours.turn(GROUP, MEMBER, NOON) for _ in range(100)].count(Turn.ANSWER) == 20
    assert [ours.turn(GROUP, CHIEF, NOON) for _ in range(20)] == [Turn.ANSWER] * 20


def test_a_person_counts_in_each_of_their_chats_by_itself() -> None:
    ours = storms()
    turns = [ours.turn(chat, MEMBER, NOON) for chat in (GROUP, FORUM, MEMBER) for _ in range(20)]
    assert turns == [Turn.ANSWER] * 60
    assert ours.turn(FORUM, MEMBER, NOON) is Turn.TELL


def test_channels_count_each_for_itself() -> None:
    ours = storms()
    assert [ours.turn(chat, None, NOON) for chat in (-1, -2, -3) for _ in range(20)] == [Turn.ANSWER] * 60


def test_many_members_together_are_a_storm_too() -> None:
    ours = storms()
    turns = [ours.turn(GROUP, member, NOON) for member in range(50)]
    assert turns == [Turn.ANSWER] * 40 + [Turn.TELL] + [Turn.DROP] * 9


def test_a_clock_that_was_set_back_keeps_nobody_out() -> None:
    ours = storms()
    for _ in range(30):
        ours.turn(READER, None, NOON)
    assert ours.turn(READER, None, NOON - timedelta(hours=1)) is Turn.ANSWER


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(1, 3)), max_size=150).map(sorted))
def test_what_one_chat_does_changes_no_turn_of_another(said: list[tuple[float, int]]) -> None:
    together = storms()
    turns = [(chat, together.turn(chat, None, NOON + at * SECOND)) for at, chat in said]
    for chat in {chat for _, chat in said}:
        alone = storms()
        own = [alone.turn(chat, None, NOON + at * SECOND) for at, of in said if of == chat]
        assert own == [turn for of, turn in turns if of == chat]


@given(st.lists(st.integers(500, 5_000), max_size=120))
def test_a_person_who_stays_within_the_limit_is_always_answered(gaps: list[int]) -> None:
    ours, now = storms(), NOON
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        assert ours.turn(READER, None, now) is Turn.ANSWER


@given(moments)
def test_never_more_than_the_limit_are_answered_within_the_span(seconds: list[float]) -> None:
    ours = storms()
    answered = [at for at in seconds if ours.turn(READER, None, NOON + at * SECOND) is Turn.ANSWER]
    for at in answered:
        assert sum(1 for other in answered if 0 <= at - other < 9.999) <= 20


def test_no_more_is_remembered_than_a_process_can_hold() -> None:
    recent = Recent(Limit(20, timedelta(seconds=10)))
    for key in range(3 * MOST_KEPT):
        recent.add(key, NOON)
    assert len(recent._times) <= MOST_KEPT


# ---------------------------------------------------------------- in the conversation


async def test_a_thousand_commands_are_twenty_answers_and_one_word(house: House) -> None:
    house.patient = False
    async with house.serving():
        await house.ask("/help", OTHER)
        for _ in range(1_000):
            house.api.push_message(READER, "/help")
        await house.settled()
    texts = house.api.texts(READER)
    assert len(texts) == 21
    assert texts[-1] == "Nhiều yêu cầu quá một lúc. Bạn hãy chờ vài giây."


async def test_presses_are_counted_too(house: House) -> None:
    house.patient = False
    async with house.serving():
        menu = await house.ask("/watchlist")
        queries = [house.api.press(READER, menu.message_id, menu.data()[0]) for _ in range(100)]
        await house.settled()
    assert [query in house.api.answers for query in queries] == [True] * 41 + [False] * 59
    assert "Nhiều yêu cầu quá" in house.api.answers[queries[40]]["text"]


async def test_what_members_of_a_group_say_to_each_other_is_no_storm(house: House) -> None:
    house.patient = False
    async with house.serving():
        for _ in range(50):
            house.api.push_message(GROUP, "chào cả nhà", user_id=MEMBER)
            house.api.push_message(GROUP, "/thoitiet", user_id=MEMBER)  # another bot's
        assert "Vladimir Putin" in (await house.ask("/follow Putin", GROUP, user=CHIEF)).text
    assert len(house.api.texts(GROUP)) == 1


async def test_anonymous_administrators_of_one_group_do_not_use_up_those_of_another(house: House) -> None:
    house.patient = False
    async with house.serving():
        for group in (GROUP, FORUM):
            as_group = telegram_message(
                group, "/following", sender_chat={"id": group, "type": "supergroup", "title": "x"}
            )
            for n in range(20):
                house.api.push("message", as_group | {"date": 1_700_000_000 + n // 10, "message_id": n + 1})
        await house.settled()
    assert len(house.api.texts(GROUP)) == len(house.api.texts(FORUM)) == 20


async def test_a_barred_chat_is_not_told_either(house: House) -> None:
    house.patient = False
    async with house.serving(admins=[EDITOR]):
        await house.ask(f"/access bar {READER}", EDITOR)
        for _ in range(100):
            house.api.push_message(READER, "/help")
        await house.settled()
    assert house.api.texts(READER) == []
    assert await house.state() is ChatState.BARRED


async def test_what_is_too_long_is_refused_and_looked_for_in_its_beginning(house: House) -> None:
    async with house.serving():
        assert "nhiều nhất 500 ký tự" in (await house.ask("/follow " + "x" * 501)).text
        assert "Theo dõi" in (await house.ask("Putin " + "x" * 4_000)).text
    assert await house.followed() == []


async def test_a_chat_follows_two_hundred_targets_at_most(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        menu = await house.ask("/watchlist")
        house.fill(READER, 200)
        assert "200" in (await house.ask("/follow Putin")).text
        await house.press(menu, "Lãnh đạo")
        assert "200" in await house.press(house.again(menu), "Vladimir Putin")
        assert len(await house.followed()) == 200
        await house.ask("/follow *")
    assert "*" in await house.followed()
