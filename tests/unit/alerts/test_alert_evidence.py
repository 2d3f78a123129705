"""How strong an alert can get: in samples, on rosters, and in groups side by side."""

from dataclasses import replace

import pytest

from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Counts, Turnout
from survey_app.domain.scheme.scheme import POOLED, Comparator, Design
from tests.support.alerts import alone, judged, on_roster, votes, watching
from tests.support.schemes import one_third, published


class TestSample:
    """A random sample of many."""

    @pytest.mark.parametrize(
        ("dissatisfied", "evidence"),
        [
            (33, Evidence.ATTENTION),
            (34, Evidence.WATCH),
            (43, Evidence.WATCH),
            (44, Evidence.CONFIRMED_STATISTICALLY),
        ],
    )
    def test_of_a_hundred_sampled_forty_four_confirm(
        self, dissatisfied: int, evidence: Evidence
    ) -> None:
        assert alone(Design.SAMPLE, dissatisfied, 100).evidence is evidence

    def test_judging_more_than_a_hundred_asks_for_one_percent(self) -> None:
        rule = replace(one_third("raters"), inverse_alpha=published(100))

        assert alone(Design.SAMPLE, 45, 100, rule=rule).evidence is Evidence.WATCH
        confirmed = alone(Design.SAMPLE, 46, 100, rule=rule)
        assert confirmed.evidence is Evidence.CONFIRMED_STATISTICALLY


class TestOpenChannels:
    """Whoever scans an open code can answer, so it never confirms by itself."""

    @pytest.mark.parametrize("design", Design)
    def test_open_channels_never_confirm_whatever_the_scheme_calls_the_group(
        self, design: Design
    ) -> None:
        whole = watching(one_third("raters"), raters=design)
        evidence = ScoreInput(
            tallies={"survey": {"raters": {"overall": votes(90, 90)}}},
            turnout={"survey": {"raters": Turnout(membership=90)}},
            open_groups=frozenset({("survey", "raters")}),
        )

        (alert,) = alerts_of(whole, evidence)

        assert alert.crossed
        assert alert.evidence is Evidence.WATCH


class TestRoster:
    """A list of people who all could answer."""

    @pytest.mark.parametrize(
        ("dissatisfied", "evidence"),
        [
            (7, Evidence.ATTENTION),
            (8, Evidence.WATCH),
            (9, Evidence.WATCH),
            (10, Evidence.CONFIRMED_STATISTICALLY),
            (11, Evidence.CONFIRMED_CERTAIN),
        ],
    )
    def test_of_thirty_members_twenty_two_answered(
        self, dissatisfied: int, evidence: Evidence
    ) -> None:
        assert on_roster(dissatisfied, 22, 30).evidence is evidence

    def test_seven_of_twenty_are_certain_even_if_every_absentee_is_content(
        self,
    ) -> None:
        assert on_roster(7, 18, 20).evidence is Evidence.CONFIRMED_CERTAIN

    def test_reaching_the_threshold_is_certain_where_reaching_is_enough(self) -> None:
        rule = one_third("raters", comparator=Comparator.AT_LEAST)
        members = Turnout(membership=30)

        assert (
            alone(Design.ROSTER, 10, 20, turnout=members, rule=rule).evidence
            is Evidence.CONFIRMED_CERTAIN
        )
        assert (
            alone(Design.ROSTER, 9, 20, turnout=members, rule=rule).evidence
            is Evidence.CONFIRMED_STATISTICALLY
        )
        assert on_roster(9, 20, 30).evidence is Evidence.WATCH

    def test_half_of_the_roster_is_no_quorum(self) -> None:
        assert on_roster(15, 15, 30).evidence is Evidence.INSUFFICIENT
        assert on_roster(16, 16, 30).evidence is Evidence.CONFIRMED_CERTAIN
        assert on_roster(0, 15, 30).evidence is Evidence.INSUFFICIENT

    def test_below_two_thirds_returned_only_certainty_confirms(self) -> None:
        assert on_roster(10, 19, 30).evidence is Evidence.WATCH
        assert on_roster(10, 20, 30).evidence is Evidence.CONFIRMED_STATISTICALLY

    def test_without_the_number_of_members_there_is_no_quorum(self) -> None:
        assert alone(Design.ROSTER, 8, 22).evidence is Evidence.INSUFFICIENT


