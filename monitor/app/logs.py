"""Log lines to stderr, for a person (console) or a machine (json).

Decides no level by module, and not what is worth a line: that is for app/observers.py. The bot's token is cut out of
every line, also of other libraries' lines, because httpx writes URLs and Telegram's URLs hold the token; so are tokens
and keys of the web page.
"""

import logging
import re
import sys
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, Literal, TextIO

import structlog

# The form of a bot token, also right behind the "bot" of Telegram's URLs, and with the colon escaped
TOKEN = re.compile(r"(?<!\d)\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
# What lets a browser or a feed reader in stands in addresses of our own page, which somebody else's error may quote
ADMITTING = re.compile(r"(?<=[?&])(?:token|key)=[^\s&\"'<>\\]{16,}")
HIDDEN = "<token>"


def configure_logs(
    form: Literal["console", "json"],
    stream: TextIO | None = None,
    *,
    level: int = logging.INFO,
    secrets: Collection[str] = (),
) -> None:
    """Send structlog's and the standard library's lines through one pipe to `stream` (stderr when None).

    Bot tokens are hidden by their form, `secrets` whatever their form.
    """
    out = sys.stderr if stream is None else stream
    hide_token = _hiding(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_token,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: Any
    if form == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        last = structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=12)
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_token, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "apscheduler", "telegram", "trafilatura", "watchfiles", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # a traceback for each connection that breaks while it is being put away: what was asked on it says so in a line
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


def _hiding(secrets: Collection[str]) -> Callable[[object, str, MutableMapping[str, Any]], MutableMapping[str, Any]]:
    """A processor that cuts tokens and `secrets` out of every text of a line."""
    known = [re.escape(secret) for secret in secrets if secret]
    hidden = re.compile("|".join([*known, TOKEN.pattern, ADMITTING.pattern]), re.IGNORECASE)

    def hide(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = hidden.sub(HIDDEN, value)
            elif not isinstance(value, int | float | None) and hidden.search(text := repr(value)):
                event[key] = hidden.sub(HIDDEN, text)
        return event

    return hide
