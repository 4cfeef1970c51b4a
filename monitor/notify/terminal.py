"""Shows messages in a terminal as Telegram would show them: for a monitor without a token, and for the demo.

Writes to the stream it is given and to nothing else. Colour, links and bold only for a terminal, and without NO_COLOR
(no-color.org); anything else gets plain text, with the address of a link on a line of its own.
"""

import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from monitor.errors import SenderBroken
from monitor.notify.html_runs import runs_of
from monitor.types import Message, Outcome, Refused, Sent

if TYPE_CHECKING:
    from rich.text import Text

REMEMBERED = 500  # messages whose text is kept to show what an edit changed
_STYLES = {"b": "bold", "i": "italic dim", "a": "blue", "code": "cyan"}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # would move the cursor or worse

StyledRun = tuple[str, str, str]  # text, style, address


class TerminalSender:
    """The Sender of a terminal. Messages are numbered from `first_id`, so that a restart can go on where it was.

    `colour` None looks at the stream and at NO_COLOR. Raises SenderBroken when the stream is gone.
    """

    def __init__(self, stream: TextIO, *, first_id: int = 1, colour: bool | None = None) -> None:
        self._stream = stream
        self._next_id = first_id
        self._colour = stream.isatty() and not os.environ.get("NO_COLOR") if colour is None else colour
        self._shown: OrderedDict[int, list[list[StyledRun]]] = OrderedDict()

    async def send(self, message: Message) -> Outcome:
        """Print a message, or of an edit the lines that changed."""
        lines = list(_lines(message.html))
        if message.edits is not None:
            if message.edits < 1:
                return Refused("message to edit not found")
            number = message.edits
            self._print_edit(number, lines)
        else:
            number = self._next_id
            self._next_id += 1
            self._print_new(number, lines, message)
        self._shown[number] = lines
        while len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        return Sent(number)

    async def probe(self) -> str:
        """Nothing: a terminal that is gone raises when it is written to."""
        return ""

    def _print_new(self, number: int, lines: list[list[StyledRun]], message: Message) -> None:
        if message.reply_to is not None:
            lines = [[(f"↳ #{message.reply_to} ", "dim", ""), *lines[0]], *lines[1:]]
        if message.picture is not None and message.drawn_by:
            lines = [*lines, [("🖼 ", "", ""), (message.drawn_by, "cyan", "")]]
        labels: list[StyledRun] = [(f"[{each.label}]", "cyan", "") for row in message.buttons for each in row]
        foot = [run for label in labels for run in (label, (" ", "", ""))]
        self._print([*lines, [*foot, (f"#{number}", "dim", "")], []])

    def _print_edit(self, number: int, lines: list[list[StyledRun]]) -> None:
        before = self._shown.get(number)
        # of an alert before the restart nothing is known any more: its last line is what an edit changes
        changed = [line for line in lines if line not in before] if before is not None else lines[-1:]
        if changed:
            head: StyledRun = (f"✎ #{number} ", "yellow", "")
            self._print([[head, *changed[0]], *changed[1:], []])

    def _print(self, lines: list[list[StyledRun]]) -> None:
        try:
            if self._colour:
                self._print_rich(lines)
            else:
                self._write("".join(f"{line}\n" for each in lines for line in _plain(each)))
            self._stream.flush()
        except (OSError, SystemExit) as gone:  # rich ends the program when its pipe is closed
            raise SenderBroken(f"the terminal is gone: {gone}") from gone

    def _print_rich(self, lines: list[list[StyledRun]]) -> None:
        from rich.console import Console

        console = Console(file=self._stream, force_terminal=True, highlight=False, emoji=False, markup=False)
        for line in lines:
            console.print(_rich(line))

    def _write(self, text: str) -> None:
        # a pipe may be in ASCII: a question mark for a letter is better than no news
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))


def _lines(html: str) -> Iterator[list[StyledRun]]:
    """The runs of `html`, line by line."""
    line: list[StyledRun] = []
    for text, tags, address in runs_of(html):
        style = " ".join(_STYLES[tag] for tag in reversed(tags) if tag in _STYLES)
        first, *more = _CONTROLS.sub(" ", text).split("\n")
        line.append((first, style, address))
        for part in more:
            yield line
            line = [(part, style, address)]
    yield line


def _plain(line: list[StyledRun]) -> Iterator[str]:
    yield "".join(text for text, _, _ in line).rstrip()
    yield from dict.fromkeys(f"  {address}" for _, _, address in line if address)


def _rich(line: list[StyledRun]) -> "Text":
    from rich.style import Style
    from rich.text import Text

    text = Text()
    for part, style, address in line:
        text.append(part, Style.parse(style) + Style(link=address or None))
    return text
