"""Newspapers on several hosts of loopback, each with several feeds; they note when who was asked, as a server does.

What they publish is drawn beforehand: stories with a code of their own, each about one watched person. Half of the
people stand in one feed alone, so that the order of their stories is known; of the others a story in four is told by a
second newspaper in nearly the same words.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from monitor.types import WatchId

FEEDS_A_HOST = 3
LISTED_FOR = 300.0  # seconds that a piece stays in its feed: longer than anybody is away
ANSWERS_WITHIN = 0.15  # seconds: so long a newspaper takes at most
SECOND_AFTER = 12  # pieces later the second newspaper tells a story
ONSETS = "b c ch d đ g h k kh l m n ng nh ph qu s t th tr v x".split()  # noqa: SIM905
RHYMES = """
    an ang anh ay âu ên ich iêm iêu inh oan oi om ôn ông ơi ua uân um uôi uông ươm ươn ươu út ưa ao ác át ắc ấp ẹt ếch
    ét iếc iếp iên ít oác oạt oét óp ốc ốp ơm ớp uất úc uốc uốt úp ưng ước ượt ứt im in ênh eo ôi
""".split()  # noqa: SIM905 - a list of sixty literals cannot be read
FIRST = ("Hoàng", "Lục", "Bạch", "Tử", "Lam", "Hồng", "Cẩm", "Thanh", "Kim", "Ngân")
SECOND = ("Phương", "Tuyền", "Đảo", "Lĩnh", "Giang", "Uyển", "Khê", "Trúc", "Nhạn", "Sương")


def watch_id(number: int) -> WatchId:
    return WatchId(f"nguoi-{number}")


def watch_name(number: int) -> str:
    """A hundred people that do not exist, with names no other watch contains."""
    return f"Vũ {FIRST[number % 10]} {SECOND[number // 10]}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One newspaper's telling of a story; `feed` counts over all hosts."""

    story: int
    feed: int
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as its server saw it: seconds of one steady clock."""

    began: float
    ended: float


@dataclass(slots=True)
class Host:
    """A newspaper: what it was asked, and how often each of its feeds was."""

    number: int
    asked: list[Asked] = field(default_factory=list)
    base: str = ""


class Press:
    """All newspapers. `pieces` are what they will publish; the first `out` of them are published."""

    def __init__(self, rng: random.Random, *, items: int, people: int, hosts: int) -> None:
        self.people = people
        self.hosts = [Host(number) for number in range(hosts)]
        self.pieces = _drawn(rng, items, people, hosts * FEEDS_A_HOST)
        self.out = 0
        self.told: set[int] = set()  # the codes of what is published
        self._listed: list[list[tuple[float, str]]] = [[] for _ in range(hosts * FEEDS_A_HOST)]  # since when, as XML
        self._rng = random.Random(rng.random())

    @property
    def stories(self) -> range:
        """The codes of all stories."""
        return range(1 + max(piece.story for piece in self.pieces))

    def person_of(self, story: int) -> int:
        """Whom a story is about."""
        return story % self.people

    def is_ordered(self, person: int) -> bool:
        """Whether one feed alone tells of them."""
        return person % 2 == 0

    def publish(self) -> None:
        """One piece more."""
        piece, number = self.pieces[self.out], 4700000 + self.out
        base, now = self.hosts[piece.feed // FEEDS_A_HOST].base, datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S %z")
        entry = (
            f"<item><title>{piece.title}</title><link>{base}/bai-{number}.html</link>"
            f"<description>{piece.lead}.</description><pubDate>{now}</pubDate></item>"
        )
        self._listed[piece.feed].append((asyncio.get_running_loop().time(), entry))
        self.told.add(piece.story)
        self.out += 1

    async def publish_all(self, *, a_second: float, backlog: Callable[[], int], most: int) -> None:
        """Publish the rest, so many a second, and none while `most` stories are on their way to readers."""
        while self.out < len(self.pieces):
            if backlog() < most:
                self.publish()
            await asyncio.sleep(1 / a_second)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The newspapers answer, each at an address of its own."""
        async with AsyncExitStack() as stack:
            for host in self.hosts:
                app = web.Application()
                app.router.add_get("/{feed}.rss", self._answering(host))
                # who hangs up, as a worker does that is stopped, has ended its request
                runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                await web.TCPSite(runner, f"127.0.0.{1 + host.number}", 0).start()
                address, port = runner.addresses[0]
                host.base = f"http://{address}:{port}"
            yield

    def _answering(self, host: Host) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.Response:
            clock = asyncio.get_running_loop().time
            began = clock()
            try:
                await asyncio.sleep(self._rng.random() * ANSWERS_WITHIN)
                return web.Response(
                    text=self._listing(host, int(request.match_info["feed"])), content_type="application/rss+xml"
                )
            finally:  # before the first byte leaves: whoever asked cannot have seen its end earlier
                host.asked.append(Asked(began, clock()))

        return answer

    def _listing(self, host: Host, feed: int) -> str:
        since = asyncio.get_running_loop().time() - LISTED_FOR
        entries = "".join(entry for at, entry in self._listed[feed] if at >= since)
        old = f"<item><title>Bài cũ {feed}</title><link>{host.base}/cu-{4600000 + feed}.html</link></item>"
        return f'<rss version="2.0"><channel><title>{outlet(host.number)}</title>{entries}{old}</channel></rss>'

    def write_config(self, folder: Path) -> None:
        """The files with which the newspapers are read, and a watch for each person."""
        (folder / "watchlists").mkdir(parents=True)
        feeds = "".join(
            f"  - {{id: to-{feed}, outlet: {outlet(host.number)}, url: '{host.base}/{feed}.rss', fulltext: never}}\n"
            for host in self.hosts
            for feed in range(host.number * FEEDS_A_HOST, (host.number + 1) * FEEDS_A_HOST)
        )
        (folder / "feeds.yaml").write_text(
            f"defaults: {{interval: 1s, min_interval: 500ms, max_interval: 1s}}\nfeeds:\n{feeds}"
        )
        lines = [f"  - {{id: {watch_id(number)}, name: {watch_name(number)}}}" for number in range(self.people)]
        (folder / "watchlists" / "people.yaml").write_text("leaders:\n" + "\n".join(lines) + "\n")


