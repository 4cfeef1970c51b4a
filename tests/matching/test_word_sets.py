"""What the named sets that ship find, and what they do not: a sentence or two for each."""

import re
from functools import cache

import pytest

from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.word_sets import shipped_sets
from monitor.types import Event, WatchId, Watchlist, WordSet
from tests.newsroom import item

SENTENCES = """\
cháy: Xưởng mộc cuối làng cháy lúc nửa đêm / Áo mưa in hình ếch bán cháy hàng
cháy rừng: Rừng thông trên đồi Chim bốc cháy ba ngày liền / Bà con dọn cỏ phòng cháy rừng
nổ: Vụ nổ bình gas làm sập bếp quán phở / Phong trào trồng hoa bùng nổ khắp xóm
tai nạn: Cụ bà gặp nạn bên cối xay / Xã bàn cách phòng tránh tai nạn
tai nạn giao thông: Hai xe tải tông nhau ở đầu cầu Mơ / Chiếc áo tông màu xanh lá
xe: Ông Sáu mua xe máy cũ / Cụ ngồi xe lăn ngắm biển
nhà xưởng: Căn nhà bên sông treo đèn / Nhà báo uống trà
rơi máy bay: Trực thăng rơi xuống ruộng dưa / Lô sầu riêng rơi vào tầm ngắm máy bay của trẻ con
máy bay: Phi cơ đáp xuống bãi cỏ
chìm tàu: Ghe chở dừa bị chìm giữa sông / Tàu ngầm chìm sâu dưới nước theo lệnh
tàu thuyền: Sà lan chở cát đi qua bến / Tàu hỏa vào ga
sập: Mái đình đổ sập sau trận gió / Nhiều người sập bẫy hàng rẻ
cứu hộ: Đội cứu hộ đưa ba người ra khỏi hang / Hội chợ giải cứu nông sản
người chết: Hai người tử vong bên giếng cạn / Chú Tư thoát chết trong gang tấc
số người chết: Số người chết vì lũ tăng lên chín
thương vong: Ba thợ đá bị thương
bị thương: Người gác đèn bị thương ở tay / Phòng cấp cứu vừa sơn lại
mất tích: Một ngư dân mất tích ngoài hòn Khoai / Nhà thám hiểm tìm mất dấu chân
qua đời: Cụ nghệ nhân qua đời ở tuổi 90 / Nhà tang lễ được sơn mới
thoát nạn: Cả nhà thoát nạn nhờ chú mèo
đuối nước: Em nhỏ bị đuối nước ở ao làng / Xã mở lớp dạy bơi phòng tránh đuối nước
điện giật: Thợ hàn bị điện giật trên mái / Lắp máy chống giật
mất điện: Cả phố mất điện từ chiều / Thi vẽ tranh tiết kiệm điện
ùn tắc: Xe dưa hấu làm kẹt xe cả giờ / Xây cầu để chống ùn tắc
hủy chuyến bay: Ba chuyến bay ra đảo bị hủy vì sương
thiệt hại: Lốc làm tốc mái mười căn nhà / Kiện đòi bồi thường thiệt hại
thiên tai: Thiên tai làm mất mùa cam / Tủ sách phòng chống thiên tai
ngập lụt: Nước lũ lên tới mái chợ / Ánh nắng ngập tràn sân trường
bão: Bão số 4 áp sát đảo Gió / Cô giáo trẻ nuôi hoài bão lớn
động đất: Động đất làm rung lắc các bản vùng cao / Lễ hội chấn động đất nước
sóng thần: Đảo Mây cảnh báo sóng thần / Chợ bên ga Sóng Thần
núi lửa: Núi lửa phun trào trên đảo Tro / Tiệm bán bánh dung nham
sạt lở: Đất đá sạt lở chắn đèo / Khởi công kè chống sạt lở
hạn hán: Hạn hán kéo dài, giếng làng khô cạn / Cơn khô hạn bàn thắng kết thúc
nắng nóng: Nắng nóng làm dưa chín sớm
rét: Rét đậm tràn về bản Mây / Phố bán áo rét
mưa lớn: Mưa lớn trút xuống phiên chợ
cứu trợ: Xuồng chở gạo cứu trợ vào xóm đảo
sơ tán: Dân cù lao sơ tán lên đê / Trường mầm non diễn tập sơ tán
ngộ độc: Chín người ngộ độc sau tiệc cưới / Mẹo phòng tránh ngộ độc mùa hè
ngộ độc thực phẩm: Mười công nhân ngộ độc sau bữa cơm trưa / Gia đình ngộ độc khí than
dịch bệnh: Ổ dịch mới ở trại vịt / Tủ thuốc phòng chống dịch bệnh
sốt xuất huyết: Số ca sốt xuất huyết tăng ở xóm chài
ô nhiễm không khí: Bụi mịn phủ kín chân trời / Mua máy lọc không khí
ô nhiễm: Kênh Đen ô nhiễm nặng / Sáng kiến giảm ô nhiễm
khởi tố: Khởi tố ông chủ bãi cát / Thầy giáo bị bắt gặp đang hát
bắt giữ: Công an huyện bắt nhóm trộm vịt / Cậu bé bị bắt nạt ở bến đò
truy nã: Kẻ bán vàng mã giả bỏ trốn sang đảo / Trò chơi truy tìm kho báu
điều tra: Công an điều tra vụ mất trộm chuông chùa / Cán bộ đi điều tra dân số
xét xử: Bị cáo kể lại đêm mất trâu trước tòa / Ông chủ bị cáo buộc nói dối
tuyên án: Tòa tuyên phạt kẻ trộm ba năm tù / Tí nhận án treo giò
tử hình: Y án tử hình kẻ giết chủ thuyền / Xã ban hành quyết định về chợ đêm
lừa đảo: Cụ ông bị lừa mất ba con trâu / Con lừa thồ gạo lên núi
lừa đảo mạng: Giả danh công an gọi điện thoại lấy hết tiền của cụ / Con lừa lên mạng
tham nhũng: Cựu kho trưởng tham ô thóc giống / Hội nghị phòng chống tham nhũng
hối lộ: Chủ bến nhận hối lộ hai lạng yến
giết người: Án mạng ở bến đò Cây Sung / Chơi cờ giết thời gian
cướp: Hai kẻ bịt mặt cướp tiệm vàng / Cơn gió cướp đi chiếc nón
trộm cắp: Trộm vào chùa lấy chuông / Cô bé trộm nghĩ về mây
ma túy: Thuyền chở ma túy giấu trong dừa khô / Tuổi trẻ nói không với ma túy
hàng giả: Thu giữ nghìn hộp sữa giả / Hội thảo chống hàng giả
buôn lậu: Ghe chở thuốc lá lậu qua sông
đánh bạc: Phá sới bạc sau đình
mua bán người: Lừa bán ba cô gái sang bên kia biên giới / Chợ họp gây khó cho buôn bán người dân
bắt cóc: Bé trai bị bắt cóc được đưa về nhà / Cậu bé dựng chuyện bắt cóc
xâm hại tình dục: Kẻ dâm ô trẻ em hầu tòa / Loài ốc xâm hại rừng đước
hành hung: Người bán dừa bị hành hung / Vườn táo bị đánh thuế
bạo lực học đường: Nữ sinh lớp 8 bị đánh ở sân trường
xả súng: Xả súng ở chợ hoa, bốn người chạy thoát / Bắn bị bắn rơi
khủng bố: Đánh bom trước cổng nhà thờ / Hội nghị chống khủng bố
tự tử: Người thợ có ý định tự tử được cứu / Drone tự sát lao tới
rửa tiền: Phá đường dây rửa tiền qua tiệm hoa / Luật phòng, chống rửa tiền
trốn thuế: Chủ tiệm bánh trốn thuế mười năm
xử phạt: Chủ bè cá bị phạt vì xả rác / Cầu thủ được hưởng đá phạt
kiện: Dân làng khởi kiện nhà máy bia / Cờ thủ gặp kiện tướng
ân xá: Nhà vua ân xá cho mười người / Trận đấu tại ngoại hạng xứ sương mù
cán bộ: Bí thư xã đi gặt / Kẻ mạo danh phó giám đốc bán vé
lãnh đạo doanh nghiệp: Tổng giám đốc hãng kẹo nghỉ phép / Giám đốc sở trồng cây
công an: CSGT dừng xe chở lợn
tăng: Giá cam tăng / Xe tăng đi qua phố
tăng mạnh: Giá bạc lập đỉnh / Nhóm bạn lập kỷ lục Guinness
giảm: Giá cá giảm / Mẹo giảm cân sau tết
giảm mạnh: Giá tiêu lao dốc / Xe lao xuống vực
đi ngang: Giá gạo đi ngang / Bất động sản ven hồ
kỷ lục: Vụ cam đạt sản lượng kỷ lục
giá: Giá vịt ở chợ Đình / Bạn bè đánh giá cao
lãi suất: Lãi suất tiết kiệm nhích nhẹ / Kẻ cho vay lãi nặng sa lưới
tăng lãi suất: Ngân hàng Cây Đa tăng lãi suất / Họp xong không tăng lãi suất
giảm lãi suất: Ngân hàng Cây Đa cắt giảm lãi suất / Họp xong không giảm lãi suất
lạm phát: Lạm phát tháng mười lên 3% / Xe điện giảm phát thải
tỷ giá: Tỷ giá sáng nay đứng yên
giá vàng: Giá vàng miếng sáng nay / Huy chương vàng treo ở nhà
giá xăng: Giá xăng chiều mai / Kẻ xấu tưới xăng vào rơm
giá dầu: Giá dầu thô lên 70 USD / Giá dầu gội ở chợ
giá cà phê: Giá cà phê nhân sáng nay / Ngồi quán cà phê nghe mưa
giá nhà đất: Giá đất ven sông lên nhanh
bất động sản: Bất động sản miền núi ế khách
nhà ở xã hội: Bốc thăm mua nhà ở xã hội
thuế quan: Đảo Mây áp thuế với dừa nhập khẩu / Dựng khu phi thuế quan
thuế: Tiểu thương kê khai thuế
xuất khẩu: Xuất khẩu dừa lập đỉnh / Đi xuất khẩu lao động
phá sản: Hãng kẹo Cây Bàng phá sản / Huyện giải thể trường cũ
thâu tóm: Hãng trà thâu tóm tiệm cốm / Bác sĩ dặn thuốc mua lại
sáp nhập: Hai trường làng sáp nhập / Báo cáo tài chính hợp nhất
sáp nhập địa giới: Sáp nhập xã Đông và xã Đoài
niêm yết: Hãng trà IPO mùa xuân / Giá niêm yết mười đồng
sa thải: Hãng giày sa thải trăm thợ / HLV bị sa thải sau năm trận
cắt giảm nhân sự: Hãng giày cắt giảm nhân sự
thất nghiệp: Thất nghiệp ở phố nghề / Câu chúc mong thất nghiệp
đầu tư: Rót vốn vào vườn vải
khởi công: Động thổ cầu treo bản Mây
khánh thành: Khánh thành cầu treo bản Mây / Lễ khai trương mùa giải
chậm tiến độ: Cầu treo bản Mây dở dang
giải phóng mặt bằng: Thu hồi đất làm cầu treo
đấu giá: Đấu giá cây mai trăm tuổi
đấu thầu: Ba hãng trúng thầu cầu treo
chứng khoán: Cổ phiếu hãng trà tím lịm / Đoàn khối ngoại ngữ
thị trường chứng khoán: VN-Index sáng nay / Phố phường ngóng chứng khoán Mỹ
trái phiếu: Lô trái phiếu hãng trà chậm trả
tiền số: Bitcoin qua mốc mới
lợi nhuận: Hãng trà báo lãi / Doanh thu phòng vé tuần này
thua lỗ: Hãng trà lỗ lũy kế / Vá lỗ hổng trên mái
tăng trưởng: GDP quý này
thu hồi sản phẩm: Thu hồi lô thuốc ho / Triệu hồi đại sứ
bổ nhiệm: Bổ nhiệm giám đốc bảo tàng / Được đề cử Oscar
từ chức: Thị trưởng đảo Mây từ chức / Giáo sư dạy từ chức năng tới nghĩa
cách chức: Cách chức trưởng kho thóc / Học về cách chức năng gan hoạt động
kỷ luật: Khiển trách trưởng kho thóc / Đội bóng sống kỷ luật
bầu cử: Đảo Mây bầu cử sớm / Bỏ phiếu tín nhiệm nội các
đắc cử: Bà giáo đắc cử thị trưởng
thất cử: Thị trưởng cũ thất cử
nhậm chức: Thị trưởng mới nhậm chức / Lễ tuyên thệ nhập tịch ở đảo Mây
gặp gỡ: Hai nhà vua hội đàm bên hồ / Anh thợ tiếp tục làm ghế
điện đàm: Hai nhà vua điện đàm / Người lính đeo bộ điện đàm
thăm: Nhà vua đảo Mây thăm chính thức đảo Gió / Bà đi thăm khám
đàm phán: Hai đảo đàm phán về mùa cá / Tiền đạo đàm phán hợp đồng
ký kết: Hai đảo ký kết hiệp định mùa cá
thỏa thuận: Hai đảo đạt được thỏa thuận / Lương thỏa thuận
trừng phạt: Đảo Gió trừng phạt đảo Mây / Đội khách bị trừng phạt bằng bàn thua
biểu tình: Dân đảo Mây biểu tình / Dân xuống đường ăn mừng
đảo chính: Binh sĩ đảo Mây đảo chính / Lên đảo chính của quần đảo
thông qua luật: Nghị viện đảo Mây thông qua luật thuyền / Lệnh ngừng bắn có hiệu lực
đề xuất: Đề xuất trồng lại rừng đước / Bị đề nghị mức án nhẹ
bác bỏ: Làng bác bỏ tin có ma
phản đối: Ngư dân phản đối cầu cảng / Dân làng không phản đối
kêu gọi: Nhà sư kêu gọi hai bên kiềm chế
trục xuất: Đảo Mây trục xuất người đưa tin
nhập cư: Đảo Mây đón người nhập cư / Đàn chim di cư
cấm: Cấm bè qua cầu / Cấm vận đảo Mây
đóng cửa chính phủ: Chính phủ đảo Mây đóng cửa chính phủ
khủng hoảng chính trị: Đảo Mây giải tán quốc hội
đại hội đảng: Đại hội đảng bộ xã Đoài
diễu binh: Diễu binh trên quảng trường
tấn công: Quân đảo Gió tấn công cảng / Tin tặc tấn công mạng
không kích: Không kích vào kho lương / Lỗi không kích hoạt được máy
giao tranh: Giao tranh ở biên giới đảo Gió / Chiến tranh thương mại
ngừng bắn: Hai đảo ngừng bắn / Thăm gia đình chiến sĩ
hòa bình: Kế hoạch hòa bình của nhà vua / Trao Nobel Hòa bình
trao đổi tù binh: Hai đảo trao đổi tù binh / Dọa nếu không thả con tin
tên lửa: Tên lửa bay qua eo / Tên lửa đẩy đưa vệ tinh
phóng tên lửa: Đảo Gió phóng tên lửa ra biển / Dựng bệ phóng tên lửa
máy bay không người lái: UAV lượn trên cảng / Trình diễn drone mừng năm mới
hạt nhân: Đảo Gió làm giàu uranium / Hạt nhân phong trào văn nghệ
thử hạt nhân: Đảo Gió thử hạt nhân
tập trận: Đảo Gió tập trận trên biển
quân sự: Hải quân đảo Gió / Lính cứu hỏa ăn cơm
rút quân: Đảo Gió rút quân
viện trợ: Đảo Mây nhận viện trợ vũ khí
xâm nhập lãnh thổ: Tàu lạ xâm phạm lãnh hải đảo Mây
bắn hạ: Bắn hạ hai khinh khí cầu / Tiền vệ đánh chặn của đội nhà
tranh chấp biển: Hải cảnh áp sát bãi cạn
thắng: Đội Cá Chép đánh bại đội Cá Trê / Du khách tới danh thắng
thua: Đội Cá Trê thua đau / Hãng kẹo thua lỗ
hòa: Đội Cá Trê bị cầm hòa / Ca sĩ hòa mình vào dòng người
vô địch: Đội Cá Chép lên ngôi / Nhà vô địch đi chợ
đi tiếp: Đội Cá Chép vào chung kết / Ông chủ vào vòng lao lý
bị loại: Đội Cá Trê bị loại / Hộp xốp bị loại bỏ
ghi bàn: Tí lập cú đúp / Chính phủ kiến tạo
chuyển nhượng: CLB Cá Chép chiêu mộ Tí / Sang tên chuyển nhượng đất
chấn thương: Tiền đạo Tí chấn thương mắt cá / Bệnh viện chấn thương chỉnh hình
huy chương: Tí giành huy chương bạc / Cụ nhận huy chương kháng chiến
giải nghệ: Tí giải nghệ
thay huấn luyện viên: Đội Cá Trê sa thải HLV
huấn luyện viên: Thuyền trưởng đội Cá Chép / Thuyền trưởng tàu cá
tuyển Việt Nam: U.22 Việt Nam ra sân tập / Hội phụ nữ Việt Nam trồng hoa
bóng đá: Thủ môn đội Cá Chép / CLB đọc sách của làng
thể thao: Tay vợt làng Đoài
đình công: Thợ may đình công / Anh Lê Đình Công
tuyển sinh: Trường làng xét tuyển sớm / Thể theo nguyện vọng của người dân
kỳ thi: Đề thi văn nói về mưa / Đổi địa điểm thi đấu
điểm chuẩn: Điểm chuẩn ngành hát chèo
học phí: Miễn học phí cho trẻ xóm chài
nghỉ học: Cho học sinh nghỉ học vì mưa
tăng lương: Tăng lương cho thợ đèn / Tăng lương thực dự trữ
lương: Thợ đèn nhận lương / Chợ lương thực ở Trung Lương
nghỉ lễ: Lịch nghỉ lễ của làng
ra mắt: Ra mắt mẫu xe thồ / Ra mắt nhà gái
phóng vệ tinh: Phóng vệ tinh ngắm mây / Thành phố vệ tinh
trí tuệ nhân tạo: Trí tuệ nhân tạo vẽ tranh gà
rò rỉ dữ liệu: Rò rỉ dữ liệu khách hàng / Tiết lộ thông tin đám cưới
tấn công mạng: Tin tặc vào máy chủ chợ
gián đoạn dịch vụ: Đứt cáp quang ngoài biển
giải thưởng: Nhà thơ nhận giải thưởng / Cụ bà trúng giải ở hội làng
kết hôn: Hai thợ gốm kết hôn
ly hôn: Hai thợ gốm ly hôn
sinh con: Chị thợ gốm sinh con
ghép tạng: Ghép gan cho bé gái
tiêm chủng: Bản Mây tiêm chủng cho trẻ
nghệ sĩ: Danh hài kể chuyện
biểu diễn: Đêm nhạc bên sông / Phi đội bay trình diễn
hoa hậu: Á hậu đi chợ
tranh cãi: Bài hát gây tranh cãi
xin lỗi: Hãng kẹo xin lỗi khách
diễn tập: Diễn tập chữa cháy ở chợ / Diễn tập quân sự
hồi tưởng: Tưởng nhớ người thầy cũ / Kỷ niệm đẹp ở bến sông
dự báo: Dự báo mùa cam
kêu gọi phòng: Khuyến cáo khi đi thuyền
phim ảnh: Bộ phim về chú trâu
trò chơi: Tựa game nuôi cá / Đội SEA Games về nước
xổ số: Mua vé số dạo
quảng cáo: Khuyến mãi nồi đất
hỏi đáp: Luật sư tư vấn cho chủ vườn
thống kê: Số vụ trong nửa đầu năm
tin đồn: Tin đồn về giếng cổ
phủ nhận: Làng phủ nhận chuyện có ma
tóm tắt tin: Điểm tin sáng
nước ngoài: Chợ nổi ở Thái Lan / Trận đấu ở Mỹ Đình
Việt Nam: Chợ nổi Cần Thơ
"""
"""The set, what it finds, and behind a bar with blanks what looks like it and is something else."""


