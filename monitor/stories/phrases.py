"""Words of Vietnamese news prose that sentences hang together by. Data, no rules."""

# Shortened words that a name or a number follows: their full stop ends no sentence.
SHORTENED = frozenset(
    (
        "tp tx tt ts ths gs pgs bs bsck ks cn nsnd nsưt tr st mr mrs ms dr prof jr sr no vs vol gen lt col sgt rev hon "
        "tnhh cty đc q p h kts lm hl ml đgm ds tsn tttm fig al inc ltd co corp"
    ).split()
)

# Words that open a sentence and are no names: after "anh C." they tell a new sentence from a longer name.
OPENING_WORDS = frozenset(
    (
        "theo tại trong sau khi ngày tối sáng trưa chiều đêm hiện đến từ tuy nhiên do vì ngoài trước nhưng và cũng bên trên "
        "dưới với để qua cùng vụ công cơ bước lúc vào khoảng nạn quá lực đây đó ông bà anh chị cô em cháu người hai ba một "
        "các những nhiều được bị nếu dù mặc bởi lợi thấy nghe phát nhận như hành gia đối nghi còn riêng sự việc mỗi ở"
    ).split()
)

# Openings that lean on the sentence before: connectives, and pronouns for somebody named there.
LEANING = (
    "tuy nhiên|tuy vậy|tuy thế|thế nhưng|nhưng|song|dù vậy|dù thế|mặc dù vậy|do đó|do vậy|vì vậy|vì thế|vì lẽ đó|bởi vậy|bởi thế|"
    "nhờ đó|nhờ vậy|từ đó|qua đó|theo đó|trong đó|trong khi đó|sau đó|trước đó|khi đó|lúc đó|lúc này|tại đây|ở đây|đến đây|"
    "bên cạnh đó|ngoài ra|thêm vào đó|hơn nữa|hơn thế|mặt khác|ngược lại|đồng thời|cụ thể|chẳng hạn|ví dụ|tương tự|như vậy|như thế|"
    "còn|và|hay|hoặc|rồi|thì|bởi|cũng theo|cũng trong|cùng ngày|cùng thời|cùng lúc|ngay sau đó|không lâu sau|ít phút sau|"
    "nói cách khác|kết quả là|đây|đó|này|kia|nó|hắn|họ|y|thị|gã|điều này|điều đó|điều ấy|việc này|việc đó|chuyện này|chuyện đó|"
    "số này|số tiền này|những điều này|những điều đó|những việc này|những người này|anh ta|anh ấy|chị ta|chị ấy|cô ta|cô ấy|"
    "ông ta|ông ấy|bà ta|bà ấy|người này|ông này|bà này|nam thanh niên này"
).split("|")
