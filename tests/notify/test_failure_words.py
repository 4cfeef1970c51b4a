"""Why a feed brought nothing is said in the reader's language, with the detail."""

import pytest

from monitor.i18n import translator
from monitor.notify.failure_words import failure_words
from monitor.types import FailureKind


@pytest.mark.parametrize("kind", FailureKind)
def test_each_kind_has_words_in_vietnamese_and_keeps_the_detail(kind: FailureKind) -> None:
    said = failure_words(translator("vi"), kind, "HTTP 503")
    assert said.endswith(" (HTTP 503)")
    assert said.removesuffix(" (HTTP 503)") not in ("", failure_words(translator("en"), kind, "HTTP 503"))


def test_without_a_kind_or_in_english_the_detail_is_enough() -> None:
    assert failure_words(translator("vi"), None, "x") == "x"
    assert failure_words(translator("en"), FailureKind.DNS, "no such host") == "no such host"
