"""What an outlet changed in an article after it was published, and whether a reader must hear of it.

Names, numbers and negations matter; commas, synonyms and a livelier headline do not. Compares two wordings and nothing
else: who was told the earlier one, and how it is shown, is for others. What stands anywhere in the other wording has
not changed, only moved; what is merely added contradicts nothing and is left out, but a name that is taken out is not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher

from monitor.stories.changes.quantities import Quantity, counts_the_same, distance, quantities
from monitor.stories.changes.tokens import TokenText, Wording, place, similarity
from monitor.text.boilerplate import after_stamp
from monitor.text.gazetteer import PLACES_ABROAD, PLACES_AT_HOME, SEATS
from monitor.text.tokenizing import Token
from monitor.text.variants import words_of
from monitor.text.words import is_vietnamese, nfc, unmarked
from monitor.types import Difference, Item, Version

MOST_SHOWN = 3  # differences of one change: a reader's line, not a table
ALIKE_ENOUGH = 0.5  # share of common words from which a "không" more or less turns the same sentence round
CLEAN_CUT = 0.75  # share from which a name that is gone was taken out, and not lost in a new headline
SAME_LEAD = 0.7  # the same in a lead, which is longer
ANOTHER_TEXT = 0.2  # share below which a title says something else
SPELT = 4  # letters: shorter names are not compared by their spelling
MISSPELT = 0.8  # share of letters in order from which a foreign name is the same one, mended: Morroco, Morocco
DENIED_WORDS = 3  # that are shown behind a negation
WIDE = 3  # words more than a name that may be exchanged along with it
CUT_MARKS = ("…", "...")
LONGEST_NAME = 40  # letters: what is longer is no name, and matching letters costs up to their third power
MOST_COMPARED = 3_000  # characters of a title or a lead, which is as long as a lead gets (feeds/plain.py)
MOST_PAIRS = 20_000  # of equal words in two texts: of 7,804 real leads none has over 185 with itself
SHOWN_CHARS = 60  # characters of a former title that is shown whole

# "không" that denies nothing: air, the Air Force, "not only", a question's end
_NO_AIR = frozenset(
    (
        *("gian", "khí", "quân", "kích", "phận", "lực", "chỉ", "những", "ngừng", "đối", "tặc", "lưu", "ảnh", "vận"),
        *("trung", "độ", "số", "dừng", "khoan", "hẹn", "dây", "gia", "lái", "thể", "tưởng", "dám", "mấy"),
    )
)
_AIR = frozenset(("hàng", "trên", "phòng", "hay", "được", "đường", "đối", "hư", "lên"))
_NEGATIONS = frozenset(("không", "chưa", "chẳng", "chả", "đừng"))
_DENIALS = (
    ("bác", "bỏ"), ("phủ", "nhận"), ("bác", "tin"), ("bác", "thông", "tin"), ("đính", "chính"), ("cải", "chính"),
    ("tin", "giả"), ("bịa", "đặt"), ("sai", "sự", "thật"), ("hủy", "bỏ"), ("bị", "hủy"), ("bị", "hoãn"),
)  # fmt: skip
_DENIAL_STARTS = _NEGATIONS.union(words[0] for words in _DENIALS)
_NO_NAMES = frozenset(
    ("HLV", "VĐV", "CLB", "VCK", "TP", "GDP", "CĐV", "ĐT", "LĐBĐ", "PGS", "GS", "TS", "SV", "HC", "Cup")
)


def newer_wording(known: Wording, listed: Wording) -> Wording | None:
    """What to keep when a feed lists an article as `listed` that is known as `known`; None: nothing new.

    A field that came empty, or shortened behind a …, or with an outlet's stamp before it, keeps what is known.
    """
    title = known.title if _adds_nothing(known.title, listed.title) else listed.title
    lead = known.lead if _adds_nothing(known.lead, listed.lead) else listed.lead
    newer = Wording(title, lead)
    return None if newer == known else newer


def _adds_nothing(known: str, listed: str) -> bool:
    known, listed = _bare(known), _bare(listed)
    if not listed or known == listed:
        return True
    for mark in CUT_MARKS:
        if listed.endswith(mark) and len(listed) > len(mark):
            return known.startswith(listed.removesuffix(mark).rstrip(" ,;:.-–"))
    return False


def _bare(text: str) -> str:
    text = " ".join(nfc(text).split())
    return text[after_stamp(text) :]


def differences(old: Wording, new: Wording) -> tuple[Difference, ...]:
    """What a reader of `old` must know of `new`, the weightiest first; empty when the change is cosmetic."""
    if old == new:
        return ()
    before, after = TokenText.of(_opening(old)), TokenText.of(_opening(new))
    found = [*_numbers(before, after), *_negations(before, after), *_names(before, after)]
    if (
        not found
        and old.title
        and new.title
        and similarity(before.title, after.title) < ANOTHER_TEXT > similarity(before.lead, after.lead)
    ):
        found = [Difference(_shortened(old.title), "", whole=True)]
    return tuple(dict.fromkeys(found))[:MOST_SHOWN]


def _opening(wording: Wording) -> Wording:
    return Wording(wording.title[:MOST_COMPARED], wording.lead[:MOST_COMPARED])


def since(item: Item, versions: Sequence[Version], at: datetime | None = None) -> tuple[Difference, ...]:
    """What a reader who knows `item` as it stood at `at` (None: from the first) must know of it now."""
    earlier = [version for version in versions if at is None or version.replaced_at > at]
    if not earlier:
        return ()
    return differences(Wording(earlier[0].title, earlier[0].lead), Wording(item.title, item.lead))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


# ---------------------------------------------------------------- numbers


def _numbers(before: TokenText, after: TokenText) -> Iterator[Difference]:
    """Numbers that are told no more, each with the one that now counts the same thing."""
    mine, theirs = quantities(before), quantities(after)
    kept = {quantity.value for quantity in theirs}
    here = {(quantity.value, quantity.field) for quantity in theirs}
    known = {quantity.value for quantity in mine}
    gained = [quantity for quantity in theirs if quantity.value not in known]
    told: set[float | str] = set()
    for lost in mine:
        if lost.value in told or (lost.value, lost.field) in here:
            continue
        same = [
            one for one in gained if counts_the_same(lost, one) and (lost.value not in kept or _reads_alike(lost, one))
        ]
        if same:
            now = min(same, key=lambda one: distance(lost, one))
            gained = [one for one in gained if one.value != now.value]
            told.add(lost.value)
            yield Difference(lost.shown, now.shown)


def _reads_alike(lost: Quantity, one: Quantity) -> bool:
    """Of a number that stands in the other field still, only the very same words with another one were corrected."""
    return one.field == lost.field and one.more == lost.more and bool(one.more)


# ---------------------------------------------------------------- negations


def _negations(before: TokenText, after: TokenText) -> Iterator[Difference]:
    """A negation or denial that turns the same sentence round."""
    for number in range(2):
        old, new = before.fields[number], after.fields[number]
        if similarity(old[1], new[1]) < (SAME_LEAD if number else ALIKE_ENOUGH):
            continue
        here, there = dict(_denied(*old)), dict(_denied(*new))
        said_before, said_after = _denials(before), _denials(after)
        for word in sorted(there.keys() - here.keys()):
            if said_after[word] > said_before[word]:  # else it only moved here from the other field
                yield Difference("", there[word])
        for word in sorted(here.keys() - there.keys()):
            if said_after[word] < said_before[word]:
                yield Difference(here[word], "")


def _denials(text: TokenText) -> Counter[str]:
    return Counter(word for source, words in text.fields for word, _ in _denied(source, words))


def _denied(text: str, words: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Each negation, and the words that show what it denies."""
    for at, word in enumerate(words):
        if word.low not in _DENIAL_STARTS:
            continue
        denial = next((d for d in _DENIALS if tuple(w.low for w in words[at : at + len(d)]) == d), None)
        length = len(denial) if denial else 1
        if denial is None and not (word.low in _NEGATIONS and _is_negation(words, at)):
            continue
        last = at + length - 1
        for _ in range(DENIED_WORDS):
            if words[last].ends or last + 1 == len(words):
                break
            last += 1
        yield " ".join(denial or (word.low,)), text[word.start : words[last].end]


