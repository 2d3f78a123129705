"""Rules about single ballots and extremes: what is refused, and what is left out."""

from dataclasses import dataclass

from survey_app.domain.ground.stated import Stated


@dataclass(frozen=True, slots=True)
class Trim:
    """Leave out the highest and lowest ratings of a question in a group."""

    highest: Stated[int]
    lowest: Stated[int]
    when_more_than: Stated[int]


@dataclass(frozen=True, slots=True)
class BallotRule:
    """A rule a single ballot must obey before it is sent; never applied afterwards."""

    kind: str
    """"at-most" or "at-least" so many of the choices, or "not-all-equal"."""
    choices: tuple[str, ...] = ()
    count: Stated[int] | None = None
