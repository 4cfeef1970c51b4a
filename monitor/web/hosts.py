"""Under which names the HTTP server answers: a browser that was lured to it comes under another one.

Pure. A page of a stranger may give its own name our address (DNS rebinding) and then read what we answer; the browser
still says the stranger's name in Host. Such a name has dots and is no number: a name without dots belongs to the
machine or the network that we stand in (localhost, a service of Compose), and an address cannot be bent.
"""

from collections.abc import Collection
from ipaddress import ip_address


def host_of(header: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    if header.startswith("["):
        return header[1:].partition("]")[0].casefold()
    return header.partition(":")[0].casefold().removesuffix(".")


def is_ours(header: str | None, own: Collection[str]) -> bool:
    """Whether we answer under this Host header. None: an HTTP/1.0 check that names no host, which no browser is."""
    if header is None:
        return True
    host = host_of(header.strip())
    if host in own or host.endswith(".localhost"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return bool(host) and "." not in host and ":" not in host
    return True
