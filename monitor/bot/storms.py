"""Who asks more than a person can: pure, with the time as an argument; in memory, for a storm is over in seconds.

Knows no chat and no words. A storm is what comes while the last `span` holds more than `most`, dropped ones counted,
too: it ends when its sender has been calm.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from enum import Enum, auto

from monitor.pipeline.recent import MOST_KEPT, Limit, Recent


class Turn(Enum):
    """What becomes of a command."""

    ANSWER = auto()
    TELL = auto()  # the first one too many: say so
    DROP = auto()


COMMANDS_OF_PERSON = Limit(20, timedelta(seconds=10))  # nobody types more
COMMANDS_OF_GROUP = Limit(40, timedelta(seconds=10))  # of several people: one alone cannot take all of it
PRESSES_OF_PERSON = Limit(40, timedelta(seconds=10))  # turning pages is quicker than typing
PRESSES_OF_GROUP = Limit(80, timedelta(seconds=10))
QUERIES_OF_PERSON = Limit(40, timedelta(seconds=10))  # behind the bot's name: one a letter, as fast as anybody types
WRONG_CODES = Limit(5, timedelta(hours=1))  # of 72 random bits nobody guesses one; this keeps them from trying


PAGES_READ = Limit(3, timedelta(minutes=1))  # for one chat's /missed: others wait meanwhile, seconds each


class Storms:
    """Decides about each command of each person, and of each group as a whole."""

    def __init__(self, of_person: Limit, of_group: Limit) -> None:
        self._persons = Recent(of_person)
        self._groups = Recent(of_group)
        self._told: set[Hashable] = set()

    def turn(self, chat_id: int, person: int | None, now: datetime) -> Turn:
        """What becomes of a command that comes now. `person` is who speaks; None: the chat itself, as a channel does.

        A person counts in each chat by itself: who looks after forty groups may greet them all. What they send too much
        is not counted against a group, so that its others are still heard.
        """
        speaker = ("person", chat_id, person)
        found = self._judge(self._persons, speaker, now)
        if found is not Turn.ANSWER or person in (None, chat_id):
            return found
        return self._judge(self._groups, ("group", chat_id), now)

    def _judge(self, recent: Recent, key: Hashable, now: datetime) -> Turn:
        if not recent.add(key, now):
            self._told.discard(key)
            return Turn.ANSWER
        if key in self._told:
            return Turn.DROP
        if len(self._told) >= MOST_KEPT:
            self._told.clear()  # somebody is told twice
        self._told.add(key)
        return Turn.TELL
