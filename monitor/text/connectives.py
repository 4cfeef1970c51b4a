"""Words of Vietnamese news prose that sentences hang together by. Data, no rules."""

# fmt: off

# Shortened words that a name or a number follows: their full stop ends no sentence.
SHORTENED = frozenset({
    "al", "bs", "bsck", "cn", "co", "col", "corp", "cty", "dr", "ds", "fig", "gen", "gs", "h", "hl", "hon", "inc",
    "jr", "ks", "kts", "lm", "lt", "ltd", "ml", "mr", "mrs", "ms", "no", "nsnd", "nsưt", "p", "pgs", "prof", "q",
    "rev", "sgt", "sr", "st", "ths", "tnhh", "tp", "tr", "ts", "tsn", "tt", "tttm", "tx", "vol", "vs", "đc", "đgm",
})

# Words that open a sentence and are no names: after "anh C." they tell a new sentence from a longer name.
OPENING_WORDS = frozenset({
    "anh", "ba", "bà", "bên", "bước", "bị", "bởi", "chiều", "cháu", "chị", "các", "còn", "cô", "công", "cùng", "cũng",
    "cơ", "do", "dù", "dưới", "em", "gia", "hai", "hiện", "hành", "khi", "khoảng", "lúc", "lợi", "lực", "mặc", "mỗi",
    "một", "nghe", "nghi", "ngoài", "ngày", "người", "nhiên", "nhiều", "như", "nhưng", "nhận", "những", "nạn", "nếu",
    "phát", "qua", "quá", "riêng", "sau", "sáng", "sự", "theo", "thấy", "trong", "trên", "trưa", "trước", "tuy",
    "tại", "tối", "từ", "việc", "và", "vào", "vì", "với", "vụ", "ông", "đây", "đêm", "đó", "được", "đến", "để", "đối",
    "ở",
})

# Openings that lean on the sentence before: connectives, and pronouns for somebody named there.
LEANING = (
    "tuy nhiên", "tuy vậy", "tuy thế", "thế nhưng", "nhưng", "song", "dù vậy", "dù thế", "mặc dù vậy", "do đó",
    "do vậy", "vì vậy", "vì thế", "vì lẽ đó", "bởi vậy", "bởi thế", "nhờ đó", "nhờ vậy", "từ đó", "qua đó", "theo đó",
    "trong đó", "trong khi đó", "sau đó", "trước đó", "khi đó", "lúc đó", "lúc này", "tại đây", "ở đây", "đến đây",
    "bên cạnh đó", "ngoài ra", "thêm vào đó", "hơn nữa", "hơn thế", "mặt khác", "ngược lại", "đồng thời", "cụ thể",
    "chẳng hạn", "ví dụ", "tương tự", "như vậy", "như thế", "còn", "và", "hay", "hoặc", "rồi", "thì", "bởi",
    "cũng theo", "cũng trong", "cùng ngày", "cùng thời", "cùng lúc", "ngay sau đó", "không lâu sau", "ít phút sau",
    "nói cách khác", "kết quả là", "đây", "đó", "này", "kia", "nó", "hắn", "họ", "y", "thị", "gã", "điều này",
    "điều đó", "điều ấy", "việc này", "việc đó", "chuyện này", "chuyện đó", "số này", "số tiền này", "những điều này",
    "những điều đó", "những việc này", "những người này", "anh ta", "anh ấy", "chị ta", "chị ấy", "cô ta", "cô ấy",
    "ông ta", "ông ấy", "bà ta", "bà ấy", "người này", "ông này", "bà này", "nam thanh niên này",
    "chính vì vậy", "chính vì thế", "chính vì lẽ đó", "thậm chí", "nhất là", "thay vào đó", "trái lại", "đổi lại",
    "đáp lại", "không chỉ vậy", "không chỉ thế", "không những thế", "chưa hết", "chưa dừng lại", "thế là", "vậy là",
    "vậy nên", "thế nên", "cho nên", "nên", "hóa ra", "tóm lại", "tiếp đó", "kế đó", "kể từ đó", "từ đây", "lập tức",
    "ngay lập tức", "cả hai", "cả ba", "cả nhóm", "chúng", "kết quả", "nói thêm", "về phần mình", "về phía mình",
    "vậy", "thế", "đối tượng", "bởi lẽ", "bởi vì", "do vậy", "cũng vậy", "cũng thế", "với những gì đã",
)

# A first word or two with one of these speaks of what was said before: "Quyết định này", "Trước tình hình đó".
POINTING = ("này", "đó", "ấy", "nói trên", "kể trên", "nêu trên", "vừa rồi", "như trên")

# Who speaks of himself, outside quotation marks, is quoted without his name.
FIRST_PERSON = frozenset({"tôi", "chúng tôi", "chúng ta", "tụi tôi", "bọn tôi", "mình tôi"})

# Headings of laws and serials: their number and stop open what follows.
NUMBERED = ("điều", "chương", "mục", "phần", "khoản", "bài", "kỳ", "tập", "câu", "bước", "phụ lục", "quyển")

# Shortened words of small letters, of which only the number behind tells that they are shortened.
BEFORE_NUMBERS = frozenset({"tr", "vol", "fig", "no", "art", "đt", "đth", "tel"})
