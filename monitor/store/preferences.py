"""The preferences of a chat as JSON in its row, and back.

Checks no value: whoever changes a preference does. What an older or newer program wrote and this one does not know is
left out, so that a row can always be read.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from monitor.types import AS_SHIPPED, Preferences

_NAMES = tuple(each.name for each in fields(Preferences))


def written(preferences: Preferences) -> dict[str, Any]:
    """What differs from the preferences as shipped, by name."""
    values = {name: getattr(preferences, name) for name in _NAMES}
    return {name: _plain(value) for name, value in values.items() if value != getattr(AS_SHIPPED, name)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def read_preferences(row: Mapping[str, Any] | None) -> Preferences:
    """The preferences that `written` gave."""
    known = {name: value for name, value in (row or {}).items() if name in _NAMES}
    for name, value in known.items():
        known[name] = tuple(value) if isinstance(value, list) else value  # JSON knows no tuples
    return Preferences(**known)
