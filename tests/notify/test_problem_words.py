"""Mistakes of files are said in a reader's language, with their values; on the command line they stay English."""

import gettext
from pathlib import Path

import pytest

from monitor.config.loading import load_all
from monitor.errors import ConfigError, Problem
from monitor.i18n import Remark, Translator, say, translator
from monitor.notify.problem_words import problem_line

FEEDS = "feeds:\n  - {id: ben-song, outlet: Bến Sông, url: 'https://ben-song.example/rss'}\n"


class Loud(gettext.NullTranslations):
    """A language in which every known sentence stands in angle quotes."""

    def gettext(self, message: str) -> str:
        return f"«{message}»"


LOUD = Translator("vi", Loud())


def mistakes(folder: Path, watchlist: str, feeds: str = FEEDS) -> list[Problem]:
    (folder / "watchlists").mkdir(exist_ok=True)
    (folder / "watchlists" / "all.yaml").write_text(watchlist)
    (folder / "feeds.yaml").write_text(feeds)
    with pytest.raises(ConfigError) as wrong:
        load_all(folder)
    return list(wrong.value.problems)


@pytest.mark.parametrize(
    "watchlist",
    [
        "leaders:\n  - {id: putin}\n",
        "leaders:\n  - {id: putin, name: V, alias: [x]}\n",
        "leaders:\n  - {id: PUTIN, name: V}\n",
        "leaders:\n  - {id: putin, name: V, common: maybe}\n",
        "leaders:\n  - {id: putin, name: V, aliases: x}\n",
        "leaders:\n  - {id: putin, name: V, offices: [{title: T, since: 2020-02-31}]}\n",
        "leaders:\n  - {id: putin, name: V}\n  - {id: putin, name: W}\n",
        "events:\n  - {id: bao, name: Bão, match: ['bão OR']}\n",
        "events:\n  - {id: bao, name: Bão, match: ['\"bão']}\n",
        "events:\n  - {id: bao, name: Bão, match: ['@ai']}\n",
        "events:\n  - {id: bao, name: Bão, match: ['{không có}']}\n",
        "events:\n  - {id: bao, name: Bão, rate: often, match: [x]}\n",
        "leaders:\n\t- {id: putin}\n",
        "leaders: [{id: putin, name: V\n",
        "leaders: &all\n  - {id: putin, name: V}\n",
        "leaders:\n  - {id: putin, id: to-lam, name: V}\n",
        "sets: {sông: []}\n",
        "",
    ],
)
def test_every_mistake_of_a_watchlist_knows_how_it_was_put_together(tmp_path: Path, watchlist: str) -> None:
    for problem in mistakes(tmp_path, watchlist):
        assert isinstance(problem.message, Remark), problem
        place = f"{problem.file}:{problem.line}:{problem.column}: "
        assert problem_line(LOUD, problem).startswith(f"{place}«")
        assert problem_line(translator("en"), problem) == str(problem) == f"{place}{problem.message}"


@pytest.mark.parametrize(
    "feeds",
    [
        "feeds:\n  - {id: a, outlet: A, url: 'ftp://a.example'}\n",
        "feeds:\n  - {id: a, outlet: A, url: 'https://a.example', interval: 5}\n",
        "feeds:\n  - {id: a, outlet: A, url: 'https://a.example', interval: 5h}\n",
        "feeds:\n  - {id: a, outlet: A, url: 'https://a.example', timezone: Asia/Hanoi}\n",
        "feeds:\n  - {id: a, outlet: A, url: 'https://a.example', fulltext: often}\n",
    ],
)
def test_so_does_every_mistake_of_the_feeds(tmp_path: Path, feeds: str) -> None:
    for problem in mistakes(tmp_path, "leaders:\n  - {id: putin, name: V}\n", feeds):
        assert isinstance(problem.message, Remark), problem


def test_sentences_within_a_sentence_are_said_in_the_same_language_and_values_as_they_are(tmp_path: Path) -> None:
    (problem,) = mistakes(tmp_path, "leaders:\n  - {id: putin, name: V, alias: [x]}\n")
    said = problem_line(LOUD, problem).partition("«")[2]
    assert said == "`alias` is not a key« of this leader»«: did you mean `aliases`?»»"
    (problem,) = mistakes(tmp_path, "events:\n  - {id: bao, name: Bão, match: ['\"bão']}\n")
    assert "«wrong query: «a quote is opened here" in problem_line(LOUD, problem)


def test_what_was_sent_has_no_file_and_what_is_not_known_stays_english() -> None:
    sent = Problem("", 3, 5, say("`{key}` is empty: write a value", key="name {x}"))
    assert problem_line(LOUD, sent) == "«line 3, column 5: «`name {x}` is empty: write a value»»"
    assert problem_line(LOUD, Problem("a.yaml", 1, 2, "odd {words}")) == "a.yaml:1:2: odd {words}"
