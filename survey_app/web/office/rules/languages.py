"""A questionnaire in other languages: its workbook down, with translations up again."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.analytics.file_words import translation as words_of
from survey_app.database import writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.rule_refusals import RuleChanged, RuleFrozen
from survey_app.domain.questionnaire.presentable import presentable
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_text import sketch_text
from survey_app.domain.questionnaire.sketch import Sketch, sketch_in
from survey_app.domain.questionnaire.translation import (
    Translation,
    translation_faults,
)
from survey_app.forms.roster.roster_apart import NotToldError
from survey_app.forms.rule_forms import LanguagesForm
from survey_app.forms.sent_file import refused_status
from survey_app.forms.tongues.tongue_book import tongue_book, translations_in
from survey_app.rulebook import acts as verbs
from survey_app.rulebook.acts import Written
from survey_app.rulebook.copies import toml_in
from survey_app.rulebook.tables import QUESTIONNAIRE, RuleText
from survey_app.web.language import said
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.found import found_rule, hand
from survey_app.web.office.workbook_file import workbook


@pages.get("/rules/<int:rule_id>/languages")
@allow(RULES, INSPECT)
def rule_languages(rule_id: int) -> str:
    """List the languages of a questionnaire, and what each lacks."""
    rule, _sketch, _asked = _found(rule_id)
    return _page(rule, LanguagesForm(formdata=None))


@pages.get("/rules/<int:rule_id>/languages.xlsx")
@allow(RULES, INSPECT)
def languages_workbook(rule_id: int) -> Response:
    """Send the workbook with a column for each language."""
    rule, _sketch, asked = _found(rule_id)
    content = tongue_book(asked, words_of("zh"))
    return workbook(content, f"{rule.key}-{rule.version}-languages.xlsx")


@pages.post("/rules/<int:rule_id>/languages")
@allow(RULES)
def take_languages(rule_id: int) -> ResponseReturnValue:
    """Put the translations of a workbook in the place of those there were."""
    rule, sketch, _asked = _found(rule_id)
    if not rule.is_draft:
        raise RuleFrozen
    form = LanguagesForm()
    if not form.validate():
        return _page(rule, form), refused_status(form.workbook)
    try:
        told = translations_in(form.workbook.content())
    except NotToldError as why:
        form.workbook.errors = [said(why.what)]
        return _page(rule, form), 422
    text = sketch_text(sketch.with_translations(told))
    written = Written(sketch.key, sketch.version, text, sketch.title)
    try:
        verbs.save_draft(writer(), rule_id, written, hand(), seen=form.seen.data or 0)
    except RuleChanged:
        form.workbook.errors = [
            _("Somebody saved this draft meanwhile. Look at it, then send once more.")
        ]
        return _page(found_rule(rule_id), form), 409
    flash(_("Languages in the draft: %(count)s.", count=len(told)))
    return redirect(url_for(".rule_languages", rule_id=rule_id), 303)


def _found(rule_id: int) -> tuple[RuleText, Sketch, Questionnaire]:
    """Return a questionnaire as it is written, and as far as it could be asked."""
    rule = found_rule(rule_id)
    sketch = sketch_in(toml_in(rule.text))
    asked = presentable(sketch)
    if rule.kind != QUESTIONNAIRE or asked is None:
        raise NotFound
    return rule, sketch, asked


def _page(rule: RuleText, form: LanguagesForm) -> str:
    asked = presentable(sketch_in(toml_in(rule.text)))
    form.seen.data = rule.saved
    lines = [_line(asked, one) for one in asked.translations] if asked else []
    return render_template(
        "office/rules/languages.html", rule=rule, lines=lines, form=form
    )


def _line(asked: Questionnaire, one: Translation) -> tuple[Translation, int]:
    """Return a translation, and how many faults it has."""
    return one, len(tuple(translation_faults(asked.with_translations((one,)))))
