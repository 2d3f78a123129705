"""Tallies whose counts are final, several surveys of a component added up.

What of a sum may be shown is decided from the stored plans of its parts alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import turnouts_of_ballots
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import (
    Tally,
    Turnouts,
    added_tallies,
    added_turnouts,
    merged_tally,
)
from survey_app.domain.disclosure.plan import EvaluatedPlan, joined
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.rated import rated_in
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class SettledTally:
    """What all surveys of one component say about one subject."""

    tally: Tally
    plan: SubjectPlan
    turnout: Turnouts
    """Of secret ballots; empty where anybody could answer."""


SettledTallies = Mapping[tuple[str, int], SettledTally]
"""(component, subject) → what its surveys say; absent where nobody answered."""


def settled_tallies(
    session: Session,
    surveys: Sequence[Survey],
    plans: Mapping[int, EvaluatedPlan],
    *,
    subjects: Collection[int],
) -> SettledTallies:
    """Return the sums of these surveys, all of which have a plan, about some subjects.

    One statement, and two more for secret ballots.
    """
    counted = tallies_of_surveys(session, plans, subject_ids=subjects)
    secret = [survey.id for survey in surveys if survey.is_secret]
    turnouts = _turnouts(session, secret, subjects) if secret else {}
    found: defaultdict[tuple[str, int], list[SettledTally]] = defaultdict(list)
    for survey in surveys:
        known = plans[survey.id].subjects
        for subject in subjects:
            plan, tally = known.get(subject), counted.get((survey.id, subject))
            if plan is not None and tally:
                turnout = turnouts.get((survey.id, subject), {})
                if plan.joined:
                    tally = merged_tally(tally, plan.joined)
                    turnout = added_turnouts([turnout], plan.joined)
                one = SettledTally(tally, plan, turnout)
                found[survey.component_key, subject].append(one)
    return {place: _as_one(several) for place, several in found.items()}


def _turnouts(
    session: Session, secret: Sequence[int], subjects: Collection[int]
) -> dict[tuple[int, int], Turnouts]:
    """Return (survey, subject) → the turnout in the subject's unit.

    Ballots were cast in the unit the survey knows, wherever the sheet is kept.
    """
    rated = rated_in(session, secret, some=subjects)
    units = {one.unit_id for several in rated.values() for one in several}
    by_unit = turnouts_of_ballots(session, secret, unit_ids=units)
    return {
        (survey, one.id): by_unit.get((survey, one.unit_id), {})
        for survey, several in rated.items()
        for one in several
    }


def _as_one(several: Sequence[SettledTally]) -> SettledTally:
    """Return the sum; a rater group is the one it was counted in anywhere."""
    if len(several) == 1:
        return several[0]
    plan = joined([one.plan for one in several])
    tally = added_tallies((one.tally for one in several), plan.merged)
    # Of open codes nobody knows how many could have answered.
    known = all(one.turnout for one in several)
    turnouts = [one.turnout for one in several] if known else []
    return SettledTally(tally, plan, added_turnouts(turnouts, plan.merged))
