"""Answers go to where the question was asked: as a reply, in its topic."""

from tests.bot.house import CHIEF, FORUM, GROUP, MEMBER, House


async def test_an_answer_in_a_group_is_a_reply(house: House) -> None:
    async with house.serving():
        asked = house.api.push_message(GROUP, "/following", user_id=MEMBER)
        await house.api.until(lambda: bool(house.api.shown(GROUP)))
    assert house.api.shown(GROUP)[0].reply_to == asked


async def test_topics_of_a_forum_follow_each_for_itself(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/follow Putin", FORUM, user=CHIEF, topic=7)
        assert answer.thread_id == 7
        await house.ask("/follow Tô Lâm", FORUM, user=CHIEF, topic=8)
        general = await house.ask("/follow Lavrov", FORUM, user=CHIEF)
        assert general.thread_id is None
        menu = await house.ask("/watchlist", FORUM, user=CHIEF, topic=7)
        await house.press(menu, "Tất cả", user=CHIEF)
    assert await house.followed(FORUM, 7) == ["putin", "*"]
    assert await house.followed(FORUM, 8) == ["to-lam"]
    assert await house.followed(FORUM) == ["lavrov"]
