"""A feed that names a file of ours, or an address in our network, as an entity: neither is opened."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds.parse import parse_feed
from monitor.types import Failed, Feed, FeedId

SECRET = "noi-dung-cua-mot-tep-rieng"
FEED = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss")


def said_by(declaration: str) -> str:
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [{declaration}]><rss version="2.0"><channel><title>&x;</title>'
        "<item><title>Tuyến phà mới &x;</title><link>https://ben-song.example/1.html</link>"
        "<description>&x;</description></item></channel></rss>"
    )
    read = parse_feed(
        body.encode(), feed=FEED, url=FEED.url, content_type="text/xml", seen_at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    return read.why if isinstance(read, Failed) else repr(read)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file://{path}">',
        '<!ENTITY x PUBLIC "-//X//EN" "file://{path}">',
        '<!ENTITY % load SYSTEM "file://{path}"> %load; <!ENTITY x "y">',
    ],
)
def test_no_file_of_ours_is_read_into_an_entry(tmp_path: Path, declaration: str) -> None:
    (tmp_path / "secret").write_text(SECRET)
    said = said_by(declaration.format(path=tmp_path / "secret"))
    assert SECRET not in said
    assert "Tuyến phà mới" in said


def test_no_address_is_asked_for_an_entity() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        for declaration in ('<!ENTITY x SYSTEM "{}">', '<!ENTITY % load SYSTEM "{}"> %load; <!ENTITY x "y">'):
            assert "Tuyến phà mới" in said_by(declaration.format(f"http://127.0.0.1:{port}/x"))
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody stands in the queue
            listening.accept()
