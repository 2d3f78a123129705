"""Quorums and their like: what must hold between two numbers of ballots."""

from collections.abc import Iterable

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.remark import Remark, remark
from survey_app.domain.scheme import Condition
from survey_app.domain.scoring.ballot_counts import Ballots
from survey_app.domain.scoring.ballot_names import COMPARATOR_NAMES, DENOMINATOR_NAMES


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
