"""One component of a scheme: handed in, counted from a survey, or a sum of others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import Labels, Questionnaire, listed
from survey_app.domain.scheme.scheme import Component, ComponentKind, Post, Scheme
from survey_app.domain.scheme.total_rules import Order
from survey_app.domain.scoring.adjusting import adjusted_by, bounded, may_hold
from survey_app.domain.scoring.named_score import WHOLE, named_score
from survey_app.domain.scoring.survey_score import Counting, survey_score
from survey_app.domain.scoring.weighted_sum import (
    Part,
    Worked,
    node_of,
    summed,
    withheld,
)

HUNDRED = Fraction(100)
"""The scale of every number that does not say otherwise; nobody has to publish it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One application of a scheme to the evidence about one subject."""

    scheme: Scheme
    evidence: ScoreInput
    post: Post
    questionnaires: Mapping[str, Questionnaire]

    def part(self, component: Component) -> Part:
        """Return the component with its weight, ready for the sum above it."""
        weight = component.weight.of(self.post) if component.weight else None
        out_of = self.out_of(component).value
        worked = self.adjusted(component, self.worked(component))
        worked = bounded(component, worked, out_of=out_of)
        node = node_of(
            component.key,
            component.label,
            worked,
            source=component.source,
            weight=weight,
        )
        return Part(node, out_of, component.when_missing, worked)

    def out_of(self, component: Component) -> Stated[Fraction]:
        """Return the full marks; a sum's parts add up to its weight instead."""
        if component.kind is ComponentKind.SUM and component.weight:
            weight = component.weight.of(self.post)
            return weight if weight.value else component.full_marks
        return component.full_marks

    def worked(self, component: Component) -> Worked:
        """Return the component's value before any adjustment."""
        if component.kind is ComponentKind.SUM:
            return self.sum_of(component)
        if component.survey is not None:
            asked = Labels(self.questionnaires.get(component.survey.questionnaire))
            counting = Counting(
                component, component.survey, self.evidence, self.post, asked
            )
            worked = survey_score(counting)
        elif component.kind is ComponentKind.NAMED:
            worked = self.signed(component)
        else:
            worked = self.given(component)
        if component.full_marks.value == HUNDRED:
            return worked
        return replace(worked, relies_on=(*worked.relies_on, component.full_marks))

    def sum_of(self, component: Component) -> Worked:
        """Return the weighted sum of the components inside."""
        parts = [self.part(inner) for inner in component.components]
        out_of = self.out_of(component).value
        worked = summed(parts, out_of=out_of, label=component.label)
        if worked.value is None:
            return worked
        return replace(worked, rule=sum_rule(worked, out_of))

    def signed(self, component: Component) -> Worked:
        """Return the mean of the named ratings the component consists of."""
        ratings = self.evidence.named.get(component.key, {}).get(WHOLE, ())
        return named_score(ratings, component.label, component.full_marks.value)

    def given(self, component: Component) -> Worked:
        """Return the value handed in for the component."""
        value = self.evidence.values.get(component.key)
        full_marks = component.full_marks.value
        out_of = in_digits(full_marks)
        if value is None:
            return withheld(remark("value-missing", where=component.label))
        if component.kind is ComponentKind.LEADING_BODY:
            return Worked(value, remark("leading-body-score", out_of=out_of))
        if not may_hold(component, value):
            reason = remark(
                "value-out-of-range",
                where=component.label,
                value=in_digits(value),
                out_of=out_of,
            )
            return withheld(reason, void=True)
        if component.kind is ComponentKind.POINTS:
            return Worked(value, remark("direct-points", out_of=out_of))
        return Worked(value, remark("given-value", out_of=out_of))

    def adjusted(self, component: Component, worked: Worked) -> Worked:
        """Return the value after the adjustments that come before the weighting."""
        rules = self.scheme.adjustments
        if rules.order.value is Order.AFTER or rules.component != component.key:
            return worked
        nodes = adjusted_by(self.evidence.adjustments, rules, source=self.scheme.source)
        if not nodes:
            return worked
        if worked.value is None:
            return replace(worked, void=True)
        before = node_of(
            f"{component.key}-before", component.label, worked, source=component.source
        )
        before = replace(before, contribution=before.value)
        value = sum((n.contribution or Fraction(0) for n in nodes), worked.value)
        return Worked(value, remark("adjusted-before-weighting"), (before, *nodes))


def sum_rule(worked: Worked, out_of: Fraction) -> Remark:
    """Return how the parts became the sum."""
    total = in_digits(out_of)
    if not worked.left_out:
        return remark("weighted-sum", out_of=total)
    left_out = listed(worked.left_out)
    return remark("weighted-sum-renormalised", out_of=total, left_out=left_out)
