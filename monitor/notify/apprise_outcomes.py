"""What it means that Apprise says no: whether a message may have arrived all the same, and what is to be done.

Apprise tells True or False and nothing more; what went wrong it only logs, most often from within the `except` that
caught it. So its log is where the exception is taken from (`SendTrace`), which is more than its words say. Where there
is no trace the answer is Unknown: one more try, so that nothing is told more than twice.
"""

import logging
import re
import smtplib
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
import urllib3

from monitor.types import Later, Outcome, Reach, Refused, Unknown

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)  # doubled with each failure in a row
_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")  # how nearly all of Apprise's services log an HTTP status

# Statuses that are about this very message: others to the same place may be taken.
_OF_THE_MESSAGE = frozenset({400, 413, 415, 422})
# Something on the way gave up waiting; what stood behind it may have had the message.
_CUT_OFF = frozenset({500, 502, 504})

_NO_CONNECTION = (
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


@dataclass(slots=True)
class SendTrace:
    """What was seen while one message was being sent."""

    errors: list[BaseException] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


class _Witness(logging.Handler):
    """Hears all that Apprise logs, and writes nothing of it: its lines hold addresses with their passwords."""

    def __init__(self) -> None:
        super().__init__()
        self.of_thread = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        trace: SendTrace | None = getattr(self.of_thread, "trace", None)
        if trace is None:
            return
        error = sys.exc_info()[1]
        if error is not None and error not in trace.errors:
            trace.errors.append(error)
        trace.statuses += [int(found) for found in _STATUS.findall(record.getMessage())]


_witness = _Witness()


@contextmanager
def watched() -> Iterator[SendTrace]:
    """Gather what Apprise logs in this thread. From the first call on, nothing of it reaches any other log."""
    log = logging.getLogger("apprise")
    log.handlers[:], log.propagate = [_witness], False
    log.setLevel(logging.DEBUG)  # the exception of a mail server is logged at that level alone
    trace = SendTrace()
    _witness.of_thread.trace = trace
    try:
        yield trace
    finally:
        _witness.of_thread.trace = None


def judge(trace: SendTrace, failures: int, now: datetime) -> Outcome:
    """What became of a message that Apprise failed to send, after so many `failures` before it in a row."""
    verdicts = [_of_error(error) for error in trace.errors] + [_of_status(status) for status in trace.statuses]
    if not verdicts:
        return Unknown("the service said no, and not why", reach=Reach.CHAT)
    may_have_arrived, is_its_own, why = _worst(verdicts)
    if may_have_arrived:
        return Unknown(why, reach=Reach.CHAT)
    if is_its_own:
        return Refused(why)
    return Later(now + wait_after(failures), why)


def wait_after(failures: int) -> timedelta:
    """How long a channel is left alone after so many failures in a row."""
    return min(FIRST_WAIT * (1 << min(failures, 10)), LONGEST_WAIT)


_Verdict = tuple[bool, bool, str]  # it may have arrived; it is this message's own fault; why, without any address


def _worst(verdicts: Sequence[_Verdict]) -> _Verdict:
    return max(verdicts, key=lambda verdict: (verdict[0], not verdict[1]))


def _of_status(status: int) -> _Verdict:
    return status in _CUT_OFF, status in _OF_THE_MESSAGE, f"HTTP {status}"


def _of_error(error: BaseException) -> _Verdict:
    match error:
        case smtplib.SMTPDataError(smtp_code=code):
            return False, code >= 500, f"the mail server refused the message: {code}"
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            codes = ", ".join(sorted({str(code) for code, _ in recipients.values()}))
            return False, False, f"the mail server refused the recipient: {codes}"
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return False, False, f"the mail server refused the sender: {code}"
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return False, False, f"the mail server refused the password: {code}"
        case smtplib.SMTPException():
            return _was_handed_over(error), False, f"the mail server: {_name(error)}"
        case requests.RequestException():
            return not _never_left(error), False, f"no answer: {_name(error)}"
        case OSError():
            return _was_handed_over(error), False, f"no connection: {_name(error)}"
        case _:
            return True, False, _name(error)


def _name(error: BaseException) -> str:
    """An exception by its name alone: its words may hold the address that was asked, with its password."""
    return type(error).__name__


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, _NO_CONNECTION):
        return True
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, urllib3.exceptions.NewConnectionError)


def _was_handed_over(error: BaseException) -> bool:
    """Whether a mail server had begun to take the text; before that it has promised nothing."""
    called = {frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)}
    if "sendmail" in called or isinstance(error, smtplib.SMTPException):
        return "data" in called
    return not isinstance(error, ConnectionRefusedError) and not called & {"connect", "__enter__"}
