"""What readers and newspapers saw, held against what several processes promise. Reads logs and asks no process."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bot_api import BotApi, Call
from tests.cluster.fleet import AT_ONCE, SPACING, chat_id
from tests.cluster.press import Asked, Press, code_of

SENDS = ("sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup")
A_SECOND = 30  # messages that Telegram takes
BUGS = ("Traceback", "never retrieved", "job_failed", "never awaited")
OUTSIDE = ("StoreError: the database at", "RoleLost:")  # the database was away; a beat came too late on a slow machine
ROUNDING = 0.002  # seconds: the event loop's clock and its timers


@dataclass(frozen=True, slots=True)
class Ring:
    """A message that Telegram accepted: which story, for whom, by which process."""

    chat: int
    story: int
    process: int
    at: float


def rings(api: BotApi) -> list[Ring]:
    """All first messages about stories, in the order in which they were accepted."""
    return [
        Ring(int(call.params["chat_id"]), code_of(str(call.params["text"])), int(call.who), call.at)
        for call in api.accepted("sendMessage")
        if " mã " in str(call.params["text"])
    ]


def never_rang(rung: Collection[Ring], press: Press) -> set[int]:
    """Stories that were published, and not told to the chat that follows their person."""
    return press.told - {ring.story for ring in rung if ring.chat == chat_id(press.person_of(ring.story))}


def to_strangers(rung: Collection[Ring], press: Press) -> list[Ring]:
    """Messages about somebody whom the chat does not follow."""
    return [ring for ring in rung if ring.chat != chat_id(press.person_of(ring.story))]


def repeats(rung: Sequence[Ring]) -> list[Ring]:
    """Messages that rang again afterwards: Telegram had them and the rows had not."""
    by_story: defaultdict[int, list[Ring]] = defaultdict(list)
    for ring in rung:
        by_story[ring.story].append(ring)
    return [ring for each in by_story.values() for ring in each[:-1]]


def too_many_repeats(rung: Sequence[Ring], killed: Collection[int]) -> list[str]:
    """Repeats that no kill explains: of a killed process one for each message that was on the wire, of others none."""
    again = repeats(rung)
    of_chat = Counter((ring.process, ring.chat) for ring in again)
    of_process = Counter(ring.process for ring in again)
    return [
        *(f"{ring} came again, and its process lived" for ring in again if ring.process not in killed),
        *(f"{number} came again of process and chat {key}" for key, number in of_chat.items() if number > 1),
        *(f"{number} came again of process {key}" for key, number in of_process.items() if number > AT_ONCE),
    ]


def out_of_order(rung: Sequence[Ring], press: Press) -> list[tuple[Ring, Ring]]:
    """Where a chat that hears of one feed alone was told of a story after a later one; repeats aside."""
    wrong: list[tuple[Ring, Ring]] = []
    told: set[int] = set()
    last: dict[int, Ring] = {}
    for ring in rung:
        if not press.is_ordered(press.person_of(ring.story)) or ring.story in told:
            continue
        told.add(ring.story)
        if (before := last.get(ring.chat)) is not None and before.story > ring.story:
            wrong.append((before, ring))
        last[ring.chat] = ring
    return wrong


def too_soon(press: Press) -> list[tuple[int, float]]:
    """Hosts that were asked again before they had rested, and how long they had."""

    def began(asked: Asked) -> float:
        return asked.began

    return [
        (host.number, after.began - before.ended)
        for host in press.hosts
        for before, after in pairwise(sorted(host.asked, key=began))
        if after.began - before.ended < SPACING - ROUNDING
    ]


def busiest_second(calls: Sequence[Call]) -> int:
    """The most messages and edits that were sent within any second, those that Telegram refused as well."""
    times = sorted(call.at for call in calls if call.method in SENDS)
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def floods(calls: Sequence[Call]) -> int:
    """How often Telegram said that it is too much."""
    return sum("Too Many Requests" in call.error for call in calls)


def conflicts(calls: Sequence[Call]) -> list[str]:
    """Who was asking for updates when another one began to."""
    return [call.who for call in calls if "terminated by other getUpdates" in call.error]


def bugs(logs: str) -> list[str]:
    """Lines that no trouble outside explains."""
    lines = [line for line in logs.splitlines() if any(sign in line for sign in BUGS)]
    return [line for line in lines if not any(trouble in line for trouble in OUTSIDE)]


def untold_outlets(api: BotApi, press: Press, names: Mapping[int, str]) -> list[int]:
    """Stories whose message does not name the second newspaper that told them; `names` by host."""
    shown = {code_of(text): text for chat in list(api.chats) for text in api.texts(chat) if " mã " in text}
    return sorted(
        {piece.story for piece in press.pieces[: press.out] if names[piece.feed // 3] not in shown.get(piece.story, "")}
    )
