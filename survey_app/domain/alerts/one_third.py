"""The one-third rule and its kin: when counts cross, the office must verify.

Crossing is a comparison of integers and raises the alert always. How much it proves
stands beside it and never hides it. An alert opens a review; it never sets a grade
(《中组部：干部考核不能简单以票取人》, 2009).
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from survey_app.domain.alerts.alert import Alert, Evidence, counted, evidence_of
from survey_app.domain.alerts.over_years import NO_YEARS, Before, over_years
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.scheme.scheme import (
    POOLED,
    AlertRule,
    Design,
    Scheme,
    SurveyRules,
)

CROSSED_FOR_SURE = (
    Evidence.WATCH,
    Evidence.CONFIRMED_STATISTICALLY,
    Evidence.CONFIRMED_CERTAIN,
)
"""Evidence strong enough to corroborate what an open group says."""


def alerts_of(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    unheard: Collection[str] = (),
    before: Before = NO_YEARS,
) -> tuple[Alert, ...]:
    """Return one alert for every rule, question and rater group, crossed or not.

    Several groups of a pooled rule are also judged together. Those unheard corroborate
    nobody: the word would say what they found. `before`: earlier years, for rules that
    compare; without them such a rule has insufficient data.
    """
    return tuple(
        alert
        for rule in scheme.alerts
        if (rules := scheme.component(rule.component).survey) is not None
        for question in rule.questions or _ratings(rules, evidence, rule.component)
        for alert in _corroborated(
            tuple(
                (over_years(rule, alert, before), design)
                for alert, design in _judged(rule, rules, evidence, question)
            ),
            unheard,
        )
    )


def _ratings(
    rules: SurveyRules, evidence: ScoreInput, component: str
) -> tuple[str, ...]:
    """Return the questions a rule without any is about: not those valued besides."""
    others = rules.other_valued
    return tuple(q for q in evidence.questions(component) if q not in others)


def _judged(
    rule: AlertRule, rules: SurveyRules, evidence: ScoreInput, question: str
) -> Iterator[tuple[Alert, Design]]:
    """Yield the alert of each rater group, and of all pooled, before corroboration."""
    designs = {
        group.key: Design.OPEN
        if (rule.component, group.key) in evidence.open_groups
        else group.design
        for group in rules.asked
    }
    groups = rule.rater_groups or tuple(designs)
    for group in groups:
        ballots = evidence.ballots(rule.component, (group,), question)
        design = designs.get(group, Design.OPEN)
        yield _alert(rule, rules, question, (group, design), ballots), design
    if rule.pooled and len(groups) > 1:
        ballots = evidence.ballots(rule.component, groups, question)
        asked = (designs.get(g, Design.OPEN) for g in groups)
        weakest = min(asked, key=lambda one: one.strength)
        yield _alert(rule, rules, question, (POOLED, weakest), ballots), weakest


def _alert(
    rule: AlertRule,
    rules: SurveyRules,
    question: str,
    raters: tuple[str, Design],
    ballots: Ballots,
) -> Alert:
    """Return the alert of one rater group on one question."""
    group, design = raters
    counts = ballots.counts
    picked = sum(counts.get(choice, 0) for choice in rule.choices)
    whole = ballots.number(rule.denominator.value)
    count = counted(rule, picked, whole or 0)
    return Alert(
        rule=rule.key,
        label=rule.label,
        question=question,
        group=group,
        numerator=picked,
        denominator=whole,
        denominator_kind=rule.denominator.value,
        crossed=count.crosses(count.whole),
        evidence=evidence_of(rule, rules, design, ballots, count),
        source=rule.source,
        published=all(
            stated.published
            for stated in (rule.comparator, rule.threshold, rule.denominator)
        ),
        design=design,
    )


def _corroborated(
    judged: tuple[tuple[Alert, Design], ...], unheard: Collection[str]
) -> Iterator[Alert]:
    """Yield the alerts; open groups count as corroborated by a controlled one."""
    controlled = any(
        design is not Design.OPEN
        and alert.group not in unheard
        and alert.crossed
        and alert.evidence in CROSSED_FOR_SURE
        for alert, design in judged
    )
    for alert, design in judged:
        backed = controlled and design is Design.OPEN and alert.crossed
        if backed and alert.evidence is Evidence.WATCH:
            yield replace(alert, evidence=Evidence.CORROBORATED)
        else:
            yield alert
