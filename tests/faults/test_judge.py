"""The judge with hand-made logs: it sees each thing that must not be, and nothing where all is well."""

import math
from dataclasses import replace

import pytest

from tests.faults.bench import due_since
from tests.faults.judge import Due, Ended, Outage, Sample, Told, Verdict, grown, judged
from tests.faults.news import Piece
from tests.faults.outlets import Served

DUE = (Due(0, 1, 100.0), Due(0, 2, 110.0), Due(1, 2, 110.0))
TOLD = (Told(0, 1, 101.0, 0), Told(0, 2, 112.0, 0), Told(1, 2, 111.0, 0))
FOLLOWS = {0: {1, 2}, 1: {2}}
KILLED = Ended(0, 113.0, -9, wanted=True, killed=True)


def verdict(
    told: tuple[Told, ...] = TOLD, *, ended: tuple[Ended, ...] = (), outages: tuple[Outage, ...] = (), at_once: int = 1
) -> Verdict:
    return judged(DUE, told, follows=FOLLOWS, ended=ended, outages=outages, margin=10.0, at_once=at_once)


def test_what_all_were_told_once_and_soon_is_well() -> None:
    found = verdict()
    assert not found.guilty
    assert (found.due, found.delivered, found.worst_delay) == (3, 3, 2.0)


def test_what_nobody_was_told_is_lost() -> None:
    found = verdict(TOLD[:2])
    assert found.guilty
    assert found.lost == (DUE[2],)
    assert (found.due, found.delivered) == (3, 2)


def test_nothing_told_at_all_is_everything_lost() -> None:
    assert verdict(()).lost == DUE


def test_what_another_chat_was_told_is_lost_all_the_same() -> None:
    assert verdict((*TOLD[:2], Told(0, 2, 115.0, 0))).lost == (DUE[2],)


def test_what_a_digest_tells_as_well_is_a_copy() -> None:
    digest = [Told(0, 1, 120.0, 1), Told(0, 2, 120.0, 1)]
    assert len(verdict((*TOLD, *digest)).repeated) == 2


def test_a_killed_process_may_repeat_all_that_its_last_digest_told() -> None:
    digest, again = [Told(0, 1, 112.0, 0), Told(0, 2, 112.0, 0)], [Told(0, 1, 115.0, 1), Told(0, 2, 115.0, 1)]
    found = verdict((TOLD[2], *digest, *again), ended=(KILLED,))
    assert not found.repeated
    assert found.allowed_repeats == 2


def test_news_that_is_told_together_may_wait_as_long() -> None:
    told = (Told(0, 1, 165.0, 0), *TOLD[1:])
    assert judged(DUE, told, follows=FOLLOWS, margin=10.0).late
    assert not judged(DUE, told, follows=FOLLOWS, margin=10.0, waits={0: 60.0}).late
    assert judged(DUE, told, follows=FOLLOWS, margin=10.0, waits={1: 60.0}).late


# ---------------------------------------------------------------- late


def test_more_than_the_margin_is_late() -> None:
    found = verdict((Told(0, 1, 115.0, 0), *TOLD[1:]))
    assert found.late == ((DUE[0], 5.0),)
    assert found.guilty


@pytest.mark.parametrize(
    ("outage", "is_late"),
    [
        (Outage(100.0, 106.0), False),
        (Outage(90.0, 102.0), True),  # only the two seconds that it touched count
        (Outage(116.0, 200.0), True),  # afterwards
        (Outage(100.0, 106.0, chat=1), True),  # another chat's
        (Outage(100.0, 106.0, chat=0), False),
    ],
)
def test_an_outage_explains_as_much_as_it_touched(outage: Outage, is_late: bool) -> None:
    assert bool(verdict((Told(0, 1, 115.0, 0), *TOLD[1:]), outages=(outage,)).late) is is_late


def test_two_outages_at_once_explain_no_more_than_one() -> None:
    both = (Outage(100.0, 103.0), Outage(100.0, 103.0))
    assert verdict((Told(0, 1, 115.0, 0), *TOLD[1:]), outages=both).late == ((DUE[0], 2.0),)


# ---------------------------------------------------------------- repeated


AGAIN = Told(0, 2, 115.0, 1)


def test_a_second_copy_is_a_repeat() -> None:
    found = verdict((*TOLD, AGAIN))
    assert found.repeated == (AGAIN,)
    assert found.guilty


def test_a_copy_of_what_a_killed_process_sent_last_is_allowed() -> None:
    found = verdict((*TOLD, AGAIN), ended=(KILLED,))
    assert not found.guilty
    assert found.allowed_repeats == 1


