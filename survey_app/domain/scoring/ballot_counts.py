"""How many ballots: counted, returned, issued, present, due.

The same answers can cross one third of one of these numbers and miss it of another,
so each has its name and is None while nobody has told it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.domain.questionnaire import ABSTAIN, WITHOUT_POINTS
from survey_app.domain.scheme import Denominator
from survey_app.domain.tally import Counts, Turnout


def denominator_of(counts: Counts, turnout: Turnout, kind: Denominator) -> int | None:
    """Return the number of ballots of this kind, or None when it is not known.

    Ballots returned are, where nobody counted them, the answers and the invalid ones.
    """
    rated = sum(n for choice, n in counts.items() if choice not in WITHOUT_POINTS)
    answered = sum(counts.values())
    return {
        Denominator.VALID: rated,
        Denominator.VALID_WITH_ABSTENTIONS: rated + counts.get(ABSTAIN, 0),
        Denominator.RESPONSES: answered,
        Denominator.RETURNED: (
            answered + (turnout.invalid or 0)
            if turnout.returned is None
            else turnout.returned
        ),
        Denominator.PRESENT: turnout.present,
        Denominator.ISSUED: turnout.issued,
        Denominator.MEMBERSHIP: turnout.membership,
    }[kind]


def is_void(counts: Counts, turnout: Turnout) -> bool:
    """Return whether more ballots came back than were issued.

    Then the whole evaluation is void and must be repeated ("政协民主测评办法", draft).
    """
    returned = denominator_of(counts, turnout, Denominator.RETURNED) or 0
    return turnout.issued is not None and returned > turnout.issued


def is_overcounted(counts: Counts, turnout: Turnout) -> bool:
    """Return whether more was counted than came back: one of the two is wrong."""
    counted = sum(counts.values()) + (turnout.invalid or 0)
    return turnout.returned is not None and counted > turnout.returned


@dataclass(frozen=True, slots=True)
class Ballots:
    """What one rater group, or several together, handed in on one question."""

    groups: tuple[tuple[Counts, Turnout], ...]

    @property
    def counts(self) -> Counts:
        """How often each choice was picked, all groups together."""
        return added(counts for counts, _ in self.groups)

    def number(self, kind: Denominator) -> int | None:
        """Return the ballots of this kind; None when one group's are not known."""
        total = 0
        for counts, turnout in self.groups:
            known = denominator_of(counts, turnout, kind)
            if known is None:
                return None
            total += known
        return total

    @property
    def valid(self) -> int:
        """Answers that rate."""
        return self.number(Denominator.VALID) or 0

    @property
    def void(self) -> bool:
        """Whether a group returned more ballots than it was issued."""
        return any(is_void(*group) for group in self.groups)

    @property
    def overcounted(self) -> bool:
        """Whether in a group more was counted than came back."""
        return any(is_overcounted(*group) for group in self.groups)

    @property
    def overfull(self) -> bool:
        """Whether a group returned more ballots than it has members."""
        return any(
            turnout.membership is not None
            and (denominator_of(counts, turnout, Denominator.RETURNED) or 0)
            > turnout.membership
            for counts, turnout in self.groups
        )


def added(many: Iterable[Counts]) -> Counts:
    """Return choice → count over all of them; choices keep their first order."""
    total: Counter[str] = Counter()
    for counts in many:
        for choice, count in counts.items():
            total[choice] += count
    return dict(total)
