"""The commands and buttons of the bot: their names in both languages, who may use them, and who answers.

The table is all there is: routing, /help and Telegram's command menu are made from it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitor.bot import (
    admin,
    admin_feeds,
    admin_status,
    alert_actions,
    broadcast_all,
    change_log,
    chat_settings,
    complaints,
    digest_settings,
    edit_watch,
    follow,
    menu,
    missed_news,
    outlet_settings,
    own_watch,
    own_watch_list,
    quotes,
    reload_files,
    saved,
    search_chat,
    settings_menu,
    start_screen,
    story,
    stuck,
    trends,
    web_link,
    welcome,
)
from monitor.bot.access import is_admin_chat
from monitor.bot.chat_request import Request
from monitor.bot.context import BotContext
from monitor.i18n import translatable
from monitor.notify.render import MUTE, WHY, WRONG

MOST_TYPED = 500  # characters behind a command, or without one; names and times are shorter

Answer = Callable[[BotContext, Request], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ChatCommand:
    """`also` is the Vietnamese name without marks. `changes`: in groups and channels only administrators may.

    `admin`: in admin chats alone, to their administrators. `strangers`: also to chats that are not let in.
    `most_typed`: how many characters may follow it.
    """

    name: str
    also: str
    about: str
    answer: Answer
    changes: bool = False
    admin: bool = False
    strangers: bool = False
    most_typed: int = MOST_TYPED


@dataclass(frozen=True, slots=True)
class Section:
    """Commands for one thing that people want to do, under a heading of /help; all are for admins, or none is."""

    heading: str
    commands: tuple[ChatCommand, ...]


async def _help(context: BotContext, request: Request) -> None:
    operator = is_admin_chat(context, request)
    listed = [(each.heading, [one for one in each.commands if operator or not one.admin]) for each in SECTIONS]
    await welcome.help_text(
        request, [(heading, [(one.name, one.also, one.about) for one in mine]) for heading, mine in listed if mine]
    )


async def _help_button(context: BotContext, request: Request) -> None:
    await request.popup()
    await _help(context, request)


SECTIONS = (
    Section(
        translatable("Choose what comes"),
        (
            ChatCommand("start", "batdau", translatable("begin"), welcome.start, strangers=True),
            ChatCommand(
                "watchlist", "danhsach", translatable("choose leaders and events from a list"), menu.watchlist_command
            ),
            ChatCommand(
                "follow", "theodoi", translatable("follow a name: /follow Putin, #nga"), follow.follow, changes=True
            ),
            ChatCommand(
                "unfollow",
                "botheodoi",
                translatable("follow it no longer: /unfollow Putin"),
                follow.unfollow,
                changes=True,
            ),
            ChatCommand("following", "dangtheodoi", translatable("what is followed here"), follow.following),
            ChatCommand(
                "watch",
                "theodoirieng",
                translatable("a watch of this chat's own: /watch a name, or what happens in a few words"),
                own_watch.watch,
                changes=True,
                most_typed=own_watch.MOST_TEXT,
            ),
            ChatCommand("watches", "danhsachrieng", translatable("this chat's own watches"), own_watch_list.watches),
        ),
    ),
    Section(
        translatable("Look back"),
        (
            ChatCommand(
                "latest", "moinhat", translatable("the newest stories: /latest, /latest Putin"), alert_actions.latest
            ),
            ChatCommand(
                "search",
                "tim",
                translatable('stored news: /search giá vàng, "phrase", since:7d, @putin'),
                search_chat.search_stored,
            ),
            ChatCommand("quotes", "trichdan", translatable("what leaders said: /quotes, /quotes Putin"), quotes.quotes),
            ChatCommand(
                "trend",
                "xuhuong",
                translatable("a picture: mentions a day, /trend Putin or /trend Putin, Trump"),
                trends.trend,
            ),
            ChatCommand(
                "who", "cungai", translatable("a picture: with whom a leader is named, /who Putin"), trends.who
            ),
            ChatCommand("saved", "daluu", translatable("the articles that are kept here"), saved.saved),
        ),
    ),
    Section(
        translatable("In reply to an alert"),
        (
            ChatCommand(
                "story", "chuyen", translatable("all that outlets wrote of it (in reply to an alert)"), story.story
            ),
            ChatCommand(
                "why", "visao", translatable("why did this alert come (in reply to it)"), alert_actions.why_command
            ),
            ChatCommand(
                "mute",
                "tamim",
                translatable("no more of this story (in reply to an alert)"),
                alert_actions.mute_command,
                changes=True,
            ),
            ChatCommand(
                "unmute",
                "batlai",
                translatable("tell of this story again (in reply to an alert)"),
                alert_actions.unmute_command,
                changes=True,
            ),
            ChatCommand(
                "save",
                "luu",
                translatable("keep an article (in reply to an alert, or with a link)"),
                saved.save,
                changes=True,
            ),
            ChatCommand(
                "missed",
                "sotin",
                translatable("why this chat was not told of an article: /missed LINK"),
                missed_news.missed,
            ),
        ),
    ),
    Section(
        translatable("When and how"),
        (
            ChatCommand(
                "digest",
                "bantin",
                translatable("news together at set hours: /digest 07:00 18:00"),
                digest_settings.digest,
                changes=True,
            ),
            ChatCommand(
                "quiet", "gioyen", translatable("quiet hours: /quiet 22:00-06:30"), digest_settings.quiet, changes=True
            ),
            ChatCommand(
                "pause", "tamdung", translatable("no alerts for a while: /pause 2h"), chat_settings.pause, changes=True
            ),
            ChatCommand("resume", "tieptuc", translatable("alerts again"), chat_settings.resume, changes=True),
            ChatCommand(
                "settings", "caidat", translatable("all settings of this chat"), settings_menu.settings, changes=True
            ),
            ChatCommand("lang", "ngonngu", translatable("language: vi or en"), chat_settings.lang, changes=True),
        ),
    ),
    Section(
        translatable("More"),
        (
            ChatCommand("sources", "nguontin", translatable("which newspapers are read"), welcome.sources),
            ChatCommand(
                "web", "trang", translatable("the web page: a link that lets you in once"), web_link.web, changes=True
            ),
            ChatCommand("help", "trogiup", translatable("all commands"), _help, strangers=True),
        ),
    ),
    Section(
        translatable("For the editors of this bot"),
        (
            ChatCommand("status", "trangthai", translatable("how the service is"), admin_status.status, admin=True),
            ChatCommand(
                "stuck", "macket", translatable("what waits for a person: try again or drop"), stuck.stuck, admin=True
            ),
            ChatCommand(
                "feeds",
                "nguonrss",
                translatable("every outlet and its feeds; /feeds test LINK"),
                admin_feeds.feeds,
                admin=True,
            ),
            ChatCommand(
                "feedback",
                "phanhoi",
                translatable("complaints of readers, and what to change"),
                complaints.feedback,
                admin=True,
            ),
            ChatCommand(
                "edit", "sua", translatable("change a watch in its file: /edit putin"), edit_watch.edit, admin=True
            ),
            ChatCommand(
                "undo", "hoantac", translatable("take the last change of a watch back"), edit_watch.undo, admin=True
            ),
            ChatCommand(
                "broadcast",
                "thongbao",
                translatable("a word to all chats, after a dry run: /broadcast TEXT"),
                broadcast_all.broadcast,
                admin=True,
                most_typed=broadcast_all.MOST_UNITS,
            ),
            ChatCommand(
                "changes", "nhatky", translatable("who changed what, newest first"), change_log.changes, admin=True
            ),
            ChatCommand(
                "reload", "naplai", translatable("read the configuration again"), reload_files.reload, admin=True
            ),
            ChatCommand("invite", "moi", translatable("a code that lets one chat in"), admin.invite, admin=True),
            ChatCommand(
                "access", "quyen", translatable("who is let in; bar or allow a chat"), admin.access, admin=True
            ),
        ),
    ),
)
COMMANDS = tuple(command for section in SECTIONS for command in section.commands)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, command.also)}


@dataclass(frozen=True, slots=True)
class Press:
    """Who answers a button; its data is the action's name, a colon, and what the answer reads: anything, forged or old.

    `changes`: in groups and channels only administrators may. `redraws` the message for all who see it: in a channel,
    whose readers cannot write, only they may. `admin`: in admin chats alone, their administrators.
    """

    answer: Answer
    changes: bool = False
    redraws: bool = False
    admin: bool = False


PRESSES = {
    start_screen.START: Press(start_screen.start_button, changes=True),
    start_screen.HELP: Press(_help_button),
    follow.FOLLOW: Press(follow.follow_button, changes=True),
    follow.UNFOLLOW: Press(follow.unfollow_button, changes=True),
    follow.FOLLOWED_PAGE: Press(follow.following_page, redraws=True),
    menu.SHOW: Press(menu.show_button, redraws=True),
    menu.TOGGLE: Press(menu.toggle_button, changes=True),
    chat_settings.LANG: Press(chat_settings.lang_button, changes=True),
    digest_settings.DIGEST: Press(digest_settings.digest_button, changes=True),
    digest_settings.QUIET: Press(digest_settings.quiet_button, changes=True),
    digest_settings.SETTINGS: Press(settings_menu.settings_button, changes=True),
    outlet_settings.OUTLETS: Press(outlet_settings.outlet_button, changes=True),
    WHY: Press(alert_actions.why_button),
    MUTE: Press(alert_actions.mute_button, changes=True),
    alert_actions.UNMUTE: Press(alert_actions.unmute_button, changes=True),
    WRONG: Press(alert_actions.wrong_button),
    alert_actions.DONE: Press(alert_actions.done_button),
    admin_feeds.FEEDS: Press(admin_feeds.feeds_button, admin=True),
    change_log.LOG: Press(change_log.changes_page, admin=True),
    broadcast_all.BROADCAST: Press(broadcast_all.broadcast_button, admin=True),
    complaints.COMPLAINT: Press(complaints.complaint_button, admin=True),
    edit_watch.EDIT: Press(edit_watch.edit_button, admin=True),
    stuck.STUCK: Press(stuck.stuck_button, admin=True),
    own_watch.OWN: Press(own_watch.own_button, changes=True),
    own_watch_list.PAGE: Press(own_watch_list.watches_page, redraws=True),
    quotes.PAGE: Press(quotes.quotes_page, redraws=True),
    search_chat.FOUND_PAGE: Press(search_chat.search_page, redraws=True),
    story.STORY_PAGE: Press(story.story_page, redraws=True),
    saved.KEEP: Press(saved.keep_button, changes=True),
    saved.DROP: Press(saved.drop_button, changes=True),
    saved.SAVED_PAGE: Press(saved.saved_page, redraws=True),
}
