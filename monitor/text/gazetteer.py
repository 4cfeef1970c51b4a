"""Places as Vietnamese newspapers write them, with their spellings: states, unions, provinces, cities. Data, no rules.

Two tables, because they answer two questions. Beside an office stands a state ("Tổng thống Mỹ"): names follow CLDR's
Vietnamese list, widened by what newspapers write; each line is one state, its spellings parted by bars, and one that
begins with "+" is an abbreviation used in lists alone ("Nga - Trung"). News happens at any place, province or town: at
home each line is one place. What rooms ask for is drawn from the tables, so that a new name is written in one line.
"""

from typing import Final

from monitor.text.words import bars

HOME: Final = "việt nam"

_STATES: Final = """
Việt Nam | VN | CHXHCN Việt Nam | Cộng hòa xã hội chủ nghĩa Việt Nam
Mỹ | Hoa Kỳ | Hợp chủng quốc Hoa Kỳ | USA | Washington | Nhà Trắng | Lầu Năm Góc
Nga | Liên bang Nga | Moscow | Matxcơva | Moskva | Mátxcơva | Điện Kremlin | Kremlin
Ukraine | Ukraina | U-crai-na | Kiev | Kyiv
Trung Quốc | CHND Trung Hoa | Cộng hòa Nhân dân Trung Hoa | TQ | +Trung | Bắc Kinh
Anh | Vương quốc Anh | Liên hiệp Anh | Vương quốc Liên hiệp Anh và Bắc Ireland | London | Phố Downing
Pháp | Cộng hòa Pháp | Paris | Điện Elysee | Điện Élysée
Đức | CHLB Đức | Cộng hòa Liên bang Đức | Berlin
Ý | Italy | Italia | I-ta-li-a
Nhật Bản | Nhật | Tokyo
Hàn Quốc | Hàn | Đại Hàn Dân Quốc | Seoul
Triều Tiên | CHDCND Triều Tiên | Bắc Triều Tiên | +Triều | Bình Nhưỡng
Đài Loan
Úc | Australia | Ô-xtrây-li-a | Canberra
New Zealand | Niu Di-lân
Canada | Ca-na-đa | Ottawa
Mexico | Mê-hi-cô
Brazil | Bra-xin | Brasil
Argentina | Ác-hen-ti-na
Chile | Chi-lê
Colombia | Cô-lôm-bi-a
Venezuela | Vê-nê-xu-ê-la | Caracas
Peru
Ecuador
Bolivia
Paraguay
Uruguay
Cuba | Cu-ba
Panama
Honduras
Guatemala
Nicaragua
El Salvador
Costa Rica
Haiti
Jamaica
Dominica | Cộng hòa Dominica
Guyana
Suriname
Trinidad và Tobago
Barbados
Bahamas
Belize
Lào | CHDCND Lào | Cộng hòa Dân chủ Nhân dân Lào
Campuchia | Cam-pu-chia | Phnom Penh
Thái Lan | Thái | Bangkok
Malaysia | Ma-lai-xi-a | Kuala Lumpur
Singapore | Xinh-ga-po
Indonesia | In-đô-nê-xi-a | Jakarta
Philippines | Phi-líp-pin | Philippine | Manila
Myanmar | Mi-an-ma
Brunei | Brunei Darussalam
Timor Leste | Timor-Leste | Đông Timor
Ấn Độ | Ấn | New Delhi
Pakistan | Pa-ki-xtan | Islamabad
Bangladesh | Băng-la-đét
Sri Lanka
Nepal
Bhutan
Maldives
Afghanistan
Mông Cổ
Kazakhstan | Ca-dắc-xtan
Uzbekistan
Turkmenistan
Kyrgyzstan
Tajikistan
Azerbaijan
Armenia
Georgia | Gruzia
Belarus | Bê-la-rút
Moldova
Ba Lan
Séc | CH Séc | Cộng hòa Séc | Czech
Slovakia
Hungary | Hung-ga-ri
Romania | Rumani | Ru-ma-ni
Bulgaria | Bun-ga-ri
Serbia | Xéc-bi-a
Croatia
Slovenia
Bosnia và Herzegovina | Bosnia
Montenegro
Bắc Macedonia
Kosovo
Albania
Hy Lạp
Thổ Nhĩ Kỳ | Thổ | Ankara | Türkiye
Síp | Cyprus
Malta
Tây Ban Nha
Bồ Đào Nha
Hà Lan
Bỉ
Luxembourg
Thụy Sĩ
Áo
Liechtenstein
Monaco
San Marino
Andorra
Ireland | Ai Len | Ai-len
Iceland
Na Uy
Thụy Điển
Phần Lan
Đan Mạch
Greenland
Estonia
Latvia
Litva | Lithuania
Israel | I-xra-en | Ixraen | Tel Aviv
Palestine | Pa-le-xtin | Chính quyền Palestine | Nhà nước Palestine
Iran | I-ran | Tehran
Iraq | I-rắc
Syria | Xi-ri
Lebanon | Li-băng | Li Băng
Jordan | Gioóc-đa-ni
Saudi Arabia | Arab Saudi | Ả Rập Xê Út | Ả-rập Xê-út | Ả Rập Saudi | Ả-rập Saudi | Saudi | Riyadh
UAE | Các Tiểu vương quốc Arab Thống nhất | Các Tiểu vương quốc Ả Rập Thống nhất
Qatar | Ca-ta
Kuwait | Cô-oét
Bahrain
Oman | Ô-man
Yemen | Y-ê-men
Ai Cập | Cairo
Libya | Li-bi
Tunisia
Algeria | An-giê-ri
Morocco | Ma-rốc | Maroc
Sudan | Xu-đăng
Nam Sudan
Ethiopia
Eritrea
Somalia
Djibouti
Kenya
Uganda
Tanzania
Rwanda
Burundi
CHDC Congo | Cộng hòa Dân chủ Congo
Congo | Cộng hòa Congo
Gabon
Cameroon
Nigeria
Niger
Chad
Mali
Burkina Faso
Senegal
Gambia
Guinea
Guinea-Bissau | Guinea Bissau
Guinea Xích Đạo
Sierra Leone
Liberia
Bờ Biển Ngà | Côte d'Ivoire | Cote d'Ivoire
Ghana
Togo
Benin
Mauritania
Cape Verde | Cabo Verde
Angola | Ăng-gô-la
Zambia
Zimbabwe
Malawi
Mozambique | Mô-dăm-bích
Botswana
Namibia
Nam Phi
Lesotho
Eswatini
Madagascar
Mauritius
Seychelles
Comoros
Trung Phi | Cộng hòa Trung Phi
Papua New Guinea
Fiji
Vanuatu
Samoa
Tonga
Tuvalu
Kiribati
Nauru
Palau
Micronesia
Quần đảo Solomon | Solomon
Quần đảo Marshall
Vatican | Tòa thánh Vatican
Liên Xô
Việt Nam Cộng hòa | VNCH
EU | Liên minh châu Âu | Liên minh Châu Âu | Brussels
EC | Ủy ban châu Âu | Ủy ban Châu Âu
NATO | Liên minh quân sự NATO
Liên Hợp Quốc | Liên hợp quốc | Liên Hiệp Quốc | Liên hiệp quốc | LHQ
ASEAN
BRICS
"""

