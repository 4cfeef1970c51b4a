"""Named sets for `not` and `ignore`: drills, memories, films and advice, which tell of no new happening, and places."""

from typing import Final

SETS: Final = """
diễn tập: diễn tập, giả định: không có thật
    diễn tập | tập dượt | thực tập phương án | thực tập chữa cháy
    thực tập NEAR/3 ("phương án" OR "cứu nạn" OR "chữa cháy") | tình huống giả định | giả định tình huống | hội thao
    hội thi NEAR/6 ("chữa cháy" OR "cứu hộ" OR "cứu nạn" OR "an toàn") | phiên tòa giả định | kịch bản giả định
    huấn luyện NEAR/5 ("chữa cháy" OR "cứu hộ" OR "cứu nạn" OR "thoát hiểm" OR "PCCC") | kỹ năng thoát hiểm
    kỹ năng thoát nạn | ("phương án" OR "kịch bản") NEAR/4 ("cứu nạn" OR "cứu hộ" OR "khẩn nguy" OR "chữa cháy")
    tuyên truyền NEAR/4 ("phòng cháy" OR "PCCC") | trải nghiệm NEAR/4 ("chữa cháy" OR "thoát hiểm") | tổng diễn tập
    not: diễn tập quân sự

hồi tưởng: chuyện đã lâu: kỷ niệm, nhìn lại, năm xưa
    nhìn lại | hồi tưởng | ngày này năm xưa | ngày này năm trước | ký ức NEAR/4 ("về" OR "của" OR "năm")
    tưởng niệm | tưởng nhớ | giỗ | ngày giỗ | năm ngày mất | kỷ niệm NEAR/2 ("năm" OR "ngày") | cách đây NEAR/2 năm
    sau NEAR/2 năm NEAR/8 ("thảm họa" OR "thảm kịch" OR "vụ cháy" OR "vụ tai nạn" OR "trận động đất" OR "cơn bão")
    năm xưa | thời chiến | thế kỷ trước | "thế kỷ XX" | một thời | chuyện cũ | giai thoại | hồi ức | hồi ký
    lịch sử NEAR/3 ("ghi lại" OR "chứng kiến" OR "từng ghi nhận") | tròn NEAR/2 năm | vụ án cũ
    phá án NEAR/6 ("năm trước" OR "kỳ án") | kỳ án | hồ sơ vụ án | "thập niên" NEAR/2 (60 OR 70 OR 80 OR 90)
    not: kỷ niệm đẹp | kỷ niệm ngày cưới
    kỷ niệm NEAR/4 ("Quốc khánh" OR "Cách mạng Tháng Tám" OR "ngày thành lập")

dự báo: chưa xảy ra: dự báo, nguy cơ, sẽ
    dự báo | nguy cơ | dự kiến | dự đoán | kịch bản | tiên tri | cảnh báo sớm | đề phòng | sẵn sàng ứng phó
    lên phương án

kêu gọi phòng: khuyên tránh, cách phòng ngừa
    phòng tránh | phòng ngừa | phòng chống | "phòng, chống" | khuyến cáo | cách nhận biết | cách xử lý | cách phòng
    làm gì khi | làm sao để | cần làm gì | lưu ý | mẹo | kỹ năng | cẩm nang | hướng dẫn | ngăn ngừa | tuyên truyền
    nâng cao nhận thức | những điều cần biết | dấu hiệu nhận biết | bí quyết
    giải pháp NEAR/4 ("giảm" OR "ngăn" OR "phòng")

phim ảnh: trong phim, truyện, kịch, bài hát
    phim | bộ phim | phim truyền hình | tập phim | điện ảnh | phim tài liệu | trailer | tiểu thuyết | truyện
    vở kịch | vở diễn | vở cải lương | MV | nhân vật chính | vai diễn | kịch bản phim | đóng phim | phim trường
    Netflix | màn ảnh | sân khấu | ca khúc | bài hát | tác phẩm | anime | truyện tranh | đoàn phim | công chiếu
    phòng vé | "bom tấn Hollywood" | series | cuốn sách | nhạc kịch | triển lãm | bảo tàng | web drama | gameshow

trò chơi: trò chơi điện tử, câu đố, xổ số
    game | trò chơi | tựa game | game thủ | "Liên Quân" | "Liên Minh Huyền Thoại" | "Free Fire" | PUBG | esports
    câu đố | đố bạn | đố vui | trắc nghiệm | sòng bài | PlayStation | Nintendo | Roblox | "Squid Game" | quiz
    đố mẹo
    not: trò chơi chính trị

xổ số: vé số, trúng số
    xổ số | Vietlott | vé số | trúng độc đắc | độc đắc | jackpot

quảng cáo: bài giới thiệu hàng, khuyến mãi
    khuyến mãi | ưu đãi | giảm giá sốc | mã giảm giá | voucher | "Black Friday" | flash sale | tặng ngay | quà tặng
    mua 1 tặng 1 | trả góp | giá chỉ từ | hotline | đại lý | deal | sale | hội chợ | tri ân khách hàng
    chính sách bán hàng | nhà tài trợ | đồng hành cùng | thương hiệu NEAR/4 ("uy tín" OR "hàng đầu")

hỏi đáp: hỏi bác sĩ, luật sư, bạn đọc hỏi
    bác sĩ trả lời | luật sư trả lời | luật sư tư vấn | bạn đọc hỏi | độc giả hỏi | tôi muốn hỏi | xin hỏi
    tư vấn NEAR/3 ("pháp luật" OR "sức khỏe") | hỏi đáp | có bị phạt không | phạt bao nhiêu tiền | bao nhiêu tiền
    có được không | nên làm gì | phải làm sao | có nên | góc tư vấn | tôi phải làm gì | thưa bác sĩ | thưa luật sư
    bác sĩ tư vấn | bạn đọc viết | chia sẻ từ bạn đọc

thống kê: số liệu chung của tháng, năm, kỳ nghỉ
    thống kê | số vụ | tổng số vụ | 9 tháng đầu năm | 6 tháng đầu năm | nửa đầu năm | "quý I" | "quý II" | "quý III"
    trong năm 2024 | so với cùng kỳ | cùng kỳ năm | toàn quốc xảy ra | cả nước xảy ra | tính đến | trung bình mỗi
    bình quân mỗi | báo cáo của | theo số liệu | kỳ nghỉ lễ NEAR/8 "vụ" | số liệu

tin đồn: chưa xác nhận, tin giả
    tin đồn | đồn đoán | rộ tin | tin giả | chưa xác nhận | chưa được xác nhận | thất thiệt | sai sự thật | bịa đặt
    thực hư | bác tin | bác tin đồn | tin vịt | tung tin | nguồn tin chưa

phủ nhận: điều đó không xảy ra, bị chặn, bất thành
    phủ nhận | bác bỏ | không có chuyện | không có thật | sai sự thật | bác thông tin | bác tin | bất thành
    bị ngăn chặn | ngăn chặn kịp thời | không xảy ra | không có thương vong

tóm tắt tin: bản tin gom nhiều chuyện
    điểm tin | xem nhanh | toàn cảnh 17h | thời sự 24h | bản tin | tin tức sáng | tin tức đặc biệt
    tin tức đáng chú ý | những tin tức | thời sự quốc tế | nhật ký | nóng 24h | tin nóng | đọc nhanh
    chuyển động 24h | tin trong ngày | tin thế giới NEAR/3 (sáng OR chiều OR ngày) | số tin tức | tin tức xem nhiều
    đọc gì trên báo

nước ngoài: xảy ra ở nước khác
    "Trung Quốc" | "Thái Lan" | Campuchia | Indonesia | Philippines | Malaysia | "Nhật Bản" | "Hàn Quốc"
    "Triều Tiên" | "Ấn Độ" | Pakistan | Bangladesh | Nepal | Myanmar | Singapore | "Đài Loan" | "Hong Kong"
    "Hồng Kông" | Ukraine | Italy | "Tây Ban Nha" | "Bồ Đào Nha" | Australia | "New Zealand" | Canada | Mexico
    Brazil | Argentina | Peru | Colombia | Venezuela | Ecuador | Afghanistan | Iran | Iraq | Israel | Gaza | Lebanon
    Syria | Yemen | "Thổ Nhĩ Kỳ" | "Ai Cập" | Nigeria | "Nam Phi" | Kenya | Ethiopia | Sudan | Congo | Tanzania
    Morocco | Tunisia | Libya | Somalia | Madagascar | Mozambique | "Hy Lạp" | "Ba Lan" | Romania | Bulgaria
    Hungary | Serbia | "Hà Lan" | "Thụy Sĩ" | "Thụy Điển" | "Na Uy" | "Đan Mạch" | "Phần Lan" | Slovakia | Ireland
    Scotland | "châu Âu" | "châu Phi" | "Trung Đông" | "Nam Á" | Qatar | UAE | Dubai | "Saudi Arabia" | Kuwait
    "Sri Lanka" | Jamaica | Haiti | Vanuatu | Fiji | "Papua New Guinea" | "Mông Cổ" | Kazakhstan | Georgia | Bangkok
    Jakarta | Manila | "Bắc Kinh" | "Thượng Hải" | Tokyo | Seoul | "New York" | California | "Los Angeles" | London
    Paris | Sydney | Delhi | Florida | Texas | Trump | Putin | Zelensky | Netanyahu | Macron | "Kim Jong" | Lisbon
    Milan | Rome | Berlin | "Tel Aviv" | Kathmandu | Kabul | Islamabad | Mumbai | "New Delhi" | Dhaka | Cairo
    Istanbul | Tehran | Baghdad | Beirut | Damascus | Moscow | Moskva | Matxcơva | Kiev | Kyiv | Washington
    Chicago | Boston | Houston | "Las Vegas" | "San Francisco" | Louisiana | Ohio | Minnesota | Utah | Kentucky
    Melbourne | Brisbane | Toronto | Vancouver | Osaka | Hokkaido | Fukuoka | Busan | "Đài Bắc" | "Ma Cao" | Macau
    "Thâm Quyến" | "Quảng Châu" | "Thành Đô" | "Vũ Hán" | "Quảng Đông" | "Tứ Xuyên" | "Vân Nam" | "Tân Cương"
    "Tây Tạng" | "Phnom Penh" | "Viêng Chăn" | Vientiane | Yangon | "Kuala Lumpur" | Bali | Java | Sumatra | Aceh
    Cebu | Luzon | Mindanao | Phuket | Pattaya | "Chiang Mai" | Bondi | Louvre | "Nhà Trắng" | "Lầu Năm Góc" | NATO
    Hamas | Hezbollah | Houthi | người nước ngoài | thế giới NEAR/2 "tin tức" | =Mỹ | =Nga | =Lào | =Úc | =Chile
    =Cuba | ="ở Anh" | ="tại Anh" | ="nước Anh" | ="người Anh" | ="ở Pháp" | ="tại Pháp" | ="nước Pháp"
    ="người Pháp" | ="ở Đức" | ="tại Đức" | ="nước Đức" | ="người Đức" | ="ở Ý" | ="tại Ý" | ="nước Ý" | ="người Ý"
    ="ở Nhật" | ="tại Nhật" | ="nước Nhật" | ="người Nhật" | ="ở Áo" | ="tại Áo" | ="nước Áo" | ="người Áo"
    ="Tổng thống Pháp" | ="Thủ tướng Anh" | ="cảnh sát Anh" | ="cảnh sát Pháp" | ="cảnh sát Đức" | ="Anh - Pháp"
    ="Vương quốc Anh"
    not: ="Mỹ Đình" | ="Mỹ Tho" | ="Phú Mỹ" | ="Mỹ Hào" | ="Mỹ Đức" | ="Mỹ Sơn" | ="Hoàn Mỹ" | ="Việt Mỹ"
    ="Mỹ Xuân" | ="Mỹ Phước" | ="Mỹ Linh" | ="Mỹ Tâm" | ="Bình Mỹ" | ="Mỹ Lộc" | ="Mỹ An" | ="Tân Mỹ" | ="Thạnh Mỹ"
    ="Mỹ Thuận" | ="Mỹ Thủy" | ="Mỹ Khê" | ="Mỹ Hạnh" | ="Mỹ Lâm" | mỹ phẩm | mỹ thuật | mỹ nhân | thẩm mỹ | hoa mỹ
    mỹ nghệ | ="Lào Cai"

Việt Nam: xảy ra ở Việt Nam (tên tỉnh, thành)
    "Việt Nam" | "Hà Nội" | TP.HCM | "TP HCM" | "Đà Nẵng" | "Hải Phòng" | "Cần Thơ" | Huế | "An Giang" | "Bắc Ninh"
    "Cà Mau" | "Cao Bằng" | "Đắk Lắk" | "Điện Biên" | "Đồng Nai" | "Đồng Tháp" | "Gia Lai" | "Hà Tĩnh" | "Hưng Yên"
    "Khánh Hòa" | "Lai Châu" | "Lạng Sơn" | "Lào Cai" | "Lâm Đồng" | "Nghệ An" | "Ninh Bình" | "Phú Thọ"
    "Quảng Ngãi" | "Quảng Ninh" | "Quảng Trị" | "Sơn La" | "Tây Ninh" | "Thái Nguyên" | "Thanh Hóa" | "Tuyên Quang"
    "Vĩnh Long" | "Bình Dương" | "Vũng Tàu" | "Phú Yên" | "Nha Trang" | "Đà Lạt" | "Quảng Nam" | "Bình Định"
    "Bình Thuận" | "Kon Tum" | "Bình Phước" | "Long An" | "Tiền Giang" | "Bến Tre" | "Kiên Giang" | "Sóc Trăng"
    "Bạc Liêu" | "Hậu Giang" | "Hải Dương" | "Bắc Giang" | "Hà Giang" | "Yên Bái" | "Hòa Bình" | "Nam Định"
    "Thái Bình" | "Vĩnh Phúc" | "Quảng Bình" | "Ninh Thuận" | "Trà Vinh" | "Hà Nam" | "Bắc Kạn" | "Phú Quốc"
    "miền Trung" | "miền Bắc" | "miền Tây" | "Tây Nguyên"
"""
