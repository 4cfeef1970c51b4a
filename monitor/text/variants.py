"""One thing, several spellings: what each outlet writes in its own way, brought to one form word by word.

Compares nothing; what is rare, and what two texts share, is for whoever asks.
"""

import re
from functools import lru_cache

from monitor.text.words import OLD_TONES

KNOWN_WORDS = 100_000  # forms that are kept ready

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+$")

_ALIKE = (
    ("thành phố hồ chí minh|tp hồ chí minh|tp hcm|sài gòn", "tphcm"),
    ("thành phố|tp", ""),
    ("trung học phổ thông", "thpt"),
    ("ủy ban nhân dân", "ubnd"),
    ("huấn luyện viên", "hlv"),
    ("câu lạc bộ", "clb"),
    ("máy bay không người lái|phương tiện bay không người lái|thiết bị bay không người lái|drone|drones", "uav"),
    ("bất động sản", "bđs"),
    ("đại biểu quốc hội", "đbqh"),
    ("cảnh sát giao thông", "csgt"),
    ("tòa án nhân dân", "tand"),
    ("vô địch quốc gia", "vđqg"),
    ("trí tuệ nhân tạo", "ai"),
    ("giáo dục và đào tạo|gd đt", "gdđt"),
    ("trung ương|t ư|tw", "tư"),
    ("doanh nghiệp nhà nước", "dnnn"),
    ("mặt trận tổ quốc", "mttq"),
    ("thủ tướng chính phủ", "thủ tướng"),
    ("liên bang nga", "nga"),
    ("hoa kỳ", "mỹ"),
    ("tử vong|thiệt mạng|qua đời|tử nạn", "chết"),
    ("liệt sỹ", "liệt sĩ"),
    ("bác sỹ", "bác sĩ"),
    ("ô tô", "ôtô"),
    ("u 23", "u23"),
    ("u 22", "u22"),
    ("u 21", "u21"),
    ("u 20", "u20"),
    ("u 19", "u19"),
    ("u 17", "u17"),
    ("u 16", "u16"),
)
# By first word, the longest first: what stands there, and what is read instead.
ONE_SPELLING: dict[str, list[tuple[list[str], list[str]]]] = {}
for _spellings, _one in _ALIKE:
    for _spelling in _spellings.split("|"):
        _words = _spelling.split()
        ONE_SPELLING.setdefault(_words[0], []).append((_words, _one.split()))
for _entries in ONE_SPELLING.values():
    _entries.sort(key=lambda entry: -len(entry[0]))


def words_of(text: str) -> list[str]:
    """Syllables and numbers in small letters, one spelling for what outlets spell in several ways."""
    words = [one_form(word) for word in _TOKEN.findall(text.casefold())]
    if ONE_SPELLING.keys().isdisjoint(words):
        return words
    spelt: list[str] = []
    at, end = 0, len(words)
    while at < end:
        word = words[at]
        for phrase, one in ONE_SPELLING.get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                spelt.extend(one)
                at += len(phrase)
                break
        else:
            spelt.append(word)
            at += 1
    return spelt


@lru_cache(maxsize=KNOWN_WORDS)
def one_form(word: str) -> str:
    """A word as it is compared: 11.282 and 11,282 are one number, 3,5 and 3.5 another, hoà is hòa."""
    if word[0].isdigit() and not word.isalnum():
        return re.sub("[.,]", "", word) if _THOUSANDS.match(word) else word.replace(",", ".")
    old = OLD_TONES.get(word[-2:])
    return word if old is None else word[:-2] + old
