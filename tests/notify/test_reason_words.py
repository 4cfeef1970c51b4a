"""Reasons in words: each code in each language, and none of a grouping that the program can give is left without."""

import pytest

from monitor.i18n import LANGUAGES, translator
from monitor.notify.reason_words import _DIFFERENCES, _LOSSES, _TURNS, reason_in_words
from monitor.stories.grouping import developments
from monitor.stories.grouping.window import DIFFERENCES
from monitor.types import Reason, ReasonCode

VALUES = {
    ReasonCode.SHARED_WORDS: ("phà Cát Sơn", "Hòn Khói"),
    ReasonCode.DIFFERS: ("places differ",),
    ReasonCode.TOLL_ROSE: ("dead", "3", "7"),
    ReasonCode.FIRST_TOLL: ("injured", "27"),
    ReasonCode.HAPPENED: ("landfall",),
    ReasonCode.DECIDED: ("charged",),
    ReasonCode.NEW_VOICE: ("Emmanuel Macron",),
    ReasonCode.AS_WRITTEN: ("cùng tiêu đề",),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_has_words_with_its_values_in_every_language(code: ReasonCode, lang: str) -> None:
    words = reason_in_words(Reason(code, VALUES.get(code, ())), translator(lang))
    assert words.strip()
    assert "{" not in words
    assert all(value in words for value in VALUES.get(code, ()) if not value.islower() or value.isdigit())


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [
        (ReasonCode.TOLL_ROSE, "số người chết tăng từ 3 lên 7", "dead: up from 3 to 7"),
        (ReasonCode.FIRST_TOLL, "có 27 người bị thương", "27 injured"),
        (ReasonCode.HAPPENED, "diễn biến: đổ bộ", "new: landfall"),
        (ReasonCode.DECIDED, "quyết định mới: khởi tố", "a decision: criminal charges"),
        (ReasonCode.DIFFERS, "giống một tin trước nhưng nơi khác", "like earlier news, but another place"),
    ],
)
def test_a_reader_gets_a_reason_in_their_language(code: ReasonCode, vietnamese: str, english: str) -> None:
    reason = Reason(code, VALUES[code])
    assert reason_in_words(reason, translator("vi")) == vietnamese
    assert reason_in_words(reason, translator("en")) == english


def test_every_value_that_grouping_can_give_has_words() -> None:
    assert set(DIFFERENCES) == set(_DIFFERENCES)
    assert set(developments._LOSSES.values()) == set(_LOSSES)
    assert {*developments._TURNS, "landfall"} == set(_TURNS)
