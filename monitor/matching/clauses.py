"""The clause around a place in a text: commas, colons, brackets and dashes end one, as does a sentence.

Knows marks only.
"""

import re
from typing import Final

from monitor.matching.spans import Span
from monitor.matching.text import Text

LONGEST_CLAUSE: Final = 300  # characters on either side of a word; a text without commas stays cheap
_CLAUSE_END: Final = re.compile(r"[,:;()](?= |$)|[()]| - ")


def clause_around(text: Text, span: Span) -> Span:
    """The clause in which `span` stands."""
    begin, end = text.sentence(span.start)
    begin, end = max(begin, span.start - LONGEST_CLAUSE), min(end, span.end + LONGEST_CLAUSE)
    for stop in _CLAUSE_END.finditer(text.plain, begin, span.start):
        begin = stop.end()
    after = _CLAUSE_END.search(text.plain, span.end, end)
    return Span(span.field, begin, after.start() if after else end)
