"""Articles as somebody asks about them: the newest of several, and news read backwards."""

from datetime import UTC, datetime, timedelta

from monitor.store.item_rows import STREAMED
from monitor.store.transaction import Store
from monitor.types import Address, Chat, ChatKind, Entry, FeedId, NewItem, Target

NOW = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
READER = Address(1001)


def store_titles(store: Store, *titles: str, at: datetime = NOW) -> None:
    news = [
        NewItem(
            Entry(f"k{at:%d%H}{n}", "", f"https://ben-song.example/{n}", title, published_at=at + timedelta(minutes=n)),
            FeedId("ben-song"),
            "Bến Sông",
            at,
            True,
        )
        for n, title in enumerate(titles)
    ]
    with store.writing() as tx:
        tx.add_items(news)


def test_news_is_read_backwards_as_far_as_is_wanted(store: Store) -> None:
    store_titles(store, *(f"Tin {n}" for n in range(STREAMED // 10)))
    store_titles(store, "Tin cũ", at=NOW - timedelta(days=40))
    with store.reading() as tx:
        titles = [item.title for item in tx.newest_since(NOW - timedelta(days=30))]
    assert titles == [f"Tin {n}" for n in reversed(range(STREAMED // 10))]


def test_of_articles_with_one_title_or_address_the_newest_counts(store: Store) -> None:
    store_titles(store, "Chợ quê", "Chợ quê")
    store_titles(store, "Tin cũ", at=NOW - timedelta(days=1))
    with store.reading() as tx:
        by_title = tx.seen_by_title("Chợ quê", since=NOW)
        by_address = tx.seen_by_address(["https://ben-song.example/0", "https://nowhere.example/0"], since=NOW)
        assert tx.seen_by_title("Chợ Quê", since=NOW) is None
        assert tx.seen_by_title("Tin cũ", since=NOW) is None, "older than is looked for"
    assert by_title is not None
    assert by_title.item.url == "https://ben-song.example/1"
    assert by_address is not None
    assert by_address.item.title == "Chợ quê"


def test_a_chat_follows_since_the_oldest_of_its_wishes(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(Chat(READER, ChatKind.PRIVATE))
        tx.follow(READER, Target("*"), now=NOW)
        tx.follow(READER, Target("putin"), now=NOW - timedelta(days=2))
        tx.follow(READER, Target("to-lam"), now=NOW - timedelta(days=5))
    with store.reading() as tx:
        asked = [Target("*"), Target("putin")]
        assert tx.followed_since(None, asked) == {READER: NOW - timedelta(days=2)}
        assert tx.followed_since(Address(1), asked) == {}
