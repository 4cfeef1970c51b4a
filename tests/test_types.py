"""What follows from a kind of failure, kind by kind: a new one fails here until somebody has judged it."""

import pytest

from monitor.types import FailureKind

K = FailureKind
JUDGED = {
    K.DNS: "soft unreachable",
    K.TLS: "soft unreachable",
    K.CONNECT: "soft unreachable passing",
    K.TIMEOUT: "soft unreachable passing",
    K.HTTP: "soft unreachable passing",
    K.FORBIDDEN: "final person",
    K.NOT_FOUND: "soft missing final person",
    K.GONE: "missing final person",
    K.RATE_LIMITED: "soft passing",
    K.REDIRECT: "person",
    K.PRIVATE_ADDRESS: "person",
    K.TOO_LARGE: "bad final",
    K.NOT_A_FEED: "bad final",
    K.EMPTY: "bad",
    K.MALFORMED: "bad",
    K.ROBOTS: "",
    K.INTERNAL: "final",
}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_of_failure_is_judged(kind: FailureKind) -> None:
    judged = {
        "soft": kind.is_soft,
        "unreachable": kind.is_unreachable,
        "bad": kind.is_bad_content,
        "passing": kind.is_passing,
        "missing": kind.is_missing,
        "final": kind.is_final,
        "person": kind.needs_a_person,
    }
    assert " ".join(word for word, holds in judged.items() if holds) == JUDGED[kind]


@pytest.mark.parametrize("kind", FailureKind)
def test_people_hear_of_one_sort_of_trouble_at_a_time(kind: FailureKind) -> None:
    assert not (kind.is_unreachable and kind.is_bad_content)
    assert not (kind.is_passing and kind.is_final)