def test_a_copy_of_what_it_had_sent_before_that_is_not() -> None:
    assert verdict((*TOLD, Told(1, 2, 115.0, 1)), ended=(KILLED,)).repeated
    assert not verdict((*TOLD, Told(1, 2, 115.0, 1)), ended=(KILLED,), at_once=2).guilty


def test_one_kill_allows_one_copy() -> None:
    found = verdict((*TOLD, AGAIN, replace(AGAIN, at=116.0)), ended=(KILLED,))
    assert (found.allowed_repeats, len(found.repeated)) == (1, 1)


def test_a_process_that_was_asked_to_end_has_no_such_excuse() -> None:
    assert verdict((*TOLD, AGAIN), ended=(Ended(0, 113.0, 0, wanted=True),)).repeated == (AGAIN,)


def test_a_kill_long_after_the_message_is_none_either() -> None:
    assert verdict((*TOLD, replace(AGAIN, at=400.0)), ended=(replace(KILLED, at=300.0),)).repeated


@pytest.mark.parametrize(("answered_after", "is_allowed"), [(math.inf, True), (40.0, True), (5.0, False)])
def test_a_copy_of_what_was_not_answered_in_time_is_allowed(answered_after: float, is_allowed: bool) -> None:
    told = (TOLD[0], replace(TOLD[1], answered_after=answered_after), TOLD[2], AGAIN)
    assert verdict(told).guilty is not is_allowed


# ---------------------------------------------------------------- the rest


def test_what_a_chat_does_not_follow_must_not_be_told() -> None:
    stray = Told(1, 1, 111.0, 0)
    assert verdict((*TOLD, stray)).never_due == (stray,)


def test_a_process_that_ends_by_itself_is_told_of() -> None:
    crash = Ended(0, 105.0, 2, wanted=False)
    found = verdict(ended=(crash,))
    assert found.ended == (crash,)
    assert found.guilty


def test_what_nobody_can_say_is_neither_due_nor_forbidden() -> None:
    for told in (TOLD[:2], TOLD):
        found = judged(DUE, told, follows=FOLLOWS, tolerated={(1, 2)})
        assert not found.guilty
        assert found.due == 2


def test_a_table_names_what_was_found() -> None:
    table = verdict((*TOLD[:2], AGAIN)).table()
    assert "lost            1  chat 1 story 00002" in table
    assert "repeated        1  story 00002" in table


MB = 2**20


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (Sample(9.0, 3, 140 * MB, 20), 0),
        (Sample(9.0, 3, 240 * MB, 20), 1),
        (Sample(9.0, 3, 140 * MB, 60), 1),
        (Sample(9.0, 3, 240 * MB, 60), 2),
    ],
)
def test_what_does_not_come_back_to_where_it_was_is_told(last: Sample, said: int) -> None:
    peak = Sample(5.0, 0, 900 * MB, 400)
    assert len(grown([Sample(0.0, 0, 120 * MB, 17), peak, last])) == said


def test_nothing_sampled_is_no_good_news() -> None:
    assert grown([])


# ---------------------------------------------------------------- when something is due


PIECES = (Piece(1, 0, 1.0, 0, "a", ""), Piece(2, 0, 2.0, 0, "b", ""), Piece(2, 1, 3.0, 0, "b", ""))


def served(at: float, outlet: int, count: int, how: str, kind: str = "") -> Served:
    return Served(at, outlet, count, how, kind)


def test_a_story_is_due_when_a_newspaper_has_handed_it_over_whole() -> None:
    answers = [served(10, 0, 1, "badly", "drips"), served(11, 0, 1, "well"), served(12, 0, 2, "badly")]
    assert due_since(answers, PIECES, 2) == ({1: 11}, set())


def test_the_first_of_its_newspapers_counts() -> None:
    answers = [served(11, 0, 2, "well"), served(15, 1, 1, "well"), served(16, 0, 2, "304")]
    assert due_since(answers, PIECES, 2) == ({1: 11, 2: 11}, set())


def test_what_was_seen_spoiled_is_due_when_it_is_seen_whole() -> None:
    answers = [served(11, 0, 1, "spoiled", "cut-xml"), served(12, 0, 1, "well")]
    assert due_since(answers, PIECES, 2) == ({1: 12}, set())


def test_what_was_first_seen_under_a_date_of_1970_may_be_silent() -> None:
    answers = [served(11, 0, 1, "spoiled", "dates-of-1970"), served(12, 0, 2, "well")]
    assert due_since(answers, PIECES, 2) == ({1: 12, 2: 12}, {1})
