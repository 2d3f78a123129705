"""How many ballots: counted, returned, issued, present, due.

The same answers can cross one third of one of these numbers and miss it of another,
so each has its name and is None while nobody has told it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.domain.counting.tally import Counts, Turnout, added
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    NOT_ASKED,
    WITHOUT_POINTS,
)
from survey_app.domain.scheme.scheme import Comparator, Condition, Denominator


def denominator_of(counts: Counts, turnout: Turnout, kind: Denominator) -> int | None:
    """Return the number of ballots of this kind, or None when it is not known."""
    return denominators_of(counts, turnout)[kind]


def denominators_of(counts: Counts, turnout: Turnout) -> dict[Denominator, int | None]:
    """Return the number of ballots of every kind; None: it is not known.

    Ballots returned are, where nobody counted them, the answers and the invalid ones.
    """
    rated, came = _rated(counts), sum(counts.values())
    return {
        Denominator.VALID: rated,
        Denominator.VALID_WITH_ABSTENTIONS: rated + counts.get(ABSTAIN, 0),
        Denominator.RESPONSES: came - counts.get(NOT_ASKED, 0),
        Denominator.RETURNED: (
            came + (turnout.invalid or 0)
            if turnout.returned is None
            else turnout.returned
        ),
        Denominator.PRESENT: turnout.present,
        Denominator.ISSUED: turnout.issued,
        Denominator.MEMBERSHIP: turnout.membership,
    }


def is_void(counts: Counts, turnout: Turnout) -> bool:
    """Return whether more ballots came back than were issued.

    Then the whole evaluation is void and must be repeated ("政协民主测评办法", draft).
    """
    if turnout.issued is None:
        return False
    return (denominator_of(counts, turnout, Denominator.RETURNED) or 0) > turnout.issued


def is_overcounted(counts: Counts, turnout: Turnout) -> bool:
    """Return whether more was counted than came back: one of the two is wrong."""
    if turnout.returned is None:
        return False
    return sum(counts.values()) + (turnout.invalid or 0) > turnout.returned


@dataclass(frozen=True, slots=True)
class Ballots:
    """What one rater group, or several together, handed in on one question."""

    groups: tuple[tuple[Counts, Turnout], ...]

    @property
    def counts(self) -> Counts:
        """How often each choice was picked, all groups together."""
        if len(self.groups) == 1:
            return self.groups[0][0]
        return added([counts for counts, _ in self.groups])

    @property
    def numbers(self) -> dict[Denominator, int | None]:
        """The ballots of every kind; None where one group's are not known."""
        every = [denominators_of(*group) for group in self.groups]
        if len(every) == 1:
            return every[0]
        return {kind: _sum_of(one[kind] for one in every) for kind in Denominator}

    def number(self, kind: Denominator) -> int | None:
        """Return the ballots of this kind; None when one group's are not known."""
        return self.numbers[kind]

    @property
    def valid(self) -> int:
        """Answers that rate."""
        return sum([_rated(counts) for counts, _ in self.groups])

    @property
    def void(self) -> bool:
        """Whether a group returned more ballots than it was issued."""
        told = [group for group in self.groups if group[1].issued is not None]
        return bool(told) and any(is_void(*group) for group in told)

    @property
    def overcounted(self) -> bool:
        """Whether in a group more was counted than came back."""
        told = [group for group in self.groups if group[1].returned is not None]
        return bool(told) and any(is_overcounted(*group) for group in told)

    @property
    def overfull(self) -> bool:
        """Whether a group returned more ballots than it has members."""
        told = [group for group in self.groups if group[1].membership is not None]
        return bool(told) and any(
            (denominator_of(counts, turnout, Denominator.RETURNED) or 0)
            > (turnout.membership or 0)
            for counts, turnout in told
        )


def _rated(counts: Counts) -> int:
    """Return how many answers rate."""
    return sum([n for choice, n in counts.items() if choice not in WITHOUT_POINTS])


def _sum_of(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


DENOMINATOR_NAMES = {
    Denominator.VALID: Bilingual("有效票", "valid ballots"),
    Denominator.VALID_WITH_ABSTENTIONS: Bilingual(
        "有效票与弃权票", "valid ballots and abstentions"
    ),
    Denominator.RESPONSES: Bilingual("全部答卷", "all responses"),
    Denominator.RETURNED: Bilingual("收回票数", "ballots returned"),
    Denominator.PRESENT: Bilingual("实到人数", "people present"),
    Denominator.ISSUED: Bilingual("发出票数", "ballots issued"),
    Denominator.MEMBERSHIP: Bilingual("应参加人数", "the whole membership"),
}

COMPARATOR_NAMES = {
    Comparator.MORE_THAN: Bilingual("超过", "more than"),
    Comparator.AT_LEAST: Bilingual("达到", "at least"),
    Comparator.LESS_THAN: Bilingual("不足", "less than"),
    Comparator.AT_MOST: Bilingual("不超过", "at most"),
}


def condition_holds(condition: Condition, ballots: Ballots) -> bool:
    """Return whether both numbers are known, are not of nobody, and compare well."""
    part, whole = ballots.number(condition.part), ballots.number(condition.whole)
    if part is None or not whole:
        return False
    return condition.comparator.holds(part, whole, condition.threshold.value)


def failed_conditions(
    conditions: tuple[Condition, ...], where: Bilingual, ballots: Iterable[Ballots]
) -> tuple[Remark, ...]:
    """Return why conditions do not hold, once each, by the first question failing."""
    questions = tuple(ballots)
    failing = (
        next((b for b in questions if not condition_holds(condition, b)), None)
        for condition in conditions
    )
    return tuple(
        _reason(condition, where, found)
        for condition, found in zip(conditions, failing, strict=True)
        if found is not None
    )


def _reason(condition: Condition, where: Bilingual, ballots: Ballots) -> Remark:
    """Return why the condition does not hold."""
    part, whole = ballots.number(condition.part), ballots.number(condition.whole)
    part_name = DENOMINATOR_NAMES[condition.part]
    whole_name = DENOMINATOR_NAMES[condition.whole]
    if part is None or whole is None:
        unknown = part_name if part is None else whole_name
        return remark("condition-unknown", where=where, unknown=unknown)
    return remark(
        "condition-failed",
        where=where,
        part=part,
        part_name=part_name,
        whole=whole,
        whole_name=whole_name,
        comparator=COMPARATOR_NAMES[condition.comparator],
        threshold=str(condition.threshold.value),
    )
