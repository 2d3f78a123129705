"""Tallies whose counts are final, several surveys of a component added up.

What of a sum may be shown is decided from the stored plans of its parts alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import (
    added_turnouts,
    merged_turnouts,
    turnouts_of_ballots,
)
from survey_app.domain.counting.ballots_handed_in import added
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, Turnout, merged_tally
from survey_app.domain.disclosure.plan import EvaluatedPlan, joined
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.rated import rated_in
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class SettledTally:
    """What all surveys of one component say about one subject."""

    tally: Tally
    plan: SubjectPlan
    turnout: Mapping[str, Turnout]
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
    turnouts = turnouts_of_ballots(session, secret)
    # Ballots were cast in the unit the survey knows, wherever the sheet is kept.
    units = {
        (survey, one.id): one.unit_id
        for survey, rated in rated_in(session, secret).items()
        for one in rated
    }
    found: defaultdict[tuple[str, int], list[SettledTally]] = defaultdict(list)
    for survey in surveys:
        for subject, plan in plans[survey.id].subjects.items():
            if tally := counted.get((survey.id, subject)):
                place = survey.id, units.get((survey.id, subject), 0)
                one = SettledTally(
                    merged_tally(tally, plan.joined),
                    plan,
                    merged_turnouts(turnouts.get(place, {}), plan.joined),
                )
                found[survey.component_key, subject].append(one)
    return {place: _as_one(several) for place, several in found.items()}


def _as_one(several: Sequence[SettledTally]) -> SettledTally:
    """Return the sum; a rater group is the one it was counted in anywhere."""
    if len(several) == 1:
        return several[0]
    plan = joined([one.plan for one in several])
    parts: defaultdict[str, list[Tally]] = defaultdict(list)
    for one in several:
        for group in one.tally:
            parts[plan.merged.get(group, group)].append({group: one.tally[group]})
    tally = {group: _questions(tallies) for group, tallies in parts.items()}
    # Of open codes nobody knows how many could have answered.
    known = all(one.turnout for one in several)
    return SettledTally(tally, plan, _turnout(several, plan) if known else {})


def _questions(tallies: Sequence[Tally]) -> dict[str, Mapping[str, int]]:
    """Return question → choice → count over all of them."""
    groups = [asked for tally in tallies for asked in tally.values()]
    questions = dict.fromkeys(question for asked in groups for question in asked)
    return {q: added(asked.get(q, {}) for asked in groups) for q in questions}


def _turnout(several: Sequence[SettledTally], plan: SubjectPlan) -> dict[str, Turnout]:
    """Return the turnouts added up by rater group."""
    total: dict[str, Turnout] = {}
    for one in several:
        for group, turnout in one.turnout.items():
            key = plan.merged.get(group, group)
            total[key] = (
                added_turnouts(total[key], turnout) if key in total else turnout
            )
    return total
