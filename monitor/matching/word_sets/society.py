"""Named sets for school, work, science, the net and the stage."""

from typing import Final

SETS: Final = """
đình công: ngừng việc tập thể
    đình công | bãi công | ngừng việc tập thể | tổng đình công | nghỉ việc tập thể | bãi khóa
    not: đình công chúa | gia đình công | đình công bố | ="Đình Công"

tuyển sinh: thi và xét vào trường
    tuyển sinh | xét tuyển | trúng tuyển | điểm chuẩn | nguyện vọng | đăng ký xét tuyển | chỉ tiêu tuyển
    tuyển thẳng | tuyển sinh lớp 10 | vào lớp 10 | vào đại học | xét học bạ | đỗ đại học
    thí sinh NEAR/6 ("đại học" OR "xét" OR "trúng")
    not: thể theo nguyện vọng | nguyện vọng của người dân | nguyện vọng của cử tri | tuyển sinh quân
    theo nguyện vọng cá nhân

kỳ thi: kỳ thi của học sinh, sinh viên
    thí sinh NEAR/12 ("đại học" OR "đề thi" OR "tốt nghiệp" OR "điểm" OR "trường" OR "xét tuyển" OR "lớp 10"
        OR THPT OR "nguyện vọng" OR "phòng thi")
    kỳ thi | thi tốt nghiệp | thi đánh giá năng lực | thi lớp 10 | thi vào lớp 10 | đề thi | bài thi | "thi THPT"
    chấm thi | phúc khảo | phổ điểm | điểm thi | thủ khoa | thi học sinh giỏi | "thi IELTS" | gian lận thi cử
    phòng thi | thi tuyển công chức | thi sát hạch
    not: thí sinh hoa hậu | "thí sinh Miss"
    thí sinh NEAR/10 ("hoa hậu" OR "sân khấu" OR "giám khảo" OR "cuộc thi nhan sắc") | điểm thi đấu | bài thi quyền

điểm chuẩn: điểm vào trường
    điểm chuẩn | điểm sàn | điểm trúng tuyển | ngưỡng đầu vào | lấy điểm NEAR/3 cao

học phí: tiền học, khoản thu ở trường
    học phí | miễn học phí | tăng học phí | lạm thu | thu chi đầu năm | các khoản thu | quỹ phụ huynh | quỹ lớp
    tiền trường

nghỉ học: học sinh nghỉ vì mưa bão, dịch
    nghỉ học | tạm nghỉ học | cho học sinh nghỉ | học trực tuyến | dừng đến trường | đóng cửa trường
    not: nghỉ học từ lớp | phải nghỉ học đi làm

tăng lương: lương, lương hưu, phụ cấp lên
    lương cơ sở NEAR/8 (tăng OR "mới" OR "điều chỉnh" OR "triệu đồng")
    (=lương OR "mức lương" OR "lương giáo viên" OR "lương hưu" OR ="Lương hưu"
        OR ="Lương giáo viên") NEAR/2 (tăng OR "sẽ tăng" OR "tăng thêm" OR "điều chỉnh" OR "được tăng")
    phụ cấp NEAR/2 (tăng OR "nâng") | tăng lương | tăng lương hưu | lương tối thiểu | cải cách tiền lương
    nâng lương | điều chỉnh lương | tăng mức lương | mức lương mới | tăng trợ cấp | tăng phụ cấp
    not: tăng lương thực | tăng lượng | sản lượng tăng | ="Trung Lương" | hưởng lương hưu

lương: lương, thưởng, thu nhập
    =lương | ="Lương tối thiểu" | ="Lương cơ sở" | ="Lương thưởng" | ="Lương, thưởng" | ="Lương công chức"
    ="Lương giáo viên" | tiền lương | mức lương | "thưởng Tết" | lương hưu | lương tháng 13 | thu nhập bình quân
    lương cơ sở | lương tối thiểu | bảng lương | phụ cấp | nợ lương | lương giáo viên | thưởng tết
    not: lương thực | lương tâm | lương thiện | lương tri | lương y | lương duyên | cải lương | lương khô
    nguyên lương | ="Lương *" | ="Trung Lương" | lương thảo | hiền lương | lương đống | hoàn lương | không lương tâm

nghỉ lễ: ngày nghỉ, lịch nghỉ
    nghỉ lễ | "nghỉ Tết" | lịch nghỉ | kỳ nghỉ | hoán đổi ngày làm việc | nghỉ bù | nghỉ 9 ngày | "nghỉ Quốc khánh"
    nghỉ tết | dịp lễ

ra mắt: sản phẩm, phim, sách mới
    ra mắt | trình làng
    giới thiệu NEAR/4 ("mẫu" OR "phiên bản" OR "sản phẩm" OR "xe" OR "điện thoại" OR "dòng" OR "bộ sưu tập"
        OR "thế hệ")
    lên kệ | mở bán | tung ra | phát hành | công chiếu | khởi chiếu | chính thức có mặt | công bố giá | ấn hành
    debut | chào sân | vừa ra
    not: ra mắt nhà gái | ra mắt gia đình | ra mắt bạn gái | tung ra đòn | phát hành cổ phiếu | phát hành trái phiếu
    ra mắt ban chấp hành | bán ra ở mức | bán ra với giá | giá bán ra | ra mắt bố mẹ | mua vào bán ra

phóng vệ tinh: phóng tàu, vệ tinh vào vũ trụ
    phóng vệ tinh | phóng tàu vũ trụ | phóng tên lửa đẩy | phóng tàu | lên quỹ đạo | vào quỹ đạo | tàu vũ trụ
    phi hành gia | trạm vũ trụ | "tàu Thần Châu" | Starship | "Falcon 9" | "Blue Origin" | "New Glenn"
    sứ mệnh NEAR/4 ("Mặt Trăng" OR "sao Hỏa" OR "không gian" OR Artemis) | tên lửa đẩy
    vệ tinh NEAR/5 (phóng OR "quỹ đạo" OR Starlink)
    not: thành phố vệ tinh | đô thị vệ tinh

trí tuệ nhân tạo: AI, mô hình ngôn ngữ
    trí tuệ nhân tạo | =AI | ChatGPT | OpenAI | Gemini | DeepSeek | mô hình ngôn ngữ | chatbot | học máy
    "AI tạo sinh" | Grok | Nvidia | deepfake

rò rỉ dữ liệu: lộ, mất, mua bán thông tin cá nhân
    rò rỉ dữ liệu | lộ dữ liệu | lộ thông tin | rò rỉ thông tin | lộ lọt | mua bán dữ liệu | đánh cắp dữ liệu
    đánh cắp thông tin | dữ liệu cá nhân NEAR/8 (lộ OR "rò rỉ" OR "đánh cắp" OR "mua bán" OR "rao bán")
    dữ liệu NEAR/3 ("bị lộ" OR "rò rỉ" OR "bị đánh cắp" OR "rao bán") | rao bán dữ liệu
    tài khoản NEAR/3 ("bị lộ" OR "rò rỉ") | hàng triệu mật khẩu | mật khẩu NEAR/3 (lộ OR "rò rỉ")
    not: lộ thông tin về mẫu | lộ thông tin chuyển nhượng | tiết lộ thông tin | hé lộ thông tin

tấn công mạng: tin tặc, mã độc, đánh sập hệ thống
    tấn công mạng | tin tặc | hacker | mã độc | ransomware | tấn công ransomware | "tấn công DDoS" | bị hack
    lỗ hổng bảo mật | đánh sập NEAR/4 ("website" OR "hệ thống" OR "mạng") | xâm nhập hệ thống | gián điệp mạng
    tống tiền mạng | phần mềm độc hại | virus máy tính
    not: hội nghị an ninh mạng

gián đoạn dịch vụ: mạng, ứng dụng, hệ thống ngừng chạy
    sập mạng | sự cố mạng | mất kết nối | gián đoạn dịch vụ | nghẽn mạng
    sập NEAR/3 (Facebook OR "ứng dụng" OR "hệ thống" OR internet OR ChatGPT OR "trang web") | lỗi hệ thống
    không thể truy cập | ngừng hoạt động NEAR/6 (internet OR "ứng dụng" OR "hệ thống") | đứt cáp
    Cloudflare NEAR/8 (lỗi OR "sự cố" OR sập)

giải thưởng: được giải, vinh danh
    giải thưởng | đoạt giải | giành giải | nhận giải | trao giải | được vinh danh | "giải Nobel" | Nobel
    "giải Oscar" | "giải Grammy" | "Quả bóng vàng" | VinFuture | Fields | Pulitzer | thắng giải | được xướng tên
    not: trúng giải

kết hôn: cưới, đính hôn
    kết hôn | đám cưới | lễ cưới | hôn lễ | cầu hôn | đính hôn | tổ chức cưới | cưới vợ | lấy chồng | lên xe hoa
    về chung nhà | tân hôn | nên vợ nên chồng
    cưới NEAR/3 ("ca sĩ" OR "diễn viên" OR "cầu thủ" OR "bạn gái" OR "bạn trai") | làm đám cưới | lấy vợ | ăn hỏi
    rước dâu

ly hôn: ly hôn, chia tay
    ly hôn | ly dị | chia tay NEAR/6 ("chồng" OR "vợ" OR "bạn trai" OR "bạn gái" OR "tình cũ" OR "yêu") | ly thân
    đường ai nấy đi | tan vỡ NEAR/3 ("hôn nhân" OR "cuộc tình") | hôn nhân đổ vỡ

sinh con: mang thai, chào đời
    sinh con | mang thai | hạ sinh | chào đời | có thai | mang bầu | lâm bồn | sinh đôi | sinh ba | thai phụ
    sản phụ | lên chức bố | lên chức mẹ | sinh quý tử | đón con đầu lòng

ghép tạng: hiến, ghép tạng
    ghép tạng | hiến tạng | ghép tim | ghép gan | ghép thận | ghép phổi | ghép tim phổi | lấy tạng | hiến mô
    hiến mô tạng | ghép giác mạc | ghép tủy | ghép tế bào gốc | ca ghép | hiến giác mạc | hiến thận | hiến gan
    chết não NEAR/8 (hiến OR ghép OR tạng) | tạng hiến | nhận tạng | chờ ghép

tiêm chủng: vaccine
    tiêm chủng | vaccine | vắc xin | tiêm phòng | mũi tiêm | tiêm vaccine | tiêm vắc xin | liều vaccine

nghệ sĩ: ca sĩ, diễn viên, nhạc sĩ, họa sĩ, nhà văn
    nghệ sĩ | ca sĩ | diễn viên | nhạc sĩ | đạo diễn | NSND | NSƯT | họa sĩ | nhà văn | nhà thơ | thi sĩ | danh hài
    nghệ nhân | tài tử | minh tinh | người mẫu | hoa hậu | á hậu | MC | biên kịch | nhiếp ảnh gia | ảnh hậu | ảnh đế
    nhạc công | rapper | idol | sao phim | ngôi sao NEAR/3 ("phim" OR "điện ảnh" OR "ca nhạc" OR "truyền hình")
    nữ hoàng NEAR/3 ("cải lương" OR "nhạc" OR "sân khấu") | kịch sĩ | soạn giả | nhà biên kịch | siêu mẫu | danh ca
    giọng ca | cây cọ | nhà điêu khắc | điêu khắc gia | nhạc trưởng | nghệ danh | nhà thiết kế | vũ công
    ngôi sao điện ảnh
    huyền thoại NEAR/2 ("điện ảnh" OR "màn ảnh" OR "nhạc" OR "ca nhạc" OR "sân khấu" OR "rock" OR "Hollywood")
    gương mặt NEAR/3 "màn ảnh" | sao màn bạc | ngôi sao màn bạc | "sao Hàn" | "sao Việt" | showbiz | làng giải trí
    cải lương NEAR/3 ("kép" OR "đào" OR "nghệ sĩ") | nhà phê bình | kiến trúc sư | thi hào | nghệ sĩ gạo cội

biểu diễn: đêm nhạc, concert, liveshow
    concert | liveshow | đêm nhạc | hòa nhạc | biểu diễn | trình diễn | live concert | tour diễn | lưu diễn
    đêm diễn | fan meeting | fanmeeting | đại nhạc hội | nhạc hội | công diễn | mini show
    not: bay trình diễn

hoa hậu: cuộc thi sắc đẹp
    hoa hậu | á hậu | "Miss Universe" | "Miss World" | "Miss Grand" | "Miss International" | "Miss Earth"
    nam vương | vương miện | đăng quang hoa hậu | người đẹp | thi nhan sắc | cuộc thi sắc đẹp

tranh cãi: bị chỉ trích, gây tranh cãi, phốt
    tranh cãi | bị chỉ trích | chỉ trích | bị phản ứng | làm dậy sóng | gây phẫn nộ | phẫn nộ | bức xúc | tẩy chay
    ồn ào | lùm xùm | scandal | bị tố | bị ném đá | gây sốc | dậy sóng dư luận | sóng gió dư luận

xin lỗi: nhận lỗi, xin lỗi công khai
    xin lỗi | tạ lỗi | nhận lỗi | cáo lỗi | gửi lời xin lỗi | cúi đầu xin lỗi | thừa nhận sai | nhận sai
    not: lời xin lỗi muộn màng
"""
