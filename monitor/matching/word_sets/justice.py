"""Named sets for police, courts and prisons."""

from typing import Final

SETS: Final = """
khởi tố: bị khởi tố, bị bắt, bị tạm giam vì nghi phạm tội
    =Bắt
    bắt NEAR/2 (cựu OR nguyên OR phó OR "giám đốc" OR "chủ tịch" OR "tổng giám đốc" OR "hiệu trưởng"
        OR "trưởng phòng" OR "kế toán" OR "cán bộ" OR "bí thư" OR "nhóm" OR "đối tượng" OR "nghi phạm")
    khởi tố | bị can | bắt tạm giam | bắt giam | tạm giam | bị bắt | bắt giữ | bắt khẩn cấp | tạm giữ hình sự
    lệnh bắt | khám xét | bắt quả tang | truy tố | vướng lao lý | vướng vòng lao lý | lao lý | tra tay vào còng
    sa lưới | bị giữ khẩn cấp | giữ khẩn cấp | bắt thêm | bắt hàng loạt | bị truy nã | bị tạm giữ | bị áp giải
    công an NEAR/4 bắt
    bắt NEAR/8 ("để điều tra" OR "về tội" OR "vì tội" OR "tội" OR "liên quan vụ" OR "về hành vi")
    not: bị bắt gặp | bị bắt nạt | bị bắt lỗi | bị bắt cóc | bị bắt chẹt | bị bắt đi lính | không khởi tố
    bị bắt bài | bị bắt buộc | bị bắt thóp | bị bắt chước | đấu tranh bắt | chưa khởi tố | chưa bị khởi tố
    ="Bắt đầu" | ="Bắt buộc" | ="Bắt tay" | ="Bắt mắt" | ="Bắt trend" | ="Bắt nạt" | ="Bắt gặp" | ="Bắt nhịp"
    ="Bắt cóc" | ="Bắt sóng" | ="Bắt bệnh" | ="Bắt cá" | ="Bắt đáy" | ="Bắt trọn" | ="Bắt kịp" | ="Bắt nguồn"
    ="Bắt bài" | ="Bắt mạch" | ="Bắt rắn" | ="Bắt được"

bắt giữ: cảnh sát, công an, an ninh bắt người
    tạm giữ hình sự
    tạm giữ NEAR/4 ("nghi phạm" OR "người" OR "đối tượng" OR "thanh niên" OR "tài xế" OR "kẻ" OR "nhóm") | =Bắt
    bắt NEAR/2 (cựu OR nguyên OR phó OR "giám đốc" OR "chủ tịch" OR "tổng giám đốc" OR "đối tượng"
        OR "nghi phạm" OR "nhóm")
    bắt giữ | bị bắt | bắt khẩn cấp | bắt giam | bắt tạm giam | bắt quả tang | lệnh bắt | bắt nghi phạm | bắt nhóm
    bắt đối tượng | bắt thêm | bắt hàng loạt | tóm gọn | sa lưới | tra tay vào còng
    khống chế NEAR/6 ("nghi phạm" OR "đối tượng" OR "nam thanh niên" OR "kẻ" OR "gã") | triệt phá | triệt xóa
    đầu thú | ra đầu thú | ("công an" OR "cảnh sát" OR "biên phòng") NEAR/4 bắt
    not: bị bắt gặp | bị bắt nạt | bị bắt lỗi | bị bắt cóc | bị bắt chẹt | bị bắt bài | bị bắt buộc | bị bắt thóp
    bị bắt chước | bắt được cá | bắt được sóng | bắt được nhịp | khống chế đám cháy | ="Bắt đầu" | ="Bắt buộc"
    ="Bắt tay" | ="Bắt mắt" | ="Bắt trend" | ="Bắt nạt" | ="Bắt gặp" | ="Bắt nhịp" | ="Bắt cóc" | ="Bắt sóng"
    ="Bắt bệnh" | ="Bắt cá" | ="Bắt đáy" | ="Bắt trọn" | ="Bắt kịp" | ="Bắt nguồn" | ="Bắt bài" | ="Bắt mạch"
    ="Bắt rắn"

truy nã: bỏ trốn, bị truy nã, truy tìm
    truy nã | bỏ trốn | lẩn trốn | trốn truy nã | truy tìm | truy bắt | truy lùng | tẩu thoát | lệnh truy nã
    vượt ngục | trốn trại | trốn khỏi
    not: truy tìm kho báu | truy tìm nguồn gốc

điều tra: cơ quan chức năng điều tra, xác minh
    xác minh clip | xác minh vụ | "xác minh, làm rõ" | xác minh thông tin
    xác minh NEAR/4 ("vụ việc" OR "làm rõ" OR "danh tính") | điều tra | làm rõ vụ | kết luận điều tra | vào cuộc
    khám nghiệm | thanh tra | lấy lời khai | trích xuất camera | thu thập chứng cứ | giám định
    not: điều tra dân số | phóng sự điều tra | điều tra xã hội học | xác minh tài khoản | điều tra doanh nghiệp
    lôi vào cuộc

xét xử: phiên tòa, hầu tòa, bị cáo
    xét xử | hầu tòa | ra tòa | phiên tòa | bị cáo | sơ thẩm | phúc thẩm | hội đồng xét xử | HĐXX | TAND | VKSND
    cáo trạng | truy tố | trước vành móng ngựa | luận tội | khai tại tòa | mở tòa | tại tòa | nói lời sau cùng
    kháng cáo | kháng nghị
    not: phiên tòa giả định | luận tội tổng thống | bị cáo buộc | kháng cáo NEAR/10 FIFA | kháng cáo NEAR/10 CAS

tuyên án: tòa tuyên phạt, mức án, tội danh
    tuyên vô tội | nhận án NEAR/4 ("tù" OR "chung thân" OR "tử hình" OR "treo") | nhận mức án | ngồi tù NEAR/4 năm
    tuyên y án | tuyên án | tuyên phạt | kết án | lĩnh án | lãnh án | năm tù | tháng tù | chung thân | tử hình
    án tù | bị phạt tù | án treo | y án | tòa tuyên | bị tuyên | ngồi bóc lịch | giảm án | tăng án | hưởng án treo
    bị kết tội | trắng án
    not: tuyên án tử cho | án tử dành cho | án phạt treo giò | án treo giò | nhận án treo giò
    ("đề nghị" OR "đối mặt" OR "đối diện" OR "khung hình phạt" OR "mức phạt" OR "từ") NEAR/5 ("năm tù"
        OR "tháng tù" OR "chung thân" OR "tử hình" OR "mức án")
     | có được hưởng án treo

tử hình: án tử hình, thi hành án tử
    nhận án tử | tuyên án tử | y án tử | bản án tử | tử hình | thi hành án tử | hành quyết | tiêm thuốc độc
    not: án tử cho | bản án tử cho sự nghiệp | ban hành quyết định | ban hành quyết | hành quyết định

lừa đảo: lừa lấy tiền, tài sản
    lừa đảo | chiếm đoạt tài sản | chiếm đoạt | bị lừa | lừa tiền | lừa bán | lừa lấy | lừa hơn | lừa hàng | lừa gần
    cú lừa | chiêu lừa | bẫy lừa | mạo danh | giả danh | giả mạo | mất tiền oan | mất sạch tiền | sập bẫy | dính bẫy
    thao túng tâm lý | bắt cóc online | bắt cóc trực tuyến | đa cấp NEAR/4 ("lừa" OR "biến tướng" OR "huy động")
    deepfake NEAR/8 (lừa OR "giả" OR "tiền")
    not: lừa dối tình cảm | lừa bóng | lừa qua hậu vệ | cú lừa ngoạn mục | con lừa | đánh lừa | chống lừa đảo
    phòng chống lừa đảo | phát hiện lừa đảo | nhận diện lừa đảo

lừa đảo mạng: lừa qua mạng, điện thoại, ứng dụng; khu lừa đảo
    lừa đảo kỹ thuật số | bẫy lừa đảo xuyên biên giới | lừa đảo xuyên quốc gia | lừa đảo xuyên biên giới
    chiêu lừa mới
    {lừa đảo} NEAR/14 (email OR iCloud OR "sinh trắc học" OR iPhone OR "livestream" OR "du học" OR "khóa học"
        OR "fanpage" OR "thẻ tín dụng" OR "mã QR" OR "kẻ xấu gọi" OR "nhắn tin")
    lừa đảo trực tuyến | lừa đảo qua mạng | lừa đảo mạng | lừa đảo online | lừa đảo công nghệ cao | bắt cóc online
    bắt cóc trực tuyến | khu phức hợp lừa đảo | trung tâm lừa đảo | tổ hợp lừa đảo | ổ lừa đảo | sào huyệt lừa đảo
    cuộc gọi lừa đảo | tin nhắn lừa đảo | website lừa đảo | trang web lừa đảo | giả danh công an
    giả danh ngân hàng | giả danh nhân viên | giả danh cán bộ | mạo danh công an | mạo danh ngân hàng | "KK Park"
    {lừa đảo} NEAR/14 (mạng OR "trên mạng" OR "trực tuyến" OR online OR "điện thoại" OR deepfake OR Telegram
        OR Zalo OR Facebook OR TikTok OR "ứng dụng" OR app OR "tài khoản ngân hàng" OR Campuchia OR Myanmar
        OR "tiền ảo" OR "tiền số" OR "tiền điện tử" OR "sàn ảo" OR website OR "đường link" OR "mã độc"
        OR "cuộc gọi" OR "tin nhắn" OR "chuyển tiền" OR "công nghệ cao" OR "việc nhẹ" OR "không gian mạng")
    not: con lừa

tham nhũng: tham nhũng, tham ô, lạm quyền, gây thất thoát
    tham nhũng | tham ô | nhận hối lộ | đưa hối lộ | lợi dụng chức vụ | lạm quyền | lạm dụng chức vụ
    gây thất thoát | biển thủ | vi phạm quy định về đấu thầu | sai phạm | vi phạm về đấu thầu | thông thầu
    nâng khống | chiếm dụng | kê khống | rút ruột
    not: phòng chống tham nhũng | "phòng, chống tham nhũng" | chống tham nhũng

hối lộ: đưa, nhận hối lộ
    hối lộ | nhận hối lộ | đưa hối lộ | môi giới hối lộ | lót tay | chung chi
    nhận tiền NEAR/6 ("doanh nghiệp" OR "lót" OR "bỏ qua" OR "hối") | ăn hối lộ

giết người: án mạng, sát hại, cố ý giết
    giết người | giết vợ | giết chồng | giết con | giết bạn | giết cha | giết mẹ | giết hại | sát hại | án mạng
    thảm án | trọng án | đâm chết | chém chết | đánh chết | bắn chết | đoạt mạng | sát nhân | hạ sát | đầu độc
    giết NEAR/3 (người OR vợ OR chồng OR "bạn gái" OR "nhân tình" OR "hàng xóm") | phi tang | thảm sát | đâm tử vong
    chém tử vong | đánh tử vong | tước đoạt mạng sống
    not: đầu độc NEAR/3 (chó OR mèo OR cá OR "dòng sông" OR "cây") | giết thời gian

cướp: cướp, cướp giật
    cướp | cướp giật | vụ cướp | cướp tiệm vàng | cướp ngân hàng | cướp tài sản | cưỡng đoạt | giật dây chuyền
    giật điện thoại
    not: cướp đi | cướp công | cướp cờ | cướp vợ | cướp chồng | cướp biển | cướp sống | cướp mạng | cướp ngôi
    cướp bóng | cướp diễn đàn | cướp trắng | cướp lời | cướp spotlight | cướp việc | ăn cướp trắng | cướp dâu
    cướp ánh | cướp người yêu | cướp chính quyền | cướp sinh mạng

trộm cắp: trộm, đột nhập lấy của
    trộm | trộm cắp | lấy trộm | đánh cắp | kẻ trộm | vụ trộm | đột nhập | móc túi | bẻ khóa | cuỗm | trộm vàng
    trộm xe
    not: trộm nghĩ | nhìn trộm | trộm vía | chụp trộm | yêu trộm | quay trộm | ngắm trộm | đánh cắp trái tim
    đánh cắp dữ liệu

ma túy: ma túy, chất gây nghiện
    ma túy | heroin | cocaine | ketamine | cần sa | thuốc lắc | ma túy đá | methamphetamine | fentanyl | bay lắc
    dương tính với chất | chất gây nghiện | nghiện hút | phê ma túy | khí cười
    chất cấm NEAR/6 ("sử dụng" OR "vận chuyển" OR "tàng trữ" OR "phê") | "nước vui" | thuốc phiện
    not: phòng chống ma túy | "phòng, chống ma túy" | nói không với ma túy

hàng giả: hàng giả, hàng nhái, kém chất lượng
    nghi giả | "kinh doanh hàng giả" | giấm ăn giả
    (làm OR bán OR mua OR sản xuất) NEAR/6 giả NEAR/2 (loại OR hiệu OR hãng) | chai giả | tem giả | hàng giả
    hàng nhái | sữa giả | thuốc giả | mỹ phẩm giả | thực phẩm giả | rượu giả | phân bón giả | giày giả | đồ giả
    tân dược giả | thuốc tân dược giả | vàng giả | gạo giả | mật ong giả | thực phẩm chức năng giả | giả nhãn hiệu
    giả mạo nhãn hiệu | nhái nhãn hiệu | giả thương hiệu | nhái thương hiệu | kém chất lượng | hàng hiệu giả
    hàng fake | buôn bán hàng giả | sản xuất hàng giả | nhãn hiệu giả | dầu nhớt giả | nước giặt giả
    bình chữa cháy giả | xăng giả | sách giả | sách lậu | dược phẩm giả | collagen giả
    làm giả NEAR/6 ("sản phẩm" OR "thuốc" OR "sữa" OR "mỹ phẩm" OR "thực phẩm" OR "nhãn hiệu" OR "hàng")
    (giả OR nhái) NEAR/2 ("mỹ phẩm" OR "thực phẩm" OR "sữa" OR "thuốc" OR "nước hoa" OR "quần áo" OR "túi xách"
        OR "đồng hồ" OR "rượu" OR "bia" OR "kem" OR "phân bón" OR "phụ tùng" OR "nhãn hiệu" OR "thương hiệu"
        OR "sản phẩm")
    not: nhân lực kém chất lượng | giáo dục kém chất lượng | giả thuốc | chống hàng giả | phòng chống hàng giả

buôn lậu: buôn lậu, hàng lậu, vận chuyển trái phép
    buôn lậu | hàng lậu | nhập lậu | thuốc lá lậu | vàng lậu | vận chuyển trái phép | không rõ nguồn gốc
    không rõ xuất xứ | xăng dầu lậu | tuồn NEAR/4 (lậu OR "ra thị trường" OR "vào nội địa") | gian lận thương mại
    not: chống buôn lậu và

đánh bạc: cờ bạc, cá độ
    đánh bạc | cờ bạc | cá độ | sòng bạc | sới bạc | lô đề | ghi đề | ăn thua bằng tiền
    casino NEAR/5 ("trái phép" OR "bắt" OR "triệt phá") | tài xỉu | xóc đĩa | đá gà NEAR/5 (tiền OR bắt)
    nhà cái NEAR/6 ("bắt" OR "triệt phá" OR "đường dây")

mua bán người: buôn người, lừa bán
    lừa bán NEAR/4 ("người Việt" OR sang OR "nạn nhân" OR "phụ nữ" OR "cô gái" OR "thiếu nữ" OR "bé gái"
        OR "trẻ em" OR "nam sinh" OR "nữ sinh")
    mua bán người | buôn người | buôn bán người | "lừa sang Campuchia" | "bán sang Campuchia"
    "bán sang Trung Quốc" | cưỡng bức lao động | nạn nhân buôn người | bán con | nô lệ tình dục
    not: buôn bán người dân | lừa bán đất | lừa bán nhà | lừa bán căn hộ | lừa bán dự án | lừa bán vé

bắt cóc: bắt cóc, giữ con tin
    bắt cóc | con tin | tống tiền | đòi tiền chuộc | bắt giữ người trái pháp luật | giữ người trái pháp luật
    khống chế con tin
    not: dựng chuyện bắt cóc

xâm hại tình dục: hiếp dâm, dâm ô, quấy rối
    hiếp dâm | dâm ô | xâm hại | xâm hại tình dục | quấy rối | quấy rối tình dục | tấn công tình dục
    lạm dụng tình dục | sàm sỡ | cưỡng dâm | giao cấu | cưỡng hiếp
    not: xâm hại rừng | xâm hại di tích | sinh vật xâm hại | bị xâm hại NEAR/3 (rừng OR "di tích" OR "hành lang")
    quấy rối NEAR/3 ("máy bay" OR tàu OR "tiêm kích")

hành hung: đánh người, xô xát, bạo hành
    hành hung | bị đánh | đánh người | đánh đập | bạo hành | đánh hội đồng | đánh dã man | đánh nhau | ẩu đả
    xô xát | hỗn chiến | truy sát | chém | đâm trọng thương | bạo lực gia đình | bạo lực học đường
    đánh đấm túi bụi | gây thương tích | côn đồ | đấm đá | hắt axit | tạt axit
    tát NEAR/3 (cô OR "phụ nữ" OR "học sinh" OR "nhân viên" OR "bạn")
    not: bị đánh cắp | bị đánh thuế | bị đánh bại | bị đánh giá | bị đánh sập | bị đánh chặn | bị đánh lừa
    bị đánh thức | bị đánh dấu | bị đánh đồng | bị đánh mất | bị đánh rớt | chém gió | chặt chém | chém giá
    bị đánh trúng | bị đánh tráo | bị đánh tụt | bị đánh chìm | bị đánh thọc | chém biển số

bạo lực học đường: học sinh bị đánh, bắt nạt ở trường
    bạo lực học đường | bắt nạt học đường | đánh hội đồng
    ("học sinh" OR "nữ sinh" OR "nam sinh" OR "lớp 6" OR "lớp 7" OR "lớp 8" OR "lớp 9" OR "lớp 10" OR "lớp 11"
        OR "bạn học" OR "bạn cùng lớp" OR "giáo viên" OR "cô giáo" OR "thầy giáo" OR "trường học" OR "ở trường"
        OR "trong trường" OR "sân trường" OR "trường THPT" OR "trường THCS" OR "lớp học") NEAR/8 ("bị đánh"
        OR "đánh nhau" OR "đánh bạn" OR "hành hung" OR "đánh dã man" OR "đâm bạn" OR "bị đâm" OR "ẩu đả"
        OR "hỗn chiến" OR "bạo hành" OR "tát" OR "túm tóc" OR "bị bắt nạt" OR "bắt nạt")

xả súng: xả súng, nổ súng, bắn người
    xả súng | nổ súng | vụ xả súng | tay súng | bị bắn | bắn chết | trúng đạn | tấn công bằng súng | kẻ xả súng
    nã súng | bắn loạn xạ
    not: bị bắn rơi | nổ súng cảnh cáo | diễn tập nổ súng | bị bắn hạ | bị bắn phá | sẵn sàng nổ súng
    nổ súng NEAR/6 ("bàn thắng" OR "trận" OR "hiệp" OR "phút" OR HLV OR "tiền đạo" OR "vòng đấu" OR "lưới")

khủng bố: khủng bố, đánh bom, ám sát
    khủng bố | đánh bom | ám sát | đánh bom liều chết | bom tự sát | tấn công khủng bố
    cực đoan NEAR/4 ("nhóm" OR "tấn công") | IS NEAR/6 ("nhóm" OR "tay súng" OR "khủng bố") | lao xe vào đám đông
    tấn công bằng dao | đâm dao | cài bom | dọa đánh bom | âm mưu NEAR/4 ("tấn công" OR "ám sát" OR "đánh bom")
    not: chống khủng bố | khủng bố tinh thần | khủng bố điện thoại | danh sách tài trợ khủng bố | thời tiết cực đoan

tự tử: tự tử, tự sát
    tự tử | tự sát | nhảy cầu | nhảy lầu | treo cổ | tự thiêu | quyên sinh | tự kết liễu | ý định tự
    uống thuốc trừ sâu | nghĩ quẩn
    not: drone tự sát | "UAV tự sát" | xuồng tự sát | máy bay tự sát | tấn công tự sát | bom tự sát
    đánh bom tự sát | "tự sát của Ukraine" | mang tính tự sát | {máy bay không người lái} NEAR/2 "tự sát"

rửa tiền: rửa tiền, tiền bẩn
    rửa tiền | tiền bẩn | chuyển tiền trái phép | chuyển tiền bất hợp pháp
    not: chống rửa tiền | phòng chống rửa tiền | "phòng, chống rửa tiền"

trốn thuế: trốn thuế, gian lận thuế, nợ thuế
    trốn thuế | gian lận thuế | nợ thuế | truy thu thuế | mua bán hóa đơn | hóa đơn khống | để ngoài sổ sách
    bán hóa đơn | chây ì thuế | cưỡng chế thuế

xử phạt: phạt tiền, phạt hành chính
    xử phạt | bị phạt | phạt tiền | phạt hành chính | mức phạt | phạt nguội | phạt hơn | phạt gần | tước giấy phép
    tước bằng lái | tước quyền sử dụng | lập biên bản | đình chỉ hoạt động | xử lý vi phạm | nộp phạt | trừ điểm
    not: bị phạt đền | đá phạt | bị phạt thẻ | phạt góc

kiện: kiện ra tòa, tranh chấp pháp lý
    khởi kiện | đâm đơn kiện | bị kiện | đơn kiện | vụ kiện | kiện đòi | kiện ra tòa | kiện ngược | nguyên đơn
    bị đơn | thắng kiện | thua kiện | đòi bồi thường
    kiện NEAR/4 (tòa OR "công ty" OR "chính quyền" OR "bồi thường" OR Apple OR Google OR Meta OR OpenAI)
    khiếu kiện
    not: bị kiện tướng | ="kiện tướng" | kiện tướng

ân xá: thả, ân xá, đặc xá
    ân xá | đặc xá | trả tự do | phóng thích | tha tù | mãn hạn tù | ra tù | tại ngoại
    not: tại ngoại hạng | tại ngoại thành | tại ngoại ô | tại ngoại khoa

cán bộ: quan chức, công chức, người giữ chức trong bộ máy
    cán bộ | công chức | quan chức | bí thư | chủ tịch xã | chủ tịch phường | chủ tịch huyện | chủ tịch tỉnh
    "chủ tịch UBND" | phó chủ tịch | chủ tịch | giám đốc sở | phó giám đốc sở | giám đốc | phó giám đốc | cục trưởng
    cục phó | phó cục trưởng | vụ trưởng | phó vụ trưởng | chi cục trưởng | bộ trưởng | thứ trưởng | trưởng phòng
    phó phòng | phó trưởng phòng | trưởng ban | phó ban | chánh văn phòng | chánh thanh tra | trưởng công an
    hiệu trưởng | kế toán trưởng | đăng kiểm viên | địa chính | công an xã | lãnh đạo sở | lãnh đạo xã
    lãnh đạo huyện | lãnh đạo tỉnh | đại biểu | thanh tra | điều tra viên | viện trưởng | chánh án | thẩm phán
    cựu lãnh đạo | nguyên lãnh đạo | viên chức | hải quan | kiểm lâm | quản lý thị trường | trưởng khoa
    trưởng trạm | trưởng thôn | phó trưởng ban | ủy viên | cảnh sát NEAR/4 ("nhận" OR "hối lộ")
    not: chủ tịch công ty | chủ tịch tập đoàn | "chủ tịch CLB" | giám đốc công ty | mạo danh phó giám đốc
    giả danh cán bộ
    (mạo danh OR giả danh) NEAR/2 ("giám đốc" OR "phó giám đốc" OR "cán bộ" OR "thanh tra" OR "viện trưởng")

lãnh đạo doanh nghiệp: chủ tịch, giám đốc, chủ công ty
    giám đốc | tổng giám đốc | phó tổng giám đốc | phó giám đốc | "chủ tịch HĐQT" | chủ tịch hội đồng quản trị
    chủ tịch tập đoàn | chủ tịch công ty | chủ tịch | CEO | doanh nhân | đại gia | chủ doanh nghiệp | ông chủ
    bà chủ | nữ giám đốc | chủ công ty | lãnh đạo công ty | lãnh đạo doanh nghiệp | lãnh đạo tập đoàn
    kế toán trưởng | tỷ phú | tỉ phú | người sáng lập | nhà sáng lập | cổ đông lớn
    vua NEAR/1 (hàng OR thép OR cá OR gạo)
    not: giám đốc công an | giám đốc sở | giám đốc bệnh viện | "tổng giám đốc WHO" | "tổng giám đốc IAEA"
    "giám đốc FBI" | "giám đốc CIA"

công an: lực lượng công an, cảnh sát
    công an | cảnh sát | CSGT | cơ quan điều tra | cơ quan cảnh sát | biên phòng | cảnh sát hình sự | cảnh sát biển
    đặc nhiệm | đặc vụ | FBI | Interpol | cơ quan chức năng
"""
