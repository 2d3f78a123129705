"""One channel as respondents meet it: what is asked, whether it is open, who may in."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from survey_app.domain.ground.channel_kind import (
    OFF_THE_WEB,
    SINGLE_USE,
    ChannelKind,
)
from survey_app.domain.ground.door_refusals import (
    ChannelStopped,
    NotOnTheWeb,
    SlipNeeded,
    WindowCodeOld,
)
from survey_app.domain.ground.mistake_refusals import SubjectTakenOut
from survey_app.domain.ground.printed_code import (
    SUBMISSION_RANDOM,
    is_signed_submission,
    is_slip_tail,
    signed_submission,
    slip_receipt,
    window_tail,
)
from survey_app.domain.ground.refusals import (
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
)
from survey_app.domain.questionnaire.ballot_rules import SheetRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.asked_survey import SubjectChoice
from survey_app.survey.proof_of_work import (
    Proof,
    challenge_for,
    is_solved,
    proof_in,
)
from survey_app.survey.tables import DRAFT, OPEN, REHEARSAL, VOID

WINDOW = timedelta(minutes=2)
"""How long one code stands on a screen."""
WINDOWS_BACK = 2
"""How many codes before it still let somebody in, who walks and types slowly."""
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 -- UTC without a zone, as everywhere


def window_at(now: datetime) -> int:
    """Return the number of the window of time in which this instant (UTC) lies."""
    return (now - _EPOCH) // WINDOW


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """What a respondent's page needs to know; equal channels draw equal pages."""

    code: str
    channel_id: int
    survey_id: int
    rater_group: str
    title: str
    questionnaire: Questionnaire
    subjects: tuple[SubjectChoice, ...]
    """One: the channel names it. Several: the respondent chooses. None: whom it names
    was taken out."""
    state: str
    opens_on: date
    closes_on: date
    rules: tuple[SheetRule, ...] = ()
    """What an answer must obey; whoever it is about, its subject is ONE."""
    key: bytes = field(default=b"", repr=False, compare=False)
    """Signs the submission ids of its pages."""
    kind: ChannelKind = ChannelKind.POSTER
    is_stopped: bool = False
    """Whether the office takes no more answers through it."""
    tail: str = ""
    """What stood behind its code: of a slip, or on a screen."""
    asks_proof: bool = False
    """Whether its page asks for a proof of work."""
    unproven_id: int | None = None
    """The channel that counts its answers without one; None: it does so itself."""

    @property
    def address(self) -> str:
        """The code with what lets somebody in."""
        return self.code + self.tail

    def admit(self, now: datetime) -> None:
        """Raise WindowCodeOld where the code of a screen was seen too long ago.

        Whoever got the page in time may take all the time he needs. `now` is an
        instant in UTC.
        """
        if self.kind is ChannelKind.SCREEN and not self.is_rehearsal:
            here = window_at(now)
            codes = {
                window_tail(self.code, here - back, self.key)
                for back in range(WINDOWS_BACK + 1)
            }
            if self.tail not in codes:
                raise WindowCodeOld

    def _let_in(self) -> None:
        """Raise why nobody is let in with what stood behind the code, or at all."""
        if self.kind in OFF_THE_WEB:
            raise NotOnTheWeb
        if self.kind in SINGLE_USE and not is_slip_tail(self.code, self.tail, self.key):
            raise SlipNeeded

    def receipt_for(self, subject: str) -> bytes | None:
        """Return the receipt of a slip's answer about this subject (its number).

        None where a page has a receipt of its own. A slip is good once for each
        subject that its channel lets people choose.
        """
        if self.kind not in SINGLE_USE:
            return None
        several = len(self.subjects) > 1
        door = f"{self._door} {self.code}"
        return slip_receipt(door, self.tail, subject if several else "", self.key)

    def new_submission(self) -> str:
        """Return a fresh submission id of this channel: 32 hexadecimal digits."""
        randomness = secrets.token_bytes(SUBMISSION_RANDOM)
        return signed_submission(randomness, self._door, self.key).hex()

    def gave_out(self, submission: str) -> bool:
        """Return whether this id stood in a page of this channel.

        A page of a rehearsal is none of the survey's.
        """
        sent = bytes.fromhex(submission)
        return is_signed_submission(sent, self._door, self.key)

    def new_challenge(self, submission: str) -> str:
        """Return what to look for before the page with this id is sent."""
        return challenge_for(submission, self.key)

    def proof_in(self, sent: str, submission: str) -> Proof:
        """Return what came with the form of the page with this id."""
        return proof_in(sent, submission, self.key)

    def counts_in(self, sent: str) -> int:
        """Return which channel counts an answer that this proof, or none, came with."""
        unproven = self.asks_proof and not is_solved(sent)
        return self.unproven_id or self.channel_id if unproven else self.channel_id

    @property
    def _door(self) -> str:
        return f"{self.survey_id} {self.channel_id} {self.is_rehearsal}"

    @property
    def is_rehearsal(self) -> bool:
        """Whether the survey is only tried: what is sent counts nowhere."""
        return self.state == REHEARSAL

    def require_open(self, today: date) -> None:
        """Raise why it takes no answers, unless it does.

        That is what `require_taking` raises, and NotOnTheWeb or SlipNeeded where it
        lets nobody in so.
        """
        self.require_taking(today)
        self._let_in()

    def require_taking(self, today: date) -> None:
        """Raise why no answer is taken today, whoever brings it, unless it is.

        That is SurveyNotYetOpen, SurveyVoid, SurveyClosed, SubjectTakenOut or
        ChannelStopped. A rehearsal takes them on any day.
        """
        if self.state == OPEN and self.opens_on <= today <= self.closes_on:
            if not self.subjects:
                raise SubjectTakenOut
        elif self.state == VOID:
            raise SurveyVoid
        elif self.state == DRAFT or (self.state == OPEN and today < self.opens_on):
            raise SurveyNotYetOpen
        elif not self.is_rehearsal:
            raise SurveyClosed
        if self.is_stopped:
            raise ChannelStopped
