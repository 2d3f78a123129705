"""The mistakes found in one file so far, and the places they make doubtful."""

from collections.abc import Iterable
from difflib import get_close_matches

from survey_app.domain.file_faults import Fault


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the advice after an unknown word: the nearest known one, or all."""
    words = list(known)
    for near in get_close_matches(word, words, 1):
        return f'did you mean "{near}"?'
    return f"known here: {', '.join(words) or 'none'}"


class FaultList:
    """The mistakes found so far, and the places that cannot be relied on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.doubtful: set[str] = set()

    def note(self, where: str, wrong: str, instead: str) -> None:
        """Keep a mistake; its place is doubtful from now on."""
        self.faults.append(Fault(where, wrong, instead))
        self.doubtful.add(where)

    def doubt(self, where: str) -> None:
        """Mark a place that depends on a mistake already noted elsewhere."""
        self.doubtful.add(where)

    def doubts(self, where: str) -> bool:
        """Return whether something at or beneath this place could not be read."""
        return any(
            place == where or place.startswith((f"{where}.", f"{where}["))
            for place in self.doubtful
        )
