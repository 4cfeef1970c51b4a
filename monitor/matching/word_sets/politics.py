"""Named sets for offices, elections, diplomacy and protest."""

from typing import Final

SETS: Final = """
bổ nhiệm: giao chức vụ, điều động
    đề cử NEAR/6 ("chức" OR "bộ trưởng" OR "đại sứ" OR "thống đốc" OR "chủ tịch" OR "giám đốc" OR "thẩm phán"
        OR "thủ tướng" OR "tướng")
    điều động NEAR/8 ("giữ chức" OR "chức vụ" OR "bí thư" OR "giám đốc" OR "cán bộ")
    phê chuẩn NEAR/10 ("chức" OR "bổ nhiệm" OR "kết quả bầu" OR "chủ tịch") | bổ nhiệm | được bầu | được bầu làm
    bầu làm | bầu giữ chức | giữ chức | được chỉ định | chỉ định làm | được giao phụ trách | luân chuyển
    bổ nhiệm lại | công bố quyết định NEAR/6 ("cán bộ" OR "nhân sự" OR "bổ nhiệm") | tân bộ trưởng | tân chủ tịch
    tân bí thư | tân giám đốc | có tân | được phong | thăng hàm | thăng quân hàm | kiện toàn nhân sự | bầu bổ sung
    not: đề cử giải | được đề cử giải | "đề cử Oscar" | "đề cử Grammy" | "đề cử Quả bóng" | hạng mục đề cử
    điều động xe | điều động lực lượng | đề cử NEAR/4 ("giải" OR "hạng mục")

từ chức: rời chức vụ
    từ chức | từ nhiệm | xin thôi | thôi giữ chức | thôi chức | rời ghế | nộp đơn từ chức | rút lui khỏi chức
    rời nhiệm sở | cho thôi làm nhiệm vụ | cho thôi giữ | rời vị trí | thoái vị | từ bỏ chức
    not: từ chức năng | từ chức danh | không từ chức | từ chức vụ | từ chức sắc

cách chức: bị cách chức, bãi nhiệm, phế truất
    cách chức | bãi nhiệm | miễn nhiệm | phế truất | đình chỉ công tác | tạm đình chỉ | giáng chức | tước quân tịch
    tước danh hiệu công an | khai trừ | bị sa thải NEAR/4 ("bộ trưởng" OR "tướng" OR "quan chức")
    sa thải NEAR/4 ("bộ trưởng" OR "tướng" OR "quan chức" OR "thống đốc") | buộc từ chức | cho thôi chức
    thay tướng NEAR/3 "bộ" | luận tội
    not: cách chức năng | tạm đình chỉ thi công | phong cách chức | phế truất NEAR/4 ("Man City" OR "đội" OR "CLB")

kỷ luật: hình thức kỷ luật của Đảng, cơ quan
    kỷ luật cảnh cáo
    cảnh cáo NEAR/5 ("cán bộ" OR "đảng viên" OR "bí thư" OR "chủ tịch" OR "giám đốc" OR "ủy viên" OR "phó")
    "Ủy ban Kiểm tra" NEAR/12 ("vi phạm" OR "kỷ luật" OR "khiển trách" OR "cảnh cáo" OR "khai trừ") | kỷ luật
    khai trừ | khiển trách | cách chức | xử lý trách nhiệm | thi hành kỷ luật | xem xét kỷ luật | tước quân tịch
    not: nhận thẻ cảnh cáo | kỷ luật thép | kỷ luật tự giác | tính kỷ luật | sống kỷ luật | tinh thần kỷ luật
    kỷ luật bản thân | bắn cảnh cáo | nổ súng cảnh cáo | kỷ luật lao động | kỷ luật cao | ban kỷ luật
    kỷ luật tài chính | khủng hoảng kỷ luật | quy định kỷ luật | "nghiêm túc, kỷ luật"

bầu cử: bầu cử, bỏ phiếu, trưng cầu
    ứng cử viên NEAR/4 ("tổng thống" OR "thủ tướng" OR "thị trưởng" OR "quốc hội" OR "thống đốc bang" OR "đại biểu")
    bầu cử | tổng tuyển cử | bỏ phiếu | cuộc bầu cử | tranh cử | vận động tranh cử | ứng viên tổng thống
    điểm bỏ phiếu | kiểm phiếu | trưng cầu dân ý | phòng phiếu | bầu tổng thống | bầu thủ tướng | lá phiếu
    thăm dò cử tri | bầu cử sớm | tái tranh cử
    not: ứng cử viên vô địch | "ứng cử viên Quả bóng" | cử tri kiến nghị | ứng cử viên nặng ký cho
    bỏ phiếu cho cầu thủ | ứng cử viên cho ngôi | bỏ phiếu tín nhiệm | bỏ phiếu bất tín nhiệm

đắc cử: thắng cử, được bầu
    đắc cử | trúng cử | thắng cử | tái đắc cử | tái cử | thắng NEAR/4 "bầu cử" | chiến thắng NEAR/4 "bầu cử"
    được bầu làm tổng thống | được bầu làm thủ tướng
    trở thành tân NEAR/3 ("thủ tướng" OR "tổng thống" OR "thị trưởng") | giành chiến thắng NEAR/6 "bầu cử"
    tổng thống đắc cử

thất cử: thua trong bầu cử
    thất cử | thua NEAR/5 "bầu cử" | thất bại NEAR/5 "bầu cử" | bại trận NEAR/4 "bầu cử" | không tái đắc cử
    mất đa số | thua cử

nhậm chức: bắt đầu giữ chức
    nhậm chức | tuyên thệ | lễ nhậm chức | tân thủ tướng | tân tổng thống | đăng cơ
    lên ngôi NEAR/3 ("nhà vua" OR "quốc vương" OR "nữ hoàng") | nhận bàn giao công việc | lên nắm quyền
    not: lễ tuyên thệ nhập tịch | tuyên thệ nhập tịch

gặp gỡ: các lãnh đạo gặp, hội đàm, thượng đỉnh
    ("gặp gỡ" OR "gặp mặt" OR "gặp nhau" OR "đã gặp" OR "sẽ gặp") NEAR/8 ("tổng thống" OR "thủ tướng"
        OR "chủ tịch nước" OR "lãnh đạo" OR "nguyên thủ" OR "ngoại trưởng" OR "bộ trưởng" OR @*)
    hội đàm | hội kiến | cuộc gặp | thượng đỉnh | tiếp kiến | hội nghị cấp cao | gặp riêng | gặp thượng đỉnh
    hội nghị thượng đỉnh | gặp trực tiếp | họp kín | gặp song phương
    tiếp NEAR/3 ("tổng thống" OR "thủ tướng" OR "chủ tịch" OR "đại sứ" OR "bộ trưởng" OR "đoàn" OR "ngoại trưởng")
    (gặp OR "bắt tay") NEAR/4 ("tổng thống" OR "thủ tướng" OR "chủ tịch" OR "lãnh đạo" OR "ngoại trưởng"
        OR "bộ trưởng" OR "nhà vua" OR "giáo hoàng" OR @*)
    not: gặp gỡ khán giả | gặp gỡ bạn bè | duyên gặp gỡ | gặp mặt bạn gái | cuộc gặp định mệnh
    gặp mặt gia đình bạn | tiếp tục | tiếp theo | tiếp nối | tiếp nhận

điện đàm: lãnh đạo nói chuyện qua điện thoại
    điện đàm | hội đàm trực tuyến | hội đàm qua điện thoại
    cuộc gọi NEAR/8 ("tổng thống" OR "thủ tướng" OR "lãnh đạo" OR "ngoại trưởng" OR "chủ tịch nước" OR @*)
    gọi điện NEAR/8 ("tổng thống" OR "thủ tướng" OR "lãnh đạo" OR "ngoại trưởng" OR "người đồng cấp" OR @*)
    trao đổi qua điện thoại | họp trực tuyến NEAR/8 ("tổng thống" OR "thủ tướng" OR "lãnh đạo")
    not: bộ điện đàm | máy điện đàm | cuộc gọi lừa đảo

thăm: lãnh đạo thăm nước khác, nơi khác
    lễ đón chính thức | lễ đón cấp | chủ trì lễ đón
    lễ đón NEAR/3 ("tổng thống" OR "thủ tướng" OR "chủ tịch" OR "nhà vua" OR "quốc vương" OR "tổng bí thư")
    ("đến thăm" OR "đặt chân đến") NEAR/8 ("tổng thống" OR "thủ tướng" OR "chủ tịch nước" OR "nhà vua"
        OR "quốc vương" OR "ngoại trưởng" OR "giáo hoàng" OR @*)
    chuyến thăm | thăm chính thức | thăm cấp nhà nước | "thăm cấp Nhà nước" | công du
    thăm NEAR/4 ("Việt Nam" OR "Trung Quốc" OR "Mỹ" OR "Nga" OR "Nhật" OR "Hàn Quốc" OR "châu Á" OR "châu Âu"
        OR "Ấn Độ" OR "Lào" OR "Campuchia" OR "Anh" OR "Pháp")
    sắp thăm | sang thăm | tới thăm | thăm hữu nghị | thăm làm việc | thăm và làm việc | nhận lời thăm | mời thăm
    lên đường thăm
    not: thăm khám | thăm dò | thăm bệnh | thăm người thân | viếng thăm mộ | thăm ông bà | thăm quê | đến thăm nhà
    thăm hỏi | thăm con | thăm nhà | thăm gia đình

đàm phán: thương lượng giữa các bên
    đàm phán | thương lượng | hòa đàm | vòng đàm phán | đối thoại
    thảo luận NEAR/5 ("hòa bình" OR "thỏa thuận" OR "ngừng bắn" OR "thương mại" OR "hạt nhân") | bàn đàm phán
    nối lại đàm phán | nhà đàm phán | hòa giải | làm trung gian | vừa đánh vừa đàm
    not: đàm phán hợp đồng | đàm phán gia hạn | "đàm phán với CLB" | đàm phán lương | đối thoại doanh nghiệp
    hòa giải tại cơ sở | hòa giải viên | đối thoại với thanh niên | người đối thoại

ký kết: ký hiệp định, hợp đồng, ghi nhớ
    ký kết | lễ ký | ký thỏa thuận | ký hợp đồng | ký hiệp định | ký biên bản | biên bản ghi nhớ | ký sắc lệnh
    ký ban hành | ký tuyên bố | đặt bút ký | ký hợp tác
    ký NEAR/3 ("thỏa thuận" OR "hiệp định" OR "hợp đồng" OR "nghị định" OR "công ước" OR "tuyên bố"
        OR "sắc lệnh" OR "luật")
    MOU
    not: chữ ký kết | ký hợp đồng với cầu thủ | ký hợp đồng lao động

thỏa thuận: đạt được thỏa thuận, nhất trí
    thỏa thuận | đạt được thỏa thuận | nhất trí | đồng thuận | hiệp định | hiệp ước
    đồng ý NEAR/4 ("ngừng" OR "ký" OR "thỏa thuận" OR "kế hoạch" OR "đề xuất")
    thống nhất NEAR/4 ("thỏa thuận" OR "hợp tác" OR "phương án")
    not: theo thỏa thuận dân sự | thỏa thuận ly hôn | lương thỏa thuận | giá thỏa thuận

trừng phạt: lệnh cấm vận, phạt giữa các nước
    trừng phạt | lệnh trừng phạt | gói trừng phạt | cấm vận | đóng băng tài sản | tài sản đóng băng | danh sách đen
    áp đặt hạn chế | hạn chế xuất khẩu | kiểm soát xuất khẩu | trả đũa | dỡ bỏ trừng phạt | vũ khí hóa
    not: trừng phạt con | "Chúa trừng phạt" | trừng phạt đích đáng hàng thủ | bị trừng phạt bằng bàn
    trừng phạt sai lầm

biểu tình: xuống đường, tuần hành, đụng độ với cảnh sát
    biểu tình | người biểu tình | người xuống đường | dân xuống đường | xuống đường biểu tình | xuống đường phản đối
    xuống đường tuần hành | xuống đường đòi | xuống đường yêu cầu
    (đổ OR đã OR cùng) NEAR/1 "xuống đường" NEAR/10 ("phản đối" OR "biểu tình" OR "đòi") | tuần hành | bạo động
    bạo loạn | hơi cay | phong trào phản đối | đốt phá | vòi rồng NEAR/8 ("cảnh sát" OR "giải tán")
    giải tán đám đông | đám đông NEAR/6 ("phản đối" OR "giận dữ" OR "đụng độ")
    Gen Z NEAR/5 ("biểu tình" OR "nổi dậy" OR "phản đối")
    not: xuống đường ăn mừng | xuống đường mừng | xuống đường cổ vũ | diễu hành tuần hành
    tuần hành NEAR/6 ("diễu binh" OR "quần chúng" OR "kỷ niệm" OR "Quốc khánh") | phòng chống bạo loạn
    chống bạo loạn | "bạo loạn đồi Capitol" | "bạo loạn" NEAR/4 Capitol | vụ bạo loạn ngày 6

đảo chính: quân đội lật đổ chính quyền
    đảo chính | binh biến | tiếm quyền
    ("binh sĩ" OR "binh lính" OR "nhóm lính" OR "quân đội" OR "sĩ quan") NEAR/15 ("lật đổ" OR "tiếm quyền"
        OR "phế truất" OR "lên nắm quyền" OR "tuyên bố nắm quyền")
    thiết quân luật NEAR/15 ("nổi loạn" OR "nội loạn" OR "Yoon")
    not: "đảo chính" NEAR/3 (Luzon OR Honshu OR Hokkaido OR Kyushu OR "hòn đảo" OR "quần đảo" OR "bốn đảo"
        OR "các đảo" OR "khu vực đảo")
     | đảo chính của | phía đảo chính | trên đảo chính | hòn đảo chính | đảo chính sách | đảo chính xác
    đảo chính thức | bảo đảo chính | đảo chính quyền
    "đảo chính" NEAR/4 ("phòng thay đồ" OR CLB OR "câu lạc bộ" OR HLV OR "sân cỏ" OR "hội đồng quản trị")

thông qua luật: luật, nghị quyết, chính sách được thông qua
    thông qua NEAR/5 (luật OR "nghị quyết" OR "dự luật" OR "dự án luật" OR "đạo luật" OR "sửa đổi" OR "ngân sách")
    biểu quyết thông qua | biểu quyết | ban hành NEAR/5 (luật OR "nghị định" OR "nghị quyết" OR "thông tư")
    có hiệu lực | nghị định mới | luật sửa đổi | dự thảo luật | dự luật | "trình Quốc hội" | chính thức áp dụng
    not: ngừng bắn có hiệu lực

đề xuất: kiến nghị, đề nghị, dự thảo
    đề xuất | kiến nghị | đề nghị | dự thảo | lấy ý kiến | trình phương án | đưa ra phương án | dự kiến trình
    gợi ý NEAR/3 "chính sách"
    not: đề nghị truy tố | bị đề nghị | đề nghị mức án

bác bỏ: phủ nhận, từ chối
    bác bỏ | phủ nhận | từ chối | bác tin | bác thông tin | bác đơn | phản bác | cải chính | bác kháng cáo
    bác đề nghị | không chấp nhận | bác yêu cầu

phản đối: lên án, chỉ trích, phản đối
    phản đối | lên án | chỉ trích | trao công hàm | cực lực phản đối | phẫn nộ | kịch liệt | tẩy chay
    tố cáo NEAR/6 ("nước" OR "chính phủ" OR "quân đội") | triệu đại sứ
    not: không phản đối

kêu gọi: yêu cầu các bên làm điều gì
    kêu gọi | hối thúc | thúc giục | yêu cầu NEAR/6 ("chấm dứt" OR "ngừng" OR "kiềm chế" OR "các bên" OR "rút")
    đòi NEAR/4 ("từ chức" OR "chấm dứt" OR "ngừng" OR "rút")

trục xuất: đuổi người nước ngoài, hồi hương
    trục xuất | trao trả | dẫn độ | hồi hương | hủy visa | thu hồi visa | cấm nhập cảnh | truy quét nhập cư
    từ chối nhập cảnh | nhập cư trái phép | nhập cảnh trái phép | vượt biên
    not: trao trả tài sản cho chủ

nhập cư: người nhập cư, di dân, tị nạn
    nhập cư | di cư | tị nạn | người di cư | xin tị nạn | người tị nạn | truy quét nhập cư | visa | thị thực
    thẻ xanh | {trục xuất}
    not: chim di cư | thẻ xanh giao thông | cá di cư | mùa di cư | di cư của loài

cấm: lệnh cấm, không cho phép
    hạn chế NEAR/4 (xe OR "nhập khẩu" OR "xuất khẩu" OR "sử dụng" OR "nhập cảnh" OR "di chuyển" OR "lưu thông"
        OR "đi lại" OR "phương tiện" OR "ra vào")
    cấm | lệnh cấm | bị cấm | nghiêm cấm | cấm cửa | siết chặt | không cho phép | cấm tiệt
    not: cấm vận | trái cấm | tử cấm thành | cấm cung | điều cấm kỵ | bất khả cấm | vùng cấm địa | cấm địa
    vòng cấm | khu cấm địa | còn hạn chế | mặt hạn chế | một số hạn chế | hạn chế tối đa | khu vực cấm bay

đóng cửa chính phủ: chính phủ Mỹ ngừng chi
    chính phủ đóng cửa | đóng cửa chính phủ | "chính phủ Mỹ đóng cửa" | shutdown | chính phủ mở cửa trở lại
    nguy cơ đóng cửa NEAR/4 "chính phủ" | mở cửa chính phủ | chính phủ liên bang NEAR/4 "đóng cửa"

khủng hoảng chính trị: chính phủ đổ, giải tán quốc hội
    khủng hoảng chính trị | giải tán quốc hội | giải tán hạ viện | bất tín nhiệm | bỏ phiếu tín nhiệm
    chính phủ sụp đổ | chính phủ sụp | bế tắc chính trị | bất ổn chính trị | liên minh cầm quyền | lật đổ chính phủ
    chính phủ đổ

đại hội đảng: đại hội đảng bộ, Trung ương
    đại hội đảng | đại hội đại biểu | "Đại hội XIV" | đại hội đảng bộ | "hội nghị Trung ương" | văn kiện đại hội
    ban chấp hành | ban thường vụ | nhiệm kỳ 2025-2030
    not: ban chấp hành liên đoàn

diễu binh: diễu binh, duyệt binh
    diễu binh | duyệt binh | diễu hành | tổng duyệt | sơ duyệt | khối diễu binh | hợp luyện
    not: diễu hành thời trang
"""