def outlet(host: int) -> str:
    """The name of a newspaper."""
    return f"Báo {SECOND[host % 10]} {FIRST[host // 10]}"


def code_of(text: str) -> int:
    """The story that a message tells."""
    return int(text.split(" mã ")[1][:5])


def _drawn(rng: random.Random, items: int, people: int, feeds: int) -> Sequence[Piece]:
    words = sorted({onset + rhyme for onset in ONSETS for rhyme in RHYMES})
    # nobody's stories share a word: alike are only the two tellings of one
    decks = [rng.sample(words, len(words)) for _ in range(people)]
    pieces: list[Piece] = []
    later: list[tuple[int, Piece]] = []
    story = 0
    while len(pieces) + len(later) < items:
        person, turn = story % people, story // people
        own = [decks[person][(turn * 13 + at) % len(words)] for at in range(13)]
        feed = person % feeds if person % 2 == 0 else rng.randrange(feeds)
        lead = rng.sample(words, 36)
        pieces.append(Piece(story, feed, _titled(own[:11], person, story), " ".join(lead)))
        if person % 2 and rng.random() < 0.25 and len(pieces) + len(later) < items:
            other = (feed + FEEDS_A_HOST * rng.randrange(1, feeds // FEEDS_A_HOST)) % feeds
            title, lead = _titled([*own[:9], *own[11:]], person, story), [*lead[:32], *rng.sample(words, 4)]
            later.append((len(pieces) + SECOND_AFTER, Piece(story, other, title, " ".join(lead))))
        while later and later[0][0] <= len(pieces):
            pieces.append(later.pop(0)[1])
        story += 1
    return [*pieces, *(piece for _, piece in later)]


def _titled(words: Sequence[str], person: int, story: int) -> str:
    return f"{watch_name(person)} {' '.join(words)} mã {story:05d}"
