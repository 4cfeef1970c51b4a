"""Reasons of grouping, developments and merges in words, in the language of whoever reads them.

Decides no reason; those are codes with values (types.ReasonCode). English stands in the code, the rest in locale/.
"""

from monitor.i18n import Translator, translatable
from monitor.types import Reason, ReasonCode

_PLAIN = {
    ReasonCode.SAME_ARTICLE: translatable("the same article"),
    ReasonCode.SAME_WORDS: translatable("in the very words of earlier news"),
    ReasonCode.SAME_CONTENT: translatable("the same content"),
    ReasonCode.NOTHING_ALIKE: translatable("no news like it so far"),
    ReasonCode.FIRST_POLL: translatable("came with the first look at its feed: not compared"),
    ReasonCode.NOT_ALIKE_ENOUGH: translatable("no news enough like it so far"),
    ReasonCode.ROUNDUP: translatable("a roundup, which joins no story"),
    ReasonCode.MERGED: translatable("later news shows that two stories are one"),
    ReasonCode.PARTED: translatable("later news shows that this is another story"),
    ReasonCode.NEW_DECISION: translatable("a new decision"),
    ReasonCode.DENIED: translatable("somebody denies it"),
    ReasonCode.CORRECTED: translatable("there is a correction"),
}
_DIFFERENCES = {
    "decrees differ": translatable("another decree"),
    "laws differ": translatable("another law"),
    "topics differ": translatable("a decree about something else"),
    "scores differ": translatable("another match"),
    "places differ": translatable("another place"),
    "dates differ": translatable("another day"),
}
_LOSSES = {
    "dead": translatable("dead"),
    "injured": translatable("injured"),
    "casualties": translatable("dead or injured"),
    "missing": translatable("missing"),
    "trapped": translatable("trapped"),
}
_TURNS = {
    "charged": translatable("criminal charges"),
    "arrested": translatable("an arrest"),
    "sentenced": translatable("a sentence"),
    "resigned": translatable("a resignation"),
    "dismissed": translatable("a dismissal"),
    "appointed": translatable("an appointment"),
    "agreed": translatable("an agreement"),
    "collapsed": translatable("a collapse"),
    "postponed": translatable("put off or cancelled"),
    "passed": translatable("passed"),
    "in_force": translatable("in force"),
    "retaliated": translatable("retaliation"),
    "rescued": translatable("rescued or found"),
    "contained": translatable("under control"),
    "landfall": translatable("landfall"),
}


def reason_in_words(reason: Reason, _: Translator) -> str:
    """One short phrase without a full stop; a value that no table knows is shown as it is."""
    values = reason.values
    match reason.code:
        case ReasonCode.SHARED_WORDS:
            return _.gettext("both tell of: {words}", words=", ".join(values))
        case ReasonCode.DIFFERS:
            return _.gettext("like earlier news, but {difference}", difference=_known(_DIFFERENCES, values[0], _))
        case ReasonCode.TOLL_ROSE:
            loss, before, now = values
            return _.gettext("{loss}: up from {before} to {now}", loss=_known(_LOSSES, loss, _), before=before, now=now)
        case ReasonCode.FIRST_TOLL:
            loss, count = values
            return _.gettext("{count} {loss}", count=count, loss=_known(_LOSSES, loss, _))
        case ReasonCode.HAPPENED:
            return _.gettext("new: {turn}", turn=_known(_TURNS, values[0], _))
        case ReasonCode.DECIDED:
            return _.gettext("a decision: {turn}", turn=_known(_TURNS, values[0], _))
        case ReasonCode.NEW_VOICE:
            return _.gettext("{name} speaks as well", name=values[0])
        case ReasonCode.AS_WRITTEN:
            return values[0]
        case _:
            return _.gettext(_PLAIN[reason.code])


def _known(table: dict[str, str], value: str, _: Translator) -> str:
    return _.gettext(table[value]) if value in table else value
