"""Words by which Vietnamese news says who said something. Data and the patterns made of it, no decisions.

Patterns are read on a sentence whose quotations are masked (quotes/quotations.py).
"""

import re
from typing import Final

from monitor.stories.quotes.quotations import MASK
from monitor.text.words import LARGE_LETTERS

CAPITALISED: Final = rf"[{LARGE_LETTERS}]\w*(?:[.'’-]\w+)*"


def _words(block: str) -> frozenset[str]:
    return frozenset(each.strip() for each in block.split("|"))


def _bars(block: str) -> str:
    """The phrases of a block of data as one alternation, longest first; blanks between words may be of any width."""
    phrases = sorted({" ".join(each.split()) for each in block.split("|") if each.strip()}, key=len, reverse=True)
    return "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in phrases)


# What a clause may follow without "rằng": to tell, to state.
_TELLS = _bars("""
    cho biết thêm | cho biết | cho hay | khẳng định lại | tái khẳng định | khẳng định | nhấn mạnh | tuyên bố | cảnh
    báo | cho rằng | nhận định | tiết lộ | thừa nhận | phủ nhận | nêu rõ | chỉ rõ | nói rõ | quả quyết | xác nhận |
    nói thêm | lưu ý | tin rằng | nghĩ rằng | hy vọng rằng | nói
""")
# What tells only with "sẽ", "đã" behind it: "cam kết sẽ rút quân".
PLEDGES: Final = re.compile(
    r"(?:thông\s+báo|cam\s+kết|đe\s+dọa|đe\s+doạ|dọa|doạ|hứa|dự\s+đoán|dự\s+báo)\Z", re.IGNORECASE
)
PLEDGED: Final = re.compile(r"\s*(?:sẽ|đã|có\s+thể|không|chưa)\s", re.IGNORECASE)
# What only quotation marks, a colon or "rằng" make speech of.
_UTTERS = _bars("""
    phát biểu | bày tỏ | giải thích | viết | đăng | đăng tải | chia sẻ | trả lời | đáp lại | đáp trả | đáp | hỏi | kêu
    gọi | đề nghị | yêu cầu | chỉ trích | lên án | cáo buộc | ca ngợi | khen ngợi | mô tả | gọi | kể lại | kể | đe dọa
    | dọa | hứa | cam kết | bình luận | khuyến cáo | thông báo | dự đoán | dự báo | mỉa mai | nhắn nhủ | phản pháo |
    phản bác | phân tích | đánh giá | đe doạ | doạ | lập luận | kết luận | thúc giục | nói tiếp | mở đầu | hy vọng |
    nêu | tố | chúc | chúc mừng | cảm ơn | so sánh | quy kết | ví | nhắc nhở | dẫn chứng | chỉ đạo | bộc bạch | nói
    đùa | tự tin nói | lên tiếng | phàn nàn | than phiền | nhắc lại | bác bỏ | bật mí | thắc mắc | đặt câu hỏi | nhắn
    gửi | chỉ ra | ghi | tweet | đăng trên
""")
VERB: Final = rf"(?:{_TELLS}|{_UTTERS})"
TELLS: Final = re.compile(rf"(?:{_TELLS})\Z", re.IGNORECASE)
# "nói" is speech only where what was said may follow it
NO_SPEECH: Final = re.compile(
    r"\s+(?:về|chuyện|tiếng|dối|lời|lên|trên|chung|riêng|xấu|ra|nhiều|ít|như thế|thế|vậy|gì|đến|tới|giọng|hộ|thay|"
    r"chơi|đùa|không với|có với|rõ về|nhảm|cười|được|phét|thách|câu|những)(?!\w)",
    re.IGNORECASE,
)
_ADVERBS = _bars("""
    đã | đang | sẽ | vừa | mới | từng | cũng | lại | còn | vẫn | luôn | liên tục | nhiều lần | một lần nữa | lần nữa |
    tiếp tục | thẳng thắn | thẳng thừng | mạnh mẽ | công khai | nhanh chóng | lập tức | ngay lập tức | sau đó | trước
    đó | trước đây | khi đó | lúc đó | mới đây | gần đây | cùng ngày | hôm nay | hôm qua | hôm kia | sáng nay | trưa
    nay | chiều nay | tối nay | đêm nay | sáng qua | chiều qua | tối qua | đêm qua | tuần trước | tuần này | tuần qua
    | tháng này | tháng trước | năm ngoái | năm nay | chỉ | bất ngờ | chính thức | kiên quyết | dứt khoát | đồng thời
    | đều | thì | ra tuyên bố | ra thông báo | lên tiếng | đã ra tuyên bố | rồi | tự tin | hào hứng | tức giận | giận
    dữ | khéo léo | được dẫn lời | chậm rãi | nhẹ nhàng | gay gắt | thậm chí | cứng rắn | ngày càng | tự hào | vui vẻ
    | hài hước | dường như | quay sang | lên twitter | đứng dậy | bỗng | đột nhiên | đặc biệt | ngày hôm sau | cùng |
    chân thành | khiêm tốn | rõ ràng | thường xuyên | thường | hay
""")
_TIME = (
    r"(?:(?:vào|lúc|hôm|ngày|sáng|trưa|chiều|tối|đêm|khuya|rạng sáng|sớm|tuần|tháng|năm|cuối tuần|đầu tuần|giờ)\s+)*"
    r"(?:(?:ngày|thứ|tháng)\s+)?(?:\d[\d/.:-]*(?:\s+giờ)?(?:\s+\w{1,9}\s+\d+)?|hai|ba|tư|năm|sáu|bảy|chủ nhật)"
    r"(?:\s*\([^)]{1,40}\))?"
)
# words after which somebody else may be the one who speaks
_BLOCKS = _bars("""
    mà | rằng | phía | người | ông | bà | do | bởi | bị | theo | nhưng | vì | nếu | quan chức | truyền thông | hãng |
    tờ | nguồn tin | dẫn lời | chuyên gia | giới chức | tổng thống | thủ tướng | bộ trưởng | ngoại trưởng | phát ngôn
    viên | nhà báo hỏi | không | chưa | từ chối | sau khi | trước khi
""")
_PLACE = (
    rf",?\s*(?:tại|ở|trên|trong|khi|trước|qua|từ(?!\s+chối)|với|nhân|phát biểu|trả lời|họp báo|viết|đăng|đáp|"
    rf"trao đổi|có bài|gọi điện|điện đàm)\s(?:(?!(?:{_BLOCKS})(?!\w))[^;:.!?{MASK}]){{2,90}}?,?"
)
_FILLER = rf"(?:{_ADVERBS}|{MASK}++|{_TIME}|\([^)]{{1,60}}\)|,\s*\d{{2}}\s+tuổi\s*,?)(?!\w)"
_FILLERS = rf"(?:\s*+,?\s*+{_FILLER}){{0,5}}"
TIGHT: Final = re.compile(rf"{_FILLERS}\s*,?\s+(?P<verb>{VERB})(?!\w)", re.IGNORECASE)
_NO_NOUN = "".join(f"(?<!{each} )" for each in ("bài", "bản", "lời", "cuộc", "bức", "một", "câu", "những", "các", "ra"))
LOOSE: Final = re.compile(
    rf"{_FILLERS}\s*{_PLACE}(?:\s+{_FILLER}){{0,4}}\s*,?\s+{_NO_NOUN}(?P<verb>{VERB})(?!\w)", re.IGNORECASE
)
JOINED: Final = re.compile(
    rf"(?:,\s*(?:đồng\s+thời|và|rồi|nhưng)?|\s(?:và|rồi|đồng\s+thời))\s+(?:{_FILLER}\s+){{0,3}}(?P<verb>{VERB})(?!\w)",
    re.IGNORECASE,
)

