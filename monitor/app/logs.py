"""One line an outcome, to stderr, for a person (console) or a machine (json).

Decides no level by module: what a line says is in its fields. The bot's token is cut out of every line, also of
other libraries' lines, because httpx writes URLs and Telegram's URLs hold the token.
"""

import logging
import re
import sys
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, Literal, TextIO, assert_never

import structlog

from monitor.app.events import ArticleRead, JobFailed, Reloaded, ServiceEvent, Swept
from monitor.pipeline.abstract import AbstractDone
from monitor.pipeline.deliver import Delivered
from monitor.pipeline.detect import Detected, Parked
from monitor.pipeline.poll import Polled
from monitor.pipeline.recheck import Rechecked
from monitor.stories.grouping.review import Merge, Split
from monitor.stories.summary.factcheck import Unsupported
from monitor.types import Abstract, AlertState, Failed, Fetched, NotModified, Role

# The form of a bot token, also right behind the "bot" of Telegram's URLs, and with the colon escaped
TOKEN = re.compile(r"(?<!\d)\d{3,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
HIDDEN = "<token>"

_log = structlog.stdlib.get_logger("monitor")


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


def _hiding(secrets: Collection[str]) -> Callable[[object, str, MutableMapping[str, Any]], MutableMapping[str, Any]]:
    """A processor that cuts tokens and `secrets` out of every text of a line."""
    known = [re.escape(secret) for secret in secrets if secret]
    hidden = re.compile("|".join([*known, TOKEN.pattern]), re.IGNORECASE)

    def hide(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = hidden.sub(HIDDEN, value)
            elif not isinstance(value, int | float | None) and hidden.search(text := repr(value)):
                event[key] = hidden.sub(HIDDEN, text)
        return event

    return hide


def log_event(event: ServiceEvent) -> None:
    """The observer that writes the log."""
    match event:
        case Polled(feed=feed, result=result, new=new):
            match result:
                case Fetched(entries=entries):
                    changed = {"reworded": len(event.reworded)} if event.reworded else {}
                    _log.info("polled", feed=feed.id, items=len(entries), new=len(new), **changed)
                case NotModified():
                    _log.debug("polled", feed=feed.id, unchanged=True)
                case Failed(kind=kind, why=why):
                    _log.warning("poll_failed", feed=feed.id, kind=kind.value, why=why)
                case _:
                    assert_never(result)
            if event.trouble:
                _log.warning("feed_trouble", feed=feed.id, trouble=event.trouble)
        case Detected(item=item, matches=matches, placement=placement, story_id=story_id, alerts=alerts):
            revision = event.revision
            if isinstance(revision, Merge):
                _log.info("stories_merged", into=revision.into, gone=revision.gone, by=item.id)
            elif isinstance(revision, Split):
                _log.info("story_split", story=revision.story, items=len(revision.items), by=item.id)
            if matches or placement.role is not Role.NEW:
                _log.info(
                    "detected",
                    item=item.id,
                    outlet=item.outlet,
                    story=story_id,
                    role=placement.role.value,
                    watches=[match.watch_id for match in matches],
                    alerts=alerts,
                )
        case Parked(item=item, why=why):
            _log.error("parked", item=item.id, why=why)
        case ArticleRead(item=item, found=found):
            if isinstance(found, Failed):
                _log.info("article_failed", item=item.id, kind=found.kind.value, why=found.why)
            else:
                _log.info("article_read", item=item.id, watches=[match.watch_id for match in found])
        case Rechecked(item=item, seen=seen):
            if event.vanished or event.returned:
                name = "article_gone" if event.vanished else "article_back"
                _log.info(name, item=item.id, outlet=item.outlet, url=item.url, edits=event.edits)
            else:
                _log.debug("page_asked", item=item.id, why=seen.why if isinstance(seen, Failed) else "it stands")
        case AbstractDone(story_id=story_id, result=result, edits=edits):
            match result:
                case Abstract():
                    _log.info("retold", story=story_id, edits=edits)
                case Unsupported():
                    _log.info("retelling_doubted", story=story_id, why=str(result))
                case Failed(kind=kind, why=why):
                    _log.warning("retelling_failed", story=story_id, kind=kind.value, why=why)
                case _:
                    assert_never(result)
        case Delivered(alert=alert, state=state, why=why):
            write = _log.info if state in (AlertState.SENT, AlertState.SKIPPED) else _log.warning
            facts = {"why": why} if why else {}
            write(
                "delivered",
                alert=alert.id,
                kind=alert.kind.value,
                chat=alert.address.chat_id,
                story=alert.story_id,
                state=state.value,
                **facts,
            )
        case Reloaded(version=version, problems=problems):
            if problems:
                _log.error("reload_refused", in_force=version, problems=[str(problem) for problem in problems])
            else:
                _log.info("reloaded", version=version)
        case JobFailed():
            pass  # logged where it was caught, with its traceback
        case Swept(items=items):
            _log.info("swept", items=items)
        case _:
            assert_never(event)