@cache
def _matcher(name: str) -> Matcher:
    """A watchlist with one event, the set of this name."""
    return compile_watchlist(Watchlist("1", (Event(WatchId("e"), name, match=(f"{{{name}}}",)),)))


def _found(name: str, sentence: str) -> bool:
    return bool(_matcher(name).match(item(sentence)))


def _rows() -> list[tuple[str, str, str]]:
    rows = []
    for line in SENTENCES.splitlines():
        name, _, sentences = line.partition(": ")
        found, _, other = sentences.partition(" / ")
        rows.append((name, found, other))
    return rows


@pytest.mark.parametrize(("name", "sentence"), [(name, found) for name, found, _ in _rows()])
def test_a_set_finds_its_sentence(name: str, sentence: str) -> None:
    assert _found(name, sentence)


@pytest.mark.parametrize(("name", "sentence"), [(name, other) for name, _, other in _rows() if other])
def test_a_set_passes_over_what_only_looks_like_it(name: str, sentence: str) -> None:
    assert not _found(name, sentence)


def test_each_set_has_its_sentence() -> None:
    assert [name for name, _, _ in _rows()] == [one.name for one in shipped_sets()]


def _words(member: str) -> str | None:
    """A member or guard that is mere words, None for a query."""
    return None if re.search(r"NEAR/| OR |[{}@~()*]", member) else member.replace("=", "").replace('"', "")


