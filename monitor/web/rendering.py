"""A page -> the bytes that a browser or a program is sent: HTML by its template, or its data as JSON.

Knows no request. Times are shown in the installation's zone, with the full moment in `<time datetime>`.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from monitor.i18n import Translator
from monitor.notify.render import clock_time
from monitor.text.marked import marked_pieces
from monitor.types import Address
from monitor.web.assets import address_of
from monitor.web.page import Visit, WebPage

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["asset"] = address_of
    environment.filters["marked"] = marked
    environment.filters["outward"] = outward
    return environment


def marked(text: str, spans: Iterable[tuple[int, int]], element: str = 'b class="name"') -> Markup:
    """A text in which some spans [start, end) stand in an element."""
    opening, closing = Markup(f"<{element}>"), Markup(f"</{element.split()[0]}>")  # noqa: S704 - the template's own
    pieces = (Markup("{}{}{}").format(opening, piece, closing) if is_marked else piece
              for piece, is_marked in marked_pieces(text, spans))  # fmt: skip
    return Markup("").join(pieces)


def outward(text: str, url: str) -> Markup:
    """A link to a newspaper, which does not learn where its reader comes from; the text alone for any other address."""
    if not re.match(r"https?://[^\s/]", url):
        return escape(text)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, text)


def html_of(page: WebPage, visit: Visit, frame: Mapping[str, Any]) -> bytes:
    """The page for a person; `frame` is what stands around every page."""
    return rendered(page.template, {**frame, **page.data, **page.extra}, visit).encode()


def rendered(template: str, values: Mapping[str, Any], visit: Visit) -> str:
    """A template filled; also one that is a part of a page."""
    words = visit.words
    return (
        _environment()
        .get_template(template)
        .render(
            values,
            visit=visit,
            viewer=visit.viewer,
            path=visit.path,
            lang=words.lang,
            now=visit.now,
            gettext=words.gettext,
            ngettext=words.ngettext,
            number=words.number,
            moment=lambda at: moment(at, visit.now, visit.site.zone),
            moment_long=lambda at: moment(at, visit.now, visit.site.zone, long=True),
            ago=lambda at: words.ago(at, visit.now),
            span=words.span,
            day=words.day,
        )
    )


def moment(at: datetime | None, now: datetime, zone: ZoneInfo, *, long: bool = False) -> Markup:
    """`14:05` as an element that says the whole moment; nothing where there is none. `long`: always with its day."""
    if at is None:
        return Markup("")
    local = at.astimezone(zone)
    shown = f"{local:%H:%M %d/%m/%Y}" if long else clock_time(local, now)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), f"{local:%H:%M:%S %d/%m/%Y}", shown
    )


def json_of(data: Mapping[str, Any], zone: ZoneInfo, words: Translator) -> bytes:
    """The same for a program: times as ISO 8601 in the installation's zone, spans in seconds."""

    def plain(value: object) -> object:
        match value:
            case Enum():
                return value.value
            case datetime():
                return value.astimezone(zone).isoformat()
            case date():
                return value.isoformat()
            case timedelta():
                return value.total_seconds()
            case Address():
                return {"chat": value.chat_id, "thread": value.thread_id}
            case set() | frozenset():
                return sorted(value)
            case _ if is_dataclass(value) and not isinstance(value, type):
                return asdict(value)
        raise TypeError(f"{type(value).__name__} has no form in JSON")

    return json.dumps(data, ensure_ascii=False, default=plain, separators=(",", ":")).encode() + b"\n"
