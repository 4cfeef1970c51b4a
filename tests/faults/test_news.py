"""The invented news is what the bench takes it for: each story one of its own, and its copies one with it."""

from datetime import UTC, datetime, timedelta

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Item, ItemId, Leader, StoryId, WatchId, Watchlist
from tests.faults.news import filler, news, outlet_name, watch_id, watch_name, watches_of
from tests.faults.plan import Size
from tests.faults.test_bench import PLANS, SMALL

DAY = datetime(2026, 6, 1, tzinfo=UTC)


def misplaced(seed: int, size: Size) -> list[tuple[str, int]]:
    """Stories that the monitor's own grouping would glue or part."""
    window = StoryWindow()
    for number in range(1000):
        title, lead = filler(number)
        window.remember(Item(ItemId(f"f{number}"), "", title, lead, "", published_at=DAY), StoryId(f"f{number}"))
    stories: dict[int, StoryId] = {}
    wrong = []
    for number, piece in enumerate(news(seed, size)):
        at = DAY + timedelta(seconds=piece.at)
        item = Item(ItemId(str(number)), outlet_name(piece.outlet), piece.title, piece.lead, "", published_at=at)
        story = window.decide(item, at=at).story_id
        if story is not None and story != stories.get(piece.story):
            wrong.append(("glued", piece.story))
        if story is None and piece.story in stories:
            wrong.append(("parted", piece.story))
        window.remember(item, stories.setdefault(piece.story, story or StoryId(str(number))))
    return wrong


def unnamed(seed: int, size: Size) -> list[str]:
    """Articles in which the monitor would not find the one whom they name, and nobody else."""
    names = tuple(Leader(WatchId(watch_id(number)), watch_name(number)) for number in range(watches_of(size)))
    matcher = ActiveWatchlist.of(Watchlist("v1", names)).matcher
    wrong = []
    for piece in news(seed, size):
        item = Item(ItemId("1"), "", piece.title, piece.lead, "", published_at=DAY)
        found = {match.watch_id for match in matcher.match(item)}
        if found != {watch_id(piece.watch)}:
            wrong.append(f"{piece.lead}: {found}")
    return wrong


def test_every_article_names_the_one_whom_it_is_about() -> None:
    assert [each for seed, _ in PLANS for each in unnamed(seed, SMALL)] == []
    assert unnamed(5, Size(seconds=300, outlets=200, chats=40, a_second=1.0)) == []


def test_the_stories_of_the_plans_of_ci_are_told_apart() -> None:
    assert {seed: misplaced(seed, SMALL) for seed, _ in PLANS} == {seed: [] for seed, _ in PLANS}


def test_so_are_those_of_a_long_and_large_plan() -> None:
    assert misplaced(5, Size(seconds=300, outlets=200, chats=40, a_second=1.0)) == []
