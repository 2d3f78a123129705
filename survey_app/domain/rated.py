"""Who is rated, as the surveys or the cycle they belong to know it.

What a draft says of a cadre follows the roster. Once a survey has opened these are the
facts of that day: the roster may change, what is closed does not.
"""

from dataclasses import dataclass

from survey_app.domain.scheme import Post


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """The unit a subject belongs to."""

    id: int
    code: str
    name: str
    parent_name: str
    """Empty where it has no parent."""


@dataclass(frozen=True, slots=True)
class RatedCadre:
    """The person, where the subject is one."""

    code: str
    name: str
    title: str
    post: str


@dataclass(frozen=True, slots=True)
class Rated:
    """One subject: a cadre, or the leading body of a unit."""

    id: int
    kind: str
    unit: RatedUnit
    cadre: RatedCadre | None
    is_frozen: bool = False
    """Whether these are the facts of an opening, no longer those of the roster."""

    @property
    def name(self) -> str:
        """What the respondent reads: the cadre's name, or the unit's."""
        return self.cadre.name if self.cadre else self.unit.name

    @property
    def title(self) -> str:
        """The cadre's post in its own words; empty for a leading body."""
        return self.cadre.title if self.cadre else ""

    @property
    def unit_id(self) -> int:
        """The unit's number."""
        return self.unit.id

    @property
    def post(self) -> Post:
        """The post whose weights apply; a leading body has the principal's."""
        return Post(self.cadre.post) if self.cadre else Post.PRINCIPAL
