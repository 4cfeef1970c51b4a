"""Sentences that look like Vietnamese news, of our own words: titles, leads and articles, the same for the same number.

Knows nothing of feeds. As in real ones (65,241 items of three outlets) titles are some 50 to 90 characters long, leads
120 to 200; 11 items in 100 name what the shipped watchlists watch, and three in ten tell a story that others tell, too.
"""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "articles.dev.jsonl.gz"

WATCHED = 0.11  # share of stories that name a watched leader or event
SHARED = 0.3  # share of items whose story other feeds tell in their own words
TELLERS = 3  # of such a story, on average
PARAGRAPHS = 12  # of an article


def _list(block: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in block.split("|"))


PLACES = _list(
    """Hà Nội|Hải Phòng|Huế|Đà Nẵng|Cần Thơ|Quảng Ninh|Lạng Sơn|Cao Bằng|Lào Cai|Sơn La|Điện Biên|Lai Châu|Phú Thọ
    |Thái Nguyên|Tuyên Quang|Bắc Ninh|Hưng Yên|Ninh Bình|Thanh Hóa|Nghệ An|Hà Tĩnh|Quảng Trị|Quảng Ngãi|Gia Lai
    |Đắk Lắk|Khánh Hòa|Lâm Đồng|Đồng Nai|Tây Ninh|Vĩnh Long|Đồng Tháp|An Giang|Cà Mau|TP.HCM|Phú Quốc|Hội An|Sa Pa
    |Đồ Sơn|Cát Bà|Mộc Châu|Bảo Lộc|Phan Thiết|Tam Đảo|Sầm Sơn|Cửa Lò|Lý Sơn"""
)
WHO = _list(
    """Sở Xây dựng|Sở Y tế|Sở Giáo dục và Đào tạo|ban quản lý dự án|bệnh viện đa khoa|trường trung học
    |tòa án nhân dân|công an phường|cảnh sát giao thông|bộ đội biên phòng|hợp tác xã nông nghiệp
    |ngân hàng thương mại|doanh nghiệp dệt may|nhà máy đường|công ty điện lực|công ty cấp nước|trung tâm cứu hộ
    |bảo tàng lịch sử|nhà hát kịch|câu lạc bộ bóng đá|đội tuyển bơi lội|ngư dân|nông dân trồng cà phê
    |tiểu thương chợ đầu mối|sinh viên năm cuối|giáo viên vùng cao|kỹ sư trẻ|nhóm thiện nguyện
    |người dân khu tái định cư|chủ tàu cá|hướng dẫn viên du lịch|nghệ nhân làng gốm|đài khí tượng|cảng hàng không
    |ga đường sắt|vườn quốc gia|quỹ bảo hiểm|hãng xe điện|chuỗi siêu thị|nhà xuất bản"""
)
DOES = _list(
    """đề xuất mở rộng|khởi công|hoàn thành|tạm dừng|kiểm tra|thử nghiệm|khánh thành|nâng cấp|thu hồi|tiếp nhận
    |giới thiệu|xử phạt|điều chỉnh|khôi phục|chuyển đổi|đấu giá|hỗ trợ|cải tạo|công bố|bàn giao|rà soát|vận hành
    |đầu tư thêm|siết quản lý|mở bán|giảm một nửa|tăng gấp đôi|kéo dài|di dời|số hóa|xây mới|trả lại|trồng lại
    |cho thuê|sửa chữa"""
)
WHAT = _list(
    """tuyến đường vành đai|cầu vượt sông|nhà máy xử lý rác|khu công nghiệp công nghệ cao|bến xe khách|chợ nổi
    |hồ chứa nước ngọt|trạm y tế xã|thư viện thiếu nhi|tuyến buýt điện|bãi đỗ xe ngầm|công viên ven kênh
    |đê bao chống ngập|vùng trồng sầu riêng|ao nuôi tôm thẻ|lễ hội đua thuyền|phố đi bộ ban đêm
    |giải chạy bán marathon|kỳ thi tuyển sinh|chương trình học bổng|dây chuyền may xuất khẩu|lò nung gốm cổ
    |mái đình trăm tuổi|bộ sưu tập tranh lụa|tủ sách xe máy|đội tàu du lịch|lưới điện hạ thế|nhà ở xã hội
    |phòng khám lưu động|sàn giao dịch nông sản|kho lạnh ba tầng|đường dây nóng|hệ thống camera
    |thẻ khám bệnh điện tử|bản đồ sạt lở|mô hình lúa tôm|vườn ươm khởi nghiệp|bãi tắm công cộng|hầm chui dân sinh
    |ký túc xá công nhân|đàn bò sữa|rừng ngập mặn|cây đa cổ thụ|đường sắt răng cưa"""
)
WHY = _list(
    """sau nhiều lần trễ hẹn|để giảm ùn tắc giờ cao điểm|vì vốn đối ứng chưa về kịp|trước mùa mưa năm nay
    |theo kiến nghị của cử tri|nhờ giá nguyên liệu hạ|khi lượng khách tăng trở lại|do mặt bằng còn vướng mắc
    |sau phản ánh của phụ huynh|nhằm giữ chân lao động trẻ|khi đơn hàng quay lại|vì hạ tầng quá tải
    |để kịp năm học mới|trước nguy cơ xâm nhập mặn|sau ba tháng thí điểm|do nguồn cung khan hiếm
    |khi giá thuê leo thang|nhờ nguồn vốn xã hội|vì thiếu bác sĩ chuyên khoa|để bảo vệ nguồn nước"""
)
SAID = _list(
    """Nhiều hộ cho biết họ đã chờ việc này từ nhiều năm
    |Kinh phí dự kiến lấy từ ngân sách địa phương và vốn vay ưu đãi
    |Việc thi công chia làm hai giai đoạn và không cấm xe hoàn toàn
    |Các bên sẽ họp lại vào cuối tháng để chốt phương án|Một số ý kiến lo ngại chi phí vận hành sẽ đội lên
    |Đơn vị thi công cam kết hoàn trả mặt đường trước tết|Chính quyền phường đã niêm yết danh sách tại nhà văn hóa
    |Giá vé được giữ nguyên trong sáu tháng đầu|Ba phương án được đưa ra lấy ý kiến rộng rãi
    |Người trong nghề nói nhu cầu thật cao hơn con số thống kê|Thời tiết xấu khiến tiến độ chậm khoảng hai tuần
    |Lãnh đạo đơn vị thừa nhận khâu giám sát còn lỏng lẻo|Hồ sơ đang được thẩm định lần cuối
    |Nhà trường bố trí xe đưa đón học sinh ở xa|Số liệu này chưa gồm các xã mới sáp nhập
    |Hai bên thống nhất chia sẻ rủi ro khi thị trường biến động|Khách du lịch có thể đặt chỗ qua điện thoại
    |Mẫu nước được gửi đi phân tích ngay trong ngày|Đội cứu hộ dựng lều bạt và nấu cơm cho người sơ tán
    |Cây giống do viện nghiên cứu cấp miễn phí"""
)
NAMES = _list("""Lan|Minh|Tuấn|Hạnh|Dũng|Phượng|Khoa|Thảo|Bình|Yến|Lộc|Nhung|Quý|Sáu|Tư Hiền|Ba Đạt|Út Mận|Vân Khánh""")
SPOTS = _list("""xã|phường|thôn|cầu|chợ|hồ|đèo|cảng|dốc|làng|khu phố|bến|núi|đảo|kênh""")
SYLLABLES = _list(
    """An|Bàu|Bích|Cẩm|Châu|Chiềng|Cổ|Cù|Dương|Đại|Đình|Đông|Gò|Giang|Hạ|Hàm|Hòa|Hồng|Hương|Khe|Kim|La|Lăng|Liên
    |Long|Lộc|Lương|Mai|Mường|Mỹ|Nậm|Ngọc|Nham|Phú|Phúc|Quang|Quế|Rạch|Sơn|Suối|Tam|Tân|Thạch|Thanh|Thới|Thượng|Tiên
    |Trà|Trạch|Trúc|Tú|Vạn|Vân|Viên|Vĩnh|Xuân|Yên"""
)
LEADERS = _list(
    """Tổng thống Donald Trump|Tổng thống Nga Vladimir Putin|Ông Trump|Tổng Bí thư Tô Lâm|Ông Putin
    |Chủ tịch Quốc hội Trần Thanh Mẫn|Tổng thống Ukraine Volodymyr Zelensky|Thủ tướng Israel Benjamin Netanyahu
    |Tổng thống Pháp Emmanuel Macron|Chủ tịch Trung Quốc Tập Cận Bình|Thủ tướng Ấn Độ Narendra Modi|Ông Kim Jong-un"""
)
ACTS = _list(
    """điện đàm với người đồng cấp về|nêu điều kiện cho|bác tin từ bỏ|ký sắc lệnh về|cảnh báo hậu quả của
    |hoan nghênh|chủ trì cuộc họp bàn|thăm cơ sở đầu tiên của|cam kết rót vốn cho|phát biểu về
    |hối thúc các bên nối lại|tiếp đoàn bàn về"""
)
MATTERS = _list(
    """thỏa thuận khí đốt|thuế nhôm thép|hạn ngạch ngũ cốc|tuyến vận tải biển|chương trình tên lửa|trao đổi tù binh
    |dự án đường sắt cao tốc|cải cách bộ máy|quỹ khí hậu|đất hiếm|chuyển đổi số|an ninh lương thực
    |năng lượng hạt nhân"""
)
EVENTS = _list(
    """Bão số {n} giật cấp {m} đổ bộ {place}, nhiều nhà tốc mái|Động đất {m},{n} độ làm rung chuyển {place}
    |Bão số {n} đổi hướng, {place} cấm biển từ chiều nay|Đàm phán hòa bình Ukraine bế tắc sau vòng {n}
    |Israel và Hamas nối lại đàm phán ngừng bắn ở Gaza vòng {n}"""
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a feed tells of one article."""

    title: str
    lead: str


def piece(number: int, stories: int) -> Piece:
    """The article of that number; `stories` is how many articles there are about."""
    chance, story = _story(number, stories)
    return Piece(story.title(chance), story.lead(chance))


def told(story: int, teller: int) -> Piece:
    """A story of that number in the words of one of its tellers."""
    chance, what = random.Random(f"story {story} by {teller}"), _Story(random.Random(f"story {story}"))
    return Piece(what.title(chance), what.lead(chance))


def paragraphs(number: int, stories: int) -> list[str]:
    """The text of its page."""
    chance, story = _story(number, stories)
    return [story.paragraph(chance) for _ in range(PARAGRAPHS)]


def real_pieces() -> list[Piece]:
    """Titles and leads of newspapers, where they lie beside the repository; they are no part of it."""
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Piece(row["title"], row["summary"]) for row in rows]


def _story(number: int, stories: int) -> tuple[random.Random, "_Story"]:
    chance = random.Random(f"article {number}")
    shared = chance.randrange(max(1, int(stories * SHARED / TELLERS))) if chance.random() < SHARED else -number - 1
    return chance, _Story(random.Random(f"story {shared}"))


class _Story:
    """What happened, and ways to say it."""

    def __init__(self, chance: random.Random) -> None:
        self.place, self.elsewhere = chance.sample(PLACES, 2)
        self.who, self.does, self.what, self.why = (chance.choice(each) for each in (WHO, DOES, WHAT, WHY))
        self.spot = f"{chance.choice(SPOTS)} {chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)}"
        self.count = (
            f"{chance.randrange(2, 990)} {chance.choice(('hộ', 'tỉ đồng', 'héc ta', 'lượt khách', 'lao động'))}"
        )
        self.watched = self._watched(chance) if chance.random() < WATCHED else ""

    def _watched(self, chance: random.Random) -> str:
        if chance.random() < 0.7:
            return f"{chance.choice(LEADERS)} {chance.choice(ACTS)} {chance.choice(MATTERS)}"
        event = chance.choice(EVENTS)
        return event.format(n=chance.randrange(2, 9), m=chance.randrange(5, 9), place=self.place)

    def title(self, chance: random.Random) -> str:
        if self.watched:
            return _one(chance, (self.watched, f"{self.watched} {self.why}"))
        who, rest = self.who, f"{self.does} {self.what}"
        forms = (
            f"{self.place}: {_upper(who)} {rest} {self.why}",
            f"{_upper(who)} ở {self.spot} {rest}, {self.count} hưởng lợi",
            f"{_upper(self.what)} tại {self.spot} chậm tiến độ, {who} nói gì?",
            f"Vì sao {who} {self.spot} ({self.place}) {rest}?",
            f"{_upper(who)} {rest}, chi {self.count} {self.why}",
        )
        return _one(chance, forms)

    def lead(self, chance: random.Random) -> str:
        day = f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}"
        rest = f"{self.does} {self.what}"
        begin = f"{self.watched}, theo thông báo phát đi ngày {day}" if self.watched else ""
        forms = (
            f"{_upper(self.who)} tại {self.spot}, {self.place} vừa {rest} {self.why}, ảnh hưởng {self.count}",
            f"Ngày {day}, {self.who} ở {self.spot}, {self.place} cho biết sẽ {rest} {self.why}",
            f"{_upper(self.why)}, {self.who} {self.place} quyết định {rest}, quy mô {self.count}",
        )
        lead = f"{begin or _one(chance, forms)}."
        return lead if len(lead) > 170 else f"{lead} {_one(chance, SAID)}."

    def paragraph(self, chance: random.Random) -> str:
        name, day = chance.choice(NAMES), f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}"
        forms = (
            f"Theo bà {name}, {self.who} ở {self.spot} đã {self.does} {self.what} từ ngày {day}, {self.why}.",
            f"Ông {name} kể rằng {chance.randrange(2, 40)} năm trước ở {self.elsewhere} cũng có {self.what} như thế.",
            f"Tổng cộng {self.count} được tính đến, trong đó {chance.randrange(5, 95)} % thuộc về {self.place}.",
        )
        return " ".join((_one(chance, forms), *(f"{each}." for each in chance.sample(SAID, 2))))


def _one(chance: random.Random, forms: Sequence[str]) -> str:
    return chance.choice(forms)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
