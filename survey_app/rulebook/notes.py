"""What lies beside a scheme on the desk of whoever writes it: its source, a trial.

Neither is part of the rules, and nobody who is rated stands in it: counts of a trial
are typed, or come from a file; what a survey counted is never copied here.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.ground.refusals import NotFound
from survey_app.rulebook.tables import RuleText
from survey_app.table_base import Base


class RuleNotes(Base):
    """The notes beside one version."""

    __tablename__ = "rule_notes"

    rule_id: Mapped[int] = mapped_column(
        ForeignKey("rule_text.id", ondelete="CASCADE"), primary_key=True
    )
    source_text: Mapped[str] = mapped_column(default="")
    """The document that the numbers come from, as somebody pasted it."""
    counts: Mapped[str] = mapped_column(default="")
    """JSON of a trial, as `survey score` reads it."""


def notes_of(session: Session, rule_id: int) -> tuple[str, str]:
    """Return source text and counts; empty where there are none."""
    found = session.get(RuleNotes, rule_id)
    return (found.source_text, found.counts) if found else ("", "")


def keep_notes(
    session: Session,
    rule_id: int,
    *,
    source_text: str | None = None,
    counts: str | None = None,
) -> None:
    """Keep one of the notes, or both; raises NotFound without such a version."""
    if session.get(RuleText, rule_id) is None:
        raise NotFound
    row = session.get(RuleNotes, rule_id) or RuleNotes(rule_id=rule_id)
    if source_text is not None:
        row.source_text = source_text
    if counts is not None:
        row.counts = counts
    session.add(row)
    session.commit()
