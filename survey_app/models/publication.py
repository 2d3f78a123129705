"""What may be shown of a survey, and what its readers said of its comments."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class PublicationPlan(Base):
    """The plan of one survey: frozen at opening, evaluated once from the counts."""

    __tablename__ = "publication_plan"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    frozen: Mapped[str]
    """Canonical JSON: the floors and every cell that may ever be shown."""
    fingerprint: Mapped[str]
    """SHA-256 of the frozen text, in hex."""
    evaluated: Mapped[str | None]
    """Canonical JSON: what became of every cell; None until the counts are final."""
    seal: Mapped[str | None]
    """Over the rules as they were frozen; see sealing/sealed_plan.py."""
    tallies: Mapped[str | None]
    """JSON, subject → digest of what was counted about it when the plan was settled."""
    settled_seal: Mapped[str | None]
    """Over what became of the plan, and over the tallies."""


class CommentReview(Base):
    """What one reader said of one comment; two who agree release it."""

    __tablename__ = "comment_review"
    __table_args__ = (
        CheckConstraint("verdict IN ('pass', 'withhold')", name="verdict"),
        {"sqlite_with_rowid": False},
    )

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    comment_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    """The account that read it."""
    verdict: Mapped[str]
    text: Mapped[str]
    """As it may be shown: names, dates, places and events struck out."""
    given_before: Mapped[int | None]
    """How long the list of given passwords and confirmations was when this was said;
    None where that was before there was a list."""
