"""Cadres: the people who are appraised."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base
from survey_app.models.unit import Unit


class Cadre(Base):
    """A person who holds a post in a unit."""

    __tablename__ = "cadre"
    __table_args__ = (CheckConstraint("post IN ('principal', 'deputy')", name="post"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str]
    """"principal" or "deputy"."""
    title: Mapped[str]
    """The post's own name, such as 镇长."""

    unit: Mapped[Unit] = relationship()
