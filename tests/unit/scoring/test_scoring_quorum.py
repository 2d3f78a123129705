"""Below the minimum or without a quorum there is no score, and the sheet says so."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.tally import Turnout
from survey_app.domain.scheme.scheme import Comparator, Condition, CountsAs, Denominator
from tests.support.schemes import (
    answers,
    component,
    group,
    published,
    scheme,
    survey,
    tally,
    with_rules,
)
from tests.support.trial import BOTH, of_survey, one_survey, reasons


class TestTooFew:
    """The minimum and the quorum."""

    def test_below_the_minimum_there_is_no_score(self) -> None:
        sheet = of_survey(one_survey(minimum=3), BOTH)

        assert reasons(sheet) == [
            "survey / a / overall: 2 ratings; the scheme asks for 3 or more."
        ]

    def test_at_the_minimum_there_is_one(self) -> None:
        assert of_survey(one_survey(minimum=2), BOTH).overall == Fraction(275, 4)

    def test_abstentions_do_not_help_to_reach_the_minimum(self) -> None:
        whole = with_rules(
            scheme(component("survey", survey=survey(minimum=3))),
            abstain=published(CountsAs.ZERO),
        )

        assert not of_survey(whole, tally(answers(2, 0, 0, 0, abstain=9))).overall

    def test_a_group_may_have_its_own_minimum(self) -> None:
        few = replace(group("a"), minimum_answers=published(2))
        whole = scheme(component("survey", survey=survey(few, minimum=30)))

        assert of_survey(whole, {"a": BOTH["a"]}).overall == 50

    @pytest.mark.parametrize(
        ("turnout", "said"),
        [
            (Turnout(present=11, membership=20), []),
            (
                Turnout(present=10, membership=20),
                [
                    "survey / masses: people present 10, the whole membership 20; "
                    "the scheme asks for more than 1/2."
                ],
            ),
            (
                Turnout(membership=20),
                [
                    "survey / masses: the scheme asks for a condition that cannot be "
                    "checked; not known: people present."
                ],
            ),
        ],
        ids=["reached", "exactly half", "unknown"],
    )
    def test_the_quorum_is(self, turnout: Turnout, said: list[str]) -> None:
        quorum = Condition(
            "half",
            Denominator.PRESENT,
            Denominator.MEMBERSHIP,
            Comparator.MORE_THAN,
            published(Fraction(1, 2)),
        )
        rules = replace(survey(), conditions=(quorum,))
        whole = scheme(component("survey", survey=rules))

        sheet = of_survey(whole, tally(answers(5, 0, 0, 5)), masses=turnout)

        assert reasons(sheet) == said

    def test_a_quorum_of_nobody_is_never_reached(self) -> None:
        half = published(Fraction(1, 2))
        present, due = Denominator.PRESENT, Denominator.MEMBERSHIP
        quorum = Condition("half", present, due, Comparator.AT_LEAST, half)
        rules = replace(survey(), conditions=(quorum,))
        whole = scheme(component("survey", survey=rules))
        nobody = Turnout(present=0, membership=0)

        sheet = of_survey(whole, tally(answers(5, 0, 0, 5)), masses=nobody)

        assert sheet.overall is None
