"""From tallies and given values to the overall score, as a sheet that explains itself.

The score is exact: `Fraction` in, `Fraction` out. Rounding happens once, where a
person reads the number. What has no value blocks the score or, where the scheme
allows it, is left out by name; nothing missing is ever a zero.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import (
    FROM_OUTSIDE,
    every_component,
    named_places,
)
from survey_app.domain.scheme.scheme import ComponentKind, Post, Scheme
from survey_app.domain.scheme.total_rules import Order
from survey_app.domain.scoring.adjusting import adjusted_by, within
from survey_app.domain.scoring.component_score import Plans, Trial, sum_rule
from survey_app.domain.scoring.score_sheet import Kind, ScoreSheet
from survey_app.domain.scoring.weighted_sum import Worked, node_of, summed

OVERALL = "overall"
OVERALL_LABEL = Bilingual("综合得分", "Overall score")


def score(
    scheme: Scheme,
    evidence: ScoreInput,
    *,
    post: Post = Post.PRINCIPAL,
    questionnaires: Mapping[str, Questionnaire] | None = None,
    plans: Plans | None = None,
) -> ScoreSheet:
    """Return the score sheet; without an overall score it says every reason why.

    The questionnaires lend their words to questions and choices; no number needs them.
    The plans say what may be told of each component's tally; without one, everything:
    a sheet that somebody is shown is made by `shown_sheet`.
    """
    trial = Trial(scheme, evidence, post, questionnaires or {}, plans or {})
    parts = [trial.part(component) for component in scheme.components]
    worked = summed(parts, out_of=scheme.total.value, label=OVERALL_LABEL)
    reasons = (*worked.betrays, *_strangers(trial), *worked.reasons)
    worked = _after_weighting(trial, worked)
    root = node_of(Kind.OVERALL, OVERALL, OVERALL_LABEL, worked, source=scheme.source)
    if reasons:
        root = replace(root, value=None, rule=reasons[0])
    return ScoreSheet(root, scheme.places.value, tuple(dict.fromkeys(reasons)))


def _after_weighting(trial: Trial, worked: Worked) -> Worked:
    """Return the overall score after the adjustments that come last."""
    rules, source = trial.scheme.adjustments, trial.scheme.source
    nodes = (
        adjusted_by(trial.evidence.adjustments, rules, source=source)
        if rules.order.value is Order.AFTER
        else ()
    )
    children = (*worked.children, *nodes)
    if worked.value is None:
        return replace(worked, children=children)
    value = sum((n.contribution or Fraction(0) for n in nodes), worked.value)
    settings = (trial.scheme.total, *worked.relies_on)
    rule = sum_rule(worked, trial.scheme.total.value)
    worked = replace(
        worked, value=value, rule=rule, children=children, relies_on=settings
    )
    floor, ceiling = trial.scheme.floor, trial.scheme.ceiling
    return within(
        worked,
        OVERALL,
        (floor.value, floor),
        (ceiling.value, ceiling) if ceiling else None,
        source=source,
    )


def _strangers(trial: Trial) -> tuple[Remark, ...]:
    """Return one reason for each piece of evidence the scheme has no place for."""
    rules = trial.scheme.adjustments
    inside = every_component(trial.scheme.components)
    counted = {c.key for c in inside if c.kind is ComponentKind.SURVEY}
    given = {c.key for c in inside if c.kind in FROM_OUTSIDE}
    signed = set(named_places(trial.scheme.components))
    tallies = (key for key in trial.evidence.tallies if key not in counted)
    values = (key for key in trial.evidence.values if key not in given)
    adrift = (
        rules.order.value is Order.BEFORE
        and trial.evidence.adjustments
        and rules.component not in {component.key for component in inside}
    )
    return (
        *(remark("tally-has-no-place", component=key) for key in tallies),
        *(remark("value-has-no-place", component=key) for key in values),
        *(
            remark("named-rating-has-no-place", place="/".join(place).rstrip("/"))
            for place in sorted(_named(trial.evidence) - signed)
        ),
        *((remark("adjustments-have-no-place"),) if adrift else ()),
    )


def _named(evidence: ScoreInput) -> set[tuple[str, str]]:
    """Return (component, rater group) wherever something was signed."""
    return {(key, group) for key, groups in evidence.named.items() for group in groups}
