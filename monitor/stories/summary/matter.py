"""What a story is about, by its titles and leads, and whether a sentence leaves it for the background.

News from abroad ends with background: which state armed whom, what another one did last year. Such a sentence begins
with a state that neither title nor lead names. Judges sentences one by one; what they are worth stands in salience.py.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from monitor.stories.summary.candidates import Candidate, syllables_of
from monitor.text import gazetteer

LONGEST_STATE: Final = 4  # syllables that are looked at for a state's name


class Matter:
    """The words of a story's titles and of the sentences that open its leads."""

    def __init__(self, titles: Iterable[Sequence[str]], pool: Sequence[Candidate]) -> None:
        opening = [said.syllables for said in pool if said.opener]
        self._is_known = bool(opening)
        self._states = {
            state for part in (*titles, *opening) for at in range(len(part)) for state in _states_at(part[at:])
        }

    def is_left_by(self, said: Candidate) -> bool:
        """Whether a sentence begins with a state of which titles and leads do not speak; never where no lead is."""
        if said.where == "summary" or not self._is_known:
            return False
        opens_with = _states_at(said.syllables)
        return bool(opens_with) and self._states.isdisjoint(opens_with)


def _states_at(syllables: Sequence[str]) -> set[str]:
    """The states whose name begins these syllables."""
    names = (" ".join(syllables[:count]) for count in range(1, LONGEST_STATE + 1))
    return {state for name in names if (state := _spellings().get(name)) is not None}


@cache
def _spellings() -> dict[str, str]:
    return {
        " ".join(syllables_of(spelling)): state
        for state, (spellings, _) in gazetteer.states().items()
        for spelling in spellings
    }
