"""What must hold of matching whatever is written, with the watchlists as they are shipped.

The items are made of what the lists look for (names, offices, words of queries) and of ordinary words between.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import load_watchlist
from monitor.matching import lexicon
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.query_nodes import terms_of
from monitor.matching.sets import Sets
from monitor.matching.text import key
from monitor.types import Event, Item, ItemId, Leader, Match, Watch, WatchId, Watchlist, WordSet

SHIPPED = load_watchlist(Path(__file__).parents[2] / "config")
MATCHER = compile_watchlist(SHIPPED)
SETS = Sets(SHIPPED.sets)
DAYS = st.integers(0, 1430).map(lambda days: datetime(2023, 1, 1, 3, tzinfo=UTC) + timedelta(days))
_BETWEEN = (
    *("và", "ông", "bà", "cựu", "tân", "nguyên", "phó", "vợ", "gặp", "tại", "với", "thăm", "chưa", "sáng nay", "12"),
    *(
        "Bộ",
        "tỉnh",
        "đường",
        "Nga - Mỹ",
        "uỷ ban",
        "hoà bình",
        "thuý",
        "khoẻ",
        "quý",
        ",",
        ".",
        ";",
        ":",
        "(",
        ")",
        "-",
    ),
)


def _looked_for(watch: Watch) -> list[str]:
    if isinstance(watch, Leader):
        offices = (office.title for office in watch.offices)
        return [watch.name, *watch.aliases, *watch.short, *offices, *watch.near, *watch.exclude]
    queries = (*watch.match, *watch.exclude, *watch.ignore, *(each for _, some in watch.polarity for each in some))
    return [term.text.removesuffix(" *") for query in queries for term in terms_of(SETS.parse(query))]


LOOKED_FOR = [_looked_for(watch) for watch in SHIPPED.watches]
WATCHED = st.sampled_from(LOOKED_FOR).flatmap(st.sampled_from)
OF_ONE = st.sampled_from(LOOKED_FOR).flatmap(lambda some: st.lists(st.sampled_from(some), min_size=2, max_size=5))
ANY = st.lists(WATCHED | WATCHED | st.sampled_from(_BETWEEN), max_size=9)
TEXTS = st.builds(lambda some, more: " ".join([*some, *more]), ANY, st.just([]) | OF_ONE)
ITEMS = st.builds(
    lambda title, lead, body, at: Item(ItemId("1"), "Bến Sông", title, lead, body, published_at=at),
    *(TEXTS, TEXTS, st.just("") | TEXTS, DAYS | st.none()),
)


def law(examples: int) -> settings:
    """A machine that does other things as well is slow at making items, which is no fault of the law."""
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])


def spelt(item: Item, change: Callable[[str], str]) -> Item:
    """The same item with each of its texts changed."""
    return replace(item, title=change(item.title), lead=change(item.lead), body=change(item.body))


def told(matches: tuple[Match, ...]) -> list[tuple[object, ...]]:
    """What matches say, whatever the spelling of the evidence."""
    return [
        (
            *(match.watch_id, match.rule, match.score, match.by, match.note),
            [(one.field, key(one.text)) for one in match.evidence],
        )
        for match in matches
    ]


def slices_hold(item: Item, matches: tuple[Match, ...]) -> None:
    """Whether each evidence is the very slice of the item that it claims to be."""
    texts = {"title": item.title, "summary": item.lead, "body": item.body}
    for match in matches:
        assert match.evidence
        for one in match.evidence:
            assert texts[one.field][one.start : one.end] == one.text


@law(300)
@given(ITEMS)
def test_evidence_is_a_slice_of_the_text_as_given(item: Item) -> None:
    slices_hold(item, MATCHER.match(item))


@law(200)
@given(ITEMS)
def test_decomposed_letters_say_the_same(item: Item) -> None:
    apart = spelt(item, lambda text: unicodedata.normalize("NFD", text))
    slices_hold(apart, MATCHER.match(apart))
    assert told(MATCHER.match(apart)) == told(MATCHER.match(item))


_OLD = re.compile(r"([òóỏõọ])([ae])(?!\w)|(?<![qQ])([ùúủũụ])(y)(?!\w)")


def new_tones(text: str) -> str:
    """Hòa as hoà, thúy as thuý: the tone on the second vowel."""

    def moved(found: re.Match[str]) -> str:
        first, second = (part for part in found.groups() if part)
        bare, tone = list(unicodedata.normalize("NFD", first))
        return bare + unicodedata.normalize("NFC", second + tone)

    return _OLD.sub(moved, unicodedata.normalize("NFC", text))


def test_a_tone_moves_to_the_second_vowel() -> None:
    assert new_tones("hòa bình, khỏe, thúy, hoàn toàn, quý") == "hoà bình, khoẻ, thuý, hoàn toàn, quý"


# each word of the lists that has such a syllable, as an event of its own beside them
TONED = sorted({word for some in LOOKED_FOR for word in some if new_tones(word) != word})
_TONED = compile_watchlist(
    Watchlist(
        "toned",
        (*SHIPPED.watches, Event(WatchId("dau"), "Dấu", match=tuple(f'"{each}"' for each in TONED))),
        SHIPPED.sets,
    )
)


@law(200)
@given(ITEMS, st.sampled_from(TONED))
def test_old_and_new_tone_placement_say_the_same(item: Item, word: str) -> None:
    item = replace(item, lead=f"{item.lead}; {word}")
    before = told(_TONED.match(item))
    assert "dau" in {match[0] for match in before}
    assert [match[:5] for match in told(_TONED.match(spelt(item, new_tones)))] == [match[:5] for match in before]


@law(200)
@given(ITEMS, st.sampled_from(["\u00a0", "\t", "\u2009", "  ", "\u200b ", " \u3000"]), st.sampled_from("‐‑‒–−"))
def test_any_blank_and_any_hyphen_say_the_same_as_the_plain_one(item: Item, blank: str, hyphen: str) -> None:
    odd = spelt(item, lambda text: text.replace(" ", blank).replace("-", hyphen))
    slices_hold(odd, MATCHER.match(odd))
    assert told(MATCHER.match(odd)) == told(MATCHER.match(item))


LEADERS = [watch for watch in SHIPPED.watches if isinstance(watch, Leader) and not watch.common]
HEADLINES = st.tuples(
    st.sampled_from(["", "Chiều nay", "Hôm qua"]),
    st.sampled_from(LEADERS).flatmap(lambda leader: st.sampled_from([leader.name, *leader.aliases])),
    st.sampled_from(["thăm", "gặp", "phát biểu với", "viết thư cho"]),
    st.sampled_from(LEADERS).flatmap(lambda leader: st.sampled_from([leader.name, *leader.aliases])),
    st.sampled_from(["", "tại thủ đô", "và các nước"]),
).map(lambda words: " ".join(word for word in words if word))


@law(300)
@given(HEADLINES, DAYS)
def test_upper_case_finds_what_title_case_finds(headline: str, at: datetime) -> None:
    def leaders(title: str) -> set[str]:
        matches = MATCHER.match(Item(ItemId("1"), "Bến Sông", title, published_at=at))
        return {match.watch_id for match in matches if match.kind == "leader"}

    assert leaders(headline) <= leaders(headline.upper())


OTHERS = (
    Leader(WatchId("khac"), "Bùi Văn Nhớ", aliases=("Kim Jong-il",), near=("Gaza",), exclude=("Putin", "Tổng thống")),
    Event(WatchId("them"), "Thêm", match=("Gaza OR Putin OR sentence:(@** AND thăm)",), ignore=('"ngừng bắn"', "bão")),
)


@law(200)
@given(ITEMS)
def test_more_watches_change_no_other_watch(item: Item) -> None:
    more = _MORE.match(item)
    assert told(tuple(match for match in more if match.watch_id not in ("khac", "them"))) == told(MATCHER.match(item))


_MORE = compile_watchlist(Watchlist("more", (*OTHERS[:1], *SHIPPED.watches, *OTHERS[1:]), SHIPPED.sets))


@pytest.mark.slow
@law(100)
@given(st.lists(ITEMS, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_items_never_matters(items: list[Item], chance: Random) -> None:
    before = [MATCHER.match(item) for item in items]
    order = list(range(len(items)))
    chance.shuffle(order)
    after = {place: _SECOND.match(items[place]) for place in order}  # one that has seen other items before
    assert [after[place] for place in range(len(items))] == before


_SECOND = compile_watchlist(SHIPPED)


@pytest.fixture(scope="module")
def in_pieces() -> Iterator[Matcher]:
    """The shipped watchlist compiled as if it were a very large one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicon, "FEW_LETTERS", 0)
        patch.setattr(lexicon, "NODES", 500)
        patch.setattr(lexicon, "MOST_AUTOMATA", 20)
        patch.setattr(lexicon, "MOST_LENGTHS", 3)
        yield compile_watchlist(SHIPPED)


