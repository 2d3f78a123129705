"""The draft of a scheme: its page, its weights, its parts one by one."""

import tomllib
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import RULES
from survey_app.analytics.rule_list import versions_of
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.rule_refusals import RuleFrozen
from survey_app.domain.ground.toml_table import FILE_KEY
from survey_app.domain.ground.toml_text import Tree, toml_text
from survey_app.domain.scheme.draft_places import (
    LISTS,
    PartKind,
    components_in,
    kind_at,
    part_at,
    renamed,
    values_in_place,
    with_moved_part,
    with_new_part,
    with_part,
    without_part,
)
from survey_app.domain.scheme.scheme import ComponentKind
from survey_app.forms.scheme.part_forms import (
    ArrangeForm,
    PartForm,
    part_form,
    strange_keys,
)
from survey_app.forms.scheme.setting_words import WORDS
from survey_app.forms.scheme.weight_form import WeightsForm, weighed
from survey_app.rulebook.acts import Written, save_draft
from survey_app.rulebook.reading import faults_of, title_in
from survey_app.rulebook.tables import SCHEME, RuleText
from survey_app.web.office.access import allow
from survey_app.web.office.found import offered_rules
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.found import draws, found_rule, hand
from survey_app.web.office.rules.scheme_known import known_at
from survey_app.web.office.rules.scheme_words import (
    PlacedFault,
    part_name,
    place_in_words,
    placed_faults,
)


def tree_of(rule: RuleText) -> Tree:
    """Return the tables of a draft, points of choices standing where they are used."""
    return values_in_place(tomllib.loads(rule.text))


def found_scheme(rule_id: int) -> RuleText:
    """Return the text of a scheme; raises NotFound for whatever else is there."""
    rule = found_rule(rule_id)
    if rule.kind != SCHEME:
        raise NotFound
    return rule


def found_scheme_draft(rule_id: int) -> RuleText:
    """Return a scheme that is being written; raises NotFound, or RuleFrozen."""
    rule = found_scheme(rule_id)
    if not rule.is_draft:
        raise RuleFrozen
    return rule


def faults_in(rule: RuleText, tree: Tree) -> list[PlacedFault]:
    """Return everything that is wrong with a draft, where it stands."""
    asked = offered_rules().questionnaires.usable
    refused = faults_of(SCHEME, toml_text(tree), rule.key, asked)
    return placed_faults(tree, refused.faults) if refused else []


def keep(rule: RuleText, tree: Tree, seen: int) -> None:
    """Keep these tables as the draft; raises RuleChanged, RuleFrozen, RuleKeyTaken."""
    text, key = toml_text(tree), tree.get("key")
    is_key = isinstance(key, str) and FILE_KEY.fullmatch(key)
    written = Written(
        str(key) if is_key else rule.key, rule.version, text, title_in(text)
    )
    save_draft(writer(), rule.id, written, hand(), seen=seen)


@draws(SCHEME)
def scheme_page(found: RuleText) -> str:
    """Draw the draft: what is wrong, its weights, and the way to every part."""
    tree = tree_of(found)
    return draft_page(found, tree, WeightsForm.of(tree, found.saved))


def draft_page(found: RuleText, tree: Tree, weights: WeightsForm) -> str:
    """Draw the draft with its weights as they were typed."""
    faults = faults_in(found, tree)
    return render_template(
        "office/rules/scheme_draft.html",
        rule=found,
        tree=tree,
        parts={place: part for place, _, part in components_in(tree)},
        kind_said=kind_said,
        refused=faults,
        faults=faults,
        wrong={one.place for one in faults},
        weights=weights,
        sums=weights.sums(tree),
        part_name=part_name,
        versions=versions_of(session(), found),
    )


def kind_said(kind: object) -> str:
    """Return what people call a kind of component."""
    said = WORDS[ComponentKind].get(str(kind), "")
    return _(said) if said else str(kind or "")


@pages.post("/rules/<int:rule_id>/weights")
@allow(RULES)
def save_weights(rule_id: int) -> ResponseReturnValue:
    """Keep the weights of all components at once."""
    rule, form = found_scheme_draft(rule_id), WeightsForm()
    tree = tree_of(rule)
    if not form.validate():
        form.name_lines(tree)
        return draft_page(rule, tree, form), 422
    keep(rule, weighed(tree, form), form.seen.data or 0)
    flash(_("The weights are kept."))
    return redirect(url_for(".rule", rule_id=rule_id, _anchor="weights"), 303)


