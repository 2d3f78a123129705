"""Every way we say no about an alert, what is attached to it, and an objection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey_app.domain.ground.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ActSince:
    """Something that happened to an alert after somebody looked at it."""

    kind: str
    account: str
    """"": the program, from the counts alone."""
    day: date


class AlertChanged(Refusal):
    """Somebody did something to the alert after the page that was sent was shown."""

    def __init__(self, since: Sequence[ActSince] = ()) -> None:
        super().__init__()
        self.since = tuple(since)
        """What happened meanwhile, the oldest first."""


class AlertActImpossible(Refusal):
    """The alert does not stand where this act is possible."""


class ReasonMissing(Refusal):
    """An act about an alert needs a reason."""


class MeasureNotPossible(Refusal):
    """The scheme knows no such measure."""


class LeadingGroupConsents(Refusal):
    """Only who acts for the leading group confirms this measure."""


class FollowUpRefused(Refusal):
    """The day of the re-check has passed, or its survey cannot be one."""


class AttachmentRefused(Refusal):
    """The file is of no kind that is kept, or carries a program."""


class AttachmentTooLarge(Refusal):
    """The file is larger than what is kept."""


class ObjectionLate(Refusal):
    """The scheme's days to ask for a re-check are over."""


class ObjectionAnswered(Refusal):
    """The request for a re-check was answered already."""
