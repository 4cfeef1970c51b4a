"""Watches and items of an invented day, for the tests of matching. Every sentence is our own."""

from datetime import UTC, date, datetime

from monitor.types import Event, Item, ItemId, Leader, Office, Watch, WatchId, Watchlist

DAY = datetime(2026, 6, 10, 3, tzinfo=UTC)

PUTIN = Leader(
    WatchId("putin"),
    "Vladimir Putin",
    aliases=("Putin", "Pu-tin"),
    offices=(Office("Tổng thống Nga", date(2012, 5, 7)),),
)
TRUMP = Leader(
    WatchId("trump"),
    "Donald Trump",
    aliases=("Trump",),
    offices=(Office("Tổng thống Mỹ", date(2025, 1, 20)),),
    exclude=("tháp Trump",),
)
BIDEN = Leader(
    WatchId("biden"),
    "Joe Biden",
    aliases=("Biden",),
    offices=(Office("Tổng thống Mỹ", date(2021, 1, 20), date(2025, 1, 20)),),
)
RUBIO = Leader(WatchId("rubio"), "Marco Rubio", offices=(Office("Ngoại trưởng Mỹ", date(2025, 1, 21)),))
LAVROV = Leader(WatchId("lavrov"), "Sergei Lavrov", offices=(Office("Ngoại trưởng Nga", date(2004, 3, 9)),))
TAP = Leader(
    WatchId("tap-can-binh"),
    "Tập Cận Bình",
    short=("ông Tập", "Chủ tịch Tập"),
    offices=(Office("Chủ tịch nước Trung Quốc", date(2013, 3, 14)), Office("Tổng Bí thư Trung Quốc")),
    near=("Bắc Kinh",),
    exclude=("tập đoàn", "tập trung"),
)
TO_LAM = Leader(
    WatchId("to-lam"),
    "Tô Lâm",
    offices=(Office("Tổng Bí thư", date(2024, 8, 3)), Office("Chủ tịch nước", date(2026, 4, 7))),
)
HUNG = Leader(WatchId("le-minh-hung"), "Lê Minh Hưng", offices=(Office("Thủ tướng", date(2026, 4, 7)),))
CHINH = Leader(
    WatchId("pham-minh-chinh"), "Phạm Minh Chính", offices=(Office("Thủ tướng", date(2021, 4, 5), date(2026, 4, 7)),)
)
THANG = Leader(
    WatchId("nguyen-van-thang"),
    "Nguyễn Văn Thắng",
    common=True,
    near=("Bộ Tài chính",),
    exclude=("bị cáo Nguyễn Văn Thắng",),
    offices=(Office("Phó Thủ tướng", date(2026, 4, 8)),),
)
MODI = Leader(WatchId("modi"), "Narendra Modi", offices=(Office("Thủ tướng Ấn Độ", date(2014, 5, 26)),))
ABBAS = Leader(
    WatchId("abbas"), "Mahmoud Abbas", aliases=("Abbas",), offices=(Office("Tổng thống Palestine", date(2005, 1, 15)),)
)
ARAGHCHI = Leader(WatchId("araghchi"), "Abbas Araghchi", offices=(Office("Ngoại trưởng Iran", date(2024, 8, 21)),))
KIM = Leader(WatchId("kim-jong-un"), "Kim Jong-un", short=("ông Kim",))
POPE = Leader(WatchId("leo-xiv"), "Giáo hoàng Leo XIV", offices=(Office("Giáo hoàng", date(2025, 5, 8)),))

CALL = Event(
    WatchId("dien-dam"),
    "Điện đàm",
    match=('sentence:("điện đàm" AND @*)', 'sentence:(("gọi điện" OR "cuộc gọi") AND @**)'),
)
TRUCE = Event(
    WatchId("ngung-ban"),
    "Ngừng bắn",
    match=('("ngừng bắn" OR "đình chiến") NEAR/10 (Gaza OR Hamas)',),
    exclude=('title:"bóng đá"',),
    polarity=(("bị vi phạm", ('"ngừng bắn" NEAR/5 "vi phạm"',)), ("đạt được", ('"ngừng bắn" NEAR/5 "đạt được"',))),
)
STORM = Event(
    WatchId("bao"),
    "Bão",
    match=('"bão số" OR ="bão *"', 'bão NEAR/8 ("đổ bộ" OR "gió giật")'),
    ignore=('"bão giá" OR bão NEAR/3 "dư luận"',),
)
SEA = Event(WatchId("bien-dong"), "Biển Đông", match=('"biển đông"',), ignore=('"biển đông bắc"',))

ALL: tuple[Watch, ...] = (
    PUTIN, TRUMP, BIDEN, RUBIO, LAVROV, TAP, TO_LAM, HUNG, CHINH, THANG, MODI, ABBAS, ARAGHCHI, KIM, POPE,
    CALL, TRUCE, STORM, SEA,
)  # fmt: skip


def watchlist(*watches: Watch) -> Watchlist:
    """A watchlist of these, or of all of the invented day."""
    return Watchlist("test", watches or ALL)


def item(title: str, lead: str = "", body: str = "", at: datetime | None = DAY) -> Item:
    """An item as a feed brings it."""
    return Item(ItemId("1"), "Báo Thử", title, lead, body, published_at=at)