@pages.get("/rules/<int:rule_id>/part")
@allow(RULES)
def scheme_part(rule_id: int) -> str:
    """Show the settings of one part, and what is wrong with them."""
    rule, place = found_scheme_draft(rule_id), request.args.get("place", "")
    tree = tree_of(rule)
    return _part_page(rule, tree, place, _form(rule, tree, place))


@pages.post("/rules/<int:rule_id>/part")
@allow(RULES)
def save_scheme_part(rule_id: int) -> ResponseReturnValue:
    """Keep what was typed for one part, faulty or not."""
    rule, place = found_scheme_draft(rule_id), request.args.get("place", "")
    tree = tree_of(rule)
    form = _form(rule, tree, place)
    if not form.validate():
        return _part_page(rule, tree, place, form), 422
    part = form.typed()
    if not place:
        part = {"format": 1, **part}
    changed = renamed(tree, place, str(part.get("key", "")))
    after = with_part(changed, place, part)
    keep(rule, after, form.seen.data or 0)
    if any(one.place == place for one in faults_in(rule, after)):
        flash(_("It is kept. Something is still wrong: see below."))
        return redirect(url_for(".scheme_part", rule_id=rule_id, place=place), 303)
    flash(_("It is kept."))
    return redirect(url_for(".rule", rule_id=rule_id), 303)


@pages.post("/rules/<int:rule_id>/arrangement")
@allow(RULES)
def arrange_scheme(rule_id: int) -> ResponseReturnValue:
    """Add a part, take one out, or move it before or after its neighbour."""
    rule, form = found_scheme_draft(rule_id), ArrangeForm()
    if not form.validate():
        raise NotFound
    tree, place = tree_of(rule), form.place.data or ""
    act, seen = form.act.data, form.seen.data or 0
    if act == "add":
        after, place = _with_new(tree, place, form.kind.data or "")
        keep(rule, after, seen)
        return redirect(url_for(".scheme_part", rule_id=rule_id, place=place), 303)
    if act == "out":
        after = without_part(tree, place)
        flash(_("“%(name)s” is taken out.", name=place_in_words(tree, place)))
    elif act in {"up", "down"}:
        after = with_moved_part(tree, place, -1 if act == "up" else 1)
    else:
        raise NotFound
    keep(rule, after, seen)
    return redirect(url_for(".rule", rule_id=rule_id), 303)


NEW: dict[str, Tree] = {
    "components": {"kind": "given"},
    "ballot_rules": {"kind": "at-most"},
    "rater_groups": {"weight": {"assumed": "1"}},
}
"""What a new part of a list begins with."""


def _with_new(tree: Tree, outer: str, name: str) -> tuple[Tree, str]:
    """Return the tables with a new part, under a key nobody else has."""
    if name not in LISTS:
        raise NotFound
    part = dict(NEW.get(name, {}))
    if name != "ballot_rules":
        taken = toml_text(tree)
        stem = name.removesuffix("s")
        numbered = (f"{stem}_{number}" for number in range(1, 1000))
        part = {"key": next(k for k in numbered if f'"{k}"' not in taken), **part}
    return with_new_part(tree, outer, name, part)


def _form(rule: RuleText, tree: Tree, place: str) -> PartForm:
    """Return the form of a part, as it stands or as it was sent."""
    part = part_at(tree, place)
    made = part_form(kind_at(place), part)
    asked = offered_rules().questionnaires.usable
    return made.of(part, place, rule.saved, known_at(tree, place, asked))


def _part_page(rule: RuleText, tree: Tree, place: str, form: PartForm) -> str:
    """Draw the settings of one part, each mistake beside its field."""
    part, kind = part_at(tree, place), kind_at(place)
    mistakes = [one for one in faults_in(rule, tree) if one.place == place]
    return render_template(
        "office/rules/scheme_part.html",
        rule=rule,
        place=place,
        kind=kind,
        part=part,
        tree=tree,
        name=place_in_words(tree, place),
        form=form,
        wrong=_by_setting(mistakes, form.names),
        others=[one for one in mistakes if one.setting not in form.names],
        strange=strange_keys(kind, part),
        inner=INNER[kind] if part.get("kind") == "survey" else (),
        part_name=part_name,
    )


INNER = dict.fromkeys(PartKind, ()) | {
    PartKind.COMPONENT: ("rater_groups", "conditions", "ballot_rules")
}
"""Lists inside a part that have pages of their own."""


def _by_setting(
    mistakes: Sequence[PlacedFault], names: Sequence[str]
) -> dict[str, list[str]]:
    """Return setting → what is wrong with it."""
    told: dict[str, list[str]] = {name: [] for name in names}
    for one in mistakes:
        if one.setting in told:
            told[one.setting].append(one.mistake)
    return told
