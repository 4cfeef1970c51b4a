"""How often an alert is tried whose end nobody knows."""

import pytest

from monitor.store.attempts import after_interruption, after_unknown
from monitor.types import AlertKind, AlertState


@pytest.mark.parametrize("kind", [kind for kind in AlertKind if kind is not AlertKind.EDIT])
def test_a_message_that_may_have_arrived_is_tried_once_more_and_no_further(kind: AlertKind) -> None:
    ends = [after_unknown(kind, attempts) for attempts in (1, 2, 3)]
    assert ends == [AlertState.PENDING, AlertState.UNCERTAIN, AlertState.UNCERTAIN]


def test_an_edit_shows_the_same_message_each_time_so_it_is_tried_five_times() -> None:
    ends = [after_unknown(AlertKind.EDIT, attempts) for attempts in range(1, 7)]
    assert ends == [AlertState.PENDING] * 4 + [AlertState.UNCERTAIN] * 2


def test_an_alert_with_which_five_processes_died_is_left_to_a_person() -> None:
    ends = [after_interruption(attempts) for attempts in range(1, 7)]
    assert ends == [AlertState.PENDING] * 4 + [AlertState.UNCERTAIN] * 2
