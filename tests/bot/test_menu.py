"""/watchlist: the list with buttons, in one message that edits itself."""

from monitor.bot.targets import all_targets
from monitor.types import Address, Leader, WatchId, Watchlist
from tests.bot.house import EDITOR, MORNING, READER, WATCHLIST, House


def crowd(count: int) -> Watchlist:
    leaders = [
        Leader(
            WatchId(f"mot-nguoi-co-ten-that-la-dai-de-khong-vua-mot-nut-{n:03}"), f"Người số {n:03}", tags=("x" * 70,)
        )
        for n in range(count)
    ]
    return Watchlist("crowd", tuple(leaders))


async def test_the_list_is_browsed_and_followed_in_one_message(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        assert menu.labels() == ["👤 Lãnh đạo · 5", "📰 Sự kiện · 2", "🏷 Theo nhãn · 4", "Tất cả"]
        await house.press(menu, "Lãnh đạo")
        assert house.again(menu).labels()[:2] == ["Vladimir Putin", "Sergei Lavrov"]
        assert await house.press(house.again(menu), "Vladimir Putin") == "Đã theo dõi: Vladimir Putin"
        assert house.again(menu).labels()[0] == "✅ Vladimir Putin"
        assert await house.followed() == ["putin"]
        await house.press(house.again(menu), "✅ Vladimir Putin")
        assert house.again(menu).labels()[0] == "Vladimir Putin"
        await house.press(house.again(menu), "Quay lại")
        assert house.again(menu).labels() == menu.labels()
    assert await house.followed() == []
    assert len(house.api.shown(READER)) == 1


async def test_what_a_tag_or_everything_brings_along_is_marked(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        await house.press(menu, "Theo nhãn")
        await house.press(house.again(menu), "#nga")
        await house.press(house.again(menu), "#nga")
        assert house.again(menu).labels()[:3] == ["✅ #nga", "☑️ Vladimir Putin", "☑️ Sergei Lavrov"]
    assert await house.followed() == ["#nga"]


async def test_long_ids_and_tags_fit_into_buttons_and_every_page_can_be_reached(house: House) -> None:
    house.watchlist = crowd(30)
    async with house.serving():
        menu = await house.ask("/danhsach")
        await house.press(menu, "Lãnh đạo")
        seen = [label for label in house.again(menu).labels() if label.startswith("Người")]
        while "▶" in house.again(menu).labels():
            await house.press(house.again(menu), "▶")
            seen += [label for label in house.again(menu).labels() if label.startswith("Người")]
        assert seen == [f"Người số {n:03}" for n in range(30)]
        await house.press(house.again(menu), "Người số 029")
        await house.press(house.again(menu), "Quay lại")
        await house.press(house.again(menu), "Theo nhãn")
        await house.press(house.again(menu), "#xxx")
        await house.press(house.again(menu), "▶")
        await house.press(house.again(menu), "Người số 010")
    assert await house.followed() == [house.watchlist.watches[29].id, house.watchlist.watches[10].id]


async def test_a_button_of_a_watch_that_is_gone_says_so(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        await house.press(menu, "Lãnh đạo")
        house.watchlist = Watchlist("v2", WATCHLIST.watches[1:])
        assert "thay đổi" in await house.press(house.again(menu), "Vladimir Putin")
    assert await house.followed() == []
    assert "Vladimir Putin" not in house.again(menu).labels()


async def test_a_list_of_a_thousand_stays_within_one_message(house: House) -> None:
    house.watchlist = crowd(500)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/start")
        with house.store.writing() as tx:
            for target in all_targets(house.watchlist):
                tx.follow(Address(READER), target, now=MORNING)
        listed = await house.ask("/following")
        dropped = await house.ask("/unfollow tất cả")
    assert listed.text.startswith("Bạn đang theo dõi 502 mục:")
    assert listed.text.endswith("…")
    assert dropped.text.endswith("+472")
    assert await house.followed() == []
