"""Tells the open internet from what lies behind our own door. Pure: resolves nothing and connects to nothing."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_GLOBAL = ipaddress.IPv6Network("2000::/3")  # all that IANA gives to the open internet lies in it
_RESERVED = (
    ipaddress.IPv6Network("3fff::/20"),  # documentation, RFC 9637: younger than Python's list
    ipaddress.IPv4Network("192.0.0.0/24"),  # RFC 6890; .9 and .10 are the nearest gateway, which Python calls global
)
# IPv6 addresses with one of IPv4 in their last 32 bits, which a gateway on our side may connect to. ipaddress knows the
# mapped ones (::ffff:0:0/96), 6to4 (2002::/16) and Teredo by itself. In local NAT64 (64:ff9b:1::/48, RFC 8215) the
# gateway chooses where it stands, so that nobody here can tell: it lies outside of _GLOBAL, as does all else.
_LAST_BITS = (
    ipaddress.IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # SIIT, RFC 2765
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; what is no address is not.

    An address that carries another one belongs there only if all it carries do.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if carried := tuple(_carried(ip)):
            return all(is_public(str(inner)) for inner in carried)
        if ip not in _GLOBAL:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _RESERVED)


def _carried(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses in one of IPv6."""
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if ip.teredo is not None:
        yield from ip.teredo  # its server and its client
    if any(ip in network for network in _LAST_BITS):
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


def host_of(url: str) -> str:
    """The host of an http address; empty for any other."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def is_internal(host: str) -> bool:
    """A literal address that is not public; names are checked when they are resolved."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)


_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?:[^\s/'\"<>]*@)?(?P<host>\[[^\]\s]*\]|[^\s/:?#'\"<>),]*)", re.I)
_BEHIND = re.compile(r"(https?://[^\s?#'\"<>]*)[?#][^\s'\"<>)]*", re.I)
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39}(?:%\w+)?(?![\w:])", re.I)
_INNER = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa")


def is_inner_name(host: str) -> bool:
    """Whether a host, by its name alone, is none of the open internet: localhost, a bare name, nas.local, 10.0.0.1."""
    host = host.strip("[]").rstrip(".").lower()
    return is_internal(host) or ("." not in host and ":" not in host) or host.endswith(_INNER)


def without_user(url: str) -> str:
    """An address without user and password."""
    return _URL.sub(lambda found: found["scheme"] + found["host"], url)


def discreet(text: str) -> str:
    """A sentence about an address for whoever may read it: without user, password, query and inner hosts in it."""

    def shown(found: re.Match[str]) -> str:
        return found["scheme"] + ("…" if is_inner_name(found["host"]) else found["host"])

    text = _URL.sub(shown, _BEHIND.sub(r"\1?…", text))
    for numbers in (_IPV4, _IPV6):
        text = numbers.sub(lambda found: "…" if is_internal(found[0]) else found[0], text)
    return text
