"""All the numbers of one alert: its share, taken of every denominator there is.

The same answers can cross the threshold of one denominator and miss that of another,
so all of them stand beside the one the rule names, with what each would have found.
They are made of ballots that may be shown; of an alert whose numbers are withheld there
are none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from survey_app.domain.alerts.alert import Count, counted
from survey_app.domain.alerts.exact_tests import chance_interval
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.questionnaire.questionnaire import ABSTAIN, DONT_KNOW
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.scheme import AlertRule, Denominator, Design

OF_PEOPLE = (Denominator.PRESENT, Denominator.ISSUED, Denominator.MEMBERSHIP)
"""Denominators that count people or slips, whoever of them answered."""


@dataclass(frozen=True, slots=True)
class ShareOf:
    """What the share would be of one denominator."""

    kind: Denominator
    whole: int | None
    """None: nobody has told it."""
    share: Fraction | None
    """The exact share of those picked, from 0 to 1; None where it is of nobody."""
    crosses: bool | None
    """Whether the rule would cross, were this its denominator; None: not known, or
    the rule compares years or counts ratings: it judges no share by itself."""
    counts: bool
    """Whether it is the denominator the rule names."""


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """The numbers of one alert on one set of ballots."""

    picked: int
    """How many picked what the rule counts."""
    shares: tuple[ShareOf, ...]
    """Of every denominator, the one of the rule first."""
    valid: int
    abstained: int
    dont_know: int
    invalid: int | None
    """None: nobody has told it, as with open codes, where there are none."""
    returned: int | None
    members: int | None
    is_full_count: bool
    """Whether all members of a closed roster answered: then nothing was sampled."""
    interval: tuple[Fraction, Fraction] | None
    """Clopper and Pearson's, of the answers; None for a full count, or of nobody."""
    reach: tuple[Fraction, Fraction] | None
    """Of a closed roster: how small and how large the share of all its members can be,
    whatever those think who did not answer; chance has no part in it."""

    @property
    def by_rule(self) -> ShareOf:
        """The share the rule judges."""
        return self.shares[0]

    @property
    def others_differ(self) -> bool:
        """Whether another denominator would have found otherwise."""
        return any(
            one.crosses not in (None, self.by_rule.crosses) for one in self.shares
        )


def case_numbers(rule: AlertRule, design: Design, ballots: Ballots) -> CaseNumbers:
    """Return the numbers of these ballots, which the caller may show."""
    counts, numbers = ballots.counts, ballots.numbers
    picked = sum(counts.get(choice, 0) for choice in rule.choices)
    named = rule.denominator.value
    shares = tuple(
        _share(rule, picked, kind, numbers[kind])
        for kind in sorted(Denominator, key=lambda one: one is not named)
    )
    returned, members = numbers[Denominator.RETURNED], numbers[Denominator.MEMBERSHIP]
    is_full = design is Design.ROSTER and members is not None and returned == members
    count = counted(rule, picked, numbers[named] or 0)
    return CaseNumbers(
        picked=picked,
        shares=shares,
        valid=ballots.valid,
        abstained=counts.get(ABSTAIN, 0),
        dont_know=counts.get(DONT_KNOW, 0),
        invalid=_invalid(turnout for _, turnout in ballots.groups),
        returned=returned,
        members=members,
        is_full_count=is_full,
        interval=None if is_full or named in OF_PEOPLE else _interval(rule, count),
        reach=_reach(rule, count, ballots.valid, members) if members else None,
    )


def _share(
    rule: AlertRule, picked: int, kind: Denominator, whole: int | None
) -> ShareOf:
    """Return the share of this denominator, and whether it would cross."""
    named = kind is rule.denominator.value
    if whole is None or whole < max(picked, 1):
        return ShareOf(kind, whole, None, None, counts=named)
    judges = rule.watch.kind is AlertKind.SHARE
    crosses = counted(rule, picked, whole).crosses(whole) if judges else None
    return ShareOf(kind, whole, Fraction(picked, whole), crosses, counts=named)


def _interval(rule: AlertRule, count: Count) -> tuple[Fraction, Fraction] | None:
    """Return the interval of the share that was picked, not of its opposite."""
    found = chance_interval(count.part, count.whole)
    if found is None or not _is_turned(rule, count):
        return found
    return 1 - found[1], 1 - found[0]


def _is_turned(rule: AlertRule, count: Count) -> bool:
    """Return whether the rule counts the content and judges the others."""
    return count.threshold != rule.threshold.value


def _reach(
    rule: AlertRule, count: Count, valid: int, members: int
) -> tuple[Fraction, Fraction] | None:
    """Return the least and the largest share of all members that can be true."""
    silent = members - valid
    if silent <= 0:
        return None
    picked = count.whole - count.part if _is_turned(rule, count) else count.part
    return Fraction(picked, members), Fraction(picked + silent, members)


def _invalid(turnouts: Iterable[Turnout]) -> int | None:
    """Return how many ballots were invalid; None where one group's are not known."""
    total = 0
    for turnout in turnouts:
        if turnout.invalid is None:
            return None
        total += turnout.invalid
    return total
