"""One watch of a reader's: the same check as the files', at the line and column of what they sent."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.config.one_watch import MOST_CHARACTERS, read_one_watch
from monitor.matching.draft.draft_yaml import yaml_of_watch
from monitor.types import Event, Focus, Leader, Office, Priority, Rate, Watch, WatchId, Watchlist, WordSet
from tests.config.folder import only

FILES = Watchlist("v1", (Leader(WatchId("putin"), "Vladimir Putin"),), (WordSet("cầu phà", ('"cầu phao"', "phà")),))
OWN = WatchId("own-7")
FERRY = Event(OWN, "Phà", match=("phà AND @putin", "{cầu phà}"))


def read(text: str) -> Watch | tuple[str, ...]:
    came = read_one_watch(text, FILES, watch_id=OWN)
    return tuple(str(each).lstrip(":") for each in came) if isinstance(came, tuple) else came


@pytest.mark.parametrize(
    "text",
    [
        "events:\n  - id: cua-toi\n    name: Phà\n    match:\n      - phà AND @putin\n      - {cầu phà}\n",
        "- name: Phà\n  match: [phà AND @putin, '{cầu phà}']\n",
        "name: Phà\ntags: [nga]\nenabled: false\nmatch:\n- phà AND @putin\n- {cầu phà}",
        "name: Phà\r\nmatch:\r\n- phà AND @putin\r\n- {cầu phà}",
    ],
)
def test_it_may_stand_in_a_file_or_by_itself_and_has_neither_tags_nor_an_id_of_its_own(text: str) -> None:
    assert read(text) == FERRY


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("name: Phà\nmatch:\n- '\"phà'\n", "3:4: wrong query: a quote is opened here and never closed"),
        ("events:\n  - name: Phà\n    match: [phà OR]\n", "3:19: wrong query: the end is not expected here"),
        (
            "name: Phà\nmatch: ['@putn AND phà']\n",
            "2:10: `@putn` is no leader of the watchlists: did you mean `@putin`",
        ),
        ("name: Phà\nmatch: ['phà AND {cau pha x}']\n", "2:18: wrong query: "),
        ("name: Phà\nmach: [phà]\n", "2:1: `mach` is not a key of this leader"),
        ("name: Putin\n\taliases: [x]\n", "2:1: a tab before the text"),
        ("events: []\n", "1:1: exactly one watch"),
        ("- {name: Phà, match: [phà]}\n- {name: Cầu, match: [cầu]}\n", "1:1: exactly one watch"),
        ("events: [{name: Phà, match: [phà]}]\nsets: {x: [y]}\n", "1:1: exactly one watch"),
        ("a: &a [x]\nb: [*a, *a]\n", "1:4: "),
        ("phà và cầu", "1:1: exactly one watch"),
        ("name: Phà\x07", "1:10: the invisible character U+0007"),
        ("[" * 200, "1:"),
        ("x" * (MOST_CHARACTERS + 1), "1:1: a watch of 8,001 characters: write at most 8,000"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, first: str) -> None:
    came = read(text)
    assert isinstance(came, tuple)
    assert came[0].startswith(first)


@pytest.mark.parametrize(
    "watch",
    [
        Leader(
            OWN,
            "Nguyễn Văn Thắng",
            aliases=("Thắng: bộ trưởng", "ông 'Thắng'"),
            short=("ông Thắng",),
            offices=(Office("Bộ trưởng Tài chính", date(2025, 1, 2), date(2026, 1, 2)),),
            common=True,
            near=("Phó thủ tướng",),
            exclude=("bị cáo #1",),
            priority=Priority.HIGH,
            rate=Rate(2, timedelta(hours=1)),
        ),
        replace(
            FERRY,
            exclude=("'phà' NEAR/3 cũ",),
            ignore=('"bến phà"',),
            focus=Focus.MAIN,
            polarity=(("tốt: lên", ("phà AND mới",)), ("xấu", ("phà AND hỏng", "phà AND chìm"))),
            rate=None,
        ),
        replace(FERRY, rate=Rate(1, timedelta(minutes=90))),
        FERRY,
    ],
)
def test_what_is_written_of_a_watch_reads_as_that_watch(watch: Watch) -> None:
    assert read(yaml_of_watch(watch)) == watch


def test_a_file_may_not_take_an_id_that_readers_watches_have(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (folder / "watchlists").mkdir(parents=True)
    (folder / "feeds.yaml").write_text("feeds:\n  - {id: b, outlet: B, url: 'https://b.example/rss'}\n")
    (folder / "watchlists" / "a.yaml").write_text("leaders:\n  - {id: own-7, name: Vladimir Putin}\n")
    assert "2:10: the id `own-7` is of those that readers' own watches have: choose another" in only(folder)
