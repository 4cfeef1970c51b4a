"""Chats, their members and their messages; messages and calls as a test sees them."""

import json
import re
from dataclasses import dataclass, field

from tests.bot_api.telegram_html import Json, utf16

BOT_ID = 7_000_001
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a chat shows it now, after its edits."""

    chat_id: int
    message_id: int
    text: str  # plain, without markup; of a photo its caption
    html: str  # as it was sent
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Json, ...], ...]
    reply_to: int | None
    thread_id: int | None
    silent: bool
    edits: int  # how often it was edited
    preview: bool  # whether a link preview would be shown
    picture: bytes | None = None  # of a photo

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
    answered_after: float = 0.0  # seconds from being carried out to the answer; infinite: there was none


@dataclass(slots=True)
class ChatBook:
    """A chat with its members and messages."""

    id: int
    kind: str
    title: str
    forum: bool = False
    topics: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)  # topics, 0 the general one, to all but administrators
    falls_out: bool = False  # a message for a topic that is gone stands in the chat itself
    may_post: bool = True  # the bot, in a channel
    members: dict[int, str] = field(default_factory=dict)
    last_id: int = 0
    messages: dict[int, Json] = field(default_factory=dict)

    def public(self) -> Json:
        chat: Json = {"id": self.id, "type": self.kind}
        chat["first_name" if self.kind == "private" else "title"] = self.title
        if self.forum:
            chat["is_forum"] = True
        return chat


def user_of(user_id: int, name: str = "", lang: str = "vi") -> Json:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": name or f"Người đọc {user_id}",
        "username": f"u{user_id}",
        "language_code": lang,
    }


def me() -> Json:
    """The bot itself, as getMe answers."""
    return {
        "id": BOT_ID,
        "is_bot": True,
        "first_name": "Monitor",
        "username": "monitor_test_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def member_of(user_id: int, status: str, *, bot: Json | None = None) -> Json:
    member: Json = {"user": bot or user_of(user_id), "status": status}
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


def keyboard(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def public(message: Json) -> Json:
    return {key: value for key, value in message.items() if not key.startswith("_")}


def bare(message: Json) -> Json:
    return {key: value for key, value in public(message).items() if key not in {"reply_to_message", "reply_markup"}}


def words_of(message: Json) -> str:
    """Its text, or the caption of a photo."""
    return str(message.get("text", message.get("caption", "")))


def as_shown(message: Json) -> Shown:
    return Shown(
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=words_of(message),
        html=str(message.get("_html", words_of(message))),
        entities=tuple(message.get("entities") or message.get("caption_entities") or ()),
        buttons=tuple(map(tuple, keyboard(message))),
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        thread_id=message.get("message_thread_id"),
        silent=message.get("_silent", False),
        edits=message.get("_edits", 0),
        preview=message.get("_preview", True),
        picture=message.get("_picture"),
    )


def commands_in(text: str) -> list[Json]:
    found = re.finditer(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,64}(?:@\w+)?", text)
    return [{"type": "bot_command", "offset": utf16(text[: f.start()]), "length": utf16(f[0])} for f in found]


def scope_of(params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), str(params.get("language_code") or "")
