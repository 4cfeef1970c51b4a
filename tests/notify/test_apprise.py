"""Messages to places outside Telegram, by Apprise, to servers on loopback: what arrives, and what is said of it."""

import asyncio
import base64
import logging
from datetime import UTC, datetime, timedelta

import pytest

from monitor.notify.apprise import ChannelSender, host_of, trouble_with
from monitor.notify.apprise_outcomes import FIRST_WAIT, LONGEST_WAIT, wait_after
from monitor.types import Address, Channel, Later, Message, Outcome, Reach, Refused, Sent, Target, Unknown
from tests.sinks import mail_sink, web_sink

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
WHERE = Address(-(2**52) - 5)
SECRET = "mat-khau-rat-dai"
ALERT = (
    "🔔 <b>Vladimir Putin</b> · <b>Tập Cận Bình</b>\n"
    '<b><a href="https://bao-mau.example/a?x=1&amp;y=2">Điện đàm về hạt nhân &amp; khí đốt</a></b>\n'
    "<b>Putin</b> điện đàm tối nay.\n"
    "<i>Báo Mẫu · 14:05</i>\n"
    '➕ <a href="https://bao-mau.example/b">Tin liên quan</a> <i>(Bến Sông)</i>'
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def sender_to(url: str, send_within: timedelta = timedelta(seconds=30)) -> ChannelSender:
    channel = Channel("mot", url, (Target("*"),))
    return ChannelSender(lambda: {WHERE: channel}, clock=lambda: NOW, send_within=send_within)


def mail_to(port: int) -> str:
    return f"mailto://127.0.0.1:{port}/?from=tin@bao-mau.example&to=ban@bao-mau.example&cto=0.5"


async def sent(url: str, html: str = ALERT, **more: int | bytes) -> Outcome:
    message = Message(WHERE, html, **more)  # type: ignore[arg-type]
    return await sender_to(url).send(message)


# ---------------------------------------------------------------- what arrives


async def test_a_mail_is_html_with_names_and_title_as_its_subject() -> None:
    async with mail_sink() as sink:
        assert await sent(mail_to(sink.port)) == Sent(1)
    (mail,) = sink.taken
    assert mail["Subject"] == "Vladimir Putin · Tập Cận Bình: Điện đàm về hạt nhân & khí đốt"
    assert (mail["To"], mail["X-Application"]) == ("ban@bao-mau.example", "vn-news-monitor")
    body = mail.get_body(("html",))
    assert body is not None
    text = body.get_content()
    assert '<a href="https://bao-mau.example/a?x=1&amp;y=2">' in text
    assert "<i>Báo Mẫu · 14:05</i><br>" in text


async def test_a_picture_goes_along_as_an_attachment() -> None:
    async with mail_sink() as sink:
        assert await sent(mail_to(sink.port), picture=PNG) == Sent(1)
    (picture,) = sink.taken[0].iter_attachments()
    assert (picture.get_content_type(), picture.get_payload(decode=True)) == ("image/png", PNG)


async def test_ntfy_gets_the_title_and_plain_text_with_addresses_and_no_picture_from_elsewhere() -> None:
    async with web_sink() as sink:
        assert await sent(f"ntfy://127.0.0.1:{sink.port}/tin") == Sent(1)
    (note,) = sink.taken
    assert note["topic"] == "tin"
    assert note["title"] == "Vladimir Putin · Tập Cận Bình: Điện đàm về hạt nhân & khí đốt"
    assert note["message"] == (
        "Putin điện đàm tối nay.\nBáo Mẫu · 14:05\n➕ Tin liên quan (Bến Sông)\n  https://bao-mau.example/b\n"
        "https://bao-mau.example/a?x=1&y=2"
    )


async def test_a_webhook_gets_text_or_the_form_that_its_address_asks_for() -> None:
    async with web_sink() as sink:
        for form in ("", "?format=markdown", "?format=html"):
            assert await sent(f"json://127.0.0.1:{sink.port}/hook{form}") == Sent(1)
    text, markdown, html = (each["message"] for each in sink.taken)
    assert text.endswith("https://bao-mau.example/a?x=1&y=2")
    assert "**[Điện đàm về hạt nhân & khí đốt](https://bao-mau.example/a?x=1&y=2)**" in markdown
    assert '<a href="https://bao-mau.example/b">' in html


@pytest.mark.parametrize("html", ["⚠️ Nguồn hỏng", "&lt;b&gt; &amp; \u200b\u202e", "🗞 <b>2 tin</b>\n• a\n• b"])
async def test_whatever_is_said_has_a_title_and_a_body(html: str) -> None:
    async with web_sink() as sink:
        assert await sent(f"json://127.0.0.1:{sink.port}/", html) == Sent(1)
    assert sink.taken[0]["title"]
    assert sink.taken[0]["message"]


# ---------------------------------------------------------------- what is said of it


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 no such user"}, Later(NOW + FIRST_WAIT, "the mail server refused the recipient: 550")),
        ({"RCPT": "450 greylisted"}, Later(NOW + FIRST_WAIT, "the mail server refused the recipient: 450")),
        ({"MAIL": "530 log in"}, Later(NOW + FIRST_WAIT, "the mail server refused the sender: 530")),
        ({"HELLO": "554 not you"}, Later(NOW + FIRST_WAIT, "the mail server: SMTPConnectError")),
        ({"MAIL": ""}, Later(NOW + FIRST_WAIT, "the mail server: SMTPServerDisconnected")),
        ({"HELLO": "hang"}, Later(NOW + FIRST_WAIT, "the mail server: SMTPServerDisconnected")),
        ({"TAKEN": "554 looks like spam"}, Refused("the mail server refused the message: 554")),
        ({"TAKEN": "452 disk full"}, Later(NOW + FIRST_WAIT, "the mail server refused the message: 452")),
        ({"TAKEN": ""}, Unknown("the mail server: SMTPServerDisconnected", reach=Reach.CHAT)),
        ({"TAKEN": "hang"}, Unknown("the mail server: SMTPServerDisconnected", reach=Reach.CHAT)),
    ],
)
async def test_what_a_mail_server_does_decides_whether_it_may_have_arrived(
    answers: dict[str, str], expected: Outcome
) -> None:
    async with mail_sink(**answers) as sink:
        assert await sent(mail_to(sink.port)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, Later(NOW + FIRST_WAIT, "HTTP 403")),
        (404, Later(NOW + FIRST_WAIT, "HTTP 404")),
        (429, Later(NOW + FIRST_WAIT, "HTTP 429")),
        (503, Later(NOW + FIRST_WAIT, "HTTP 503")),
        (413, Refused("HTTP 413")),
        (502, Unknown("HTTP 502", reach=Reach.CHAT)),
        (0, Unknown("no answer: ConnectionError", reach=Reach.CHAT)),
    ],
)
async def test_what_a_web_server_answers_decides_whether_it_may_have_arrived(status: int, expected: Outcome) -> None:
    async with web_sink(status) as sink:
        assert await sent(f"json://u:{SECRET}@127.0.0.1:{sink.port}/{SECRET}") == expected


