"""Offices below the head of a state: what they are called, and the bodies that they lead. Data, no rules.

A watch names a minister or a coach in one way, newspapers in several: each line of HEADS, and what a semicolon ends in
the others, is one thing, its spellings parted by bars, the fullest first. Letters that must be large are written large;
everything else may be small, as newspapers write both "bộ trưởng y tế" and "Bộ trưởng Y tế".
"""

from typing import Final

from monitor.text.words import bars

# What somebody is called, before the body that they lead. English short forms are what most headlines have.
_HEADS: Final = """
bộ trưởng
thứ trưởng
tổng giám đốc | CEO | giám đốc điều hành | tổng giám đốc điều hành
huấn luyện viên | HLV | huấn luyện viên trưởng | HLV trưởng
chủ tịch
giám đốc
bí thư
thị trưởng
tỉnh trưởng
thống đốc
chánh án
viện trưởng
tổng thanh tra
tổng thư ký
tư lệnh
tổng tư lệnh
tổng tham mưu trưởng
chủ nhiệm
trưởng ban
cục trưởng
tổng cục trưởng
vụ trưởng
hiệu trưởng
chánh văn phòng
đại sứ | đại sứ đặc mệnh toàn quyền
tổng lãnh sự
người phát ngôn | phát ngôn viên
cảnh sát trưởng
tổng biên tập
đội trưởng
"""

HEADS: Final = tuple(tuple(bars(line)) for line in _HEADS.strip().splitlines())

STATE_HEADS: Final = frozenset(
    bars(
        """
    bộ trưởng | thứ trưởng | chánh án | viện trưởng | tổng thanh tra | thống đốc | tư lệnh | tổng tham mưu trưởng |
    chủ nhiệm | trưởng ban | cục trưởng | tổng cục trưởng
    """
    )
)
"""Heads of what a state has once: written without a state they are Vietnam's. A firm's head is nobody's state's."""

_MINISTRIES: Final = """
nông nghiệp và môi trường | nông nghiệp & môi trường | NN&MT | NN-MT | NNMT | nông nghiệp;
giáo dục và đào tạo | giáo dục & đào tạo | giáo dục - đào tạo | giáo dục đào tạo | GD&ĐT | GD-ĐT | GDĐT | giáo dục;
khoa học và công nghệ | khoa học & công nghệ | khoa học - công nghệ | khoa học công nghệ | KH&CN | KH-CN | KHCN;
văn hóa, thể thao và du lịch | văn hóa, thể thao & du lịch | văn hóa - thể thao và du lịch | văn hóa thể thao và du
    lịch | VH-TT&DL | VHTT&DL | VH,TT&DL | VH-TT-DL | VHTTDL | văn hóa;
dân tộc và tôn giáo | dân tộc & tôn giáo | DT&TG;
lao động - thương binh và xã hội | lao động, thương binh và xã hội | lao động thương binh và xã hội | LĐ-TB&XH |
    LĐTB&XH | LĐ-TB-XH | LĐTBXH | lao động;
tài nguyên và môi trường | tài nguyên & môi trường | tài nguyên - môi trường | TN&MT | TN-MT | TNMT | tài nguyên;
nông nghiệp và phát triển nông thôn | nông nghiệp & phát triển nông thôn | NN&PTNT | NN-PTNT | NNPTNT;
giao thông vận tải | GTVT | giao thông;
kế hoạch và đầu tư | kế hoạch & đầu tư | kế hoạch - đầu tư | KH&ĐT | KH-ĐT | KHĐT;
thông tin và truyền thông | thông tin & truyền thông | thông tin - truyền thông | TT&TT | TT-TT | TTTT;
công thương | công nghiệp và thương mại
"""

# A body that many states or towns have, and its abbreviations.
_BODIES: Final = """
ủy ban nhân dân | UBND;
hội đồng nhân dân | HĐND;
ngân hàng nhà nước | NHNN;
tòa án nhân dân | TAND;
viện kiểm sát nhân dân | VKSND | viện kiểm sát;
ủy ban trung ương mặt trận tổ quốc | ủy ban trung ương MTTQ | ủy ban TW MTTQ | ủy ban trung ương mặt trận tổ quốc
    việt nam | ủy ban trung ương MTTQ việt nam | ủy ban mặt trận tổ quốc | ủy ban mặt trận tổ quốc việt nam | ủy ban
    MTTQ | ủy ban MTTQ việt nam | UBMTTQ | UBTW MTTQ | mặt trận tổ quốc việt nam | mặt trận tổ quốc | MTTQ việt nam
    | MTTQ;
trung ương đoàn | trung ương đoàn thanh niên cộng sản hồ chí minh | trung ương đoàn TNCS hồ chí minh;
quân ủy trung ương | QUTW;
thanh tra chính phủ | TTCP;
hội đồng quản trị | HĐQT;
hội đồng thành viên | HĐTV;
cảnh sát giao thông | CSGT;
đội tuyển quốc gia | đội tuyển | tuyển | ĐTQG | ĐT;
câu lạc bộ | CLB
"""

