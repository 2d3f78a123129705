"""What the parts of a scheme that is being written may name."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.question import QuestionKind
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.draft_places import (
    PartKind,
    components_in,
    kind_at,
    part_at,
)
from survey_app.forms.scheme.part_forms import KnownKeys
from survey_app.web.language import words
from survey_app.web.office.rules.scheme_words import part_name

Tables = Mapping[str, object]
Asked = Mapping[str, Questionnaire]
VALUED_IN = {QuestionKind.SINGLE: "singles", QuestionKind.NUMBER: "numbers"}
"""Kind of question → the table of a survey's rules that gives it points."""


def known_at(tree: Tables, place: str, asked: Asked) -> KnownKeys:
    """Return what the part at this place may name; `asked` are the questionnaires."""
    kind, part = kind_at(place), part_at(tree, place)
    survey = _survey_of(tree, place, kind, part)
    questions = _questionnaire(survey, asked)
    surveys = {
        str(one.get("key")): part_name(one, where)
        for where, _, one in components_in(tree)
        if one.get("key")
        and (kind is PartKind.ADJUSTMENTS or one.get("kind") == "survey")
    }
    return KnownKeys(
        questionnaires={key: words(one.title) for key, one in asked.items()},
        components=surveys,
        questions={
            one.key: words(one.text)
            for one in (questions.questions if questions else ())
        },
        weighed=dict(_weighed(survey, questions)),
        choices=_choices(kind, survey, questions),
        rater_groups=_names(survey, "rater_groups"),
        alerts=_names(tree, "alerts"),
        singles=dict(_singles(questions)),
        numbers=dict(_numbers(questions)),
    )


def _survey_of(tree: Tables, place: str, kind: PartKind, part: Tables) -> Tables:
    """Return the survey component that a part belongs to, or speaks about."""
    if kind is PartKind.COMPONENT:
        return part
    if kind in (PartKind.RATE, PartKind.ALERT):
        about = (one for _, _, one in components_in(tree))
        return next((o for o in about if o.get("key") == part.get("component")), {})
    try:
        return part_at(tree, place.rpartition(".")[0])
    except NotFound:
        return {}


def _questionnaire(survey: Tables, asked: Asked) -> Questionnaire | None:
    key = survey.get("questionnaire")
    return asked.get(key) if isinstance(key, str) else None


def _weighed(
    survey: Tables, questions: Questionnaire | None
) -> Iterator[tuple[str, str]]:
    """Yield every question that enters the score: a rating, or one that is valued."""
    for question in questions.questions if questions else ():
        valued = survey.get(VALUED_IN.get(question.kind, ""))
        is_valued = isinstance(valued, dict) and question.key in valued
        if question.kind is QuestionKind.RATING or is_valued:
            yield question.key, words(question.text)


def _choices(
    kind: PartKind, survey: Tables, questions: Questionnaire | None
) -> dict[str, str]:
    """Return the choices of a questionnaire; a rate may count those that rate not."""
    every = {
        choice.key: words(choice.label)
        for question in (questions.questions if questions else ())
        for choice in question.choices
        if kind is not PartKind.COMPONENT or question.kind is QuestionKind.RATING
        if choice.rates or kind is PartKind.RATE
    }
    valued = survey.get("values")
    for key in valued if isinstance(valued, dict) else ():
        every.setdefault(key, key)
    return every


def _singles(questions: Questionnaire | None) -> Iterator[tuple[str, str]]:
    """Yield question and choice of every question of one choice that is no rating."""
    for question in questions.questions if questions else ():
        if question.kind is QuestionKind.SINGLE:
            for choice in question.choices:
                if choice.rates:
                    said = f"{words(question.text)} – {words(choice.label)}"
                    yield f"{question.key}.{choice.key}", said


def _numbers(questions: Questionnaire | None) -> Iterator[tuple[str, str]]:
    """Yield every question answered with a number, and its bands."""
    for question in questions.questions if questions else ():
        if question.kind is QuestionKind.NUMBER:
            text = words(question.text)
            yield (
                question.key,
                _(
                    "%(question)s – “mean” for the exact mean, or nothing",
                    question=text,
                ),
            )
            for band in question.number_bands:
                yield f"{question.key}.{band.low}", f"{text} – {band.low}–{band.high}"


def _names(table: Tables, name: str) -> dict[str, str]:
    """Return key → name of the parts in a list."""
    listed = table.get(name)
    return {
        str(one["key"]): part_name(one, f"{name}[{number}]")
        for number, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and one.get("key")
    }
