"""Says when two addresses are one article: by the outlet's own id where the address carries one.

Opens no connection. The slug of an address follows the headline: of 154,000 articles 1,501 came under two or more
addresses with one trailing id, and 283 changed their title under one address; so neither slug nor title is identity.
"""

import hashlib
import re
from datetime import date
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

MAX_KEY_CHARS = 400  # a longer address is kept as its hash: it has to fit an index
MAX_URL_CHARS = 4_000

# what only says where a reader came from; prefixes end in _
_TRACKING = frozenset(
    (
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid"),
        *("zarsrc", "zcid", "gidzl", "vgfbclid", "ref_src", "_ga", "_gl", "spm", "cmpid", "ocid", "xtor"),
        *("amp", "outputtype", "src_rss"),
    )
)
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "hsa_", "vero_", "_hs")

# second-level names under which organisations register, as the Public Suffix List has them for the hosts we meet
_SECOND_LEVEL = frozenset(
    ("com", "net", "org", "edu", "gov", "co", "ac", "info", "biz", "name", "pro", "health", "int", "mil", "or", "ne")
)
_NEUTRAL = frozenset(("www", "www2", "m", "mobile", "amp", "wap", "beta", "mb"))
_EDITIONS = frozenset(
    ("e", "en", "eng", "english", "fr", "es", "zh", "cn", "ru", "jp", "ja", "kr", "ko", "lo", "la", "km", "kh", "th")
)
_ONE_HOUSE = {"cand.com.vn": "cand.vn", "zingnews.vn": "znews.vn", "bbc.co.uk": "bbc.com"}

# The id closes the path, safe on any host: a run of 14 to 20 digits is a time stamp of VCCorp's or Dân Trí's editorial
# system; `post`, `ar`, `d`, `a` before the digits are those of ePi and others. A `/amp` may follow.
_TAIL = r"(?:\.[a-z]{2,5})?(?:/amp)?/?\Z"
_LONG_ID = re.compile(r"[-/](\d{14,20})" + _TAIL)
_MARKED_ID = re.compile(r"[-/](?:post|ar|a|d|c\d+a)(\d{5,10})(?:-[a-z]\w*)?\.[a-z]{2,5}(?:/amp)?/?\Z")
# Hosts whose bare trailing number is known to be the article's
_BY_HOST = {
    "vnexpress.net": re.compile(r"-(\d{7,8})(?:-[a-z]\w*)?\.html"),
    "bbc.com": re.compile(r"/articles/(c[a-z0-9]{8,})|/vietnamese/[\w/-]*-(\d{6,9})\Z"),
    "vietnamplus.vn": re.compile(r"/(\d{5,8})\.vnp\Z"),
    "vietnamnet.vn": re.compile(r"-(\d{6,8})\.html\Z"),
    "laodong.vn": re.compile(r"-(\d{6,8})\.ldo\Z"),
    "qdnd.vn": re.compile(r"-(\d{5,8})\Z"),
    "baoquocte.vn": re.compile(r"-(\d{5,8})\.html\Z"),
    "hanoimoi.vn": re.compile(r"-(\d{5,8})\.html\Z"),
    "kienthuc.net.vn": re.compile(r"-(\d{6,8})\.html\Z"),
    "baodautu.vn": re.compile(r"-d(\d{5,8})\.html\Z"),
    "vir.com.vn": re.compile(r"-(\d{5,8})\.html\Z"),
    "voatiengviet.com": re.compile(r"/a/(?:[^/]+/)?(\d{6,9})\.html\Z"),
    "dw.com": re.compile(r"/a-(\d{6,9})\Z"),
    "vietnamnews.vn": re.compile(r"/(\d{6,8})/[^/]+\.html\Z"),
}
_WITHOUT_IDS = frozenset({"vneconomy.vn"})  # slugs only; a number at their end belongs to the headline
_BARE_ID = re.compile(r"-(\d{7,10})\.(?:html?|chn|ldo|vov|tpo)(?:/amp)?/?\Z")
_NORMAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?!\.\.?(?:/|\Z))[A-Za-z0-9._~-]*)+\Z")
_BREAKS = re.compile(r"[\t\r\n\x00]+")  # XML wraps long addresses
_HALVES = re.compile("[\ud800-\udfff]")  # JSON may name half a surrogate pair, and nothing can quote it
_LAST_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{0,2}){1,4}\Z")  # of which a cut may have left a part
_DOUBLED = re.compile(r"\Ahttps?://[^/?#]*?(https?://.+)\Z", re.IGNORECASE)