@pytest.mark.parametrize("word_set", shipped_sets(), ids=lambda one: one.name)
def test_no_word_of_a_set_is_hidden_by_its_own_guards(word_set: WordSet) -> None:
    words = [words for member in word_set.members if (words := _words(member))]
    assert [each for each in words if not _found(word_set.name, each)] == []


@pytest.mark.parametrize("word_set", shipped_sets(), ids=lambda one: one.name)
def test_no_guard_of_a_set_is_found_by_it(word_set: WordSet) -> None:
    guards = [words for guard in word_set.ignore if (words := _words(guard))]
    assert [each for each in guards if _found(word_set.name, each)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Đò lật, 12 người tử vong",
        "Cháy xưởng gốm làm chết 13 người",
        "Lũ quét cướp đi sinh mạng của 9 người",
        "20 nạn nhân tử nạn bên cầu Mơ",
        "Xe lao xuống đèo, 6 học sinh tử vong",
        "12 ca tử vong do sốt ở xóm chài",
        "18 công nhân chết ngạt dưới hầm",
        "Số nạn nhân lên 21",
        "Nâng số người chết lên 14",
    ],
)
def test_the_toll_of_a_set_of_tolls_is_any_toll(sentence: str) -> None:
    toll = compile_watchlist(Watchlist("1", (Event(WatchId("e"), "E", match=("{số người chết} >= 5",)),)))
    assert toll.match(item(sentence))


def test_the_toll_of_the_dead_counts_neither_injured_nor_missing() -> None:
    toll = compile_watchlist(Watchlist("1", (Event(WatchId("e"), "E", match=("{số người chết} >= 5",)),)))
    assert not toll.match(item("Số người bị thương lên 30, 2 người chết"))
    assert not toll.match(item("Số người mất tích lên 40"))