def _is_negation(words: Sequence[Token], at: int) -> bool:
    if words[at].low != "không":
        return True
    following = words[at + 1].low if at + 1 < len(words) else ""
    if not following or words[at].ends or (words[at].text[0].isupper() and not words[at].opens):
        return False
    if following == "người" and at + 2 < len(words) and words[at + 2].low == "lái":
        return False
    if following in ("thể", "dám"):
        return True
    return following not in _NO_AIR and (not at or words[at - 1].low not in _AIR)


# ---------------------------------------------------------------- names


def _names(before: TokenText, after: TokenText) -> Iterator[Difference]:
    """Names that nobody is told any more, each with the one that took its place in the same sentence."""
    for number in range(2):
        old, new = before.fields[number], after.fields[number]
        alike = similarity(old[1], new[1])
        if alike < ALIKE_ENOUGH:
            continue
        here = TokenText(Wording(new[0]), new[1], ())
        lost = [run for run in _runs(old[1]) if not _is_told(old[1][slice(*run)], here)]
        gained = [run for run in _runs(new[1]) if not _is_told(new[1][slice(*run)], before)]
        words = [word.low for word in old[1]], [word.low for word in new[1]]
        if _pairs(*words) > MOST_PAIRS:  # a text that says one word a hundred times
            continue
        for step, *edges in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
            if step not in ("replace", "delete"):
                continue
            went, came = _touched(lost, *edges[:2]), _touched(gained, *edges[2:])
            yield from _renamed(old, new, zip(went, came, strict=False), edges)
            if alike >= CLEAN_CUT and number == 0:
                yield from _taken_out(old, new[1], went[len(came) :], after)


