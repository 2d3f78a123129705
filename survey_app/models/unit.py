"""Units: towns, streets, departments and what belongs to them, as a tree."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class Unit(Base):
    """A town, street, department or subordinate body."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """The office's own stable code; imports find the unit again by it."""
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
