"""A message's HTML in the forms that other services than Telegram take: a subject, plain text, Markdown, a web page's.

Pure. Knows no service and no address.
"""

import re

from monitor.notify.html import cut, one_line, plain
from monitor.notify.html_runs import runs_of

SUBJECT_UNITS = 200  # of a mail; what is longer, no list of mails shows
_MARKDOWN = {"b": "**", "i": "_", "code": "`"}
_OPENING = re.compile("^(?:[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?\\s*)+")  # what a message begins with: 🔔, ↪️, 🗞
_IS_TITLE = re.compile(r"<b>(<a href=\"[^\"]*\">)?[^\n]*</b>$")  # the second line of an alert
_MARKS = re.compile(r"([\\`*_\[\]])")


def subject_of(html: str) -> str:
    """What the message is about, on one line: an alert's names and title, else its first line. Never empty."""
    first, *more = html.split("\n")
    head = _OPENING.sub("", one_line(plain(first)))
    title = one_line(plain(more[0])) if _is_alert(html) else ""
    return cut(": ".join(filter(None, (head, title))), SUBJECT_UNITS) or one_line(plain(first)) or "…"


def text_of(html: str) -> str:
    """The message as plain text: the address of a link on a line of its own."""
    lines = []
    for line in html.split("\n"):
        addresses = dict.fromkeys(f"  {address}" for _, _, address in runs_of(line) if address)
        lines += [plain(line).rstrip(), *addresses]
    return "\n".join(lines).strip()


def short_text_of(html: str) -> str:
    """The message as plain text below its own subject: an alert without the two lines that the subject says already."""
    if not _is_alert(html):
        return text_of(html)
    _, title, *more = html.split("\n")
    addresses = [address for _, _, address in runs_of(title) if address]
    return "\n".join(filter(None, (text_of("\n".join(more)), *addresses))) or text_of(html)


def markdown_of(html: str) -> str:
    """The message as Markdown."""
    return "  \n".join("".join(_marked(*run) for run in runs_of(line)) for line in html.split("\n"))


def page_of(html: str) -> str:
    """The message as a browser or a mail program shows it: Telegram's tags are theirs, its line ends are not."""
    return html.replace("\n", "<br>\n")


def _is_alert(html: str) -> bool:
    """Whether it is laid out as an alert: a sign with names, then a title in bold."""
    lines = html.split("\n", 2)
    return len(lines) > 1 and lines[0].startswith(("🔔", "↪️")) and bool(_IS_TITLE.match(lines[1]))


def _marked(text: str, tags: tuple[str, ...], address: str) -> str:
    bare = text.strip()
    if not bare:
        return text
    marked = _MARKS.sub(r"\\\1", bare)
    if address:
        marked = f"[{marked}]({address.replace(')', '%29')})"
    for tag in tags:
        if sign := _MARKDOWN.get(tag):
            marked = f"{sign}{marked}{sign}"
    return text.replace(bare, marked, 1)
