"""A settled cycle is held against another scheme, beside the requests."""

from sqlalchemy.orm import Session

from survey_app.analytics.compared.alerts import AlertSums, add_alerts
from survey_app.analytics.compared.sheets import asked_otherwise, compared_scores
from survey_app.analytics.compared.told import (
    ComparedSubject,
    SchemeComparison,
    became,
    keep_comparison,
    placed,
)
from survey_app.analytics.score_evidence import ground_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import reading, writing
from survey_app.domain.ground.cycle_refusals import CycleNotSettled
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.scheme import Scheme
from survey_app.jobs.jobs import Job, Progress, untold
from survey_app.jobs.run_job import Workplace
from survey_app.rulebook.reading import scheme_in
from survey_app.rulebook.tables import SCHEME, RuleText

COMPARE = "compare-schemes"
"""The job: about a cycle, its detail is the number of the version that is tried."""


def compare(place: Workplace, job: Job, progress: Progress) -> None:
    """Work out what the version a job names would have changed, and keep it.

    Raises NotFound, CycleNotSettled, or SchemeRefused.
    """
    with Session(writing(place.engine)) as session:
        rule_id = int(job.detail)
        with reading(session) as reader:
            rule = reader.get(RuleText, rule_id)
            if rule is None or rule.kind != SCHEME:
                raise NotFound
            other = scheme_in(rule.text, rule.key)
        found = comparison(session, job.about, other, progress=progress)
        whose = (job.about, rule_id, other.fingerprint)
        keep_comparison(session, whose, found, (job.asked_by, place.today))


def comparison(
    session: Session, cycle_id: int, other: Scheme, *, progress: Progress = untold
) -> SchemeComparison:
    """Return what another scheme would have changed in a settled cycle.

    Raises NotFound, or CycleNotSettled: what is not final yet is compared with nothing.
    """
    with reading(session) as reader:
        cycle = reader.get(Cycle, cycle_id)
        if cycle is None:
            raise NotFound
        if not cycle.is_settled:
            raise CycleNotSettled
        ground = ground_of(reader, cycle, cycle.rules)
        surveys = [survey.id for survey in ground.surveys]
        strange = [one.key for one in asked_otherwise(other, ground)]
        sums = AlertSums(ground.scheme, other)
    subjects: list[ComparedSubject] = []
    for total, some in compared_scores(session, cycle_id, other):
        subjects += some
        progress(len(subjects), total + len(surveys))
    for number, survey_id in enumerate(surveys, 1):
        add_alerts(session, survey_id, sums, strange)
        progress(len(subjects) + number, len(subjects) + len(surveys))
    return SchemeComparison(
        places=other.places.value,
        became=became(subjects),
        subjects=placed(subjects),
        rules=sums.rules(),
        alerts=tuple(sums.found),
        every_alert=len(sums.found),
    )
