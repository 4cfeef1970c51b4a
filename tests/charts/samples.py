"""The pictures of docs/pictures, of invented numbers and titles: `python -m tests.charts.samples docs/pictures`."""

import sys
from datetime import date
from pathlib import Path

from monitor.charts.bar_chart import bar_chart
from monitor.charts.day_picture import day_picture
from monitor.charts.line_chart import line_chart
from monitor.charts.multiples import multiples
from monitor.charts.palette import DARK, LIGHT, Palette
from monitor.charts.rasterise import png_of
from monitor.i18n import translator
from monitor.notify.news_words import DayNews, day_chart, week_chart
from monitor.notify.trend_words import NamedWith, trend_chart, who_chart
from monitor.types import Peak, StoryId, ToldStory, Trend, WatchId

PUTIN, TRUMP = WatchId("putin"), WatchId("trump")
SINCE = date(2026, 7, 25)
ONE = Trend(
    PUTIN, "Vladimir Putin", "Putin", SINCE,
    (3, 4, 2, 5, 1, 0, 3, 6, 14, 9, 4, 2, 1, 3, None, None, 5, 8, 8, 5, 4, 2, 1, 4, 3, 6, 9, 12, 7, 18),
)  # fmt: skip
OTHER = Trend(
    TRUMP, "Donald Trump", "Trump", SINCE,
    (12, 9, 15, 8, 7, 11, 13, 10, 9, 8, 14, 22, 31, 17, None, None, 9, 12, 8, 7, 6, 11, 15, 13, 9, 8, 10, 14, 16, 11),
)  # fmt: skip
BRIDGE = Peak(PUTIN, date(2026, 8, 23), 18, "Tổng thống Nga gặp Tổng thống Mỹ, bàn về ba mươi ngày không nổ súng")
PRISONERS = Peak(PUTIN, date(2026, 8, 2), 14, "Hai bên trao đổi tù binh lần thứ ba trong mùa hè")
TARIFFS = Peak(TRUMP, date(2026, 8, 6), 31, "Mỹ công bố mức thuế mới với hàng nhập khẩu")
NAMED = [
    ("Donald Trump", 64), ("Volodymyr Zelensky", 51), ("Tập Cận Bình", 22), ("Emmanuel Macron", 13),
    ("Recep Tayyip Erdoğan", 8), ("Narendra Modi", 7),
]  # fmt: skip
DAY = DayNews(
    date(2026, 8, 23), 1_204, 612, 17,
    (
        ToldStory(StoryId("1"), BRIDGE.title, "", 14, 31, ("Vladimir Putin", "Donald Trump")),
        ToldStory(StoryId("2"), "Bão số 5 mạnh thêm, hướng vào Nghệ An", "", 11, 26, ("Bão, áp thấp nhiệt đới",)),
        ToldStory(StoryId("3"), "Thủ tướng yêu cầu mở lại cầu trước ngày tựu trường", "", 6, 8, ("Phạm Minh Chính",)),
        ToldStory(StoryId("4"), "Động đất nhẹ ở Kon Tum, không thiệt hại", "", 3, 3, ("Động đất",)),
    ),
)  # fmt: skip
WEEK = [
    Trend(TRUMP, "Donald Trump", "Trump", date(2026, 8, 10), (12, 8, 7, 6, 11, 15, 13, 9, 8, 10, 14, 16, 11, 19)),
    Trend(PUTIN, "Vladimir Putin", "Putin", date(2026, 8, 10), (8, 8, 5, 4, 2, 1, 4, 3, 6, 9, 12, 7, 10, 18)),
    Trend(WatchId("bao"), "Bão, áp thấp nhiệt đới", "", date(2026, 8, 10), (0, 0, 0, 1, 0, 0, 0, 0, 2, 5, 9, 14, 8, 3)),
    Trend(WatchId("to-lam"), "Tô Lâm", "", date(2026, 8, 10), (4, 5, 3, 6, 4, 2, 3, 4, 5, 3, 6, 4, 2, 3)),
    Trend(WatchId("dong-dat"), "Động đất", "", date(2026, 8, 10), (3, 6, 2, 1, 0, 0, 1, 0, 0, 1, 0, 0, 2, 1)),
]


def samples(palette: Palette) -> dict[str, str]:
    """The SVGs by name."""
    words = translator("vi")
    charts = {
        "trend": line_chart(trend_chart([ONE], [BRIDGE, PRISONERS], words), number=words.number, palette=palette),
        "trend-two": line_chart(
            trend_chart([ONE, OTHER], [BRIDGE, TARIFFS], words), number=words.number, palette=palette
        ),
        "who": bar_chart(who_chart(ONE, [NamedWith(*each) for each in NAMED], words), palette=palette),
        "day": day_picture(day_chart(DAY, words), palette=palette),
        "week": multiples(week_chart(WEEK, words), palette=palette),
    }
    return {name: drawing.svg for name, drawing in charts.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in samples(LIGHT).items():
        (folder / f"{name}.png").write_bytes(png_of(svg))
    (folder / "trend-two-dark.png").write_bytes(png_of(samples(DARK)["trend-two"]))
