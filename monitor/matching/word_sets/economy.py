"""Named sets for prices, firms, work on sites and markets."""

from typing import Final

SETS: Final = """
tăng: giá, lượng, chỉ số đi lên
    tăng | tăng giá | tăng lên | tăng thêm | tăng nhẹ | nhích lên | đi lên | leo thang | đắt lên | cao hơn
    hồi phục | phục hồi | bật tăng | gia tăng | đảo chiều tăng | khởi sắc | lên mức | vượt mốc | lên cao | nâng lên
    nhích | trở lại mốc | {tăng mạnh}
    not: tăng cường | tăng ca | tăng ni | tăng động | gia tăng áp lực | tăng tốc | xe tăng | tăng gia | tăng sinh
    đại tăng | sư tăng | tăng đoàn | cao tăng | tăng tuổi thọ | tăng cân | tăng huyết áp | tăng nguy cơ
    tăng nhãn áp | tăng động giảm | tăng cơ | tăng diện tích | tăng sức | tăng đề kháng | tăng miễn dịch
    tăng nhiệt

tăng mạnh: tăng mạnh, tăng vọt, lập đỉnh
    tăng gấp đôi | tăng gấp ba | tăng gấp nhiều lần | tăng mạnh | tăng vọt | tăng sốc | tăng phi mã | tăng kỷ lục
    tăng dựng đứng | tăng chóng mặt | tăng bùng nổ | tăng đột biến | tăng cao | tăng trần | tăng nóng | tăng dữ dội
    tăng liên tục | tăng liên tiếp | tăng không ngừng | tăng nhanh | tăng thẳng đứng | nhảy vọt | lập đỉnh
    phá đỉnh | vượt đỉnh | đạt đỉnh | đỉnh mới | cao nhất lịch sử | cao kỷ lục | đỉnh lịch sử | kỷ lục mới
    lập kỷ lục | phi mã | vọt lên | bật mạnh | tím trần | lên cao nhất | cao chưa từng có | sốt giá
    not: "lập kỷ lục Guinness" | bùng nổ cảm xúc | tăng cao huyết áp | nguy cơ NEAR/6 "tăng gấp đôi"
    tăng gấp đôi nguy cơ

giảm: giá, lượng, chỉ số đi xuống
    giảm | giảm giá | giảm xuống | hạ nhiệt | đi xuống | rẻ hơn | thấp hơn | hạ giá | sụt giảm | suy giảm | rớt giá
    xuống giá | hạ | điều chỉnh giảm | quay đầu giảm | mất mốc | xuống mức | mất giá | đảo chiều giảm | về mức
    chìm trong sắc đỏ | thủng mốc | {giảm mạnh}
    not: giảm cân | giảm mỡ | giảm đau | giảm béo | giảm stress | giảm căng thẳng | giảm án | giảm nhẹ
    giảm nguy cơ | giảm trừ | suy giảm miễn dịch | suy giảm trí nhớ | hạ sát | hạ gục | hạ tầng | hạ viện | hạ cánh
    hạ thủy | hạ tuần | giảm nghèo | thuyên giảm | tinh giảm | hạ đường | hạ du | hạ lưu | hạ huyết áp | giảm ùn tắc
    giảm phát thải | giảm viêm | giảm lo âu | giảm gánh nặng | ="hạ *" | hạ giới | giảm triệu chứng | giảm ô nhiễm
    giảm khí thải | giảm tốc | giảm tải | giảm sốt | hạ sốt

giảm mạnh: giảm mạnh, lao dốc, thủng đáy
    giảm mạnh | giảm sâu | lao dốc | giảm sốc | rơi tự do | rơi mạnh | bốc hơi | sụt mạnh | giảm sàn | tụt dốc
    thủng đáy | rớt thảm | tuột dốc | rớt mạnh | giảm kỷ lục | giảm liên tục | giảm liên tiếp | chạm đáy | mất mốc
    xuống đáy | đổ đèo | sụp đổ giá | bán tháo | tụt mạnh | sụt giảm mạnh | rơi thẳng đứng | sập giá
    rớt giá thê thảm | thổi bay
    not: lao dốc phong độ | phong độ lao dốc

đi ngang: không đổi, ổn định
    đi ngang | giữ nguyên | không đổi | đứng yên | giữ giá | neo cao | chững lại | đứng giá | lặng sóng
    ít biến động | duy trì ở mức | neo ở mức | án binh bất động
    not: bất động sản

kỷ lục: cao nhất từ trước đến nay
    kỷ lục | lập đỉnh | phá đỉnh | đỉnh lịch sử | cao nhất lịch sử | cao nhất từ trước | chưa từng có
    lịch sử NEAR/2 mức | cao nhất mọi thời đại | lớn nhất từ trước | xô đổ

giá: giá cả, mức giá
    giá | mức giá | giá bán | giá cả | giá mua | giá bán ra | giá mua vào | giá trong nước | giá thế giới
    not: đánh giá | đấu giá | giá trị | giá như | giá vẽ | thẩm định giá | băng giá | vô giá | bằng mọi giá | giá đỗ
    trả giá | cái giá | giá rét | đắt giá | giá sách | định giá | quý giá | khung giá vẽ | sáng giá | giá buốt
    thánh giá | hóa giá | danh giá

lãi suất: lãi vay, lãi gửi, lãi điều hành
    lãi suất | lãi vay | lãi huy động | lãi tiền gửi | lãi suất điều hành | lãi suất cơ bản | biên lãi ròng
    lãi suất huy động | điểm cơ bản | lãi suất tiết kiệm
    not: lãi suất cắt cổ | bão lãi suất

tăng lãi suất: lãi suất lên
    "tăng lãi suất" | "nâng lãi suất"
    "lãi suất" NEAR/5 (tăng OR nâng OR "nhích" OR "leo" OR "đi lên" OR "tăng mạnh" OR "lên tới" OR "vượt")
    siết tiền tệ | thắt chặt tiền tệ
    not: chưa tăng lãi suất | không tăng lãi suất

giảm lãi suất: lãi suất xuống
    "giảm lãi suất" | "hạ lãi suất" | "cắt giảm lãi suất"
    "lãi suất" NEAR/5 (giảm OR hạ OR "cắt giảm" OR "đi xuống" OR "hạ nhiệt") | nới lỏng tiền tệ
    nới lỏng định lượng
    not: chưa giảm lãi suất | không giảm lãi suất

lạm phát: lạm phát, chỉ số giá tiêu dùng
    lạm phát | CPI | chỉ số giá tiêu dùng | chỉ số giá | giảm phát | mất giá đồng tiền | bão giá | giá cả leo thang
    PCE
    not: lạm phát huy chương | lạm phát điểm | lạm phát học vị | lạm phát danh hiệu | giảm phát thải

tỷ giá: giá ngoại tệ
    tỷ giá | tỉ giá | "giá USD" | giá đô | giá euro | giá yên | giá nhân dân tệ
    "đồng USD" NEAR/6 (tăng OR giảm OR "mất giá" OR "suy yếu" OR "mạnh lên") | "USD chợ đen" | "USD tự do"
    tỷ giá trung tâm | tỉ giá trung tâm | "chỉ số USD" | "USD Index" | "giá USD hôm nay"

giá vàng: vàng miếng, nhẫn, thế giới
    giá vàng | giá bán vàng | giá mua vàng | giá kim loại quý
    ("vàng miếng" OR "vàng nhẫn" OR "vàng SJC" OR "kim loại quý" OR "vàng trong nước" OR "vàng thế giới"
        OR "nhẫn tròn trơn") NEAR/8 (giá OR tăng OR giảm OR "triệu đồng" OR "mỗi lượng" OR "đi ngang"
        OR "lao dốc" OR "vọt lên" OR "lập đỉnh" OR "niêm yết" OR "mua vào" OR "bán ra" OR USD)
    "USD/ounce" | "USD một ounce" | ounce NEAR/10 vàng
    vàng NEAR/6 ("lập đỉnh" OR "phá đỉnh" OR "mỗi lượng" OR "triệu đồng/lượng" OR "một lượng" OR ounce
        OR "lao dốc" OR "bốc hơi" OR "tăng vọt" OR "tăng giá" OR "giảm giá" OR "kỷ lục" OR "đầu tư vàng")
    vàng NEAR/4 (tăng OR giảm OR "tăng mạnh" OR "giảm mạnh" OR "xuống" OR "lên" OR "neo" OR "vượt mốc"
        OR "đỉnh") NEAR/8 ("triệu đồng" OR USD OR "chứng khoán" OR lượng OR bạc)
    not: huy chương vàng | giải vàng | quả bóng vàng | thẻ vàng | thời gian vàng | cơ hội vàng | bàn tay vàng
    trộm vàng | cướp vàng | cướp tiệm vàng | vàng mã | vàng da | tiệm vàng bị | lá vàng | mùa vàng | thế hệ vàng
    thời vàng | cát vàng | lúa vàng | sao vàng | kỷ lục vàng | "HC vàng" | chiếc giày vàng | gạo vàng
    "giá vàng mã" | giả NEAR/3 "vàng miếng" | trị giá

giá xăng: giá xăng dầu trong nước
    (xăng OR "xăng dầu" OR "dầu diesel" OR E10 OR "xăng E10") NEAR/5 (giá OR "tăng giá" OR "giảm giá"
        OR "điều chỉnh")
    giá xăng | "xăng RON" | "RON 95" | "RON 95-III" | "E5 RON" | giá bán lẻ xăng | kỳ điều hành xăng
    giá nhiên liệu | (xăng OR dầu) NEAR/4 (tăng OR giảm) NEAR/6 (đồng OR lít)
    xăng NEAR/5 ("đồng/lít" OR "đồng một lít" OR "mỗi lít")
    not: xe xăng | trạm xăng bị | cây xăng bị | xe máy xăng | tưới xăng | đổ xăng đốt | tạt xăng

giá dầu: giá dầu thô thế giới
    giá dầu | dầu thô | "dầu Brent" | "dầu WTI" | Brent NEAR/6 (USD OR giá OR thùng) | WTI | OPEC | thùng dầu
    "USD mỗi thùng" | "USD/thùng" | "USD một thùng"
    not: giá dầu gội | giá dầu ăn | giá dầu nhớt

giá cà phê: giá cà phê, nông sản cùng loại
    giá cà phê
    cà phê NEAR/6 ("đồng/kg" OR "đồng một kg" OR "mỗi kg" OR Robusta OR Arabica OR "USD/tấn" OR "một tấn"
        OR "xuất khẩu" OR "thu hoạch" OR "niên vụ" OR "được giá" OR "mất giá" OR "tăng giá" OR "giảm giá"
        OR "lập đỉnh")
    Robusta | Arabica
    not: quán cà phê | ly cà phê | uống cà phê | tách cà phê

giá nhà đất: giá nhà, đất, căn hộ
    giá nhà | giá đất | giá căn hộ | giá chung cư | giá bất động sản | bảng giá đất | giá thuê nhà | sốt đất
    giá bán căn hộ
    (chung cư OR "căn hộ" OR "đất nền" OR "nhà phố" OR "biệt thự") NEAR/6 ("tăng giá" OR "giảm giá" OR "mỗi m2"
        OR "một m2" OR "triệu đồng/m2" OR "tỷ đồng" OR "tỉ đồng")

bất động sản: thị trường nhà đất
    bất động sản | địa ốc | nhà đất | {giá nhà đất} | đất nền | condotel | thị trường căn hộ | nhà ở thương mại

nhà ở xã hội: nhà ở xã hội, nhà giá rẻ
    nhà ở xã hội | NOXH | nhà xã hội | nhà ở giá rẻ | nhà thu nhập thấp | nhà ở công nhân | nhà giá phù hợp
    căn hộ xã hội | nhà ở vừa túi tiền

thuế quan: thuế với hàng nhập khẩu
    thuế quan | áp thuế | đòn thuế | thuế nhập khẩu | thuế đối ứng | thuế bổ sung | thuế chống bán phá giá
    thuế chống trợ cấp | "Mục 232" | "Điều khoản 301" | biểu thuế | hàng rào thuế
    mức thuế NEAR/8 ("hàng hóa" OR "xuất khẩu" OR "nhập khẩu" OR Mỹ)
    đánh thuế NEAR/8 ("hàng" OR "nhập khẩu" OR Mỹ OR "nước") | hoãn thuế | thuế trả đũa
    thuế NEAR/4 ("nhập khẩu" OR "hàng hóa")
    not: áp thuế tiêu thụ đặc biệt | áp thuế thu nhập | áp thuế đất | áp thuế hộ kinh doanh | phi thuế quan
    áp thuế NEAR/5 (VAT OR "người giàu" OR "lợi nhuận" OR "tài sản" OR "giá trị gia tăng" OR "hộ kinh doanh"
        OR "thu nhập" OR "tiêu thụ")

thuế: thuế trong nước, kê khai, nộp thuế
    thuế | tiền thuế | kê khai thuế | nộp thuế | thuế thu nhập | VAT | giảm trừ gia cảnh | quyết toán thuế
    hoàn thuế | thuế khoán | hóa đơn điện tử
    not: {thuế quan}

xuất khẩu: hàng bán ra nước ngoài
    xuất khẩu | kim ngạch | xuất siêu | nhập siêu | nhập khẩu | thặng dư thương mại | thâm hụt thương mại
    xuất nhập khẩu
    not: xuất khẩu lao động

phá sản: vỡ nợ, đóng cửa doanh nghiệp
    giải thể NEAR/5 ("doanh nghiệp" OR "công ty" OR "hãng" OR "tập đoàn" OR "hợp tác xã") | phá sản | vỡ nợ
    đóng cửa hàng loạt | mất khả năng thanh toán | mất khả năng chi trả | rút khỏi thị trường | bên bờ vực
    bảo hộ phá sản | sập tiệm | trả mặt bằng | đóng cửa vĩnh viễn | nộp đơn NEAR/3 "phá sản"
    not: giải thể trường | phá sản kế hoạch | giải thể đảng | kế hoạch phá sản | âm mưu phá sản | giải thể thanh tra
    giải thể sở | giải thể phòng | giải thể ban
    giải thể NEAR/4 ("trung tâm" OR "thanh tra" OR "đơn vị" OR "trường" OR "nghị viện" OR "đảng")

thâu tóm: mua bán, hợp nhất doanh nghiệp
    mua lại NEAR/6 ("công ty" OR "cổ phần" OR USD OR "tỷ" OR "tỉ" OR "thương hiệu" OR "chuỗi" OR "hãng"
        OR "startup" OR "tập đoàn" OR "ngân hàng" OR "mảng")
    thâu tóm | "M&A" | thoái vốn | mua cổ phần | bán cổ phần | thương vụ | về tay | nắm quyền chi phối
    chuyển nhượng cổ phần | đổi chủ | bán mình
    (sáp nhập OR "hợp nhất") NEAR/6 ("công ty" OR "ngân hàng" OR "tập đoàn" OR "hãng" OR "doanh nghiệp"
        OR "thương vụ" OR "cổ phần" OR USD OR Grab)
    not: thương vụ chuyển nhượng | mua lại cầu thủ | mua lại hợp đồng | thuốc mua lại

sáp nhập: hợp nhất nói chung: doanh nghiệp, trường, sở, tỉnh, xã
    sáp nhập | hợp nhất | {thâu tóm} | {sáp nhập địa giới}
    not: doanh thu hợp nhất | báo cáo hợp nhất | báo cáo tài chính hợp nhất | lợi nhuận hợp nhất

sáp nhập địa giới: sáp nhập tỉnh, xã, sắp xếp bộ máy
    sáp nhập tỉnh | sáp nhập xã | sáp nhập phường | sau sáp nhập | sáp nhập đơn vị hành chính
    sắp xếp đơn vị hành chính | sắp xếp bộ máy | tinh gọn bộ máy | chính quyền 2 cấp
    chính quyền địa phương hai cấp | chính quyền địa phương 2 cấp | hợp nhất sở | bỏ cấp huyện | tinh giản biên chế
    sáp nhập NEAR/5 (tỉnh OR xã OR phường OR huyện OR "thành phố" OR bộ OR sở OR "đơn vị" OR trường)

niêm yết: lên sàn, chào bán cổ phiếu
    niêm yết | IPO | lên sàn | chào sàn | phát hành cổ phiếu | chào bán cổ phiếu | đợt chào bán | hủy niêm yết
    giao dịch phiên đầu
    not: giá niêm yết | niêm yết giá | niêm yết công khai | mức niêm yết | niêm yết ở mức | niêm yết mua vào
    niêm yết quanh | được niêm yết NEAR/6 "đồng" | không niêm yết giá | niêm yết danh sách | lên sàn diễn
    niêm yết NEAR/5 "biển số" | sàn đấu giá

sa thải: cắt việc làm, mất việc
    sa thải | cắt giảm nhân sự | cắt giảm lao động | cắt giảm việc làm | mất việc | cho nghỉ việc | cho thôi việc
    buộc thôi việc | đuổi việc | tinh giản nhân sự | cắt giảm nhân viên | bị nghỉ việc | bị cho nghỉ
    nghỉ việc hàng loạt | cắt hợp đồng lao động | cắt NEAR/2 ("nhân sự" OR "việc làm" OR "nhân viên" OR "biên chế")
    dư thừa lao động
    not: "sa thải HLV" | sa thải ban huấn luyện | "HLV bị sa thải" | sa thải huấn luyện viên
    {huấn luyện viên} NEAR/6 "sa thải" | "sa thải" NEAR/3 (Amorim OR Postecoglou OR Slot)
    {huấn luyện viên} NEAR/10 "mất việc"
    "sa thải" NEAR/8 (CLB OR "Man Utd" OR "Man United" OR MU OR Chelsea OR Nottingham OR Tottenham
        OR "Real Madrid" OR "đội tuyển" OR "tuyển" OR FAM)

cắt giảm nhân sự: sa thải nhiều người một lúc
    cắt giảm nhân sự | cắt giảm lao động | cắt giảm việc làm | cắt giảm nhân viên | tinh giản nhân sự
    nghỉ việc hàng loạt | mất việc hàng loạt | làn sóng sa thải | đợt sa thải
    cắt NEAR/2 ("nhân sự" OR "việc làm" OR "nhân viên" OR "biên chế") | dư thừa lao động
    ("sa thải" OR "mất việc" OR "cho nghỉ việc" OR "cho thôi việc") NEAR/6 ("nhân viên" OR "nhân sự"
        OR "lao động" OR "hàng loạt" OR "công nhân" OR "nghìn" OR "ngàn" OR "hàng trăm" OR "nghìn người"
        OR "việc làm" OR "kỹ sư" OR "tiếp viên" OR "công chức")

thất nghiệp: không có việc, thiếu việc
    thất nghiệp | mất việc | thiếu việc làm | không có việc làm | tỷ lệ thất nghiệp | trợ cấp thất nghiệp
    bảo hiểm thất nghiệp
    not: mong thất nghiệp | {huấn luyện viên} NEAR/10 "mất việc" | "đồng nghiệp" NEAR/6 "mất việc"

đầu tư: bỏ vốn, rót vốn, dự án
    đầu tư | rót vốn | rót NEAR/4 (tỷ OR tỉ OR triệu OR USD) | bỏ vốn | góp vốn | gọi vốn | FDI | vốn ngoại
    vốn đầu tư | đổ vốn | xây nhà máy | mở nhà máy | tăng vốn | nhà đầu tư | giải ngân | "vốn ODA" | đầu tư công
    hút vốn | "dự án tỷ USD"

khởi công: bắt đầu xây dựng
    khởi công | động thổ | khởi động dự án | lễ khởi công | bắt đầu thi công | đặt viên gạch | đặt viên đá
    triển khai thi công | phát lệnh khởi công | bấm nút khởi công | bắt đầu xây dựng | bắt đầu xây

khánh thành: công trình xong, đưa vào dùng
    khánh thành | thông xe | hợp long | khai trương | đưa vào sử dụng | đưa vào khai thác | đưa vào vận hành
    đi vào hoạt động | chính thức vận hành | vận hành thử | chạy thử | cắt băng | thông tuyến | nghiệm thu
    chuyến bay đầu tiên | bàn giao NEAR/4 ("dự án" OR "công trình" OR "cầu" OR "nhà" OR "tuyến" OR "đường")
    mở cửa đón | hoàn thành NEAR/4 ("dự án" OR "công trình" OR "tuyến" OR "cao tốc")
    not: khai trương mùa giải

chậm tiến độ: dự án chậm, dở dang, đội vốn
    chậm tiến độ | trễ tiến độ | đội vốn | dở dang | đắp chiếu | ì ạch | bỏ hoang | chậm trễ | trễ hẹn | lỡ hẹn
    lùi thời hạn | lùi tiến độ | vướng mặt bằng | vướng giải phóng mặt bằng | dự án treo | đình trệ | rùa bò
    chậm bàn giao | vướng mắc mặt bằng

giải phóng mặt bằng: thu hồi đất, đền bù, tái định cư
    giải phóng mặt bằng | GPMB | thu hồi đất | đền bù
    bồi thường NEAR/6 (đất OR "mặt bằng" OR "hộ dân" OR "tái định cư") | tái định cư
    cưỡng chế NEAR/5 ("thu hồi" OR đất OR "mặt bằng" OR "hộ dân" OR "tháo dỡ") | bàn giao mặt bằng

đấu giá: bán đấu giá
    đấu giá | phiên đấu giá | trúng đấu giá | giá khởi điểm | đấu giá đất | đấu giá biển số | bỏ cọc
    trả giá cao nhất | gõ búa | Sotheby's | Christie's

đấu thầu: mời thầu, trúng thầu
    đấu thầu | trúng thầu | gói thầu | mời thầu | chỉ định thầu | thông thầu | nhà thầu | liên danh
    chọn nhà đầu tư

chứng khoán: thị trường cổ phiếu
    chứng khoán | VN-Index | cổ phiếu | "sàn HoSE" | HoSE | HNX | "Phố Wall" | "Dow Jones" | Nasdaq | "S&P 500"
    khối ngoại | thanh khoản NEAR/6 (phiên OR "thị trường") | "nhóm VN30" | bluechip | tự doanh | vốn hóa
    nâng hạng thị trường | phiên giao dịch | bán ròng | mua ròng | Nikkei | Kospi
    not: khối ngoại ngữ

thị trường chứng khoán: diễn biến chung của sàn Việt Nam
    VN-Index | VNIndex | VN30 | "chứng khoán Việt Nam" | thị trường chứng khoán
    chứng khoán NEAR/4 (tăng OR giảm OR "tuần này" OR "tuần tới" OR "phiên" OR "hôm nay" OR "lập đỉnh"
        OR "lao dốc" OR "điều chỉnh" OR "rung lắc" OR "bứt phá")
    khối ngoại NEAR/6 ("bán ròng" OR "mua ròng" OR "rút" OR "trở lại")
    nâng hạng NEAR/10 (FTSE OR "thị trường" OR "chứng khoán")
    thanh khoản NEAR/8 ("thị trường" OR "phiên" OR "sàn" OR HoSE)
    not: "chứng khoán Mỹ" | "chứng khoán châu Á" | "chứng khoán Nhật" | "chứng khoán Trung Quốc"
    chứng khoán toàn cầu | chứng khoán thế giới | "thị trường chứng khoán Mỹ" | "chứng khoán Hàn Quốc"
    khối ngoại ngữ

trái phiếu: trái phiếu doanh nghiệp, chính phủ
    trái phiếu | trái chủ | lô trái phiếu | lợi suất trái phiếu | chậm trả trái phiếu

tiền số: tiền số, tài sản mã hóa
    tiền số | tiền ảo | tiền điện tử | tiền mã hóa | Bitcoin | Ethereum | crypto | tài sản số | tài sản mã hóa
    stablecoin | blockchain

lợi nhuận: kết quả kinh doanh có lãi
    lợi nhuận | lãi ròng | lãi trước thuế | lãi sau thuế | báo lãi | có lãi | lãi lớn | lãi kỷ lục | lãi hơn
    lãi gần | doanh thu | kết quả kinh doanh | chia cổ tức | cổ tức | lãi đậm
    not: doanh thu phòng vé | doanh thu NEAR/4 ("phòng vé" OR phim)

thua lỗ: lỗ vốn, làm ăn sa sút
    thua lỗ | báo lỗ | lỗ nặng | lỗ lũy kế | lỗ ròng | lỗ hơn | lỗ gần | lỗ kỷ lục | lỗ hàng | bị lỗ | lỗ vốn
    âm vốn | lợi nhuận giảm | ế ẩm | doanh thu giảm | lỗ NEAR/3 (tỷ OR tỉ OR triệu)
    not: lỗ hổng

tăng trưởng: GDP, kinh tế lớn lên
    tăng trưởng | GDP | GRDP | tăng trưởng kinh tế | suy thoái | hạ dự báo tăng trưởng | nâng dự báo tăng trưởng
    not: tăng trưởng chiều cao | hormone tăng trưởng | chậm tăng trưởng ở trẻ

thu hồi sản phẩm: rút hàng lỗi, nguy hiểm khỏi thị trường
    thu hồi sản phẩm | triệu hồi | đình chỉ lưu hành | thu hồi toàn quốc | thu hồi lô | thu hồi thuốc
    thu hồi mỹ phẩm | thu hồi xe | thu hồi và tiêu hủy | tiêu hủy
    thu hồi NEAR/6 ("sản phẩm" OR "lô" OR "mỹ phẩm" OR "thuốc" OR "xe" OR "sữa" OR "hàng")
    not: thu hồi đất | triệu hồi đại sứ | triệu hồi tuyển thủ
    triệu hồi NEAR/8 ("đại sứ" OR "ngoại giao" OR "cầu thủ")
"""
