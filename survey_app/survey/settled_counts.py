"""What was settled about a survey, for whoever keeps what is made of it.

Whoever has just settled it has it in hand and hands it on; otherwise it is read by key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.ground.refusals import ResultsNotSettled
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.settled_plan import digest_of, plan_heads, plans_of


@dataclass(frozen=True, slots=True)
class SettledCounts:
    """What was counted about some subjects, and what may be told of it."""

    root: str
    """Stands for what was settled about all of them."""
    plan: EvaluatedPlan
    tallies: Mapping[int, Tally]
    digests: Mapping[int, str]
    """Subject → digest of its tally."""


def settled_counts(
    session: Session,
    survey_id: int,
    subject_ids: Sequence[int],
    known: SettledCounts | None = None,
) -> SettledCounts:
    """Return what was settled about these subjects, and maybe about others.

    What is known already is returned where it is what is kept. Raises
    ResultsNotSettled, also once the survey is void, CountersDiffer or PlanChanged.
    """
    head = plan_heads(session, [survey_id], settling=True).get(survey_id)
    if head is None:
        raise ResultsNotSettled
    if known is not None and known.root == head.root:
        return known
    plans = plans_of(session, [survey_id], subject_ids=subject_ids, settling=True)
    read = tallies_of_surveys(session, [survey_id], subject_ids=subject_ids)
    tallies = {one: read.get((survey_id, one), {}) for one in subject_ids}
    digests = {one: digest_of(tally) for one, tally in tallies.items()}
    return SettledCounts(head.root, plans[survey_id], tallies, digests)
