"""Crowds that answer questions of every kind, more or less of one mind."""

from collections import Counter
from random import Random

from survey_app.domain.counting.tally import Tally
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire

DRAWN = (0, 1, 58, 59, 60, 61, 95, 99, 100)
"""Numbers that anybody gives here: near the ends of their bands."""
Picks = list[tuple[str, str]]
"""(question, choice) of one response, as they are counted."""


def one_response(
    questionnaire: Questionnaire, chance: Random, minds: dict[str, str]
) -> Picks:
    """Return one complete response; `minds` says what nearly everybody answers."""
    said: dict[str, tuple[str, ...]] = {}
    for question in questionnaire.questions:
        condition = question.show_if
        if condition and not set(said[condition.question]) & set(condition.choices):
            said[question.key] = (NOT_ASKED,)
        elif question.optional and chance.random() < float(minds["blank"]):
            said[question.key] = (BLANK,)
        elif question.key in minds and chance.random() < float(minds["alike"]):
            said[question.key] = tuple(minds[question.key].split())
        else:
            said[question.key] = _any(question, chance)
    return [(question, pick) for question, picks in said.items() for pick in picks]


def _any(question: Question, chance: Random) -> tuple[str, ...]:
    if question.kind is QuestionKind.NUMBER:
        return (str(chance.choice(DRAWN)),)
    if question.kind is QuestionKind.TEXT:
        return (ANSWERED,)
    keys = [choice.key for choice in question.choices]
    if question.kind is not QuestionKind.SEVERAL:
        return (chance.choice(keys),)
    ticked = tuple(key for key in keys if chance.random() < 0.4)
    return (*ticked, ANSWERED) if ticked else (keys[0], ANSWERED)


def crowd(questionnaire: Questionnaire, sizes: dict[str, int], seed: int) -> Tally:
    """Return what groups of these sizes answered; equal seeds answer alike."""
    chance = Random(seed)
    tally: dict[str, dict[str, dict[str, int]]] = {}
    for group, people in sizes.items():
        minds = {"blank": str(chance.choice([0, 0.1, 0.5, 0.9])), "alike": "0"}
        minds["alike"] = str(chance.choice([0, 0.8, 0.95, 1]))
        for question in questionnaire.questions:
            if question.kind is not QuestionKind.TEXT:
                minds[question.key] = " ".join(_any(question, chance))
        counted = Counter(
            pick
            for _ in range(people)
            for pick in one_response(questionnaire, chance, minds)
        )
        asked = tally.setdefault(group, {})
        for (question_key, choice), n in sorted(counted.items()):
            asked.setdefault(question_key, {})[choice] = n
    return tally
