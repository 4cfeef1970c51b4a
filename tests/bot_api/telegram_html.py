"""HTML as Telegram reads it: the text with its entities, or the words of its refusal."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


class BadMarkup(ValueError):
    """What follows "can't parse entities: "."""


def utf16(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def _character(found: re.Match[str]) -> str:
    if name := found[3]:
        return _NAMED[name]
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def parse_html(html: str) -> tuple[str, list[Json]]:
    """Text and entities of `html`; raises BadMarkup where Telegram answers 400."""
    out: list[str] = []
    length = 0
    stack: list[tuple[str, int, Mapping[str, str]]] = []
    entities: list[Json] = []
    at = 0
    while at < len(html):
        begin = html.find("<", at)
        chunk = _unescape(html[at : begin if begin >= 0 else len(html)])
        out.append(chunk)
        length += utf16(chunk)
        if begin < 0:
            break
        offset = len(html[:begin].encode())
        if html.startswith("</", begin):
            end = html.find(">", begin)
            if end < 0:
                raise BadMarkup(f"Unclosed end tag at byte offset {offset}")
            name = html[begin + 2 : end].strip().lower()
            if not stack:
                raise BadMarkup(f"Unexpected end tag at byte offset {offset}")
            opened, start, attributes = stack.pop()
            if name and name != opened:
                raise BadMarkup(f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"')
            if length > start:
                entity: Json = {"type": _TAGS[opened], "offset": start, "length": length - start}
                if opened == "a":
                    url = attributes.get("href") or "".join(out).encode("utf-16-le")[start * 2 :].decode("utf-16-le")
                    entity["url"] = url
                # an address that is none makes no link, and no error
                if opened != "a" or is_web_address(entity["url"]):
                    entities.append(entity)
            at = end + 1
            continue
        named = re.compile(r"<([a-zA-Z-]*)").match(html, begin)
        assert named is not None
        name, here = named[1].lower(), named.end()
        if name not in _TAGS:
            shown = re.split(r"[\s/>]", html[begin + 1 :], maxsplit=1)[0].lower()
            raise BadMarkup(f'Unsupported start tag "{shown}" at byte offset {offset}')
        attributes = {}
        while found := _ATTRIBUTE.match(html, here):
            attributes[found[1].lower()] = _unescape(found[2] or found[3] or found[4] or "")
            here = found.end()
        rest = re.compile(r"\s*>").match(html, here)
        if rest is None:
            if html.find(">", here) < 0:
                raise BadMarkup(f"Unclosed start tag at byte offset {offset}")
            raise BadMarkup(f'Unexpected end of name token in the tag "{name}" at byte offset {offset}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        stack.append((name, length, attributes))
        at = rest.end()
    if stack:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return "".join(out), sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def is_web_address(url: str) -> bool:
    """Whether Telegram takes it for a link. A host without a dot is none (tdlib, LinkManager::check_link)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        host = parts.hostname or ""
        return "." in host or ":" in host
    return parts.scheme in {"tg", "mailto", "tel"} and bool(parts.netloc or parts.path)
