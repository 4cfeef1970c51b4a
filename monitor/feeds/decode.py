"""Makes of a server's bytes a text that a feed parser can take: decoded, bounded, and mended where outlets slip.

Knows no parser and no HTTP beyond a content type. Everything here is linear in the size of the body: what comes from
outside may be random, endless or hostile (entity bombs, a million tags), and a poll must end soon all the same.
"""

import codecs
import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html.entities import html5
from xml.parsers import expat

MAX_FEED_BYTES = 8 * 2**20  # the largest real one has 1.1 MB (VietnamNet's world news, 1,000 items)
MAX_ENTRIES = 2_000
MAX_APART = 200
MAX_TAGS = 120_000  # feedparser takes about 15 µs a tag: two seconds at most
MAX_BROKEN_TAGS = 40_000  # its parser for broken feeds takes four times as long
MAX_REFERENCES = 400_000  # `&…;`: six µs each
MAX_PROLOG_CHARS = 65_536  # of what stands before the root: feedparser looks through it with patterns that backtrack
MAX_PROLOG_PARTS = 1_000
MAX_ENTITY_GROWTH = 1_000_000  # characters that a body's own entities may add when they are spoken
MAX_CHALLENGE_CHARS = 20_000  # a real page that loads scripts is longer
MAX_GARBLED = 0.2  # of the characters beyond ASCII; text in another encoding has nearly all of them wrong

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{2,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (  # "<?xm" or "<rss" without a byte order mark
    (re.compile(rb"\A<\x00\x00\x00[?!a-zA-Z]"), "utf-32-le"),
    (re.compile(rb"\A\x00\x00\x00<\x00\x00\x00"), "utf-32-be"),
    (re.compile(rb"\A<\x00[?!a-zA-Z]\x00"), "utf-16-le"),
    (re.compile(rb"\A\x00<\x00[?!a-zA-Z]"), "utf-16-be"),
    (re.compile(rb"\A\x4c\x6f\xa7\x94"), "cp037"),
)
_STATEFUL = re.compile(r"\A(iso-?2022|utf-?7|hz)", re.IGNORECASE)  # these look like ASCII

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_REFERENCE = re.compile(r"&#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z_][\w.:-]{0,60};)")
_XML_NAMES = frozenset(["amp", "lt", "gt", "quot", "apos"])

_ENTITY = re.compile(r"""<!ENTITY\s+(\w{1,60})\s+(?:"([^"&<>%]*)"|'([^'"&<>%]*)'|"(&\#\w{1,8};)")\s*>""")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_ROOT_TAG = re.compile(r"<[A-Za-z_][^<>]{0,20000}>")
_ITEM_END = re.compile(r"</(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_FEED_END = re.compile(r"</(?:[A-Za-z][\w.-]{0,20}:)?(?:channel|rss|feed|rdf)\s*>", re.IGNORECASE)
# A tag with a thousand attributes: feedparser looks each of them up among all of them
_OVERLONG_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"<]*"|'[^'<]*'){6000}""")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:rss|feed|rdf)(?=[\s>])", re.IGNORECASE)
_FEED_MARK = re.compile(
    r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:rss|feed|rdf|channel|item|entry|items)(?=[\s/>:])", re.IGNORECASE
)
_HTML_MARK = re.compile(r"<(?:!doctype\s+html|html|head|body|script|title|meta|div)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"document\.cookie|location\.(?:reload|href)|challenge|captcha|cf-chl", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readable:
    """A feed's text, ready for a parser; `root` names its first element, `whole` is False when it was cut or broken."""

    text: str
    root: str
    whole: bool


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of `body`. Never raises: what cannot be read becomes U+FFFD.

    UTF-8 proves itself and wins over what header and declaration say, for servers are wrong about it; one cut or
    broken character does not turn a whole Vietnamese page into windows-1252, as it does in feedparser.
    """
    if (by_shape := _by_shape(body)) is not None:
        return by_shape
    claims = _claims(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(body) or _as_claimed(body, claims)
    stateful = [claim for claim in claims if _STATEFUL.match(claim)] if text.isascii() else []
    return body.decode(stateful[0], "replace") if stateful else text


def _by_shape(body: bytes) -> str | None:
    """The text of a body whose first bytes say how it is written; None of any other."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for shape, name in _SHAPES:
        if shape.match(body):
            return body.decode(name, "replace")
    return None


def _claims(body: bytes, content_type: str) -> list[str]:
    """The encodings that the declaration and the header name, as far as there are such."""
    declared, header = _DECLARED.match(body[:400]), _CHARSET.search(content_type)
    named = (declared[1].decode("ascii") if declared else "", header[1] if header else "")
    return [name for name in named if _is_text_codec(name)]


def _mostly_utf8(body: bytes) -> str:
    """The text of a body with a few broken characters; empty when so many are that it is in another encoding."""
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") <= beyond_ascii * MAX_GARBLED else ""


def _as_claimed(body: bytes, claims: Iterable[str]) -> str:
    """The text in the first encoding that was claimed, UTF-8 left out, which it is not."""
    other = (claim for claim in claims if codecs.lookup(claim).name != "utf-8")
    return body.decode(next(other, "utf-8"), "replace")


def _is_text_codec(name: str) -> bool:
    try:  # both ways: idna and punycode, which are none of a feed's, take the one and refuse "replace" in the other
        return isinstance("x".encode(name), bytes) and isinstance(b"\xff".decode(name, "replace"), str)
    except (LookupError, UnicodeError, ValueError):  # unknown, or a codec of Python's that makes no bytes of text
        return False


def no_feed(text: str) -> str:
    """Why `text` cannot be a feed in XML, in words; empty when it may be one."""
    if _FEED_MARK.search(text):
        return ""
    start = text[:MAX_PROLOG_CHARS]
    if _HTML_MARK.search(start):
        if _SCRIPT.search(start) and len(text) < MAX_CHALLENGE_CHARS:
            return "the server sent a JavaScript challenge page instead of a feed"
        return "the server sent an HTML page instead of a feed"
    root = _ROOT.search(start)
    return f"the server sent XML that is no feed: <{root[1]}>" if root and "<?xml" in start else "the body is no feed"


def readable(text: str) -> Readable:
    """`text` with a plain prolog, within bounds, and mended when it is not well-formed XML as it stands."""
    prolog, text = _split_prolog(text)
    if not _FEED_ROOT.match(text) and (late := _FEED_ROOT.search(text, 0, MAX_PROLOG_CHARS)):
        text = text[late.start() :]  # a PHP warning stands before the feed
    root = _ROOT.match(text)
    text, whole = _bounded(text, MAX_TAGS)
    head = "<?xml version='1.0' encoding='utf-8'?>\n" + _doctype(prolog, text)
    if not _well_formed(head + text):
        text = _mended(text)
        if not _well_formed(head + text):
            text, _ = _bounded(_without_broken_end(text), MAX_BROKEN_TAGS)
            whole = False
    return Readable(head + text, root[1].rpartition(":")[2].lower() if root else "", whole)


def items_apart(text: str) -> list[str]:
    """Each item as a feed of its own, under the root of `text`: what is left to try when the whole chokes a parser."""
    begun = _ROOT_TAG.search(text)
    if begun is None:
        return []
    head = text[: begun.end()]
    starts = [match.start() for match in _ITEM_START.finditer(text)][:MAX_APART]
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    return [head + text[start:end] for start in starts if (end := next((end for end in ends if end > start), 0))]


def _split_prolog(text: str) -> tuple[str, str]:
    """What stands before the root element, and the rest; the prolog is cut at MAX_PROLOG_CHARS."""
    at = 0
    for _ in range(MAX_PROLOG_PARTS):
        start = text.find("<", at)
        if start < 0:
            return "", ""
        if _opens_element(text, start):
            return text[: min(start, MAX_PROLOG_CHARS)], text[start:]
        at = _behind_markup(text, start)
        if at < 0:  # never closed
            return "", text[start + 1 :] if text.startswith("<!", start) else ""
    return "", ""


def _opens_element(text: str, start: int) -> bool:
    name = text[start + 1 : start + 2]
    return name.isalpha() or name == "_"


def _behind_markup(text: str, start: int) -> int:
    """Where the instruction, comment or DOCTYPE ends that begins at `start`; -1 when it does not."""
    if text.startswith("<?", start):
        return _behind(text, "?>", start)
    if text.startswith("<!--", start):
        return _behind(text, "-->", start + 4)
    if not text.startswith("<!", start):
        return start + 1  # a stray "<"
    subset, close = text.find("[", start), text.find(">", start)
    if -1 < subset < close:  # a DOCTYPE with entities of its own
        end = text.find("]", subset)
        return _behind(text, ">", end) if end >= 0 else -1
    return _behind(text, ">", start)


def _behind(text: str, what: str, start: int) -> int:
    at = text.find(what, start)
    return at + len(what) if at >= 0 else -1


def _doctype(prolog: str, text: str) -> str:
    """A DOCTYPE with those of the body's own entities that are plain and stay small when spoken."""
    if "<!ENTITY" not in prolog:
        return ""
    own = {match[1]: next(filter(_is_given, match.groups()[1:])) for match in _ENTITY.finditer(prolog)}
    uses = Counter(match[1] for match in _NAMED.finditer(text) if match[1] in own)
    if sum(len(own[name]) * count for name, count in uses.items()) > MAX_ENTITY_GROWTH:
        return ""
    lines = [f'<!ENTITY {name} "{own[name]}">' for name in sorted(uses) if name not in _XML_NAMES]
    return "<!DOCTYPE feed [\n" + "\n".join(lines) + "\n]>\n" if lines else ""


def _is_given(group: str | None) -> bool:
    return group is not None


def _bounded(text: str, tags: int) -> tuple[str, bool]:
    """`text` cut behind the last item that lies within all bounds, and whether nothing went."""
    limit = min(_position_of(text, "<", tags), _position_of(text, "&", MAX_REFERENCES))
    if overlong := _OVERLONG_TAG.search(text):
        limit = min(limit, overlong.start())
    last = count = 0
    for match in _ITEM_END.finditer(text):
        if match.end() > limit or count >= MAX_ENTRIES:
            return text[:last], False
        last, count = match.end(), count + 1
    return (text, True) if limit == len(text) else (text[: last or limit], False)


def _position_of(text: str, what: str, number: int) -> int:
    """Where `what` stands for the `number`-th time; the end of the text when it does not stand there so often."""
    if text.count(what) <= number:
        return len(text)
    at = -1
    for _ in range(number):
        at = text.find(what, at + 1)
    return at


def _without_broken_end(text: str) -> str:
    """Without an item that the transfer cut in two, if whole ones stand before it: half an address is a wrong one."""
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    if not ends or _FEED_END.search(text, ends[-1]):
        return text
    begun = _ITEM_START.search(text, ends[-1])
    return text[: begun.start()] if begun else text


def _well_formed(text: str) -> bool:
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return False
    return True


def _mended(text: str) -> str:
    """What newspapers' templates get wrong, put right outside CDATA: HTML's entities, bare `&`, control characters."""
    text = _NOT_XML.sub("", text)
    ends = [match.end() for match in _FEED_END.finditer(text)]
    if ends and not _ITEM_START.search(text, ends[-1]) and text.find("<![CDATA[", ends[-1]) < 0:
        text = text[: ends[-1]]  # a script or a server's note stands behind the feed
    pieces: list[str] = []
    at = 0
    while True:
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            pieces.append(_mended_outside(text[at:]))
            return "".join(pieces)
        pieces += [_mended_outside(text[at:start]), text[start : end + 3]]
        at = end + 3


def _mended_outside(text: str) -> str:
    if "&" not in text:
        return text
    text = _NAMED.sub(_spoken, text)
    text = _BAD_REFERENCE.sub(_allowed, text)
    return _BARE_AMPERSAND.sub("&amp;", text)


def _spoken(match: re.Match[str]) -> str:
    if match[1] in _XML_NAMES:
        return match[0]
    meaning = html5.get(match[1] + ";", "")
    return html.escape(meaning) if meaning else match[0]


def _allowed(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    is_character = (
        number in {9, 10, 13} or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    return match[0] if is_character else ""
