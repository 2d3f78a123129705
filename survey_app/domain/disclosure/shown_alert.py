"""Alerts that betray no small group.

A group that its plan does not show has "insufficient data", no numbers, and
corroborates nobody. Where nearly everybody objected, the alert stands and its numbers
give way to a band. Where groups judged together include a small one, the numbers are
withheld, and the alert is raised whenever what the small group said could have made it
cross: so no alert is lost, and none depends on what the small group said.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.alerts.over_years import NO_YEARS, Before
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import Band, SubjectPlan, pooled_by
from survey_app.domain.counting.tally import Tally, heard
from survey_app.domain.questionnaire.questionnaire import DONT_KNOW
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.scheme import (
    POOLED,
    AlertRule,
    RaterGroup,
    Scheme,
    SurveyRules,
)


@dataclass(frozen=True, slots=True)
class ShownTally:
    """A tally and what of it may be shown; the plan alone decides."""

    rules: SurveyRules
    full: Tally
    plan: SubjectPlan

    @property
    def floor(self) -> int:
        """The fewest people of a rater group that is shown."""
        return self.plan.floors.office

    @property
    def shown(self) -> frozenset[str]:
        """Keys of the rater groups, and POOLED where all together may be shown."""
        return self.plan.shown

    @property
    def together(self) -> bool:
        """Whether the numbers of all rater groups together may be shown."""
        return self.plan.together is not None

    @property
    def small(self) -> tuple[RaterGroup, ...]:
        """The groups somebody answered in whose answers may not be shown."""
        small = set(self.plan.small)
        return tuple(group for group in self.rules.asked if group.key in small)

    @property
    def told(self) -> Tally:
        """The tally without the groups that stay hidden: what scores may rest on."""
        return self.plan.told(self.full)

    def may_show(self, groups: Iterable[str]) -> bool:
        """Return whether numbers about these groups thrown together may be shown.

        They may where they are a sum of shown numbers, or are about everybody.
        """
        asked, small = set(groups), {group.key for group in self.small}
        everybody = asked == {group.key for group in self.rules.asked}
        return not asked & small or (everybody and self.together)


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert as the office may read it."""

    alert: Alert
    rule: AlertRule
    has_numbers: bool
    """False: numerator and denominator are 0 and None and mean nothing."""
    is_of_few: bool = False
    """Whether the numbers are withheld because this very group is below the floor."""
    band: Band | None = None
    """What is told instead, where nearly everybody objected."""


def shown_alerts(
    scheme: Scheme,
    evidence: ScoreInput,
    component: str,
    plan: SubjectPlan,
    before: Before = NO_YEARS,
) -> tuple[ShownAlert, ...]:
    """Return every alert about this component's tally, crossed or not.

    As many as `alerts_of` returns for its rules, in the same order. `before` holds
    only numbers that the plans of earlier years let be told.
    """
    rules = scheme.component(component).survey
    if rules is None:
        return ()
    tally = evidence.tallies.get(component, {})
    shown = ShownTally(rules, tally, plan)
    about = tuple(rule for rule in scheme.alerts if rule.component == component)
    narrowed = replace(scheme, alerts=about)
    told = replace(evidence, tallies={**evidence.tallies, component: shown.told})
    apart = {_what(one): one for one in alerts_of(narrowed, told, before=before)}
    by_key = {rule.key: rule for rule in about}
    every = alerts_of(narrowed, evidence, unheard=plan.small, before=before)
    return tuple(
        _of_told_numbers(
            _shown(
                _Judged(alert, apart.get(_what(alert), alert), by_key[alert.rule]),
                shown,
                lambda alert, rule: _whatever_was_said(
                    alert, rule, narrowed, evidence, shown
                ),
            )
        )
        for alert in every
    )


def _of_told_numbers(shown: ShownAlert) -> ShownAlert:
    """Return the alert, which a rule of another kind raises of told numbers only.

    What it finds is then worked out from what is told in this year and in earlier ones,
    and so tells nothing that they do not.
    """
    if shown.rule.watch.kind is AlertKind.SHARE or shown.has_numbers:
        return shown
    unsure = replace(shown.alert, crossed=False, evidence=Evidence.INSUFFICIENT)
    return replace(shown, alert=unsure)


