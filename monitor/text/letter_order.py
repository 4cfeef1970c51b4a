"""The order of Vietnamese dictionaries: letters first (ă after a, đ after d), then tones; and a word's first letter.

Knows no name; every function takes a text.
"""

import re
import unicodedata

from monitor.text.words import decomposed

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: number for number, letter in enumerate(_LETTERS)}
_TONES = {mark: number for number, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}  # à ả ã á ạ
_AFTER_ALL = len(_LETTERS)
_BLANKS = re.compile(r"[\W_]+")

LetterKey = tuple[tuple[tuple[int, str], ...], tuple[int, ...], str]


def letter_key(text: str) -> LetterKey:
    """What to sort by: the letters of all words, then the tones, then the text itself."""
    letters: list[tuple[int, str]] = []
    tones: list[int] = []
    for letter, tone in _toned(_BLANKS.sub(" ", text.casefold()).strip()):
        letters.append((-1 if letter == " " else _PLACE.get(letter, _AFTER_ALL), letter))
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def first_letter(word: str) -> str:
    """The capital under which a dictionary lists a word (Ổn under Ô, Đỗ under Đ); empty where it has none."""
    letter = next((each for each, _ in _toned(word.casefold()) if each.isalpha()), "")
    if letter not in _PLACE:
        letter = decomposed(letter)[:1]
    return letter.upper() if letter in _PLACE else ""


def _toned(text: str) -> list[tuple[str, int]]:
    """Each letter with its vowel mark, and its tone as a number."""
    found: list[tuple[str, int]] = []
    for char in decomposed(text):
        if char in _TONES and found:
            found[-1] = (found[-1][0], _TONES[char])
        elif unicodedata.combining(char) and found:
            found[-1] = (unicodedata.normalize("NFC", found[-1][0] + char), found[-1][1])
        else:
            found.append((char, 0))
    return found
