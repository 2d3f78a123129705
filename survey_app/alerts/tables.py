"""Alerts as cases: where each stands, every act about it, files, and objections.

What an alert found, its numbers included, stays with the survey (`kept_alert`), where
the publication plan guards it. Here stands only what people do about it.
"""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.scheme.review_rules import Measure
from survey_app.table_base import Base


def _one_of(column: str, words: type[State | Act | ClosedAs | Measure]) -> str:
    """Return the condition that a column says one of these words, or nothing."""
    listed = ", ".join(repr(word.value) for word in words)
    return f"{column} IN ('', {listed})"


class AlertCase(Base):
    """One alert that somebody must look into: who it is about, and where it stands.

    Cycle, rule, subject, rater group and question say which alert it is. An alert that
    was closed and came up again has the next round.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint(_one_of("outcome", ClosedAs), name="outcome"),
        CheckConstraint(_one_of("measure", Measure), name="measure"),
        CheckConstraint(_one_of("proposed", Measure), name="proposed"),
        CheckConstraint("(state = 'closed') = (outcome <> '')", name="closed_as"),
        UniqueConstraint(
            "cycle_id", "subject_id", "rule_key", "question_key", "rater_group",
            "round", name="uq_alert_identity",
        ),
        Index(None, "state", "due_on"),
        Index(None, "survey_id"),
        Index(None, "subject_id"),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    """The survey that raised it."""
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    rule_key: Mapped[str]
    question_key: Mapped[str]
    rater_group: Mapped[str]
    """A key of the scheme, or POOLED."""
    round: Mapped[int] = mapped_column(default=1)
    follows: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    """The alert that was closed before this round of it."""
    proposed: Mapped[str] = mapped_column(default="")
    """The scheme's next measure where that one was escalated: proposed, not taken."""
    is_rating: Mapped[bool] = mapped_column(default=False)
    """Whether it is about bad ratings, which are handled in a way of their own."""
    raised_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=State.RAISED.value)
    outcome: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    """What was decided; "": nothing yet."""
    waiting: Mapped[int | None]
    """The number of the act that waits for a second person."""
    version: Mapped[int] = mapped_column(default=0)
    """The number of the last act."""
    held_by: Mapped[str] = mapped_column(default="")
    """The account that began to verify it."""
    due_on: Mapped[date | None]
    """When what comes next is due."""
    recheck_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey.id", ondelete="SET NULL")
    )
    """The survey of the follow-up."""


class AlertAct(Base):
    """One thing that happened to an alert; a row is never changed and never deleted."""

    __tablename__ = "alert_act"
    __table_args__ = (CheckConstraint(_one_of("kind", Act), name="kind"),)

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, in the order in which they were done."""
    kind: Mapped[str]
    account: Mapped[str] = mapped_column(default="")
    """Who did it; "": the program, from the counts alone."""
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str]
    """States; of an act that waits both are the same."""
    point: Mapped[str] = mapped_column(default="")
    """Of a check: which point of the checklist."""
    measure: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    """Of a plan: when the re-check is due."""
    survey_id: Mapped[int | None]
    """The survey that found it, or that re-checks it; no key, as drafts may go."""
    attachment_id: Mapped[int | None]
    needs: Mapped[str] = mapped_column(default="")
    """"second" or "leading-group" where another account must confirm it."""
    answers: Mapped[int | None]
    """Of a confirmation or a refusal: the number of the act it answers."""
    given_before: Mapped[int] = mapped_column(default=0)
    """How long the list of given passwords and confirmations was then."""


SECOND, LEADING_GROUP = "second", "leading-group"
"""Who must confirm an act: another account, or one that acts for the leading group."""


class Attachment(Base):
    """A file that belongs to an alert; its content lies in parts."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "alert_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    name: Mapped[str]
    """What it is called when it is handed out; cleaned."""
    kind: Mapped[str]
    """Its type, told by its content."""
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str]
    """In hex; it stays when the content is taken away."""
    attached_by: Mapped[str]
    attached_on: Mapped[date]
    taken_by: Mapped[str] = mapped_column(default="")
    """Who took its content away; "": it is there."""
    taken_on: Mapped[date | None]


class AttachmentPart(Base):
    """A part of a file: small enough for every database and every network."""

    __tablename__ = "attachment_part"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachment.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary())


class Objection(Base):
    """What a rated unit or person asks to be looked at again (申请复核)."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(
            "(answered_on IS NULL) = (answer = '')", name="answered_in_words"
        ),
        CheckConstraint("verdict IN ('', 'upheld', 'changed')", name="verdict"),
        Index(None, "answered_on", "answer_by"),
        Index(None, "cycle_id", "subject_id"),
        Index(None, "alert_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    """Whose result it is about."""
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    """None: about the score sheet of the subject."""
    text: Mapped[str]
    filed_by: Mapped[str]
    """The account; of the appraised, of the unit, or of the office for a paper."""
    on_paper_of: Mapped[str] = mapped_column(default="")
    """Whose paper it was where the office entered it; "": filed by oneself."""
    filed_on: Mapped[date]
    """The day it came, which of a paper may lie before the day it was entered."""
    answer_by: Mapped[date]
    """When the answer is due."""
    answer: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str] = mapped_column(default="")
    """"upheld": the result stands; "changed": it does not, and the answer says what
    follows."""
    answered_by: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]


UPHELD, CHANGED = "upheld", "changed"
