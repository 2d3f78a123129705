"""The columns of the sheets of a cycle's workbook, and its codebook."""

from collections.abc import Callable, Mapping

from survey_app.analytics.papers.cycle_facts import CycleFacts
from survey_app.analytics.workbook.sheet_writer import COUNT, SCORE, Column, Sheet
from survey_app.domain.alerts.review import ClosedAs, State
from survey_app.domain.ground.marked import message
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component
from survey_app.domain.scoring.question_score import points_by_choice

Translate = Callable[[str], str]
STATES: dict[str, str] = {
    State.RAISED: message("to be verified"),
    State.VERIFYING: message("under verification"),
    State.HEARD: message("hearing recorded"),
    State.DECIDED: message("measure decided"),
    State.FOLLOWING: message("in follow-up"),
    ClosedAs.NO_MEASURE: message("verified, no measure"),
    ClosedAs.IMPROVED: message("improved"),
    ClosedAs.NO_EVIDENCE: message("no evidence of change"),
    ClosedAs.ESCALATED: message("escalated"),
    ClosedAs.HANDLED: message("rectified and called back"),
    ClosedAs.LIFTED: message("lifted"),
}
"""Where an alert stands, or as what it was closed → how it is said."""


def asked_in(
    component: Component, questionnaires: Mapping[str, Questionnaire]
) -> Questionnaire | None:
    """Return the questionnaire that a survey component asked; None: none yet."""
    rules = component.survey
    return questionnaires.get(rules.questionnaire) if rules else None


def add_code(sheet: Sheet, facts: CycleFacts, _: Translate, language: str) -> None:
    """Add components, rater groups, questions and choices with their points."""
    for component in every_component(facts.scheme.components):
        own, rules = component.key, component.survey
        label, source = component.label, component.source.in_language(language)
        sheet.row(_("component"), own, "", label.zh, label.en, None, source)
        if rules is None:
            continue
        for group in rules.rater_groups:
            weight = group.weight.principal
            told = group.label.zh, group.label.en, weight.value, weight.source
            sheet.row(
                _("rater group"),
                own,
                group.key,
                *told[:3],
                told[3].in_language(language),
            )
        asked, points = (
            asked_in(component, facts.questionnaires),
            points_by_choice(rules),
        )
        for question in asked.questions if asked else ():
            text = question.text
            sheet.row(_("question"), own, question.key, text.zh, text.en, None, "")
        choices = {
            c.key: c for q in (asked.questions if asked else ()) for c in q.choices
        }
        for key, choice in choices.items():
            stated = points.get(key)
            sheet.row(
                _("choice"),
                own,
                key,
                choice.label.zh,
                choice.label.en,
                stated.value if stated else None,
                stated.source.in_language(language) if stated else _("not counted"),
            )


def _who(_: Translate) -> list[Column]:
    return [
        Column(_("No."), 6, COUNT),
        Column(_("Subject"), 18),
        Column(_("Unit"), 18),
    ]


def score_columns(_: Translate, look: str) -> list[Column]:
    """Return the columns of the overall scores."""
    return [
        *_who(_),
        Column(_("Code"), 12),
        Column(_("Post"), 18),
        Column(_("Overall score"), 12, look),
        Column(_("Unrounded"), 18, "0.000000000"),
        Column(_("Exact"), 24),
        Column(_("Check"), 8),
        Column(_("Why there is none"), 60),
    ]


def part_columns(_: Translate) -> list[Column]:
    """Return the columns of the components."""
    return [
        *_who(_),
        Column(_("Component"), 26),
        Column(_("Weight"), 9, SCORE),
        Column(_("Value"), 12, SCORE),
        Column(_("Adds"), 12, SCORE),
        Column(_("Rule"), 50),
        Column(_("Source"), 40),
        Column(_("Status"), 10),
    ]


def group_columns(_: Translate) -> list[Column]:
    """Return the columns of the rater groups."""
    return [
        *_who(_),
        Column(_("Component"), 26),
        Column(_("Rater group"), 20),
        Column(_("Answers (to the question with most)"), 14, COUNT),
        Column(_("Weight"), 9, SCORE),
        Column(_("Score"), 12, SCORE),
        Column(_("Adds"), 12, SCORE),
        Column(_("Rule"), 50),
    ]


def alert_columns(_: Translate) -> list[Column]:
    """Return the columns of the alerts."""
    return [
        *_who(_),
        Column(_("Survey"), 26),
        Column(_("Rule"), 22),
        Column(_("Question"), 36),
        Column(_("Rater group"), 18),
        Column(_("Numerator"), 11, COUNT),
        Column(_("Denominator"), 11, COUNT),
        Column(_("Taken of"), 16),
        Column(_("Threshold"), 12),
        Column(_("State"), 22),
        Column(_("Source"), 40),
    ]


def code_columns(_: Translate) -> list[Column]:
    """Return the columns of the codebook."""
    return [
        Column(_("Kind"), 12),
        Column(_("Component (key)"), 18),
        Column(_("Key"), 18),
        Column(_("Chinese"), 44),
        Column(_("English"), 44),
        Column(_("Points or weight"), 12, SCORE),
        Column(_("Source"), 40),
    ]
