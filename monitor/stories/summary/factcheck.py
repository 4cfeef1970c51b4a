"""Whether a summary that a language model wrote says nothing that its sources do not say, as far as rules can tell.

Judges no style and mends nothing: one doubt leaves the summary out, since the extractive one is always there.
Rules look at what a journalist would check first: names, numbers with what they count, quotations, negations. They do
not see a wrong verb between right names; that is why readers are told who wrote it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.text.sentences import is_whole, split_sentences
from monitor.text.words import OLD_TONES, has_marks, nfc

MAX_CHARS = 900  # a phone's screen with title and buttons; an extractive one has 700
LEAST_SHARED = 0.6  # of a sentence's syllables that must stand in the sources
LEAST_VIETNAMESE = 0.3  # share of syllables with a letter that only Vietnamese has; leads have 0.55 to 0.8
APART = 5  # syllables that may lie between two names which the summary puts side by side
SHORT_NEGATION, LONG_NEGATION = 3, 6  # syllables that "không" and "bác bỏ" reach over


class UnsupportedKind(StrEnum):
    """What was found wrong; the labels of a counter."""

    EMPTY = "empty"
    LENGTH = "length"
    MARKUP = "markup"
    LANGUAGE = "language"
    QUOTE = "quote"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a summary is not shown: the kind, and the words in doubt."""

    kind: UnsupportedKind
    words: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.words}" if self.words else self.kind.value


def unsupported(text: str, sources: Sequence[str]) -> Unsupported | None:
    """The first thing in `text` that the sources do not bear out; None when nothing was found."""
    text = _plain(text)
    if not text:
        return Unsupported(UnsupportedKind.EMPTY)
    if len(text) > MAX_CHARS or not is_whole(text):
        return Unsupported(UnsupportedKind.LENGTH, f"{len(text)} characters" if len(text) > MAX_CHARS else "cut off")
    said = [_plain(source) for source in sources]
    whole = "\n".join(said)
    if marked := _MARKUP.search(text):
        return Unsupported(UnsupportedKind.MARKUP, marked.group()[:20])
    if (site := _SITE.search(text)) and site.group() not in whole:
        return Unsupported(UnsupportedKind.MARKUP, site.group()[:20])
    checks = (
        _wrong_language(text, whole),
        _wrong_quote(text, whole),
        _wrong_number(text, said),
        _wrong_name(text, said),
        _wrong_negation(text, said),
        _strange(text, whole),
    )
    return next((found for found in checks if found is not None), None)


_MARKUP = re.compile(
    r"https?://|www\.|</?[a-z!]|\*\*|__|`|\[[^\]]*\]\(|(?:^|\s)#+\s|(?:^|\n)\s*[-*•]\s|@\w|&\w+;",
    re.IGNORECASE,
)
_SITE = re.compile(r"\b[\w-]+\.(?:com|vn|net|org)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*%?|[^\W\d_]+|[^\w\s]")
_WORD = re.compile(r"\w+")


def _plain(text: str) -> str:
    """NFC, one spelling of tones, quotation marks and hyphens, blanks as one."""
    text = nfc(text).translate(_ONE_SIGN)
    for old, new in OLD_TONES.items():
        text = text.replace(old, new)
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip()).strip()


_ONE_SIGN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "\u00a0": " "}
)


