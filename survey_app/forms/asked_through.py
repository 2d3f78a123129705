"""What a respondent's form must know of the channel it came through."""

from collections.abc import Sequence
from typing import Protocol

from survey_app.domain.questionnaire.ballot_rules import SheetRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire


class Addressee(Protocol):
    """What a form must know of a subject."""

    @property
    def id(self) -> int:
        """Its number."""


class AskedThrough(Protocol):
    """What a form must know of the channel it came through."""

    @property
    def survey_id(self) -> int:
        """The survey answered."""

    @property
    def channel_id(self) -> int:
        """The channel itself."""

    @property
    def rater_group(self) -> str:
        """Who answers here."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether the survey is only tried."""

    @property
    def rules(self) -> Sequence[SheetRule]:
        """What an answer must obey."""

    def gave_out(self, submission: str) -> bool:
        """Return whether this submission id stood in one of its pages."""

    @property
    def subjects(self) -> Sequence[Addressee]:
        """Who may be rated; one, or several to choose from."""


class TakesSlips(Protocol):
    """What a form must know of a channel where a slip may have let somebody in."""

    def receipt_for(self, subject: str) -> bytes | None:
        """Return the receipt of a slip about this subject; None: no slip is needed."""
