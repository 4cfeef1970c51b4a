"""Subscribers and what they wish: the bot's transactions, and what befalls a chat as a whole.

Decides nothing of who may do what.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, literal, or_, select, update

from monitor.store.hold_rows import HoldRows
from monitor.store.preferences import read_preferences, written
from monitor.store.statements import AnyRow
from monitor.store.story_rows import story_now
from monitor.store.tables import (
    alerts,
    chats,
    feed_keys,
    feedback,
    invites,
    is_unwelcome,
    login_links,
    mutes,
    own_watches,
    row_id,
    row_ids,
    saved_items,
    sessions,
    stories,
    subscriptions,
)
from monitor.types import Address, AlertState, Chat, ChatKind, ChatState, OpenInvite, StoryId, Target, WatchId

NAME_OF_INVITE = 8  # letters of the hash; two alike among the open ones would take thousands of them


class ChatRows(HoldRows):
    """Chats with their subscriptions, mutes, complaints and invitations."""

    def chat(self, address: Address) -> Chat | None:
        """A subscriber, if known."""
        mine = and_(chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id)
        row = self._row(select(chats).where(mine))
        return None if row is None else chat_of(row)

    def save_chat(self, chat: Chat) -> None:
        """Insert or update one subscriber; who joined once keeps that day."""
        values = {
            "kind": chat.kind,
            "title": chat.title,
            "lang": chat.lang,
            "state": chat.state,
            "paused_until": chat.paused_until,
            "joined_at": chat.joined_at,
            "preferences": written(chat.preferences),
            "gather_from": chat.gather_from,
            "gather_until": chat.gather_until,
        }
        key = {"chat_id": chat.address.chat_id, "thread_id": chat.address.thread_id}
        insert = self._insert(chats).values(**key, **values)
        changed = values | {"joined_at": func.coalesce(insert.excluded.joined_at, chats.c.joined_at)}
        self._change(insert.on_conflict_do_update(index_elements=list(key), set_=changed))

    def chats(self, states: Collection[ChatState] | None = None) -> list[Chat]:
        """All subscribers in these states (None: all), by address."""
        known = select(chats).order_by(chats.c.chat_id, chats.c.thread_id)
        if states is not None:
            known = known.where(self._one_of(chats.c.state, [state.value for state in states]))
        return [chat_of(row) for row in self._rows(known)]

    def unwelcome(self, *, among: Collection[int] | None = None) -> set[Address]:
        """The chats that the bot may not write to: blocked by a reader, or barred by an admin."""
        mine = self._of_chats(chats.c.chat_id, among)
        rows = self._rows(select(chats.c.chat_id, chats.c.thread_id).where(is_unwelcome(chats), mine))
        return {Address(row.chat_id, row.thread_id) for row in rows}

    def follow(self, address: Address, target: Target, *, now: datetime) -> bool:
        """False when it was followed already. The chat must be saved first: the database says so otherwise."""
        wish = self._insert(subscriptions).values(
            chat_id=address.chat_id, thread_id=address.thread_id, target=target, since=now
        )
        return self._row(wish.on_conflict_do_nothing().returning(subscriptions.c.id)) is not None

    def unfollow(self, address: Address, target: Target) -> bool:
        """False when it was not followed. Target "*" here stands for that one subscription, not for all."""
        mine = (
            subscriptions.c.chat_id == address.chat_id,
            subscriptions.c.thread_id == address.thread_id,
            subscriptions.c.target == target,
        )
        return self._change(delete(subscriptions).where(*mine)) > 0

    def following(self, address: Address) -> list[Target]:
        """What a chat follows, in the order in which it asked."""
        mine = (subscriptions.c.chat_id == address.chat_id, subscriptions.c.thread_id == address.thread_id)
        rows = self._rows(select(subscriptions.c.target).where(*mine).order_by(subscriptions.c.id))
        return [Target(row.target) for row in rows]

    def subscribers(
        self, targets: Mapping[Target, WatchId | None], *, among: Collection[int] | None = None
    ) -> list[tuple[Chat, tuple[Target, ...]]]:
        """Active and paused chats that follow any of `targets`, with which; by address. `among`: these chats alone."""
        wishes = (
            select(chats, subscriptions.c.target)
            .join(
                subscriptions,
                and_(subscriptions.c.chat_id == chats.c.chat_id, subscriptions.c.thread_id == chats.c.thread_id),
            )
            .where(
                self._one_of(subscriptions.c.target, targets),
                self._of_chats(subscriptions.c.chat_id, among),
                chats.c.state.in_([ChatState.ACTIVE.value, ChatState.PAUSED.value]),
            )
            .order_by(chats.c.chat_id, chats.c.thread_id, subscriptions.c.id)
        )
        followed: dict[Chat, list[Target]] = defaultdict(list)
        for row in self._rows(wishes):
            followed[chat_of(row)].append(Target(row.target))
        return [(chat, tuple(mine)) for chat, mine in followed.items()]

    def mute(self, address: Address, story_id: StoryId, *, now: datetime) -> None:
        """This chat wants no more of this story; of one that is not known any more there is nothing to mute."""
        if not self._is_story(story_id):
            return
        wish = self._insert(mutes).values(
            chat_id=address.chat_id, thread_id=address.thread_id, story_id=story_now(row_id(story_id)), at=now
        )
        self._change(wish.on_conflict_do_nothing())

    def unmute(self, address: Address, story_id: StoryId) -> bool:
        """This chat wants to hear of it again; False when it was not muted."""
        mine = (mutes.c.chat_id == address.chat_id, mutes.c.thread_id == address.thread_id)
        return self._change(delete(mutes).where(*mine, mutes.c.story_id == story_now(row_id(story_id)))) > 0

    def muted(self, story_id: StoryId, *, among: Collection[int] | None = None) -> set[Address]:
        """Who wants no more of it. `among`: of these chats alone."""
        return self.muted_of([story_id], among=among).get(story_id, set())

    def muted_of(
        self, story_ids: Collection[StoryId], *, among: Collection[int] | None = None
    ) -> dict[StoryId, set[Address]]:
        """Who wants no more of each of these stories; those that everybody wants are left out."""
        if not story_ids:
            return {}
        now = func.coalesce(stories.c.merged_into, stories.c.id)
        rows = select(stories.c.id, mutes.c.chat_id, mutes.c.thread_id).join(mutes, mutes.c.story_id == now)
        found: defaultdict[StoryId, set[Address]] = defaultdict(set)
        mine = self._of_chats(mutes.c.chat_id, among)
        for row in self._rows(rows.where(self._one_of(stories.c.id, row_ids(story_ids)), mine)):
            found[StoryId(str(row.id))].add(Address(row.chat_id, row.thread_id))
        return dict(found)

    def add_feedback(
        self, address: Address, story_id: StoryId, evidence: Sequence[Mapping[str, object]], *, now: datetime
    ) -> bool:
        """Keep a reader's complaint with the matches that led to it; False when this chat said so before.

        Also False when the story is not known.
        """
        if not self._is_story(story_id):
            return False
        said = self._insert(feedback).values(
            chat_id=address.chat_id,
            thread_id=address.thread_id,
            story_id=row_id(story_id),
            at=now,
            evidence=[dict(each) for each in evidence],
        )
        return self._row(said.on_conflict_do_nothing().returning(feedback.c.id)) is not None

    def feedback(self, *, limit: int) -> list[Mapping[str, object]]:
        """The newest complaints: chat_id, thread_id, story_id, title, at, evidence, and how many persons say so."""
        said = select(feedback, stories.c.title).join(stories, stories.c.id == feedback.c.story_id)
        rows = self._rows(said.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(limit))
        return [
            {
                "chat_id": row.chat_id,
                "thread_id": row.thread_id,
                "voices": len(row.voices),
                "story_id": StoryId(str(row.story_id)),
                "title": row.title,
                "at": row.at,
                "evidence": row.evidence,
            }
            for row in rows
        ]

    def add_invite(self, code: str, *, now: datetime, lasts: timedelta = timedelta(days=7)) -> str:
        """A word that lets one chat in until it expires; gives the name of it. Deletes those that expired unused.

        Of the word only a hash is kept: who reads the database, a backup or an export cannot come in by it.
        """
        gone = (invites.c.used_at.is_(None), invites.c.expires_at <= now)
        self._change(delete(invites).where(*gone))
        new = self._insert(invites).values(code=_hash_of(code), created_at=now, expires_at=now + lasts)
        self._change(new.on_conflict_do_nothing())
        return _hash_of(code)[:NAME_OF_INVITE]

    def use_invite(self, code: str, address: Address, *, now: datetime) -> bool:
        """False when there is no such word, it has expired, or it has been used by another chat."""
        asked = _hash_of(code)
        known = self._row(select(invites.c.code).where(invites.c.code == asked))
        if known is None or not hmac.compare_digest(known.code, asked):
            return False
        mine = and_(invites.c.used_chat_id == address.chat_id, invites.c.used_thread_id == address.thread_id)
        free = and_(invites.c.used_at.is_(None), invites.c.expires_at > now)
        used = {
            "used_at": func.coalesce(invites.c.used_at, literal(now, invites.c.used_at.type)),
            "used_chat_id": address.chat_id,
            "used_thread_id": address.thread_id,
        }
        return self._change(update(invites).where(invites.c.code == asked, or_(free, mine)).values(used)) > 0

    def open_invites(self, *, now: datetime) -> list[OpenInvite]:
        """Those that still let somebody in, the next to expire first."""
        still = (invites.c.used_at.is_(None), invites.c.expires_at > now)
        rows = self._rows(select(invites).where(*still).order_by(invites.c.expires_at, invites.c.code))
        return [OpenInvite(row.code[:NAME_OF_INVITE], row.created_at, row.expires_at) for row in rows]

    def end_invite(self, name: str) -> bool:
        """Take an open invitation back; False when there is none of that name."""
        named = func.substr(invites.c.code, 1, NAME_OF_INVITE) == name
        return self._change(delete(invites).where(named, invites.c.used_at.is_(None))) > 0

    def lose_chat(self, chat_id: int) -> None:
        """Mark every topic of the chat as blocked; one that an admin barred stays barred."""
        mine = (chats.c.chat_id == chat_id, chats.c.state != ChatState.BARRED.value)
        self._change(update(chats).where(*mine).values(state=ChatState.BLOCKED))

    def lose_topic(self, address: Address) -> None:
        """Mark one topic as blocked; one that an admin barred stays barred."""
        mine = (chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id)
        self._change(
            update(chats).where(*mine, chats.c.state != ChatState.BARRED.value).values(state=ChatState.BLOCKED)
        )

    def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: subscribers, subscriptions, mutes and outbox rows follow to the new id.

        Where the new id is known already, both become one and the new one's word counts. Messages of the old group
        cannot be edited or answered from the new one, whose message ids start again: their ids are forgotten.
        """
        if old == new:
            return
        self._move_subscribers(old, new)
        self._move_outbox(old, new)
        self.move_holds(old, new)
        self._change(update(invites).where(invites.c.used_chat_id == old).values(used_chat_id=new))

    def _move_subscribers(self, old: int, new: int) -> None:
        # copied, then deleted: the new id may have rows of its own, and subscriptions hang on chats
        for table in (chats, subscriptions, mutes, feedback, saved_items):
            kept = [each for each in table.c if each.name not in ("id", "chat_id")]
            rows = select(literal(new).label("chat_id"), *kept).where(table.c.chat_id == old)
            if "id" in table.c:
                rows = rows.order_by(table.c.id)  # what was followed first stays first
            copy = self._insert(table).from_select(["chat_id", *(each.name for each in kept)], rows)
            self._change(copy.on_conflict_do_nothing())
        self._move_feed_keys(old, new)
        for table in (mutes, feedback, saved_items, subscriptions, chats):
            self._change(delete(table).where(table.c.chat_id == old))
        for table in (own_watches, sessions, login_links):
            self._change(update(table).where(table.c.chat_id == old).values(chat_id=new))

    def _move_feed_keys(self, old: int, new: int) -> None:
        """Moved and not copied: a key is there once."""
        theirs = feed_keys.alias("theirs")
        has_one = select(theirs.c.key).where(theirs.c.chat_id == new, theirs.c.thread_id == feed_keys.c.thread_id)
        mine = feed_keys.c.chat_id == old
        self._change(update(feed_keys).where(mine, ~has_one.exists()).values(chat_id=new))
        self._change(delete(feed_keys).where(mine))

    def _move_outbox(self, old: int, new: int) -> None:
        theirs = alerts.alias("theirs")
        twins = select(
            alerts.c.id, alerts.c.state, theirs.c.id.label("new_id"), theirs.c.state.label("new_state")
        ).join(
            theirs,
            and_(
                theirs.c.chat_id == new,
                theirs.c.thread_id == alerts.c.thread_id,
                theirs.c.dedupe_key == alerts.c.dedupe_key,
            ),
        )
        for row in self._rows(twins.where(alerts.c.chat_id == old)):
            if row.state == AlertState.SENT and row.new_state == AlertState.PENDING:
                told = {"state": AlertState.SKIPPED, "why": "told before the chat moved"}
                self._change(update(alerts).where(alerts.c.id == row.new_id).values(told))
            self._change(update(alerts).where(alerts.c.digest_id == row.id).values(digest_id=row.new_id))
            self._change(delete(alerts).where(alerts.c.id == row.id))
        moved = {"chat_id": new, "message_id": None}
        self._change(update(alerts).where(alerts.c.chat_id == old).values(moved))

    def _is_story(self, story_id: StoryId) -> bool:
        return self._row(select(stories.c.id).where(stories.c.id == row_id(story_id))) is not None


def _hash_of(code: str) -> str:
    # 72 random bits need no salt and no slow hash
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()


def chat_of(row: AnyRow) -> Chat:
    """The subscriber of a row that has all its columns."""
    return Chat(
        address=Address(row.chat_id, row.thread_id),
        kind=ChatKind(row.kind),
        title=row.title,
        lang=row.lang,
        state=ChatState(row.state),
        joined_at=row.joined_at,
        paused_until=row.paused_until,
        preferences=read_preferences(row.preferences),
        gather_from=row.gather_from,
        gather_until=row.gather_until,
    )
