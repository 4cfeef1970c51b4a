"""What becomes of an alert whose sending has an unknown end; pure, for the use case and for leases that ran out."""

from monitor.types import AlertKind, AlertState

TRIES = 2  # one more try at most: the second may be the reader's second copy, a third would be a nuisance
EDIT_TRIES = 5  # an edit that arrived twice shows the same message, so only futility bounds it


def after_unknown(kind: AlertKind, attempts: int) -> AlertState:
    """PENDING: try once more, at once. UNCERTAIN: leave it, visible to the operator.

    `attempts` counts the tries that may have arrived, the one with the unknown end included.
    """
    tries = EDIT_TRIES if kind is AlertKind.EDIT else TRIES
    return AlertState.PENDING if attempts < tries else AlertState.UNCERTAIN
