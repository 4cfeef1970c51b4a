"""What becomes of an alert whose sending has an unknown end; pure, for the use case, leases and starts."""

from monitor.types import AlertKind, AlertState

TRIES = 2  # one more try at most: the second may be the reader's second copy, a third would be a nuisance
INTERRUPTED_TRIES = 5  # of a process that died with it: so many deaths at the same alert, and it may be its cause
EDIT_TRIES = 5  # an edit that arrived twice shows the same message, so only futility bounds it


def after_unknown(kind: AlertKind, attempts: int) -> AlertState:
    """PENDING: try once more, at once. UNCERTAIN: leave it, visible to the operator.

    `attempts` counts the tries that may have arrived, the one with the unknown end included.
    """
    tries = EDIT_TRIES if kind is AlertKind.EDIT else TRIES
    return AlertState.PENDING if attempts < tries else AlertState.UNCERTAIN


def after_interruption(deaths: int) -> AlertState:
    """The like, for an alert with which `deaths` processes died; those count apart from the tries of an unknown end.

    Most of a claim's time goes by before the wire, so nearly every one of these was never sent: given up after two
    deaths, news would be lost. Each death repeats one message at most, however often it is tried.
    """
    return AlertState.PENDING if deaths < INTERRUPTED_TRIES else AlertState.UNCERTAIN
