"""Network, clock and token: what only other servers can tell. Asks a few, once, with the program's own client."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from monitor import __version__
from monitor.app.checkup.checks import Check, CheckState
from monitor.config import Settings
from monitor.net.politeness import HostGate
from monitor.net.request import Answer, HttpClient, Limits
from monitor.net.session import open_session
from monitor.types import Failed, Feed

FEEDS_ASKED = 3  # of different hosts
LIMITS = Limits(max_bytes=2**16, timeout=timedelta(seconds=10), is_shared=True, is_cut=True)
SLIGHTLY_WRONG, WRONG = timedelta(seconds=30), timedelta(minutes=5)  # of the clock; a Date header has seconds
SET_CLOCK = "set the clock: timedatectl set-ntp true"

Reply = tuple[str, Answer | Failed, timedelta | None]
"""The host, what it answered, and how far this machine's clock is ahead of its."""


async def examine(settings: Settings, feeds: Collection[Feed]) -> list[Check]:
    """All checks of this group, at once."""
    asked = _ask_all(settings, [feed.url for feed in _of_different_hosts(feeds)])
    (replies, api_reply), token = await asyncio.gather(asked, _token(settings))
    everybody = [*replies, *([api_reply] if api_reply else [])]
    return [
        judge_network(replies, api_reply),
        judge_clock([ahead for *_, ahead in everybody if ahead is not None]),
        token,
    ]


def _of_different_hosts(feeds: Collection[Feed]) -> list[Feed]:
    by_host = {urlsplit(feed.url).hostname: feed for feed in feeds if feed.enabled}
    return list(by_host.values())[:FEEDS_ASKED]


async def _ask_all(settings: Settings, urls: Sequence[str]) -> tuple[list[Reply], Reply | None]:
    async def ask(url: str, *, allow_private: bool) -> Reply:
        async with open_session(allow_private=allow_private, contact=settings.contact, version=__version__) as session:
            answer = await HttpClient(session, HostGate(timedelta(0))).get(url, LIMITS, {})
        return urlsplit(url).hostname or url, answer, _ahead(answer)

    replies = asyncio.gather(*(ask(url, allow_private=settings.http_allow_private) for url in urls))
    # behind a proxy only the bot can get there; a Bot API server of one's own may well stand on this machine
    if settings.telegram_token is None or settings.telegram_proxy is not None:
        return await replies, None
    feeds_replies, api = await asyncio.gather(replies, ask(settings.telegram_api_url, allow_private=True))
    return feeds_replies, api


def _ahead(answer: Answer | Failed) -> timedelta | None:
    try:
        said = parsedate_to_datetime(answer.headers["Date"]) if isinstance(answer, Answer) else None
    except (KeyError, ValueError):
        return None
    if said is None:
        return None
    return datetime.now(UTC) - (said if said.tzinfo else said.replace(tzinfo=UTC))


def judge_network(replies: Sequence[Reply], api: Reply | None) -> Check:
    """What can be reached. Any HTTP answer counts: which one is a matter of `monitor feeds`."""
    everybody = [*([api] if api else []), *replies]
    failed = [
        f"{host}: {answer.why.removeprefix(host).strip()}"
        for host, answer, _ in everybody
        if isinstance(answer, Failed)
    ]
    asked = len(everybody)
    if not asked:
        return Check("network", CheckState.OK, "not known: no feed to ask and no token", "")
    if not failed:
        return Check("network", CheckState.OK, f"{asked} of {asked} servers answer")
    what = f"{asked - len(failed)} of {asked} servers answer; {'; '.join(failed)}"
    if len(failed) == asked:
        return Check("network", CheckState.PROBLEM, what, "is this machine on the network, and does its DNS answer?")
    return Check("network", CheckState.WARNING, what, "try again in some minutes; monitor feeds shows every feed")


def judge_clock(aheads: Sequence[timedelta]) -> Check:
    """How the clock stands against the middle one of the servers'; a single server may be wrong itself."""
    if not aheads:
        return Check("clock", CheckState.OK, "not known: no server answered with its time")
    ahead = sorted(aheads)[len(aheads) // 2]
    off = abs(ahead)
    what = f"{off.total_seconds():.0f} s {'ahead of' if ahead > timedelta(0) else 'behind'} {len(aheads)} servers"
    if off < SLIGHTLY_WRONG:
        return Check("clock", CheckState.OK, what)
    return Check("clock", CheckState.PROBLEM if off >= WRONG else CheckState.WARNING, what, SET_CLOCK)


async def _token(settings: Settings) -> Check:
    if settings.telegram_token is None:
        return Check("token", CheckState.OK, "none is set: alerts go to channels, or to the terminal")
    from monitor.notify.token_check import introduce

    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else ""
    met = await introduce(settings.telegram_token.get_secret_value(), settings.telegram_api_url, proxy=proxy)
    if met.username:
        return Check("token", CheckState.OK, f"the bot is @{met.username}")
    if met.refused:
        do = "take the token from @BotFather anew and put it into MONITOR_TELEGRAM_TOKEN or its file"
        return Check("token", CheckState.PROBLEM, f"Telegram refuses it: {met.refused}", do)
    host = urlsplit(settings.telegram_api_url).netloc.rpartition("@")[2]
    do = f"check MONITOR_TELEGRAM_API_URL{', MONITOR_TELEGRAM_PROXY' if proxy else ''} and the network"
    return Check("token", CheckState.PROBLEM, f"not known: {host} gives no answer of a Bot API: {met.no_api}", do)
