"""Every reason why an article was not told has words, in both languages, and a line in the operator's table."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.i18n import LANGUAGES, translator
from monitor.notify.missed_words import missed_words
from monitor.types import MissedCode, MissedReason

NOW = datetime(2026, 8, 23, 7, 5, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def words(reason: MissedReason, lang: str = "en") -> str:
    return missed_words(reason, translator(lang), zone=ZONE, now=NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", MissedCode)
def test_each_code_has_words_without_a_hole(code: MissedCode, lang: str) -> None:
    full = words(MissedReason(code, ("Tô Lâm",), NOW, "Cầu {mới}", "https://ben-song.example", 1, "it said so"), lang)
    assert full.endswith((".", "it said so", "/stuck."))
    assert "{" not in full.replace("{mới}", "")
    assert words(MissedReason(code), lang), "also where nothing is known but the code"


def test_times_are_the_readers_and_a_day_is_said_where_it_is_another() -> None:
    told = MissedReason(MissedCode.TOLD, at=NOW, chats=3)
    assert words(told) == "It was told at 14:05. 3 chats were told."
    assert words(MissedReason(MissedCode.TOLD, at=NOW - timedelta(days=2))) == "It was told at 14:05 21/08."


def test_what_a_waiting_row_says_of_itself_is_said() -> None:
    waiting = MissedReason(MissedCode.WAITING, at=NOW, why="Too Many Requests")
    assert words(waiting) == "Its alert waits to be sent, not before 14:05. Why: Too Many Requests"


@pytest.mark.skipif(not OPERATIONS.exists(), reason="an installed package has no documents")
def test_each_code_stands_in_the_operators_table() -> None:
    text = OPERATIONS.read_text("utf-8")
    assert [code for code in MissedCode if f"`{code.value}`" not in text] == []
