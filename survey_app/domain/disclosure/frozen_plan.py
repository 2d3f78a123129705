"""The publication plan as it is frozen at opening: every number that may ever be shown.

Cells are listed as products: a kind of number, and the lists over which it runs. What
is in no product is shown to nobody, whatever the counts turn out to be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from survey_app.domain.disclosure.cells import OtherQuestion, other_questions
from survey_app.domain.ground.frozen_text import FROZEN_PLAN, FrozenText
from survey_app.domain.ground.plain import Misshapen, Plain, plain_of, value_of
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import AlertRule, Comparator, Scheme, SurveyRules

CELLS: dict[str, tuple[str, ...]] = {
    "answers": ("subjects", "groups", "questions"),
    "answers-together": ("subjects", "questions"),
    "rates": ("subjects", "groups", "questions", "rates"),
    "rates-together": ("subjects", "questions", "rates"),
    "question-scores": ("subjects", "groups", "questions"),
    "group-scores": ("subjects", "groups"),
    "component-score": ("subjects",),
    "alerts": ("subjects", "groups", "questions", "alerts"),
    "alerts-together": ("subjects", "questions", "alerts"),
    "turnout": ("subjects", "groups"),
    "turnout-of-subjects": ("subjects",),
    "turnout-of-groups": ("groups",),
    "turnout-total": (),
    "comments": ("subjects",),
}
"""Kind of number → the lists it runs over; outside them nothing is ever shown."""


@dataclass(frozen=True, slots=True)
class FrozenPlan(FrozenText):
    """The floors of one survey and the lists whose products are its cells."""

    KIND: ClassVar = FROZEN_PLAN

    survey: int
    is_secret: bool
    small_groups: str
    component: str
    scheme: str
    """Fingerprints of scheme and questionnaire."""
    questionnaire: str
    floors: Floors
    subjects: tuple[int, ...]
    groups: tuple[str, ...]
    questions: tuple[str, ...]
    rates: tuple[str, ...]
    alerts: tuple[str, ...]
    dissatisfied: tuple[str, ...]
    """Choices of which "nearly everybody" is told as a band."""
    others: tuple[OtherQuestion, ...] = ()
    """The questions that are no plain ratings; how they are told."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What is told by itself: every question, and every choice of several."""
        others = {one.key: one.cells for one in self.others}
        return tuple(cell for q in self.questions for cell in others.get(q, (q,)))

    @property
    def never_posted(self) -> frozenset[str]:
        """The questions whose counts are not posted when a box is opened."""
        return frozenset(one.key for one in self.others)

    def _plain(self) -> Plain:
        content: Plain = plain_of(self)
        return content | {"cells": plain_of(CELLS)}

    @classmethod
    def _of_plain(cls, plain: Plain) -> Self:
        if plain.get("cells") != plain_of(CELLS):
            raise Misshapen("lists other cells", "cells")
        return value_of(cls, {k: v for k, v in plain.items() if k != "cells"})


@dataclass(frozen=True, slots=True)
class Asking:
    """What of a survey its plan must know."""

    survey: int
    small_groups: str
    component: str
    is_secret: bool


def frozen_plan(
    asking: Asking,
    scheme: Scheme,
    questionnaire: Questionnaire,
    subjects: Iterable[int],
) -> FrozenPlan:
    """Return the plan of a survey; KeyError where the scheme has no such component."""
    key = asking.component
    rules = scheme.component(key).survey
    alerts = tuple(rule for rule in scheme.alerts if rule.component == key)
    objecting = dissatisfied(rules, alerts) if rules else ()
    return FrozenPlan(
        survey=asking.survey,
        is_secret=asking.is_secret,
        small_groups=asking.small_groups,
        component=key,
        scheme=scheme.fingerprint,
        questionnaire=questionnaire.fingerprint,
        floors=scheme.disclosure.floors(is_secret=asking.is_secret),
        subjects=tuple(sorted(subjects)),
        groups=tuple(group.key for group in rules.asked) if rules else (),
        questions=tuple(question.key for question in questionnaire.questions),
        rates=tuple(rate.key for rate in scheme.rates if rate.component == key),
        alerts=tuple(rule.key for rule in alerts),
        dissatisfied=objecting,
        others=other_questions(questionnaire, rules, objecting),
    )


def dissatisfied(rules: SurveyRules, alerts: Iterable[AlertRule]) -> tuple[str, ...]:
    """Return the choices that object, sorted: those the alert rules watch for.

    Where no rule watches for too many of a choice: the choices with the fewest points.
    """
    watched = {
        choice
        for rule in alerts
        if rule.comparator.value in {Comparator.MORE_THAN, Comparator.AT_LEAST}
        for choice in rule.choices
    }
    points = rules.points()
    least = min(points.values(), default=None)
    return tuple(sorted(watched or {c for c, p in points.items() if p == least}))
