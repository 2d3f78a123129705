"""Subjects: who a questionnaire is about."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base
from survey_app.models.cadre import Cadre
from survey_app.models.unit import Unit


class Subject(Base):
    """The leading body of a unit, or one cadre of it."""

    __tablename__ = "subject"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'cadre') = (cadre_id IS NOT NULL)", name="cadre_has_cadre"
        ),
        CheckConstraint("kind IN ('cadre', 'leading-body')", name="kind"),
        Index(None, "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """"leading-body" or "cadre"; see domain.scheme.SubjectKind."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cadre_id: Mapped[int | None] = mapped_column(ForeignKey("cadre.id"), unique=True)

    unit: Mapped[Unit] = relationship()
    cadre: Mapped[Cadre | None] = relationship()

    @property
    def name(self) -> str:
        """What the respondent reads: the cadre's name, or the unit's."""
        return self.cadre.name if self.cadre else self.unit.name
