"""The forms by which a chat follows a watch or a tag, and follows it no longer: by the bot's own rules.

Watches of a chat's own are followed by being kept; those are the bot's to end.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.i18n import translatable
from monitor.pipeline.follow_targets import MOST_FOLLOWED, follow_targets
from monitor.store.transaction import Transaction
from monitor.types import EVERYTHING, Address, ChatState, Target, Watch, WatchId, own_number
from monitor.web.page import Answer, GoTo, NotAllowed, NotHere, Visit, WrongInput
from monitor.web.site import ADMINISTRATOR

_BACK = re.compile(r"/watches(?:/[a-z0-9-]+)?(?:[?][!-~]*)?(?:#[a-z0-9-]+)?")
_TOLD = frozenset({ChatState.ACTIVE, ChatState.PAUSED})


@dataclass(frozen=True, slots=True)
class Following:
    """What a viewer's chat follows. `may_change`: whether it is one that alerts go to."""

    targets: tuple[Target, ...] = ()
    may_change: bool = False

    def of(self, watch: Watch) -> tuple[Target, ...]:
        """By which of its targets a watch is followed: itself first, then its tags, then everything."""
        wider = (*(Target(f"#{tag}") for tag in watch.tags), EVERYTHING) if own_number(watch.id) is None else ()
        return tuple(each for each in (Target(watch.id), *wider) if each in self.targets)


def read_following(tx: Transaction, address: Address | None) -> Following:
    """What this chat follows; nothing for who is no chat."""
    if address is None:
        return Following()
    return Following(tuple(tx.following(address)), _is_told(tx, address))


async def follow(visit: Visit) -> Answer:
    """Follow what the form names."""
    target, address = _wanted(visit), visit.address
    assert address is not None

    def write(tx: Transaction) -> Sequence[Target]:
        _check(tx, visit, address)
        _, _, refused = follow_targets(tx, address, [target], now=visit.now)
        return refused

    if await visit.site.store.write(write):
        most = translatable("One chat can follow {n} targets at most. A tag brings many along at once.")
        raise WrongInput(visit.words.gettext(most, n=MOST_FOLLOWED))
    return _back(visit)


async def unfollow(visit: Visit) -> Answer:
    """Follow it no longer."""
    target, address = _wanted(visit), visit.address
    assert address is not None

    def write(tx: Transaction) -> None:
        _check(tx, visit, address)
        tx.unfollow(address, target)

    await visit.site.store.write(write)
    return _back(visit)


def _is_told(tx: Transaction, address: Address) -> bool:
    chat = tx.chat(address)
    return address != ADMINISTRATOR and chat is not None and chat.state in _TOLD


def _check(tx: Transaction, visit: Visit, address: Address) -> None:
    if not _is_told(tx, address):
        raise NotAllowed(visit.words.gettext("No alerts go to this chat: send /start to the bot there first."))


def _wanted(visit: Visit) -> Target:
    """The target that the form names: a watch of the files, or a tag of one."""
    target = Target(visit.form.get("target", ""))
    if target not in known_targets(visit.site.watches()):
        raise NotHere(visit.words.gettext("There is no such watch."))
    return target


def known_targets(watches: Mapping[WatchId, Watch]) -> set[Target]:
    """What the page lets a chat follow of these: watches that are switched on, and their tags."""
    shared = [watch for watch in watches.values() if watch.enabled and own_number(watch.id) is None]
    return {Target(watch.id) for watch in shared} | {Target(f"#{tag}") for watch in shared for tag in watch.tags}


def _back(visit: Visit) -> GoTo:
    back = visit.form.get("back", "")
    return GoTo(back if _BACK.fullmatch(back) else "/watches")
