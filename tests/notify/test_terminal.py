import io
from dataclasses import replace

import pytest

from monitor.errors import SenderBroken
from monitor.notify.terminal import TerminalSender
from monitor.types import TERMINAL, Button, Message, Sent

ALERT = Message(
    TERMINAL,
    '🔔 <b>Tô Lâm</b>\n<b><a href="https://a.example/?x=1&amp;y=2">Khai mạc &lt;hội nghị&gt;</a></b>\n'
    "Ông <b>Tô Lâm</b> phát biểu.\n<i>Báo Sông · 14:05</i>",
    buttons=((Button("Vì sao?", "why:1"), Button("Tạm im chuyện này", "mute:1")),),
)
LATER = replace(ALERT, html=ALERT.html.replace("14:05", "14:05 · +1 báo: Báo Núi"), edits=1)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


async def test_a_pipe_gets_plain_text_with_the_address() -> None:
    pipe = io.StringIO()
    assert await TerminalSender(pipe).send(ALERT) == Sent(1)
    assert pipe.getvalue() == (
        "🔔 Tô Lâm\n"
        "Khai mạc <hội nghị>\n"
        "  https://a.example/?x=1&y=2\n"
        "Ông Tô Lâm phát biểu.\n"
        "Báo Sông · 14:05\n"
        "[Vì sao?] [Tạm im chuyện này] #1\n"
        "\n"
    )


async def test_a_terminal_gets_bold_names_and_a_link() -> None:
    screen = Screen()
    await TerminalSender(screen).send(ALERT)
    shown = screen.getvalue()
    assert "\x1b[1mTô Lâm\x1b[0m" in shown
    assert ";https://a.example/?x=1&y=2\x1b\\" in shown
    assert "[Vì sao?]" in shown


async def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    await TerminalSender(screen).send(ALERT)
    assert "\x1b" not in screen.getvalue()


async def test_an_edit_shows_only_what_changed() -> None:
    pipe = io.StringIO()
    sender = TerminalSender(pipe)
    await sender.send(ALERT)
    pipe.truncate(0)
    pipe.seek(0)
    assert await sender.send(LATER) == Sent(1)
    assert await sender.send(LATER) == Sent(1)
    assert pipe.getvalue() == "✎ #1 Báo Sông · 14:05 · +1 báo: Báo Núi\n\n"


async def test_an_edit_of_a_message_from_before_the_restart_shows_its_last_line() -> None:
    pipe = io.StringIO()
    assert await TerminalSender(pipe, first_id=8).send(LATER) == Sent(1)
    assert pipe.getvalue() == "✎ #1 Báo Sông · 14:05 · +1 báo: Báo Núi\n\n"


async def test_numbers_go_on_where_they_were_and_a_reply_names_its_message() -> None:
    pipe = io.StringIO()
    sender = TerminalSender(pipe, first_id=8)
    assert [await sender.send(ALERT), await sender.send(replace(ALERT, reply_to=8))] == [Sent(8), Sent(9)]
    assert "\n↳ #8 🔔 Tô Lâm\n" in pipe.getvalue()


async def test_a_text_cannot_move_the_cursor() -> None:
    for stream in (Screen(), io.StringIO()):
        await TerminalSender(stream).send(replace(ALERT, html="a\x1b[2Jb\x07c\x9bd", buttons=()))
        assert "a [2Jb c d" in stream.getvalue()


async def test_a_pipe_in_another_encoding_gets_what_it_can_hold() -> None:
    raw = io.BytesIO()
    pipe = io.TextIOWrapper(raw, encoding="ascii")
    await TerminalSender(pipe).send(replace(ALERT, html="Tô Lâm", buttons=()))
    assert raw.getvalue() == b"T? L?m\n#1\n\n"


async def test_a_terminal_that_is_gone_stops_the_sender_loudly() -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError("gone")

    with pytest.raises(SenderBroken):
        await TerminalSender(Gone()).send(ALERT)


async def test_a_picture_is_its_caption_and_the_command_that_draws_it() -> None:
    pipe = io.StringIO()
    command = "monitor chart trend putin --out picture.png"
    picture = Message(TERMINAL, "<b>Putin</b>: 124 tin", picture=b"PNG", drawn_by=command)
    assert await TerminalSender(pipe).send(picture) == Sent(1)
    assert pipe.getvalue() == f"Putin: 124 tin\n🖼 {command}\n#1\n\n"
