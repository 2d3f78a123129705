"""From tallies and given values to the overall score, as a sheet that explains itself.

The score is exact: `Fraction` in, `Fraction` out. Rounding happens once, where a
person reads the number. What has no value blocks the score or, where the scheme
allows it, is left out by name; nothing missing is ever a zero.

A sheet that somebody is shown is worked out without the groups that its publication
plans withhold, so it cannot depend on what they said. A component to which such a group
would have contributed has no value there: its true one, beside the groups that are
shown, would be an equation with one unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import (
    Questionnaire,
    questions_of,
)
from survey_app.domain.scheme.components import (
    FROM_OUTSIDE,
    every_component,
    named_places,
)
from survey_app.domain.scheme.other_value_checks import counts
from survey_app.domain.scheme.scheme import (
    Component,
    ComponentKind,
    Post,
    Scheme,
    SubjectKind,
    SurveyRules,
)
from survey_app.domain.scheme.total_rules import Order
from survey_app.domain.scoring.adjusting import adjusted_before, adjusted_by
from survey_app.domain.scoring.group_score import Counting, Shared
from survey_app.domain.scoring.score_sheet import Node, NodeKind, ScoreSheet
from survey_app.domain.scoring.survey_score import (
    SIGNED_WHOLE,
    named_score,
    survey_score,
)
from survey_app.domain.scoring.worked import (
    Part,
    Worked,
    component_part,
    may_hold,
    no_value,
    node_of,
    sum_rule,
    summed,
    within,
)

OVERALL = "overall"
OVERALL_LABEL = Bilingual("综合得分", "Overall score")
HUNDRED = Fraction(100)
"""The scale of every number that does not say otherwise; nobody has to publish it."""
Plans = Mapping[str, SubjectPlan]
"""Component → what its publication plan lets be told about the subject."""
Questionnaires = Mapping[str, Questionnaire]
"""Key → questionnaire; they lend their words, no number needs them."""


def score(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    post: Post = Post.PRINCIPAL,
    questionnaires: Questionnaires | None = None,
) -> ScoreSheet:
    """Return the full score sheet; without an overall score it says every reason why.

    For whoever knows all counts anyway; others are shown what `shown_sheet` returns.
    """
    inside = every_component(scheme.components)
    words = questionnaires or {}
    return _Trial(scheme, inside, evidence, post, words, {}, Shared()).sheet()


def shown_sheet(
    scheme: Scheme,
    evidence: ScoreInput,
    plans: Plans,
    *,
    post: Post = Post.PRINCIPAL,
    questionnaires: Questionnaires | None = None,
    shared: Shared | None = None,
) -> ScoreSheet:
    """Return the sheet as it may be shown; equal to the full one where nobody is few.

    A tally without a plan counts as missing. Where a score had to be withheld, the
    sheet is blocked and says so. What other sheets know already is taken from `shared`,
    and added to it.
    """
    inside = every_component(scheme.components)
    surveys = {one.key for one in inside if one.survey}
    asked = {
        key: (plans[key], tally)
        for key, tally in evidence.tallies.items()
        if key in surveys and key in plans and tally
    }
    told = replace(
        evidence,
        tallies={
            key: asked[key][0].told(tally) if key in asked else tally
            for key, tally in evidence.tallies.items()
            if key in asked or not tally or key not in surveys
        },
        turnout={
            key: {g: t for g, t in groups.items() if g not in asked[key][0].small}
            for key, groups in evidence.turnout.items()
            if key in asked
        },
    )
    hiding = {key: plan for key, (plan, _) in asked.items() if plan.hides}
    words, known = questionnaires or {}, shared or Shared()
    return _Trial(scheme, inside, told, post, words, hiding, known).sheet()


@dataclass(frozen=True, slots=True)
class _Trial:
    """One application of a scheme to the evidence about one subject."""

    scheme: Scheme
    inside: tuple[Component, ...]
    """The components at every depth."""
    evidence: ScoreInput
    post: Post
    questionnaires: Questionnaires
    plans: Plans
    """Component → what may be told of its tally, where anything is withheld."""
    shared: Shared

    def sheet(self) -> ScoreSheet:
        """Return the overall score and everything it is made of."""
        parts = [self.part(component) for component in self.scheme.components]
        worked = summed(parts, out_of=self.scheme.total.value, label=OVERALL_LABEL)
        reasons = (*worked.betrays, *_strangers(self), *worked.reasons)
        title = (NodeKind.OVERALL, OVERALL, OVERALL_LABEL, self.scheme.source)
        root = node_of(title, self.after_weighting(worked))
        if reasons:
            root = replace(root, value=None, rule=reasons[0])
        blocked = tuple(dict.fromkeys(reasons))
        return ScoreSheet(root, self.scheme.places.value, blocked)

    def part(self, component: Component) -> Part:
        """Return the component with its weight, ready for the sum above it."""
        weight = component.weight.of(self.post) if component.weight else None
        full_marks = component.full_marks
        if component.kind is ComponentKind.SUM and weight and weight.value:
            # The parts of a sum add up to its weight.
            full_marks = weight
        kind = NodeKind(component.kind)
        worked = self.worked(component, full_marks.value)
        if adjustments := self.adjustments_before(component):
            kind, worked = adjusted_before(component, kind, worked, adjustments)
        return component_part(
            component, kind, worked, weight=weight, out_of=full_marks.value
        )

    def worked(self, component: Component, out_of: Fraction) -> Worked:
        """Return the component's value before any adjustment."""
        if component.kind is ComponentKind.SUM:
            parts = [self.part(inner) for inner in component.components]
            worked = summed(parts, out_of=out_of, label=component.label)
            if worked.value is None:
                return worked
            return replace(worked, rule=sum_rule(worked, out_of))
        if component.survey is not None:
            worked = self.surveyed(component, component.survey)
        elif component.kind is ComponentKind.NAMED:
            ratings = self.evidence.named.get(component.key, {}).get(SIGNED_WHOLE, ())
            worked = named_score(ratings, component.label, component.full_marks.value)
        else:
            worked = _given(component, self.evidence.values.get(component.key))
        if component.full_marks.value == HUNDRED:
            return worked
        return replace(worked, relies_on=(*worked.relies_on, component.full_marks))

    def surveyed(self, component: Component, rules: SurveyRules) -> Worked:
        """Return the value of a survey component; one about the body only once."""
        is_shared = component.about is SubjectKind.LEADING_BODY
        bodies = self.shared.bodies
        if bodies is None or not is_shared:
            return survey_score(self.counting(component, rules))
        alike = all(
            one.weight.principal == one.weight.deputy for one in rules.rater_groups
        )
        plan = self.plans.get(component.key)
        foreseen = plan is None or plan.foresees(self.post)
        place = component.key, None if alike else self.post, foreseen
        if place not in bodies:
            bodies[place] = survey_score(self.counting(component, rules))
        return bodies[place]

    def counting(self, component: Component, rules: SurveyRules) -> Counting:
        """Return a survey component with what was counted and may be told of it."""
        weighed = tuple(key for key, _ in rules.question_weights)
        return Counting(
            component,
            rules,
            self.evidence,
            self.post,
            tuple(
                one
                for one in questions_of(
                    self.questionnaires.get(rules.questionnaire),
                    weighed or self.evidence.questions(component.key),
                )
                if counts(rules, one)
            ),
            self.plans.get(component.key),
            self.shared.scales,
        )

    def adjustments_before(self, component: Component) -> tuple[Node, ...]:
        """Return the adjustments that change this component before the weighting."""
        rules = self.scheme.adjustments
        if rules.order.value is Order.AFTER or rules.component != component.key:
            return ()
        return adjusted_by(self.evidence.adjustments, rules, source=self.scheme.source)

    def after_weighting(self, worked: Worked) -> Worked:
        """Return the overall score after the adjustments that come last."""
        scheme, nodes = self.scheme, tuple[Node, ...]()
        if self.evidence.adjustments and scheme.adjustments.order.value is Order.AFTER:
            nodes = adjusted_by(
                self.evidence.adjustments, scheme.adjustments, source=scheme.source
            )
        parts = (*worked.parts, *nodes)
        if worked.value is None:
            return replace(worked, parts=parts)
        worked = replace(
            worked,
            value=sum((n.contribution or Fraction(0) for n in nodes), worked.value),
            rule=sum_rule(worked, scheme.total.value),
            parts=parts,
            relies_on=(scheme.total, *worked.relies_on),
        )
        return within(
            worked,
            OVERALL,
            (scheme.floor.value, scheme.floor),
            (scheme.ceiling.value, scheme.ceiling) if scheme.ceiling else None,
            source=scheme.source,
        )


