"""The list of questionnaires and schemes, and the page of one version."""

from typing import Any

from flask import Response, render_template, request

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.analytics.rule_list import rules_page, versions_of
from survey_app.database import session
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.forms.rule_forms import RuleFileForm
from survey_app.rulebook.offered import OfferedRules
from survey_app.rulebook.reading import faults_of, rule_in
from survey_app.rulebook.tables import QUESTIONNAIRE, RuleText
from survey_app.web.office.access import allow, may_here
from survey_app.web.office.appraisal.cycles import in_words
from survey_app.web.office.found import offered_rules
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.found import drawn_by, found_rule, known_kind
from survey_app.web.office.workbook_file import text_file


@pages.get("/rules")
@allow(RULES, INSPECT)
def rules() -> str:
    """List the versions of one kind, and what comes with the platform."""
    kind = known_kind(request.args.get("kind", QUESTIONNAIRE))
    return list_page(kind, RuleFileForm(formdata=None))


def list_page(kind: str, form: RuleFileForm, refused: FileRefused | None = None) -> str:
    """Draw the list, and what is wrong with a file that was sent."""
    rules, asks = offered_rules(), listing(keep=("kind",))
    shelf: dict[str, Any] = dict(shelf_of(rules, kind))
    form.kind.data = kind
    page = rules_page(session(), kind, asks.asked, shelf)
    return render_template(
        "office/rules/rules.html",
        kind=kind,
        listing=asks,
        page=page,
        offered=[one for key, one in shelf.items() if key not in rules.own[kind]],
        form=form,
        refused=refused,
        in_words=in_words,
    )


def shelf_of(
    rules: OfferedRules, kind: str
) -> dict[str, Questionnaire] | dict[str, Scheme]:
    """Return key → what is offered of this kind."""
    if kind == QUESTIONNAIRE:
        return dict(rules.questionnaires.usable)
    return dict(rules.schemes.usable)


@pages.get("/rules/<int:rule_id>")
@allow(RULES, INSPECT)
def rule(rule_id: int) -> str:
    """Show one version: a draft to be written, all else to be read."""
    return page_of(found_rule(rule_id))


def page_of(found: RuleText) -> str:
    """Draw a draft in the manner of its kind, all else to be read."""
    drawing = drawn_by(found.kind) if found.is_draft and may_here(RULES) else None
    return drawing(found) if drawing else rule_page(found)


def rule_page(found: RuleText) -> str:
    """Draw what one version says, its faults, and what can be done with it."""
    rules = offered_rules()
    refused, asked = refused_of(found, rules), rules.questionnaires.usable
    return render_template(
        "office/rules/rule.html",
        rule=found,
        refused=refused,
        said=None if refused else rule_in(found.kind, found.text, found.key, asked),
        versions=versions_of(session(), found),
        in_words=in_words,
    )


def refused_of(rule: RuleText, rules: OfferedRules) -> FileRefused | None:
    """Return all that is wrong with a text; None where nothing is."""
    asked = rules.questionnaires.usable
    return faults_of(rule.kind, rule.text, rule.key, asked)


@pages.get("/rules/<int:rule_id>/file")
@allow(RULES, INSPECT)
def rule_file(rule_id: int) -> Response:
    """Send the text as it stands, to be read and mended elsewhere."""
    found = found_rule(rule_id)
    return text_file(found.text, f"{found.key}-{found.version}.toml")


@pages.get("/rules/offered/<kind>/<key>/file")
@allow(RULES, INSPECT)
def offered_file(kind: str, key: str) -> Response:
    """Send what is offered under this key as its file."""
    text = offered_rules().text_of(known_kind(kind), key)
    return text_file(text, f"{key}.toml")
