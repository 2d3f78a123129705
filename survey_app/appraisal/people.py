"""Units as a tree, their cadres and leading bodies, and whom questions are about."""

from collections.abc import Callable

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from survey_app.domain.ground.initials import initials_of
from survey_app.table_base import Base

Written = Callable[[DefaultExecutionContext], str]


def initials_from(column: str) -> Written:
    """Return what fills in the initials of rows that are written without objects."""

    def told(row: DefaultExecutionContext) -> str:
        written = row.get_current_parameters()  # type: ignore[no-untyped-call]  # theirs
        return initials_of(written[column])

    return told


class Unit(Base):
    """A town, street, department or subordinate body."""

    __tablename__ = "unit"
    __table_args__ = (Index(None, "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """The office's own stable code; imports find the unit again by it."""
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(
        default=initials_from("name"), server_default=""
    )
    """What somebody types to find it: pinyin initials of the name."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    @validates("name")
    def _named(self, _key: str, name: str) -> str:
        self.initials = initials_of(name)
        return name


class Cadre(Base):
    """A person who holds a post in a unit."""

    __tablename__ = "cadre"
    __table_args__ = (CheckConstraint("post IN ('principal', 'deputy')", name="post"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(
        default=initials_from("name"), server_default=""
    )
    """What somebody types to find it: pinyin initials of the name."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str]
    """"principal" or "deputy"."""
    title: Mapped[str]
    """The post's own name, such as 镇长."""

    unit: Mapped[Unit] = relationship()

    @validates("name")
    def _named(self, _key: str, name: str) -> str:
        self.initials = initials_of(name)
        return name


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