@pytest.mark.slow
@law(300)
@given(item=ITEMS)
def test_a_large_watchlist_is_scanned_as_a_small_one(in_pieces: Matcher, item: Item) -> None:
    assert in_pieces.match(item) == MATCHER.match(item)


# ---------------------------------------------------------------- sets and comparisons

_MEMBERS = ("cháy", "hỏa hoạn", "bão số", "Gaza", "cháy NEAR/3 chợ", "người chết", "=Mỹ", "sạt lở")
_IGNORED = ("cháy vé", "bán cháy hàng", "bão số lẻ")
_AROUND = ("chợ", "nhà", "vé", "bán", "hàng", "lẻ", "và", ",", ".", "5", "12", "ba", "hàng trăm", "làm", "năm", "2026")
_WRITTEN = st.lists(st.sampled_from((*(each.lstrip("=") for each in _MEMBERS), *_AROUND)), max_size=9).map(" ".join)
_NEWS = st.builds(lambda title, lead: Item(ItemId("1"), "Bến Sông", title, lead), _WRITTEN, _WRITTEN)
_FORMS = ("{}", "title:{}", "sentence:({} AND chợ)", "nhà AND NOT {}", "{} OR Gaza", "({} OR nhà) AND chợ")


def _of(query: str, *sets: WordSet, ignore: tuple[str, ...] = ()) -> Matcher:
    return compile_watchlist(Watchlist("of", (Event(WatchId("e"), "E", match=(query,), ignore=ignore),), sets))


