"""What earlier cycles told about the same subjects, for rules that compare years.

Looked up only where the scheme has such a rule. Every number comes through the
publication plan of its own survey: what was hidden then stays hidden now.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.alert_evidence import (
    SurveyCounts,
    counts_about,
    evidence_about,
    questionnaire_of,
)
from survey_app.appraisal.rated import Rated
from survey_app.domain.alerts.over_years import (
    UNSURE,
    Before,
    Told,
    YearAsked,
    comparable_rules,
    cycles_back,
)
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.ground.refusals import (
    CountersDiffer,
    PlanChanged,
    ResultsNotSettled,
)
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.rated import rated_some
from survey_app.survey.settled_counts import SettledCounts, settled_counts
from survey_app.survey.tables import CLOSED, PublicationPlan, Survey

NEXT_CYCLE = timedelta(days=550)
"""How far apart surveys of two cycles that follow each other may close."""
MOST_YEARS = 4
"""How many cycles a rule can look back on; see `alert_watch_file`."""
CANNOT_TELL = (PlanChanged, CountersDiffer, ResultsNotSettled)
AlertPlace = tuple[str, str, str]
"""Rule, question, rater group."""
Years = dict[AlertPlace, list[Told | None]]


def earlier_years(
    session: Session,
    survey: Survey,
    settled: SettledCounts,
    some: Sequence[int],
    *,
    scheme: Scheme | None = None,
) -> dict[int, Before]:
    """Return subject → what earlier cycles told; a few statements for each cycle.

    `scheme` whose rules compare is the cycle's own unless another is tried. Nothing
    where no rule compares. A cycle of which nothing can be told, or whose
    counts are not as they were settled, leaves a gap.
    """
    rules = scheme or survey.cycle.rules
    back = _back(survey, rules)
    if not back:
        return {}
    found: defaultdict[int, Years] = defaultdict(dict)
    for number, earlier in enumerate(_earlier(session, survey, back)):
        try:
            told = list(_told(session, _asked(survey, rules), settled, (earlier, some)))
        except CANNOT_TELL:
            continue
        for subject_id, place, numbers in told:
            years = found[subject_id].setdefault(place, [None] * back)
            years[number] = numbers
    return {
        subject: {place: tuple(years) for place, years in places.items()}
        for subject, places in found.items()
    }


def _back(survey: Survey, scheme: Scheme) -> int:
    return max(
        (
            cycles_back(one)
            for one in scheme.alerts
            if one.component == survey.component_key
        ),
        default=0,
    )


def compared_with(session: Session, voided: Survey) -> list[Survey]:
    """Return the settled surveys of later cycles that looked back on this void one."""
    later = (
        select(Survey)
        .join(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(
            Survey.component_key == voided.component_key,
            Survey.cycle_id != voided.cycle_id,
            Survey.state == CLOSED,
            Survey.opens_on > voided.closes_on,
            Survey.opens_on <= voided.closes_on + MOST_YEARS * NEXT_CYCLE,
            PublicationPlan.evaluated.is_not(None),
        )
        .options(joinedload(Survey.cycle))
        .order_by(Survey.id)
    )
    return [
        one
        for one in session.scalars(later).all()
        if (back := _back(one, one.cycle.rules))
        and voided in _earlier(session, one, back, as_if=voided.id)
    ]


def _earlier(
    session: Session, survey: Survey, back: int, *, as_if: int | None = None
) -> Iterator[Survey]:
    """Yield the last survey of each cycle before this one, until there is a gap.

    `as_if`: a survey that is taken for one that still counts.
    """
    wanted = (
        select(Survey)
        .join(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(
            Survey.component_key == survey.component_key,
            Survey.cycle_id != survey.cycle_id,
            (Survey.state == CLOSED) | (Survey.id == as_if),
            Survey.closes_on < survey.opens_on,
            PublicationPlan.evaluated.is_not(None),
        )
        .options(joinedload(Survey.cycle))
        .order_by(Survey.closes_on.desc(), Survey.id.desc())
        .limit(10 * back)
    )
    last, cycles = survey, {survey.cycle_id}
    for one in session.scalars(wanted):
        if one.cycle_id in cycles:
            continue
        if last.closes_on - one.closes_on > NEXT_CYCLE or len(cycles) > back:
            return
        yield one
        last, cycles = one, cycles | {one.cycle_id}


def _asked(survey: Survey, scheme: Scheme) -> YearAsked:
    return YearAsked(
        scheme,
        survey.component_key,
        questionnaire_of(survey.questionnaire),
        survey.is_secret,
    )


def _told(
    session: Session,
    now: YearAsked,
    settled: SettledCounts,
    asked: tuple[Survey, Sequence[int]],
) -> Iterator[tuple[int, AlertPlace, Told]]:
    """Yield what an earlier survey told of what this one compares."""
    earlier, some = asked
    rules = comparable_rules(now, _asked(earlier, earlier.cycle.rules))
    if not rules:
        return
    scheme = replace(earlier.cycle.rules, alerts=rules)
    subjects = rated_some(session, earlier.id, some)
    then = settled_counts(session, earlier.id, [subject.id for subject in subjects])
    counts = counts_about(session, earlier, then, subjects)
    for subject in subjects:
        mine = settled.plan.of_subject(subject.id).counted_in
        if mine == then.plan.of_subject(subject.id).counted_in:
            for place, numbers in _numbers(earlier, scheme, counts, subject):
                yield subject.id, place, numbers


def _numbers(
    survey: Survey, scheme: Scheme, counts: SurveyCounts, subject: Rated
) -> Iterator[tuple[AlertPlace, Told]]:
    """Yield the numbers of one subject that its survey's plan lets be told."""
    plan, key = counts.settled.plan.of_subject(subject.id), survey.component_key
    merged = with_merged_groups(scheme, key, plan.counted_in)
    evidence = evidence_about(survey, merged, counts, subject)
    for shown in shown_alerts(merged, evidence, key, plan):
        alert = shown.alert
        if shown.has_numbers and alert.denominator and alert.evidence not in UNSURE:
            place = alert.rule, alert.question, alert.group
            yield place, (alert.numerator, alert.denominator)
