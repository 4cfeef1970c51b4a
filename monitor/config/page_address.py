"""By which address the web page is reached, as far as the settings say."""

from monitor.config.settings import Settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - no address to go to


def page_address(settings: Settings, port: int | None = None) -> str:
    """What links to it begin with; empty where there is no page, or its port is a free one that is not known.

    `port` is the one that was bound, where that is known.
    """
    port = port or settings.http_port
    if settings.http_port is None:
        return ""
    if settings.web_url:
        return settings.web_url
    host = settings.http_host
    host = f"[{host}]" if ":" in host and host not in EVERYWHERE else EVERYWHERE.get(host, host)
    return f"http://{host}:{port}" if port else ""
