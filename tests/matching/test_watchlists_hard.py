"""What is hard about names, offices and events: each line a day, a headline (|| its lead) and what it concerns.

The shipped watchlists answer. Every line is one kind of mistake that a keyword bot makes, or that ours once made.
"""

from datetime import datetime
from pathlib import Path

import pytest

from monitor.config import load_watchlist
from monitor.matching.matcher import Matcher, compile_watchlist
from tests.newsroom import item

LINES = """
2026-06-01 Bà Melania Trump khai trương vườn hồng → -
2026-06-01 MELANIA TRUMP KHAI TRƯƠNG VƯỜN HỒNG → -
2026-06-01 Tòa nhà Trump Tower mất điện ba giờ → -
2026-06-01 Donald Trump Jr. ra sách dạy câu cá → -
2026-06-01 Con trai ông Donald Trump Jr lên lớp một → -
2026-06-01 Eric Trump đến Hưng Yên xem sân golf → -
2026-06-01 Ivanka Trump và chồng trồng rau → -
2026-06-01 Bà Michelle Obama ra hồi ký mới → -
2026-06-01 Vợ chồng ông Obama mua trang trại → obama
2026-06-01 Đường Trần Hồng Hà ngập sau mưa lớn → -
2026-06-01 Huyện Văn Giang đấu giá 40 lô đất → -
2026-06-01 Vợ ông Trump không dự lễ hội hoa → trump
2026-06-01 Chính quyền Trump hoãn đợt sa thải → trump
2026-06-01 TT Trump dọa rời hội nghị → trump
2026-06-01 TT Mỹ dọa rời hội nghị → trump
2026-06-01 Tổng thống Mỹ Trump dọa rời hội nghị → trump
2026-06-01 Ông V. Putin thăm xưởng đóng tàu → putin
2026-06-01 Đồng chí V.Pu-tin gửi điện mừng → putin
2026-06-01 TỔNG THỐNG PUTIN THĂM XƯỞNG ĐÓNG TÀU → putin
2026-06-01 ÔNG TẬP CẬN BÌNH TIẾP KHÁCH → tap-can-binh
2026-06-01 tổng thống nga putin nói về giá khí đốt → -
2026-06-01 Bà Sanae Takaichi xin lỗi cử tri → takaichi
2026-06-01 Thủ tướng Takaichi Sanae xin lỗi cử tri → takaichi
2026-06-01 Ông Kim Jong Un đi tàu hỏa → kim-jong-un
2026-06-01 Bà Kim Yo-jong chỉ trích Seoul → -
2026-06-01 Con gái ông Kim Jong Un xuất hiện → kim-jong-un
2026-06-01 Ngoại trưởng Nga - Mỹ gặp nhau ở Geneva → lavrov rubio
2026-06-01 Ngoại trưởng Nga, Mỹ gặp nhau ở Geneva → lavrov rubio
2026-06-01 Tổng thống Belarus và Thổ Nhĩ Kỳ trao đổi tù nhân → erdogan lukashenko
2026-06-01 Hai Tổng thống Nga và Mỹ bắt tay → putin trump
2026-06-01 Lãnh đạo Nga - Trung gặp nhau → -
2026-06-01 Tổng thống Nga, Mỹ và Thủ tướng Ấn Độ họp → modi putin trump
2026-06-01 Cựu Tổng thống Mỹ George Bush dự lễ → -
2026-06-01 Cựu Tổng thống Mỹ Barack Obama dự lễ → obama
2026-06-01 Nguyên Chủ tịch nước Lương Cường thăm trường cũ → luong-cuong
2026-06-01 Nguyên Chủ tịch nước thăm trường cũ → -
2026-06-01 Cố Tổng Bí thư Nguyễn Phú Trọng trong ký ức dân làng → -
2026-06-01 Phó Tổng thống Mỹ thăm Greenland → vance
2026-06-01 Quyền Tổng thống Venezuela ân xá tù nhân → delcy-rodriguez
2026-06-01 Tân Tổng thống Hàn Quốc nhậm chức → -
2025-06-10 Tân Tổng thống Hàn Quốc nhậm chức → lee-jae-myung
2026-06-01 Ứng viên Tổng thống Pháp vận động ở Lyon → -
2026-06-01 Bầu cử Tổng thống Ukraine bị lùi → -
2026-06-01 Tổng thống đắc cử Chile hứa giảm thuế → -
2026-06-01 Người đồng cấp Nga gửi lời mời → -
2026-06-01 Đại giáo chủ Ali Khamenei trong lễ tưởng niệm → ali-khamenei
2026-06-01 Lãnh tụ tối cao Mojtaba Khamenei lên tiếng → mojtaba-khamenei
2026-06-01 Ông Khamenei phát biểu trước sinh viên Tehran → mojtaba-khamenei
2025-10-01 Ông Khamenei phát biểu trước sinh viên Tehran || Đại giáo chủ nói về thuốc men. → ali-khamenei
2026-06-01 Ngoại trưởng Iran Abbas Araghchi tới Muscat → araghchi
2026-06-01 Tổng thống Palestine Mahmoud Abbas tới Cairo → abbas
2026-06-01 Ông Abbas và ông Araghchi cùng ở Doha || Lãnh đạo Palestine gặp ngoại trưởng Iran. → abbas araghchi
2026-06-01 Bão giá ập vào chợ Tết → -
2026-06-01 Cơn địa chấn ở làng cầu lông → -
2026-06-01 Tỉnh huy động đất công làm trường học → -
2026-06-01 Thăm gia đình chiến sĩ hải quân → -
2026-06-01 Gió mạnh trên vùng biển đông bắc → -
2026-06-01 Ga Sóng Thần đón chuyến tàu container đầu tiên → -
2026-06-01 Ông tập trung nguồn lực cho xã nghèo ở Bắc Kinh → -
2026-06-01 Thủ tướng gặp Thủ tướng Ấn Độ → le-minh-hung modi
2026-06-01 Thủ tướng: Chống lãng phí từ việc nhỏ → le-minh-hung
2026-06-01 CTQH thăm Lai Châu → tran-thanh-man
2026-06-01 TBT Tô Lâm thăm Huế → to-lam
2026-06-01 TTg phê duyệt quy hoạch cảng biển → le-minh-hung
2026-06-01 THỦ TƯỚNG NGUYỄN TẤN DŨNG VÀ NHỮNG NĂM ĐỔI MỚI → -
2026-06-01 THỦ TƯỚNG YÊU CẦU SỬA CẦU → le-minh-hung
2026-06-01 Nguyễn Hoà Bình, Phó Thủ tướng Thường trực, dự lễ → nguyen-hoa-binh
2025-11-01 Phó Thủ tướng Thường trực yêu cầu gỡ vướng dự án → nguyen-hoa-binh
2026-06-01 Phó Thủ tướng Thường trực yêu cầu gỡ vướng dự án → -
2026-06-01 Tỉnh Hòa Bình mong hòa bình → -
2026-06-01 Bị cáo Nguyễn Văn Thắng khai trước tòa || Bộ Tài chính giám định. → -
2026-06-01 Ông Nguyễn Văn Thắng (45 tuổi) mở xưởng mộc || Chính phủ hỗ trợ. → -
2026-06-01 Thầy Nguyễn Hòa Bình dạy chữ ở bản || Ban Chỉ đạo khen. → -
2026-06-01 Nhà Trắng: Tổng thống sẽ phủ quyết dự luật → trump
2026-06-01 Điện Kremlin nói Tổng thống chưa nhận lời mời → putin
2026-06-01 Tổng thống Mỹ Donald... bất ngờ đổi lịch → trump
2026-06-01 Thừa ủy quyền Thủ tướng, Bí thư tỉnh trao bằng → le-minh-hung
2026-06-01 Chính quyền Tổng thống Mỹ kiện báo chí → trump
2026-06-01 Ông Trump và Tổng thống Hàn Quốc Lee Jae Myung chơi golf → lee-jae-myung trump
2026-06-01 Ông Lee Jae-yong đầu tư 5 tỉ USD || Chủ tịch Samsung ở Hàn Quốc. → -
2026-06-01 HLV Kim Sang-sik chốt danh sách || Ông Kim Sang-sik gọi 25 cầu thủ gặp đội Triều Tiên. → -
2026-06-01 Vua Charles tiếp khách ở Windsor → charles-iii
2026-06-01 Thái tử William thay Vua Anh đọc diễn văn → charles-iii
2026-06-01 Giáo hoàng Francis được tưởng nhớ → -
2026-06-01 Giáo hoàng cầu nguyện cho Gaza → leo-xiv
2026-06-01 Đức Giáo hoàng Lêô XIV cầu nguyện → leo-xiv
2026-06-01 Hậu vệ Rodriguez ghi bàn ở Caracas → -
2026-03-01 Thủ tướng Anh từ chức → starmer
2026-06-01 Người Mỹ gốc Việt gặp Tổng thống Lincoln trong phim → -
2026-06-01 Ông Tô Lâm Hà mở quán phở → -
2026-06-01 Đại học Trump bị kiện → -
2026-06-01 Sân vận động Modi chật kín khán giả → -
2026-06-01 Bang Maduro City mất điện → -
2026-06-01 Hun Sen nói về biên giới → hun-sen
2026-06-01 Ông Hun Sen trò chuyện với con trai Hun Manet → hun-manet hun-sen
2026-06-01 Bà von der Leyen thăm Kiev → von-der-leyen
2026-06-01 Chủ tịch EC tới Kiev → von-der-leyen
2026-06-01 Chủ tịch Trung Quốc tới thăm Seoul → tap-can-binh
2026-06-01 Chủ tịch Hạ viện Mỹ chê dự luật → -
2026-06-01 Thủ lĩnh phe đối lập gặp ông Anwar Ibrahim → anwar
2026-06-01 Thành phố Anwar đón khách → -
2026-06-01 Công ty Chứng khoán MBS lãi lớn || Riyadh xanh. → -
2026-06-01 Bà Jill Biden ra sách → -
2026-06-01 Bà Biden ra sách → -
2026-06-01 Bà Trump tới dự → -
2026-06-01 Phu nhân Tổng thống Mỹ trồng cây → trump
2026-06-01 Con gái ông Putin sang Paris → putin
2026-06-01 Bố vợ ông Vance qua đời → vance
2026-06-01 Người phát ngôn của ông Zelensky bác tin đồn → zelensky
2026-06-01 Văn phòng Tổng thống Ukraine bác tin đồn → -
2026-06-01 Tổng thống Ukraine Volodymyr Zelenskyy bay sang Oslo → zelensky
2026-06-01 Tổng thống Zelenskiy bay sang Oslo → zelensky
2026-06-01 ZELENSKY BAY SANG OSLO → zelensky
2026-06-01 Ông Trump-Putin sắp gặp → putin trump
2026-06-01 Cuộc gặp Trump–Tập ở Busan || Bắc Kinh xác nhận. → trump
2026-06-01 Thượng đỉnh Trump - Kim || Bình Nhưỡng im lặng. → trump
2026-06-01 Tập Cận Bình tới Moscow → tap-can-binh
2026-06-01 Chủ tịch Tập Cận Bình tới Moscow → tap-can-binh
2026-06-01 Ông Tập: Đài Loan là việc nội bộ → tap-can-binh
2026-06-01 Ông Tập Văn Bình nuôi ba ba ở Bắc Kinh → -
2026-06-01 Thầy Tập dạy võ ở Trung Quốc → -
2026-06-01 Ông Kim Il-sung được tưởng nhớ ở Bình Nhưỡng → -
2026-06-01 Chủ tịch Kim Nhật Thành và tình hữu nghị || Triều Tiên kỷ niệm. → -
2026-06-01 Nhà lãnh đạo Kim Jong-un thị sát || Bình Nhưỡng đưa tin. → kim-jong-un
2026-06-01 Ông Lee thăm Tokyo || Tổng thống Hàn Quốc gặp Thủ tướng Nhật. → lee-jae-myung takaichi
2026-06-01 Thủ tướng Singapore Lý Hiển Long nghỉ hưu → -
2026-06-01 Ca sĩ Lý Cường ra đĩa ở Trung Quốc → -
2026-06-01 Thủ tướng Lý Cường tới Canberra → ly-cuong
2026-06-01 Bộ trưởng Ngoại giao Trung Quốc Vương Nghị thăm Lào → vuong-nghi
2026-06-01 Tổng thống Syria Bashar al-Assad năm xưa → assad
2026-06-01 Ông Assad sống ở Moscow → assad
2026-06-01 Tổng thống lâm thời Syria tới Riyadh → -
2026-06-01 Tổng thống Ai Cập tiếp ông Abbas || Chính quyền Palestine mong hòa bình. → abbas sisi
2026-06-01 Đạo diễn Abbas Kiarostami được vinh danh → -
2026-06-01 Tiền vệ Amr al-Sisi ghi bàn → -
2026-06-01 Mohammed bin Rashid thăm triển lãm → -
2026-06-01 Thái tử Mohammed bin Salman thăm triển lãm → mbs
2026-06-01 Tổng thống Emmanuel Macron và bà Brigitte Macron dự tiệc → macron
2026-06-01 Thủ tướng Đức Friedrich Merz gặp Tổng thống Pháp → macron merz
2026-06-01 Ông Orban thua cử → orban
2026-06-01 Thủ tướng Hungary nhậm chức → -
2026-06-01 Vua Anh tới Rome gặp Giáo hoàng → charles-iii leo-xiv
2026-06-01 Vua Charles II trong sử sách → -
2026-06-01 Hoàng tử Charles của Luxembourg tròn một tuổi → -
2026-06-01 Tổng Thư ký Liên hợp quốc kêu gọi kiềm chế → guterres
2026-06-01 Tổng Thư ký LHQ kêu gọi kiềm chế → guterres
2026-06-01 Phó Tổng Thư ký Liên hợp quốc kêu gọi kiềm chế → -
2026-06-01 Cuộc đua Tổng thư ký Liên Hợp Quốc nóng lên → -
2026-06-01 Thủ tướng Australia và New Zealand bàn về biển → albanese
2026-06-01 Thủ tướng Anh - Pháp chưa hẹn → starmer
2026-06-01 Ông Anutin Charnvirakul giải tán Hạ viện → anutin
2026-06-01 Bà Paetongtarn Shinawatra hầu tòa → -
2026-06-01 Cựu Thủ tướng Thái Lan Thaksin ra tù → thaksin
2026-06-01 Cựu Thủ tướng Thái Lan ra tù → -
2026-06-01 Chủ tịch Thượng viện Campuchia Hun Sen lên tiếng → hun-sen
2026-06-01 Bộ trưởng Quốc phòng Mỹ, Nhật, Hàn họp → hegseth
2026-06-01 Bộ trưởng Quốc phòng Phan Văn Giang tiếp Bộ trưởng Quốc phòng Lào → phan-van-giang
2026-06-01 Đại tướng Phan Văn Giang thăm Lạng Sơn → phan-van-giang
2026-06-01 Thứ trưởng Bộ Quốc phòng thăm Lạng Sơn → -
2026-06-01 Nguyên Phó Thủ tướng Trần Hồng Hà dự lễ → tran-hong-ha
2026-06-01 Cầu Trần Hồng Hà thông xe → -
2026-06-01 Sông Hồng, Hà Nội lên báo động một → -
2026-06-01 Ông Trần Hồng Hà, chủ quán phở, kể chuyện || Chính phủ miễn thuế. → -
2026-06-01 Phạm Thị Thanh Trà dự khai giảng → pham-thi-thanh-tra
2026-06-01 Vườn thanh trà ở Huế vào mùa → -
2026-06-01 Ông Hồ Quốc Dũng, nông dân giỏi || Chính phủ tặng bằng khen. → -
2026-06-01 Thủ tướng Phạm Văn Đồng trong lòng dân → -
2026-06-01 Chủ tịch Quốc hội Vương Đình Huệ năm ấy → -
2026-06-01 Chủ tịch Quốc hội Hàn Quốc thăm Hà Nội → -
2026-06-01 Chủ tịch nước Cuba thăm Quảng Trị → -
2026-06-01 Tổng Bí thư, Chủ tịch nước Lào Thongloun Sisoulith thăm Huế → thongloun
2026-06-01 Phó Chủ tịch nước thăm Huế → -
2026-06-01 Chủ tịch nước Tô Lâm và Chủ tịch nước Trung Quốc → tap-can-binh to-lam
2026-06-01 Bão Lòng ra mắt khán giả → -
2026-06-01 Cơn bão chấn thương quật ngã đội tuyển → -
2026-06-01 BÃO SỐ 3 ÁP SÁT QUẢNG NINH → bao
2026-06-01 Áp thấp nhiệt đới hình thành ở Biển Đông → bao
2026-06-01 Bão tuyết vùi lấp miền đông nước Mỹ → -
2026-06-01 Bão mặt trời gây cực quang → -
2026-06-01 Mỹ nhân gây bão màn ảnh → -
2026-06-01 Thị trường chờ cơn bão lãi suất → -
2026-06-01 Cơn bão AI quét qua làng báo → -
2026-06-01 Bão Sale cuối năm → -
2026-06-01 Động đất 6 độ ở Chile, không có sóng thần → dong-dat
2026-06-01 Lễ hội đèn hoa làm chấn động đất nước → -
2026-06-01 Dư chấn vụ chuyển nhượng ở Madrid → -
2026-06-01 Rung lắc thị trường chứng khoán → -
2026-06-01 Biển đông người tắm ngày lễ → -
2026-06-01 Không khí lạnh tràn xuống Biển Đông → -
2026-06-01 Philippines tố tàu Trung Quốc phun vòi rồng gần Scarborough → bien-dong
2026-06-01 Máy bay rơi ở Nepal, 18 người chết → roi-may-bay
2026-06-01 Máy bay không người lái rơi xuống nhà dân → -
2026-06-01 Giá vé máy bay rơi tự do → -
2026-06-01 Hành khách bỏ rơi hành lý trên máy bay → -
2026-06-01 Trực thăng rơi, cả tổ bay tử nạn → roi-may-bay
2026-06-01 Máy bay hạ cánh khẩn vì hành khách ngất → -
2026-06-01 Ông Putin điện đàm với ông Trump → dien-dam putin trump
2026-06-01 Ông Trump gọi điện chúc mừng nhà vô địch → trump
2026-06-01 Hai Ngoại trưởng Nga, Mỹ điện đàm → dien-dam lavrov rubio
2026-06-01 Bộ trưởng Ngoại giao Lê Hoài Trung điện đàm với Ngoại trưởng Lào → dien-dam le-hoai-trung
2026-06-01 Cảnh sát thu 20 bộ điện đàm lậu → -
2026-06-01 Quân đội Mali lật đổ chính phủ, giải tán quốc hội → dao-chinh
2026-06-01 Đảo chính Honshu mất điện → -
2026-06-01 Cuộc đảo chính phòng thay đồ ở Real → -
2026-06-01 Iran khôi phục làm giàu uranium → hat-nhan-iran
2026-06-01 Nga thử vũ khí hạt nhân → -
2026-06-01 Mỹ áp thuế 25% với thép Hàn Quốc → thue-quan-my
2026-06-01 EU áp thuế xe điện Trung Quốc → -
2026-06-01 Doanh nghiệp nợ thuế ở Mỹ Đình → -
2026-06-01 Triều Tiên duyệt binh, khoe tên lửa mới → -
2026-06-01 Triều Tiên bắn hai tên lửa đạn đạo ra biển → trieu-tien-ten-lua
2026-06-01 Hàn Quốc phóng tên lửa, Triều Tiên im lặng → -
2026-06-01 Trực thăng không rơi vào tầm bắn → -
2026-06-01 Tàu dầu bốc cháy ở eo Hormuz → eo-bien-hormuz
2026-06-01 Ngừng bắn ở Gaza lung lay → ngung-ban-gaza
2026-06-01 Hezbollah và Israel ngừng bắn → -
2026-06-01 Nga và Ukraine trao đổi 300 tù binh → -
2026-06-01 Ukraine bác đề xuất ngừng bắn của Nga → hoa-dam-nga-ukraine
2026-06-01 Lầu Năm Góc trình Bộ trưởng Quốc phòng kế hoạch rút quân → -
2026-06-01 Tổng thống Mỹ Donald… → trump
2026-04-20 Tang lễ cố Lãnh tụ tối cao Khamenei ở Tehran → ali-khamenei
2026-03-05 Ông Khamenei và những năm cầm quyền ở Iran → ali-khamenei
2026-06-01 Shark Bình hầu tòa || Ông Nguyễn Hòa Bình nộp đơn lên Chính phủ. → -
2026-06-01 Trung tâm Trump ở thủ đô đổi tên → -
2026-06-01 Bão 'Hoa Mai' đổi hướng → bao
2026-06-01 Triều Tiên thử nghiệm động cơ tên lửa mới → -
2026-06-01 Diễn tập cứu nạn khi máy bay rơi xuống biển → -
2026-06-01 Tiêm kích rơi khi diễn tập ở Baltic → roi-may-bay
2026-06-01 Kết quả bầu cử giống như một trận địa chấn → -
2026-06-01 Bão Hoa Mai đang hướng về Biển Đông → bao
2026-06-01 Làng ven sông dựng nhà chống bão cấp 12 → -
2026-06-01 Trước những bão giông của cuộc đời → -
2026-06-01 Ông Zelensky cân nhắc hội đàm với Nga → hoa-dam-nga-ukraine zelensky
2026-06-01 Hamas sẽ trả giá nếu không thả con tin → -
2026-06-01 Đề xuất thu thuế hàng rong; Ông Trump dọa kiện báo chí → trump
2026-06-01 Các Ngoại trưởng Nga và Mỹ ăn trưa → lavrov rubio
2026-06-01 Bỉ chặn âm mưu hại Thủ tướng || Cảnh sát Bỉ nói mục tiêu là Thủ tướng nước này. → -
2026-06-01 Israel hoãn duyệt binh || Thủ tướng nước này nói lý do là thời tiết. → netanyahu
2026-06-01 Nga và Israel hoãn duyệt binh || Thủ tướng nước này nói lý do là thời tiết. → -
2026-06-01 Thủ tướng tiếp Đại sứ Ấn Độ || Đại sứ chuyển lời mời của Thủ tướng nước này. → le-minh-hung modi
2026-06-01 Vua nhà hàng bị cuốn vào cuồng phong đấu tố → -
2026-06-01 Cuồng phong đổ bộ đảo Luzon của Philippines → bao
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return compile_watchlist(load_watchlist(Path(__file__).parents[2] / "config"))


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_a_hard_headline_concerns(line: str, matcher: Matcher) -> None:
    given, expected = line.rsplit(" → ", 1)
    day, text = given.split(" ", 1)
    title, _, lead = text.partition(" || ")
    matches = matcher.match(item(title, lead, at=datetime.fromisoformat(f"{day}T09:00:00+07:00")))
    assert {str(match.watch_id) for match in matches} == set(expected.replace("-", "", expected == "-").split())
