"""The editor of questionnaires: every press keeps everything, faults and all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.analytics.rule_list import versions_of
from survey_app.database import reading, session, writer
from survey_app.domain.ground.rule_refusals import RuleChanged, RuleFrozen
from survey_app.domain.questionnaire.carried import carried
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.presentable import presentable
from survey_app.domain.questionnaire.question import ONE_CHOICE, Choice
from survey_app.domain.questionnaire.questionnaire_text import sketch_text
from survey_app.domain.questionnaire.rearranged import rearranged
from survey_app.domain.questionnaire.sketch import Sketch, sketch_in
from survey_app.domain.questionnaire.wording_advice import wording_advice
from survey_app.forms.questionnaire_form import QuestionnaireForm, fits
from survey_app.rulebook import acts as verbs
from survey_app.rulebook.acts import Written
from survey_app.rulebook.copies import toml_in
from survey_app.rulebook.reading import faults_of
from survey_app.rulebook.tables import QUESTIONNAIRE, RuleText
from survey_app.web.language import language, said, words
from survey_app.web.office.access import allow
from survey_app.web.office.found import looking
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.fault_places import field_at, place_faults
from survey_app.web.office.rules.found import draws, found_rule, hand
from survey_app.web.office.rules.rules import rule_page

LONGEST_LABEL = 28
"""Characters of a set's choices in a drop-down."""


@draws(QUESTIONNAIRE)
def draw_questionnaire(rule: RuleText) -> str:
    """Draw the form with the draft in it, and what is wrong beside each field."""
    sketch = sketch_in(toml_in(rule.text))
    if not fits(sketch):
        return rule_page(rule)
    form = QuestionnaireForm()
    if form.title_zh.raw_data:  # a form that came back to its owner
        return _page(rule, form.sketch(sketch, key_stays=_key_stays(rule)), form)
    return _page(rule, sketch, QuestionnaireForm.of(sketch, seen=rule.saved))


@pages.post("/rules/<int:rule_id>/questionnaire")
@allow(RULES)
def save_questionnaire(rule_id: int) -> ResponseReturnValue:
    """Keep what was typed, and do what the pressed button says."""
    rule, form = found_rule(rule_id), QuestionnaireForm()
    if not rule.is_draft or rule.kind != QUESTIONNAIRE:
        raise RuleFrozen
    before = sketch_in(toml_in(rule.text))
    typed = form.sketch(before, key_stays=_key_stays(rule))
    if not form.validate():
        return _page(rule, typed, form), 422
    sketch, place = rearranged(typed, str(form.do.data))
    sketch = replace(sketch, translations=carried(before, sketch))
    written = Written(sketch.key, sketch.version, sketch_text(sketch), sketch.title)
    try:
        verbs.save_draft(writer(), rule_id, written, hand(), seen=form.seen.data or 0)
    except RuleChanged:
        flash(
            _(
                "Somebody else saved this draft meanwhile. What you typed stands "
                "here; saving again puts it in the place of theirs."
            )
        )
        form = QuestionnaireForm.of(typed, seen=found_rule(rule_id).saved)
        return _page(rule, typed, form), 409
    asks = place if str(form.do.data).startswith("ask ") else None
    if not asks:
        flash(_("Saved."))
    there = url_for(".rule", rule_id=rule_id, gone=asks, _anchor=place or None)
    return redirect(there, 303)


@pages.get("/rules/<int:rule_id>/preview")
@allow(RULES, INSPECT)
def rule_preview(rule_id: int) -> Response:
    """Show the page respondents would see, as far as the draft goes."""
    rule = found_rule(rule_id)
    asked = presentable(sketch_in(toml_in(rule.text)))
    if asked is None or rule.kind != QUESTIONNAIRE:
        drawn = render_template("office/rules/no_preview.html")
    else:
        preview = current_app.extensions["survey_preview"]
        drawn = preview(asked, words(asked.title))
    response = make_response(drawn)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _key_stays(rule: RuleText) -> bool:
    """Whether other versions, or schemes, call it by its key already."""
    if rule.version > 1:
        return True
    with looking() as reader:
        return len(versions_of(reader, rule)) > 1


def _page(rule: RuleText, sketch: Sketch, form: QuestionnaireForm) -> str:
    refused = faults_of(rule.kind, sketch_text(sketch), rule.key, {})
    _offer(form, sketch)
    faults = place_faults(form, refused.faults if refused else ())
    with reading(session()) as reader:
        versions = versions_of(reader, rule)
        reader.expunge_all()
    return render_template(
        "office/rules/questionnaire.html",
        rule=rule,
        sketch=sketch,
        form=form,
        faults=faults,
        advice=_advice(form, sketch),
        refused=refused,
        key_stays=rule.version > 1 or len(versions) > 1,
        versions=versions,
        used_by=_used_by(sketch),
        gone=request.args.get("gone", ""),
    )


def _advice(form: QuestionnaireForm, sketch: Sketch) -> list[tuple[str, str]]:
    """Return what may be worded better: id of the field, and the words."""
    told = []
    for one in wording_advice(sketch):
        field = field_at(form, one.where)
        told.append((field.id if field is not None else "", said(one.what)))
    return told


def _offer(form: QuestionnaireForm, sketch: Sketch) -> None:
    """Say what can be chosen in each drop-down."""
    known = {
        **sketch.used_sets,
        **{k: v for k, v in SETS.items() if k not in sketch.sets},
    }
    sets = [
        ("", _("– choose –")),
        *((name, _label(one)) for name, one in known.items()),
    ]
    sections = [("", _("– none –"))]
    for section in sketch.sections:
        sections.append((section.key, words(section.title) or section.key))
    earlier: list[tuple[str, str]] = [("", _("always"))]
    for number, row in enumerate(form.questions, start=1):
        own = row.form
        own.choices.choices, own.section.choices = sets, sections
        own.asked_after.choices = list(earlier)
        own.asked_if.choices = _answers(sketch, str(own.asked_after.data or ""), known)
        if own.kind.data in {str(one) for one in ONE_CHOICE}:
            text = str(own.zh.data if language() != "en" else own.en.data) or "…"
            told = _(
                "after question %(number)s: %(text)s", number=number, text=_cut(text)
            )
            earlier.append((str(own.key.data), told))


def _answers(
    sketch: Sketch, key: str, known: Mapping[str, tuple[Choice, ...]]
) -> list[tuple[str, str]]:
    """Return what can be ticked as the answers a question depends on."""
    asked = sketch.question(key)
    choices = known.get(asked.choices, ()) if asked else ()
    return [(one.key, words(one.label) or one.key) for one in choices]


def _label(choices: tuple[Choice, ...]) -> str:
    return _cut(_(", ").join(words(one.label) or "…" for one in choices))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL]}…"


def _used_by(sketch: Sketch) -> dict[str, list[int]]:
    """Return name of a set → the numbers of the questions that offer it."""
    used: dict[str, Any] = {}
    for number, one in enumerate(sketch.questions, start=1):
        if one.has_choices:
            used.setdefault(one.choices, []).append(number)
    return used
