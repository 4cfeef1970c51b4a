"""A reason as a column keeps it: its code and values as JSON. Words of earlier releases stay readable as they are."""

import json

from monitor.types import Reason, ReasonCode


def reason_text(reason: Reason | None) -> str:
    """What the column keeps; empty for no reason."""
    return "" if reason is None else json.dumps([reason.code, *reason.values], ensure_ascii=False)


def read_reason(text: str) -> Reason | None:
    """The reason in a column; what is no code that we know was written in words."""
    if not text:
        return None
    try:
        code, *values = json.loads(text)
        return Reason(ReasonCode(code), tuple(map(str, values)))
    except (ValueError, TypeError):
        return Reason(ReasonCode.AS_WRITTEN, (text,))
