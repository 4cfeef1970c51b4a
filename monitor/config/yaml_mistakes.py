"""What a YAML parser says is wrong, in words that tell an editor what to write instead.

Reads no file; knows the parser's phrases, not the keys of our files.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from monitor.i18n import say, translatable


@dataclass(frozen=True, slots=True)
class _Mistake:
    """What the parser says is wrong, and what stands where it says so."""

    said: str
    char: str  # "" at the end of the file
    before: str  # of the same line
    opened: int  # the line in which what it was reading began; 0: not known

    def says(self, *phrases: str) -> bool:
        return any(phrase in self.said for phrase in phrases)


_CLOSED_QUOTE = re.compile(r"""(^|[-:,\[]\s)\s*(["']).*\2\s*$""")
# The first that applies is told. The phrases are libyaml's and PyYAML's own.
_MESSAGES: tuple[tuple[Callable[[_Mistake], bool], str], ...] = (
    (
        lambda at: at.says("tab character"),
        translatable("a tab before the text: YAML is indented with spaces, write two"),
    ),
    (
        lambda at: at.char in ("@", "`", "%") and at.says("cannot start"),
        translatable("a value may not begin with {char} in YAML: put the whole value in single quotes, '{char}…'"),
    ),
    (
        lambda at: at.says("mapping values are not allowed"),
        translatable(
            "a colon where none may stand: put a value that holds a colon and a blank in single quotes, or indent"
        ),
    ),
    (
        lambda at: at.char.strip() != "" and _CLOSED_QUOTE.search(at.before) is not None,
        translatable("text after a closing quote: put the whole value in single quotes, '\"…\" NEAR/3 …'"),
    ),
    (
        lambda at: at.says("comment or line break"),
        translatable("> begins a text of several lines in YAML: put the whole value in single quotes, '{{…}} >= 5'"),
    ),
    (
        lambda at: at.before.rstrip().endswith("}") and at.char not in ("", "\n", "-"),
        translatable("text after {{…}}: put the whole query in single quotes, '{{…}} NEAR/3 …'"),
    ),
    (
        lambda at: at.says("',' or ']'", "',' or '}'"),
        translatable("a comma or the closing bracket of line {opened} is missing before this"),
    ),
    (lambda at: at.says("node content") and not at.char, translatable("a bracket is never closed")),
    (lambda at: at.says("node content"), translatable("`{char}` where a value is expected")),
    (
        lambda at: at.says("did not find expected key", "expected <block end>", "'-' indicator", "document start"),
        translatable("this line does not fit its surroundings: indent it like its neighbours"),
    ),
    (
        lambda at: at.says("could not find expected ':'"),
        translatable("a colon is missing after a key, or this line is not indented"),
    ),
)


def syntax_mistake(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Which character of `text` is wrong, and what to do about it."""
    said, began = error.problem or "", error.context_mark
    if _is_open_quote(error) and began:
        return began.index, say("this quote is never closed")
    mark = error.problem_mark or began
    index = min(mark.index, len(text)) if mark else 0
    line_before = text[text.rfind("\n", 0, index) + 1 : index]
    opened = text.count("\n", 0, began.index) + 1 if began else 0
    mistake = _Mistake(said, text[index : index + 1], line_before, opened)
    message = next((message for applies, message in _MESSAGES if applies(mistake)), None)
    if message is None:
        return index, say("not YAML: {said}", said=said)
    return index, say(message, char=mistake.char, opened=opened)


def _is_open_quote(error: yaml.MarkedYAMLError) -> bool:
    return "quoted scalar" in (error.context or "") and "end of stream" in (error.problem or "")
