"""What a test in another process may do: each is a POST to /control/NAME with a JSON object of its arguments."""

from collections.abc import Callable
from typing import Any

from tests.bot_api.telegram_html import Json
from tests.bot_api.world import World


def _shown_json(world: World, chat_id: int) -> list[Json]:
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
        for m in world.shown(chat_id)
    ]


def _trouble_json(world: World, **params: Any) -> bool:
    world.trouble(**params)
    return True


def _refused(world: World) -> list[str]:
    """What was said to calls that were not carried out; a second poll ends the first by right."""
    return [call.error for call in world.calls if call.error and call.method != "getUpdates"]


CONTROLS: dict[str, Callable[..., Any]] = {
    "add_chat": World.add_chat,
    "set_member": World.set_member,
    "push_message": World.push_message,
    "press": World.press,
    "push_inline_query": World.push_inline_query,
    "push_my_chat_member": World.push_my_chat_member,
    "migrate": World.migrate,
    "trouble": _trouble_json,
    "calm": World.calm,
    "shown": _shown_json,
    "refused": _refused,
}
