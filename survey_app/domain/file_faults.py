"""What can be wrong in a file, and how a file is refused as a whole."""

from dataclasses import dataclass

from survey_app.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file: where it is, what is wrong, what to write instead."""

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