CAPITALS: Final = frozenset(
    bars(
        """
    Washington | Moscow | Matxcơva | Moskva | Mátxcơva | Kiev | Kyiv | Bắc Kinh | London | Paris | Berlin |
    Tokyo | Seoul | Bình Nhưỡng | Canberra | Ottawa | Caracas | Phnom Penh | Bangkok | Kuala Lumpur |
    Jakarta | Manila | New Delhi | Islamabad | Ankara | Tel Aviv | Tehran | Riyadh | Cairo | Brussels |
    Nhà Trắng | Lầu Năm Góc | Điện Kremlin | Kremlin | Phố Downing | Điện Elysee | Điện Élysée
    """
    )
)
"""Capitals and seats of power stand for their government, but no office is named after them ("Thủ tướng London")."""

# Longer names that begin or end like a state and are none: the longer hit hides the shorter one.
DECOYS: Final = bars(
    """
    Mỹ Latin | Mỹ Latinh | Mỹ La-tinh | Nam Mỹ | Bắc Mỹ | Trung Mỹ | châu Mỹ | Mỹ Đình | Mỹ Tho | Mỹ Linh |
    Mỹ Tâm | Mỹ Lệ | Phú Mỹ | Mỹ Hào | Mỹ Đức | Mỹ Sơn | Phú Mỹ Hưng | Mỹ An | Mỹ Khê | Mỹ Thuận | Mỹ Phước
    | Mỹ Xuyên | Mỹ Anh | Nga Sơn | Thúy Nga | Hằng Nga | Việt Nga | Anh Sơn | Anh Đức | Anh Tuấn | Hồng Anh
    | Đức Thọ | Đức Phổ | Đức Hòa | Đức Huệ | Đức Cơ | Hồng Đức | Hiền Đức | Việt Đức | Thiện Nhân | Tam Đức
    | Đức Chúa | Đức Phật | Đức Mẹ | Đức Giáo hoàng | Đức Phanxicô | Ngoại hạng Anh | tiếng Anh | tiếng Pháp
    | tiếng Đức | tiếng Nga | tiếng Nhật | Lào Cai | Thái Bình | Thái Bình Dương | Thái Nguyên | Nam Thái
    Bình Dương | Thái Hòa | Thái Sơn | Hồng Thái | Trung Đông | Trung ương | Trung Bộ | Trung Á | miền Trung
    | Việt Trung | Ấn Độ Dương | Chủ nhật | Áo dài | Bỉ ổi | Chí Thanh | Séc-bi | Niger Delta | Nhật Tảo |
    Nhật Tân | Nhật Lệ
    """
)


