"""Queries as editors and readers write them, parsed into a tree.

Says what a query means, never where it hits: matching/query_plans.py evaluates the tree. The grammar:

    ngừng bắn AND Gaza          bare words side by side are one phrase; a change from small to capital letters parts it
    "ngừng bắn" Gaza            parts side by side mean AND
    OR  NOT  ( )                NOT binds tightest, then NEAR, AND, OR
    a NEAR/5 b                  at most 5 syllables apart, either order, in one field
    title:(…)  title:word       in the title alone           sentence:(…)   all of it in one sentence
    @putin                      a leader of the watchlists   @*  any leader or state office   @**  two different ones
    ~bao                        ignores tone and vowel marks =Mỹ, ="Hoà Bình"  with these capitals (or all in capitals)
    {người chết} >= 5           a number beside the words: >= > <= < =, with 1.200, 5,5, triệu, %
    {khởi tố}                   any member of a named set (matching/sets.py)
"""

from functools import cache, lru_cache
from typing import Final, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from monitor.errors import QueryError
from monitor.matching import text as texts
from monitor.matching.query_errors import check_shape, explained
from monitor.matching.query_nodes import (
    And,
    Compare,
    InSentence,
    InTitle,
    Near,
    Node,
    Not,
    Or,
    People,
    Person,
    Query,
    SetName,
    Term,
    walk,
)
from monitor.text.numbers import number_written

MAX_TERMS: Final = 20_000  # a watchlist of place names may be long; parsing stays linear
MAX_LENGTH: Final = 1_000_000  # characters
MAX_DISTANCE: Final = 1_000  # syllables

_GRAMMAR = r"""
start: either

?either: both ("OR" both)*            -> either
?both: unit (_AND? unit)*             -> both
?unit: NOT unit                       -> negated
     | near
?near: sized (NEAR sized)*            -> near
?sized: atom COMPARED                 -> compared
     | atom
?atom: "(" either ")"                 -> group
     | SCOPE scoped                   -> scope
     | term
?scoped: "(" either ")"               -> group
     | term COMPARED                  -> compared
     | term
term: WORDS | PHRASE | PERSON | PEOPLE | MARKED | SET

_AND.5: /AND(?![^\s()])/
NOT.5: /NOT(?![^\s()])/
NEAR.6: /NEAR\/\d+(?![^\s()"“@~=])/
SCOPE.6: /(?:title|sentence):/
PEOPLE.4: /@\*\*?/
PERSON.3: /@[a-z0-9]+(?:-[a-z0-9]+)*/
MARKED.3: /[~=](?:"[^"“”]*"|“[^"“”]*”|[^\s()"“”:;,@~={}<>≤≥]+)/
COMPARED.7: /(?:[<>]=?|[=≥≤])\s*\d(?:[\d.,]*\d)?(?:\s*(?:%|(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?!\w)))*(?![^\s()])/
SET.3: /\{[^{}()"“”]*\}/
PHRASE.3: /"[^"“”]*"|“[^"“”]*”/
WORDS.1: /(?!(?:AND|OR|NOT|NEAR)(?![^\s()])|NEAR\/)[^\s()"“”:;,@~={}<>≤≥]+(?:\s+(?!(?:AND|OR|NOT|NEAR)(?![^\s()])|NEAR\/|(?:title|sentence):)[^\s()"“”:;,@~={}<>≤≥]+)*/
%import common.WS
%ignore WS
"""  # noqa: E501  a regular expression does not break well


