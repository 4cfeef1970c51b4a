"""What is wrong with a search, in the reader's words; and that the index is still being built.

Decides nothing of it (pipeline/search_query.py), and is given the mistake as a code with values.
"""

from monitor.i18n import Translator


def mistake_text(fault: str, word: str, near: tuple[str, ...], words: Translator) -> str:
    """A sentence or two in plain text: what is wrong, and what to write."""
    match fault:
        case "too_long":
            text = words.gettext("That is too long to search for: at most 200 characters and 30 words.")
        case "unclosed":
            text = words.gettext('A quotation mark is not closed: write "{words}"', words=word)
        case "no_value":
            text = words.gettext('Nothing stands behind {word} – write since:7d or outlet:"Tuổi Trẻ"', word=word)
        case "since":
            text = words.gettext("since:{word} is no span of time. Write since:7d, since:48h or since:2w", word=word)
        case "watch":
            text = words.gettext("Nobody and nothing on the watchlist is called @{word}.", word=word)
        case "outlet":
            text = words.gettext("No outlet is called {word}.", word=word)
        case _:
            text = words.gettext('What do you look for? For example: /search giá vàng, /search "bão số 3" since:7d')
    if near:
        text += " " + words.gettext(
            "Did you mean: {names}?", names=", ".join(f"@{each}" if fault == "watch" else each for each in near)
        )
    return text


def lacking_text(lacking: int, words: Translator) -> str:
    """That articles are missing from the index, as after an update."""
    return words.ngettext(
        "{n} stored article cannot be found yet: the index is being built.",
        "{n} stored articles cannot be found yet: the index is being built.",
        lacking,
    )
