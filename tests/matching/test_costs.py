"""What a watch costs by stored news, and that the line which is proposed mends it."""

import re
from collections.abc import Iterable
from dataclasses import replace

import yaml

from monitor.matching.costs import Costs
from monitor.matching.lint import Finding
from monitor.matching.matcher import compile_watchlist
from monitor.types import Event, Item, ItemId, Leader, Watch, WatchId, Watchlist

HAI = Leader(WatchId("quang-hai"), "Nguyễn Quang Hải")
SINGER = Leader(WatchId("co-ca"), "Mai Sông")


def items(*titles: str) -> list[Item]:
    return [Item(ItemId(str(number)), "Bến Sông", title) for number, title in enumerate(titles)]


def found(watch: Watch, news: Iterable[Item], *beside: Watch) -> list[Finding]:
    costs = Costs(Watchlist("v", (watch, *beside)), {watch.id})
    for item in news:
        costs.note(item)
    return costs.findings()


def hits(watch: Watch, news: Iterable[Item]) -> int:
    matcher = compile_watchlist(Watchlist("v", (watch,)))
    return sum(bool(matcher.match(item)) for item in news)


def written(finding: Finding, key: str) -> tuple[str, ...]:
    """The values of a list that a finding says to write."""
    (listed,) = re.findall(rf"`{key}: \[([^\]]*)\]`", finding.message)
    return tuple(yaml.safe_load(f"[{listed}]"))


# ---------------------------------------------------------------- full names that were refused

STRIKER = items(*(f"Tiền đạo Nguyễn Quang Hải ghi bàn ở vòng {n}" for n in range(4)))


def test_a_trade_before_a_full_name_is_told_with_an_alias_that_takes_it() -> None:
    if hits(HAI, STRIKER) == len(STRIKER):  # where the matcher refuses nothing there is nothing to say
        assert found(HAI, STRIKER) == []
        return
    (finding,) = found(HAI, STRIKER)
    assert (finding.watch_id, finding.key) == ("quang-hai", "name")
    assert finding.message.startswith("4 full names in 4 stored items were refused: “tiền đạo” before it")
    assert hits(replace(HAI, aliases=written(finding, "aliases")), STRIKER) == 4


def test_a_trade_after_a_full_name_likewise() -> None:
    news = items(*(f"Nguyễn Quang Hải, giám đốc công ty thép, kể chuyện {n}" for n in range(3)))
    if hits(HAI, news) == len(news):
        assert found(HAI, news) == []
        return
    (finding,) = found(HAI, news)
    assert hits(replace(HAI, aliases=written(finding, "aliases")), news) == 3


def test_a_longer_name_is_proposed_only_if_it_is_the_same_person() -> None:
    news = items(*(f"Live show Mai Sông Live tối thứ {n}" for n in range(2, 6)))
    (finding,) = found(SINGER, news)
    assert "“Live” after it: a longer name" in finding.message
    assert finding.message.endswith("`aliases: [Mai Sông Live]` if that is the same person")


def test_a_common_name_without_support_is_told_with_the_company_it_keeps() -> None:
    common = replace(HAI, common=True)
    news = items(*(f"Nguyễn Quang Hải cùng Trần Bình Minh dự hội chợ lần {n}" for n in range(5)))
    (finding,) = found(common, news)
    assert hits(replace(common, near=written(finding, "near")), news) == 5


def test_a_trade_before_a_common_name_is_refused_on_purpose() -> None:
    assert found(replace(HAI, common=True), STRIKER) == []


def test_short_forms_alone_are_told_unless_somebody_else_is_named_by_them() -> None:
    short = replace(HAI, short=("ông Hải",))
    news = items(*(f"Ông Hải cùng Trần Bình Minh xây cầu số {n}" for n in range(12)))
    (finding,) = found(short, news)
    assert finding.message.startswith("12 short forms in 12 stored items were refused")
    assert hits(replace(short, near=written(finding, "near")), news) == 12
    others = items(*(f"Ông Hải, tức Trần Văn Hải, xây cầu số {n}" for n in range(12)))
    assert found(short, others) == []