async def test_a_server_that_answers_too_late_may_have_the_message() -> None:
    async with web_sink("hang") as sink:
        outcome = await sent(f"json://127.0.0.1:{sink.port}/?rto=0.2")
        assert outcome == Unknown("no answer: ReadTimeout", reach=Reach.CHAT)


async def test_what_never_left_is_tried_later_and_later(unused_tcp_port: int) -> None:
    sender = sender_to(f"json://127.0.0.1:{unused_tcp_port}/")
    outcomes = [await sender.send(Message(WHERE, ALERT)) for _ in range(3)]
    assert outcomes == [Later(NOW + FIRST_WAIT * 2**n, "no answer: ConnectionError") for n in range(3)]
    assert wait_after(50) == LONGEST_WAIT


async def test_a_message_that_hangs_holds_up_its_own_channel_and_never_the_loop() -> None:
    async with web_sink("hang") as sink:
        sender = sender_to(f"json://127.0.0.1:{sink.port}/?rto=20", timedelta(milliseconds=300))
        first = asyncio.create_task(sender.send(Message(WHERE, ALERT)))
        await sink.arrived.wait()  # the loop goes on meanwhile: the sink lives in it
        assert await first == Unknown("no end after 0 s", reach=Reach.CHAT)
        again = await sender.send(Message(WHERE, ALERT))
        assert again == Later(NOW + FIRST_WAIT, "the message before this one still hangs")
    assert len(sink.taken) == 1


async def test_an_edit_and_a_channel_that_is_gone_are_refused() -> None:
    sender = sender_to("json://127.0.0.1:9/")
    assert await sender.send(Message(WHERE, ALERT, edits=1)) == Refused("a channel cannot change what was sent")
    gone = await sender.send(Message(Address(-(2**52) - 6), ALERT))
    assert gone == Refused("its channel is not in channels.yaml any more", reach=Reach.CHAT)
    assert await sender.probe() == ""


# ---------------------------------------------------------------- addresses


def test_an_address_is_judged_without_being_quoted() -> None:
    assert trouble_with(f"json://u:{SECRET}@127.0.0.1/") == ""
    for url in (
        f"nosuch://{SECRET}",
        f"mailto://{SECRET}",
        f"mailto://u:{SECRET}@b.example?to=c@d.example,e@f.example",
    ):
        assert trouble_with(url)
        assert SECRET not in trouble_with(url)


def test_the_host_of_an_address_is_known_where_there_is_one() -> None:
    assert host_of("json://127.0.0.1:8080/x") == ("127.0.0.1", 8080)
    assert host_of(mail_to(2525)) == ("127.0.0.1", 2525)
    assert host_of("jsons://bao-mau.example/x") == ("bao-mau.example", 443)
    for without in ("nosuch://x", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "ntfy://tin"):
        assert host_of(without) == ("", 0)


async def test_nothing_that_is_logged_or_told_holds_a_password(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    urls = (
        f"json://u:{SECRET}@127.0.0.1:{unused_tcp_port}/{SECRET}?-key={SECRET}",
        f"ntfy://u:{SECRET}@127.0.0.1:{unused_tcp_port}/{SECRET}",
        f"mailto://u:{SECRET}@127.0.0.1:{unused_tcp_port}/?from=a@b.example&to=c@d.example",
    )
    said = [repr(await sent(url)) for url in urls]
    async with mail_sink(AUTH="535 wrong", EHLO="250-sink\r\n250 AUTH PLAIN LOGIN") as sink:
        url = f"mailto://u:{SECRET}@127.0.0.1:{sink.port}/?from=a@b.example&to=c@d.example"
        said.append(repr(await sent(url)))
    assert "refused the password: 535" in said[-1]
    assert not [text for text in (*said, caplog.text) if SECRET in text]
