"""Who is rated, as the surveys or the cycle they belong to know it.

What a draft says of a cadre follows the roster. Once a survey has opened these are the
facts of that day: the roster may change, what is closed does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from survey_app.domain.ground.look_alike import Naming, told_apart
from survey_app.domain.scheme.scheme import Post


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """The unit a subject belongs to."""

    id: int
    code: str
    name: str
    parent_name: str
    """Empty where it has no parent."""
    told: str = ""
    """What it is called where others bear its name; empty where none does."""

    @property
    def shown(self) -> str:
        """What it is called among the units it is listed with."""
        return self.told or self.name


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
    told: str = ""
    """What it is called where others bear its name; empty where none does."""

    @property
    def name(self) -> str:
        """What everybody reads: the cadre's name, or the unit's, told from others."""
        return self.told or self.bare_name

    @property
    def bare_name(self) -> str:
        """The name alone, whoever else bears it."""
        return self.cadre.name if self.cadre else self.unit.name

    @property
    def title(self) -> str:
        """The cadre's post in its own words; empty for a leading body."""
        return self.cadre.title if self.cadre else ""

    @property
    def place(self) -> str:
        """Unit and title of a person; of a leading body the unit above, if any."""
        if self.cadre is None:
            return self.unit.parent_name
        return f"{self.unit.shown} {self.cadre.title}".strip()

    @property
    def unit_id(self) -> int:
        """The unit's number."""
        return self.unit.id

    @property
    def post(self) -> Post:
        """The post whose weights apply; a leading body has the principal's."""
        return Post(self.cadre.post) if self.cadre else Post.PRINCIPAL


def named_apart(rated: Iterable[Rated]) -> list[Rated]:
    """Return the subjects in their order, each told from the others of the list."""
    listed = list(rated)
    units = {one.unit.id: one.unit for one in listed}
    names = told_apart([_naming(one) for one in listed])
    shown = dict(
        zip(units, told_apart([_of_unit(unit) for unit in units.values()]), strict=True)
    )
    return [
        one
        if name == one.bare_name and shown[one.unit.id] == one.unit.name
        else replace(one, told=name, unit=replace(one.unit, told=shown[one.unit.id]))
        for one, name in zip(listed, names, strict=True)
    ]


def _naming(rated: Rated) -> Naming:
    if rated.cadre is None:
        return _of_unit(rated.unit)
    return Naming(
        name=rated.cadre.name,
        unit=rated.unit.name,
        parent=rated.unit.parent_name,
        title=rated.cadre.title,
        code=rated.cadre.code,
    )


def _of_unit(unit: RatedUnit) -> Naming:
    return Naming(unit.name, "", unit.parent_name, "", unit.code)
