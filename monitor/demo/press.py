"""Writes an invented newspaper's feed and pages, each with the habits of real ones: dates, links, glued images.

Serves nothing and decides nothing about time. The shapes are those seen in the feeds of Vietnamese newspapers in 2026:
narrow no-break blanks in US dates, `+07`, ids at the end of slugs, text escaped twice, titles that are not NFC.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from monitor.demo.script import VIETNAM, Outlet, Piece
from monitor.text.words import decomposed, unmarked

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NARROW_BLANK = "\u202f"

CHALLENGE_PAGE = (
    "<!DOCTYPE html><html><head><title>Đang kiểm tra trình duyệt</title></head>"
    "<body><noscript>Vui lòng bật JavaScript để tiếp tục.</noscript>"
    "<script>document.cookie='ok=1'</script></body></html>"
)
ROBOTS = "User-agent: *\nDisallow: /toa-soan/\n"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="315">'
    '<rect width="600" height="315" fill="#ccd"/></svg>'
)


def slug(title: str) -> str:
    """The headline as it stands in a URL: without marks, in lower case, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", unmarked(title).lower()).strip("-")


def article_path(piece: Piece) -> str:
    """Where the article stands on its host; the id at the end outlives a new headline."""
    match piece.outlet.links:
        case "seven":
            return f"/{slug(piece.title)}-{4_700_000 + piece.serial}.html"
        case "post":
            return f"/{slug(piece.title)}-post{812_000 + piece.serial}.html"
        case "stamp":
            moment = piece.published.astimezone(VIETNAM)
            return f"/{slug(piece.title)}-{moment:%Y%m%d%H%M%S}{piece.serial % 1_000:03d}.htm"
        case "article":
            return f"/tieng-viet/articles/c{hashlib.sha256(str(piece.serial).encode()).hexdigest()[:11]}"
        case other:
            raise ValueError(f"script.toml: links = {other!r}")


def published_raw(moment: datetime, form: str) -> str:
    """The time as this newspaper writes it."""
    local = moment.astimezone(VIETNAM)
    day = f"{_WEEKDAYS[local.weekday()]}, {local.day:02d} {_MONTHS[local.month - 1]}"
    match form:
        case "rfc822":
            return f"{day} {local:%Y %H:%M:%S} +0700"
        case "colon":
            return f"{day} {local:%Y %H:%M:%S} +07:00"
        case "short":
            return f"{day} {local:%Y %H:%M:%S} +07"
        case "year2":
            return f"{day} {local:%y %H:%M:%S} +0700"
        case "us":
            half = "AM" if local.hour < 12 else "PM"
            clock = f"{local.hour % 12 or 12}:{local:%M:%S}"
            return f"{local.month}/{local.day}/{local.year} {clock}{_NARROW_BLANK}{half}"
        case "gmt":
            return format_datetime(moment.astimezone(UTC), usegmt=True)
        case other:
            raise ValueError(f"script.toml: dates = {other!r}")


def feed_bytes(outlet: Outlet, pieces: Sequence[Piece], base: str) -> bytes:
    """The RSS document of an outlet at `base` (scheme, host and port), items in the given order."""
    items = "".join(_item(piece, base) for piece in pieces)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{escape(outlet.name)} - {escape(outlet.section)}</title>\n<link>{base}/</link>\n"
        f"<description>{escape(outlet.section)} | {escape(outlet.name)}</description>\n<language>vi</language>\n"
        f"{items}</channel></rss>\n"
    ).encode()


def article_html(piece: Piece, outlet: Outlet) -> str:
    """The article's page, with the furniture that a reader of full texts has to step over."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in piece.paragraphs)
    stamp = piece.published.astimezone(VIETNAM)
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{escape(piece.title)} - {escape(outlet.name)}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{escape(piece.title)}">
<meta name="description" content="{escape(piece.lead)}">
<meta property="article:published_time" content="{stamp.isoformat(timespec="seconds")}"></head>
<body>
<header><nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/thoi-su">Thời sự</a></li>
<li><a href="/the-gioi">Thế giới</a></li></ul></nav></header>
<main><article>
<h1>{escape(piece.title)}</h1>
<p class="sapo"><strong>{escape(outlet.opening)}{escape(piece.lead)}</strong></p>
<div class="article-body">
{body}
</div>
</article>
<aside><h3>Đọc nhiều</h3><ul><li><a href="/am-thuc">Góc bếp cuối tuần</a></li>
<li><a href="/giai-o-chu">Giải ô chữ</a></li></ul></aside></main>
<footer><p>{escape(outlet.name)} là tờ báo tưởng tượng; mọi sự việc ở đây đều do người viết đặt ra.</p></footer>
</body></html>
"""


def _item(piece: Piece, base: str) -> str:
    outlet = piece.outlet
    url = base + article_path(piece)
    link, guid = (f"{url}?at_medium=RSS&amp;at_campaign=rss", f"{url}#0") if outlet.links == "article" else (url, url)
    permanent = ' isPermaLink="false"' if guid != url else ""
    return (
        f"<item>\n<title>{_title(piece)}</title>\n<link>{link}</link>\n<guid{permanent}>{guid}</guid>\n"
        f"<pubDate>{published_raw(piece.published, outlet.dates)}</pubDate>\n"
        f"<description>{_description(piece, url, base)}</description>\n</item>\n"
    )


def _title(piece: Piece) -> str:
    match piece.outlet.titles:
        case "cdata":
            return f"<![CDATA[{piece.title}]]>"
        case "plain":
            return escape(piece.title, quote=False)
        case "double":
            return escape(escape(piece.title, quote=False), quote=False)
        case "decomposed":
            return escape(decomposed(piece.title), quote=False)
        case other:
            raise ValueError(f"script.toml: titles = {other!r}")


def _description(piece: Piece, url: str, base: str) -> str:
    text = escape(piece.outlet.opening + piece.lead, quote=False)
    image = f"{base}/anh/{slug(piece.id)}.svg"
    match piece.outlet.leads:
        case "plain":
            return text
        case "image-br":
            return f'<![CDATA[<a href="{url}"><img src="{image}" ></a></br>{text}]]>'
        case "image-close":
            return f'<![CDATA[<a href="{url}"><img src="{image}" /></a>{text}]]>'
        case "image-related":
            related = (
                f'<div style="clear: both;"><ul><li><a href="{base}/goc-bep-post700001.html">'
                "Góc bếp cuối tuần</a></li></ul></div>"
            )
            return f'<![CDATA[<a href="{url}"><img src="{image}" /></a><p>{text}</p>{related}]]>'
        case other:
            raise ValueError(f"script.toml: leads = {other!r}")
