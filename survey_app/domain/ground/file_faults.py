"""What can be wrong in a file, and how a file is refused as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.ground.remark import Remark


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: where it is, what is wrong, what to write instead."""

    where: str
    wrong: str
    instead: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.where}: {self.wrong}; {self.instead}"


class FileRefused(Refusal):
    """A file has faults; all of them are named at once."""

    def __init__(self, file: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{file}: {fault}" for fault in faults))
        self.file = file
        self.faults = faults


class QuestionnaireRefused(FileRefused):
    """The questionnaire file cannot be used as it stands."""


class SchemeRefused(FileRefused):
    """The scheme file cannot be used as it stands."""


class ScoreInputRefused(FileRefused):
    """The counts handed in for a trial cannot be read."""


class WorkbookRefused(Refusal):
    """The file cannot be read as a workbook; `what` says why and what to do."""

    def __init__(self, what: Remark, where: str = "") -> None:
        super().__init__(what.key)
        self.what = what
        self.where = where


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the advice after an unknown word: the nearest known one, or all."""
    words = list(known)
    for near in get_close_matches(word, words, 1):
        return f'did you mean "{near}"?'
    return f"known here: {', '.join(words) or 'none'}"


class FaultList:
    """The faults found so far, and the places that cannot be relied on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.doubtful: set[str] = set()

    def note(self, where: str, wrong: str, instead: str) -> None:
        """Keep a fault; its place is doubtful from now on."""
        self.faults.append(Fault(where, wrong, instead))
        self.doubtful.add(where)

    def doubt(self, where: str) -> None:
        """Mark a place that depends on a fault already noted elsewhere."""
        self.doubtful.add(where)

    def doubts(self, where: str) -> bool:
        """Return whether something at or beneath this place could not be read."""
        return any(
            place == where or place.startswith((f"{where}.", f"{where}["))
            for place in self.doubtful
        )
