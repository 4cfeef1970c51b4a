"""Named sets for war, weapons and peace."""

from typing import Final

SETS: Final = """
tấn công: tấn công quân sự, tập kích, pháo kích
    tấn công | tập kích | không kích | pháo kích | nã pháo | đột kích | phản công | oanh kích | oanh tạc | ném bom
    dội bom | ("bắn" OR "phóng") NEAR/3 ("tên lửa" OR "rocket" OR "đạn pháo") | đòn đánh | bắn phá | tiến công
    đánh trúng | phục kích | đánh phá | công kích NEAR/3 "quân" | đổ bộ NEAR/3 ("quân" OR "lính")
    xuyên thủng phòng tuyến | {không kích}
    not: tấn công mạng | tấn công tình dục | lối chơi tấn công | hàng tấn công | tiền vệ tấn công | bóng tấn công
    tấn công biên | chó tấn công | cá mập tấn công | gấu tấn công | tấn công phòng ngự | đợt tấn công của đội
    tấn công cá nhân | lối đá tấn công | không kích hoạt | tấn công của đội | mặt trận tấn công | dùng dao tấn công
    tình huống tấn công | khả năng tấn công | sức tấn công
    "tấn công" NEAR/5 ("hàng thủ" OR "khung thành" OR "bàn thắng" OR "đối phương")

không kích: đánh từ trên không
    không kích | ném bom | dội bom | thả bom | oanh tạc | oanh kích | tập kích đường không | đòn không kích
    trút bom | mưa bom | tập kích tên lửa | "tập kích UAV" | tập kích drone
    not: không kích hoạt | không kích thích | không kích động | không kích cỡ | không kích ứng | máy bay ném bom

giao tranh: đánh nhau giữa hai quân đội, đụng độ
    giao tranh | đụng độ | xung đột | chiến sự | đấu súng | đọ súng | giao chiến
    nổ súng NEAR/4 ("biên giới" OR "binh sĩ" OR "quân") | chiến tranh | chiến trường
    cuộc chiến NEAR/6 (Ukraine OR Gaza OR "Trung Đông" OR Sudan) | nội chiến | leo thang quân sự
    mặt trận NEAR/4 ("miền Đông" OR "Donetsk" OR "Pokrovsk")
    not: xung đột lợi ích | xung đột gia đình | xung đột vợ chồng | chiến tranh thương mại | xung đột thế hệ
    thời chiến tranh | phim chiến tranh | chiến tranh giá | di tích chiến tranh | cựu chiến binh
    nạn nhân chiến tranh | sau chiến tranh | bảo tàng chứng tích chiến tranh | xung đột nội tâm | xung đột cảm xúc
    trong chiến tranh | hậu chiến tranh | chiến trường xưa

ngừng bắn: ngừng bắn, đình chiến
    ngừng bắn | ngưng bắn | đình chiến | hưu chiến | lệnh ngừng bắn | thỏa thuận ngừng bắn | chấm dứt giao tranh
    chấm dứt chiến sự | ngừng chiến | dừng bắn | chấm dứt xung đột | ngừng giao tranh | kết thúc chiến tranh
    chấm dứt chiến tranh | kết thúc xung đột
    not: đình chiến dịch | gia đình chiến sĩ | đình chiến sĩ

hòa bình: thỏa thuận, kế hoạch hòa bình
    thỏa thuận hòa bình | kế hoạch hòa bình | đàm phán hòa bình | hòa đàm | tiến trình hòa bình | giải pháp hòa bình
    hòa ước | hiệp định hòa bình | đề xuất hòa bình | hòa giải
    ("hòa bình" NEAR/6 (Ukraine OR Gaza OR "Trung Đông" OR "xung đột" OR "đàm phán" OR "thỏa thuận" OR Nga
        OR Israel))
    not: "Nobel Hòa bình" | "giải Hòa bình" | gìn giữ hòa bình | ="Hòa Bình" | "Hội đồng Hòa bình"
    công viên hòa bình | hòa giải cơ sở

trao đổi tù binh: thả, trao đổi tù binh, con tin
    trao đổi tù binh | trao trả tù binh | trao đổi con tin | thả con tin | phóng thích con tin | trao trả thi thể
    (thả OR "trao trả" OR "phóng thích" OR "trao đổi") NEAR/6 ("con tin" OR "tù binh" OR "tù nhân")
    not: ("nếu" OR "buộc") NEAR/7 ("thả" OR "phóng thích") NEAR/4 "con tin"

tên lửa: tên lửa, rocket, đạn đạo
    tên lửa | rocket | đạn đạo | siêu vượt âm | ICBM | Tomahawk | Iskander | Patriot | HIMARS | ATACMS | Kinzhal
    Oreshnik | "Storm Shadow" | pháo phản lực | "Vòm Sắt"
    not: tên lửa đẩy

phóng tên lửa: bắn, thử tên lửa
    (phóng OR bắn OR thử OR "thử nghiệm" OR "vụ phóng" OR "khai hỏa") NEAR/6 {tên lửa} | phóng tên lửa | thử tên lửa
    bắn tên lửa | nã tên lửa | mưa tên lửa | phóng thử
    not: bệ phóng | xe phóng | ống phóng | giàn phóng | tổ hợp phóng | căn cứ phóng | bãi phóng | tầm bắn
    tầm phóng | có thể phóng | phóng viên | phóng thanh | giải phóng | thử thách
    ("thử" OR "thử nghiệm") NEAR/3 "động cơ" | phóng thử vệ tinh | bắn hạ

máy bay không người lái: drone, UAV
    máy bay không người lái | drone | UAV | phương tiện bay không người lái | thiết bị bay không người lái | flycam
    Shahed | Geran | xuồng không người lái | đạn tuần kích
    not: drone giao hàng | drone nông nghiệp | drone trình diễn | trình diễn drone | màn drone

hạt nhân: vũ khí, chương trình, cơ sở hạt nhân
    hạt nhân | uranium | urani | nguyên tử | làm giàu uranium | máy ly tâm | IAEA | plutonium | thử hạt nhân
    đầu đạn hạt nhân | lò phản ứng | điện hạt nhân | bom nguyên tử | phóng xạ
    not: gia đình hạt nhân | hạt nhân của đội | hạt nhân trong phong trào | y học hạt nhân | nhân giống
    hạt nhân phong trào | hạt nhân đoàn kết | hạt nhân lãnh đạo | hạt nhân chính trị

thử hạt nhân: thử vũ khí hạt nhân
    thử hạt nhân | thử nghiệm hạt nhân | vụ thử hạt nhân | thử vũ khí hạt nhân | thử nghiệm vũ khí hạt nhân
    nối lại thử | ("thử" OR "thử nghiệm") NEAR/4 "hạt nhân"

tập trận: diễn tập quân sự giữa các nước
    tập trận | tập trận chung | diễn tập quân sự | bắn đạn thật | tập trận bắn đạn thật | diễn tập chung
    diễn tập hải quân | diễn tập đổ bộ | cuộc tập trận
    not: tập trận đấu

quân sự: quân đội, vũ khí, triển khai quân
    quân sự | quân đội | điều quân | triển khai quân | binh sĩ | tàu chiến | tàu sân bay | tiêm kích | vũ khí
    khí tài | lính | hải quân | không quân | lục quân | xe tăng | thiết giáp | tàu ngầm | phòng không
    not: cựu binh sĩ | nghĩa vụ quân sự | lính cứu hỏa | lính mới | thi quân sự | học quân sự | trường quân sự
    lính chì | điểm chuẩn quân sự

rút quân: quân đội rút đi
    rút quân | lui quân | rút lính | rút binh
    rút khỏi NEAR/6 ("Gaza" OR "Ukraine" OR "lãnh thổ" OR "vùng" OR "thành phố" OR "Lebanon" OR "Syria")
    rút toàn bộ lực lượng

viện trợ: giúp vũ khí, tiền, hàng
    viện trợ | viện trợ quân sự | viện trợ nhân đạo | chuyển vũ khí | cung cấp vũ khí
    gói hỗ trợ NEAR/6 ("quân sự" OR "tỷ USD" OR Ukraine) | cứu trợ nhân đạo | bán vũ khí | chuyển giao vũ khí
    cấp vũ khí

xâm nhập lãnh thổ: xâm phạm không phận, lãnh hải
    xâm phạm không phận | xâm phạm lãnh thổ | xâm nhập không phận | xâm phạm chủ quyền | xâm nhập lãnh hải
    vi phạm không phận | áp sát không phận | xuất kích chặn | chặn máy bay
    áp sát NEAR/4 ("không phận" OR "biên giới" OR "bờ biển")
    xâm phạm NEAR/4 ("không phận" OR "lãnh thổ" OR "vùng biển" OR "lãnh hải")

bắn hạ: máy bay, drone, tên lửa bị bắn rơi
    bắn hạ | bắn rơi | đánh chặn | bắn cháy | "hạ UAV" | hạ drone | chặn tên lửa
    vô hiệu hóa NEAR/4 {máy bay không người lái} | bị hạ NEAR/4 ({máy bay} OR {máy bay không người lái})
    not: bắn hạ đối thủ | bắn rơi nước mắt | đánh chặn của đội

tranh chấp biển: chủ quyền biển, hải cảnh, va chạm tàu
    vòi rồng NEAR/10 ("tàu" OR "hải cảnh" OR Philippines OR "Biển Đông")
    Biển Đông NEAR/20 ("chủ quyền" OR "tranh chấp" OR "phi pháp" OR "trái phép" OR "tàu chiến" OR "hải cảnh"
        OR "tự do hàng hải" OR UNCLOS OR COC OR "tập trận" OR "căng thẳng" OR "yêu sách" OR "đường lưỡi bò"
        OR "va chạm" OR "phán quyết")
    hải cảnh | bãi cạn | đường lưỡi bò | đường chín đoạn | "bãi Tư Chính" | "Bãi Cỏ Mây" | tranh chấp lãnh hải
    tàu hải cảnh
    not: vòi rồng NEAR/8 ("cảnh sát" OR "biểu tình" OR "cứu hỏa") | vòi rồng NEAR/6 ("lốc" OR "mặt biển" OR "xoáy")
"""
