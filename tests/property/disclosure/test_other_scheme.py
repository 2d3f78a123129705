"""Another scheme tells nothing of counts that their own plan withholds.

Two worlds that look alike to whoever reads the county must look alike, too, to whoever
tries any number of other schemes on it.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.other_scheme import may_judge, untold_by
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.scheme import Comparator, Post, Scheme
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.trial.trial_county import CountyView, county_view
from tests.support.schemes import (
    component,
    group,
    one_third,
    published,
    scheme,
    survey,
    with_rules,
)

RULES = survey(
    group("masses"),
    values={"satisfied": 100, "dissatisfied": 0},
    questions={"overall": 1, "manner": 1},
)
KEPT = scheme(component("survey", survey=RULES), alerts=(one_third("masses"),))


def said(overall: int, manner: int) -> Tally:
    """Forty people; so many were dissatisfied with each of two things."""
    return {
        "masses": {
            "overall": {"satisfied": 40 - overall, "dissatisfied": overall},
            "manner": {"satisfied": 40 - manner, "dissatisfied": manner},
        }
    }


ONE, OTHER = said(39, 21), said(40, 20)
"""The same score; and of both only "nearly everybody" is told of the first question."""


def known(tally: Tally) -> CountyView:
    evidence = ScoreInput(tallies={"survey": tally})
    return county_view(
        KEPT, evidence, is_secret=False, post=Post.PRINCIPAL, questionnaires={}
    )


def tried(other: Scheme, tally: Tally) -> tuple[object, ...]:
    """Return all that is told of these counts under another scheme."""
    view = known(tally)
    score = None
    if not untold_by(other, KEPT, view.plans):
        score = shown_sheet(other, view.evidence, view.plans).overall
    plan = view.plans["survey"]
    allowed = tuple(o for o in other.alerts if may_judge(o, KEPT, other, plan))
    told = replace(other, alerts=allowed)
    alerts = shown_alerts(told, view.evidence, "survey", plan)
    return score, *((one.alert.crossed, one.alert.numerator) for one in alerts)


def rule(**changes: object) -> Scheme:
    return replace(KEPT, alerts=(replace(KEPT.alerts[0], **changes),))  # type: ignore[arg-type]  # names differ in type


def weights(overall: int, manner: int) -> Scheme:
    both = (
        ("overall", published(Fraction(overall))),
        ("manner", published(Fraction(manner))),
    )
    return with_rules(KEPT, question_weights=both)


OTHERS: dict[str, Callable[[], Scheme]] = {
    "the hidden question alone": lambda: weights(1, 0),
    "the other question alone": lambda: weights(0, 1),
    "other weights": lambda: weights(2, 1),
    "other points": lambda: with_rules(
        KEPT,
        values=(("satisfied", published(Fraction(90))),
                ("dissatisfied", published(Fraction(10)))),
        question_weights=weights(3, 1).components[0].survey.question_weights,  # type: ignore[union-attr]  # it is a survey
    ),
    "a threshold in between": lambda: rule(
        threshold=published(Fraction(79, 80)), comparator=published(Comparator.AT_LEAST)
    ),
    "a rule of another name": lambda: rule(
        key="mine", threshold=published(Fraction(79, 80))
    ),
    "a rule of another name, pooled": lambda: rule(
        key="mine", threshold=published(Fraction(79, 80)), pooled=True
    ),
}  # fmt: skip


def test_the_two_worlds_look_alike_and_differ() -> None:
    first, second = known(ONE), known(OTHER)

    assert first.plans == second.plans
    assert first.plans["survey"].hides
    assert first.sheet(Post.PRINCIPAL, {}) == second.sheet(Post.PRINCIPAL, {})
    assert ONE != OTHER


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_scheme_tells_two_alike_worlds_apart(name: str) -> None:
    other = OTHERS[name]()

    assert tried(other, ONE) == tried(other, OTHER)


def test_what_only_the_sum_looks_at_may_differ() -> None:
    """Other words, another weight of the whole: its value is the one that was told."""
    (only,) = KEPT.components
    spoken = replace(
        KEPT,
        components=(
            replace(
                only,
                label=Bilingual("满意度", "Satisfaction"),
                when_missing=Stated(only.when_missing.value, published=False),
            ),
        ),
    )

    assert tried(spoken, ONE)[0] == known(ONE).sheet(Post.PRINCIPAL, {}).overall
    assert tried(spoken, ONE)[0] is not None


def test_where_nothing_is_hidden_every_scheme_may_be_tried() -> None:
    open_world = said(20, 20)

    assert not known(open_world).plans["survey"].hides
    assert tried(weights(3, 1), open_world)[0] == 50
