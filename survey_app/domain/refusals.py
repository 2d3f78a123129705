"""Every way we say no to a person, and every fault a file can have.

A refusal carries neither a code nor a name, so that a log line cannot either.
"""

from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818 -- a refusal is not an error: the house's word
    """A request we understood and decline; the class name says why."""


class UnknownChannel(Refusal):
    """No survey hides behind this code."""


class SurveyNotYetOpen(Refusal):
    """The survey exists, but its first day has not come."""


class SurveyClosed(Refusal):
    """The survey exists, but its last day has passed."""


class UnknownReceipt(Refusal):
    """No counted answer has this receipt code."""


class UnreadableForm(Refusal):
    """What was sent is not text in UTF-8 as a form sends it."""


class TooLarge(Refusal):
    """More was sent than any questionnaire needs."""


class TooManyRequests(Refusal):
    """So much came from one place that the server asks for patience."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class NotKept(Refusal):
    """The database did not answer; nothing was kept and nothing was counted."""


class SignInFailed(Refusal):
    """Name and password do not belong together, or the account is locked."""


class NotAllowed(Refusal):
    """The role of the account does not reach that far."""


class NameTaken(Refusal):
    """Another account or cycle has this name already."""


class LastManager(Refusal):
    """Without a manager nobody could make accounts any more."""


class NotFound(Refusal):
    """There is no such page or thing."""


class AlreadyOpened(Refusal):
    """Since its opening nothing of the survey can be changed."""


class NotReadyToOpen(Refusal):
    """Something is missing before the survey can open; `missing` says what."""

    def __init__(self, *missing: str) -> None:
        super().__init__()
        self.missing = missing


class ResultsSealed(Refusal):
    """Results are shown only after the survey has closed."""


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
