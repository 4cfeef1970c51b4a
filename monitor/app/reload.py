"""The files as they are in force: read and compiled as a whole, swapped in as a whole, and let go of little by little.

Runs in a thread beside the event loop, but what one call into C does no other thread gets past. So nothing here takes
long in one go: the garbage collector rests meanwhile (its walk over a large watchlist took 160 ms), and what 10,000
watches are made of is freed piece by piece. Which files, and when to look at them again, is for monitor/app/service.py.
"""

import contextlib
import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.config import Config, Places, load_all
from monitor.matching.active_watchlist import ActiveWatchlist

_AT_ONCE = 200  # things freed before another thread may have its turn: less than a millisecond
_TURN = 0.001  # seconds
_PAUSE = 0.05  # seconds
_PATIENCE = 40  # pauses


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """What the YAML files say, and what detection made of it."""

    config: Config
    active: ActiveWatchlist

    def pieces(self) -> list[Any]:
        """What it is made of, what holds before what is held, in things of which none takes long to free."""
        return [*self.active.matcher.parts(), *self.config.watchlist.watches]


def load_config(config_dir: Path, *, timezone: str) -> LoadedConfig:
    """Read the files and compile the watchlist: 1–2 s for 10,000 watches, so call it in a thread.

    Leaves out where in the files things stand, which only an editor's check asks. Raises ConfigError with every
    mistake of every file.
    """
    with _short_turns(), collector_at_rest():
        config = load_all(config_dir, timezone=timezone)
        places = [entry for _, entry in config.places.entries.values()]
        config = replace(config, places=Places())
        _free(places)
        return compile_config(config)


def compile_config(config: Config) -> LoadedConfig:
    """Compile what was read: up to a second for 10,000 watches, so call it in a thread."""
    with collector_at_rest():
        watchlist = config.watchlist
        active = ActiveWatchlist.of(watchlist)
        return LoadedConfig(replace(config, places=Places()), active)


def free_gently(old: list[LoadedConfig]) -> None:
    """Free reloading that nobody else will ask for, a few things at a time; call it in a thread.

    They come in a list that is emptied, because a caller's own reference would free what is left, and in one go. Waits
    for whoever is still at work with one, some seconds at most: an item on its way keeps its active to the end.
    """
    while old:
        loaded = old.pop()
        patience = _PATIENCE
        while sys.getrefcount(loaded.active) > 2 and patience:  # 2: the loaded's, and the one of asking
            patience -= 1
            time.sleep(_PAUSE)
        with _short_turns():
            pieces = loaded.pieces()
            del loaded
            _free(pieces)


def _free(pieces: list[Any]) -> None:
    pieces.reverse()  # a list is cheap to shorten at its end
    while pieces:
        del pieces[-_AT_ONCE:]


@contextlib.contextmanager
def _short_turns() -> Iterator[None]:
    """Another thread that wants its turn gets it after a millisecond of Python instead of five."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextlib.contextmanager
def collector_at_rest() -> Iterator[None]:
    """No search for garbage meanwhile, and none later in what was made: it lives until it is let go of, without cycles.

    What else is alive at the end is frozen with it: cycles of the moment stay for ever, a few kB an loaded.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