def test_two_of_a_kind_are_nothing_to_speak_of() -> None:
    assert found(HAI, STRIKER[:2]) == []


# ---------------------------------------------------------------- names that others bear


def test_a_name_of_two_walks_of_life_is_common() -> None:
    news = [
        *STRIKER,
        *items(*(f"Bị cáo Nguyễn Quang Hải ra tòa lần {n}" for n in range(3))),
    ]
    finding = next(each for each in found(HAI, news) if "borne by others" in each.message)
    assert "`tiền đạo` 4 times, `bị cáo` 3 times" in finding.message
    assert "`common: true`" in finding.message
    mended = replace(HAI, common=True, near=written(finding, "near"), aliases=written(finding, "aliases"))
    assert hits(mended, news) == len(STRIKER), "the striker, and no defendant"


def test_offices_ranks_and_degrees_are_one_persons() -> None:
    news = items(*(f"{title} Nguyễn Quang Hải nói" for title in ("Đại tướng", "Bộ trưởng", "GS") for _ in range(3)))
    assert not any("borne by others" in each.message for each in found(HAI, news))


def test_an_alias_that_is_the_last_name_of_somebody_in_the_item_belongs_under_short() -> None:
    watch = Leader(WatchId("merx"), "Arno Merx", aliases=("Merx",))
    news = items(*(f"Merx thắng lớn: vở diễn của Lena Merx được khen lần {n}" for n in range(4)))
    (finding,) = found(watch, news)
    assert "4 items that say `Merx` alone name `Lena Merx` in full" in finding.message
    mended = replace(watch, aliases=(), short=written(finding, "short"), exclude=written(finding, "not"))
    silent = items("Merx thắng lớn ở rạp")
    assert (hits(watch, silent), hits(mended, silent)) == (1, 0)
    own = items(*(f"Merx thắng lớn, Arno Merx nói lần {n}" for n in range(4)))
    assert found(watch, own) == []


def test_a_state_before_a_last_name_is_no_first_name() -> None:
    watch = Leader(WatchId("merx"), "Arno Merx", aliases=("Merx",))
    assert found(watch, items(*(f"Merx gặp báo giới, Thủ tướng Israel Merx nói {n}" for n in range(4)))) == []


# ---------------------------------------------------------------- words that hit too much

RAIN = Event(WatchId("mua"), "Mưa lũ", match=('"mưa lũ" OR mưa', '"vỡ đê"'))


def test_a_part_of_a_query_that_hits_alone_is_told_with_how_many_its_title_hits() -> None:
    rainy = [*items(*(f"Trời mưa ngày {n}" for n in range(30)))]
    in_lead = [replace(item, title="Chợ quê", lead=item.title) for item in rainy]
    dry = items(*(f"Chợ quê ngày {n}" for n in range(200)))
    (finding,) = found(RAIN, [*rainy, *in_lead, *dry])
    assert (finding.watch_id, finding.key, finding.index) == ("mua", "match", 0)
    assert finding.message.startswith("`mưa` alone hits 60 of 260 stored items (23%): write `title:(mưa)` (30 of them)")
    assert hits(replace(RAIN, match=("title:(mưa)",)), [*rainy, *in_lead, *dry]) == 30


def test_a_part_that_hits_seldom_is_not_told() -> None:
    assert found(RAIN, [*items(*(f"Trời mưa ngày {n}" for n in range(30))), *items(*["Chợ quê"] * 2_000)]) == []


def test_only_the_watches_that_are_asked_about_are_told() -> None:
    costs = Costs(Watchlist("v", (HAI, RAIN)), {WatchId("khac")})
    for item in [*STRIKER, *items(*["Trời mưa"] * 30)]:
        costs.note(item)
    assert costs.findings() == []
