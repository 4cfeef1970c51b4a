"""Why an article was not told, in words, with what would have to change; plain text in a reader's language.

Decides no reason; those are codes with values (types.MissedReason), decided in pipeline/missed_reasons.py.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo

from monitor.i18n import Translator, translatable
from monitor.notify.render import clock_time
from monitor.types import MissedCode, MissedReason

_WORDS = {
    MissedCode.OUTLET_NOT_READ: translatable(
        "No feed of this newspaper is read. Its feed would have to stand in feeds.yaml."
    ),
    MissedCode.FEEDS_OFF: translatable(
        "The feeds of this newspaper are switched off ({names}): `enabled: true` in feeds.yaml reads them."
    ),
    MissedCode.FEEDS_FAIL: translatable("The feeds of this newspaper fail ({names}) since {time}: {why}"),
    MissedCode.NOT_IN_FEED: translatable(
        "The newspaper is read, but this article did not stand in the feeds that are read of it ({names}), or it was "
        "so long ago that it is not kept any more. Another section's feed may list it."
    ),
    MissedCode.NOT_STORED: translatable("No stored article says so; these words were read as if they were one."),
    MissedCode.NOT_LOOKED_AT: translatable("It came at {time} and waits to be looked at."),
    MissedCode.ITEM_PARKED: translatable(
        "It could not be looked at, three times, and waits for an editor since {time}: {why}. /stuck tries it again."
    ),
    MissedCode.NO_MATCH: translatable("It came, and names nothing that is watched."),
    MissedCode.IN_PASSING: translatable(
        "{names}: named in passing only, once and deep in the text. That rings for nobody."
    ),
    MissedCode.DOUBTED: translatable(
        "{names}: named by a short form alone, which was taken for the beginning of a longer name. The full "
        "name or an office would be certain."
    ),
    MissedCode.WATCHLIST_CHANGED: translatable(
        "{names}: today's watchlist finds it. When the article came, the watchlist did not; older articles do not ring."
    ),
    MissedCode.WATCH_GONE: translatable(
        "It matched {names}, which the watchlist no longer has, or which is switched off."
    ),
    MissedCode.FIRST_POLL: translatable(
        "It came at {time} with the first look at its feed ({names}), which rings for nothing: it was published before."
    ),
    MissedCode.TOO_OLD: translatable(
        "It was published at {time}, longer before it stood in the feed ({names}) than `max_alert_age` allows."
    ),
    MissedCode.NOBODY_FOLLOWS: translatable("It matched {names}, and nobody follows that."),
    MissedCode.NOT_FOLLOWED: translatable("It matched {names}, which is not followed here. /follow changes that."),
    MissedCode.FOLLOWED_LATER: translatable(
        "It matched {names}, which was followed only at {time}, after it had come."
    ),
    MissedCode.CHAT_UNKNOWN: translatable("It matched {names}. This chat is no subscriber: /start makes it one."),
    MissedCode.CHAT_LOST: translatable("The bot may not write to this chat ({why})."),
    MissedCode.MUTED: translatable("Its story was muted. In reply to its alert, /unmute brings it back."),
    MissedCode.ROUNDUP: translatable(
        "It is a roundup of the day's news. It rings only for what was not told within a day ({names})."
    ),
    MissedCode.MATCHED_LATER: translatable(
        "It was found for {names} only afterwards, when the watchlist was changed or the article had been told: that "
        "rings for nothing. The next article of the story does."
    ),
    MissedCode.OUTLET_MUTED: translatable("{names} is muted here: its articles ring nobody. /settings changes that."),
    MissedCode.TOO_FEW_OUTLETS: translatable(
        "So far {names} tell this story. Here it rings from {why} newspapers on; /settings changes that."
    ),
    MissedCode.UPDATES_OFF: translatable(
        "It is a development of a story that was told at {time}: “{title}”. Developments do not ring here; /settings "
        "changes that."
    ),
    MissedCode.GATHERED: translatable("It waits for the digest of {time}. /digest now brings it at once."),
    MissedCode.TOLD: translatable("It was told at {time}."),
    MissedCode.TOLD_WITH_STORY: translatable(
        "It belongs to a story that was told at {time}: “{title}”. Later outlets and what is no development are added "
        "to that message silently."
    ),
    MissedCode.TOLD_AS_LINE: translatable(
        "It stands as a line (➕) in an earlier message, of {time}: it told nothing new of the same event, or its "
        "watch had rung as often as its `rate` allows."
    ),
    MissedCode.TOLD_IN_DIGEST: translatable("It was told at {time} in a digest of what had waited."),
    MissedCode.ON_ITS_WAY: translatable("Its alert is on its way at this moment."),
    MissedCode.WAITING: translatable("Its alert waits to be sent, not before {time}."),
    MissedCode.PAUSED: translatable("Its alert waits, because alerts are paused here. /resume brings them."),
    MissedCode.UNCERTAIN: translatable(
        "Its alert was sent at {time}, and Telegram's answer got lost: it may have arrived. It waits for an editor: "
        "/stuck."
    ),
    MissedCode.REFUSED: translatable("Telegram refused its alert at {time}: {why}"),
    MissedCode.ALERT_PARKED: translatable(
        "Its alert could not be written, three times, and waits for an editor: {why}. /stuck tries it again."
    ),
    MissedCode.GIVEN_UP: translatable("Its alert was let go at {time}: {why}"),
}


def missed_words(reason: MissedReason, _: Translator, *, zone: tzinfo, now: datetime) -> str:
    """One or two sentences; times in `zone`, as seen from `now`."""
    values = {
        "names": ", ".join(reason.names),
        "time": clock_time(reason.at.astimezone(zone), now.astimezone(zone)) if reason.at else "–",
        "title": " ".join(reason.title.split()),
        "why": reason.why or "–",
    }
    words = _.gettext(_WORDS[reason.code], **values)
    return words + _why(reason, _) + _chats(reason, _.ngettext)


def _why(reason: MissedReason, _: Translator) -> str:
    """What a waiting row says of itself."""
    if reason.code is not MissedCode.WAITING or not reason.why:
        return ""
    return " " + _.gettext("Why: {why}", why=reason.why)


def _chats(reason: MissedReason, ngettext: Callable[[str, str, int], str]) -> str:
    """How many were told, where more than the one that asks may have been."""
    if reason.chats < 2:
        return ""
    return " " + ngettext("{n} chat was told.", "{n} chats were told.", reason.chats)