# Provinces as of July 2025 with the former ones, which newspapers go on naming; then islands and towns. A line is one
# place. A spelling behind "+" only tells home news (HOME_WORDS), one behind "-" is only a place (PLACES_AT_HOME).
_AT_HOME: Final = """
Hà Nội
-Hồ Chí Minh | -Sài Gòn | TP HCM | TP.HCM | TPHCM | +TP. HCM | +TP Hồ Chí Minh | +TP.Hồ Chí Minh
+Thành phố Hồ Chí Minh
Hải Phòng
Đà Nẵng
Cần Thơ
Huế
An Giang
Bà Rịa
Vũng Tàu
Bắc Giang
Bắc Kạn
Bạc Liêu
Bắc Ninh
Bến Tre
Bình Định
Bình Dương
Bình Phước
Bình Thuận
Cà Mau
Cao Bằng
Đắk Lắk
Đắk Nông
Điện Biên
Đồng Nai
Đồng Tháp
Gia Lai
Hà Giang
Hà Nam
Hà Tĩnh
Hải Dương
Hậu Giang
Hưng Yên
Khánh Hòa
Kiên Giang
Kon Tum
Lai Châu
Lâm Đồng
Lạng Sơn
Lào Cai
Long An
Nam Định
Nghệ An
Ninh Bình
Ninh Thuận
Phú Thọ
Phú Yên
Quảng Bình
Quảng Nam
Quảng Ngãi
Quảng Ninh
Quảng Trị
Sóc Trăng
Sơn La
Tây Ninh
Thái Bình
Thái Nguyên
Thanh Hóa
Tiền Giang
Trà Vinh
Tuyên Quang
Vĩnh Long
Vĩnh Phúc
Yên Bái
Phú Quốc
+Hoàng Sa
+Trường Sa
-Hòa Bình
-Côn Đảo
-Lý Sơn
-Đà Lạt
-Nha Trang
-Quy Nhơn
-Sa Pa
-Hội An
-Hạ Long
-Thủ Đức
-Cần Giờ
"""

_HOME_LINES: Final = tuple(tuple(bars(line)) for line in _AT_HOME.strip().splitlines())

HOME_WORDS: Final = [
    *(spelling.lstrip("+") for line in _HOME_LINES for spelling in line if spelling[0] != "-"),
    *bars(
        """
    UBND | HĐND | Bộ Chính trị | Ban Bí thư | Ban Chấp hành Trung ương | Trung ương Đảng | Đảng bộ | Tỉnh ủy
    | Thành ủy | Quân ủy Trung ương | Ủy ban Thường vụ Quốc hội | Thường vụ Quốc hội | đại biểu Quốc hội |
    Công điện | CĐ-TTg | QĐ-TTg | CT-TTg | nghị quyết của Quốc hội | Văn phòng Chính phủ | Thường trực Chính
    phủ | Thanh tra Chính phủ | Ngân hàng Nhà nước | NHNN | Mặt trận Tổ quốc | Phó Thủ tướng | Bộ Giáo dục
    và Đào tạo | Bộ GD-ĐT | Bộ Xây dựng | Bộ Công Thương | Bộ Nội vụ | Bộ Y tế | Bộ Nông nghiệp và Môi
    trường | Bộ Khoa học và Công nghệ | Bộ Dân tộc | đồng bào | người dân | liệt sĩ | xã hội chủ nghĩa | tỉ
    đồng | tỷ đồng | triệu đồng | nông thôn mới | nước ta | vịnh Bắc Bộ | Bắc Bộ | Nam Bộ | Tây Nguyên | miền
    Bắc | miền Trung | miền Nam | miền Tây | Đồng bằng sông Cửu Long | ĐBSCL
    """
    ),
]
"""Words of Vietnamese home news: beside them "Thủ tướng" is Vietnam's."""