# A body there is one of, with its state's name where it has one.
_ONE_OF_A_KIND: Final = """
phòng thương mại và công nghiệp việt nam | liên đoàn thương mại và công nghiệp việt nam | VCCI;
liên đoàn bóng đá việt nam | VFF;
liên đoàn bóng đá châu á | AFC;
liên đoàn bóng đá châu âu | UEFA;
liên đoàn bóng đá thế giới | liên đoàn bóng đá quốc tế | FIFA;
ủy ban olympic quốc tế | IOC;
tổ chức y tế thế giới | tổ chức y tế thế giới (WHO) | WHO;
tổ chức thương mại thế giới | WTO;
quỹ tiền tệ quốc tế | quỹ tiền tệ quốc tế (IMF) | IMF;
ngân hàng thế giới | WB;
ngân hàng phát triển châu á | ADB;
ngân hàng trung ương châu âu | ECB;
cơ quan năng lượng nguyên tử quốc tế | cơ quan năng lượng nguyên tử quốc tế (IAEA) | IAEA;
cục dự trữ liên bang mỹ | cục dự trữ liên bang mỹ (Fed) | cục dự trữ liên bang (Fed) | cục dự trữ liên bang | ngân
    hàng trung ương mỹ | Fed mỹ | Fed;
manchester United | Manchester Utd | Man United | Man Utd | Man. United | MU | M.U;
manchester City | Man City | Man. City;
tottenham Hotspur | Tottenham;
paris Saint-Germain | Paris Saint Germain | PSG;
barcelona | Barcelona | Barca | Barça;
cục điều tra liên bang mỹ | cục điều tra liên bang (FBI) | cục điều tra liên bang | FBI mỹ | FBI;
cơ quan tình báo trung ương mỹ | cơ quan tình báo trung ương (CIA) | cơ quan tình báo trung ương | CIA mỹ | CIA
"""

MINISTRIES: Final = tuple(tuple(bars(body)) for body in _MINISTRIES.split(";"))
ONE_OF_A_KIND: Final = tuple(tuple(bars(body)) for body in _ONE_OF_A_KIND.split(";"))
BODIES: Final = (*MINISTRIES, *(tuple(bars(body)) for body in _BODIES.split(";")), *ONE_OF_A_KIND)

LEFT_OUT: Final = {
    "bộ trưởng": ("", "bộ "),
    "thứ trưởng": ("", "bộ "),
    "cục trưởng": ("", "cục "),
    "tổng cục trưởng": ("", "tổng cục "),
    "vụ trưởng": ("", "vụ "),
    "viện trưởng": ("", "viện "),
    "hiệu trưởng": ("", "trường ", "của "),
    "thị trưởng": ("", "thành phố ", "TP "),
    "thống đốc": ("", "bang "),
    "tổng giám đốc": ("", "của ", "tập đoàn ", "công ty ", "hãng "),
    "huấn luyện viên": ("", "của ", "câu lạc bộ ", "CLB "),
}
"""Words between a head and its body that say nothing new."""

OF_TOWN: Final = {
    "chủ tịch": ("", "UBND", "ủy ban nhân dân"),
    "bí thư": ("", "thành ủy", "tỉnh ủy"),
}
"""The body that the head of a town or a province leads, whether it is written or not."""

OF_FIRM: Final = (
    "", "HĐQT ", "hội đồng quản trị ", "tập đoàn ", "HĐQT tập đoàn ", "công ty ", "câu lạc bộ ", "CLB ", "của ",
)  # fmt: skip
"""What a chairman's firm may have before its name: "Chủ tịch HĐQT Vingroup" is "Chủ tịch Vingroup"."""

OURS: Final = frozenset(bars("trung ương | nhà nước | nhân dân | chính phủ | mặt trận | quân khu | đảng | quốc hội"))
"""Words of bodies that hardly any other state has: their head is Vietnam's in foreign news, too."""

OF_A_STATE: Final = (
    "hội ", "hiệp hội ", "liên đoàn ", "tổng liên đoàn ", "liên hiệp ", "ủy ban ", "tòa ", "viện kiểm sát",
    "văn phòng ", "cục ", "tổng cục ", "bộ ", "ban ", "mặt trận", "công đoàn ", "đoàn ",
)  # fmt: skip
"""How a body begins that every state may have: without a state it is Vietnam's."""

PORTFOLIOS: Final = bars(
    """
    y tế | dịch vụ | phúc lợi | an sinh | lao động | việc làm | năng lượng | công nghệ | môi trường | thương mại
    | thương binh | công nghiệp | công thương | du lịch | thể thao | giáo dục | đào tạo | văn hóa | truyền thông
    | thông tin | phát triển | nông thôn | nông nghiệp | lâm nghiệp | thủy sản | lương thực | thực phẩm | xã hội
    | gia đình | phụ nữ | trẻ em | thanh niên | dân số | khoa học | nghiên cứu | đổi mới | sáng tạo | kinh tế |
    kế hoạch | đầu tư | tài chính | ngân sách | thuế | hải quan | tư pháp | nội vụ | an ninh | quốc phòng | cựu
    chiến binh | ngoại giao | hợp tác | quốc tế | hội nhập | giao thông | vận tải | cơ sở hạ tầng | hạ tầng |
    xây dựng | nhà ở | đô thị | đất đai | tài nguyên | khoáng sản | mỏ | dầu khí | dầu mỏ | khí hậu | biến đổi
    khí hậu | số | kỹ thuật số | chuyển đổi số | kinh tế số | công cộng | công | tôn giáo | dân tộc | nhân lực |
    đại học | cộng đồng | hòa bình | thống nhất | hàng không | vũ trụ | ngư nghiệp | đại dương | cải cách | hành
    chính | bình đẳng giới | nhân quyền | người cao tuổi | chăm sóc | tiêu dùng | doanh nghiệp | cạnh tranh |
    nhân sinh | con người | sinh thái | chuyển đổi sinh thái
    """
)
"""Words of which names of ministries are made: "Y tế và Dịch vụ Nhân sinh", "Giáo dục, Văn hóa và Thể thao"."""
