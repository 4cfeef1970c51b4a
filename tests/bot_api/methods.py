"""What each method of the Bot API does, and when it is refused; the words are those of tdlib and telegram-bot-api.

Knows no HTTP and no troubles made on purpose.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.bot_api.chats import BOT_ID, ChatBook, bare, me, member_of, public, scope_of
from tests.bot_api.inline import OLD, checked_answer
from tests.bot_api.reading import content_of, markup_of, photo_of
from tests.bot_api.telegram_html import Json
from tests.bot_api.troubles import KINDS, Refusal
from tests.bot_api.world import World

_ALWAYS_TRUE = [
    "deleteWebhook",
    "logOut",
    "close",
    "sendChatAction",
    "leaveChat",
    "setMyName",
    "setMyDescription",
    "setMyShortDescription",
    "setChatMenuButton",
]


class Methods:
    """The methods over a world; with `any_chat` the bot may write to chats that nobody made."""

    def __init__(self, world: World, *, any_chat: bool) -> None:
        self._world = world
        self._any_chat = any_chat

    async def carry_out(self, method: str, params: Json) -> Any:
        """The result of a call; raises Refusal."""
        if method == "getUpdates":
            return await self._get_updates(params)
        handler: Callable[[Json], Any] | None = {
            "getMe": lambda _: me(),
            "sendMessage": lambda p: self._send(p, content_of),
            "sendPhoto": lambda p: self._send(p, photo_of),
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit_buttons,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer,
            "answerInlineQuery": self._answer_inline,
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatAdministrators": self._get_admins,
            "getChatMemberCount": lambda p: len(self.addressed(p).members),
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda p: self._world.commands.get(scope_of(p), []),
            "deleteMyCommands": lambda p: self._world.commands.pop(scope_of(p), None) is not None or True,
            "getWebhookInfo": lambda _: {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
            **dict.fromkeys(_ALWAYS_TRUE, lambda _: True),
        }.get(method)
        if handler is None:
            raise Refusal(404, "Not Found: method not found")
        return handler(params)

    async def _get_updates(self, params: Json) -> list[Json]:
        world = self._world
        world.polls += 1
        mine = world.polls
        world.changed.set()  # an older poll wakes and finds itself outdated
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
        if offset < 0:
            world.updates = world.updates[offset:]
        elif offset > 0:
            world.updates = [u for u in world.updates if u["update_id"] >= offset]
        allowed = params.get("allowed_updates") or []

        def ready() -> list[Json]:
            kinds = [u for u in world.updates if not allowed or (set(u) - {"update_id"}) <= set(allowed)]
            return kinds[:limit]

        deadline = time.monotonic() + float(params.get("timeout") or 0)
        while not (found := ready()) and (left := deadline - time.monotonic()) > 0 and not world.stopping.is_set():
            await world.change(left)
            if mine != world.polls:
                raise Refusal(*KINDS["conflict"])
        return found

    def addressed(self, params: Json) -> ChatBook:
        """The chat that a request names; raises Refusal where the bot may not write to it."""
        try:
            chat_id = int(params.get("chat_id") or 0)
        except ValueError:
            chat_id = 0
        if not chat_id:
            raise Refusal(400, "Bad Request: chat_id is empty")
        if chat_id not in self._world.chats and not self._any_chat:
            raise Refusal(400, "Bad Request: chat not found")
        chat = self._world.chat(chat_id)
        if chat.members.get(BOT_ID) in {"left", "kicked"}:
            raise Refusal(*KINDS["blocked" if chat.kind == "private" else "kicked"])
        return chat

    def _send(self, params: Json, read: Callable[[Json], Json]) -> Json:
        chat = self.addressed(params)
        content = read(params)
        chat_thread = int(params.get("message_thread_id") or 0)
        if chat_thread and chat_thread not in chat.topics:
            if not chat.falls_out:
                raise Refusal(*KINDS["thread_not_found"])
            chat_thread = 0
        if chat_thread in chat.closed:
            raise Refusal(*KINDS["topic_closed"])
        if chat.kind == "channel" and not chat.may_post:
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        reply = params.get("reply_parameters") or {}
        reply_to = reply.get("message_id") or params.get("reply_to_message_id")
        lenient = reply.get("allow_sending_without_reply", params.get("allow_sending_without_reply")) in {True, "true"}
        message: Json = {"message_id": chat.last_id + 1, "from": me(), "date": int(time.time())}
        message |= {"chat": chat.public(), **content}
        if chat.kind == "channel":
            message["sender_chat"] = chat.public()
        if chat_thread:
            message |= {"message_thread_id": chat_thread, "is_topic_message": True}
        if reply_to:
            if original := chat.messages.get(int(reply_to)):
                message["reply_to_message"] = bare(original)
            elif not lenient:
                raise Refusal(400, "Bad Request: message to be replied not found")
        message["_silent"] = params.get("disable_notification") in {True, "true"}
        chat.last_id += 1
        chat.messages[chat.last_id] = message
        return public(message)

    def _own(self, params: Json) -> tuple[ChatBook, Json]:
        chat = self.addressed(params)
        message = chat.messages.get(int(params.get("message_id") or 0))
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if message.get("from", {}).get("id") != BOT_ID:
            raise Refusal(400, "Bad Request: message can't be edited")
        return chat, message

    def _replace(self, chat: ChatBook, message: Json, content: Json) -> Json:
        compared = ("text", "entities", "reply_markup")
        if all(message.get(key) == content.get(key) for key in compared):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
                " same as a current content and reply markup of the message",
            )
        kept = {key: value for key, value in message.items() if key not in compared}
        new = kept | content | {"edit_date": int(time.time()), "_edits": message.get("_edits", 0) + 1}
        chat.messages[message["message_id"]] = new
        return public(new)

    def _edit(self, params: Json) -> Json:
        chat, message = self._own(params)
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        return self._replace(chat, message, content_of(params))

    def _edit_buttons(self, params: Json) -> Json:
        chat, message = self._own(params)
        content = {key: message[key] for key in ("text", "entities", "_html") if key in message}
        return self._replace(chat, message, content | markup_of(params))

    def _delete(self, params: Json) -> bool:
        chat = self.addressed(params)
        if chat.messages.pop(int(params.get("message_id") or 0), None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return True

    def _answer(self, params: Json) -> bool:
        query = str(params.get("callback_query_id"))
        if not query.isdigit() or int(query) >= self._world.next_query or query in self._world.answers:
            raise Refusal(400, OLD)
        if len(str(params.get("text") or "")) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        self._world.answers[query] = params
        return True

    def _answer_inline(self, params: Json) -> bool:
        query = str(params.get("inline_query_id"))
        if query not in self._world.inline_queries or query in self._world.inline_answers:
            raise Refusal(400, OLD)
        self._world.inline_answers[query] = checked_answer(params)
        return True

    def _get_chat(self, params: Json) -> Json:
        gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
        extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
        return self.addressed(params).public() | extra

    def _get_member(self, params: Json) -> Json:
        chat = self.addressed(params)
        user_id = int(params.get("user_id") or 0)
        if user_id == BOT_ID:
            return member_of(BOT_ID, chat.members.get(BOT_ID, "left"), bot=me())
        return member_of(user_id, chat.members.get(user_id, "left"))

    def _get_admins(self, params: Json) -> list[Json]:
        chat = self.addressed(params)
        if chat.kind == "private":
            raise Refusal(400, "Bad Request: there are no administrators in the private chat")
        return [member_of(i, s) for i, s in chat.members.items() if s in {"creator", "administrator"} and i != BOT_ID]

    def _set_commands(self, params: Json) -> bool:
        commands = params.get("commands") or []
        for each in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "")):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(each.get("description", "")) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        self._world.commands[scope_of(params)] = commands
        return True
