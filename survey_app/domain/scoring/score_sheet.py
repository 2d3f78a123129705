"""A score as a tree in which every number opens into the numbers that made it."""

from dataclasses import dataclass, field
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark


@dataclass(frozen=True, slots=True)
class Node:
    """One number of the sheet, with the rule that made it and the rule's source."""

    key: str
    label: Bilingual
    value: Fraction | None
    """None: could not be computed; `rule` says why."""
    weight: Fraction | None
    rule: Remark
    source: Bilingual
    published: bool = True
    """False where the weight or the rule was assumed; marked wherever it is shown."""
    children: tuple["Node", ...] = ()
    contribution: Fraction | None = None
    """What it adds to the number above it; those of all children make that number."""

    @property
    def assumed(self) -> bool:
        """Whether anything that made this number was assumed, at any depth."""
        return not self.published or any(child.assumed for child in self.children)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The overall score and everything it is made of."""

    root: Node
    places: int
    blocked: tuple[Remark, ...] = field(default=())
    """Why there is no overall score; empty when there is one."""

    @property
    def overall(self) -> Fraction | None:
        """The exact overall score, or None while something blocks it."""
        return None if self.blocked else self.root.value


def rounded(value: Fraction, places: int) -> str:
    """Return the value in digits, rounded half up (away from zero) once.

    The only rounding of the platform; everything before it is exact.
    """
    shift = 10**places
    units = (2 * abs(value) * shift + 1) // 2
    whole, part = divmod(units, shift)
    digits = f"{whole}.{part:0{places}d}" if places else str(whole)
    return f"-{digits}" if value < 0 and units else digits
