"""The world as a test moves and reads it: chats, what people write and press, troubles, and the calls of the bot.

Knows no HTTP: server.py answers requests, methods.py says what each method does to this world.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable

from tests.bot_api.chats import (
    BOT_ID,
    Call,
    ChatBook,
    Shown,
    as_shown,
    bare,
    commands_in,
    keyboard,
    me,
    member_of,
    public,
    user_of,
)
from tests.bot_api.telegram_html import Json
from tests.bot_api.troubles import KINDS, Trouble


class World:
    """Chats are made with add_chat, or by what is pushed into them."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.answers: dict[str, Json] = {}  # by callback query id
        self.inline_queries: set[str] = set()  # that the bot was told of
        self.inline_answers: dict[str, Json] = {}  # by inline query id
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope as JSON and language
        self.chats: dict[int, ChatBook] = {}
        self.updates: list[Json] = []
        self.next_query = 1
        self.polls = 0  # the newest long poll; an older one still waiting ends with a 409
        self.changed = asyncio.Event()
        self.stopping = asyncio.Event()
        self._next_update = 1

    def chat(self, chat_id: int) -> ChatBook:
        """The chat with that id, made on first use."""
        if chat_id not in self.chats:
            self.add_chat(chat_id)
        return self.chats[chat_id]

    # ------------------------------------------------ what happens in it

    def add_chat(
        self,
        chat_id: int,
        kind: str = "",
        *,
        title: str = "",
        admins: tuple[int, ...] | list[int] = (),
        topics: tuple[int, ...] | list[int] = (),
    ) -> None:
        """Make a chat the bot may write to; a positive id is a private chat, -100… a supergroup unless said otherwise.

        `topics` are the thread ids of a forum; every one else but `admins` is a plain member.
        """
        if not kind:
            kind = "private" if chat_id > 0 else "supergroup" if str(chat_id).startswith("-100") else "group"
        chat = ChatBook(chat_id, kind, title or f"Chat {chat_id}", bool(topics), set(topics))
        chat.members = {BOT_ID: "member"} | dict.fromkeys(admins, "administrator")
        if kind == "private":
            chat.members[chat_id] = "member"
        elif kind == "channel":
            chat.members[BOT_ID] = "administrator"
        self.chats[chat_id] = chat

    def set_member(self, chat_id: int, user_id: int, status: str) -> None:
        """creator, administrator, member, restricted, left or kicked."""
        self.chat(chat_id).members[user_id] = status

    def delete_topic(self, chat_id: int, thread_id: int, *, falls_out: bool = False) -> None:
        """A topic is deleted with its messages; what is sent there is refused, or (`falls_out`) stands in the chat."""
        chat = self.chat(chat_id)
        chat.topics.discard(thread_id)
        chat.falls_out = falls_out
        chat.messages = {i: m for i, m in chat.messages.items() if m.get("message_thread_id") != thread_id}

    def push_message(
        self,
        chat_id: int,
        text: str,
        *,
        user_id: int | None = None,
        thread_id: int | None = None,
        reply_to: int | None = None,
        lang: str = "vi",
    ) -> int:
        """A person writes; gives the message id. In a private chat the person is the chat, in a channel the channel."""
        chat = self.chat(chat_id)
        chat.last_id += 1
        message: Json = {"message_id": chat.last_id, "date": int(time.time()), "chat": chat.public(), "text": text}
        if entities := commands_in(text):
            message["entities"] = entities
        if chat.kind == "channel":
            message["sender_chat"] = chat.public()
        else:
            writer = user_id if user_id is not None else abs(chat_id)
            chat.members.setdefault(writer, "member")
            message["from"] = user_of(writer, lang=lang)
        if thread_id is not None:
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = bare(chat.messages[reply_to])
        chat.messages[chat.last_id] = message
        self.push("channel_post" if chat.kind == "channel" else "message", message)
        return chat.last_id

    def press(self, chat_id: int, message_id: int, data: str, *, user_id: int | None = None, lang: str = "vi") -> str:
        """A person presses the button with that data; the message must show it. Gives the callback query's id."""
        message = self.chat(chat_id).messages[message_id]
        shown = [b.get("callback_data") for row in keyboard(message) for b in row]
        if data not in shown:
            raise LookupError(f"message {message_id} of chat {chat_id} shows {shown}, not {data!r}")
        query = str(self.next_query)
        self.next_query += 1
        presser = user_id if user_id is not None else abs(chat_id)
        self.push(
            "callback_query",
            {
                "id": query,
                "from": user_of(presser, lang=lang),
                "message": public(message),
                "chat_instance": str(chat_id),
                "data": data,
            },
        )
        return query

    def push_inline_query(self, user_id: int, text: str, *, lang: str = "vi", chat_type: str = "group") -> str:
        """A person types behind the bot's name, in any chat; at most 256 characters. Gives the query's id."""
        query = str(self.next_query)
        self.next_query += 1
        self.inline_queries.add(query)
        asked = {"id": query, "from": user_of(user_id, lang=lang), "query": text[:256], "offset": ""}
        self.push("inline_query", {**asked, "chat_type": chat_type})
        return query

    def push_my_chat_member(
        self, chat_id: int, new: str, *, old: str = "left", user_id: int | None = None, may_post: bool = True
    ) -> None:
        """Somebody lets the bot in, makes it administrator, or throws it out; in a channel perhaps without a voice."""
        chat = self.chat(chat_id)
        chat.members[BOT_ID] = new
        chat.may_post = may_post

        def member(status: str) -> Json:
            rights = {"can_post_messages": may_post} if chat.kind == "channel" and status == "administrator" else {}
            return member_of(BOT_ID, status, bot=me()) | rights

        self.push(
            "my_chat_member",
            {
                "chat": chat.public(),
                "from": user_of(user_id if user_id is not None else abs(chat_id)),
                "date": int(time.time()),
                "old_chat_member": member(old),
                "new_chat_member": member(new),
            },
        )

    def migrate(self, old: int, new: int) -> None:
        """The group becomes a supergroup: the old id answers 400 with the new one, and the bot is told by updates."""
        book = self.chat(old)
        self.add_chat(new, "supergroup", title=book.title)
        self.chats[new].members |= book.members
        self.trouble("migrated", chat_id=old, times=None, moved_to=new)
        for chat, key, other in ((book, "migrate_to_chat_id", new), (self.chats[new], "migrate_from_chat_id", old)):
            chat.last_id += 1
            self.push(
                "message",
                {
                    "message_id": chat.last_id,
                    "date": int(time.time()),
                    "chat": chat.public(),
                    "from": user_of(1),
                    key: other,
                },
            )

    def trouble(
        self,
        kind: str,
        *,
        chat_id: int | None = None,
        times: int | None = 1,
        method: str | None = None,
        seconds: float = 1.0,
        moved_to: int = 0,
    ) -> Trouble:
        """Switch a trouble on; `times` None keeps it until calm(). Its `times` counts down as requests meet it."""
        if kind not in KINDS:
            raise LookupError(f"no such trouble: {kind}; there are {sorted(KINDS)}")
        new = Trouble(kind, chat_id, times, method, seconds, moved_to)
        self.troubles.append(new)
        return new

    def calm(self) -> None:
        """Switch all troubles off."""
        self.troubles.clear()

    def meet(self, method: str, params: Json, kind: str) -> Trouble | None:
        """The trouble of that kind that this request runs into, counted down."""
        for trouble in self.troubles:
            if trouble.kind == kind and trouble.meets(method, params):
                if trouble.times is not None:
                    trouble.times -= 1
                return trouble
        return None

    # ------------------------------------------------ what a test reads

    def shown(self, chat_id: int, thread_id: int | None = None) -> list[Shown]:
        """The bot's messages that a chat (or one topic of it) shows now, oldest first."""
        book = self.chats.get(chat_id)
        mine = [m for m in book.messages.values() if m.get("from", {}).get("id") == BOT_ID] if book else []
        return [as_shown(m) for m in mine if thread_id is None or m.get("message_thread_id") == thread_id]

    def texts(self, chat_id: int) -> list[str]:
        """The plain texts of shown()."""
        return [message.text for message in self.shown(chat_id)]

    def accepted(self, *methods: str) -> list[Call]:
        """The calls that were carried out, of these methods (none named: of all)."""
        return [call for call in self.calls if not call.error and (not methods or call.method in methods)]

    async def until(self, holds: Callable[[], bool], *, within: float = 60.0) -> None:
        """Wait until `holds()` after some call or update; TimeoutError says what is shown instead."""
        deadline = time.monotonic() + within
        while not holds():
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError(
                    f"not within {within} s; shown: { {i: self.texts(i) for i in self.chats} }, "
                    f"last calls: {[(c.method, c.error) for c in self.calls[-5:]]}"
                )
            await self.change(left)

    async def change(self, within: float) -> None:
        """Wait until something happens, `within` seconds at most."""
        self.changed.clear()  # whoever waits already is awake by the set() that went before
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self.changed.wait()

    def push(self, kind: str, payload: Json) -> None:
        """Put an update of any kind, however wrong, into the queue."""
        self.updates.append({"update_id": self._next_update, kind: payload})
        self._next_update += 1
        self.changed.set()
