"""Why a feed brought nothing, in the reader's language: what happened in words, and the detail as it was met.

Decides nothing: which answer makes which kind is net/responses.py's.
"""

from monitor.i18n import Translator, translatable
from monitor.types import FailureKind

_WORDS = {
    FailureKind.DNS: translatable("its name is not found"),
    FailureKind.TLS: translatable("its certificate or encryption is wrong"),
    FailureKind.CONNECT: translatable("no connection"),
    FailureKind.TIMEOUT: translatable("no answer in time"),
    FailureKind.HTTP: translatable("its server has trouble"),
    FailureKind.FORBIDDEN: translatable("its server does not let us in"),
    FailureKind.NOT_FOUND: translatable("there is nothing at this address"),
    FailureKind.GONE: translatable("it is gone for good"),
    FailureKind.RATE_LIMITED: translatable("its server asks for fewer requests"),
    FailureKind.REDIRECT: translatable("it leads astray"),
    FailureKind.PRIVATE_ADDRESS: translatable("a private address, which is not asked"),
    FailureKind.TOO_LARGE: translatable("too much came"),
    FailureKind.NOT_A_FEED: translatable("what came is no feed"),
    FailureKind.EMPTY: translatable("it is empty"),
    FailureKind.MALFORMED: translatable("what came cannot be read"),
    FailureKind.ROBOTS: translatable("its robots.txt forbids it"),
    FailureKind.INTERNAL: translatable("a fault of this program"),
}


def failure_words(_: Translator, kind: FailureKind | None, why: str) -> str:
    """“no connection (connection refused)”; the detail alone where no kind is known, or English is read anyway."""
    if kind is None or _.lang == "en":
        return why
    return f"{_.gettext(_WORDS[kind])} ({why})" if why else _.gettext(_WORDS[kind])
