"""Where news happens, as newspapers write it: provinces, cities, countries. Data, no rules.

Two reports from different places are seldom one story. Names that are also common words (Nga, Mỹ, Lào, Anh) are matched
with their capital only. Provinces as of July 2025 with the former ones, which newspapers go on naming.
"""

# fmt: off

PROVINCES = (
    "An Giang", "Bà Rịa", "Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Bình Dương",
    "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Đắk Nông",
    "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương",
    "Hải Phòng", "Hậu Giang", "Hòa Bình", "Hồ Chí Minh", "TPHCM", "TP.HCM", "TP HCM", "Sài Gòn", "Hưng Yên",
    "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An", "Nam Định",
    "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh",
    "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Huế", "Tiền Giang",
    "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái", "Phú Quốc", "Côn Đảo", "Lý Sơn", "Đà Lạt",
    "Nha Trang", "Quy Nhơn", "Sa Pa", "Hội An", "Hạ Long", "Thủ Đức", "Cần Giờ",
)

ABROAD = (
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
ALIKE = {
    "tphcm": "hồ chí minh",
    "tp.hcm": "hồ chí minh",
    "tp hcm": "hồ chí minh",
    "sài gòn": "hồ chí minh",
    "nhật": "nhật bản",
    "úc": "australia",
    "ý": "italia",
    "italy": "italia",
    "hong kong": "hồng kông",
    "lebanon": "liban",
    "maroc": "morocco",
    "ả rập xê út": "saudi arabia",
}
