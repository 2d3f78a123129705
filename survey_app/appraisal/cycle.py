"""Appraisal cycles, each under one frozen scheme, and the values given to them."""

from datetime import date
from functools import lru_cache

from sqlalchemy import ForeignKey, Index, true
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from survey_app.appraisal.people import initials_from
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.initials import initials_of
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.frozen_scheme import scheme_from_json
from survey_app.domain.scheme.scheme import Scheme
from survey_app.table_base import Base


class GivenValue(Base):
    """The value of one component of one subject, such as achievements."""

    __tablename__ = "given_value"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    component_key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    """Exact, as written: "93.2" or "1544/19"."""
    source: Mapped[str]
    """Who determined it and where it is filed."""
    entered_by: Mapped[str | None]
    """The account that entered it; None: before this was noted."""
    entered_on: Mapped[date | None]


class ReplacedValue(Base):
    """A given value that another has taken the place of."""

    __tablename__ = "replaced_value"
    __table_args__ = (Index(None, "cycle_id", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    component_key: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[str | None]
    entered_on: Mapped[date | None]
    replaced_by: Mapped[str | None]
    replaced_on: Mapped[date | None]


class Cycle(Base):
    """One appraisal period with the rules that apply to it."""

    __tablename__ = "cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    initials: Mapped[str] = mapped_column(
        default=initials_from("name"), server_default=""
    )
    """What somebody types to find it: pinyin initials of what it is called."""
    scheme_key: Mapped[str]
    scheme: Mapped[str]
    """Canonical JSON; see domain.scheme_file."""
    scheme_fingerprint: Mapped[str]
    frozen: Mapped[bool] = mapped_column(default=False)
    """Set when the first survey opens; from then on the scheme stays as it is."""
    appraises: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False: a series of stand-alone surveys. Nobody has a score sheet in it."""
    settled_by: Mapped[str | None]
    """Who settled it; None: given values and roster may still change it."""
    settled_on: Mapped[date | None]

    @validates("name")
    def _called(self, _key: str, name: str) -> str:
        self.initials = initials_of(name)
        return name

    @property
    def rules(self) -> Scheme:
        """The scheme itself; equal texts are read once."""
        return _read(self.scheme)

    @property
    def is_settled(self) -> bool:
        """Whether only a correction changes its score sheets any more."""
        return self.settled_on is not None


def unsettled_cycle(session: Session, cycle_id: int) -> Cycle:
    """Return the cycle, held fast; raises NotFound, or CycleSettled."""
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None:
        session.rollback()
        raise NotFound
    if cycle.is_settled:
        session.rollback()
        raise CycleSettled
    return cycle


@lru_cache(maxsize=32)
def _read(text: str) -> Scheme:
    return scheme_from_json(text)