# who is no leader himself, and whom "ông" might mean
_HUMAN = _bars("""
    người phát ngôn | phát ngôn viên | quan chức | chuyên gia | cố vấn | giáo sư | tiến sĩ | nghị sĩ | thượng nghị sĩ
    | hạ nghị sĩ | bộ trưởng | thứ trưởng | đại sứ | luật sư | tướng | đại tá | trung tá | thiếu tá | tư lệnh | đặc
    phái viên | tổng thống | thủ tướng | ngoại trưởng | chủ tịch | phó chủ tịch | thống đốc | thị trưởng | giám đốc |
    nhà phân tích | nhà nghiên cứu | nhà báo | phóng viên | thư ký báo chí | chánh văn phòng | tổng thư ký | nhà lãnh
    đạo | lãnh đạo | ứng viên | đệ nhất phu nhân | phu nhân | con trai | con gái | con rể | tỷ phú | nhà ngoại giao |
    tổng biên tập | tác giả | nhân chứng | thẩm phán | công tố viên | phó thủ tướng | phó tổng thống | quốc vương |
    thái tử | cựu | bí thư | tổng bí thư | giáo hoàng | thủ lĩnh | thành viên | cảnh sát trưởng | chỉ huy | nguồn tin
    | kỹ sư | bác sĩ | sĩ quan | nhân viên | sinh viên | học sinh | nông dân | ngư dân | phi công | tài xế | người đàn
    ông | thanh niên | đại diện | nhà khoa học | nhà sử học | nhà hoạt động | nhà kinh tế | doanh nhân | cử tri | đạo
    diễn | diễn viên | ca sĩ | cầu thủ | huấn luyện viên | nghi phạm | bị cáo | vận động viên | linh mục | giám mục |
    nhà văn | nhà thơ | một người | công nhân
""")
POLITE: Final = rf"(?:ông|bà|ngài|anh|chị|cô)\s+{CAPITALISED}"
_FAMILY = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương"
SOMEBODY: Final = re.compile(
    rf"(?<!\w)(?:(?<!các )(?<!những )(?<!nhiều )(?<!giới )(?i:{_HUMAN})(?!\w)"
    rf"|(?:[Ôô]ng|[Bb]à|[Nn]gài|[Aa]nh|[Cc]hị|[Cc]ô)\s+{CAPITALISED}"
    rf"|(?:{_FAMILY})\s+{CAPITALISED}(?:\s+{CAPITALISED})?)"
)
# "…, Gause nhận định": whoever stands between a quotation and a verb
SAID_BY: Final = re.compile(
    rf"{MASK}[\s,.–-]*(?P<who>{CAPITALISED}(?:\s+{CAPITALISED}){{0,3}})"
    rf"{_FILLERS}\s+{VERB}(?!\w)"
)
SAYS: Final = re.compile(rf"(?<!\w)(?P<who>{CAPITALISED}){_FILLERS}\s+{VERB}(?!\w)")
FOREIGN_RUN: Final = re.compile(
    rf"(?:(?:^|[,;:(\n{MASK}])\s*|(?<!\w)(?i:và|cùng|với|gặp|tiếp|rằng|khi|do|bởi|mà|là|tên|còn|nhưng|theo)\s+)"
    rf"(?P<who>{CAPITALISED}(?:\s+{CAPITALISED}){{1,3}})"
)
# capitals side by side that are no persons
NO_PERSON: Final = _words("""
    news | times | post | social | press | journal | today | street | house | jazeera | bbc | cnn | nbc | abc | cbs
    | fox | truth | twitter | x | facebook | york | washington | force | one | air | white | radio | tv | agency |
    interfax | reuters | tass | ria | novosti | bloomberg | axios | politico | guardian | telegraph | economist |
    week | daily | morning | herald | tribune | los | angeles | san | francisco | united | states | korea | world |
    cup | bank | open | ai | league | premier | champions | council | state | department | university | institute |
    center | centre | wall | israel | iran | gaza | hamas | ukraine | nato | moscow | kiev | kyiv | tehran | tokyo |
    seoul | kremlin | pentagon | brussels | berlin | paris | london | ankara | damascus | syria | iraq | taliban |
    hezbollah | houthi | libya | belarus | canada | australia | india | pakistan | venezuela | cuba | brazil |
    mexico | afp | ap | yonhap | kcna | xinhua | rt | ansa | dpa
    """)
