"""Commands as Vietnamese people type them, with marks and blanks: "/theo dõi Putin", "/danh sách", "/Tạm dừng 2h".

Pure; the names are those of bot/commands.py, whose Vietnamese ones are without marks and in one word.
"""

import re
from collections.abc import Collection

from monitor.bot.targets import fold

MOST_SYLLABLES = 6  # of a command's name
_SYLLABLE = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"[ \t\u00a0-]*")  # between two syllables of a name; a new line begins the argument


def as_command(text: str, names: Collection[str]) -> str:
    """The text with the command that it begins with in its plain form: "/theodoi Putin". The longest name counts.

    Any other text, and a command that is written plainly already, comes back as it is.
    """
    begin = re.match(r"/\s?(?=[^\W_])", text)
    if begin is None:
        return text
    plain, end, found = "", begin.end(), text
    for _ in range(MOST_SYLLABLES):
        syllable = _SYLLABLE.match(text, end)
        if syllable is None:
            break
        plain += fold(syllable[0])
        end = syllable.end()
        rest = text[end:]
        if plain in names and (not rest or rest[0].isspace() or rest[0] == "@"):
            found = f"/{plain}{rest}"
        blanks = _BLANKS.match(text, end)
        end = blanks.end() if blanks else end
    return found
