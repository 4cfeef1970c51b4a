"""What it means that Telegram refuses the bot itself: a hiccup, a wrong token, or an address where no Bot API is.

Counts, and puts into words; who waits between two refusals is polling or the deliverer.
"""

from datetime import datetime, timedelta

from telegram import error

from monitor.errors import SenderBroken

IN_A_ROW = 6  # with the waits between them a minute: a server that restarts was seen to answer 401 for seconds
TOGETHER = timedelta(seconds=1)  # messages that left within it meet one and the same refusal
AT_START = 3  # nobody has been let in yet: a wrong token is likelier than a hiccup, and somebody is looking on


class Refusals:
    """Refusals of the bot in a row: the last of `most` ends the service, any answer in between forgets them."""

    def __init__(self, most: int = IN_A_ROW) -> None:
        self._most = most
        self._count = 0
        self._last: datetime | None = None

    def note(self, raised: error.InvalidToken, now: datetime) -> str:
        """One more; what it means, in one line. Raises SenderBroken when these are too many for a hiccup."""
        if self._last is None or abs(now - self._last) >= TOGETHER:
            self._count, self._last = self._count + 1, now
        why = refusal_words(raised)
        if self._count >= self._most:
            raise SenderBroken(why)  # not chained to its cause: python-telegram-bot's message may name the token
        return why

    def forget(self) -> None:
        """Telegram has answered otherwise."""
        self._count, self._last = 0, None


def refusal_words(raised: error.InvalidToken) -> str:
    """What to check. python-telegram-bot raises the same for a 401, an unknown token, and a 404, an unknown path.

    Telegram answers 404 to a token that has not the form of one; every web server does so where no Bot API is.
    """
    said: BaseException | None = raised
    while said is not None:
        if "Unauthorized" in str(said):
            return "Telegram refuses the bot's token: check MONITOR_TELEGRAM_TOKEN"
        said = said.__cause__
    return (
        "404 Not Found in place of a bot: check MONITOR_TELEGRAM_API_URL, which has to be the address of a Bot API"
        " server, and whether MONITOR_TELEGRAM_TOKEN is whole"
    )
