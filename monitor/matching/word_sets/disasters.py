"""Named sets for nature's disasters, sickness and pollution, and for the help that follows."""

from typing import Final

SETS: Final = """
thiên tai: bão lũ, động đất, sạt lở và hậu quả
    thiên tai | thảm họa thiên nhiên | {ngập lụt} | {bão} | {động đất} | {sạt lở} | {hạn hán} | {sóng thần}
    {núi lửa} | lốc xoáy | giông lốc | dông lốc | lốc | mưa đá
    not: phòng chống thiên tai | "phòng, chống thiên tai"

ngập lụt: lũ lụt, ngập nước, lũ quét, đê vỡ, nước lên
    mưa lũ | lũ lụt | ngập lụt | lũ quét | lũ ống | lũ lịch sử | lũ lớn | lũ dữ | lũ chồng lũ | nước lũ | vùng lũ
    rốn lũ | tâm lũ | dòng lũ | cơn lũ | trận lũ | đợt lũ | đỉnh lũ | lũ lên | lũ về | lũ rút | lũ cuốn | lũ dâng
    lũ tràn | lũ bủa vây | lũ nhấn chìm | sau lũ | trong lũ | giữa lũ | vì lũ | do lũ | chạy lũ | bão lũ
    lũ dồn dập | lũ đặc biệt lớn | bị lũ | ngập lũ | xả lũ | thoát lũ | đồng bào lũ | chống lũ | lũ trên
    lũ các sông | lũ ở | ngập sâu | ngập nặng | ngập úng | ngập nước | nước ngập | ngập đường | ngập nhà | bị ngập
    ngập cục bộ | ngập lênh láng | ngập lút | ngập tới | ngập đến | ngập lại | còn ngập | vẫn ngập | gây ngập
    đường ngập | phố ngập | ngập hơn | ngập nửa | ngập tận | ngập khắp | ngập mênh mông | ngập diện rộng
    ngập triền miên | rốn ngập | vùng ngập | điểm ngập | chìm trong biển nước | biển nước | vỡ đê | vỡ đập | tràn đê
    vùng lụt | bị lụt | trận lụt | cơn lụt | nước dâng cao | cô lập do
    bị cô lập NEAR/12 (mưa OR lũ OR ngập OR "sạt lở") | báo động 3 NEAR/12 (sông OR lũ) | vượt báo động
    triều cường NEAR/10 (ngập OR "đỉnh triều" OR "vỡ bờ bao")
    not: ngập tràn | tràn ngập | ngập đầu | ngập mặn | chống ngập | giảm ngập | ngập ngừng | nợ ngập | lũ lượt
    lũ trẻ | lũ bạn | ngập trong nợ | ngập trong rác | ngập rác | ngập trong | ngập trong ma túy
    bị ngập trong công việc

bão: bão, áp thấp nhiệt đới
    ("ảnh hưởng" OR "thiệt hại" OR "hậu quả" OR "ứng phó" OR "khắc phục" OR "dự báo" OR "phòng chống") NEAR/2 bão
    bởi bão | chịu bão | ảnh hưởng bão | ảnh hưởng của bão | bão chưa | trú bão | bão cấp | bão mạnh
    bão hoành hành | bão càn quét | bão áp sát | bão suy yếu | mắt bão
    ("tâm bão" OR "cuồng phong") NEAR/10 ("sức gió" OR "vĩ độ" OR "số" OR "áp sát" OR "đổ bộ" OR "biển" OR "cấp"
        OR "ngư dân" OR "khí tượng")
    áp thấp nhiệt đới | bão nhiệt đới | bão số | siêu bão | ="bão *" | hoàn lưu bão | hoàn lưu của bão
    xoáy thuận nhiệt đới | bão chồng bão | bão đổ bộ | bão quật | bão tan | bão vào | bão đi qua | bão quét qua
    sau bão | hậu bão | trong bão | vùng bão | do bão | bị bão | có bão | tránh bão | ứng phó bão | hậu quả bão
    tin bão | chống bão | khắc phục bão | trước bão | đón bão
    (bão OR "cơn bão") NEAR/10 ("mưa lớn" OR "gió giật" OR "đổ bộ" OR "đất liền" OR "Biển Đông" OR "khí tượng"
        OR "Thái Bình Dương" OR "sức gió" OR "ngập lụt" OR "sạt lở" OR "tàu thuyền" OR "ngư dân" OR Philippines
        OR "sơ tán" OR "tốc mái" OR "miền Trung" OR "miền Bắc")
    (bốn OR ba OR hai OR các OR những OR nhiều OR liên tiếp) NEAR/1 cơn bão
    not: hoài bão | bão giá | bão dư luận | bão mạng | bão tuyết | bão cát | bão mặt trời | bão từ | bão bụi
    bão lửa | bão địa từ | gây bão | đi bão | bão lòng | bão đêm | bão sale | bão tài chính | bão thuế quan
    bão like | bão chấn thương | bão sa thải | bão lạm phát | bão cytokine | bão đạn | bão điện từ | bão chính trị
    bão táp | bão giông | giông bão | dông bão | bão tố | "bão AI" | bão lãi suất | bão truyền thông | bão tin giả
    mưa bão | mùa bão | chống lụt bão | như vũ bão | nhanh như vũ bão | cơn bão tiền | "bão" NEAR/2 "tin giả"
    giữa tâm bão NEAR/8 ("dư luận" OR "tranh cãi") | bão hòa
    bão NEAR/4 ("dư luận" OR "chỉ trích" OR "scandal" OR "truyền thông" OR "mạng xã hội" OR "chấn thương"
        OR "pháp lý" OR "tin đồn" OR "phản ứng" OR "lạm phát" OR "chuyển nhượng" OR "thị trường" OR "tuyết"
        OR "cuộc đời" OR "đời người" OR "số phận" OR "thuế quan")
     | nhà chống bão | cửa chống bão | kính chống bão | mái chống bão | chống bão cấp | vật liệu chống bão

động đất: động đất, dư chấn
    động đất | trận địa chấn
    ("dư chấn" OR "rung chấn" OR "cơn địa chấn" OR "tâm chấn" OR "rung lắc") NEAR/30 ("động đất" OR "độ lớn"
        OR Richter OR "tâm chấn" OR "sóng thần")
    not: động đất đai | động đất nước | huy động đất | biến động đất | bất động đất | hoạt động đất | lao động đất
    chủ động đất | vận động đất | tác động đất | rung động đất | chống động đất | chịu động đất | kháng động đất
    như động đất | dự đoán động đất | nghiên cứu động đất | giám sát động đất | diễn tập động đất
    "địa chấn" NEAR/6 (làng OR bóng OR giải OR "nhà vô địch" OR "World Cup" OR "cầu lông" OR "sân cỏ"
        OR "showbiz" OR "chính trường" OR "chứng khoán" OR "thị trường" OR "dư luận" OR "V-League" OR tuyển
        OR "chuyển nhượng")
     | ("như" OR "giống" OR "tựa") NEAR/4 ("trận địa chấn" OR "cơn địa chấn")
    ("cơn địa chấn" OR "dư chấn") NEAR/5 ("tạo" OR "gây" OR "tâm lý" OR "chính trị" OR "tài chính")

sóng thần: sóng thần, cảnh báo sóng thần
    sóng thần
    not: ="Sóng Thần" | ngư lôi NEAR/4 "sóng thần" | làn sóng thần tượng | sóng thần tượng | sóng thần kinh
    sóng thần tốc | "cơn sóng thần AI"

núi lửa: núi lửa phun trào
    núi lửa NEAR/8 (phun OR "phun trào" OR "hoạt động" OR "thức giấc" OR "tro bụi" OR "dung nham" OR "cảnh báo"
        OR "sơ tán" OR "cột tro")
    phun trào núi lửa | tro núi lửa | dung nham
    not: bánh dung nham | núi lửa đã tắt

sạt lở: sạt lở đất, núi, bờ sông; sụt lún, hố sâu
    sạt lở | lở đất | lở núi | núi lở | sạt trượt | trượt đất | lũ bùn | bùn đá | taluy đổ | sạt taluy
    đất đá vùi lấp | đất đá tràn | sụt lún | sụt đất | hố tử thần | hố sụt | nứt núi | nứt đất | xói lở | bị vùi lấp
    sạt đường | lún nứt | đất sụt
    not: chống sạt lở | kè chống sạt lở

hạn hán: hạn hán, thiếu nước, nhiễm mặn
    hạn hán | khô hạn | xâm nhập mặn | hạn mặn | nhiễm mặn | thiếu nước sinh hoạt | thiếu nước tưới
    thiếu nước ngọt | cạn trơ đáy | khô cạn | trơ đáy | nắng hạn | thiếu nước nghiêm trọng
    not: khô hạn bàn thắng | cơn khô hạn | cơn hạn hán

nắng nóng: nắng nóng, nhiệt độ cao
    nắng nóng | sóng nhiệt | đợt nóng | nóng kỷ lục | nắng gay gắt | nóng gay gắt | nắng như đổ lửa | sốc nhiệt
    nhiệt độ kỷ lục

rét: không khí lạnh, rét, băng giá
    không khí lạnh | rét đậm | rét hại | rét buốt | băng giá | sương muối | gió mùa đông bắc | trở rét | chuyển rét
    giá rét | bão tuyết | tuyết rơi | đợt rét | trời rét
    not: áo rét

mưa lớn: mưa lớn, mưa to, giông
    mưa lớn | mưa to | mưa rất to | mưa như trút | mưa xối xả | mưa tầm tã | mưa kỷ lục | mưa lịch sử | mưa dồn dập
    mưa kéo dài | mưa đặc biệt lớn | mưa giông | mưa dông | giông lốc | dông lốc | mưa đá | mưa dầm | mưa trắng trời
    mưa cực đoan

cứu trợ: giúp người bị nạn: tiền, hàng, quyên góp
    cứu trợ | ủng hộ đồng bào | hỗ trợ người dân vùng | quyên góp | tiếp tế | khắc phục hậu quả | hàng cứu trợ
    tiếp sức đồng bào | "hướng về miền Trung" | nhu yếu phẩm | viện trợ nhân đạo
    ủng hộ NEAR/6 ("vùng lũ" OR "bão lũ" OR "bà con" OR "miền Trung" OR "đồng bào" OR "thiên tai")
    chung tay NEAR/6 ("vùng lũ" OR "đồng bào" OR "miền Trung" OR "bão lũ")

sơ tán: đưa dân khỏi nơi nguy hiểm
    sơ tán | di tản | di dời khẩn cấp | di dời NEAR/4 (dân OR "hộ" OR "hộ dân" OR "khẩn cấp" OR "khỏi vùng")
    tránh trú | đưa NEAR/4 dân NEAR/6 "an toàn" | chạy lũ | chạy bão | lệnh sơ tán | rời khỏi nhà
    not: di dời nhà xây nhầm | diễn tập sơ tán | di dời nhà máy | di dời trường

ngộ độc: ngộ độc thức ăn, rượu, hóa chất
    ngộ độc | nhập viện sau khi ăn | nhập viện sau bữa | nhập viện nghi do ăn | cấp cứu sau khi ăn
    nhập viện sau ăn | nhập viện vì ăn | đau bụng NEAR/8 (nôn OR "nôn ói" OR "tiêu chảy") NEAR/15 (ăn OR uống)
    methanol NEAR/8 (rượu OR "tử vong" OR "nguy kịch") | trúng thực | "nhiễm khuẩn Salmonella"
    sau khi ăn NEAR/12 ("nhập viện" OR "cấp cứu" OR "tử vong" OR "đau bụng")
    sau khi uống rượu NEAR/8 ("tử vong" OR "nguy kịch" OR "nhập viện")
    not: phòng ngộ độc | phòng tránh ngộ độc | ngừa ngộ độc | tránh ngộ độc | nguy cơ ngộ độc | tránh bị ngộ độc
    dễ ngộ độc | dễ gây ngộ độc | phòng ngừa ngộ độc | ngộ độc tình | có thể ngộ độc | có nguy cơ gây ngộ độc
    có thể gây ngộ độc | không để xảy ra ngộ độc | ngăn ngộ độc | sự cố về ngộ độc | cứu người ngộ độc

ngộ độc thực phẩm: ngộ độc thức ăn, rượu, nấm
    ngộ độc thực phẩm
    ngộ độc NEAR/10 (ăn OR uống OR rượu OR nấm OR "bánh mì" OR "bữa ăn" OR "bữa tiệc" OR "cỗ" OR "cơm"
        OR "suất ăn" OR "học sinh" OR "công nhân" OR "tập thể" OR methanol OR "cá nóc" OR "so biển" OR "cóc"
        OR "hải sản" OR "bún" OR "xôi" OR "trà sữa" OR "thịt" OR "botulinum" OR "Salmonella" OR "tiệm bánh"
        OR "bánh")
    nhập viện sau khi ăn | nhập viện sau bữa | nhập viện nghi do ăn | cấp cứu sau khi ăn | nhập viện sau ăn
    nhập viện vì ăn | đau bụng NEAR/8 (nôn OR "nôn ói" OR "tiêu chảy") NEAR/15 (ăn OR "bánh mì" OR "bữa")
    methanol NEAR/8 (rượu OR "tử vong" OR "nguy kịch")
    sau khi ăn NEAR/12 ("nhập viện" OR "cấp cứu" OR "tử vong" OR "đau bụng")
    sau khi uống rượu NEAR/8 ("tử vong" OR "nguy kịch" OR "nhập viện")
    not: phòng ngộ độc | phòng tránh ngộ độc | ngừa ngộ độc | tránh ngộ độc | nguy cơ ngộ độc | dễ ngộ độc
    có thể gây ngộ độc | dễ gây ngộ độc | phòng ngừa ngộ độc | có thể ngộ độc | ngộ độc khí | ngộ độc thuốc
    ngộ độc paracetamol | ngộ độc nước | sự cố về ngộ độc | không để xảy ra ngộ độc

dịch bệnh: dịch bệnh bùng phát, lây lan
    dịch bệnh | ổ dịch | bùng phát dịch | bùng dịch | dịch bùng phát | ca mắc | ca nhiễm | chùm ca bệnh | vùng dịch
    dập dịch | công bố dịch | dịch tả | dịch cúm | cúm gia cầm | dịch sởi | dịch sốt xuất huyết
    dịch tay chân miệng | virus NEAR/6 ("lây lan" OR "bùng phát" OR "lây nhiễm")
    số ca NEAR/2 (mắc OR nhiễm OR bệnh)
    not: sau đại dịch | hậu đại dịch | thời đại dịch | phòng chống dịch bệnh | trước đại dịch

sốt xuất huyết: sốt xuất huyết, muỗi vằn
    sốt xuất huyết | dengue | muỗi vằn | chikungunya

ô nhiễm không khí: bụi mịn, chỉ số chất lượng không khí
    ô nhiễm không khí | bụi mịn | PM2.5 | "PM2,5" | AQI | chất lượng không khí | không khí ô nhiễm
    ô nhiễm NEAR/4 "không khí" | khói bụi | mù khô | sương mù quang hóa
    "không khí Hà Nội" NEAR/6 (xấu OR "ô nhiễm")
    not: máy lọc không khí

ô nhiễm: ô nhiễm nước, đất, không khí, rác
    ô nhiễm | xả thải | nước thải | cá chết | hôi thối | rác thải NEAR/5 ("ngập" OR "tràn" OR "ùn ứ" OR "chất đống")
    tràn dầu | rò rỉ hóa chất | khói bụi | {ô nhiễm không khí} | xả trộm
    not: giảm ô nhiễm | nhà máy xử lý nước thải
"""