def _given(component: Component, value: Fraction | None) -> Worked:
    """Return the value handed in for the component."""
    if value is None:
        return no_value(remark("value-missing", where=component.label))
    out_of = in_digits(component.full_marks.value)
    if component.kind is ComponentKind.LEADING_BODY:
        return Worked(value, remark("leading-body-score", out_of=out_of))
    if not may_hold(component, value):
        reason = remark(
            "value-out-of-range",
            where=component.label,
            value=in_digits(value),
            out_of=out_of,
        )
        return no_value(reason, void=True)
    if component.kind is ComponentKind.POINTS:
        return Worked(value, remark("direct-points", out_of=out_of))
    return Worked(value, remark("given-value", out_of=out_of))


def _strangers(trial: _Trial) -> tuple[Remark, ...]:
    """Return one reason for each piece of evidence the scheme has no place for."""
    rules, evidence = trial.scheme.adjustments, trial.evidence
    inside = trial.inside
    counted = {c.key for c in inside if c.kind is ComponentKind.SURVEY}
    given = {c.key for c in inside if c.kind in FROM_OUTSIDE}
    signed = {(key, group) for key, by in evidence.named.items() for group in by}
    if signed:
        signed -= set(named_places(trial.scheme.components))
    tallies = (key for key in evidence.tallies if key not in counted)
    values = (key for key in evidence.values if key not in given)
    adrift = (
        rules.order.value is Order.BEFORE
        and evidence.adjustments
        and rules.component not in {component.key for component in inside}
    )
    return (
        *(remark("tally-has-no-place", component=key) for key in tallies),
        *(remark("value-has-no-place", component=key) for key in values),
        *(
            remark("named-rating-has-no-place", place="/".join(place).rstrip("/"))
            for place in sorted(signed)
        ),
        *((remark("adjustments-have-no-place"),) if adrift else ()),
    )
