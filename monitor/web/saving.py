"""The buttons that keep an article for a chat, or let it go, wherever a page shows one; by the rules of the bot."""

from monitor.store.saved_rows import MOST_SAVED, Saving
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.types import Address, ItemId
from monitor.web.page import NotAllowed, Visit, WrongInput
from monitor.web.site import ADMINISTRATOR


def is_chat(visit: Visit) -> bool:
    """Whether the viewer is a chat that can keep, mute and report: not an administrator from the command line."""
    return visit.viewer.is_known and visit.address != ADMINISTRATOR


def pressing_chat(visit: Visit) -> Address:
    """The chat that presses. Raises NotAllowed for who is none."""
    if visit.address is None or not is_chat(visit):
        raise NotAllowed(visit.words.gettext("This login is of no chat. Send /web to the bot to log in as one."))
    return visit.address


async def keep_or_drop(visit: Visit) -> ItemId:
    """Keep the form's `item`, or keep it no longer (`keep` is "no"). Raises WrongInput where it cannot be kept."""
    address, number = pressing_chat(visit), row_id(visit.form.get("item"))
    item_id = ItemId(str(number or 0))
    if visit.form.get("keep") == "no":
        await visit.site.store.write(Transaction.drop_saved, address, item_id)
        return item_id
    try:
        saving = await visit.site.store.write(Transaction.save_item, address, item_id, now=visit.now)
    except LookupError:
        raise WrongInput(visit.words.gettext("This article is not stored any more.")) from None
    if saving is Saving.FULL:
        full = visit.words.gettext("{n} articles are saved, and no more can be: drop some first.", n=MOST_SAVED)
        raise WrongInput(full)
    return item_id
