"""What goes wrong on purpose: the refusals of the real server in its own words, and lines that are cut."""

from dataclasses import dataclass

from tests.bot_api.telegram_html import Json


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


class Refusal(Exception):
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
    "cant_parse": (
        400,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
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
    "twice": (0, "the answer is sent twice"),
    "delay": (0, "`seconds` pass before the call is read"),
    "delay_after": (0, "`seconds` pass between the call being carried out and its answer"),
}
