"""Times as a chat's clock shows them: in its own zone, where it has set one.

Knows no command.
"""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from monitor.bot.chat_request import Request
from monitor.bot.context import BotContext


def zone_of(context: BotContext, request: Request) -> tzinfo:
    """The zone of the chat that asks; the installation's where it has set none."""
    own = request.own or request.root
    return ZoneInfo(own.preferences.zone) if own is not None and own.preferences.zone else context.timezone


def when(context: BotContext, request: Request, at: datetime) -> str:
    """A moment, with its day."""
    return f"{at.astimezone(zone_of(context, request)):%H:%M %d/%m}"


def clock_face(context: BotContext, request: Request, at: datetime) -> str:
    """A moment, with its day only where that is not today."""
    zone = zone_of(context, request)
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == context.clock().astimezone(zone).date() else f"{local:%H:%M %d/%m}"
