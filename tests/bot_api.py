"""A Telegram Bot API server on loopback: the rules and the troubles of the real one, for tests.

Knows nothing of the monitor. In a test: `async with BotApi() as api:` and give `api.url` to the program as
MONITOR_TELEGRAM_API_URL. As a process of its own: `python -m tests.bot_api --port 8081 --log FILE`; every method of
BotApi named in CONTROLS is then a POST to /control/NAME with a JSON object of its arguments.

Rules follow core.telegram.org/bots/api and the server's own wording of errors (tdlib, telegram-bot-api).
"""

import argparse
import asyncio
import contextlib
import json
import math
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import web

Json = dict[str, Any]

MAX_TEXT = 4096  # UTF-16 units after entities
MAX_ENTITIES = 100  # the rest of a message's entities is dropped without a word
MAX_CALLBACK_DATA = 64  # bytes
BOT_ID = 7_000_001


# ---------------------------------------------------------------- HTML as Telegram reads it


class BadMarkup(ValueError):
    """What follows "can't parse entities: "."""


def utf16(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def _character(found: re.Match[str]) -> str:
    if name := found[3]:
        return _NAMED[name]
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def parse_html(html: str) -> tuple[str, list[Json]]:
    """Text and entities of `html`; raises BadMarkup where Telegram answers 400."""
    out: list[str] = []
    length = 0
    stack: list[tuple[str, int, Mapping[str, str]]] = []
    entities: list[Json] = []
    at = 0
    while at < len(html):
        begin = html.find("<", at)
        chunk = _unescape(html[at : begin if begin >= 0 else len(html)])
        out.append(chunk)
        length += utf16(chunk)
        if begin < 0:
            break
        offset = len(html[:begin].encode())
        if html.startswith("</", begin):
            end = html.find(">", begin)
            if end < 0:
                raise BadMarkup(f"Unclosed end tag at byte offset {offset}")
            name = html[begin + 2 : end].strip().lower()
            if not stack:
                raise BadMarkup(f"Unexpected end tag at byte offset {offset}")
            opened, start, attributes = stack.pop()
            if name and name != opened:
                raise BadMarkup(f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"')
            if length > start:
                entity: Json = {"type": _TAGS[opened], "offset": start, "length": length - start}
                if opened == "a":
                    url = attributes.get("href") or "".join(out).encode("utf-16-le")[start * 2 :].decode("utf-16-le")
                    entity["url"] = url
                # an address that is none makes no link, and no error
                if opened != "a" or _is_web_address(entity["url"]):
                    entities.append(entity)
            at = end + 1
            continue
        named = re.compile(r"<([a-zA-Z-]*)").match(html, begin)
        assert named is not None
        name, here = named[1].lower(), named.end()
        if name not in _TAGS:
            shown = re.split(r"[\s/>]", html[begin + 1 :], maxsplit=1)[0].lower()
            raise BadMarkup(f'Unsupported start tag "{shown}" at byte offset {offset}')
        attributes = {}
        while found := _ATTRIBUTE.match(html, here):
            attributes[found[1].lower()] = _unescape(found[2] or found[3] or found[4] or "")
            here = found.end()
        rest = re.compile(r"\s*>").match(html, here)
        if rest is None:
            if html.find(">", here) < 0:
                raise BadMarkup(f"Unclosed start tag at byte offset {offset}")
            raise BadMarkup(f'Unexpected end of name token in the tag "{name}" at byte offset {offset}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        stack.append((name, length, attributes))
        at = rest.end()
    if stack:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return "".join(out), sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "tg", "mailto", "tel"} and bool(parts.netloc or parts.path)


# ---------------------------------------------------------------- what a test sees


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a chat shows it now, after its edits."""

    chat_id: int
    message_id: int
    text: str  # plain, without markup
    html: str  # as it was sent
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Json, ...], ...]
    reply_to: int | None
    thread_id: int | None
    silent: bool
    edits: int  # how often it was edited
    preview: bool  # whether a link preview would be shown

    def bold(self) -> list[str]:
        """The bold passages, in order."""
        return [self.passage(entity) for entity in self.entities if entity["type"] == "bold"]

    def passage(self, entity: Json) -> str:
        """The text under an entity."""
        units = self.text.encode("utf-16-le")
        return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")

    def labels(self) -> list[str]:
        """The labels of its buttons, row by row."""
        return [button["text"] for row in self.buttons for button in row]

    def data(self) -> list[str]:
        """The callback data of its buttons, row by row."""
        return [button["callback_data"] for row in self.buttons for button in row if "callback_data" in button]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot and how it ended; `params` as read, `error` empty when it was accepted."""

    at: float  # seconds of the server's clock
    method: str
    params: Json
    error: str = ""
    message_id: int | None = None
    who: str = ""  # which process asked, when each was given an address of its own: url_of(who)


@dataclass(slots=True)
class Trouble:
    """Something that goes wrong. `kind` is a key of KINDS; None in a field means any chat, any method, for ever."""

    kind: str
    chat_id: int | None = None
    times: int | None = 1
    method: str | None = None  # by default every method that names a chat, or every one when chat_id is None
    seconds: float = 1.0  # retry_after, or the delay
    moved_to: int = 0

    def meets(self, method: str, params: Json) -> bool:
        """Whether this request runs into it."""
        if self.times == 0 or (self.method is not None and self.method != method):
            return False
        return self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id)


class _Refusal(Exception):
    """An answer with ok = false."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}


KINDS: dict[str, tuple[int, str]] = {
    "flood": (429, "Too Many Requests: retry after {seconds}"),
    "flood_bare": (429, "Too Many Requests"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "not_member": (403, "Forbidden: bot is not a member of the channel chat"),
    "chat_not_found": (400, "Bad Request: chat not found"),
    "no_rights": (400, "Bad Request: not enough rights to send text messages to the chat"),
    "write_forbidden": (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    "topic_closed": (400, "Bad Request: TOPIC_CLOSED"),
    "thread_not_found": (400, "Bad Request: message thread not found"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    "unauthorized": (401, "Unauthorized"),
    "not_found": (404, "Not Found"),
    "conflict": (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
    "server_error": (500, "Internal Server Error: restart"),
    # and those that are no JSON answer:
    "bad_gateway": (502, "an HTML page"),
    "not_json": (200, "an HTML page with status 200, after the call was carried out"),
    "drop_before": (0, "the connection is dropped before the call is read"),
    "drop_after": (0, "the connection is dropped after the call was carried out"),
    "delay": (0, "`seconds` pass before the call is read"),
    "delay_after": (0, "`seconds` pass between the call being carried out and its answer"),
}

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
_RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_post_messages",
    "can_edit_messages",
    "is_anonymous",
]
_NESTED = frozenset(
    ["reply_markup", "reply_parameters", "entities", "commands", "scope", "allowed_updates", "link_preview_options"]
)
_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(slots=True)
class _ChatBook:
    """A chat with its members and messages."""

    id: int
    kind: str
    title: str
    forum: bool = False
    topics: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    last_id: int = 0
    messages: dict[int, Json] = field(default_factory=dict)

    def public(self) -> Json:
        chat: Json = {"id": self.id, "type": self.kind}
        chat["first_name" if self.kind == "private" else "title"] = self.title
        if self.forum:
            chat["is_forum"] = True
        return chat


def _user(user_id: int, name: str = "", lang: str = "vi") -> Json:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": name or f"Người đọc {user_id}",
        "username": f"u{user_id}",
        "language_code": lang,
    }


# ---------------------------------------------------------------- the server


class BotApi:
    """The server. Chats are made with add_chat, or on first use with `any_chat`; limits are Telegram's own when on.

    `clock` (seconds, monotonic) drives only the limits. `log` gets a JSON line for every accepted call but getUpdates,
    flushed before the answer leaves, so that whoever is killed afterwards is still on record.
    """

    def __init__(
        self,
        *,
        token: str = "7000001:loopback-TOKEN_for-tests",
        port: int = 0,
        log: Path | None = None,
        any_chat: bool = False,
        limits: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.url = ""
        self.any_chat = any_chat
        self.limits = limits
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.answers: dict[str, Json] = {}  # by callback query id
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope as JSON and language
        self.chats: dict[int, _ChatBook] = {}
        self._port = port
        self._log = log
        self._clock = clock
        self._updates: list[Json] = []
        self._next_update = 1
        self._next_query = 1
        self._polls = 0  # the newest long poll; an older one still waiting ends with a 409
        self._changed = asyncio.Event()
        self._recent: deque[float] = deque()
        self._recent_of: dict[int, deque[float]] = {}
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_route("*", "/{who}/bot{token}/{method}", self._serve)
        app.router.add_post("/control/{name}", self._control)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)  # its lines hold the token
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._changed.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def url_of(self, who: str) -> str:
        """An address of the same server under which calls are noted as of `who`."""
        return f"{self.url}/{who}"

    # ------------------------------------------------ the world, as a test moves it

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
        chat = _ChatBook(chat_id, kind, title or f"Chat {chat_id}", bool(topics), set(topics))
        chat.members = {BOT_ID: "member"} | dict.fromkeys(admins, "administrator")
        if kind == "private":
            chat.members[chat_id] = "member"
        elif kind == "channel":
            chat.members[BOT_ID] = "administrator"
        self.chats[chat_id] = chat

    def set_member(self, chat_id: int, user_id: int, status: str) -> None:
        """creator, administrator, member, restricted, left or kicked."""
        self._chat(chat_id).members[user_id] = status

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
        chat = self._chat(chat_id)
        chat.last_id += 1
        message: Json = {"message_id": chat.last_id, "date": int(time.time()), "chat": chat.public(), "text": text}
        if entities := _commands_in(text):
            message["entities"] = entities
        if chat.kind == "channel":
            message["sender_chat"] = chat.public()
        else:
            writer = user_id if user_id is not None else abs(chat_id)
            chat.members.setdefault(writer, "member")
            message["from"] = _user(writer, lang=lang)
        if thread_id is not None:
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = _bare(chat.messages[reply_to])
        chat.messages[chat.last_id] = message
        self._push("channel_post" if chat.kind == "channel" else "message", message)
        return chat.last_id

    def press(self, chat_id: int, message_id: int, data: str, *, user_id: int | None = None, lang: str = "vi") -> str:
        """A person presses the button with that data; the message must show it. Gives the callback query's id."""
        message = self._chat(chat_id).messages[message_id]
        shown = [b.get("callback_data") for row in _keyboard(message) for b in row]
        if data not in shown:
            raise LookupError(f"message {message_id} of chat {chat_id} shows {shown}, not {data!r}")
        query = str(self._next_query)
        self._next_query += 1
        presser = user_id if user_id is not None else abs(chat_id)
        self._push(
            "callback_query",
            {
                "id": query,
                "from": _user(presser, lang=lang),
                "message": _public(message),
                "chat_instance": str(chat_id),
                "data": data,
            },
        )
        return query

    def push_my_chat_member(self, chat_id: int, new: str, *, old: str = "left", user_id: int | None = None) -> None:
        """Somebody lets the bot in, makes it administrator, or throws it out."""
        chat = self._chat(chat_id)
        chat.members[BOT_ID] = new

        def member(status: str) -> Json:
            return _member(BOT_ID, status, bot=self._me())

        self._push(
            "my_chat_member",
            {
                "chat": chat.public(),
                "from": _user(user_id if user_id is not None else abs(chat_id)),
                "date": int(time.time()),
                "old_chat_member": member(old),
                "new_chat_member": member(new),
            },
        )

    def migrate(self, old: int, new: int) -> None:
        """The group becomes a supergroup: the old id answers 400 with the new one, and the bot is told by updates."""
        book = self._chat(old)
        self.add_chat(new, "supergroup", title=book.title)
        self.chats[new].members |= book.members
        self.trouble("migrated", chat_id=old, times=None, moved_to=new)
        for chat, key, other in ((book, "migrate_to_chat_id", new), (self.chats[new], "migrate_from_chat_id", old)):
            chat.last_id += 1
            self._push(
                "message",
                {
                    "message_id": chat.last_id,
                    "date": int(time.time()),
                    "chat": chat.public(),
                    "from": _user(1),
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

    # ------------------------------------------------ what a test reads

    def shown(self, chat_id: int, thread_id: int | None = None) -> list[Shown]:
        """The bot's messages that a chat (or one topic of it) shows now, oldest first."""
        book = self.chats.get(chat_id)
        mine = [m for m in book.messages.values() if m.get("from", {}).get("id") == BOT_ID] if book else []
        return [_shown(m) for m in mine if thread_id is None or m.get("message_thread_id") == thread_id]

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
            await self._change(left)

    # ------------------------------------------------ requests

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if any(t.kind == "drop_before" and t.chat_id is None and t.meets(method, {}) for t in self.troubles):
            # before even a byte of the body is taken, as a proxy that restarts does
            self._meet(method, {}, "drop_before")
            return _drop(request)
        params = await _params(request)
        if self._meet(method, params, "drop_before"):
            return _drop(request)
        if delay := self._meet(method, params, "delay"):
            await self._pause(delay.seconds)
        if self._meet(method, params, "bad_gateway"):
            self._note(Call(self._clock(), method, params, "502"))
            return web.Response(status=502, text=_PAGE, content_type="text/html")
        try:
            self._refuse(request.match_info["token"], method, params)
            result = await self._carry_out(method, params)
        except _Refusal as refusal:
            self._note(Call(self._clock(), method, params, refusal.description))
            answer: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                answer["parameters"] = refusal.parameters
            return web.json_response(answer, status=refusal.code)
        message_id = result.get("message_id") if isinstance(result, dict) else None
        who = request.match_info.get("who", "")
        self._note(Call(self._clock(), method, params, message_id=message_id, who=who))
        if delay := self._meet(method, params, "delay_after"):
            await self._pause(delay.seconds)
        if self._meet(method, params, "drop_after"):
            return _drop(request)
        if self._meet(method, params, "not_json"):
            return web.Response(text=_PAGE, content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    def _meet(self, method: str, params: Json, kind: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.kind == kind and trouble.meets(method, params):
                if trouble.times is not None:
                    trouble.times -= 1
                return trouble
        return None

    def _refuse(self, token: str, method: str, params: Json) -> None:
        """Raise the refusal that this request runs into, if any."""
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise _Refusal(404, "Not Found")
        if token != self.token:
            raise _Refusal(401, "Unauthorized")
        for kind, (code, description) in KINDS.items():
            if code in {0, 200, 502} or (trouble := self._meet(method, params, kind)) is None:
                continue
            parameters: Json = {}
            if kind == "flood":
                parameters = {"retry_after": math.ceil(trouble.seconds)}
            elif kind == "migrated":
                parameters = {"migrate_to_chat_id": trouble.moved_to}
            raise _Refusal(code, description.format(seconds=math.ceil(trouble.seconds)), parameters)
        if self.limits and method in {"sendMessage", "editMessageText", "editMessageReplyMarkup"}:
            self._limit(self._addressed(params))

    def _limit(self, chat: _ChatBook) -> None:
        """Telegram's rough limits: 30 a second in all, 1 a second a chat, 20 a minute a group or channel."""
        now = self._clock()
        of_chat = self._recent_of.setdefault(chat.id, deque())
        windows = [(self._recent, 30, 1.0), (of_chat, 1, 1.0)]
        if chat.kind != "private":
            windows.append((of_chat, 20, 60.0))
        for recent in (self._recent, of_chat):
            while recent and recent[0] <= now - 60.0:
                recent.popleft()
        for recent, most, seconds in windows:
            inside = [at for at in recent if at > now - seconds]
            if len(inside) >= most:
                wait = max(1, math.ceil(inside[-most] + seconds - now))
                raise _Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        self._recent.append(now)
        of_chat.append(now)

    async def _carry_out(self, method: str, params: Json) -> Any:
        if method == "getUpdates":
            return await self._get_updates(params)
        handler: Callable[[Json], Any] | None = {
            "getMe": lambda _: self._me(),
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit_buttons,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer,
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatAdministrators": self._get_admins,
            "getChatMemberCount": lambda p: len(self._addressed(p).members),
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda p: self.commands.get(_scope(p), []),
            "deleteMyCommands": lambda p: self.commands.pop(_scope(p), None) is not None or True,
            "getWebhookInfo": lambda _: {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
            **dict.fromkeys(_ALWAYS_TRUE, lambda _: True),
        }.get(method)
        if handler is None:
            raise _Refusal(404, "Not Found: method not found")
        return handler(params)

    async def _get_updates(self, params: Json) -> list[Json]:
        self._polls += 1
        mine = self._polls
        self._changed.set()  # an older poll wakes and finds itself outdated
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
        if offset < 0:
            self._updates = self._updates[offset:]
        elif offset > 0:
            self._updates = [u for u in self._updates if u["update_id"] >= offset]
        allowed = params.get("allowed_updates") or []

        def ready() -> list[Json]:
            kinds = [u for u in self._updates if not allowed or (set(u) - {"update_id"}) <= set(allowed)]
            return kinds[:limit]

        deadline = time.monotonic() + float(params.get("timeout") or 0)
        while not (found := ready()) and (left := deadline - time.monotonic()) > 0 and not self._stopping.is_set():
            await self._change(left)
            if mine != self._polls:
                raise _Refusal(*KINDS["conflict"])
        return found

    async def _change(self, within: float) -> None:
        """Wait until something happens, `within` seconds at most."""
        self._changed.clear()  # whoever waits already is awake by the set() that went before
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._changed.wait()

    async def _pause(self, seconds: float) -> None:
        """The delay of a slow server; ends at once when the server stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    # ------------------------------------------------ methods

    def _me(self) -> Json:
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Monitor",
            "username": "monitor_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _chat(self, chat_id: int) -> _ChatBook:
        if chat_id not in self.chats:
            self.add_chat(chat_id)
        return self.chats[chat_id]

    def _addressed(self, params: Json) -> _ChatBook:
        try:
            chat_id = int(params.get("chat_id") or 0)
        except ValueError:
            chat_id = 0
        if not chat_id:
            raise _Refusal(400, "Bad Request: chat_id is empty")
        if chat_id not in self.chats and not self.any_chat:
            raise _Refusal(400, "Bad Request: chat not found")
        chat = self._chat(chat_id)
        if chat.members.get(BOT_ID) in {"left", "kicked"}:
            raise _Refusal(*KINDS["blocked" if chat.kind == "private" else "kicked"])
        return chat

    def _send(self, params: Json) -> Json:
        chat = self._addressed(params)
        content = _content(params)
        chat_thread = int(params.get("message_thread_id") or 0)
        if chat_thread and chat_thread not in chat.topics:
            raise _Refusal(*KINDS["thread_not_found"])
        reply = params.get("reply_parameters") or {}
        reply_to = reply.get("message_id") or params.get("reply_to_message_id")
        lenient = reply.get("allow_sending_without_reply", params.get("allow_sending_without_reply")) in {True, "true"}
        message: Json = {"message_id": chat.last_id + 1, "from": self._me(), "date": int(time.time())}
        message |= {"chat": chat.public(), **content}
        if chat.kind == "channel":
            message["sender_chat"] = chat.public()
        if chat_thread:
            message |= {"message_thread_id": chat_thread, "is_topic_message": True}
        if reply_to:
            if original := chat.messages.get(int(reply_to)):
                message["reply_to_message"] = _bare(original)
            elif not lenient:
                raise _Refusal(400, "Bad Request: message to be replied not found")
        message["_silent"] = params.get("disable_notification") in {True, "true"}
        chat.last_id += 1
        chat.messages[chat.last_id] = message
        return _public(message)

    def _own(self, params: Json) -> tuple[_ChatBook, Json]:
        chat = self._addressed(params)
        message = chat.messages.get(int(params.get("message_id") or 0))
        if message is None:
            raise _Refusal(400, "Bad Request: message to edit not found")
        if message.get("from", {}).get("id") != BOT_ID:
            raise _Refusal(400, "Bad Request: message can't be edited")
        return chat, message

    def _replace(self, chat: _ChatBook, message: Json, content: Json) -> Json:
        compared = ("text", "entities", "reply_markup")
        if all(message.get(key) == content.get(key) for key in compared):
            raise _Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
                " same as a current content and reply markup of the message",
            )
        kept = {key: value for key, value in message.items() if key not in compared}
        new = kept | content | {"edit_date": int(time.time()), "_edits": message.get("_edits", 0) + 1}
        chat.messages[message["message_id"]] = new
        return _public(new)

    def _edit(self, params: Json) -> Json:
        chat, message = self._own(params)
        return self._replace(chat, message, _content(params))

    def _edit_buttons(self, params: Json) -> Json:
        chat, message = self._own(params)
        content = {key: message[key] for key in ("text", "entities", "_html") if key in message}
        return self._replace(chat, message, content | _markup(params))

    def _delete(self, params: Json) -> bool:
        chat = self._addressed(params)
        if chat.messages.pop(int(params.get("message_id") or 0), None) is None:
            raise _Refusal(400, "Bad Request: message to delete not found")
        return True

    def _answer(self, params: Json) -> bool:
        query = str(params.get("callback_query_id"))
        if not query.isdigit() or int(query) >= self._next_query or query in self.answers:
            raise _Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(str(params.get("text") or "")) > 200:
            raise _Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answers[query] = params
        return True

    def _get_chat(self, params: Json) -> Json:
        gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
        extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
        return self._addressed(params).public() | extra

    def _get_member(self, params: Json) -> Json:
        chat = self._addressed(params)
        user_id = int(params.get("user_id") or 0)
        if user_id == BOT_ID:
            return _member(BOT_ID, chat.members.get(BOT_ID, "left"), bot=self._me())
        return _member(user_id, chat.members.get(user_id, "left"))

    def _get_admins(self, params: Json) -> list[Json]:
        chat = self._addressed(params)
        if chat.kind == "private":
            raise _Refusal(400, "Bad Request: there are no administrators in the private chat")
        return [_member(i, s) for i, s in chat.members.items() if s in {"creator", "administrator"} and i != BOT_ID]

    def _set_commands(self, params: Json) -> bool:
        commands = params.get("commands") or []
        for each in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "")):
                raise _Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(each.get("description", "")) <= 256:
                raise _Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise _Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        self.commands[_scope(params)] = commands
        return True

    # ------------------------------------------------ bookkeeping

    def _push(self, kind: str, payload: Json) -> None:
        self._updates.append({"update_id": self._next_update, kind: payload})
        self._next_update += 1
        self._changed.set()

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._changed.set()
        if self._log is None or call.error or call.method == "getUpdates":
            return
        line: Json = {"at": time.time(), "method": call.method, "params": call.params, "message_id": call.message_id}
        if call.message_id is not None and "chat_id" in call.params:
            line["text"] = self.chats[int(call.params["chat_id"])].messages[call.message_id]["text"]
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    async def _control(self, request: web.Request) -> web.Response:
        control = CONTROLS.get(request.match_info["name"])
        if control is None:
            return web.json_response({"error": f"there are {sorted(CONTROLS)}"}, status=404)
        result = control(self, **(await request.json() if request.can_read_body else {}))
        return web.json_response(result, dumps=lambda each: json.dumps(each, ensure_ascii=False))


def _shown_json(api: BotApi, chat_id: int) -> list[Json]:
    return [
        {
            "message_id": m.message_id,
            "text": m.text,
            "html": m.html,
            "labels": m.labels(),
            "data": m.data(),
            "reply_to": m.reply_to,
            "thread_id": m.thread_id,
            "edits": m.edits,
        }
        for m in api.shown(chat_id)
    ]


def _trouble_json(api: BotApi, **params: Any) -> bool:
    api.trouble(**params)
    return True


CONTROLS: dict[str, Callable[..., Any]] = {
    "add_chat": BotApi.add_chat,
    "set_member": BotApi.set_member,
    "push_message": BotApi.push_message,
    "press": BotApi.press,
    "push_my_chat_member": BotApi.push_my_chat_member,
    "migrate": BotApi.migrate,
    "trouble": _trouble_json,
    "calm": BotApi.calm,
    "shown": _shown_json,
}


# ---------------------------------------------------------------- reading requests, writing answers


async def _params(request: web.Request) -> Json:
    """Parameters from the query, a form, multipart or JSON; nested JSON in a form is read too."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        return params | dict(await request.json())
    for name, value in (await request.post()).items():
        params[name] = json.loads(value) if name in _NESTED and isinstance(value, str) else value
    return params


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _content(params: Json) -> Json:
    raw = str(params.get("text") or "")
    mode = str(params.get("parse_mode") or "").lower()
    if mode not in {"", "html"}:
        raise _Refusal(400, f"Bad Request: this server reads HTML alone, not {mode}")
    try:
        text, entities = parse_html(raw) if mode == "html" else (raw, [])
    except BadMarkup as wrong:
        raise _Refusal(400, f"Bad Request: can't parse entities: {wrong}") from wrong
    if not text.strip():
        raise _Refusal(400, "Bad Request: message text is empty")
    text, entities = _trimmed(text, entities)
    if utf16(text) > MAX_TEXT:
        raise _Refusal(400, "Bad Request: message is too long")
    content: Json = {"text": text, "_html": raw, "_preview": not _preview_off(params)}
    if entities:
        content["entities"] = entities[:MAX_ENTITIES]
    return content | _markup(params)


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram strips blanks at both ends of a message and shortens the entities with it."""
    head = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    length = utf16(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - head)
        end = min(length, entity["offset"] + entity["length"] - head)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def _preview_off(params: Json) -> bool:
    options = params.get("link_preview_options") or {}
    return bool(options.get("is_disabled")) or params.get("disable_web_page_preview") in {True, "true"}


def _markup(params: Json) -> Json:
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    for row in rows:
        for button in row:
            data, url = button.get("callback_data"), button.get("url")
            if not button.get("text"):
                raise _Refusal(400, "Bad Request: inline keyboard button text is empty")
            if data is None and url is None:
                raise _Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
                raise _Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if url is not None and not _is_web_address(url):
                raise _Refusal(400, f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _keyboard(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _public(message: Json) -> Json:
    return {key: value for key, value in message.items() if not key.startswith("_")}


def _bare(message: Json) -> Json:
    return {key: value for key, value in _public(message).items() if key not in {"reply_to_message", "reply_markup"}}


def _shown(message: Json) -> Shown:
    return Shown(
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=message["text"],
        html=str(message.get("_html", message["text"])),
        entities=tuple(message.get("entities", ())),
        buttons=tuple(map(tuple, _keyboard(message))),
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        thread_id=message.get("message_thread_id"),
        silent=message.get("_silent", False),
        edits=message.get("_edits", 0),
        preview=message.get("_preview", True),
    )


def _commands_in(text: str) -> list[Json]:
    found = re.finditer(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,64}(?:@\w+)?", text)
    return [{"type": "bot_command", "offset": utf16(text[: f.start()]), "length": utf16(f[0])} for f in found]


def _scope(params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), str(params.get("language_code") or "")


def _member(user_id: int, status: str, *, bot: Json | None = None) -> Json:
    member: Json = {"user": bot or _user(user_id), "status": status}
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "administrator":
            member |= dict.fromkeys(_RIGHTS, False)
        case "kicked":
            member["until_date"] = 0
        case _:
            pass
    return member


async def _stand_alone(arguments: argparse.Namespace) -> None:
    async with BotApi(
        token=arguments.token,
        port=arguments.port,
        log=arguments.log,
        any_chat=not arguments.strict_chats,
        limits=arguments.limits,
    ) as api:
        print(api.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted; the first line on stdout is the server's address."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, default=None, help="gets a JSON line for every accepted call")
    parser.add_argument("--token", default="7000001:loopback-TOKEN_for-tests")
    parser.add_argument("--limits", action="store_true", help="answer 429 beyond Telegram's limits")
    parser.add_argument("--strict-chats", action="store_true", help="400 for chats that were not added")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_stand_alone(parser.parse_args()))


if __name__ == "__main__":
    main()
