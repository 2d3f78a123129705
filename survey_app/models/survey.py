"""Surveys, whom they are about, and the channels that lead to them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base
from survey_app.models.cycle import Cycle
from survey_app.models.subject import Subject

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
REHEARSAL, CLOSING, VOID = "rehearsal", "closing", "void"
STATES = (DRAFT, REHEARSAL, OPEN, CLOSING, CLOSED, VOID)
"""rehearsal: a draft whose codes lead somewhere, for trying; no answer of it outlives
it. closing: no answer is taken any more, its results are being made. void: declared so
by two officials; nothing of it counts anywhere."""
UNCOUNTED = (DRAFT, REHEARSAL, VOID)
"""The states in which nothing about a survey is ever counted."""
OPEN_SURVEY, SECRET_BALLOT = "open", "secret"
"""The two modes; see the words list."""
MERGE, WITHHOLD = "merge", "withhold"
"""What happens to a rater group too small to be shown."""


class Survey(Base):
    """One use of a questionnaire, open between two days."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"
        ),
        CheckConstraint("opens_on <= closes_on", name="days_in_order"),
        CheckConstraint("mode IN ('open', 'secret')", name="mode"),
        CheckConstraint("small_groups IN ('merge', 'withhold')", name="small_groups"),
        # A deleted draft's number is nobody's again: pages, secrets and boxes know it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    component_key: Mapped[str]
    """The component of the cycle's scheme that this survey's tally feeds."""
    title: Mapped[str]
    questionnaire: Mapped[str]
    """Canonical JSON; frozen with the survey's opening."""
    questionnaire_fingerprint: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which answers are taken."""
    state: Mapped[str] = mapped_column(default=DRAFT)
    mode: Mapped[str] = mapped_column(default=OPEN_SURVEY, server_default=OPEN_SURVEY)
    small_groups: Mapped[str] = mapped_column(default=MERGE, server_default=MERGE)
    """Secret ballots only; frozen at opening."""

    cycle: Mapped[Cycle] = relationship()
    subjects: Mapped[list[Subject]] = relationship(
        secondary="survey_subject", order_by=Subject.id
    )
    channels: Mapped[list["Channel"]] = relationship(
        back_populates="survey", order_by="Channel.id"
    )

    @property
    def is_secret(self) -> bool:
        """Whether it is a secret ballot; otherwise it is an open survey."""
        return self.mode == SECRET_BALLOT

    def takes_answers(self, today: date) -> bool:
        """Return whether an answer given today counts."""
        return self.state == OPEN and self.opens_on <= today <= self.closes_on

    def is_over(self, today: date) -> bool:
        """Return whether no answer can ever be added again."""
        ended = self.state in (CLOSING, CLOSED, VOID)
        return ended or (self.state == OPEN and today > self.closes_on)


class SurveySubject(Base):
    """Which subjects a survey is about."""

    __tablename__ = "survey_subject"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)


class Channel(Base):
    """One public QR code, belonging to one rater group."""

    __tablename__ = "channel"
    __table_args__ = (Index(None, "survey_id"), UniqueConstraint("code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    code: Mapped[str]
    rater_group: Mapped[str]
    place: Mapped[str]
    """Where the code hangs, such as "window 3"; read by the office only."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    """None: the respondent chooses among the survey's subjects."""

    survey: Mapped[Survey] = relationship(back_populates="channels")
    subject: Mapped[Subject | None] = relationship()
