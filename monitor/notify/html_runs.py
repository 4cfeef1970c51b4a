"""A message's HTML as runs of equally tagged text, for whatever is no Telegram: a terminal, mail, plain text.

Knows no form and no colour.
"""

from html.parser import HTMLParser

Run = tuple[str, tuple[str, ...], str]  # text, tags around it from the inside out, address


def runs_of(html: str) -> list[Run]:
    """The runs of some HTML, in order."""
    reader = _RunReader()
    reader.feed(html)
    reader.close()
    return reader.runs


class _RunReader(HTMLParser):
    """Collects the runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        tags = tuple(tag for tag, _ in reversed(self._open))
        self.runs.append((data, tags, next((href for _, href in self._open if href), "")))
