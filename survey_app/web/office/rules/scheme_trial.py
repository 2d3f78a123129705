"""A scheme is tried on counts: its sheet, its alerts, and what would be withheld.

What is shown is worked out and forgotten; only the counts that somebody typed or sent
are kept beside the scheme, so that they are there after the next change of it.
"""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.database import session, writer
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.ground.file_faults import FileRefused, ScoreInputRefused
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.wording import sentences
from survey_app.domain.questionnaire.question import (
    ABSTAIN,
    ANSWERED,
    BLANK,
    DONT_KNOW,
    Question,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import POOLED, Post, Scheme
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import ScoreSheet
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.domain.scoring.written_sheet import WrittenSheet
from survey_app.domain.trial.score_json import SECRET, read_score_input
from survey_app.domain.trial.trial_county import CountyView, county_view
from survey_app.forms.scheme.trial_forms import (
    TrialCountsForm,
    TriedAsForm,
    TypedCountsForm,
    TypedGrid,
)
from survey_app.rulebook.notes import keep_notes, notes_of
from survey_app.rulebook.reading import fitting_scheme
from survey_app.rulebook.tables import RuleText
from survey_app.shipped_files import text_from
from survey_app.web.language import language, words
from survey_app.web.office.access import allow
from survey_app.web.office.appraisal.cycles import in_words
from survey_app.web.office.found import offered_rules
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.scheme_drafts import found_scheme

Asked = dict[str, Questionnaire]


@dataclass(frozen=True)
class Tried:
    """A scheme applied to counts."""

    sheet: WrittenSheet
    shown: WrittenSheet
    """As a county would show it."""
    alerts: Any
    view: CountyView

    @property
    def is_withheld(self) -> bool:
        """Whether a county would not show the score that the counts make."""
        return self.shown.root.exact != self.sheet.root.exact


@pages.get("/rules/<int:rule_id>/trial")
@allow(RULES, INSPECT)
def try_scheme(rule_id: int) -> str:
    """Show what the scheme makes of the counts that are kept beside it."""
    rule = found_scheme(rule_id)
    _source, counts = notes_of(session(), rule_id)
    return trial_page(rule, counts, TrialCountsForm(formdata=None, counts=counts))


@pages.post("/rules/<int:rule_id>/trial/counts")
@allow(RULES)
def take_trial_counts(rule_id: int) -> ResponseReturnValue:
    """Keep counts that were pasted or sent, if they can be read."""
    rule, form = found_scheme(rule_id), TrialCountsForm()
    if not form.validate():
        return trial_page(rule, "", form), 422
    try:
        counts = _sent(form)
        _evidence(rule, counts)
    except FileRefused as refused:
        return trial_page(rule, form.counts.data or "", form, refused), 422
    keep_notes(writer(), rule_id, counts=counts)
    flash(_("The counts are kept beside the scheme."))
    return redirect(url_for(".try_scheme", rule_id=rule_id), 303)


@pages.post("/rules/<int:rule_id>/trial/typed")
@allow(RULES)
def type_trial_counts(rule_id: int) -> ResponseReturnValue:
    """Keep counts that were typed one by one, if they can be counts."""
    rule = found_scheme(rule_id)
    scheme, asked = read_now(rule)
    if scheme is None:
        return redirect(url_for(".try_scheme", rule_id=rule_id), 303)
    form, grid = TypedCountsForm(), TypedGrid(scheme, asked)
    _source, before = notes_of(session(), rule_id)
    counts = as_json(form.typed(grid, content_of(before)))
    try:
        if form.validate():
            _evidence(rule, counts)
    except FileRefused as refused:
        other = TrialCountsForm(formdata=None, counts=before)
        return trial_page(rule, before, other, refused, typed=form), 422
    keep_notes(writer(), rule_id, counts=counts)
    flash(_("The counts are kept beside the scheme."))
    return redirect(url_for(".try_scheme", rule_id=rule_id), 303)


def trial_page(
    rule: RuleText,
    counts: str,
    form: TrialCountsForm,
    refused: FileRefused | None = None,
    typed: TypedCountsForm | None = None,
) -> str:
    """Draw the counts, and what the scheme makes of them where it can."""
    scheme, asked = read_now(rule)
    how = TriedAsForm(request.args)
    tried = None
    if scheme is not None and counts and refused is None:
        try:
            tried = tried_on(scheme, _evidence(rule, counts), asked, how)
        except ScoreInputRefused as wrong:
            refused = wrong
    grid = TypedGrid(scheme, asked) if scheme else None
    return render_template(
        "office/rules/trial.html",
        rule=rule,
        scheme=scheme,
        form=form,
        how=how,
        tried=tried,
        refused=refused,
        in_words=in_words,
        grid=grid,
        typed=typed or (TypedCountsForm.of(grid, content_of(counts)) if grid else None),
        answer_label=answer_label,
        group_label=partial(group_label, scheme),
    )


SAID_APART = {
    BLANK: message("left empty"),
    ANSWERED: message("people who answered"),
    ABSTAIN: message("abstained"),
    DONT_KNOW: message("don't know"),
}
"""What an answer is called that is no choice of the questionnaire."""


def answer_label(question: Question, answer: str) -> str:
    """Return what an answer is called where it is counted."""
    label = next((o.label for o in question.choices if o.key == answer), None)
    return words(label) if label else _(SAID_APART.get(answer, answer))


def group_label(scheme: Scheme | None, component: str, group: str) -> str:
    """Return what the scheme calls a rater group."""
    rules = scheme.component(component).survey if scheme else None
    groups = rules.rater_groups if rules else ()
    return next((words(one.label) for one in groups if one.key == group), group)


def tried_on(
    scheme: Scheme, evidence: ScoreInput, asked: Asked, how: TriedAsForm
) -> Tried:
    """Return what the scheme makes of the evidence, and what a county would tell."""
    for component, merged in evidence.merged.items():
        scheme = with_merged_groups(scheme, component, merged)
    post = Post.DEPUTY if how.post.data == Post.DEPUTY else Post.PRINCIPAL
    view = county_view(
        scheme,
        evidence,
        is_secret=how.mode.data == SECRET,
        post=post,
        questionnaires=asked,
    )
    exact = score(scheme, evidence, post=post, questionnaires=asked)
    return Tried(
        sheet=written_now(exact),
        shown=written_now(view.sheet(post, asked)),
        alerts=_alerts(scheme, evidence, asked, view),
        view=view,
    )


def _alerts(
    scheme: Scheme, evidence: ScoreInput, asked: Asked, view: CountyView
) -> list[dict[str, Any]]:
    """Return every alert, and how a county would tell of it."""
    told = {
        (one.alert.rule, one.alert.question, one.alert.group): one
        for one in view.alerts()
    }
    about = {rule.key: rule.component for rule in scheme.alerts}
    return [
        {
            "alert": one,
            "question": _question(scheme, about[one.rule], one.question, asked),
            "group": words(ALL_POOLED)
            if one.group == POOLED
            else group_label(scheme, about[one.rule], one.group),
            "shown": told.get((one.rule, one.question, one.group)),
        }
        for one in alerts_of(scheme, evidence)
    ]


def _question(scheme: Scheme, component: str, question: str, asked: Asked) -> str:
    """Return how the component's own questionnaire asks; others use the same keys."""
    rules = scheme.component(component).survey
    own = asked.get(rules.questionnaire) if rules else None
    texts = {one.key: words(one.text) for one in own.questions} if own else {}
    return texts.get(question, question)


def written_now(sheet: ScoreSheet) -> WrittenSheet:
    """Return the sheet as it is read in the page's language."""
    spoken = language()
    return sheet.written(sentences(sheet.remarks, gettext, spoken), spoken)


def read_now(rule: RuleText) -> tuple[Scheme | None, Asked]:
    """Return what the text says, None while it has faults, and what may be asked."""
    asked = dict(offered_rules().questionnaires.usable)
    try:
        return fitting_scheme(rule.text, rule.key, asked), asked
    except FileRefused:
        return None, asked


def _evidence(rule: RuleText, counts: str) -> ScoreInput:
    """Return the counts as evidence; ScoreInputRefused names all that is wrong.

    Of a scheme with faults only what any counts must be is asked.
    """
    scheme, asked = read_now(rule)
    return read_score_input(counts, file="counts", scheme=scheme, sheets_ask=asked)


def _sent(form: TrialCountsForm) -> str:
    """Return the counts of the file, or else what was pasted."""
    if form.file.data:
        return text_from(form.file.data.read())
    return form.counts.data or "{}"


def content_of(counts: str) -> dict[str, Any]:
    """Return the object that the counts are; an empty one where they are none."""
    try:
        content = json.loads(counts, parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def as_json(content: dict[str, Any]) -> str:
    """Return the counts as somebody could read them."""
    return json.dumps(content, ensure_ascii=False, indent=1)
