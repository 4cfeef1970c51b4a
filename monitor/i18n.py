"""Words for readers: gettext catalogues, read from their .po files when a language is first spoken; numbers and spans.

Knows no chat and no HTML: whoever puts a value into a message escapes it first. Messages are written in English in the
code, `translator(lang).gettext("Muted: {title}", title=title)`, and likewise in the page's templates; they are
translated in locale/LANG/LC_MESSAGES/monitor.po. A text that is translated later than it is written is wrapped in
`translatable()` so that the extraction sees it.

After writing a new message: `python -m monitor.i18n update` brings the template and both catalogues up to date and
names what still waits for a translation; fill in the `msgstr` there. tests/test_i18n.py fails until that is done.
"""

import gettext
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("vi", "en")
SOURCE = "en"  # the language of the messages in the code
DOMAIN = "monitor"
LOCALE = Path(__file__).parent / "locale"
TEMPLATES = "web/templates/**.html"
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "translatable": None, "say": None}

_Unit = Literal["day", "hour", "minute", "second"]
_UNITS: tuple[tuple[_Unit, int], ...] = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_NEVER = 10**9  # of a unit: Babel is to take the one that it is told

Message = str | tuple[str, str]  # as the code says it; a plural one as (one, many)
Translation = str | tuple[str, ...]  # of a plural message: as many forms as the language has
Missing = dict[str, list[str]]


def translatable(message: str) -> str:
    """Mark `message` for the extraction; it is given back as it is."""
    return message


class Remark(str):
    """A sentence in English that knows its template and values: whoever shows it can say it in another language.

    For what is found wrong where no reader is known. Values that are sentences themselves are said likewise.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]


def say(template: str, /, **values: object) -> Remark:
    """A sentence with its {named} values filled in."""
    said = Remark(template.format(**values))
    said.template, said.values = template, values
    return said


def closest(code: str | None) -> str:
    """The language to speak to somebody whose client says `code` (IETF tag); unknown clients hear Vietnamese."""
    primary = (code or LANGUAGES[0]).replace("_", "-").split("-")[0].casefold()
    return primary if primary in LANGUAGES else SOURCE


class Translator:
    """One language. Placeholders are {named}; a message without values is given back unformatted."""

    __slots__ = ("_catalogue", "lang")

    def __init__(self, lang: str, catalogue: gettext.NullTranslations) -> None:
        self.lang = lang
        self._catalogue = catalogue

    def gettext(self, message: str, /, **named: object) -> str:
        """`message` in this language, its placeholders filled."""
        text = self._catalogue.gettext(message)
        return text.format(**self.spoken(named)) if named else text

    def said(self, text: str) -> str:
        """`text` in this language where it knows how it was put together, else as it is."""
        if not isinstance(text, Remark):
            return text
        values = {name: self.said(value) if isinstance(value, str) else value for name, value in text.values.items()}
        return self._catalogue.gettext(text.template).format(**values)

    def ngettext(self, one: str, many: str, n: int, /, **named: object) -> str:
        """`one` or `many` as `n` demands in this language; {n} is filled with the rest."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **named)

    def spoken(self, named: Mapping[str, object]) -> dict[str, object]:
        """The values of a message: a count ({n}) as this language writes numbers. Ids and years are none."""
        return {
            name: self.number(value) if name == "n" and isinstance(value, int | float) else value
            for name, value in named.items()
        }

    def number(self, value: float) -> str:
        """1.234 in Vietnamese, 1,234 in English; at most one digit behind the comma."""
        if isinstance(value, int) and abs(value) < 1_000:
            return str(value)  # Babel takes a tenth of a second to load
        from babel.numbers import format_decimal

        return str(format_decimal(value, format="#,##0.#", locale=self.lang))

    def ago(self, at: datetime, now: datetime) -> str:
        """How long ago, in its largest unit of which there are two: 5 phút trước, 47 hours ago. At least a minute."""
        from babel.dates import format_timedelta

        passed = max(now - at, timedelta(minutes=1))
        return str(format_timedelta(-passed, granularity="minute", threshold=2, add_direction=True, locale=self.lang))

    def span(self, length: timedelta) -> str:
        """How long, to the second, in the two largest units that it has: 2 giờ 5 phút, 1 day 3 hours, 40 seconds."""
        from babel.dates import format_timedelta

        left = int(length.total_seconds())
        parts: list[str] = []
        for unit, seconds in _UNITS:
            count, left = divmod(left, seconds)
            if count or (unit == "second" and not parts):
                whole = timedelta(seconds=count * seconds)
                parts.append(str(format_timedelta(whole, granularity=unit, threshold=_NEVER, locale=self.lang)))
        return " ".join(parts[:2])

    def day(self, day: date) -> str:
        """A day without its year: 23/8 in Vietnamese, 23 Aug in English."""
        from babel.dates import format_date

        return str(format_date(day, "d/M" if self.lang == "vi" else "d MMM", locale=self.lang))