def _syllables(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


# ---------------------------------------------------------------- language, quotations


def _wrong_language(text: str, whole: str) -> Unsupported | None:
    syllables = _syllables(text)
    ours = sum(has_marks(one) for one in syllables)
    if not syllables or ours < LEAST_VIETNAMESE * len(syllables):
        return Unsupported(UnsupportedKind.LANGUAGE)
    known = set(whole)
    foreign = [char for char in text if ord(char) > 0x1EF9 and char.isalpha() and char not in known]
    if foreign:
        return Unsupported(UnsupportedKind.LANGUAGE, foreign[0])
    if (talk := _TALK.search(text)) and talk.group().casefold() not in whole.casefold():
        return Unsupported(UnsupportedKind.LANGUAGE, talk.group())
    return None


_TALK = re.compile(  # a model that speaks of itself or of its task
    r"(?<!\w)(?:tôi (?:không thể|xin lỗi|là)|xin lỗi|mô hình ngôn ngữ|dưới đây là|bản tóm tắt"
    r"|bài (?:báo|viết) (?:này|trên)|theo yêu cầu|as an ai)(?!\w)",
    re.IGNORECASE,
)


def _wrong_quote(text: str, whole: str) -> Unsupported | None:
    flat = " ".join(whole.split())
    for quoted in re.findall(r'"([^"]+)"', text):
        if quoted.strip(" .,!?") not in flat:
            return Unsupported(UnsupportedKind.QUOTE, quoted[:60])
    return Unsupported(UnsupportedKind.QUOTE, "one mark") if text.count('"') % 2 else None


# ---------------------------------------------------------------- numbers

# fmt: off
_WORDS_OF_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "chục": 10, "trăm": 100,
}
_SCALES = {"nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
_MONEY = {
    "đồng": "vnd", "vnd": "vnd", "vnđ": "vnd", "đ": "vnd", "usd": "usd", "đô": "usd", "đôla": "usd", "$": "usd",
    "euro": "eur", "eur": "eur", "yên": "jpy", "rúp": "rub", "tệ": "cny", "ndt": "cny", "won": "krw", "bảng": "gbp",
}
_COUNTED = frozenset({  # what a number word counts; before others "ba" is a father and "năm" a year
    "người", "nước", "ngày", "tháng", "tuổi", "vụ", "xe", "tỷ", "tỉ", "triệu", "nghìn", "ngàn", "bàn", "ca", "nạn",
    "bị",
    "lần", "tuần", "giờ", "phút", "trận", "tàu", "máy", "căn", "ngôi", "trẻ", "em", "học", "chiến", "binh", "công",
    "nhân",
    "hộ", "điểm", "huy", "hành", "con", "quả", "tên", "lửa", "bên", "quốc", "gia", "năm",
})
# fmt: on
_HARM = {
    **dict.fromkeys(("chết", "mạng", "vong", "nạn", "sinh"), "dead"),
    **dict.fromkeys(("thương",), "hurt"),
    **dict.fromkeys(("tích",), "missing"),
}
_DIRECTIONS = {"tăng": "up", "giảm": "down", "lên": "up", "xuống": "down", "thắng": "won", "thua": "lost"}


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was meant: `unit` is a currency, %, a date, or empty; what it counts, harms, and moves to."""

    value: float
    unit: str
    before: str
    counts: str
    harm: str
    direction: str
    text: str


def _wrong_number(text: str, sources: Sequence[str]) -> Unsupported | None:
    known = [number for source in sources for number in _numbers(source)]
    values = {one.value for one in known}
    for one in _numbers(text):
        alike = [each for each in known if each.value == one.value]
        if one.value not in values:
            return Unsupported(UnsupportedKind.NUMBER, one.text)
        if one.unit and not any(each.unit == one.unit for each in alike):
            return Unsupported(UnsupportedKind.NUMBER, one.text)
        if not one.unit and not any(_stand_alike(one, each) for each in alike):
            return Unsupported(UnsupportedKind.NUMBER, f"{one.text} {one.counts}")
        if one.harm and not any(each.harm == one.harm for each in alike):
            return Unsupported(UnsupportedKind.NUMBER, f"{one.text}: {one.harm}")
        if one.direction and not any(each.direction in (one.direction, "") for each in alike):
            return Unsupported(UnsupportedKind.NUMBER, f"{one.text}: {one.direction}")
    return None


def _stand_alike(one: _Number, other: _Number) -> bool:
    """Whether the words beside two equal numbers let them mean the same: a neighbour in common, or none to compare."""
    if not one.counts and not one.before:
        return True
    return (bool(one.counts) and one.counts == other.counts) or (bool(one.before) and one.before == other.before)


def _numbers(text: str) -> Iterator[_Number]:
    tokens = _TOKEN.findall(text)
    low = [token.casefold() for token in tokens]
    for at, word in enumerate(low):
        if word[0].isdigit():
            yield from _written(low, at)
        elif word in _WORDS_OF_NUMBERS and at + 1 < len(low) and low[at + 1] in _COUNTED:
            number = _about(low, at, float(_WORDS_OF_NUMBERS[word]), "")
            if word == "năm" and number.counts in {"nước", "công", "học", "ngày"} and not number.harm:
                continue  # "năm học": a year
            if word != "một" or number.harm:  # "một" is an article, too
                yield number


def _written(low: Sequence[str], at: int) -> Iterator[_Number]:
    """Numbers in digits; a date, a clock time or a score is one thing, a range is two."""
    token = low[at]
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?", token) and "%" not in token:
        day, month = (int(part) for part in re.split(r"[/.-]", token)[:2])
        before = low[at - 1] if at else ""
        if 1 <= day <= 31 and 1 <= month <= 12 and ("/" in token or before in _DAYS):
            yield _Number(month * 100 + day, "date", "", "", "", "", token)
            return
    if token.isdigit() and at + 2 < len(low) and low[at + 1] == "tháng" and low[at + 2].isdigit() and int(token) <= 31:
        yield _Number(int(low[at + 2]) * 100 + int(token), "date", "", "", "", "", f"{token} tháng {low[at + 2]}")
        return
    if at and low[at - 1] == "tháng" and at > 1 and low[at - 2].isdigit():
        return  # was said with its day
    for part in re.split(r"[/:-]", token.rstrip("%")):
        if part:
            yield _about(low, at, _value(part), "%" if token.endswith("%") else "")


_DAYS = frozenset(
    {"ngày", "hôm", "sáng", "trưa", "chiều", "tối", "đêm", "hai", "ba", "tư", "năm", "sáu", "bảy", "nhật"}
)


def _value(written: str) -> float:
    """1.000 and 1,000 are a thousand; 1,5 and 1.5 are one and a half."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):
        return float(re.sub(r"[.,]", "", written))
    try:
        return float(written.replace(",", "."))
    except ValueError:  # 1.2.3: a version or a place in a law; it must be found as it is
        return float(re.sub(r"\D", "", written))


def _about(low: Sequence[str], at: int, value: float, unit: str) -> _Number:
    """What stands around a number: its scale, its unit, what it counts."""
    text = low[at]
    after = at + 1
    while after < len(low) and low[after] in _SCALES:
        value *= _SCALES[low[after]]
        text += f" {low[after]}"
        after += 1
    following = list(low[after : after + 6])
    if (not unit and following[:1] == ["%"]) or following[:2] == ["phần", "trăm"]:
        unit = "%"
    if not unit and following and following[0] in _MONEY:
        unit = _MONEY[following[0]]
    if not unit and at and low[at - 1] == "$":
        unit = "usd"
    counts = following[0] if following and following[0].isalpha() and not unit else ""
    harm = ""
    for word in following:
        if word in ",.;()" or word[0].isdigit():
            break
        if word in _HARM and not (word == "nạn" and following[:1] == ["nạn"]):
            harm = _HARM[word]
            break
    near = [_DIRECTIONS[word] for word in low[max(0, at - 3) : at] if word in _DIRECTIONS]
    before = low[at - 1] if at and low[at - 1].isalpha() else ""
    return _Number(round(value, 4), unit, before, counts, harm, near[-1] if near else "", text)


# ---------------------------------------------------------------- names


def _wrong_name(text: str, sources: Sequence[str]) -> Unsupported | None:
    known = [words for source in sources for words in _runs_of_words(source)]
    runs = {run for words in known for run in _name_runs(words)}
    edges = {part for run in runs for n in range(1, len(run)) for part in (run[:n], run[-n:])}
    syllables = {syllable for source in sources for syllable in _syllables(source)}
    for words in _runs_of_words(text):
        for run, opens in _name_runs_with_opening(words):
            if opens and len(run) == 1:
                # any word may open a sentence; a foreign one that nobody wrote is a name
                if run[0] not in syllables and run[0].isascii() and len(run[0]) >= 4:
                    return Unsupported(UnsupportedKind.NAME, run[0])
                continue
            tries = [run, run[1:]] if opens and len(run) > 1 and run[0] in syllables else [run]
            if not any(_is_borne_out(each, runs, edges, known) for each in tries):
                return Unsupported(UnsupportedKind.NAME, " ".join(run))
    return None


Run = tuple[str, ...]


def _runs_of_words(text: str) -> Iterator[list[tuple[str, bool, bool]]]:
    """Sentences as words: in small letters, whether with a capital, whether a mark stands before."""
    for start, end in split_sentences(text):
        words = []
        last = start
        for found in re.finditer(r"[^\W_]+", text[start:end]):
            gap = text[last : start + found.start()]
            word = found.group()
            words.append((word.casefold(), word[0].isupper() or word[0].isdigit(), bool(gap.strip(" -.'"))))
            last = start + found.end()
        yield words


def _name_runs_with_opening(words: Sequence[tuple[str, bool, bool]]) -> Iterator[tuple[Run, bool]]:
    run: list[str] = []
    opens = False
    for at, (word, capital, parted) in enumerate(words):
        if run and (parted or not capital):
            yield from _kept(run, opens)
            run = []
        if capital:
            if not run:
                opens = at == 0
            run.append(word)
    if run:
        yield from _kept(run, opens)


def _kept(run: list[str], opens: bool) -> Iterator[tuple[Run, bool]]:
    letters = tuple(word for word in run if not word[0].isdigit())  # numbers have their own check
    if letters:
        yield letters, opens and not run[0][0].isdigit()


def _name_runs(words: Sequence[tuple[str, bool, bool]]) -> Iterator[Run]:
    for run, opens in _name_runs_with_opening(words):
        yield run
        if opens and len(run) > 1:
            yield run[1:]


def _is_borne_out(run: Run, runs: set[Run], edges: set[Run], known: Sequence[Sequence[tuple[str, bool, bool]]]) -> bool:
    """Whether the run is one of the sources' names, or several of them that stand near each other there.

    At most one of them may be a part of a longer one: "Vladimir" of one and "Xi" of another are nobody.
    """
    if run in runs or run in edges:
        return True
    for n in range(len(run) - 1, 0, -1):
        head, tail = run[:n], run[n:]
        if head in runs | edges and (head in runs or tail in runs) and _are_near(head, tail, known):
            return _is_borne_out(tail, runs, edges, known)
    return False


def _are_near(head: Run, tail: Run, known: Sequence[Sequence[tuple[str, bool, bool]]]) -> bool:
    for words in known:
        plain = [word for word, _, _ in words]
        places = [at for at in range(len(plain)) if tuple(plain[at : at + len(head)]) == head]
        others = [at for at in range(len(plain)) if plain[at] == tail[0]]
        if any(
            (0 <= other - (place + len(head)) <= APART) or (0 <= place - (other + 1) <= APART)
            for place in places
            for other in others
        ):
            return True
    return False


# ---------------------------------------------------------------- negations

_SHORT = frozenset({"không", "chưa", "chẳng", "đừng"})
_LONG = frozenset({("bác", "bỏ"), ("phủ", "nhận"), ("từ", "chối"), ("hủy", "bỏ"), ("phản", "đối"), ("ngăn", "chặn")})
_NO_NEGATION = frozenset(
    {("không", "quân"), ("không", "gian"), ("không", "khí"), ("hàng", "không"), ("không", "chỉ"), ("hay", "không")}
)


def _wrong_negation(text: str, sources: Sequence[str]) -> Unsupported | None:
    """A claim that the sources only make with the opposite sign."""
    plus: set[Run] = set()
    minus: set[Run] = set()
    for source in sources:
        for pair, negated in _signed_pairs(source):
            (minus if negated else plus).add(pair)
    for pair, negated in _signed_pairs(text):
        if negated and pair in plus and pair not in minus:
            return Unsupported(UnsupportedKind.NEGATION, " ".join(pair))
        if not negated and pair in minus and pair not in plus:
            return Unsupported(UnsupportedKind.NEGATION, " ".join(pair))
    words = {word for source in sources for word in _syllables(source)}
    for first, second in _LONG:
        said = f" {first} {second} "
        if said in f" {' '.join(_syllables(text))} " and not (first in words and second in words):
            return Unsupported(UnsupportedKind.NEGATION, said.strip())
    return None


def _signed_pairs(text: str) -> Iterator[tuple[Run, bool]]:
    """Neighbouring syllables of each clause, with whether a negation reaches over them."""
    for clause in re.split(r"[.,;:!?()\n\"]", text):
        words = _syllables(clause)
        until = -1
        for at in range(len(words)):
            pair = tuple(words[at : at + 2])
            if (
                words[at] in _SHORT
                and pair not in _NO_NEGATION
                and tuple(words[max(0, at - 1) : at + 1]) not in _NO_NEGATION
            ):
                until = max(until, at + SHORT_NEGATION)
                continue
            if pair in _LONG:
                until = max(until, at + 1 + LONG_NEGATION)
                continue
            if len(pair) == 2 and tuple(words[max(0, at - 1) : at + 1]) not in _LONG and words[at + 1] not in _SHORT:
                yield pair, at <= until


def _strange(text: str, whole: str) -> Unsupported | None:
    known = set(_syllables(whole))
    for start, end in split_sentences(text):
        syllables = _syllables(text[start:end])
        if syllables and sum(one in known for one in syllables) < LEAST_SHARED * len(syllables):
            return Unsupported(UnsupportedKind.STRANGE, text[start:end][:60])
    return None


def texts_of(fields: Iterable[str]) -> str:
    """One source of its fields, each a paragraph of its own, so that no name runs from one into the next."""
    return "\n".join(field for field in fields if field.strip())
