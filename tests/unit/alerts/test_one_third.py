"""When counts cross, and what stands beside the crossing: each state, each boundary."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.stated import assumed
from survey_app.domain.scheme.scheme import Comparator, Condition, Denominator, Design
from tests.support.alerts import CHOICES, alone, judged, votes, watching
from tests.support.schemes import component, named, one_third, published, scheme, survey


class TestCrossing:
    """Whether the counts cross; nothing else decides it."""

    @pytest.mark.parametrize(
        ("dissatisfied", "valid", "crosses"),
        [(5, 15, False), (6, 15, True), (40, 120, False), (41, 120, True)],
    )
    def test_exactly_one_third_is_not_more_than_one_third(
        self, dissatisfied: int, valid: int, *, crosses: bool
    ) -> None:
        assert alone(Design.OPEN, dissatisfied, valid).crossed is crosses

    def test_reaching_one_third_is_enough_where_the_rule_says_so(self) -> None:
        rule = one_third("raters", comparator=Comparator.AT_LEAST)

        assert alone(Design.OPEN, 5, 15, rule=rule).crossed
        assert not alone(Design.OPEN, 4, 15, rule=rule).crossed

    def test_thirty_percent_is_not_one_third(self) -> None:
        rule = one_third("raters", comparator=Comparator.AT_LEAST, threshold="3/10")

        assert alone(Design.OPEN, 3, 10, rule=rule).crossed

    def test_of_nobody_nobody_crosses_whatever_the_comparator(self) -> None:
        for comparator in Comparator:
            alert = alone(
                Design.OPEN, 0, 0, rule=one_third("raters", comparator=comparator)
            )

            assert not alert.crossed
            assert alert.evidence is Evidence.INSUFFICIENT

    def test_fewer_than_two_thirds_content_is_the_same_as_its_mirror(self) -> None:
        rule = replace(
            one_third("raters", comparator=Comparator.LESS_THAN, threshold="2/3"),
            choices=("content",),
        )

        for dissatisfied in range(31):
            mirrored = alone(Design.SAMPLE, dissatisfied, 30, rule=rule)
            plain = alone(Design.SAMPLE, dissatisfied, 30)
            assert mirrored.numerator == 30 - dissatisfied
            assert (mirrored.crossed, mirrored.evidence) == (
                plain.crossed,
                plain.evidence,
            )

    def test_the_denominator_decides(self) -> None:
        turnout = Turnout(issued=60, returned=50, invalid=2, present=55, membership=61)
        counts = votes(14, 40, abstain=3, dont_know=4, blank=1)
        found = {}
        for kind in Denominator:
            rule = one_third("raters", denominator=kind)
            whole = watching(rule, raters=Design.OPEN)
            alert = judged(whole, {"raters": counts}, raters=turnout)["raters"]
            found[alert.denominator_kind.value] = (alert.denominator, alert.crossed)

        assert found == {
            "valid": (40, True),
            "valid-with-abstentions": (43, False),
            "responses": (48, False),
            "returned": (50, False),
            "present": (55, False),
            "issued": (60, False),
            "membership": (61, False),
        }

    def test_an_unknown_denominator_is_insufficient_and_never_clear(self) -> None:
        rule = one_third("raters", denominator=Denominator.PRESENT)

        alert = alone(Design.OPEN, 9, 10, rule=rule)

        assert (alert.denominator, alert.crossed) == (None, False)
        assert alert.evidence is Evidence.INSUFFICIENT


class TestStates:
    """What stands beside the crossing."""

    def test_a_quarter_is_clear_and_more_than_a_quarter_asks_for_attention(
        self,
    ) -> None:
        assert alone(Design.OPEN, 10, 40).evidence is Evidence.CLEAR
        assert alone(Design.OPEN, 11, 40).evidence is Evidence.ATTENTION

    def test_below_the_minimum_it_crosses_but_proves_nothing(self) -> None:
        rule = one_third("raters", minimum=30)

        few = alone(Design.OPEN, 29, 29, rule=rule)
        enough = alone(Design.OPEN, 30, 30, rule=rule)
        contented = alone(Design.OPEN, 0, 29, rule=rule)

        assert (few.crossed, few.evidence) == (True, Evidence.INSUFFICIENT)
        assert (enough.crossed, enough.evidence) == (True, Evidence.WATCH)
        assert contented.evidence is Evidence.INSUFFICIENT

    def test_no_answers_at_all_still_make_an_alert_line(self) -> None:
        whole = watching(raters=Design.OPEN)

        (alert,) = alerts_of(whole, ScoreInput())

        assert (alert.numerator, alert.denominator) == (0, 0)
        assert alert.evidence is Evidence.INSUFFICIENT

    def test_more_returned_than_issued_is_void_and_crosses_all_the_same(self) -> None:
        turnout = Turnout(issued=14, returned=15)

        alert = alone(Design.OPEN, 15, 15, turnout=turnout)

        assert (alert.crossed, alert.evidence) == (True, Evidence.VOID)

    @pytest.mark.parametrize(
        ("design", "turnout"),
        [
            (Design.OPEN, Turnout(returned=14)),
            (Design.ROSTER, Turnout(membership=14)),
            (Design.OPEN, Turnout(invalid=1, issued=15)),
        ],
    )
    def test_counts_that_contradict_each_other_are_void(
        self, design: Design, turnout: Turnout
    ) -> None:
        assert alone(design, 2, 15, turnout=turnout).evidence is Evidence.VOID

    def test_only_a_roster_can_be_overfull(self) -> None:
        alert = alone(Design.OPEN, 2, 15, turnout=Turnout(membership=14))

        assert alert.evidence is Evidence.CLEAR

    def test_more_answers_than_people_present_are_void(self) -> None:
        rule = one_third("raters", denominator=Denominator.PRESENT)

        alert = alone(Design.OPEN, 2, 15, turnout=Turnout(present=14), rule=rule)

        assert alert.evidence is Evidence.VOID

    def test_an_open_group_alone_never_gets_beyond_watching(self) -> None:
        assert alone(Design.OPEN, 1000, 1000).evidence is Evidence.WATCH

    def test_a_failed_condition_of_the_survey_is_insufficient(self) -> None:
        quorum = Condition(
            "half",
            Denominator.PRESENT,
            Denominator.MEMBERSHIP,
            Comparator.MORE_THAN,
            published(Fraction(1, 2)),
        )
        rules = replace(survey(values=CHOICES), conditions=(quorum,))
        whole = scheme(component("survey", survey=rules), alerts=(one_third(),))

        def evidence(turnout: Turnout) -> Evidence:
            return judged(whole, {"masses": votes(1, 15)}, masses=turnout)[
                "masses"
            ].evidence

        assert evidence(Turnout(present=16, membership=31)) is Evidence.CLEAR
        assert evidence(Turnout(present=15, membership=30)) is Evidence.INSUFFICIENT
        assert evidence(Turnout(membership=30)) is Evidence.INSUFFICIENT


def test_an_alert_names_its_source_and_what_was_assumed() -> None:
    rule = one_third("raters")
    guessed = replace(rule, denominator=assumed(Denominator.VALID))

    assert alone(Design.OPEN, 1, 9, rule=rule).published
    assert not alone(Design.OPEN, 1, 9, rule=guessed).published
    assert alone(Design.OPEN, 1, 9).source == named("source of the rule")
