"""Puts a message before the readers of a channel outside Telegram: mail, ntfy, Matrix, a webhook, what Apprise knows.

Sends once and says in our words what came of it (apprise_outcomes.py); neither paces nor retries. Apprise waits for its
servers, so it works in threads. No address of a channel is ever logged or told: it may be a password.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import timedelta
from functools import cache, lru_cache

from apprise import Apprise, AppriseAsset, AppriseAttachment, NotifyBase, NotifyFormat, OverflowMode
from apprise.attachment.memory import AttachMemory

from monitor.notify.apprise_outcomes import FIRST_WAIT, SendTrace, judge, watched
from monitor.notify.forms import markdown_of, page_of, short_text_of, subject_of, text_of
from monitor.ports import Clock
from monitor.types import Address, Channel, Later, Message, Outcome, Reach, Refused, Sent, Unknown

SEND_WITHIN = timedelta(seconds=60)  # connecting (4 to 15 s), each answer (4 s) and Apprise's own pace together
SERVICES_KEPT = 200  # addresses that stay read; who has more channels reads some of them again
NO_NUMBER = 1  # a channel gives its messages no numbers; what counts is that it has one


class ChannelSender:
    """The Sender of all channels. Of one channel a failure says nothing about the others."""

    def __init__(
        self,
        channels: Callable[[], Mapping[Address, Channel]],
        *,
        clock: Clock,
        send_within: timedelta = SEND_WITHIN,
    ) -> None:
        self._channels = channels
        self._clock = clock
        self._send_within = send_within
        self._failures: dict[Address, int] = {}  # in a row
        self._hanging: dict[Address, Future[tuple[bool, SendTrace]]] = {}

    async def send(self, message: Message) -> Outcome:
        """Send once; expected failures are values. What a channel cannot do (an edit) is refused."""
        channel = self._channels().get(message.address)
        if channel is None:
            return Refused("its channel is not in channels.yaml any more", reach=Reach.CHAT)
        if message.edits is not None:
            return Refused("a channel cannot change what was sent")
        hanging = self._hanging.get(message.address)
        if hanging is not None and not hanging.done():
            return Later(self._clock() + FIRST_WAIT, "the message before this one still hangs")
        sending = self._hanging[message.address] = _in_a_thread(channel, message)
        try:
            async with asyncio.timeout(self._send_within.total_seconds()):
                has_arrived, trace = await asyncio.shield(asyncio.wrap_future(sending))
        except TimeoutError:
            seconds = int(self._send_within.total_seconds())
            return self._noted(message.address, Unknown(f"no end after {seconds} s", reach=Reach.CHAT))
        if has_arrived:
            return self._noted(message.address, Sent(NO_NUMBER))
        outcome = judge(trace, self._failures.get(message.address, 0), self._clock())
        return self._noted(message.address, outcome)

    async def probe(self) -> str:
        """Nothing: channels are not out of reach together."""
        return ""

    def _noted(self, address: Address, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Sent | Refused):
            self._failures.pop(address, None)
        else:
            self._failures[address] = self._failures.get(address, 0) + 1
        return outcome


def _in_a_thread(channel: Channel, message: Message) -> Future[tuple[bool, SendTrace]]:
    """A daemon of its own: an executor's thread that hangs in a dead server would keep the process alive."""
    answer: Future[tuple[bool, SendTrace]] = Future()

    def work() -> None:
        try:
            answer.set_result(_send(channel.url, message))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=work, name=f"channel-{channel.id}", daemon=True).start()
    return answer


def _send(url: str, message: Message) -> tuple[bool, SendTrace]:
    with watched() as trace:
        service = _service(url)
        if service is None:
            raise ValueError("the address of a channel became unreadable")
        title, body, form = _worded(service, message.html)
        picture = None
        if message.picture is not None and service.attachment_support:
            held = AttachMemory(  # type: ignore[no-untyped-call]
                content=message.picture, name="picture.png", mimetype="image/png"
            )
            picture = AppriseAttachment(held)
        cuts = service.overflow_mode is OverflowMode.UPSTREAM  # left to itself a service refuses what is too long
        try:
            has_arrived = service.notify(
                body,
                title=title,
                attach=picture,
                body_format=form,
                overflow=OverflowMode.TRUNCATE if cuts else service.overflow_mode,
            )
        except Exception as error:  # a service's bug: its words and its traceback may hold the address
            trace.errors.append(error)
            has_arrived = False
    return bool(has_arrived), trace


def _worded(service: NotifyBase, html: str) -> tuple[str, str, NotifyFormat]:
    """Title and body in the form that the service shows best."""
    form = service.resolve_format()
    title = subject_of(html) if service.title_maxlen > 0 else ""
    match form:
        case NotifyFormat.HTML:
            return title, page_of(html), form
        case NotifyFormat.MARKDOWN:
            return title, markdown_of(html), form
        case _:
            return title, short_text_of(html) if title else text_of(html), NotifyFormat.TEXT


# ---------------------------------------------------------------- addresses


def trouble_with(url: str) -> str:
    """Why `url` is no address of one place, without quoting it; empty when it is. The first call loads all services."""
    with watched():
        service = _service(url)
    if service is None:
        return "Apprise cannot read this address: see github.com/caronc/apprise/wiki for how it is written"
    if len(service) > 1:
        return f"this address names {len(service)} receivers: write a channel for each, so that none is told twice"
    return ""


def host_of(url: str) -> tuple[str, int]:
    """The host and port that messages to this address go to; an empty host where the service alone knows it.

    Many addresses have a key where others have a host: what has no dot is none.
    """
    with watched():
        service = _service(url)
    host = str(getattr(service, "smtp_host", "") or getattr(service, "host", "") or "")
    port = getattr(service, "port", None) or (443 if getattr(service, "secure", False) else 80)
    is_host = host == "localhost" or "." in host or ":" in host
    return (host, int(port)) if is_host else ("", 0)


@lru_cache(maxsize=SERVICES_KEPT)
def _service(url: str) -> NotifyBase | None:
    return Apprise.instantiate(url, asset=_looks())


@cache
def _looks() -> AppriseAsset:
    """As whom Apprise introduces itself; without pictures from its own site."""
    return AppriseAsset(
        app_id="vn-news-monitor",
        app_desc="vn-news-monitor",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        secure_logging=True,
    )
