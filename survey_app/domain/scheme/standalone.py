"""The rules of a survey that stands alone: made of its questionnaire, nothing scored.

A stand-alone survey feeds no score. Its rules say only who answers, which choices mean
"dissatisfied", and when the office looks: more than one third. The points of a choice
are its place among the others; they decide nothing that is shown.
"""

import json
from collections.abc import Collection, Iterable

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    WITHOUT_POINTS,
    Choice,
    QuestionKind,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import Scheme, SubjectKind
from survey_app.domain.scheme.scheme_file import read_scheme

COMPONENT = "rating"
"""The one component of such rules."""
RATERS: dict[str, Bilingual] = {
    "service_objects": Bilingual("服务对象", "Service users"),
    "residents": Bilingual("群众", "Residents"),
    "staff": Bilingual("干部职工", "Staff"),
}
"""Who can be asked: one open group, whoever scans the code."""
SOURCE = Bilingual("单独调查，由问卷生成，不计分", "a stand-alone survey, not scored")
ONE_THIRD = Bilingual("不满意超过三分之一", "More than one third dissatisfied")


def rating_choices(questionnaire: Questionnaire) -> tuple[Choice, ...]:
    """Return the ratings that can be chosen, each once, in the order asked."""
    found: dict[str, Choice] = {}
    for question in questionnaire.questions:
        if question.kind is QuestionKind.RATING:
            for choice in question.choices:
                if choice.key not in WITHOUT_POINTS:
                    found.setdefault(choice.key, choice)
    return tuple(found.values())


def standalone_scheme(
    questionnaire: Questionnaire,
    *,
    dissatisfied: Collection[str],
    about: SubjectKind,
    raters: str = "service_objects",
) -> Scheme:
    """Return the rules of a survey with these questions.

    `dissatisfied` are the ratings that mean so. Raises SchemeRefused where no rating
    can be chosen, or others than these means nothing.
    """
    return read_scheme(
        "\n".join(_lines(questionnaire, dissatisfied, about, raters)),
        file=questionnaire.key,
    )


def _lines(
    questionnaire: Questionnaire,
    dissatisfied: Collection[str],
    about: SubjectKind,
    raters: str,
) -> Iterable[str]:
    yield from (
        "format = 1",
        f"key = {_text(questionnaire.key)}",
        f"title = {_words(questionnaire.title)}",
        f"subject = {_text(about.value)}",
        'total = { assumed = "100" }',
        f"source = {_words(SOURCE)}",
        "[values.ratings]",
    )
    choices = rating_choices(questionnaire)
    for place, choice in enumerate(choices, 1):
        points = 100 * (len(choices) - place) // max(len(choices) - 1, 1)
        yield f'{choice.key} = {{ assumed = "{points}" }}'
    yield from _component(questionnaire, about, raters)
    yield from _alert(questionnaire, dissatisfied, raters)


def _component(
    questionnaire: Questionnaire, about: SubjectKind, raters: str
) -> Iterable[str]:
    return (
        "[[components]]",
        f"key = {_text(COMPONENT)}",
        f"label = {_words(questionnaire.title)}",
        'kind = "survey"',
        f"about = {_text(about.value)}",
        'weight = { assumed = "100" }',
        f"questionnaire = {_text(questionnaire.key)}",
        'values = "ratings"',
        "[[components.rater_groups]]",
        f"key = {_text(raters)}",
        f"label = {_words(RATERS[raters])}",
        'design = "open"',
        'weight = { assumed = "1" }',
    )


def _alert(
    questionnaire: Questionnaire, dissatisfied: Collection[str], raters: str
) -> Iterable[str]:
    return (
        "[[alerts]]",
        'key = "one_third"',
        f"label = {_words(ONE_THIRD)}",
        f"component = {_text(COMPONENT)}",
        f"questions = {_list(_watched(questionnaire, dissatisfied))}",
        f"choices = {_list(dissatisfied)}",
        'comparator = { assumed = "more-than" }',
        'threshold = { assumed = "1/3" }',
        'denominator = { assumed = "valid" }',
        f"rater_groups = {_list([raters])}",
    )


def _watched(questionnaire: Questionnaire, bad: Collection[str]) -> Iterable[str]:
    """Yield the questions that can be rated so."""
    for question in questionnaire.questions:
        rates = question.kind is QuestionKind.RATING
        if rates and not question.choice_keys.isdisjoint(bad):
            yield question.key


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, words))}]"


def _words(both: Bilingual) -> str:
    return f"{{ zh = {_text(both.zh)}, en = {_text(both.en)} }}"


def _text(text: str) -> str:
    """Return a TOML string: JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)
