"""The alerts of a settled cycle under another scheme, beside those that were raised."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.alert_evidence import (
    SurveyCounts,
    counts_about,
    evidence_about,
    questions_of,
)
from survey_app.analytics.compared.told import ComparedAlert, ComparedRule
from survey_app.analytics.earlier_years import earlier_years
from survey_app.analytics.kept.results import BATCH
from survey_app.appraisal.rated import Rated
from survey_app.database import reading
from survey_app.domain.alerts.over_years import NO_YEARS, Before
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.disclosure.other_scheme import may_judge
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import POOLED, Component, Scheme
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.survey.rated import rated_some
from survey_app.survey.settled_counts import settled_counts
from survey_app.survey.tables import Survey, SurveySubject

What = tuple[str, str, str]
"""Rule, question, rater group."""


@dataclass
class AlertSums:
    """What both schemes raise, added up."""

    kept: Scheme
    other: Scheme
    raised: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    untold: Counter[str] = field(default_factory=Counter)
    found: list[ComparedAlert] = field(default_factory=list)

    def rules(self) -> tuple[ComparedRule, ...]:
        """Return every rule of either scheme, with how many alerts it raises."""
        before = {one.key: one for one in self.kept.alerts}
        after = {one.key: one for one in self.other.alerts}
        then, now = self.raised
        return tuple(
            ComparedRule(
                key,
                label=(after.get(key) or before[key]).label,
                before=then[key] if key in before else None,
                after=now[key] if key in after else None,
                untold=self.untold[key],
            )
            for key in {**before, **after}
        )


def add_alerts(
    session: Session, survey_id: int, sums: AlertSums, strange: Sequence[str]
) -> None:
    """Add what both schemes raise of one settled survey.

    `strange` are the components that the other scheme would ask otherwise.
    """
    ours = select(SurveySubject.subject_id).where(SurveySubject.survey_id == survey_id)
    with reading(session) as reader:
        every = sorted(reader.scalars(ours))
    for start in range(0, len(every), BATCH):
        with reading(session) as reader:
            survey = reader.get_one(Survey, survey_id)
            _add_some(reader, survey, sums, (every[start : start + BATCH], strange))


def _add_some(
    reader: Session,
    survey: Survey,
    sums: AlertSums,
    asked: tuple[Sequence[int], Sequence[str]],
) -> None:
    some, strange = asked
    settled = settled_counts(reader, survey.id, some)
    subjects = rated_some(reader, survey.id, some)
    counts = counts_about(reader, survey, settled, subjects)
    tried = None if survey.component_key in strange else sums.other
    years = [
        earlier_years(reader, survey, settled, some, scheme=scheme) if scheme else {}
        for scheme in (sums.kept, tried)
    ]
    texts = {one.key: one.text for one in questions_of(survey.questionnaire)}
    for subject in subjects:
        then, now = (
            _judged(survey, counts, subject, (scheme, sums.kept),
                    before.get(subject.id, NO_YEARS))
            for scheme, before in zip((sums.kept, tried), years, strict=True)
        )  # fmt: skip
        _add(sums, subject, (then, now), (texts, _labels(survey, sums)))


def _judged(
    survey: Survey,
    counts: SurveyCounts,
    subject: Rated,
    schemes: tuple[Scheme | None, Scheme],
    before: Before,
) -> dict[What, bool | None]:
    """Return what a scheme finds about a subject; None of what may not be told."""
    tried, kept = schemes
    key, plan = survey.component_key, counts.settled.plan.of_subject(subject.id)
    if tried is None or _survey(tried, key) is None:
        return {}
    rules = {one.key: one for one in tried.alerts}
    allowed = {
        one.key
        for one in rules.values()
        if one.component == key and may_judge(one, kept, tried, plan)
    }
    merged = with_merged_groups(tried, key, plan.counted_in)
    told = replace(
        merged, alerts=tuple(one for one in merged.alerts if one.key in allowed)
    )
    evidence = evidence_about(survey, told, counts, subject)
    found: dict[What, bool | None] = {
        (one.alert.rule, one.alert.question, one.alert.group): one.alert.crossed
        for one in shown_alerts(told, evidence, key, plan, before)
    }
    untold = (one for one in rules.values() if one.component == key)
    return found | {(one.key, "", ""): None for one in untold if one.key not in allowed}


def _add(
    sums: AlertSums,
    subject: Rated,
    judged: tuple[Mapping[What, bool | None], Mapping[What, bool | None]],
    words: tuple[Mapping[str, Bilingual], Mapping[str, Bilingual]],
) -> None:
    then, now = judged
    for raised, found in zip(sums.raised, judged, strict=True):
        raised.update(rule for (rule, _, _), crossed in found.items() if crossed)
    hidden = {rule for (rule, _, _), crossed in now.items() if crossed is None}
    sums.untold.update(hidden)
    labels = {one.key: one.label for one in (*sums.kept.alerts, *sums.other.alerts)}
    texts, groups = words
    for what in {**then, **now}:
        rule, question, group = what
        before, after = then.get(what), now.get(what)
        if rule not in hidden and bool(before) is not bool(after):
            sums.found.append(
                ComparedAlert(
                    subject.id, subject.name, subject.unit.shown, rule, labels[rule],
                    texts[question], groups.get(group, Bilingual(group, group)),
                    before, after,
                )
            )  # fmt: skip


def _labels(survey: Survey, sums: AlertSums) -> dict[str, Bilingual]:
    """Return rater group → its name, in whichever scheme knows it."""
    groups = (
        group
        for scheme in (sums.kept, sums.other)
        for group in _groups(_survey(scheme, survey.component_key))
    )
    return {POOLED: ALL_POOLED, **dict(groups)}


def _groups(component: Component | None) -> Iterator[tuple[str, Bilingual]]:
    for group in component.survey.asked if component and component.survey else ():
        yield group.key, group.label


def _survey(scheme: Scheme, key: str) -> Component | None:
    """Return the survey component of this key; None where the scheme has none."""
    try:
        found = scheme.component(key)
    except KeyError:
        return None
    return found if found.survey is not None else None