def normal_url(url: str) -> str:
    """The address without what does not change the article: tracking, fragment, case of scheme and host, dot segments.

    Keeps scheme, `www` and the order of the remaining parameters, so that it still opens. Normalising twice changes
    nothing; what is no http address comes back trimmed. Never raises.
    """
    if len(url) <= MAX_URL_CHARS and _NORMAL.match(url):
        return url  # nine in ten are, and the long way takes 30 µs
    url = _HALVES.sub("\ufffd", _BREAKS.sub("", url)).strip()
    if doubled := _DOUBLED.match(url):
        url = doubled[1]  # Báo Xây dựng writes https://baoxaydung.vnhttps://batdongsan.baoxaydung.vn/…
    normal = _normal(url[:MAX_URL_CHARS])
    if normal is not None and len(normal) > MAX_URL_CHARS:  # an escape is three times its letter
        normal = _normal(_LAST_ESCAPES.sub("", normal[:MAX_URL_CHARS]))
    return url if normal is None else normal


def _normal(url: str) -> str | None:
    """The normal form of an address of the web; None of any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in {"http", "https"} or not host:
        return None
    if ":" in host:
        host = f"[{host}]"
    if port and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, _path(parts.path), _query(parts.query), ""))


def _path(path: str) -> str:
    # quoted once and alike, whatever mixture the feed had; a literal %2F stays what it is
    pieces = [quote(unquote(piece), safe="!$&'()*+,;=:@~-._") for piece in path.split("/")]
    kept: list[str] = []
    for piece in pieces:
        if piece == "..":
            if len(kept) > 1:
                kept.pop()
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept) or "/"


def _query(query: str) -> str:
    pieces = query.replace("&amp;", "&").replace(" ", "%20").split("&")
    kept = (piece for piece in pieces if piece and not _is_tracking(unquote(piece.partition("=")[0]).lower()))
    return "&".join(kept).rstrip()  # a no-break blank that stood before what was tracking


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def article_key(url: str, guid: str, title: str, day: date | None, *, home: str = "") -> str:
    """What identifies an article: "<outlet's host>:<its article id>", else the address, the guid, or title and day.

    All sections, feeds, mobile pages and retitled addresses of one outlet give one key. `home` is the feed's own
    address: it names the outlet where the item has no link. Never raises and never gives an empty key.
    """
    link = normal_url(url)
    for address in (link, normal_url(guid)):
        if found := _outlet_id(address):
            return found
    if wordpress := _wordpress_id(guid):
        return wordpress
    if identifying := _plain_address(link):
        return _short(identifying)
    outlet = _outlet(_host(home) or _host(link)) or "-"
    if guid.strip():
        return _short(_plain_address(normal_url(guid)) or f"{outlet}:guid:{guid.strip()}")
    words = " ".join(title.casefold().split())
    return f"{outlet}:title:{_content_hash(words)}:{day.isoformat() if day else ''}"


def house_of(address: str) -> str:
    """The registered name behind an address: all hosts of a newspaper have one. Empty for what is no address."""
    host = _host(normal_url(address))
    return _registered(host) if host else ""


def outlet_of(address: str) -> str:
    """What the keys of an outlet's articles begin with; empty for what is no address."""
    return _outlet(_host(normal_url(address)))


