"""Every target of fuzzing by its name. A new door for bytes from outside gets a law in laws_*.py and a line here."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzz import laws_feeds, laws_messages, laws_net, laws_people, laws_stories, laws_text

Law = Callable[[bytes], None]

CORPUS = Path(__file__).with_name("corpus")
# Seconds of CPU for one input of at most some 100 kB: most take a thousandth of it, what backtracks takes minutes.
MOST_SECONDS = 5.0

TARGETS: Mapping[str, Law] = {
    "parse": laws_feeds.parse_law,
    "plain": laws_feeds.plain_law,
    "dates": laws_feeds.date_law,
    "articles": laws_feeds.address_law,
    "robots": laws_feeds.robots_law,
    "caching": laws_feeds.caching_law,
    "words": laws_text.words_law,
    "sentences": laws_text.sentences_law,
    "markup": laws_text.markup_law,
    "reading": laws_text.reading_law,
    "query": laws_text.query_law,
    "quotes": laws_stories.quote_law,
    "summaries": laws_stories.summary_law,
    "wordings": laws_stories.wording_law,
    "grouping": laws_stories.grouping_law,
    "answers": laws_stories.answer_law,
    "yaml": laws_people.yaml_law,
    "durations": laws_people.duration_law,
    "jsonl": laws_people.jsonl_law,
    "typed": laws_people.typed_law,
    "render": laws_messages.render_law,
    "cutting": laws_messages.cutting_law,
    "responses": laws_net.response_law,
    "hosts": laws_net.host_law,
    # to come with their features: the words of a search, the parameters of a page
}


def hold(name: str, data: bytes) -> None:
    """Put one input through a target: its law must hold, and soon."""
    started = time.process_time()
    TARGETS[name](data)
    spent = time.process_time() - started
    assert spent < MOST_SECONDS, f"{name} took {spent:.1f} s of CPU for {len(data)} bytes"
