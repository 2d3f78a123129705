"""Rules that compare years: what rose without crossing, what stayed high for years.

Two years are compared only where the same people were asked the same question in the
same way and the share is taken of the same ballots; and only by numbers that the
publication plans of both let be told. Otherwise there is insufficient data, which is
said, and is never "no alert".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.alert_watch import ORDINARY, AlertKind
from survey_app.domain.scheme.scheme import AlertRule, RaterGroup, Scheme

Told = tuple[int, int]
"""How many picked the choices, of how many; both may be shown."""
Before = Mapping[tuple[str, str, str], tuple[Told | None, ...]]
"""(rule, question, rater group) → earlier cycles, the last one first; None: that cycle
cannot be compared or may not be told."""
NO_YEARS: Before = MappingProxyType({})
COMPARING = frozenset({AlertKind.RISE, AlertKind.YEARS})
UNSURE = (Evidence.INSUFFICIENT, Evidence.VOID)


def cycles_back(rule: AlertRule) -> int:
    """Return how many earlier cycles a rule looks back on."""
    if rule.watch.kind is AlertKind.RISE:
        return 1
    return rule.watch.years.value - 1 if rule.watch.years else 0


def over_years(rule: AlertRule, alert: Alert, before: Before) -> Alert:
    """Return the alert of a rule that compares years; any other as it is.

    It proves nothing by itself: at most it is to be watched.
    """
    kind = rule.watch.kind
    if kind is AlertKind.SHARE or alert.evidence in UNSURE:
        return alert if kind is AlertKind.SHARE else replace(alert, crossed=False)
    crossed = alert.crossed
    if kind in COMPARING:
        asked = cycles_back(rule)
        earlier = before.get((alert.rule, alert.question, alert.group), ())[:asked]
        told = [one for one in earlier if one is not None]
        if len(told) < asked or alert.denominator is None:
            return replace(alert, crossed=False, evidence=Evidence.INSUFFICIENT)
        now = alert.numerator, alert.denominator
        if kind is AlertKind.RISE:
            crossed = not alert.crossed and rule.watch.rises(now, told[0])
        else:
            crossed = alert.crossed and all(_crosses(rule, one) for one in told)
    found = Evidence.WATCH if crossed else Evidence.CLEAR
    return replace(alert, crossed=crossed, evidence=found)


def _crosses(rule: AlertRule, told: Told) -> bool:
    picked, whole = told
    comparator, threshold = rule.comparator.value, rule.threshold.value
    return whole > 0 and comparator.holds(picked, whole, threshold)


@dataclass(frozen=True, slots=True)
class YearAsked:
    """How one cycle asked: its rules and its questions."""

    scheme: Scheme
    component: str
    questionnaire: Questionnaire
    is_secret: bool


def comparable_rules(now: YearAsked, earlier: YearAsked) -> tuple[AlertRule, ...]:
    """Return the comparing rules of this cycle, as far as an earlier one asked alike.

    Of a rule those questions and groups are left that both asked in the same words;
    as plain rules, to be judged on the earlier counts. Groups are judged together
    only where the earlier scheme did so too: else its plan does not know their sum.
    """
    if now.is_secret != earlier.is_secret or not _has(earlier):
        return ()
    return tuple(
        narrowed
        for rule in now.scheme.alerts
        if rule.component == now.component and rule.watch.kind in COMPARING
        if (narrowed := _narrowed(rule, now, earlier)) is not None
    )


def _has(asked: YearAsked) -> bool:
    try:
        return asked.scheme.component(asked.component).survey is not None
    except KeyError:
        return False


def _narrowed(rule: AlertRule, now: YearAsked, earlier: YearAsked) -> AlertRule | None:
    mine, theirs = _groups(now), _groups(earlier)
    asked = {one.key: one for one in earlier.questionnaire.questions}
    questions = tuple(
        one.key
        for one in now.questionnaire.questions
        if one.key in rule.questions and asked.get(one.key) == one
    )
    groups = tuple(
        key
        for key in rule.rater_groups or tuple(mine)
        if key in mine and key in theirs and _alike(mine[key], theirs[key])
    )
    if not questions or not groups:
        return None
    known = {one.key: one for one in earlier.scheme.alerts}.get(rule.key)
    together = (
        rule.pooled
        and known is not None
        and known.pooled
        and set(groups) == set(rule.rater_groups) == set(known.rater_groups)
        and set(questions) <= set(known.questions)
    )
    return replace(
        rule,
        questions=questions,
        rater_groups=groups,
        pooled=together,
        watch=ORDINARY,
    )


def _groups(asked: YearAsked) -> dict[str, RaterGroup]:
    survey = asked.scheme.component(asked.component).survey
    return {group.key: group for group in survey.asked} if survey else {}


def _alike(one: RaterGroup, other: RaterGroup) -> bool:
    """Return whether both are the same people, chosen in the same way."""
    return (one.label, one.design, one.scope) == (
        other.label,
        other.design,
        other.scope,
    )