class TestSeveralGroups:
    """Rater groups beside each other and together."""

    def test_a_controlled_group_that_crosses_backs_an_open_one(self) -> None:
        whole = watching(street=Design.OPEN, phone=Design.SAMPLE)
        counts = {"street": votes(20, 40), "phone": votes(34, 100)}

        found = judged(whole, counts)

        assert found["street"].evidence is Evidence.CORROBORATED
        assert found["phone"].evidence is Evidence.WATCH

    @pytest.mark.parametrize(
        ("street", "phone", "turnout"),
        [
            (votes(20, 40), votes(33, 100), Turnout()),
            (votes(20, 40), votes(100, 100), Turnout(issued=99)),
            (votes(20, 40), votes(7, 7), Turnout()),
        ],
        ids=["does not cross", "is void", "has too few answers"],
    )
    def test_it_backs_nothing_when_it(
        self, street: Counts, phone: Counts, turnout: Turnout
    ) -> None:
        rule = one_third("street", "phone", minimum=8)
        whole = watching(rule, street=Design.OPEN, phone=Design.SAMPLE)

        found = judged(whole, {"street": street, "phone": phone}, phone=turnout)

        assert found["street"].evidence is Evidence.WATCH

    def test_too_few_open_answers_stay_too_few_whatever_backs_them(self) -> None:
        rule = one_third("street", "phone", minimum=8)
        whole = watching(rule, street=Design.OPEN, phone=Design.SAMPLE)

        found = judged(whole, {"street": votes(7, 7), "phone": votes(90, 100)})

        assert found["street"].crossed
        assert found["street"].evidence is Evidence.INSUFFICIENT

    def test_another_question_backs_nothing(self) -> None:
        rule = replace(one_third("street", "phone"), questions=("one", "other"))
        whole = watching(rule, street=Design.OPEN, phone=Design.SAMPLE)
        tallies = {
            "street": {"one": votes(20, 40), "other": votes(0, 40)},
            "phone": {"one": votes(0, 40), "other": votes(20, 40)},
        }

        alerts = alerts_of(whole, ScoreInput(tallies={"survey": tallies}))

        found = {(a.question, a.group): a.evidence for a in alerts}
        assert found["one", "street"] is Evidence.WATCH
        assert found["other", "phone"] is Evidence.CONFIRMED_STATISTICALLY

    def test_groups_are_judged_one_by_one_and_pooled(self) -> None:
        rule = one_third("a", "b", pooled=True)
        whole = watching(rule, a=Design.OPEN, b=Design.OPEN, c=Design.OPEN)
        counts = {"a": votes(20, 40), "b": votes(0, 19), "c": votes(50, 50)}

        found = judged(whole, counts)

        assert set(found) == {"a", "b", POOLED}, "c is not among the masses here"
        assert (found[POOLED].numerator, found[POOLED].denominator) == (20, 59)
        assert found[POOLED].crossed
        assert not found["b"].crossed

    def test_a_pool_is_as_weak_as_its_weakest_group(self) -> None:
        rule = one_third("a", "b", pooled=True)
        crowd = {"a": votes(90, 100), "b": votes(90, 100)}

        sampled = judged(watching(rule, a=Design.SAMPLE, b=Design.SAMPLE), crowd)
        mixed = judged(watching(rule, a=Design.SAMPLE, b=Design.OPEN), crowd)

        assert sampled[POOLED].evidence is Evidence.CONFIRMED_STATISTICALLY
        assert mixed[POOLED].evidence is Evidence.CORROBORATED

    def test_rosters_are_pooled_by_all_their_members(self) -> None:
        rule = one_third("a", "b", pooled=True)
        whole = watching(rule, a=Design.ROSTER, b=Design.ROSTER)
        counts = {"a": votes(7, 18), "b": votes(0, 20)}
        members = Turnout(membership=20)

        found = judged(whole, counts, a=members, b=members)
        half_known = judged(whole, counts, a=members)

        assert found["a"].evidence is Evidence.CONFIRMED_CERTAIN
        assert found[POOLED].evidence is Evidence.CLEAR
        assert half_known[POOLED].evidence is Evidence.INSUFFICIENT
