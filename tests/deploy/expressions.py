"""What an expression of PromQL asks for: names of metrics, and the labels that it wants of them.

Knows as much of the language as our rules and dashboards use; promtool judges the rest.
"""

import re
from collections.abc import Iterator

WORDS = frozenset(["and", "or", "unless", "by", "without", "on", "ignoring", "offset", "bool"])
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_SPAN = re.compile(r"\[[^\]]*\]")
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
_WANTED = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


def metrics_in(expression: str) -> set[str]:
    """The names of metrics, without those of functions, labels and words of the language."""
    bare = re.sub(r"\{[^}]*\}", " ", _SPAN.sub(" ", _LABELS.sub(" ", _STRING.sub('""', expression))))
    bare = re.sub(r"\b\d[\w.]*", " ", bare)  # numbers, also 800e6
    return {name for name in _NAME.findall(bare) if name not in WORDS}


def matchers_in(expression: str) -> Iterator[tuple[str, str, str, str]]:
    """Each label that is wanted of a metric: metric, label, operator, value."""
    for metric, inside in _WANTED.findall(expression):
        for label, operator, value in _MATCHER.findall(inside):
            yield metric, label, operator, value
