"""Who is told when a chat or a topic cannot be written to any more, and what they can do about it.

Enqueues words and changes nothing else: what is given up is deliver.py's and bot/access.py's to say.
"""

from collections.abc import Collection
from datetime import datetime

from monitor.i18n import Translator, translator
from monitor.pipeline.admin_notices import Wording, place_words, tell_admins
from monitor.pipeline.dedupe_keys import notice_key
from monitor.store.transaction import Transaction
from monitor.types import Address, Alert, AlertKind, ChatKind, ChatState, DedupeKey, NewAlert, Reach, Refused

TOPIC_LOST = "topic-lost"  # begins the key of a word to a chat about one of its topics
MOST_TARGETS = 10  # named, of what was followed in a topic
REACHABLE = frozenset({ChatState.ACTIVE, ChatState.PAUSED})


def tell_lost(tx: Transaction, alert: Alert, refused: Refused, admins: Collection[int], now: datetime) -> None:
    """Say that a place refused a message: to the service's admins, and to whoever can put it right."""
    place = alert.address
    tell_admins(
        tx,
        frozenset(admins) - {place.chat_id},  # an admin chat that is lost cannot be told so itself
        lambda _: _.gettext("⚠️ Not delivered to {chat}: {why}", chat=place_words(_, tx, place), why=refused.why),
        dedupe_key=notice_key("refused", place.chat_id, f"{now:%Y%m%d}"),  # once a day a chat is enough
        now=now,
    )
    if refused.reach is Reach.TOPIC and place.thread_id:
        _tell_of_topic(tx, place, is_closed="closed" in refused.why.casefold(), now=now)
    elif refused.reach is Reach.CHAT:
        tell_who_brought(tx, place, refused.why, dedupe=f"{now:%Y%m%d}", now=now)
    elif is_about_topic(alert):  # the chat itself cannot be told of it
        lost = Address(place.chat_id, int(alert.dedupe_key.rpartition(":")[2]))
        _tell_person(tx, lost, lambda _: _topic_words(_, tx, lost, is_closed=False), alert.dedupe_key, now)


def is_about_topic(alert: Alert) -> bool:
    """Whether it is a word to a chat about one of its topics that is given up."""
    return alert.dedupe_key.startswith(f"{TOPIC_LOST}:")


def _tell_of_topic(tx: Transaction, topic: Address, *, is_closed: bool, now: datetime) -> None:
    """Tell a chat, outside of all topics, that one of them is given up."""
    chat = tx.chat(topic)
    text = _topic_words(translator(chat.lang if chat else "vi"), tx, topic, is_closed=is_closed)
    key = notice_key(TOPIC_LOST, topic.thread_id)  # a number that is never given again
    tx.enqueue([NewAlert(Address(topic.chat_id), AlertKind.NOTICE, key, text=text)], now=now)


def _topic_words(_: Translator, tx: Transaction, topic: Address, *, is_closed: bool) -> str:
    targets = ", ".join(tx.following(topic)[:MOST_TARGETS])
    place = place_words(_, tx, topic)
    text = (
        _.gettext("{topic} has been closed for days: I write there no more.", topic=place)
        if is_closed
        else _.gettext("{topic} is gone: I write there no more.", topic=place)
    )
    text = text[:1].upper() + text[1:]
    if not targets:
        return text
    again = _.gettext("What it followed comes again when you send in another topic: /follow {targets}", targets=targets)
    return f"{text}\n{again}"


def tell_who_brought(tx: Transaction, place: Address, why: str, *, dedupe: str, now: datetime) -> bool:
    """Tell whoever brought the bot into a group or channel that it may not write there, if they talk to the bot."""
    chat = tx.chat(Address(place.chat_id)) or tx.chat(place)

    def wording(_: Translator) -> str:
        lost = _.gettext("I cannot write to {chat}: {why}", chat=place_words(_, tx, Address(place.chat_id)), why=why)
        if chat is not None and chat.kind is ChatKind.CHANNEL:
            what = _.gettext("Make me an administrator of the channel, with the right to post messages.")
        else:
            what = _.gettext("Add me to the group again, or let me send messages there.")
        return f"⚠️ {lost}\n{what} " + _.gettext("What it follows is kept until then.")

    return _tell_person(tx, place, wording, notice_key("cannot-write", place.chat_id, dedupe), now)


def _tell_person(tx: Transaction, place: Address, wording: Wording, key: DedupeKey, now: datetime) -> bool:
    user_id = tx.brought_by(place)
    person = None if user_id is None else tx.chat(Address(user_id))
    if person is None or person.state not in REACHABLE or person.address.chat_id == place.chat_id:
        return False
    notice = NewAlert(person.address, AlertKind.NOTICE, key, text=wording(translator(person.lang)))
    return tx.enqueue([notice], now=now) > 0
