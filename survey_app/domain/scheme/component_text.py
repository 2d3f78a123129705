"""The components of a scheme as they stand in its file, surveys included."""

from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.ground.toml_text import Tree
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Over, Trim
from survey_app.domain.scheme.component_fields import HUNDRED
from survey_app.domain.scheme.other_values import NumberRule, Values
from survey_app.domain.scheme.scheme import (
    Component,
    ComponentKind,
    Condition,
    CountsAs,
    Design,
    Grouping,
    RaterGroup,
    Scheme,
    SubjectKind,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scheme.stated_text import (
    both_tree,
    put,
    source_tree,
    stated_tree,
    unless,
    weight_tree,
)
from survey_app.domain.scheme.survey_rules_file import FEW, MANY
from survey_app.domain.scheme.total_rules import WITHIN_FULL_MARKS

_OUT, _BLOCK = assumed(CountsAs.OUT), assumed(WhenEmpty.BLOCK)


def component_tree(component: Component, scheme: Scheme) -> Tree:
    """Return one component with everything inside it."""
    kind = component.kind
    tree: Tree = {
        "key": component.key,
        "label": both_tree(component.label),
        "kind": kind.value,
    }
    if component.weight is not None:
        tree["weight"] = weight_tree(component.weight)
    whole_body = kind is ComponentKind.LEADING_BODY
    usual = SubjectKind.LEADING_BODY if whole_body else scheme.subject
    put(tree, "about", component.about.value if component.about != usual else "")
    if kind is ComponentKind.POINTS:
        tree["full_marks"] = stated_tree(component.full_marks)
    elif kind is not ComponentKind.SUM:
        put(tree, "full_marks", unless(component.full_marks, assumed(HUNDRED)))
    put(tree, "bounds", unless(component.bounds, WITHIN_FULL_MARKS))
    put(tree, "when_missing", unless(component.when_missing, _BLOCK))
    own = component.source != scheme.source
    put(tree, "source", source_tree(component.source) if own else None)
    if component.survey is not None:
        tree |= survey_tree(component.survey)
    put(
        tree,
        "components",
        [component_tree(one, scheme) for one in component.components],
    )
    return tree


def survey_tree(rules: SurveyRules) -> Tree:
    """Return how the counts of a survey become points."""
    tree: Tree = {"questionnaire": rules.questionnaire}
    for key in ("abstain", "dont_know", "blank"):
        put(tree, key, unless(getattr(rules, key), _OUT))
    put(tree, "grouping", unless(rules.grouping, assumed(Grouping.AVERAGED)))
    put(tree, "empty_group", unless(rules.empty_group, _BLOCK))
    put(tree, "empty_question", unless(rules.empty_question, _BLOCK))
    own_minimum = _says_minimum(rules)
    if own_minimum:
        tree["minimum_answers"] = stated_tree(rules.minimum_answers)
    put(tree, "trim", _trim(rules.trim) if rules.trim else None)
    put(tree, "values", _points(rules.values))
    put(tree, "singles", {key: _points(values) for key, values in rules.singles})
    put(tree, "numbers", {key: _numbers(rule) for key, rule in rules.numbers})
    weights = {key: stated_tree(one) for key, one in rules.question_weights}
    put(tree, "question_weights", weights)
    pooled = rules.grouping.value is Grouping.POOLED
    tree["rater_groups"] = [
        _group(one, weighs=not pooled, own_minimum=own_minimum)
        for one in rules.rater_groups
    ]
    put(tree, "conditions", [_condition(one) for one in rules.conditions])
    put(tree, "ballot_rules", [_ballot_rule(one) for one in rules.ballot_rules])
    return tree


def _points(values: Values) -> Tree:
    return {choice: stated_tree(one) for choice, one in values}


def _numbers(rule: NumberRule) -> Tree:
    """Return the mean, or the points of every band by its lower end."""
    if rule.is_mean:
        return stated_tree(rule.how)
    return {str(low): stated_tree(one) for low, one in rule.points}


def _says_minimum(rules: SurveyRules) -> bool:
    """Return whether the survey names its own minimum, which rosters then share."""
    rosters = (g for g in rules.rater_groups if g.design is Design.ROSTER)
    shared = any(group.minimum_answers is None for group in rosters)
    return shared or rules.minimum_answers != assumed(MANY)


def _group(group: RaterGroup, *, weighs: bool, own_minimum: bool) -> Tree:
    tree: Tree = {"key": group.key, "label": both_tree(group.label)}
    design = group.design
    put(tree, "design", design.value if design is not Design.OPEN else "")
    put(tree, "scope", group.scope if group.scope != "all" else "")
    if weighs:
        tree["weight"] = weight_tree(group.weight)
    usual: Stated[int] | None = None
    if design is Design.ROSTER and not own_minimum:
        usual = assumed(FEW)
    put(tree, "minimum_answers", unless(group.minimum_answers, usual))
    return tree


def _condition(condition: Condition) -> Tree:
    return {
        "key": condition.key,
        "part": condition.part.value,
        "whole": condition.whole.value,
        "comparator": condition.comparator.value,
        "threshold": stated_tree(condition.threshold),
    }


def _trim(trim: Trim) -> Tree:
    return {
        "highest": stated_tree(trim.highest),
        "lowest": stated_tree(trim.lowest),
        "when_more_than": stated_tree(trim.when_more_than),
    }


def _ballot_rule(rule: BallotRule) -> Tree:
    tree: Tree = {"kind": str(rule.kind)}
    put(tree, "choices", list(rule.choices))
    put(tree, "count", unless(rule.count, None))
    put(tree, "share", unless(rule.share, None))
    put(tree, "questions", list(rule.questions))
    put(tree, "over", rule.over.value if rule.over is not Over.BALLOT else "")
    return tree
