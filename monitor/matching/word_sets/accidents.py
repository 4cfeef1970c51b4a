"""Named sets for fires, crashes, rescue and tolls."""

from typing import Final

SETS: Final = """
cháy: lửa cháy ngoài ý muốn: hỏa hoạn, đám cháy, cháy nhà, cháy xe
    cháy | hỏa hoạn | phát hỏa | phóng hỏa | bà hỏa | giặc lửa | biển lửa | thiêu rụi | thiêu đốt | thiêu sống
    lửa NEAR/3 (bùng OR "bùng lên" OR "bùng phát" OR "bốc cao" OR "bao trùm" OR "lan sang" OR "lan nhanh"
        OR "ngùn ngụt")
    ("dập tắt" OR "khống chế" OR dập) NEAR/2 ("ngọn lửa" OR lửa) | "đốt nhà" | "khói lửa" NEAR/4 "bốc"
    not: cháy hàng | cháy vé | cháy tour | cháy phòng | cháy hết mình | cháy hết | cháy túi | cháy bỏng | chữa cháy
    cháy chỗ | cháy slot | cháy kèo | lắp báo cháy | cháy nổ từ | lo cháy nổ | phòng chống cháy nổ | cháy nắng
    cháy lòng | cháy phố | cháy show | cháy cùng | cháy sân khấu | cháy giáo án | cháy chợ mạng | cháy đam mê
    cháy mãi | "phòng cháy" | "phòng chống cháy" | "an toàn cháy" | "nguy cơ cháy" | "rủi ro cháy" | "chống cháy"
    "báo cháy" | "nỗi lo cháy" | "lo cháy" | "đốt cháy" | "cháy mỡ" | "rực cháy"
    "bùng cháy" NEAR/4 ("đam mê" OR "khát vọng" OR "tình yêu" OR "sân khấu") | "bình chữa cháy"
    "thoát hiểm khi cháy" | "tránh cháy" | "ngừa cháy" | "chậm cháy" | "dễ cháy"
    cháy NEAR/2 ("đam mê" OR "khát vọng" OR "nhiệt huyết" OR "thanh xuân" OR "tuổi trẻ" OR "cảm xúc") | "cơm cháy"
    "tóp mỡ cháy" | "cháy cạnh" | "cháy thành tích" | "cháy KPI" | "xém cháy"

cháy rừng: rừng, đồi, thảm cỏ bị cháy
    cháy rừng | cháy NEAR/3 ("rừng" OR "đồi" OR "thảm thực vật" OR "ha rừng")
    rừng NEAR/5 ("bốc cháy" OR "thiêu rụi" OR "ngọn lửa")
    not: "phòng cháy" | "chống cháy rừng" | "phòng cháy chữa cháy rừng"

nổ: vụ nổ: bom, mìn, khí đốt, bình gas, nhà máy
    phát nổ | vụ nổ | nổ lớn | nổ tung | nổ bình gas | nổ khí gas | nổ gas | nổ mìn | nổ bom | nổ lò hơi | nổ bình
    nổ kho | nổ xe | nổ lốp | "tiếng nổ"
    "nổ pháo" NEAR/8 ("bị thương" OR chết OR "tử vong" OR "nhập viện" OR "dập nát")
    nổ NEAR/3 ("dữ dội" OR "kinh hoàng" OR "rung chuyển")
    nổ NEAR/3 ("nhà máy" OR "kho" OR "xưởng" OR "chung cư" OR "nhà hàng" OR "lò" OR "bồn" OR "trạm")
    not: vụ nổ súng | nổ máy | nổ hũ | nổ bỏng | bùng nổ | "vụ nổ Big Bang" | nổ phá đá | nổ mìn phá đá | sự bùng nổ
    "nổ súng" | nổ mìn phá | nổ mìn thông

tai nạn: tai nạn nói chung: giao thông, lao động, sự cố gây thương vong
    tai nạn | gặp nạn | bị nạn | tử nạn | va chạm | tai nạn lao động
    not: suýt gây tai nạn | suýt tai nạn | tránh tai nạn | phòng tránh tai nạn | nguy cơ tai nạn | ngừa tai nạn
    giảm tai nạn | "phòng, chống tai nạn" | "phòng chống tai nạn" | "kéo giảm tai nạn" | "bảo hiểm tai nạn"
    "tiềm ẩn tai nạn" | "tránh va chạm" | "chống va chạm" | "va chạm văn hóa" | "va chạm lợi ích"
    "va chạm thương mại" | "tai nạn nghề nghiệp" | "va chạm pháp lý" | "thử nghiệm va chạm" | "suýt va chạm"
    "an toàn va chạm" | "kiểm tra va chạm" | "suýt gặp nạn"

tai nạn giao thông: tai nạn trên đường bộ, đường sắt
    tai nạn giao thông | TNGT | tai nạn liên hoàn | va chạm giao thông | lật xe | xe lật | đâm xe | tông xe
    xe tông | ô tô tông | tàu hỏa tông | "ôtô tông" | "xe khách tông" | "xe tải tông" | "xe ben tông"
    "container tông" | "bị tông" | "tông chết" | "cán chết" | "tông trúng" | "tông vào" | "tông liên tiếp"
    "tông hàng loạt" | "tông loạt" | "tông nhau" | "tông trực diện" | "tông đuôi" | "tông tử vong" | "tông văng"
    "đâm liên hoàn" | "đâm trực diện" | "đấu đầu" NEAR/6 {xe}
    ("tai nạn" OR "va chạm" OR "gặp nạn" OR "tông" OR "đâm vào" OR "húc vào" OR "lao xuống vực"
        OR "lao xuống mương" OR "lao xuống sông" OR "cán qua" OR "mất lái" OR "mất phanh" OR "mất thắng"
        OR "lật ngang" OR "lật nhào" OR "lấn làn" OR "bị cuốn vào gầm") NEAR/10 {xe}
    "tai nạn" NEAR/6 ("cao tốc" OR "quốc lộ" OR "đường sắt" OR "ngã tư" OR "trên đèo" OR "tài xế"
        OR "người đi đường" OR "người đi bộ")
    "trật bánh" | "xe điên" | "bỏ chạy sau khi gây tai nạn" | "tàu hỏa" NEAR/6 ("đâm" OR "va chạm" OR "cán")
    "gây tai nạn"
    not: tông màu | tông giọng | tông đồ | tông lào | tông môn | "Phật giáo Nam tông" | suýt gây tai nạn
    suýt tai nạn | phòng tránh tai nạn | ngừa tai nạn | nguy cơ tai nạn | "giảm tai nạn" | "tránh va chạm"
    "thử nghiệm va chạm" | "suýt va chạm" | "suýt tông" | "suýt đâm" | "cùng tông" | "tông trắng" | "tông đen"
    "tông xanh" | "tông ấm" | "tông trầm"

xe: các loại xe
    xe | ô tô | ôtô | xe máy | mô tô | môtô | xe tải | xe khách | xe buýt | xe đầu kéo | container | xe ben | xe bồn
    xe con | xe đạp | xe bán tải | xe ba gác | taxi | xe cứu thương | limousine
    not: xe lăn | xe đẩy | xe tăng | xe ôm công nghệ | bãi đậu xe | bãi giữ xe

nhà xưởng: nhà ở, chung cư, xưởng, kho, chợ, cửa hàng
    nhà | căn nhà | ngôi nhà | nhà dân | căn hộ | chung cư | nhà trọ | phòng trọ | nhà xưởng | xưởng | kho
    kho hàng | nhà kho | chợ | ki ốt | kiốt | cửa hàng | cửa tiệm | tiệm | quán | nhà hàng | quán bar | karaoke
    hộp đêm | khách sạn | nhà nghỉ | nhà máy | công ty | trường học | bệnh viện | tòa nhà | cao ốc | siêu thị
    trung tâm thương mại | biệt thự | nhà tập thể | khu tập thể | dãy trọ | trụ sở | garage | gara | khu dân cư
    bãi xe | nhà thờ | chùa
    not: nhà nước | nhà báo | nhà vua | "nhà Trắng" | nhà đầu tư | nhà khoa học | nhà văn | nhà thơ | nhà thầu
    nhà chức trách | nhà cầm quân | nhà vô địch | nhà sản xuất | nhà lãnh đạo | nhà nghiên cứu | nhà sư | nhà trường
    nhà tài trợ | nhà phát triển | chủ nhà | kho báu | kho tàng | kho tên lửa | nhà mạng | nhà bán lẻ | nhà cung cấp
    nhà xe | nhà đài | nhà tù

rơi máy bay: máy bay, trực thăng rơi hay gặp nạn
    rơi máy bay | máy bay rơi | rơi trực thăng | trực thăng rơi | xác máy bay | tai nạn máy bay | tai nạn hàng không
    tai nạn trực thăng | thảm họa hàng không | thảm kịch hàng không
    {máy bay} NEAR/12 (rơi OR "bị rơi" OR "gặp nạn" OR "lao xuống" OR "đâm xuống" OR "hạ cánh bằng bụng")
    {máy bay} NEAR/5 ("đâm nhau" OR "đâm vào" OR "tai nạn" OR "va chạm" OR "lao ra khỏi đường băng"
        OR "trượt khỏi đường băng" OR "lao khỏi đường băng")
    ("máy bay" OR "phi cơ" OR "tiêm kích" OR "chiến đấu cơ") NEAR/2 "mất tích"
    {máy bay} NEAR/14 ("vụ tai nạn" OR "vụ rơi") NEAR/8 {người chết}
    ({máy bay} OR Boeing OR Airbus) NEAR/10 ("gãy rời" OR "gãy đôi" OR "trượt khỏi đường băng")
    {máy bay} NEAR/8 ("phát nổ" OR "nổ tung" OR "bốc cháy") NEAR/12 {người chết}
    not: bỏ rơi | tuột rơi | rơi tự do | suýt rơi | rơi lệ | dọa bắn rơi | suýt đâm | suýt va chạm | tránh va chạm
    rơi vào tay | rơi vào tầm | rơi vào cảnh | rơi vào tình | rơi vào thế | rơi xuống giá | chống va chạm
    "vật thể va chạm" | "nguy cơ va chạm"
    rơi NEAR/2 (laptop OR "điện thoại" OR "máy tính" OR iPhone OR "hành lý" OR "giá" OR "giá vé")
    "bắn rơi" NEAR/5 ({máy bay không người lái} OR "tên lửa")
    "máy bay" NEAR/3 ("không người lái" OR UAV OR drone OR "mô hình" OR "giấy" OR "đồ chơi")
    ("tên lửa" OR bom OR "điện thoại" OR UAV OR drone OR "thiên thạch" OR "vệ tinh") NEAR/3 (rơi OR "đâm vào"
        OR "lao xuống")
    ("cơ quan" OR "ủy ban" OR "cục" OR "chi nhánh" OR "hội đồng") NEAR/3 ("tai nạn hàng không" OR "tai nạn máy bay")
    ("tình huống" OR "giả định" OR "kịch bản") NEAR/8 {máy bay}

máy bay: máy bay có người lái
    máy bay | trực thăng | phi cơ | tiêm kích | chiến đấu cơ | vận tải cơ | oanh tạc cơ | thủy phi cơ | chuyên cơ
    máy bay chở khách | tàu bay | cường kích

chìm tàu: tàu, thuyền, phà chìm hay lật
    chìm tàu | tàu chìm | chìm phà | chìm thuyền | chìm ca nô | lật tàu | lật thuyền | lật ghe | lật ca nô
    lật xuồng | lật phà | đắm tàu | đắm thuyền | đắm phà
    {tàu thuyền} NEAR/7 ("bị chìm" OR chìm OR "lật úp" OR "bị lật" OR "đâm chìm" OR "gặp nạn" OR "mắc cạn"
        OR "mất liên lạc")
    not: tàu ngầm | chìm sâu | chìm đắm | chìm trong | chìm vào | "tàu sân bay" | chìm nổi | nhấn chìm | "lật kèo"
    "xác tàu đắm" | "tàu đắm cổ" | bị chìm đắm
    (quân OR "quân đội" OR "hải quân" OR "tên lửa" OR Mỹ) NEAR/6 "đánh chìm" | chìm sâu vào

tàu thuyền: tàu, thuyền, phà, sà lan
    tàu | tàu cá | tàu hàng | tàu du lịch | thuyền | ghe | phà | sà lan | xuồng | ca nô | canô | du thuyền
    tàu chở dầu | vỏ lãi | thuyền thúng | tàu container | thuyền viên
    not: tàu hỏa | tàu điện | tàu bay | tàu vũ trụ | tàu metro | "tàu cao tốc Bắc"

sập: nhà, cầu, công trình đổ sập
    sập cầu | cầu bị sập | nhà đổ sập | nhà bị đổ | đổ sập | sập nhà | sập trường | sập hầm | sập lò | sập mái
    sập tường | sập trần | sập giàn giáo | sập công trình | sập xưởng | sập cống | sập đổ | đổ sụp | bị sập
    sập xuống | nhà sập | vụ sập | làm sập | cuốn sập | tường đổ | sập cổng | sập mỏ | sập sàn
    not: sập bẫy | sập sàn chứng khoán | sập web | sập tiệm | sập giá | đánh sập | sập hệ thống | sập trang
    sập app | toàn cầu sập | nhà đổ tiền | mạng bị sập | bị sập mạng | sập mạng
    ("dịch vụ" OR "hệ thống" OR "website" OR "trang web" OR internet) NEAR/4 "bị sập"

cứu hộ: tìm kiếm, cứu hộ, cứu nạn, giải cứu người
    cứu hộ | cứu nạn | giải cứu | cứu sống | ứng cứu | cứu người | tìm kiếm cứu nạn | được cứu | cứu thoát
    trục vớt
    "tìm kiếm" NEAR/4 ("nạn nhân" OR "mất tích" OR "thi thể" OR "người mất tích" OR "thuyền viên" OR "ngư dân")
    not: giải cứu nông sản | giải cứu làn da | giải cứu thị trường | giải cứu doanh nghiệp | cứu hộ giao thông
    cứu hộ động vật | trung tâm cứu hộ | xe cứu hộ | cứu hộ chó | cứu hộ mèo

người chết: có người mất mạng
    tử vong | thiệt mạng | người chết | làm chết | chết người | tử nạn | mất mạng | bỏ mạng | tử thương
    thương vong | chết thảm | chết cháy | chết ngạt | chết đuối | chết tại chỗ | chết trong | chết sau | chết vì
    chết do | chết khi | chết ở | chết tại | chết và | bị chết | đã chết | đều chết | bắn chết | đâm chết
    tông chết | cán chết | đánh chết | cuốn chết | thi thể | tử vong tại chỗ | không qua khỏi | lấy mạng | cướp mạng
    cướp đi sinh mạng | cướp sinh mạng | thiệt thân
    (người OR em OR cháu OR bé OR "mẹ con" OR "vợ chồng" OR "nam sinh" OR "nữ sinh" OR "tài xế"
        OR "công nhân") NEAR/2 chết
    not: suýt chết | thoát chết | chết máy | cá chết | chết cười | suýt mất mạng | chết lặng | chết mê | sống chết
    chết đi sống lại | tỷ lệ tử vong | nguy cơ tử vong | giảm tử vong | chết yểu | chết khô | điểm chết | góc chết
    chết chóc | "suýt tử vong" | "suýt thiệt mạng" | "chết đứng" | "chết danh" | "có thể tử vong"
    "có thể gây tử vong" | "không có thương vong" | "chết trong lòng" | "thích đến chết" | "lợn chết" | "heo chết"
    "gà chết" | "chết vì đẹp" | "đường chết" | "nút thắt chết"

số người chết: bao nhiêu người chết: mọi cách nói của {người chết}, và số nạn nhân
    {người chết} | "số nạn nhân" | "nâng số người chết"

thương vong: có người chết, bị thương hay mất tích
    {người chết} | {bị thương} | {mất tích}

bị thương: có người bị thương
    bị thương | trọng thương | thương nặng | thương nhẹ | bị bỏng | bỏng nặng | nguy kịch | chấn thương sọ não
    đa chấn thương | gãy chân | gãy tay | người bị thương | nhập viện cấp cứu | cấp cứu | thương tích
    not: phòng cấp cứu | khoa cấp cứu | cấp cứu viên | sơ cấp cứu | xe cấp cứu

mất tích: người mất tích, mất liên lạc
    (em OR bé OR "cháu bé" OR "nam sinh" OR "nữ sinh" OR "học sinh" OR trẻ OR "du khách" OR "phụ nữ"
        OR "đàn ông" OR "ngư dân" OR "cô giáo" OR "công nhân" OR "vợ chồng" OR "nạn nhân") NEAR/5 ("nước cuốn"
        OR "sóng cuốn" OR "lũ cuốn" OR "bị cuốn trôi" OR "cuốn ra xa")
    mất tích | mất liên lạc | biệt tích | chưa tìm thấy | bặt tin

qua đời: chết (người nổi tiếng, người thân), tang lễ
    qua đời | từ trần | tạ thế | trút hơi thở | về cõi vĩnh hằng | vĩnh viễn ra đi | sự ra đi của | lễ tang
    tang lễ | đám tang | lễ viếng | lễ truy điệu | di quan | cáo phó | hưởng thọ | hưởng dương | tiễn biệt
    vĩnh biệt | an nghỉ cuối cùng | linh cữu | quốc tang | "đột ngột ra đi" | "ra đi mãi mãi" | "ra đi ở tuổi"
    "mất ở tuổi" | "chết ở tuổi" | "tiếc thương" | "nén khóc" NEAR/6 "viếng" | đưa NEAR/3 "về nơi an nghỉ"
    "băng hà" | "viên tịch" | "lìa đời" | "trút hơi thở cuối"
    not: kỷ niệm ngày mất | năm ngày mất | từ trần nhà | nhà tang lễ

thoát nạn: may mắn sống sót
    thoát nạn | thoát chết | sống sót | may mắn sống | bình an vô sự | hồi sinh kỳ diệu

đuối nước: người bị đuối nước, nước cuốn
    (em OR bé OR "cháu bé" OR "nam sinh" OR "nữ sinh" OR "học sinh" OR trẻ OR "du khách" OR "phụ nữ"
        OR "đàn ông" OR "ngư dân" OR "cô giáo" OR "công nhân" OR "vợ chồng" OR "nạn nhân") NEAR/5 ("nước cuốn"
        OR "sóng cuốn" OR "lũ cuốn" OR "bị cuốn trôi" OR "cuốn ra xa")
    đuối nước | chết đuối
    (tắm OR "rơi xuống" OR "trượt chân" OR "té") NEAR/4 (sông OR suối OR biển OR hồ OR ao OR kênh OR mương
        OR rạch OR đập OR "hồ bơi") NEAR/10 {người chết}
    not: phòng chống đuối nước | "phòng, chống đuối nước" | phòng tránh đuối nước | sơ cứu đuối nước
    chết đuối trên

điện giật: người bị điện giật
    điện giật | phóng điện | rò điện | bị giật điện | nhiễm điện
    not: phòng tránh điện giật

mất điện: mất điện trên diện rộng
    mất điện | cúp điện | sự cố điện | gián đoạn cung cấp điện | gián đoạn điện | cắt điện | thiếu điện

ùn tắc: kẹt xe, ùn tắc, ách tắc
    ùn tắc | kẹt xe | ách tắc | tắc đường | kẹt cứng | ùn ứ | tắc nghẽn giao thông | giao thông tê liệt
    not: ùn tắc đăng kiểm | chống ùn tắc | giảm ùn tắc | ùn ứ nông sản

hủy chuyến bay: chuyến bay hủy, chậm, đổi hướng
    "hủy chuyến" | "chậm chuyến" | "hoãn chuyến" | "dừng bay" | "hủy bay" | "hạ cánh khẩn"
    "quay đầu" NEAR/6 {máy bay}
    ("hủy" OR "hoãn" OR "chậm" OR "lùi giờ" OR "chuyển hướng" OR "điều chỉnh") NEAR/5 ("chuyến bay"
        OR "các chuyến bay" OR "hàng không")
    "đóng cửa sân bay" | "sân bay đóng cửa" | "tạm đóng cửa" NEAR/3 "sân bay"
    "tạm dừng khai thác" NEAR/5 "sân bay"

thiệt hại: thiệt hại về nhà cửa, tài sản
    thiệt hại | hư hỏng | hư hại | tốc mái | tan hoang | đổ nát | tàn phá | ngổn ngang | bị phá hủy | sập nhà
    mất trắng | cuốn trôi
    not: bồi thường thiệt hại | thiệt hại cho cổ đông
"""