def same_pages(url: str) -> tuple[str, ...]:
    """The addresses under which a feed may list the page of `url`: with and without `www`, `m`, a closing slash."""
    normal = normal_url(url)
    parts = urlsplit(normal)
    if not _host(normal):
        return (normal,)
    bare = _without_neutral((parts.hostname or "").split("."))
    port = f":{parts.port}" if parts.port else ""
    path = re.sub(r"/amp/?\Z", "", parts.path).rstrip("/")
    found = {
        urlunsplit((scheme, f"{label}{bare}{port}", f"{path}{end}", parts.query, ""))
        for scheme in ("https", "http")
        for label in ("", "www.", "m.")
        for end in ("", "/")
    }
    return (normal, *sorted(found - {normal}))


def _outlet_id(address: str) -> str:
    host = _host(address)
    if not host:
        return ""
    path = urlsplit(address).path.lower()
    domain = _registered(host)
    if match := _LONG_ID.search(path):
        return f"{domain}:{match[1]}"  # a time stamp to the millisecond: safe across a house's subdomains
    number = "" if domain in _WITHOUT_IDS else _number_of(path, domain)
    return f"{_outlet(host)}:{number}" if number else ""


def _number_of(path: str, domain: str) -> str:
    """The article's own number in the path, by its outlet's habit, else by a mark before it, else bare at the end."""
    pattern = _BY_HOST.get(domain)
    if pattern is not None and (match := pattern.search(path)):
        return next(group for group in match.groups() if group)
    if match := _MARKED_ID.search(path):
        return match[1]
    bare = _BARE_ID.search(path) if pattern is None else None
    return bare[1] if bare and not _is_plain_number(bare[1]) else ""


def _is_plain_number(digits: str) -> bool:
    """A day or a round sum that closes a headline ("…-ngay-20260813", "…-10000000"), not an article's number."""
    if digits.endswith("000"):
        return True
    return len(digits) == 8 and any(
        1990 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31
        for year, month, day in (
            (int(digits[:4]), int(digits[4:6]), int(digits[6:])),
            (int(digits[4:]), int(digits[2:4]), int(digits[:2])),
        )
    )


def _wordpress_id(guid: str) -> str:
    # WordPress writes https://host/?p=123 as guid and keeps it when the address follows a new headline
    host = _host(guid)
    if not host:
        return ""
    parts = urlsplit(guid.strip())
    number = dict(parse_qsl(parts.query)).get("p", "")
    return f"{_outlet(host)}:p{number}" if number.isdecimal() and parts.path in {"", "/"} else ""


def _plain_address(link: str) -> str:
    """Host, path and query of an address that names one page; empty for a front page, which names none."""
    host = _host(link)
    if not host:
        return ""
    parts = urlsplit(link)
    path = re.sub(r"/amp/?\Z", "", parts.path).rstrip("/")
    if not path and not parts.query:
        return ""
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{_outlet(host)}{path}" + (f"?{query}" if query else "")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "").rstrip(".") if parts.scheme.lower() in {"http", "https"} else ""
    except ValueError:
        return ""


def _registered(host: str) -> str:
    """The name that was registered: dantri.com.vn of www.dantri.com.vn, baoxaydung.vn of xe.baoxaydung.vn."""
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdecimal():
        return _ONE_HOUSE.get(host, host)
    size = 3 if labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    name = ".".join(labels[-size:])
    return _ONE_HOUSE.get(name, name)


def _outlet(host: str) -> str:
    """The host as identity: neutral first labels go, an edition in another language is an outlet of its own."""
    labels = host.split(".")
    if not host or labels[-1].isdecimal():
        return host
    domain = _registered(host)
    if domain not in _BY_HOST and domain not in _ONE_HOUSE.values():
        return _without_neutral(labels)  # of a house we do not know, each subdomain may number its articles alone
    edition = next((label for label in labels if label in _EDITIONS), "")
    return f"{edition}.{domain}" if edition and edition != domain.split(".")[0] else domain


def _without_neutral(labels: list[str]) -> str:
    while len(labels) > 2 and labels[0] in _NEUTRAL:
        labels = labels[1:]
    return ".".join(labels)


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY_CHARS else f"{key[: MAX_KEY_CHARS - 70]}#{_content_hash(key)}"


def _content_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
