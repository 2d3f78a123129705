"""Everything a score is made from: counts, turnout, given values, adjustments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.paper_sheets import PaperCount
from survey_app.domain.counting.tally import Tally, Turnout
from survey_app.domain.ground.remark import Remark


@dataclass(frozen=True, slots=True)
class NamedRating:
    """What one person, or one assessment group, signed about one subject."""

    rater: str
    """Who signed: a person's name, or what the group is called."""
    capacity: str
    """In what capacity, such as "supervising county leader"."""
    points: Fraction
    reason: str
    source: str
    """The signed paper, and where it is filed."""


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """What stands on one signed paper, as it is copied."""

    subject_id: int
    component_key: str
    rater_group: str
    rater: str
    capacity: str
    points: str
    reason: str
    signed_on: date
    source: str


UNTOLD = Turnout()
BONUS, DEDUCTION = "bonus", "deduction"
KINDS = (BONUS, DEDUCTION)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points added or taken away, with reason and source."""

    kind: str
    """BONUS or DEDUCTION."""
    points: Fraction
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ScoreInput:
    """The evidence about one subject in one cycle."""

    tallies: Mapping[str, Tally] = field(default_factory=dict)
    """Component → rater group → question → choice → count."""
    turnout: Mapping[str, Mapping[str, Turnout]] = field(default_factory=dict)
    """Component → rater group → what is known about its ballots."""
    values: Mapping[str, Fraction] = field(default_factory=dict)
    """Component → value, for components given from outside."""
    adjustments: tuple[Adjustment, ...] = ()
    open_groups: frozenset[tuple[str, str]] = frozenset()
    """(component, rater group) whose answers came through open channels: whatever the
    scheme calls the group, whoever scanned its code could answer."""
    named: Mapping[str, Mapping[str, tuple[NamedRating, ...]]] = field(
        default_factory=dict
    )
    """Component → rater group, or `SIGNED_WHOLE` → what was signed."""
    waits_for: Mapping[str, Remark] = field(default_factory=dict)
    """Component → what its tally still waits for, where that is known."""
    merged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Component → rater group → the rater group its ballots are counted in."""
    papers: Mapping[str, Mapping[str, PaperCount]] = field(default_factory=dict)
    """Component → rater group → what came of its sheets, where they were typed one by
    one; their counts stand in tallies and turnout already."""

    def __post_init__(self) -> None:
        """Raise ValueError for what no count and no adjustment can be."""
        for tally in self.tallies.values():
            for group in tally.values():
                for counts in group.values():
                    if counts and min(counts.values()) < 0:
                        raise ValueError("a count is negative")
        if any(a.kind not in KINDS or a.points < 0 for a in self.adjustments):
            raise ValueError("an adjustment is a bonus or a deduction from 0 points up")

    def ballots(self, component: str, groups: Iterable[str], question: str) -> Ballots:
        """Return what these rater groups handed in on the question, maybe nothing."""
        tally = self.tallies.get(component, {})
        turnout = self.turnout.get(component, {})
        return Ballots(
            tuple(
                [
                    (tally.get(group, {}).get(question, {}), turnout.get(group, UNTOLD))
                    for group in groups
                ]
            )
        )

    def questions(self, component: str) -> tuple[str, ...]:
        """Return the questions any rater group answered, in the order of the tally."""
        groups = self.tallies.get(component, {}).values()
        return tuple(dict.fromkeys(question for group in groups for question in group))
