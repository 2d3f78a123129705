"""A draft as respondents would see it, as far as it goes: to look at, never asked."""

from collections.abc import Iterator

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.questionnaire.choice_sets import SETS
from survey_app.domain.questionnaire.question import (
    ABSTAIN,
    DONT_KNOW,
    FORM_FIELDS,
    TALLY_WORDS,
    Choice,
    Question,
    QuestionKind,
    Section,
    ShowIf,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion

GAP = "……"
"""Stands where nothing was written yet."""


def presentable(sketch: Sketch) -> Questionnaire | None:
    """Return the draft without what could not be shown; None where nothing could.

    A question that lacks choices is left out, an order or condition that contradicts
    itself is ignored.
    """
    questions = tuple(_questions(sketch))
    sections = tuple(
        Section(one.key, _filled(one.title), one.introduction)
        for one in sketch.sections
        if any(asked.section == one.key for asked in questions)
    )
    for trial in (questions, tuple(map(_plain, questions))):
        try:
            return Questionnaire(
                key=sketch.key or "draft",
                version=max(1, sketch.version),
                title=_filled(sketch.title),
                introduction=_filled(sketch.introduction),
                source=_filled(sketch.source),
                questions=trial,
                sections=sections if trial is questions else (),
                comment_prompt=sketch.comment_prompt or None,
                translations=sketch.translations if trial is questions else (),
            )
        except QuestionnaireRefused:
            continue
    return None


def _questions(sketch: Sketch) -> Iterator[Question]:
    """Yield the questions that can stand on a page, each with a key of its own."""
    taken = {*FORM_FIELDS, ""}
    known = {one.key for one in sketch.sections}
    sets = {**SETS, **sketch.sets}
    for number, one in enumerate(sketch.questions, start=1):
        key = one.key if one.key not in taken else f"question-{number}"
        taken.add(key)
        kind = QuestionKind(one.kind)
        choices = tuple(_choices(sets.get(one.choices, ()), kind))
        question = Question(
            key,
            _filled(one.text),
            choices if kind.has_choices else (),
            kind,
            one.optional,
            _condition(one),
            one.section if one.section in known else "",
            one.bands if kind is QuestionKind.NUMBER else (),
        )
        if not list(question.faults("")):
            yield question


def _choices(choices: tuple[Choice, ...], kind: QuestionKind) -> Iterator[Choice]:
    taken = set(TALLY_WORDS)
    if kind is QuestionKind.SEVERAL:
        taken |= {ABSTAIN, DONT_KNOW}
    for one in choices:
        if one.key not in taken and one.label:
            taken.add(one.key)
            yield Choice(one.key, _filled(one.label))


def _condition(one: SketchedQuestion) -> ShowIf | None:
    return ShowIf(one.asked_after, one.asked_if) if one.asked_after else None


def _plain(one: Question) -> Question:
    return Question(one.key, one.text, one.choices, one.kind, one.optional)


def _filled(text: Bilingual) -> Bilingual:
    """Return the text; where one language is missing the other stands in for it."""
    return Bilingual(text.zh or text.en or GAP, text.en or text.zh or GAP)
