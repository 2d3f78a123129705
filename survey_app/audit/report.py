"""What an audit found, as values and as the few lines that a terminal prints."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Leak:
    """Something from which hidden people can be told."""

    where: str
    """The route, or "plan" and "numbers" where no page is needed."""
    role: str
    path: str
    who: str
    """The hidden group: survey, subject, rater group; and what was changed."""
    truth: str
    """What stands there, around the first difference."""
    instead: str
    """What would stand there, had the group said something else."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one audit."""

    surveys: int
    routes: int
    addresses: int
    roles: int
    groups: int
    """Hidden groups of people."""
    worlds: int
    numbers: int
    not_audited: tuple[str, ...] = ()
    """Routes whose addresses could not be built, or that answered with a fault."""
    leaks: tuple[Leak, ...] = field(default=())

    @property
    def is_clean(self) -> bool:
        """Whether everything was audited and nothing leaks."""
        return not self.leaks and not self.not_audited

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON knows it."""
        return asdict(self) | {"clean": self.is_clean}

    def lines(self) -> list[str]:
        """Return the report as a person reads it."""
        told = [
            f"surveys {self.surveys}, hidden groups {self.groups}, "
            f"numbers {self.numbers}",
            f"routes {self.routes}, addresses {self.addresses}, roles {self.roles}, "
            f"worlds {self.worlds}",
        ]
        told += [f"not audited: {route}" for route in self.not_audited]
        for leak in self.leaks:
            told += [
                f"LEAK {leak.where} {leak.path} as {leak.role}: {leak.who}",
                f"  now:     {leak.truth}",
                f"  instead: {leak.instead}",
            ]
        told.append("Nothing leaks." if self.is_clean else "The audit failed.")
        return told


AROUND = 40
"""Characters shown on either side of the first difference."""


def difference(one: str, other: str) -> tuple[str, str]:
    """Return both texts around their first difference, each in one line."""
    ends = min(len(one), len(other))
    first = next((n for n in range(ends) if one[n] != other[n]), ends)
    start = max(0, first - AROUND)
    return _line(one[start : first + AROUND]), _line(other[start : first + AROUND])


def _line(text: str) -> str:
    return " ".join(text.split())
