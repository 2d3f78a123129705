"""What was done about a survey that is out: who asked, who granted it, and why."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base, waiting

VOIDING, EXTENSION = "voiding", "extension"
SUBJECT_OUT, REOPENING = "subject-out", "reopening"
CHANNEL_STOP, CHANNEL_RESUME = "channel-stop", "channel-resume"
SET_ASIDE, COUNT_AGAIN = "set-aside", "count-again"
PROOF_ON, PROOF_OFF = "proof-on", "proof-off"
ACT_KINDS = (
    VOIDING, EXTENSION, SUBJECT_OUT, REOPENING, CHANNEL_STOP, CHANNEL_RESUME,
    SET_ASIDE, COUNT_AGAIN, PROOF_ON, PROOF_OFF,
)  # fmt: skip
ASKED, DONE, WITHDRAWN = "asked", "done", "withdrawn"


class SurveyAct(Base):
    """One act about a survey that is out; most take two accounts.

    An extension takes one, and stopping or resuming a channel, and asking for proofs.
    """

    __tablename__ = "survey_act"
    __table_args__ = (
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind) for kind in ACT_KINDS)})", name="kind"
        ),
        CheckConstraint("state IN ('asked', 'done', 'withdrawn')", name="state"),
        CheckConstraint(
            "granted_by IS NULL OR granted_by <> asked_by", name="two_accounts"
        ),
        Index(None, "survey_id"),
        waiting("survey_act", "survey_id", which="state = 'asked'"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    kind: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    """Whom it takes out of the survey; None: it is about the whole."""
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    """The channel it is about; None: it is about none."""
    state: Mapped[str] = mapped_column(default=ASKED)
    reason: Mapped[str]
    asked_by: Mapped[str]
    """The account that asked for it."""
    asked_on: Mapped[date]
    given_before: Mapped[int]
    """How long the list of given passwords and confirmations was then."""
    granted_by: Mapped[str | None]
    """The other account; None: it waits for one, or takes one person only."""
    granted_on: Mapped[date | None]
    before: Mapped[str]
    """What it replaces: the state of a voided survey, the last day of an extended one,
    the name of who was taken out, what a channel is called."""
    after: Mapped[str]

    @property
    def before_day(self) -> date:
        """The last day before an extension."""
        return date.fromisoformat(self.before)

    @property
    def after_day(self) -> date:
        """The last day after it."""
        return date.fromisoformat(self.after)
