"""The demo's script: what it plays, whatever the round."""

import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from monitor.demo.script import Part, read_script
from tests.demo.visitor import START


def test_the_newsroom_has_at_least_six_newspapers_with_feeds_of_their_own() -> None:
    script = read_script()
    assert len({outlet.name for outlet in script.outlets}) >= 6
    assert {
        len({getattr(outlet, habit) for outlet in script.outlets}) > 2 for habit in ("dates", "links", "leads")
    } == {True}


def test_the_script_plays_every_part_and_ends_within_a_minute() -> None:
    pieces = read_script().round(0, START, 1.0)
    parts = Counter(piece.part for piece in pieces)
    assert parts[Part.SILENT] >= 10
    assert min(parts[part] for part in (Part.NEW, Part.REPEAT, Part.UPDATE, Part.RETITLED)) >= 1
    assert max(piece.at for piece in pieces) < read_script().length < 60


def test_the_first_story_is_told_at_once_and_by_three_newspapers() -> None:
    pieces = [piece for piece in read_script().round(0, START, 1.0) if piece.story == "call-1"]
    tellers = [piece for piece in pieces if piece.part in (Part.NEW, Part.REPEAT)]
    assert min(piece.at for piece in pieces) < 1
    assert len({piece.outlet.id for piece in tellers}) == 3
    assert len({piece.title for piece in tellers}) == len({piece.lead for piece in tellers}) == 3


@pytest.mark.parametrize("number", range(12))
def test_every_round_fills_all_its_blanks_and_repeats_no_id(number: int) -> None:
    script = read_script()
    pieces = script.round(number, START, 1.0)
    for piece in pieces:
        text = " ".join((piece.title, piece.lead, *piece.paragraphs, *piece.watches, piece.why_en, piece.why_vi))
        assert "{" not in text
        assert "  " not in text
        assert unicodedata.is_normalized("NFC", text)
    before = {piece.serial for piece in (*script.baseline(START), *script.round(number + 1, START, 1.0))}
    assert not before & {piece.serial for piece in pieces}


def test_leads_are_as_long_as_those_of_newspapers_and_ringing_articles_have_a_full_text() -> None:
    script = read_script()
    for piece in (*script.baseline(START), *script.round(0, START, 1.0)):
        assert 24 <= len(piece.lead.split()) <= 50, piece.id
        if piece.part in (Part.NEW, Part.REPEAT, Part.UPDATE, Part.RETITLED):
            assert 4 <= len(piece.paragraphs) <= 6, piece.id


def test_every_watch_that_the_script_names_is_a_shipped_one() -> None:
    folder = Path(__file__).parents[2] / "config" / "watchlists"
    shipped = set()
    for path in folder.glob("*.yaml"):
        file = yaml.safe_load(path.read_text(encoding="utf-8"))
        shipped |= {watch["id"] for kind in ("leaders", "events") for watch in file.get(kind, ())}
    if not shipped:
        pytest.skip("no watchlists in config/")
    named = {
        watch
        for number in range(6)
        for piece in read_script().round(number, START, 1.0)
        for watch in (*piece.watches, *piece.never)
    }
    assert named <= shipped


def test_dates_in_the_texts_are_those_of_vietnam() -> None:
    night = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)  # its news is of 2 o'clock on New Year's Day there
    piece = read_script().round(0, night, 1.0)[0]
    assert "rạng sáng 1/1" in piece.lead