@cache
def translator(lang: str) -> Translator:
    """The translator of the language closest to `lang`; reads its catalogue once a process."""
    spoken = closest(lang)
    return Translator(spoken, _compiled(spoken))


@cache
def _compiled(lang: str) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, read_catalogue(lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def path_of(lang: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(lang: str) -> "Catalog":
    """The catalogue as it is written, obsolete messages in its `obsolete`."""
    from babel.messages.pofile import read_po

    with path_of(lang).open("rb") as file:
        return read_po(file, locale=lang, domain=DOMAIN)


# ---------------------------------------------------------------- for whoever writes messages


def messages_in_code(folder: Path = Path(__file__).parent) -> list[Message]:
    """Every message that the package's code and templates speak; a plural one as (one, many). Sorted."""
    from babel.messages.extract import extract_from_dir

    found: set[Message] = set()
    ways = [("**.py", "python"), (TEMPLATES, "jinja2.ext:babel_extract")]
    wrong_is_told = {TEMPLATES: {"silent": "false"}}  # else a template that is none gives no messages and no error
    rows = extract_from_dir(str(folder), ways, options_map=wrong_is_told, keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in rows:
        found.add((message[0], message[1]) if isinstance(message, tuple) else message)
    return sorted(found, key=_first)


def update() -> Missing:
    """Rewrite the template and both catalogues from the code; the messages without translation, by language.

    A translation whose message is gone is kept as an obsolete comment and revived when the message returns.
    """
    messages = messages_in_code()
    _write(LOCALE / f"{DOMAIN}.pot", None, messages, {})
    missing: Missing = {}
    for lang in LANGUAGES:
        known: dict[Message, Translation] = {}
        if path_of(lang).exists():
            old = read_catalogue(lang)
            known = {_message(m.id): _forms(m.string) for m in (*old.obsolete.values(), *old) if m.id and any(m.string)}
        if lang == SOURCE:
            known |= {message: message for message in messages}
        _write(path_of(lang), lang, messages, known)
        missing[lang] = [str(message) for message in messages if message not in known]
    return missing


def _first(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def _message(id_: str | list[str] | tuple[str, ...]) -> Message:
    return id_ if isinstance(id_, str) else (id_[0], id_[1])


def _forms(string: str | list[str] | tuple[str, ...]) -> Translation:
    return string if isinstance(string, str) else tuple(string)


def _write(path: Path, lang: str | None, messages: list[Message], known: dict[Message, Translation]) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.catalog import Message as Entry
    from babel.messages.pofile import generate_po

    catalogue = Catalog(locale=lang, domain=DOMAIN, charset="utf-8")
    for message in messages:
        catalogue.add(message, known.get(message), flags=["python-brace-format"] if "{" in str(message) else [])
    for gone in sorted(known.keys() - set(messages), key=_first):
        catalogue.obsolete[gone] = Entry(gone, known[gone])
    plural = f'"Plural-Forms: {catalogue.plural_forms}\\n"\n' if lang else ""
    # a header of our own: Babel's names authors and the minute, which makes a difference of every update
    header = (
        f'msgid ""\nmsgstr ""\n"Project-Id-Version: vn-news-monitor\\n"\n'
        f'"Language: {lang or ""}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n{plural}\n'
    )
    body = "".join(generate_po(catalogue, omit_header=True, width=0))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body.strip() + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """`update` is the only command; 1 when something waits for a translation, 2 for anything else."""
    if arguments != ["update"]:
        print("usage: python -m monitor.i18n update", file=sys.stderr)
        return 2
    missing = update()
    for lang, messages in missing.items():
        for message in messages:
            print(f"{path_of(lang)}: no translation yet: {message}")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
