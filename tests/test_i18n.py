import ast
import string
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError

from monitor import i18n
from monitor.i18n import LANGUAGES, closest, messages_in_code, read_catalogue, translator


def forms(either: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (either,) if isinstance(either, str) else tuple(either or ())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_of_the_code_is_translated(lang: str) -> None:
    catalogue = read_catalogue(lang)
    translated = {m.id if isinstance(m.id, str) else tuple(m.id) for m in catalogue if all(forms(m.string))}
    waiting = [message for message in messages_in_code() if message not in translated]
    assert not waiting, "run `python -m monitor.i18n update` and fill in what is missing"


def unseen(source: str) -> list[str]:
    """Messages that the extraction does not see: written into a name without translatable(), and said from there."""
    tree = ast.parse(source)
    written = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    said = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [
        written[each.id]
        for node in said
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("gettext", "ngettext")
        for each in node.args[:2]
        if isinstance(each, ast.Name) and each.id in written
    ]


def test_a_message_that_is_written_into_a_name_first_is_seen_by_the_extraction() -> None:
    assert unseen('why = "Too {n}."\nsay(words.gettext(why, n=3))') == ["Too {n}."]
    assert unseen('why = translatable("Too {n}.")\nsay(words.gettext(why, n=3))') == []
    files = sorted(Path(i18n.__file__).parent.rglob("*.py"))
    assert {path.name: found for path in files if (found := unseen(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(lang: str) -> None:
    for message in read_catalogue(lang):
        if message.id and any(forms(message.string)):
            wanted = set.union(*map(placeholders, forms(message.id)))
            for form in filter(None, forms(message.string)):
                # "one article" may leave its number out; no form may invent a placeholder
                assert placeholders(form) <= wanted, message.id
            assert set.union(*map(placeholders, forms(message.string))) == wanted, message.id


def test_the_catalogues_hold_nothing_that_the_code_does_not_say() -> None:
    known = set(messages_in_code())
    for lang in LANGUAGES:
        stale = [
            m.id for m in read_catalogue(lang) if m.id and (m.id if isinstance(m.id, str) else tuple(m.id)) not in known
        ]
        assert not stale, "run `python -m monitor.i18n update`"


@pytest.mark.parametrize(
    ("code", "lang"),
    [("vi", "vi"), ("vi-VN", "vi"), ("VI_vn", "vi"), ("en-GB", "en"), ("fr", "en"), ("", "vi"), (None, "vi")],
)
def test_a_reader_hears_the_language_closest_to_his_own(code: str | None, lang: str) -> None:
    assert closest(code) == lang


def test_values_stand_where_their_names_are() -> None:
    assert translator("vi").gettext("by the name “{by}”", by="Pu-tin {0}") == "theo tên “Pu-tin {0}”"
    assert translator("en").gettext("by the name “{by}”", by="Putin") == "by the name “Putin”"


def test_a_number_chooses_the_form_that_its_language_has() -> None:
    english, vietnamese = translator("en"), translator("vi")
    assert english.ngettext("{n} article", "{n} articles", 1) == "1 article"
    assert english.ngettext("{n} article", "{n} articles", 2) == "2 articles"
    assert vietnamese.ngettext("{n} article", "{n} articles", 1) == "1 bài"
    assert vietnamese.ngettext("{n} article", "{n} articles", 2) == "2 bài"


def test_a_message_without_translation_is_said_as_it_is_written() -> None:
    assert translator("vi").gettext("said nowhere: " + "{}") == "said nowhere: {}"


def test_messages_of_templates_are_found_beside_those_of_the_code(tmp_path: Path) -> None:
    templates = tmp_path / "web" / "templates" / "parts"
    templates.mkdir(parents=True)
    (tmp_path / "who.py").write_text('gettext("Who")\n')
    (templates / "found.html").write_text(
        """<p title="{{ gettext('Latest') }}">{{ gettext("Found: {n}", n=found|length) }}</p>
        {% if much %}{{ ngettext("{n} story", "{n} stories", stories|length, name=name) }}{% endif %}
        <!-- gettext("a comment of HTML") -->{# gettext("a comment") #}"""
    )
    assert messages_in_code(tmp_path) == ["Found: {n}", "Latest", "Who", ("{n} story", "{n} stories")]


def test_a_template_that_cannot_be_read_is_an_error_and_no_silence(tmp_path: Path) -> None:
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "broken.html").write_text('{% if %}{{ gettext("Unread") }}')
    with pytest.raises(TemplateSyntaxError):
        messages_in_code(tmp_path)


def test_a_translation_outlives_the_message_and_returns_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    monkeypatch.setattr(i18n, "messages_in_code", lambda: ["Hello {name}", ("{n} day", "{n} days")])
    assert i18n.update() == {"vi": ["Hello {name}", "('{n} day', '{n} days')"], "en": []}
    po = i18n.path_of("vi")
    po.write_text(po.read_text("utf-8").replace('"Hello {name}"\nmsgstr ""', '"Hello {name}"\nmsgstr "Chào {name}"'))

    monkeypatch.setattr(i18n, "messages_in_code", lambda: [("{n} day", "{n} days")])
    i18n.update()
    assert '#~ msgstr "Chào {name}"' in po.read_text("utf-8")

    monkeypatch.setattr(i18n, "messages_in_code", lambda: ["Hello {name}"])
    assert i18n.update()["vi"] == []
    assert '\nmsgstr "Chào {name}"' in po.read_text("utf-8")
    assert '#~ msgid_plural "{n} days"' not in po.read_text("utf-8"), "it never had a translation to keep"


def test_an_update_without_a_change_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    i18n.update()
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.po*")}
    i18n.update()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.po*")} == first
    assert len(first) == len(LANGUAGES) + 1


def test_only_update_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert i18n.main([]) == 2
    assert "usage" in capsys.readouterr().err


# ---------------------------------------------------------------- numbers and spans


def test_a_count_is_written_as_the_language_writes_numbers_and_an_id_is_none() -> None:
    said = {lang: translator(lang).gettext("{n} of {id}", n=12_345, id=12_345) for lang in LANGUAGES}
    assert said == {"vi": "12.345 of 12345", "en": "12,345 of 12345"}
    assert translator("vi").ngettext("{n} item", "{n} items", 1_234_567).startswith("1.234.567")
    assert [translator(lang).number(0.25) for lang in LANGUAGES] == ["0,2", "0.2"]
    assert translator("vi").number(999) == "999"


@pytest.mark.parametrize(
    ("passed", "vi", "en"),
    [
        (timedelta(seconds=-5), "1 phút trước", "1 minute ago"),
        (timedelta(seconds=20), "1 phút trước", "1 minute ago"),
        (timedelta(minutes=5), "5 phút trước", "5 minutes ago"),
        (timedelta(minutes=119), "119 phút trước", "119 minutes ago"),
        (timedelta(hours=26), "26 giờ trước", "26 hours ago"),
        (timedelta(days=5), "5 ngày trước", "5 days ago"),
    ],
)
def test_how_long_ago_is_told_in_the_readers_language(passed: timedelta, vi: str, en: str) -> None:
    now = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
    assert (translator("vi").ago(now - passed, now), translator("en").ago(now - passed, now)) == (vi, en)


@pytest.mark.parametrize(
    ("length", "vi", "en"),
    [
        (timedelta(), "0 giây", "0 seconds"),
        (timedelta(seconds=1), "1 giây", "1 second"),
        (timedelta(minutes=12, seconds=5), "12 phút 5 giây", "12 minutes 5 seconds"),
        (timedelta(hours=2, minutes=1, seconds=9), "2 giờ 1 phút", "2 hours 1 minute"),
        (timedelta(days=7, hours=3), "7 ngày 3 giờ", "7 days 3 hours"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(length: timedelta, vi: str, en: str) -> None:
    assert (translator("vi").span(length), translator("en").span(length)) == (vi, en)


def test_numbers_and_days_are_written_as_each_language_does() -> None:
    day = date(2026, 8, 23)
    assert [translator("vi").number(1_245.04), translator("vi").number(5.26), translator("vi").day(day)] == [
        "1.245",
        "5,3",
        "23/8",
    ]
    assert [translator("en").number(1_245), translator("en").number(5.26), translator("en").day(day)] == [
        "1,245",
        "5.3",
        "23 Aug",
    ]