def states() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each state by its first spelling: spellings that may follow an office, and further ones (lists, capitals)."""
    table: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for line in _STATES.strip().splitlines():
        spellings = [word.strip() for word in line.split("|")]
        inner = tuple(word for word in spellings if word[0] != "+" and word not in CAPITALS)
        outer = tuple(word.lstrip("+") for word in spellings if word[0] == "+" or word in CAPITALS)
        table[spellings[0].lower()] = (inner, outer)
    return table


# ---------------------------------------------------------------- where news happens
#
# Two reports from different places are seldom one story. Names that are also common words (Nga, Mỹ, Lào, Anh) are
# matched with their capital only.

PLACES_AT_HOME: Final = frozenset(
    spelling.lstrip("-") for line in _HOME_LINES for spelling in line if spelling[0] != "+"
)

# fmt: off

PLACES_ABROAD: Final = (
    "Mỹ", "Nga", "Ukraine", "Trung Quốc", "Nhật Bản", "Nhật", "Hàn Quốc", "Triều Tiên", "Đài Loan", "Hồng Kông",
    "Hong Kong", "Ấn Độ", "Pakistan", "Afghanistan", "Bangladesh", "Nepal", "Sri Lanka", "Myanmar", "Thái Lan", "Lào",
    "Campuchia", "Malaysia", "Singapore", "Indonesia", "Philippines", "Brunei", "Timor Leste", "Australia", "Úc",
    "New Zealand", "Anh", "Pháp", "Đức", "Italia", "Ý", "Italy", "Tây Ban Nha", "Bồ Đào Nha", "Hà Lan", "Bỉ",
    "Thụy Sĩ", "Thụy Điển", "Na Uy", "Phần Lan", "Đan Mạch", "Ireland", "Iceland", "Ba Lan", "Séc", "Slovakia",
    "Hungary", "Romania", "Bulgaria", "Hy Lạp", "Serbia", "Croatia", "Kosovo", "Albania", "Áo", "Belarus", "Moldova",
    "Litva", "Latvia", "Estonia", "Gruzia", "Armenia", "Azerbaijan", "Kazakhstan", "Uzbekistan", "Thổ Nhĩ Kỳ",
    "Israel", "Palestine", "Gaza", "Bờ Tây", "Liban", "Lebanon", "Syria", "Iraq", "Iran", "Yemen", "Saudi Arabia",
    "Ả Rập Xê Út", "UAE", "Qatar", "Kuwait", "Bahrain", "Oman", "Jordan", "Ai Cập", "Libya", "Tunisia", "Algeria",
    "Morocco", "Maroc", "Sudan", "Nam Sudan", "Ethiopia", "Eritrea", "Somalia", "Kenya", "Uganda", "Rwanda",
    "Burundi", "Tanzania", "Congo", "Nigeria", "Niger", "Mali", "Burkina Faso", "Ghana", "Senegal", "Cameroon",
    "Angola", "Mozambique", "Zimbabwe", "Nam Phi", "Madagascar", "Canada", "Mexico", "Cuba", "Haiti", "Venezuela",
    "Colombia", "Ecuador", "Peru", "Brazil", "Argentina", "Chile", "Bolivia", "Paraguay", "Uruguay", "Panama",
    "Guatemala", "Honduras", "Greenland",
)

# fmt: on

# One place, several names.
ONE_PLACE: Final = {
    **{
        spelling.lstrip("-").lower(): line[0].lstrip("-").lower()
        for line in _HOME_LINES
        for spelling in line[1:]
        if spelling[0] != "+"
    },
    "nhật": "nhật bản",
    "úc": "australia",
    "ý": "italia",
    "italy": "italia",
    "hong kong": "hồng kông",
    "lebanon": "liban",
    "maroc": "morocco",
    "ả rập xê út": "saudi arabia",
}

# Two names of one power: the state, its capital, its seat of government. They are looked for in small letters, so that
# no short form stands here that is a common syllable as well (Hàn, Thái).
SEATS: Final = {
    "washington": "mỹ", "nhà trắng": "mỹ", "lầu năm góc": "mỹ", "hoa kỳ": "mỹ", "usa": "mỹ",
    "moscow": "nga", "moskva": "nga", "mátxcơva": "nga", "matxcơva": "nga", "kremlin": "nga", "điện kremlin": "nga",
    "liên bang nga": "nga", "bắc kinh": "trung quốc", "tokyo": "nhật", "nhật bản": "nhật", "seoul": "hàn quốc",
    "bình nhưỡng": "triều tiên", "london": "anh", "vương quốc anh": "anh", "paris": "pháp", "berlin": "đức",
    "kiev": "ukraine", "kyiv": "ukraine", "ukraina": "ukraine", "tehran": "iran", "tel aviv": "israel",
    "new delhi": "ấn độ", "bangkok": "thái lan", "phnom penh": "campuchia", "hà nội": "hà nội", "úc": "australia",
    "brussels": "eu", "liên minh châu âu": "eu", "liên hợp quốc": "lhq", "liên hiệp quốc": "lhq",
}  # fmt: skip
