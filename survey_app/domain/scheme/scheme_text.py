"""A scheme as a TOML file somebody could have written: equal rules, equal bytes.

What is read from it is the scheme again, and what equals the house's default is left
out, as in the canonical text. The order of the keys is that of docs/schemes.md.
"""

from fractions import Fraction

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_text import Tree, toml_text
from survey_app.domain.scheme.alert_text import alert_tree, rate_tree
from survey_app.domain.scheme.component_text import component_tree
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.floors import DEFAULTS, DisclosureRules
from survey_app.domain.scheme.review_rules import REVIEW_DEFAULTS, ReviewRules
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.stated_text import (
    both_tree,
    put,
    source_tree,
    stated_tree,
    unless,
)
from survey_app.domain.scheme.total_rules import NOTHING, AdjustmentRules, Order

PLACES = 2
FLOORS = (
    "secret_office", "secret_rated", "open", "comments", "shroud", "papers",
    "small_groups",
)  # fmt: skip
LIMITS = (
    "measures", "second_person", "follow_up_months", "verify_days", "object_days",
    "answer_days", "days",
)  # fmt: skip


def scheme_text(scheme: Scheme) -> str:
    """Return the scheme as TOML; `read_scheme` makes the same scheme of it."""
    return toml_text(scheme_tree(scheme))


def scheme_tree(scheme: Scheme) -> Tree:
    """Return the scheme as the tables of its file."""
    inside = {one.key: one for one in every_component(scheme.components)}
    tree: Tree = {
        "format": 1,
        "key": scheme.key,
        "title": both_tree(scheme.title),
        "subject": scheme.subject.value,
        "source": source_tree(scheme.source),
    }
    put(tree, "note", both_tree(scheme.note) if scheme.note else None)
    tree["total"] = stated_tree(scheme.total)
    put(tree, "floor", unless(scheme.floor, NOTHING))
    put(tree, "ceiling", unless(scheme.ceiling, None))
    put(tree, "places", unless(scheme.places, Stated(PLACES, published=False)))
    tree["components"] = [component_tree(c, scheme) for c in scheme.components]
    put(tree, "rates", [rate_tree(one, scheme.source) for one in scheme.rates])
    put(
        tree,
        "alerts",
        [
            alert_tree(one, inside.get(one.component), scheme.source)
            for one in scheme.alerts
        ],
    )
    put(tree, "review", _review(scheme.review))
    put(tree, "adjustments", _adjustments(scheme.adjustments))
    put(tree, "disclosure", _floors(scheme.disclosure))
    return tree


def _floors(rules: DisclosureRules) -> Tree:
    """Return the floors that differ from the house's."""
    tree: Tree = {}
    for key in FLOORS:
        put(tree, key, unless(getattr(rules, key), getattr(DEFAULTS, key)))
    return tree


def _adjustments(rules: AdjustmentRules) -> Tree:
    tree: Tree = {}
    put(tree, "order", unless(rules.order, Stated(Order.AFTER, published=False)))
    put(tree, "component", rules.component)
    for key in ("bonus_cap", "deduction_cap"):
        cap: Stated[Fraction] | None = getattr(rules, key)
        put(tree, key, unless(cap, None))
    return tree


def _review(rules: ReviewRules) -> Tree:
    """Return what becomes of alerts, where it is not what the house does."""
    tree: Tree = {}
    for key in LIMITS:
        put(tree, key, unless(getattr(rules, key), getattr(REVIEW_DEFAULTS, key)))
    usual = tuple(
        one
        for one in REVIEW_DEFAULTS.leading_group.value
        if one in rules.measures.value
    )
    put(
        tree,
        "leading_group",
        unless(rules.leading_group, Stated(usual, published=False)),
    )
    put(tree, "days_off", list(rules.days_off))
    put(tree, "days_worked", list(rules.days_worked))
    put(tree, "proposes", {key: stated_tree(one) for key, one in rules.proposes})
    if rules.checks != REVIEW_DEFAULTS.checks:
        tree["checks"] = [_check(c.key, c.label, c.source) for c in rules.checks]
    return tree


def _check(key: str, label: Bilingual, source: Bilingual) -> Tree:
    tree: Tree = {"key": key, "label": both_tree(label)}
    put(tree, "source", source_tree(source) if source != UNSAID else None)
    return tree
