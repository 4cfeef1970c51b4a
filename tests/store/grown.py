"""A store as it stands after months, filled by the database itself: as many items as one likes, in seconds.

What waits (unmatched items, open alerts, due pages) is as much in a small store as in a large one, and so is what one
day brings: only the past grows.
"""

from sqlalchemy import JSON, Boolean, Connection, DateTime, Double, Integer, Table, Text, text

from monitor.store import tables
from tests.store_samples import NOW

WAITING = 100  # rows of each queue
ITEMS_A_DAY = 2_880
ITEMS_A_STORY = 3
ITEMS_A_MATCH = 10
ITEMS_AN_ALERT = 5
WATCHES = 76
CHATS = 2_000
FEEDS = 1_000


def grow(connection: Connection, *, items: int, items_a_day: int = ITEMS_A_DAY) -> None:
    """Fill an empty store: the newest item is of NOW, the oldest of as many days ago as the numbers say."""
    grown = _Grown(connection, items, 24 * 60 / items_a_day)
    grown.add_news()
    grown.add_people()
    grown.add_outbox()
    grown.number_on()


class _Grown:
    """The tables, each filled by one statement; `i` is the number of a row."""

    def __init__(self, connection: Connection, items: int, minutes_apart: float) -> None:
        self.connection = connection
        self.items = items
        self.alerts = items // ITEMS_AN_ALERT
        self.minutes_apart = minutes_apart
        self.on_postgresql = connection.dialect.name == "postgresql"
        self.soon, self.due = self.ago("-60"), self.ago("1")
        self.told_at = self.ago(f"({self.alerts} - i) * {minutes_apart * ITEMS_AN_ALERT}")

    def ago(self, minutes: str) -> str:
        """The moment so many minutes before NOW."""
        if self.on_postgresql:
            return f"timestamptz '{NOW.isoformat()}' - ({minutes}) * interval '1 minute'"
        return f"strftime('%Y-%m-%d %H:%M:%f', '{NOW:%Y-%m-%d %H:%M:%S}', (-({minutes})) || ' minutes') || '000'"

    def at(self, number: str) -> str:
        """When the item of that number came."""
        return self.ago(f"({self.items} - {number}) * {self.minutes_apart}")

    def json(self, expression: str) -> str:
        """Text that is JSON."""
        return f"CAST({expression} AS jsonb)" if self.on_postgresql else expression

    def fill(self, table: Table, count: int, values: dict[str, str]) -> None:
        """So many rows; a column that is not told here holds what its type has for nothing."""
        each = ({"id": "i"} if "id" in table.c else {}) | values
        untold = [column for column in table.c if not column.nullable and column.name not in each]
        each |= {column.name: self._nothing(column.type) for column in untold}
        names, numbers = ", ".join(f'"{name}"' for name in each), "SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        rows = f"WITH RECURSIVE n(i) AS ({numbers}{count}) SELECT {', '.join(each.values())} FROM n"
        self.connection.execute(text(f"INSERT INTO {table.name} ({names}) {rows}".replace(":", "\\:")))

    def _nothing(self, kind: object) -> str:
        match getattr(kind, "impl", kind):
            case Boolean():
                return "false"
            case Integer() | Double():
                return "0"
            case Text():
                return "''"
            case DateTime():
                return self.ago("0")
            case JSON():
                return self.json("'[]'")
            case other:
                raise AssertionError(f"{other!r}: say what it holds")

    def add_news(self) -> None:
        """Feeds, items, stories, and what was found of them."""
        items, at, due = self.items, self.at("i"), self.due
        is_old, is_last = f"i <= {items - WAITING}", f"i > {items - 2 * WAITING} AND i <= {items - WAITING}"
        self.fill(tables.feeds, FEEDS, {
            "id": "'feed-' || i", "next_check_at": f"CASE WHEN i <= {WAITING} THEN {due} ELSE {self.soon} END",
            "known_items": "'hash' || i", "failures": "CASE WHEN i % 100 = 0 THEN 3 ELSE 0 END",
        })  # fmt: skip
        self.fill(tables.stories, items // ITEMS_A_STORY + 1, {
            "title": "'Bến cảng mở tuyến phà ' || i", "opened_at": self.at(f"i * {ITEMS_A_STORY}"),
            "merged_into": "CASE WHEN i % 50 = 0 THEN i - 1 END", "split_from": "CASE WHEN i % 500 = 1 THEN 1 END",
        })  # fmt: skip
        lead = "Theo ban quản lý cảng, phà chạy từ đầu tháng sau và miễn phí trong tuần đầu tiên, sáu chuyến một đêm, "
        self.fill(tables.items, items, {
            "key": "'key-' || i", "feed_id": f"'feed-' || (i % {FEEDS} + 1)", "outlet": "'Bến Sông'",
            "guid": "'guid-' || i", "url": "'https://ben-song.example/' || i || '.html'",
            "title": "'Bến cảng phía nam mở thêm một tuyến phà đêm ' || i", "lead": f"'{lead}' || i",
            "published_at": at, "seen_at": at, "at": at, "last_listed_at": at,
            "alertable": "true", "fulltext": "'auto'", "matched_version": "'v1'",
            "matched_at": f"CASE WHEN {is_old} AND i % 20000 <> 7 THEN {at} END",
            "parked_at": f"CASE WHEN i % 20000 = 7 THEN {at} END",
            "story_id": f"CASE WHEN {is_old} THEN (i + {ITEMS_A_STORY - 1}) / {ITEMS_A_STORY} END",
            "role": f"CASE WHEN {is_old} THEN CASE WHEN i % {ITEMS_A_STORY} = 1 THEN 'new' ELSE 'repeat' END END",
            "fulltext_at": f"CASE WHEN {is_last} THEN {due} END", "recheck_at": f"CASE WHEN {is_last} THEN {due} END",
            "gone_at": f"CASE WHEN i % 5000 = 9 THEN {at} END", "edited_at": f"CASE WHEN i % 50 = 9 THEN {at} END",
        })  # fmt: skip
        self.fill(tables.unindexed, WAITING, {"item_id": f"{items} - i + 1"})
        watch = f"'watch-' || (i % {WATCHES})"
        self.fill(tables.matches, items // ITEMS_A_MATCH, {
            "item_id": f"i * {ITEMS_A_MATCH}", "watch_id": watch, "kind": "'leader'", "name": "'Putin'",
            "rule": "'name'", "score": "0.9", "evidence": self.json("""'[["title",0,5,"Putin"]]'"""),
        })  # fmt: skip
        edited = {"item_id": "i * 50 - 41", "replaced_at": self.at("i * 50 - 41"), "title": "'Bến cảng'"}
        self.fill(tables.item_versions, items // 50, edited)
        said = {"item_id": "i * 20", "watch_id": watch, "field": "'lead'", "end": "4", "at": self.at("i * 20")}
        self.fill(tables.quotes, items // 20, said)
        written = {"story_id": f"i * 30 / {ITEMS_A_STORY}", "digest": "'d' || i", "text": "'Phà.'"}
        self.fill(tables.abstracts, items // 30, written | {"at": self.at("i * 30")})
        days = int(items * self.minutes_apart) // (24 * 60) + 1
        day = f"'{NOW:%Y-%m-%d}'"
        before = f"date {day} - i / {WATCHES}" if self.on_postgresql else f"date({day}, -(i / {WATCHES}) || ' days')"
        self.fill(tables.daily_counts, days * WATCHES, {"day": before, "watch_id": watch})

    def add_people(self) -> None:
        """Chats and what they wish."""
        chat = {"chat_id": f"(i % {CHATS}) + 1", "thread_id": "0"}
        self.fill(tables.chats, CHATS, {
            "chat_id": "i", "thread_id": "0", "kind": "CASE WHEN i % 3 = 0 THEN 'group' ELSE 'private' END",
            "state": "CASE WHEN i % 100 = 0 THEN 'blocked' WHEN i % 50 = 1 THEN 'paused' ELSE 'active' END",
        })  # fmt: skip
        self.fill(tables.holds, CHATS, {"chat_id": "i", "until": self.ago("i")})
        self.fill(tables.subscriptions, 5 * CHATS, chat | {"target": f"'watch-' || (i / {CHATS} + i % 71)"})
        self.fill(tables.mutes, self.items // 100, chat | {"story_id": "i * 30"})
        self.fill(tables.saved_items, self.items // 100, chat | {"item_id": "i * 50"})
        self.fill(tables.feedback, self.items // 200, chat | {"story_id": "i * 60"})

    def add_outbox(self) -> None:
        """What was told, and what still waits to be."""
        alerts, told_at = self.alerts, self.told_at
        self.fill(tables.alerts, alerts, {
            "chat_id": f"(i % {CHATS}) + 1", "thread_id": "0",
            "kind": "CASE WHEN i % 3 = 0 THEN 'edit' WHEN i % 7 = 0 THEN 'update' ELSE 'alert' END",
            "dedupe_key": "'story:' || i",
            "state": f"CASE WHEN i > {alerts - WAITING // 10} THEN 'sending' WHEN i > {alerts - WAITING} THEN 'pending'"
            " WHEN i % 5000 = 1 THEN 'uncertain' WHEN i % 5000 = 2 THEN 'parked' WHEN i % 1000 = 3 THEN 'refused'"
            " WHEN i % 10 = 4 THEN 'skipped' ELSE 'sent' END",
            "attempts": "1", "created_at": told_at, "next_try_at": told_at,
            "lease_until": f"CASE WHEN i > {alerts - WAITING // 10} THEN {self.soon} END",
            "story_id": f"i * {ITEMS_AN_ALERT} / {ITEMS_A_STORY} + 1", "item_id": f"i * {ITEMS_AN_ALERT}",
            "watch_ids": self.json("""'["watch-1"]'"""), "message_id": "i", "sent_digest": "'abc'",
            "priority": "'normal'", "settled_at": f"CASE WHEN i <= {alerts - WAITING} THEN {told_at} END",
        })  # fmt: skip

    def number_on(self) -> None:
        """Let new rows be numbered after these; SQLite does so by itself."""
        for table in tables.metadata.tables.values() if self.on_postgresql else ():
            if "id" in table.c and isinstance(table.c.id.type, Integer):
                number = f"(SELECT max(id) FROM {table.name})"
                self.connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {number})"))
