"""The phrases of the marks, and which of them tell those that are judged wrongly from the others.

Counts only; what is made of a phrase is for leader_edits.py and event_edits.py.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from monitor.matching.learn.marks import Mark
from monitor.matching.learn.phrases import LONGEST, Phrase, fields_of, phrases, spelling
from monitor.matching.text import Text
from monitor.text.words import is_vietnamese

MOST: Final = 150  # phrases tried for one place of a watch


class MarkWords:
    """The phrases of each mark."""

    def __init__(self, marks: Sequence[Mark], *, longest: int = LONGEST) -> None:
        self.marks = marks
        self.fields: list[list[Text]] = [fields_of(mark.item) for mark in marks]
        self.phrases: list[list[Phrase]] = [list(phrases(fields, longest=longest)) for fields in self.fields]
        self.keys = [{phrase.key for phrase in each} for each in self.phrases]
        self._written: dict[str, set[str]] = {}
        for each in self.phrases:
            for phrase in each:
                self._written.setdefault(phrase.key, set()).add(phrase.written)

    def spelt(self, key: str) -> str:
        """A phrase as an editor would write it."""
        return spelling(self._written[key])

    def telling(self, those: Collection[int], others: Collection[int], *, keys: Sequence[set[str]] = ()) -> list[str]:
        """The phrases of `those` marks that hardly stand in `others`, the most frequent first, longer before shorter.

        `keys` narrows what counts as a phrase of each mark.
        """
        keys = keys or self.keys
        mine = Counter(key for place in those for key in keys[place])
        theirs = Counter(key for place in others for key in self.keys[place])
        kept = [key for key, count in mine.items() if count > 2 * theirs[key]]
        pieces = self._pieces(kept, mine)
        kept = [key for key in kept if key not in pieces]
        kept.sort(key=lambda key: (-mine[key], theirs[key], -len(key), key))
        return kept[:MOST]

    @staticmethod
    def _pieces(kept: Sequence[str], mine: Mapping[str, int]) -> set[str]:
        """The single Vietnamese syllables that stand here only as a part of one longer phrase: ngờ of bất ngờ."""
        pairs = (key.split(" ") for key in kept if key.count(" ") == 1)
        return {
            syllable
            for pair in pairs
            for syllable in pair
            if is_vietnamese(syllable) and mine[syllable] == mine[" ".join(pair)]
        }

    def as_written(self, key: str) -> str:
        """A phrase as it is written most often inside of sentences, with the capitals of a title."""
        forms = Counter(phrase.written for each in self.phrases for phrase in each if phrase.key == key)
        return min(forms, key=lambda form: (form.isupper(), -forms[form], form))

    def whole(self, keys: Sequence[str], places: Collection[int]) -> list[str]:
        """The keys less those that stand in these marks only as a part of one longer key."""
        counts = {key: self.count(key, places) for key in keys}
        inner = set[str]()
        for key, count in counts.items():
            words = key.split(" ")
            for part in (" ".join(words[1:]), " ".join(words[:-1])):
                if part in counts and counts[part] == count:
                    inner.add(part)
        return [key for key in keys if key not in inner]

    def count(self, key: str, places: Collection[int]) -> int:
        """In how many of these marks a phrase stands."""
        return sum(key in self.keys[place] for place in places)
