"""What an argument of a command may be: text -> value, or what is wrong with it."""

import argparse
import re
from datetime import timedelta

from monitor.store.role_names import PARTS


def span(text: str) -> timedelta:
    """A length of time: 7d, 12h."""
    from monitor.config.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def positive(text: str) -> int:
    """A whole number above 0."""
    if not (re.fullmatch(r"\d{1,9}", text, re.ASCII) and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def parts(text: str) -> tuple[str, ...]:
    """What `--only` names, once each and in our order."""
    named = [each.strip() for each in text.split(",")]
    for each in named:
        if each not in PARTS:
            raise argparse.ArgumentTypeError(f"`{each}` is no part of the work; write some of {','.join(PARTS)}")
    return tuple(part for part in PARTS if part in named)
