"""Named sets for matches, players and titles."""

from typing import Final

SETS: Final = """
thắng: đội, người thắng trận
    thắng | chiến thắng | đánh bại | hạ gục | đè bẹp | ="vượt qua *" | ="Vượt qua *" | vùi dập | quật ngã | hủy diệt
    ngược dòng | thắng đậm | thắng dễ | thắng sát nút | giành 3 điểm | giành trọn 3 điểm | giành ba điểm
    trọn ba điểm | toàn thắng | thắng lợi | đả bại | lội ngược dòng | khuất phục | nhấn chìm | vô địch | giành vé
    vào chung kết | lên ngôi | ="hạ *" | ="Hạ *" | ="thắng *" | hạ NEAR/3 ("chủ nhà" OR "đối thủ" OR "đương kim")
    thắng thuyết phục | thắng nghẹt thở | thắng kịch tính | thắng NEAR/2 tỷ số | "giành HCV" | "đoạt HCV"
    giành huy chương vàng | "HCV SEA Games" | 3 điểm trọn vẹn
    not: thắng cảnh | danh thắng | thắng kiện | thắng cử | thắng thầu | bàn thắng | chưa thắng | không thắng
    sẽ thắng | thắng tích | muốn thắng | phải thắng | thắng thua | cần thắng | quyết thắng | đặt mục tiêu thắng
    nếu thắng | ="Văn Thắng" | ="Đại Thắng" | ="Quang Thắng" | ="Đức Thắng" | ="Việt Thắng" | ="Chiến Thắng"
    ="Toàn Thắng" | ="Quyết Thắng" | ="Minh Thắng" | ="Xuân Thắng" | ="Mạnh Thắng" | ="Hữu Thắng" | ="Công Thắng"
    ="Ngọc Thắng" | có thể thắng | dự đoán thắng | ngày chiến thắng | khát khao chiến thắng | ý chí chiến thắng
    bỏ lỡ chiến thắng | đánh rơi chiến thắng | hy vọng chiến thắng | mơ chiến thắng | tay thắng | phanh thắng
    tự tin thắng | vô địch thế giới năm | chiến thắng bản thân | chiến thắng bệnh | chiến thắng ung thư
    đương kim vô địch | nhà vô địch | ="Hạ Long" | ="hạ Long" | để thắng | giải vô địch | sẽ vô địch
    ứng viên vô địch | tự tin vượt qua | đủ sức thắng | đua vô địch | để vô địch | vô địch nào | mơ vô địch
    cơ hội vô địch | mục tiêu vô địch
    giải NEAR/4 ("vô địch quốc gia" OR "vô địch thế giới" OR "vô địch toàn quốc")

thua: đội, người thua trận
    thua | thất bại | bại trận | thảm bại | thua đau | thua đậm | thua sốc | gục ngã | dừng bước | bị loại
    bị đánh bại | để thua | thua ngược | thua sát nút | bị vùi dập | mất ngôi | trắng tay | ôm hận | nhận thất bại
    phơi áo | thua cay đắng | thua trận | thua trắng
    not: thua lỗ | thua kém | thua kiện | chịu thua | không chịu thua | thua thiệt | thắng thua | không thua
    chưa thua | chẳng thua | thua cử | thất bại trong hôn nhân | thất bại là mẹ | chưa từng thất bại | sợ thất bại
    bất bại

hòa: trận hòa, chia điểm
    cầm hòa | chia điểm | trận hòa | tỷ số hòa | tỉ số hòa | bị cầm chân | cầm chân | bất phân thắng bại
    hòa kịch tính | hòa không bàn thắng | gỡ hòa | hòa NEAR/3 ("0-0" OR "1-1" OR "2-2" OR "3-3") | hòa thất vọng
    hòa nhạt nhòa | hòa đáng tiếc
    hòa NEAR/4 (trận OR "chủ nhà" OR "đối thủ" OR "trên sân" OR CLB OR "điểm" OR "phút")
    not: hòa bình | hòa giải | hòa nhạc | hòa mình | hòa nhập | hòa hợp | ="Khánh Hòa" | ="Biên Hòa" | ="Hòa Bình"
    ="Hòa Phát" | ="Tuy Hòa" | ="Đông Hòa" | ="Hòa Minzy" | ="Hòa Xuân" | bão hòa | hòa đàm | hòa âm | hòa tan
    hòa quyện | hài hòa | cộng hòa | trung hòa | điều hòa | khung hòa | hòa vốn

vô địch: giành chức vô địch, lên ngôi
    vô địch | đăng quang | lên ngôi | nâng cúp | chức vô địch | giành cúp | đoạt cúp | ngôi vương | ngôi vô địch
    bảo vệ thành công | nhất toàn đoàn | "đoạt HCV" | "giành HCV" | huy chương vàng | giành danh hiệu
    đoạt danh hiệu | hoàn tất cú ăn
    not: nhà vô địch | nhà đương kim vô địch | đương kim vô địch | đua vô địch | cuộc đua vô địch | ứng viên vô địch
    đăng quang hoa hậu | ứng cử viên vô địch | giải vô địch | tranh chức vô địch | cựu vô địch | mơ vô địch
    đua tới ngôi vô địch | cơ hội vô địch | mục tiêu vô địch
    giải NEAR/4 ("vô địch quốc gia" OR "vô địch thế giới" OR "vô địch toàn quốc") | ="Đăng Quang"

đi tiếp: vào vòng sau, chung kết
    đi tiếp | vào chung kết | vào bán kết | vào tứ kết | giành vé | đoạt vé | lấy vé | ghi tên mình vào
    vượt qua vòng loại | thẳng tiến | góp mặt ở chung kết | giành quyền | có vé | tranh chung kết
    not: vào vòng lao lý | vào vòng xoáy | vào vòng tay | vào vòng cấm | vào vòng quay

bị loại: dừng bước, rớt hạng
    bị loại | dừng bước | rớt hạng | xuống hạng | sớm về nước | chia tay giải | mất vé | hết cơ hội | loại khỏi
    not: bị loại khỏi biên chế | bị loại bỏ | loại khỏi danh sách vay

ghi bàn: ghi bàn, kiến tạo, lập công
    kiến tạo NEAR/8 (bàn OR "bàn thắng" OR "pha" OR "đồng đội" OR "tiền đạo" OR "tiền vệ" OR "ghi bàn"
        OR "cú đúp" OR "thắng" OR "trận")
    ghi bàn | lập công | lập cú đúp | cú đúp | hat-trick | hat trick | bàn thắng | siêu phẩm | nổ súng | xé lưới
    ghi bàn thắng | mở tỷ số | mở tỉ số | gỡ hòa | lập siêu phẩm | phản lưới | ấn định tỷ số | poker
    chọc thủng lưới | sút tung lưới | đánh đầu ghi | sút phạt thành bàn
    not: nổ súng trấn áp | kiến tạo hòa bình | kiến tạo tương lai | kiến tạo phát triển | chính phủ kiến tạo
    nhà nước kiến tạo | nổ súng bắn | nổ súng vào | kiến tạo không gian
    kiến tạo NEAR/3 ("đô thị" OR "cuộc sống" OR "giá trị" OR "chính sách" OR "môi trường")

chuyển nhượng: mua bán, ký hợp đồng cầu thủ
    (chuyển nhượng OR "tân binh" OR "chiêu mộ") NEAR/15 ({bóng đá} OR "mùa hè" OR "kỳ chuyển nhượng" OR "hậu vệ"
        OR "Real" OR "Barca" OR Bayern OR PSG OR "mùa đông")
    kỷ lục chuyển nhượng | kỳ chuyển nhượng | mục tiêu chuyển nhượng | tin chuyển nhượng
    gia nhập NEAR/5 (CLB OR "đội bóng" OR Liverpool OR MU OR Chelsea OR Arsenal OR Barca OR Real OR Bayern
        OR "V-League")
    đầu quân | phí chuyển nhượng | bản hợp đồng | thị trường chuyển nhượng | cập bến | cho mượn | mượn cầu thủ
    phá vỡ hợp đồng | kích hoạt điều khoản | ký hợp đồng NEAR/6 (CLB OR "cầu thủ" OR "tiền đạo" OR "mùa" OR "đội")
    gia hạn hợp đồng | gia hạn NEAR/4 (Salah OR "cầu thủ" OR "tiền đạo" OR "tiền vệ" OR "hậu vệ") | "rời CLB"
    đồng ý rời | bom tấn NEAR/5 ("hè" OR "mùa đông" OR "chuyển nhượng" OR "cầu thủ")
    not: chuyển nhượng đất | chuyển nhượng nhà | chuyển nhượng bất động sản | chuyển nhượng cổ phần
    chuyển nhượng quyền | chuyển nhượng vốn | chuyển nhượng dự án | chiêu mộ nhân tài | tân binh gameshow
    tân binh nhập ngũ | tân binh toàn năng | nhận chuyển nhượng | hợp đồng chuyển nhượng đất

chấn thương: cầu thủ đau, nghỉ thi đấu
    chấn thương NEAR/15 ({thể thao} OR "mùa giải" OR "thi đấu" OR "rời sân" OR "đội hình" OR "trở lại"
        OR "vắng mặt" OR "trận")
    bình phục | phẫu thuật NEAR/6 ("cầu thủ" OR "tiền đạo" OR "hậu vệ" OR "đầu gối" OR "mắt cá" OR "dây chằng")
    đứt dây chằng | vắng mặt vì | nghỉ thi đấu | rách cơ | đau gân kheo | rời sân bằng cáng | nghỉ hết mùa
    trở lại sau chấn thương | nằm cáng | tập tễnh rời sân
    not: chấn thương tâm lý | chấn thương sọ não | đa chấn thương | chấn thương chỉnh hình | chấn thương tinh thần
    chấn thương tuổi thơ

huy chương: huy chương thể thao
    huy chương | HCV | HCB | HCĐ | huy chương vàng | huy chương bạc | huy chương đồng | "HC vàng" | "HC bạc"
    "HC đồng" | "tấm HCV" | bảng tổng sắp
    not: huy chương kháng chiến | huy chương dũng cảm | huy chương NEAR/3 ("kháng chiến" OR "danh dự")

giải nghệ: thôi thi đấu
    giải nghệ | treo giày | treo vợt | treo găng | chia tay sân cỏ | chia tay đội tuyển | kết thúc sự nghiệp
    từ giã sân cỏ | giã từ sân cỏ | treo giò vĩnh viễn | nghỉ thi đấu vĩnh viễn

thay huấn luyện viên: HLV bị sa thải, từ chức, thay
    "sa thải HLV" | "HLV bị sa thải" | "thay HLV" | thay tướng | "chia tay HLV" | "bổ nhiệm HLV" | "tân HLV"
    mất ghế | "HLV trưởng mới" | "HLV tạm quyền" | bay ghế | bị sa thải NEAR/10 {huấn luyện viên}
    "sa thải" NEAR/6 {huấn luyện viên}
    {huấn luyện viên} NEAR/6 ("từ chức" OR "ra đi" OR "mất việc" OR "chia tay" OR "bị bãi nhiệm" OR "thay thế")
    chấm dứt hợp đồng NEAR/5 {huấn luyện viên} | ghế nóng | trảm tướng
    not: thay tướng trên sân

huấn luyện viên: người cầm quân
    HLV | huấn luyện viên | thuyền trưởng | nhà cầm quân | chiến lược gia | "thầy Park" | "thầy Kim"
    not: thuyền trưởng tàu | thuyền trưởng NEAR/4 (tàu OR "tàu cá" OR "tàu hàng" OR phà)

tuyển Việt Nam: các đội tuyển bóng đá Việt Nam
    "U.23 Việt Nam" | "U.22 Việt Nam" | "U.17 Việt Nam" | "U.16 Việt Nam" | "U.19 Việt Nam" | "U.20 Việt Nam"
    "U.21 Việt Nam" | "U.22 VN" | "U.23 VN" | "U.17 nữ Việt Nam" | "tuyển nữ VN" | "đội tuyển VN"
    "thầy trò HLV Mai Đức Chung" | "tuyển Việt Nam" | "ĐT Việt Nam" | "đội tuyển Việt Nam" | "tuyển nữ Việt Nam"
    "U23 Việt Nam" | "U22 Việt Nam" | "U17 Việt Nam" | "U16 Việt Nam" | "U19 Việt Nam" | "U20 Việt Nam"
    "U21 Việt Nam" | "U17 nữ Việt Nam" | "U20 nữ Việt Nam" | "U19 nữ Việt Nam" | "tuyển futsal Việt Nam"
    "tuyển futsal nữ Việt Nam" | "futsal Việt Nam" | "đội tuyển nữ Việt Nam" | "tuyển bóng đá nữ Việt Nam"
    "bóng đá nữ Việt Nam" | "bóng đá Việt Nam" | "đội tuyển quốc gia Việt Nam" | "thầy trò HLV Kim"
    "HLV Kim Sang-sik" | "HLV Mai Đức Chung" | "U22 VN" | "U23 VN" | "tuyển VN" | "nữ Việt Nam" | "đội U22 Việt Nam"
    ("U22" OR "U23" OR "U17" OR "U.22" OR "U.23" OR "U.17") NEAR/2 ="Việt Nam" | "thầy Kim"
    not: "tuyển Việt Nam năm" | "bóng chuyền nữ Việt Nam" | "tuyển bóng chuyền" NEAR/3 "Việt Nam"
    "phụ nữ Việt Nam" | "hội liên hiệp phụ nữ Việt Nam" | "báo phụ nữ Việt Nam" | "hàng tuyển Việt Nam"

bóng đá: trận đấu, giải, câu lạc bộ bóng đá
    bóng đá | V-League | "V League" | "Ngoại hạng Anh" | "Champions League" | "La Liga" | "Serie A" | Bundesliga
    "Ligue 1" | "AFF Cup" | "ASEAN Cup" | "World Cup" | "Asian Cup" | AFC | FIFA | VFF | CLB | cầu thủ | tiền đạo
    tiền vệ | hậu vệ | thủ môn | futsal | HLV | trận đấu | sân cỏ | bàn thắng | đội bóng | vòng loại | tuyển thủ
    trọng tài | penalty | phạt đền | derby | "Man City" | "Man United" | MU | Liverpool | Arsenal | Chelsea
    Barcelona | "Real Madrid" | U23 | U22 | U17
    not: "CLB đọc sách"

thể thao: thi đấu thể thao nói chung
    {bóng đá} | thể thao | "SEA Games" | Olympic | ASIAD | quần vợt | tennis | cầu lông | bóng chuyền | bóng rổ
    điền kinh | bơi lội | cờ vua | billiards | pickleball | golf | marathon | boxing | võ sĩ | MMA | UFC | F1
    "Grand Slam" | tay vợt | VĐV | vận động viên | đua xe | thể dục dụng cụ | cử tạ | bắn súng | taekwondo | karate
    vovinam | esports | "Roland Garros" | Wimbledon | "US Open" | "Australian Open" | tay đua
"""
