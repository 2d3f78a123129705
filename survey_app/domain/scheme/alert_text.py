"""The rates and alert rules of a scheme as they stand in its file."""

from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import assumed
from survey_app.domain.ground.toml_text import Tree
from survey_app.domain.scheme.alert_watch import ORDINARY, AlertKind
from survey_app.domain.scheme.alert_watch_file import CALL_BACK, CONTACT, RECTIFY
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Comparator,
    Component,
    Denominator,
    Rate,
)
from survey_app.domain.scheme.stated_text import both_tree, put, source_tree, unless
from survey_app.domain.scheme.survey_rules_file import FEW, MANY, only_rosters

_VALID = assumed(Denominator.VALID)
_INVERSE_ALPHA = 40


def rate_tree(rate: Rate, source: Bilingual) -> Tree:
    """Return one share that is shown beside the scores."""
    tree: Tree = {
        "key": rate.key,
        "label": both_tree(rate.label),
        "component": rate.component,
        "choices": list(rate.choices),
    }
    put(tree, "denominator", unless(rate.denominator, _VALID))
    put(tree, "source", source_tree(rate.source) if rate.source != source else None)
    return tree


def alert_tree(rule: AlertRule, component: Component | None, source: Bilingual) -> Tree:
    """Return one alert rule; `component` is the survey it watches."""
    kind = rule.watch.kind
    single = kind is AlertKind.RATING
    tree: Tree = {
        "key": rule.key,
        "label": both_tree(rule.label),
        "component": rule.component,
        "questions": list(rule.questions),
        "choices": list(rule.choices),
    }
    put(tree, "kind", kind.value if kind is not AlertKind.SHARE else "")
    put(tree, "rise", unless(rule.watch.rise, None))
    put(tree, "years", unless(rule.watch.years, None))
    if not single:
        most = assumed(Comparator.MORE_THAN)
        put(tree, "comparator", unless(rule.comparator, most))
        least = assumed(Fraction(1)) if kind is AlertKind.RISE else None
        put(tree, "threshold", unless(rule.threshold, least))
    put(tree, "denominator", unless(rule.denominator, _VALID))
    tree["rater_groups"] = list(rule.rater_groups)
    put(tree, "pooled", rule.pooled)
    few = only_rosters(component, rule.rater_groups)
    usual = assumed(1 if single else FEW if few else MANY)
    put(tree, "minimum_answers", unless(rule.minimum_answers, usual))
    put(tree, "inverse_alpha", unless(rule.inverse_alpha, assumed(_INVERSE_ALPHA)))
    if single:
        tree |= _rating(rule)
    put(tree, "source", source_tree(rule.source) if rule.source != source else None)
    return tree


def _rating(rule: AlertRule) -> Tree:
    """Return how soon bad ratings are handled, where it is not the house's usual."""
    watch, tree = rule.watch, Tree()
    put(tree, "contact_days", unless(watch.contact_days, assumed(CONTACT)))
    put(tree, "rectify_days", unless(watch.rectify_days, assumed(RECTIFY)))
    put(tree, "call_back_days", unless(watch.call_back_days, assumed(CALL_BACK)))
    put(tree, "days", unless(watch.days, ORDINARY.days))
    return tree