def shown_ballots(
    shown: ShownAlert, evidence: ScoreInput, rules: SurveyRules
) -> Ballots | None:
    """Return the ballots whose numbers the alert tells; None where it tells none.

    They are a number's worth of people: whatever is counted of them is a sum over the
    same answers as the alert's own share, so no number is told that was not before.
    """
    if not shown.has_numbers:
        return None
    alert, rule = shown.alert, shown.rule
    every = rule.rater_groups or tuple(group.key for group in rules.asked)
    groups = every if alert.group == POOLED else (alert.group,)
    return evidence.ballots(rule.component, groups, alert.question)


def _what(alert: Alert) -> tuple[str, str, str]:
    """Return what tells one alert from another."""
    return alert.rule, alert.question, alert.group


@dataclass(frozen=True, slots=True)
class _Judged:
    """One alert on all answers, and on those outside small groups."""

    full: Alert
    """Knows every answer, but no small group corroborates it."""
    apart: Alert
    """Knows no answer of a small group: to it such a group is empty."""
    rule: AlertRule


def _shown(
    judged: _Judged, tally: ShownTally, bounded: Callable[[Alert, AlertRule], Alert]
) -> ShownAlert:
    """Return one alert as it may be read."""
    full, apart, rule = judged.full, judged.apart, judged.rule
    small = {group.key for group in tally.small}
    if full.group in small:
        return ShownAlert(
            _without_numbers(apart), rule, has_numbers=False, is_of_few=True
        )
    groups = rule.rater_groups or tuple(g.key for g in tally.rules.asked)
    place = pooled_by(rule.key) if full.group == POOLED else full.group
    if not tally.plan.tells(place, full.question):
        asked = groups if full.group == POOLED else (full.group,)
        answers = _answers(tally, asked, full.question)
        band = tally.plan.band(place, full.question, answers)
        return ShownAlert(_without_numbers(full), rule, has_numbers=False, band=band)
    if full.group != POOLED or not small & set(groups):
        return ShownAlert(apart, rule, has_numbers=True)
    if tally.may_show(groups):
        return ShownAlert(full, rule, has_numbers=True)
    return ShownAlert(_without_numbers(bounded(full, rule)), rule, has_numbers=False)


def _answers(tally: ShownTally, groups: Iterable[str], question: str) -> int:
    """Return how many answers these groups gave to the question."""
    asked = (tally.full.get(group, {}).get(question, {}) for group in groups)
    return sum(map(heard, asked))


def _whatever_was_said(
    alert: Alert,
    rule: AlertRule,
    scheme: Scheme,
    evidence: ScoreInput,
    tally: ShownTally,
) -> Alert:
    """Return the alert as it stands whatever the small groups said.

    They are let say the worst, the best and nothing, and the true answers are not
    looked at. Where that changes the alert, it is raised, with insufficient evidence.
    """
    others = (c for c, _ in tally.rules.values if c not in rule.choices)
    alone = replace(scheme, alerts=(rule,))
    outcomes = {
        (found.crossed, found.evidence)
        for said in (rule.choices[0], next(others, DONT_KNOW), DONT_KNOW)
        for found in alerts_of(
            alone,
            _had_they_said(said, evidence, rule.component, tally),
            unheard=tally.plan.small,
        )
        if _what(found) == _what(alert)
    }
    if len(outcomes) > 1:
        return replace(alert, crossed=True, evidence=Evidence.INSUFFICIENT)
    ((crossed, proven),) = outcomes
    return replace(alert, crossed=crossed, evidence=proven)


def _had_they_said(
    choice: str, evidence: ScoreInput, component: str, tally: ShownTally
) -> ScoreInput:
    """Return the evidence had every answer of a small group been this choice."""
    supposed = {
        group.key: {
            question: {choice: sum(counts.values())}
            for question, counts in tally.full.get(group.key, {}).items()
        }
        for group in tally.small
    }
    tallies = {**evidence.tallies, component: {**tally.full, **supposed}}
    return replace(evidence, tallies=tallies)


def _without_numbers(alert: Alert) -> Alert:
    return replace(alert, numerator=0, denominator=None)
