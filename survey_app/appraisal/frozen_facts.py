"""Who was rated, written down when a survey opened: the roster may change afterwards.

A survey keeps the facts it was opened with. The score sheets of its cycle take those of
the first opening that reached somebody and is not void, until the cycle is settled.
Only a correction, an act of two people, changes either.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base


class Facts:
    """What is known of one subject on the day of an opening."""

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    parent_name: Mapped[str]
    """Empty where the unit has no parent."""
    cadre_code: Mapped[str | None]
    """None for a leading body, like the three below."""
    cadre_name: Mapped[str | None]
    title: Mapped[str | None]
    post: Mapped[str | None]


FACTS = (
    "unit_id", "unit_code", "unit_name", "parent_name",
    "cadre_code", "cadre_name", "title", "post",
)  # fmt: skip
"""The columns, in one order for writing and reading."""


class CycleSubject(Facts, Base):
    """A subject as the sheets of one cycle know it, once settled or corrected."""

    __tablename__ = "cycle_subject"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