# titles that stand before a leader's name and belong to it
_TITLES = _bars("""
    tổng bí thư | chủ tịch nước | chủ tịch quốc hội | phó chủ tịch nước | chủ tịch | phó thủ tướng thường trực | phó
    thủ tướng | thủ tướng chính phủ | thủ tướng | phó tổng thống | tổng thống đắc cử | tổng thống đương nhiệm | tổng
    thống | ngoại trưởng | bộ trưởng ngoại giao | bộ trưởng quốc phòng | bộ trưởng chiến tranh | bộ trưởng bộ quốc
    phòng | bộ trưởng bộ ngoại giao | bộ trưởng bộ công an | bộ trưởng công an | bộ trưởng tài chính | bộ trưởng bộ
    tài chính | đại tướng | thượng tướng | tổng thư ký | giáo hoàng | nhà lãnh đạo tối cao | nhà lãnh đạo | lãnh đạo
    tối cao | lãnh tụ tối cao | lãnh đạo | nữ thủ tướng | nữ tổng thống | thái tử | hoàng thái tử | quốc vương | đại
    giáo chủ | tân tổng thống | tân thủ tướng | cựu tổng thống | cựu thủ tướng | cựu ngoại trưởng | đồng chí | ông |
    bà | ngài | người đồng cấp | nguyên thủ | đức giáo hoàng | tân ngoại trưởng | ứng viên tổng thống | ứng viên đảng
    cộng hòa | ứng viên | tỷ phú | chủ tịch ủy ban châu âu | ủy viên bộ chính trị | thủ tướng lâm thời | tổng thống
    lâm thời | nhà lãnh đạo nước
""")
_AMID = _bars("""
    đảng cộng sản | đảng cộng hòa | đảng dân chủ | cộng hòa | liên bang | liên hợp quốc | liên hiệp quốc | nước |
    chính phủ | ban chấp hành trung ương | trung ương đảng | đảng | đương nhiệm | bộ ngoại giao | hồi giáo | nhân dân
    | dân chủ nhân dân | quốc | hàn quốc | trung quốc | thổ nhĩ kỳ | triều tiên | tối cao
""")
TITLED: Final = re.compile(rf"(?<!\w)(?i:{_TITLES})(?:[\s-]+(?:(?i:{_AMID})(?!\w)|{CAPITALISED}))*?\s+\Z")
CHAINED: Final = re.compile(rf"(?<!\w)(?i:{_TITLES})(?:\s+(?:(?i:{_AMID})(?!\w)|{CAPITALISED}))*?(?:,\s+|\s+kiêm\s+)\Z")
# What a subject may follow inside a sentence. After the second sort its clause ends at a comma.
OPENS_CLAUSE: Final = re.compile(
    rf"(?:^|\W)(?:và|nhưng|song|còn|rằng|chính|cả|{_ADVERBS}|sau\s+đó|trước\s+đó|khi\s+đó|lúc\s+đó|"
    rf"tuy\s+nhiên|tại\s+đây|hôm\s+nay|"
    r"hôm\s+qua|sáng\s+nay|chiều\s+nay|tối\s+nay|tối\s+qua|mới\s+đây|cùng\s+ngày|bản\s+thân|qua\s+đó|"
    r"đồng\s+thời|đáp\s+lại|"
    r"ngày\s+\d[\d/.-]*|hôm\s+\d[\d/.-]*|(?:sáng|chiều|tối|trưa|đêm)\s+\d[\d/.-]*|\))\Z",
    re.IGNORECASE,
)
SUBORDINATE: Final = re.compile(
    r"(?:^|\W)(?:khi|lúc|nơi|bối\s+cảnh|với\s+việc|sau\s+việc|vì|do|bởi|dù|mặc\s+dù|như|kể\s+từ\s+khi)\Z", re.IGNORECASE
)
HEARD: Final = re.compile(
    r"(?:^|\W)(?:rằng|cho\s+biết|cho\s+hay|tiết\s+lộ|thông\s+báo|xác\s+nhận|đưa\s+tin|tin)\Z", re.IGNORECASE
)
CITED: Final = re.compile(
    rf"(?:^|[\s,.{MASK}])(?P<verb>(?:dẫn|trích|trích\s+dẫn|dẫn\s+lại|theo|thuật)\s+(?:lại\s+)?"
    r"(?:lời|lời\s+kể|phát\s+biểu|tuyên\s+bố|bài\s+viết|bài\s+phát\s+biểu|lời\s+phát\s+biểu)(?:\s+của)?)\s*\Z",
    re.IGNORECASE,
)
ACCORDING: Final = re.compile(r"(?:^|[,;]\s*)(?P<verb>theo)\s*\Z", re.IGNORECASE)
BY_SOMEBODY: Final = re.compile(r"(?:^|[,;.]\s*)theo\s+(?:lời\s+)?(?P<who>[^,;]*),", re.IGNORECASE)
PRONOUN: Final = re.compile(r"(?<!\w)(?P<word>[Ôô]ng|[Bb]à)(?:\s+(?:ấy|ta|này))?(?=[\s,])")
BARE_OFFICE: Final = re.compile(
    r"(?<!\w)(?P<word>Tổng thống|Thủ tướng|Chủ tịch nước|Tổng Bí thư|Ngoại trưởng|Phó Thủ tướng|Chủ tịch Quốc hội|"
    r"[Nn]hà lãnh đạo|[Vv]ị tổng thống|[Vv]ị thủ tướng)(?:\s+này)?(?=[\s,])"
)
# where an indirect clause ends before its sentence does: the newspaper speaks again
CLAUSE_ENDS: Final = re.compile(
    rf";|,\s+{VERB}(?!\w)|,\s+(?:trong\s+khi|từ\s+đó|qua\s+đó|xem\s|coi\s|đề\s+xuất|còn\s+(?:{POLITE}|"
    rf"phía)|sau\s+khi|trong\s+bối\s+cảnh|giữa\s+lúc|trước\s+thềm|một\s+ngày|"
    rf"vài\s+(?:giờ|ngày)|chỉ\s+vài|theo\s|hãng\s|tờ\s|báo\s(?={CAPITALISED})|đài\s|kênh\s|động\s+thái|khiến|song\s|"
    rf"nhưng\s|làm\s+dấy|dẫn\s+lời|trích\s+dẫn)"
    rf"|,\s+{CAPITALISED}(?:\s+{CAPITALISED}){{0,3}}\s+(?:đưa\s+tin|dẫn|cho\s+hay|cho\s+biết)"
    rf"|(?<={MASK})\s+nhưng\s+(?:không|chưa)|\s[-–]\s(?:Ảnh|Video)|\s\((?:Ảnh|Nguồn|Theo)",
    re.IGNORECASE,
)
NEW_SUBJECT: Final = re.compile(rf",\s+{CAPITALISED}")  # of a headline: "…, Đan Mạch phản đối"
SECOND_VERB: Final = re.compile(
    r"(?:,?\s+(?:và|đồng\s+thời|và\s+đồng\s+thời|cũng\s+như)|,(?:\s+(?:nhưng|song))?)\s+(?:cũng\s+|"
    r"đồng\s+thời\s+|đã\s+)?"
    r"(?P<verb>nói\s+rằng|khẳng\s+định|nhấn\s+mạnh|cảnh\s+báo|tuyên\s+bố|cho\s+rằng|nói\s+thêm|"
    r"cho\s+biết\s+thêm|cho\s+biết|"
    r"bày\s+tỏ|kêu\s+gọi|đề\s+nghị|yêu\s+cầu|cam\s+kết|chỉ\s+trích|cáo\s+buộc|hy\s+vọng)(?!\w)",
    re.IGNORECASE,
)
# what "tuyên bố" brings about instead of telling it
PERFORMED: Final = re.compile(
    r"\s+(?:tình\s+trạng|chiến\s+thắng|thắng\s+cử|chiến\s+tranh|thành\s+lập|khai\s+mạc|bế\s+mạc|độc\s+lập|nhậm\s+chức|"
    r"(?:ra\s+|tái\s+)?tranh\s+cử|từ\s+chức|phá\s+sản|chung|khởi\s+công)(?!\w)",
    re.IGNORECASE,
)
ADVERBIAL: Final = re.compile(
    r"(?:tại|trong|sau|trước|khi|phát|trả|ngày|hôm|theo|trên|về|liên|đề|chiều|sáng|tối|trưa|với|cùng|để|đáp|bình|nhân|"
    r"từ|ở|kết|dù|tuy|mặc|nếu|qua|nói|do|vì|đến|tiếp|ngoài|bên|song|giữa|đối|bởi|mở|như)(?!\w)",
    re.IGNORECASE,
)
# what may stand between "…", ông nói" and the end
CIRCUMSTANCE: Final = re.compile(
    r"\s*(?:,|với|trước|trên|tại|trong|ở|hôm|ngày|sáng|trưa|chiều|tối|đêm|qua|vào|nhân|sau|khi|lúc|bên|"
    r"cùng|giữa|từ|về|như|"
    r"trực\s+tiếp|trả\s+lời|\(|thêm|rõ|tiếp|một|hai|vài|chỉ|ngay|thứ|tuần|tháng|cách|đầu|cuối|bằng)(?!\w)",
    re.IGNORECASE,
)
BESIDES: Final = re.compile(r"(?:với|trước|trên|tại|ở|về|nhân)\s", re.IGNORECASE)
BEFORE_SAID: Final = re.compile(
    rf"(?P<fill>(?:\s+(?:thêm|rõ|tiếp|lại|ngắn\s+gọn|đơn\s+giản))?"
    rf"(?:(?:\s+|,\s*)(?:với|trước|trên|tại|trong|ở|hôm|ngày|sáng|trưa|chiều|tối|đêm|qua|bằng|vào|"
    rf"trực\s+tiếp|nhân|sau|khi|"
    rf"cho)\s[^;:!?{MASK}]{{2,90}}?)?)(?:\s+rằng(?!\w)\s*:?|\s*,?\s+là(?!\w)|\s*:|\s+như\s+sau\s*:)\s*",
    re.IGNORECASE,
)
FILL_ONLY: Final = re.compile(
    r"(?:\s+thêm)?(?:\s+(?:hôm|ngày|sáng|trưa|chiều|tối|đêm)\s+(?:nay|qua|\d[\d/.-]*))?\s*,?\s+", re.IGNORECASE
)
