"""What differs between two versions: told by kind, line by line where no kind does."""

from difflib import unified_diff

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.analytics.rule_list import versions_of
from survey_app.database import session
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.difference import difference
from survey_app.domain.questionnaire.sketch import sketch_in
from survey_app.rulebook.copies import toml_in
from survey_app.rulebook.tables import QUESTIONNAIRE, RuleText
from survey_app.web.office.access import allow
from survey_app.web.office.found import files
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.found import found_rule, tells, told_by


@pages.get("/rules/<int:rule_id>/difference")
@allow(RULES, INSPECT)
def rule_difference(rule_id: int) -> str:
    """Tell what changed since the version before, or since the one that is named."""
    newer = found_rule(rule_id)
    versions = versions_of(session(), newer)
    older, name = _older(newer, versions)
    telling = told_by(newer.kind)
    changes = telling(older, newer.text) if telling else None
    return render_template(
        "office/rules/difference.html",
        rule=newer,
        name=name,
        versions=[one for one in versions if one.id != newer.id],
        changes=changes,
        lines=_lines(older, newer.text) if changes is None else (),
    )


@tells(QUESTIONNAIRE)
def questionnaire_changes(older: str, newer: str) -> Markup:
    """Return what changed between two questionnaires, drafts with faults, too."""
    changes = difference(sketch_in(toml_in(older)), sketch_in(toml_in(newer)))
    drawn = render_template("office/rules/questionnaire_changes.html", changes=changes)
    return Markup(drawn)  # noqa: S704 -- a template of ours drew it


def _older(newer: RuleText, versions: list[RuleText]) -> tuple[str, str]:
    """Return the text that is compared with, and what it is called.

    Without an earlier version of ours that is the file of this key. Raises NotFound
    where there is none either.
    """
    named = request.args.get("with", type=int)
    chosen = (
        [one for one in versions if one.id == named]
        if named
        else [one for one in versions if one.version < newer.version]
    )
    if chosen:
        called = _("version %(version)s", version=chosen[0].version)
        return chosen[0].text, called
    if named:
        raise NotFound
    return files().text_of(f"{newer.kind}s", newer.key), _("the one supplied as a file")


def _lines(older: str, newer: str) -> list[str]:
    """Return the lines that differ, marked by + and -."""
    both = unified_diff(older.splitlines(), newer.splitlines(), lineterm="", n=1)
    return [one for one in both if not one.startswith(("---", "+++", "@@"))]
