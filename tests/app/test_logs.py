"""Lines readable by a person or a machine, and never with the token in them."""

import io
import json
import logging

import structlog

from monitor.app.logs import HIDDEN, configure_logs
from monitor.app.observers import log_event
from monitor.pipeline.detect import Parked
from monitor.types import Item, ItemId
from tests.app.conftest import Lines

TOKEN = "70001:" + "s" * 35
ITEM = Item(ItemId("7"), "Bến Sông", "Tuyến phà mới")


def test_the_token_is_cut_out_of_every_line_of_every_library(lines: Lines) -> None:
    log = structlog.stdlib.get_logger("monitor.test")
    url = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    log.error("failed", url=url, error=RuntimeError(url), many=[url], deep={"a": (url,)})
    logging.getLogger("httpx").warning("HTTP Request: POST %s", url)
    logging.getLogger("other").error(f"text {url}")
    try:
        raise RuntimeError(url)
    except RuntimeError:
        log.exception("crashed")
        logging.getLogger("other").exception("crashed")
    written = lines()
    assert len(written) == 5
    assert [HIDDEN in json.dumps(line, ensure_ascii=False) for line in written] == [True] * 5
    assert TOKEN not in json.dumps(written)


def test_a_secret_of_any_form_is_hidden_when_it_is_known(lines: Lines) -> None:
    out = io.StringIO()
    configure_logs("json", out, secrets=["short+token", ""])
    logging.getLogger("x").error("POST /botshort+token/x %s", {"a": "short+token"})
    assert "short+token" not in out.getvalue()
    assert out.getvalue().count(HIDDEN) == 2


def test_links_to_the_page_are_cut_out_of_what_others_say(lines: Lines) -> None:
    log, secret = structlog.stdlib.get_logger("monitor.test"), "k" * 43
    link, feed = f"https://tin.example/login?token={secret}&next=/", f"/watches/putin/feed.xml?key={secret}"
    log.warning("answer not delivered", why=f"inline keyboard button URL '{link}' is invalid: Wrong HTTP URL")
    logging.getLogger("aiohttp.server").error("Error handling request GET %s", feed)
    log.error("failed", deep={"a": (link,)}, many=[feed])
    written = json.dumps(lines())
    assert secret not in written
    assert written.count(HIDDEN) == 4
    assert "is invalid: Wrong HTTP URL" in written


def test_chatty_libraries_speak_only_of_trouble(lines: Lines) -> None:
    for name in ("httpx", "apscheduler", "telegram.ext", "alembic.runtime", "watchfiles.main"):
        logging.getLogger(name).info("hello")
    assert lines() == []


def test_the_console_shows_the_same_to_a_person_without_colours_in_a_file(lines: Lines) -> None:
    out = io.StringIO()
    configure_logs("console", out)
    log_event(Parked(ITEM, f"KeyError {TOKEN}"))
    assert "parked" in out.getvalue()
    assert "why='KeyError <token>'" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert lines() == []