class _Builder(Transformer[Token, Node]):
    """Builds the tree while parsing, so that depth costs no recursion."""

    def start(self, parts: list[Node]) -> Node:
        return parts[0]

    def group(self, parts: list[Node]) -> Node:
        return parts[-1]

    def either(self, parts: list[Node]) -> Node:
        if len(parts) == 1:
            return parts[0]
        flat: list[Node] = []
        for part in parts:
            flat.extend(part.parts if isinstance(part, Or) else (part,))
        return Or(tuple(flat))

    def both(self, parts: list[Node | Token]) -> Node:
        nodes = [part for part in parts if not isinstance(part, Token)]
        if len(nodes) == 1:
            return nodes[0]
        flat: list[Node] = []
        for part in nodes:
            flat.extend(part.parts if isinstance(part, And) else (part,))
        return And(tuple(flat))

    def negated(self, parts: list[Node]) -> Node:
        inner = parts[-1]
        return inner.part if isinstance(inner, Not) else Not(inner)

    def compared(self, parts: list[Node | Token]) -> Node:
        part, written = parts
        assert isinstance(written, Token)
        assert not isinstance(part, Token)
        column = written.column or 1
        for inner in walk(part):
            if isinstance(inner, And | Not | InTitle | InSentence | Compare):
                raise QueryError(
                    "a number is compared beside words, a phrase, a {set} and groups of them with OR: "
                    "quotes around words that belong together are expected",
                    column,
                )
        sign = written[:2] if written[1] == "=" else written[0]
        shown = written[len(sign) :].strip()
        sign = {"≥": ">=", "≤": "<="}.get(sign, sign)
        value = number_written(shown)
        if value is None:
            raise QueryError(f"{shown} is no number: one like 5, 1.200, 5,5 or 2 triệu is expected", column)
        return Compare(part, sign, value, "%" in shown, shown)

    def near(self, parts: list[Node | Token]) -> Node:
        if len(parts) == 1:
            return parts[0]  # type: ignore[return-value]  # a lone part is a node
        nodes: list[Node] = []
        distances: list[int] = []
        column = 1
        for part in parts:
            if isinstance(part, Token):
                column = part.column or 1
                distance = int(part[5:10])
                if not 1 <= distance <= MAX_DISTANCE:
                    raise QueryError(
                        f"NEAR/{distance}: a distance of 1 to {MAX_DISTANCE} syllables is expected", column
                    )
                distances.append(distance)
            else:
                nodes.append(part)
        for node in nodes:
            for inner in walk(node):
                if isinstance(inner, And | Not | InTitle | InSentence):
                    raise QueryError(
                        "NEAR joins words, phrases, @ids and groups of them with OR: "
                        "AND, NOT, title: and sentence: are not expected inside it "
                        '(quotes keep words with and without capitals together: "Khởi tố")',
                        column,
                    )
        return Near(tuple(nodes), tuple(distances))

    def scope(self, parts: list[Node | Token]) -> Node:
        name, inner = parts
        assert not isinstance(inner, Token)
        return InTitle(inner) if name == "title:" else InSentence(inner)

    def term(self, parts: list[Token]) -> Node:
        token = parts[0]
        column = token.column or 1
        match token.type:
            case "PEOPLE":
                return People(len(token) - 1)
            case "PERSON":
                return Person(token[1:])
            case "SET":
                return _set_name(token[1:-1], column)
            case "MARKED":
                return _term(token[1:].strip('"“”'), column, exact=token[0] == "=", fold=token[0] == "~")
            case "PHRASE":
                return _term(token[1:-1], column)
            case _:
                pieces = [_term(piece, column) for piece in _pieces(token)]
                return pieces[0] if len(pieces) == 1 else And(tuple(pieces))


def _set_name(written: str, column: int) -> SetName:
    if not any(letter.isalnum() for letter in written):
        raise QueryError("the name of a set is expected between { and }", column)
    return SetName(" ".join(written.split()), column)


def _term(written: str, column: int, *, exact: bool = False, fold: bool = False) -> Term:
    if not any(letter.isalnum() for letter in texts.key(written)):
        raise QueryError("a word with letters or digits is expected here", column)
    return Term(" ".join(written.split()), exact=exact, fold=fold)


def _pieces(run: str) -> list[str]:
    """Bare words: `ngừng bắn Gaza` is the phrase "ngừng bắn" and the name "Gaza"."""
    pieces: list[list[str]] = []
    was_capital = False
    for word in run.split():
        capital, letter = word[0].isupper(), word[0].isalpha()
        if pieces and (capital == was_capital or not letter):
            pieces[-1].append(word)
        else:
            pieces.append([word])
        if letter:
            was_capital = capital
    return [" ".join(piece) for piece in pieces]


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False, transformer=_Builder())


def parse_query(text: str, *, max_terms: int = MAX_TERMS) -> Query:
    """The tree of one query.

    Leaves ids behind @ unchecked: who is watched is the watchlist's knowledge. Raises QueryError with the column
    (from 1) and what was expected there; also when there are more than `max_terms` terms, or parentheses more than
    MAX_DEPTH deep.
    """
    query, terms = _parsed(text)
    if terms > max_terms:
        raise QueryError(f"more than {max_terms:,} words or phrases: a shorter query is expected", 1)
    return query


@lru_cache(maxsize=16_384)  # a reload asks for the same thousands again, once to check and once to compile
def _parsed(text: str) -> tuple[Query, int]:
    """A query and how many terms it has: 10,000 of them are not counted twice."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"a query of at most {MAX_LENGTH:,} characters is expected", MAX_LENGTH)
    check_shape(text)
    try:
        root = cast(Node, _parser().parse(text))  # the embedded _Builder turns the tree into nodes
    except VisitError as error:
        if isinstance(error.orig_exc, QueryError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise explained(error, text) from None
    if not _can_be_found(root):
        raise QueryError("a query of NOT alone would hold for everything: a word that must occur is expected", 1)
    query = Query(text, root)
    return query, len(query.terms())


def _can_be_found(node: Node) -> bool:
    match node:
        case Not():
            return False
        case And(parts=parts):
            return any(map(_can_be_found, parts))
        case Or(parts=parts):
            return all(map(_can_be_found, parts))
        case InTitle(part=part) | InSentence(part=part):
            return _can_be_found(part)
        case _:
            return True