@law(200)
@given(_NEWS, st.lists(st.sampled_from(_MEMBERS), min_size=1, max_size=4, unique=True), st.sampled_from(_FORMS))
def test_a_set_says_the_same_as_its_members_with_or(item: Item, members: list[str], form: str) -> None:
    named = _of(form.format("{tập}"), WordSet("tập", tuple(members)))
    spelt_out = _of(form.format(f"({' OR '.join(members)})"))
    spare = "the NOT of a query is shown as it is written"
    assert told(tuple(replace(each, by=spare) for each in named.match(item))) == told(
        tuple(replace(each, by=spare) for each in spelt_out.match(item))
    )


@law(200)
@given(_NEWS, st.sampled_from(_FORMS), st.lists(st.sampled_from((*_IGNORED, "chợ", "cháy")), max_size=2))
def test_a_set_never_rests_on_what_it_ignores(item: Item, form: str, hidden: list[str]) -> None:
    strict = WordSet("tập", _MEMBERS, _IGNORED)
    for match in _of(form.format("{tập}"), strict, ignore=tuple(hidden)).match(item):
        # what an event ignores takes words away; it never makes a figure of speech count
        assert _of(form.format("{tập}"), strict).match(item) or "NOT" in form
        if form == "{}":
            assert _of("{tập}", WordSet("tập", _MEMBERS)).match(item)
            for one in match.evidence:
                texts = {"title": item.title, "summary": item.lead, "body": item.body}
                around = key(texts[one.field][max(0, one.start - 5) : one.end + 6])
                assert key(one.text) != "cháy" or "bán cháy hàng" not in around


@law(300)
@given(_NEWS, st.integers(0, 150), st.integers(0, 150), st.sampled_from(("người chết", "cháy", "Gaza")))
def test_comparisons_of_one_number_agree(item: Item, one: int, other: int, word: str) -> None:
    small, large = sorted((one, other))

    def found(sign: str, number: int) -> set[tuple[str, int]]:
        query = f'"{word}" {sign} {number}'
        return {(each.field, each.start) for match in _of(query).match(item) for each in match.evidence}

    assert found(">=", large) <= found(">=", small)
    assert found("<=", small) <= found("<=", large)
    assert found(">", small) <= found(">=", small)
    assert found("=", small) <= found(">=", small) & found("<=", small)
    slices_hold(item, _of(f'"{word}" >= {small}').match(item))