def _pairs(one: Iterable[str], other: Iterable[str]) -> int:
    """In how many ways a word of one text is the same as a word of the other."""
    theirs = Counter(other)
    return sum(count * theirs[word] for word, count in Counter(one).items())


Field = tuple[str, Sequence[Token]]  # a field as it is written, and in words
Run = tuple[int, int]


def _touched(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    return [run for run in runs if start < run[1] and run[0] < end]


def _renamed(old: Field, new: Field, pairs: Iterable[tuple[Run, Run]], edges: Sequence[int]) -> Iterator[Difference]:
    """Of names that stand for one another those that were exchanged alone and are no other spelling."""
    widest = max(edges[1] - edges[0], edges[3] - edges[2])
    for gone, instead in pairs:
        was, now = _said(*old, gone), _said(*new, instead)
        if widest <= WIDE + max(gone[1] - gone[0], instead[1] - instead[0]) and not _is_spelling(was, now):
            yield Difference(was, now)


def _taken_out(old: Field, new: Sequence[Token], runs: Iterable[Run], after: TokenText) -> Iterator[Difference]:
    """Names that nothing took the place of."""
    for gone in runs:
        name = old[1][slice(*gone)]
        if not _is_told(name, after) and not any(_is_spelling(name[-1].text, word.text) for word in new):
            yield Difference(_said(*old, gone), "")


def _runs(words: Sequence[Token]) -> list[tuple[int, int]]:
    """Where names stand: runs of words written large, less those that are large for another reason."""
    runs = []
    at = 0
    while at < len(words):
        end = at
        while (
            end < len(words)
            and words[end].text[0].isupper()
            and (end == at or (not words[end - 1].ends and not words[end].opens))
        ):
            end += 1
        if end > at and _is_name(words[at:end]):
            runs.append((at, end))
        at = max(end, at + 1)
    return runs


def _is_name(run: Sequence[Token]) -> bool:
    """Whether the capitals are a name's: not a sentence's, an office's ("Tổng giám đốc") or an abbreviation's."""
    first = run[0].text
    if any(char.isdigit() for word in run for char in word.text) or first in _NO_NAMES:
        return False
    if len(run) > 1 or first in PLACES_ABROAD or first in PLACES_AT_HOME:
        return True
    # "Tổng giám đốc", "Quốc phòng", a sentence's first word; states of one syllable were let through above
    return not _is_vietnamese(first)


def _is_told(name: Sequence[Token], text: TokenText) -> bool:
    """Whether a name stands in `text` in some form: whole, shortened, or as its state or capital."""
    low = [word.low for word in name]
    whole = " ".join(low)
    if f" {whole} " in text.running or place(whole) in text.places:
        return True
    if len(low) == 1:
        return False
    if text.polite & {low[0], low[-1]}:
        return True  # "ông Tập", "ông Nam"
    if name[0].opens and _is_told(name[1:], text):
        return True  # "Tàu Nga": the first word is large because a sentence begins
    if any(f" {' '.join(low[at:])} " in text.running for at in range(1, len(low) - 1)):
        return True
    return any(word.low in text.lows for word in name if not is_vietnamese(word.low))


def _said(source: str, words: Sequence[Token], run: tuple[int, int]) -> str:
    return source[words[run[0]].start : words[run[1] - 1].end]


def _is_spelling(one: str, other: str) -> bool:
    """Whether two names are one in two spellings, or an abbreviation and what it stands for.

    Vietnamese names differ by a mark (Nguyễn Văn Thắng, Nguyễn Văn Thăng): those are two.
    """
    if one in PLACES_ABROAD or other in PLACES_ABROAD:
        # Niger and Nigeria are two; a state for its president is no correction, nor a president for his state
        return _is_place(one) != _is_place(other)
    if _is_vietnamese(one) and _is_vietnamese(other):
        return words_of(one) == words_of(other)
    a, b = _squeezed(one), _squeezed(other)
    if a == b or (min(len(a), len(b)) >= SPELT and (a in b or b in a)):
        return True
    if (
        min(len(a), len(b)) > SPELT
        and max(len(a), len(b)) <= LONGEST_NAME
        and SequenceMatcher(None, a, b, autojunk=False).ratio() >= MISSPELT
    ):
        return True
    initials = "".join(word[0] for word in unmarked(other).casefold().split())
    return a == initials or b == "".join(word[0] for word in unmarked(one).casefold().split())


def _is_place(name: str) -> bool:
    return name in PLACES_ABROAD or name in PLACES_AT_HOME or name.casefold() in SEATS


def _is_vietnamese(name: str) -> bool:
    return all(map(is_vietnamese, name.split()))


def _squeezed(name: str) -> str:
    return re.sub(r"\W", "", unmarked(name).casefold())
