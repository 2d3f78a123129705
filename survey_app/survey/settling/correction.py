"""What a correction can be about, and what may stand in its place."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.appraisal.rated import Rated
from survey_app.appraisal.roster.roster_sheets import POSTS
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.written_value import (
    Misread,
    exact,
    tidy,
    tidy_code,
    tidy_name,
)
from survey_app.domain.scheme.scheme import Component, Post, Scheme
from survey_app.domain.scoring.proposal import points_as_kept, wrong_points
from survey_app.table_base import Base, waiting

REQUESTED, CONFIRMED = "requested", "confirmed"
DECLINED, WITHDRAWN = "declined", "withdrawn"


class Correction(Base):
    """One correction: what was, what shall be, why, and the two who answer for it."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'confirmed', 'declined', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "state != 'confirmed' OR requested_by != decided_by", name="two_accounts"
        ),
        Index(None, "cycle_id", "subject_id"),
        waiting("correction", "cycle_id", "subject_id", which="state = 'requested'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    what: Mapped[str]
    """"name", "title", "post", "unit", or "value:" with the component's key."""
    old: Mapped[str]
    """As it stood when it was requested; empty where nothing stood."""
    new: Mapped[str]
    old_source: Mapped[str]
    """Of values: who determined it and where it is filed."""
    new_source: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=REQUESTED)
    requested_by: Mapped[str]
    requested_on: Mapped[date]
    passwords_given: Mapped[int]
    """The last given password at the request: a later one between the two is doubt."""
    decided_by: Mapped[str | None]
    decided_on: Mapped[date | None]


NOTHING = "0"
"""New points of a bonus or deduction that shall not count any more."""
NAME, TITLE, POST, UNIT = "name", "title", "post", "unit"
VALUE = "value:"
"""Followed by the key of a component."""
ADJUSTMENT = "adjustment:"
"""Followed by the number of a bonus or deduction, or by the kind of a missing one."""


def component_in(what: str) -> str | None:
    """Return the component whose value is meant; None: it is about a fact."""
    return what.removeprefix(VALUE) if what.startswith(VALUE) else None


def is_about_adjustment(what: str) -> bool:
    """Return whether a bonus or deduction is meant."""
    return what.startswith(ADJUSTMENT)


def needs_source(what: str, new: str) -> bool:
    """Return whether the new content says where it comes from: whatever counts does."""
    counted = component_in(what) is not None or is_about_adjustment(what)
    return counted and new != NOTHING


def facts_of(rated: Rated) -> dict[str, str]:
    """Return what can be corrected about a subject → how it stands.

    A leading body has its unit's name, and neither post nor another unit.
    """
    if rated.cadre is None:
        return {NAME: rated.unit.name}
    return {
        NAME: rated.cadre.name,
        TITLE: rated.cadre.title,
        POST: rated.cadre.post,
        UNIT: rated.unit.code,
    }


@dataclass(frozen=True, slots=True)
class CorrectablePlace:
    """One thing that stands somewhere and may be wrong."""

    what: str
    old: str
    """As it stands; empty where a value is missing."""

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.what}={self.old}"


@dataclass(frozen=True, slots=True)
class Correctable:
    """All that can be corrected about one subject in one cycle."""

    places: tuple[CorrectablePlace, ...]
    """One fact stands twice where two surveys knew it differently."""
    sources: Mapping[str, str]
    """Of values: what → who determined it and where it is filed."""
    components: Mapping[str, Component]
    units: Set[str]
    """Codes of the units there are."""
    scheme: Scheme
    kinds: Mapping[str, str]
    """Of bonuses and deductions: what → its kind."""

    def place(self, key: str) -> CorrectablePlace | None:
        """Return the place a form means."""
        return next((place for place in self.places if place.key == key), None)

    def read(self, what: str, written: str) -> str | None:
        """Return the new content as it is kept; None where it cannot stand there."""
        component = component_in(what)
        if component is not None:
            return _value(self.components[component], written)
        if is_about_adjustment(what):
            return self._points(what, written)
        if what == POST:
            return _post(written)
        if what == UNIT:
            code = tidy_code(written)
            return code if code in self.units else None
        return (tidy_name if what == NAME else tidy)(written) or None

    def _points(self, what: str, written: str) -> str | None:
        """Return the points as kept, NOTHING where an entry shall count no more."""
        text = points_as_kept(written)
        if text == NOTHING:
            return text
        return None if wrong_points(self.scheme, self.kinds[what], text) else text


def is_change(place: CorrectablePlace, new: str) -> bool:
    """Return whether this is not what stands already; equal numbers are equal."""
    is_number = component_in(place.what) is not None or is_about_adjustment(place.what)
    if not is_number:
        return place.old != new
    if not place.old:  # a bonus of nothing is no bonus; a value of 0 is a value
        return not (is_about_adjustment(place.what) and new == NOTHING)
    return Fraction(place.old) != Fraction(new)


def _value(component: Component, written: str) -> str | None:
    """Return the value as written, tidied; None where it is no possible value."""
    text = tidy_code(written)
    try:
        value = exact(text)
    except Misread:
        return None
    return text if 0 <= value <= component.full_marks.value else None


def _post(written: str) -> str | None:
    """Return the post's key, from its key or its name in either language."""
    word = tidy_code(written).casefold()
    named = (p for p, label in POSTS.items() if word in (p.value, label.zh, label.en))
    return next((post.value for post in named), None)


def post_name(key: str) -> Bilingual:
    """Return what a post is called."""
    return POSTS[Post(key)]
