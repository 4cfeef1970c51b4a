"""What is said of a query that does not parse: where, and what is expected there.

Words only; the grammar stands in matching/query.py.
"""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from monitor.errors import QueryError
from monitor.i18n import say

MAX_DEPTH: Final = 40  # parentheses inside parentheses: no person writes more, and evaluation recurses

_EXPECTED: Final = {
    "WORDS": "a word",
    "PHRASE": 'a "phrase"',
    "PERSON": "@id",
    "PEOPLE": "@*",
    "MARKED": "~word or =Word",
    "SET": "{set}",
    "SCOPE": "title:",
    "NOT": "NOT",
    "_AND": "AND",
    "OR": "OR",
    "NEAR": "NEAR/n",
    "COMPARED": "a comparison like >= 5",
    "LPAR": '"("',
    "RPAR": '")"',
    "$END": "the end",
}
_OPERAND: Final = {"WORDS", "PHRASE", "PERSON", "PEOPLE", "MARKED", "SET", "SCOPE", "NOT", "LPAR"}


def check_shape(text: str) -> None:
    """Quotes and parentheses, before the grammar: the message about them can then be a plain one. Raises QueryError."""
    if not text.strip():
        raise QueryError(say("the query is empty: a word is expected"), 1)
    opened: list[int] = []
    quote = 0
    brace = 0
    for found in re.finditer(r'["“”(){}]', text):
        column = found.start() + 1
        if found[0] in '"“”':
            quote = 0 if quote else column
        elif quote:
            continue
        elif found[0] in "{}":
            brace = _open_brace(found[0], column, brace)
        else:
            _count_parenthesis(found[0], column, opened)
    if quote:
        raise QueryError(say("a quote is opened here and never closed: a second quote is expected"), quote)
    if brace:
        raise QueryError(say('"{{" is never closed: "}}" is expected behind the name of the set'), brace)
    if opened:
        raise QueryError(say('"(" is never closed: ")" is expected at the end'), opened[-1])


def _open_brace(mark: str, column: int, opened: int) -> int:
    """The column of the brace that is open behind this one, 0 where none is."""
    if mark == "{":
        if opened:
            raise QueryError(say('"{{" is never closed: "}}" is expected behind the name of the set'), opened)
        return column
    if not opened:
        raise QueryError(say('"}}" without "{{": a set is expected to be written {{name}}'), column)
    return 0


def _count_parenthesis(mark: str, column: int, opened: list[int]) -> None:
    """Keep in `opened` the columns of parentheses that are not closed yet."""
    if mark == "(":
        opened.append(column)
        if len(opened) > MAX_DEPTH:
            raise QueryError(f"parentheses more than {MAX_DEPTH} deep: a flatter query is expected", column)
    elif opened:
        opened.pop()
    else:
        raise QueryError(say('")" without "(": AND, OR or the end is expected'), column)


def explained(error: UnexpectedInput, text: str) -> QueryError:
    """The parser's error in words that an editor understands."""
    found, column = _found(error, text)
    return QueryError(
        say("{found} is not expected here: {wanted} is", found=found, wanted=_wanted(found, _expected(error))), column
    )


def _found(error: UnexpectedInput, text: str) -> tuple[str, int]:
    """What the parser stumbled over, and its column from 1."""
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return f'"{_shortened(str(error.token))}"', (error.token.start_pos or 0) + 1
    if isinstance(error, UnexpectedCharacters):
        column = error.pos_in_stream + 1 if error.pos_in_stream is not None else 1
        is_near = text[column - 1 : column + 3] == "NEAR"
        return '"NEAR"' if is_near else f'"{text[column - 1 : column]}"', column
    return "the end", len(text.rstrip()) + 1


def _expected(error: UnexpectedInput) -> AbstractSet[str]:
    """The names of the tokens that might have stood there."""
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set(error.expected) if isinstance(error, UnexpectedToken | UnexpectedEOF) else set()


def _wanted(found: str, names: AbstractSet[str]) -> str:
    if found == '"NEAR"':
        return "a number of syllables, as in NEAR/5,"
    if found in ('">"', '"<"', '"="') and "COMPARED" in names:
        return "a number behind it, as in >= 5,"
    if names >= {"WORDS", "PHRASE"} and not names & {"OR", "NEAR", "$END"}:
        return 'a word, a "phrase", {set}, @id or "("'
    order = [_EXPECTED[name] for name in _EXPECTED if name in names and name not in _OPERAND - {"WORDS"}]
    return ", ".join(order[:-1]) + (" or " if len(order) > 1 else "") + (order[-1] if order else "the end")


def _shortened(word: str) -> str:
    return word if len(word) <= 30 else word[:29] + "…"
