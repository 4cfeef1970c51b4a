"""/watchlist: the list with buttons, in one message that edits itself."""

from pathlib import Path

from monitor.bot.targets import all_targets
from monitor.config import load_watchlist
from monitor.types import Address, Leader, WatchId, Watchlist
from tests.bot.house import EDITOR, MORNING, READER, WATCHLIST, House
from tests.bot_api import Shown

SHIPPED = load_watchlist(Path(__file__).parents[2] / "config")


def names_in(menu: Shown) -> list[str]:
    """The labels of the buttons that follow or drop something."""
    return [
        button["text"] for row in menu.buttons for button in row if button.get("callback_data", "").startswith("t:")
    ]


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
        assert menu.labels()[:3] == ["👤 Lãnh đạo · 5", "📰 Sự kiện · 2", "🏷 Theo nhãn · 4"]
        assert [label[:1] for label in menu.labels()[3:]] == ["🌏", "🔤", "T"]
        await house.press(menu, "Lãnh đạo")
        assert names_in(house.again(menu))[:2] == ["Sergei Lavrov", "Vladimir Putin"]
        assert await house.press(house.again(menu), "Vladimir Putin") == "Đã theo dõi: Vladimir Putin"
        assert names_in(house.again(menu))[1] == "✅ Vladimir Putin"
        assert await house.followed() == ["putin"]
        await house.press(house.again(menu), "✅ Vladimir Putin")
        assert names_in(house.again(menu))[1] == "Vladimir Putin"
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
        assert house.again(menu).labels()[:3] == ["✅ #nga", "☑️ Sergei Lavrov", "☑️ Vladimir Putin"]
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


async def test_the_list_begins_with_those_who_lead_viet_nam(house: House) -> None:
    house.watchlist = SHIPPED
    async with house.serving():
        menu = await house.ask("/watchlist")
        await house.press(menu, "Lãnh đạo")
        first = names_in(house.again(menu))
        assert first[:3] == ["Lê Minh Hưng", "Tô Lâm", "Trần Thanh Mẫn"]
        shown = first
        while "▶" in house.again(menu).labels():
            await house.press(house.again(menu), "▶")
            shown = shown + names_in(house.again(menu))
    leaders = [watch.name for watch in SHIPPED.watches if isinstance(watch, Leader)]
    assert sorted(shown) == sorted(leaders)
    assert shown.index("Hun Sen") < shown.index("Tập Cận Bình") < shown.index("Donald Trump")
    assert shown.index("Donald Trump") < shown.index("Vladimir Putin") < shown.index("Ali Khamenei")


async def test_one_jumps_to_a_country_and_back_to_its_region(house: House) -> None:
    house.watchlist = SHIPPED
    async with house.serving():
        menu = await house.ask("/watchlist", lang="en")
        await house.press(menu, "By region")
        regions = house.again(menu).labels()
        assert [label.split(" · ")[0] for label in regions[:3]] == ["Viet Nam", "Southeast Asia", "East Asia"]
        assert sum(int(label.split(" · ")[1]) for label in regions[:-1]) == len(SHIPPED.watches)
        await house.press(house.again(menu), "Europe")
        assert house.again(menu).labels()[:3] == ["Nga", "Ukraine", "Belarus"]
        await house.press(house.again(menu), "Ukraine")
        country = house.again(menu)
        assert names_in(country) == ["#ukraine", "Đàm phán hòa bình Nga - Ukraine", "Volodymyr Zelensky"]
        await house.press(country, "Volodymyr Zelensky")
        await house.press(house.again(menu), "Back")
        assert house.again(menu).labels()[:3] == ["Nga", "Ukraine", "Belarus"]
        await house.press(house.again(menu), "Back")
        assert house.again(menu).labels() == regions
    assert await house.followed() == ["zelensky"]


async def test_one_jumps_to_a_letter_of_the_first_or_the_last_name(house: House) -> None:
    house.watchlist = SHIPPED
    async with house.serving():
        menu = await house.ask("/watchlist", lang="en")
        await house.press(menu, "By letter")
        letters = house.again(menu).labels()[:-1]
        assert letters.index("D") < letters.index("Đ") < letters.index("E")
        await house.press(house.again(menu), "P")
        assert "Vladimir Putin" in names_in(house.again(menu))
        assert "Phạm Minh Chính" in names_in(house.again(menu))
        await house.press(house.again(menu), "Vladimir Putin")
        assert "✅ Vladimir Putin" in names_in(house.again(menu))
        await house.press(house.again(menu), "Back")
        await house.press(house.again(menu), "Đ")
        assert names_in(house.again(menu))[:1] == ["Đàm phán hòa bình Nga - Ukraine"]
    assert await house.followed() == ["putin"]


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
