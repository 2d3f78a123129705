"""Worked examples of published rules, number by number; sources by their title."""

from dataclasses import replace
from fractions import Fraction

from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.shares import rates_of
from survey_app.domain.scheme.scheme import (
    Comparator,
    ComponentKind,
    CountsAs,
    Denominator,
    Scheme,
)
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import rounded
from tests.support.schemes import (
    THREE_LEVELS,
    answers,
    component,
    group,
    one_third,
    published,
    rate,
    scheme,
    survey,
    tally,
)

BONUS, DEDUCTION = "bonus", "deduction"


def points(kind: str, number: str) -> Adjustment:
    return Adjustment(kind, Fraction(number), "reason", "source")


class TestTownshipDoubleEvaluation:
    """乡镇“双承诺双公开双评议双考核”: coefficients 1, 0.8, 0.6, 0; 40 + 60."""

    COUNTS = answers(46, 30, 12, 7, abstain=5)

    def scheme(self, abstain: CountsAs = CountsAs.OUT) -> Scheme:
        rules = replace(survey(), abstain=published(abstain))
        return scheme(
            component("survey", 40, survey=rules),
            component("township", 60),
            alerts=(one_third(),),
            rates=(rate("dissatisfied"),),
        )

    def evidence(self) -> ScoreInput:
        return ScoreInput(
            tallies={"survey": tally(self.COUNTS)},
            values={"township": Fraction("88.5")},
            adjustments=(points(BONUS, "2"), points(DEDUCTION, "1.5")),
        )

    def test_abstentions_are_not_valid_ballots(self) -> None:
        sheet = score(self.scheme(), self.evidence())

        assert sheet.root.parts[0].value == Fraction(1544, 19)
        assert rounded(Fraction(1544, 19), 4) == "81.2632"

    def test_the_overall_score(self) -> None:
        sheet = score(self.scheme(), self.evidence())

        assert sheet.overall == Fraction(1636, 19)
        assert rounded(Fraction(1636, 19), 4) == "86.1053"

    def test_abstentions_that_count_as_zero_would_lower_it(self) -> None:
        sheet = score(self.scheme(CountsAs.ZERO), self.evidence())

        assert sheet.root.parts[0].value == Fraction("77.2")

    def test_seven_of_ninety_five_raise_no_alert(self) -> None:
        (alert,) = alerts_of(self.scheme(), self.evidence())
        (share,) = rates_of(self.scheme(), self.evidence())

        assert not alert.crossed
        assert share.value == Fraction(7, 95)
        assert share.of(Denominator.VALID_WITH_ABSTENTIONS) == Fraction(7, 100)


class TestExactlyOneThird:
    """County office style review: 100, 70, 30; don't know is no valid ballot."""

    def outcome(
        self, satisfied: int, basically: int, dissatisfied: int
    ) -> tuple[Fraction | None, dict[str, bool]]:
        counts = answers(
            satisfied, basically, dissatisfied, values=THREE_LEVELS, dont_know=30
        )
        evidence = ScoreInput(tallies={"survey": tally(counts)})
        office = scheme(component("survey", survey=survey(values=THREE_LEVELS)))
        rules = {
            "超过": one_third(),
            "达到": one_third(comparator=Comparator.AT_LEAST),
            "of all": one_third(denominator=Denominator.RESPONSES),
        }
        crossed = {
            name: alerts_of(replace(office, alerts=(rule,)), evidence)[0].crossed
            for name, rule in rules.items()
        }
        return score(office, evidence).overall, crossed

    def test_forty_of_a_hundred_and_twenty_reach_but_do_not_pass_it(self) -> None:
        assert self.outcome(40, 40, 40) == (
            Fraction(200, 3),
            {"超过": False, "达到": True, "of all": False},
        )
        assert rounded(Fraction(200, 3), 4) == "66.6667"

    def test_one_more_passes_it(self) -> None:
        assert self.outcome(40, 39, 41) == (
            Fraction(199, 3),
            {"超过": True, "达到": True, "of all": False},
        )
        assert rounded(Fraction(199, 3), 4) == "66.3333"


ACHIEVED = {"best": 100, "better": 80, "general": 60, "less": 40}
ASPECTS = {"volume": 30, "efficiency": 30, "completion": 40}
ACHIEVEMENT_BALLOTS = {
    "leader": ((1, 2, 0, 0), (2, 1, 0, 0), (2, 1, 0, 0)),
    "staff": ((18, 15, 5, 2), (16, 18, 5, 1), (20, 14, 4, 2)),
    "assessors": ((3, 2, 0, 0), (3, 1, 1, 0), (4, 1, 0, 0)),
}


class TestQuantifiedAchievements:
    """党政领导机关领导干部工作实绩量化考核: 100, 80, 60, 40; questions 30, 30, 40."""

    def test_three_groups_are_averaged_and_then_weighed(self) -> None:
        groups = (group("leader", 20), group("staff", 40), group("assessors", 40))
        rules = survey(*groups, values=ACHIEVED, questions=ASPECTS)
        counts = {
            key: {
                question: answers(*row, values=ACHIEVED)
                for question, row in zip(ASPECTS, rows, strict=True)
            }
            for key, rows in ACHIEVEMENT_BALLOTS.items()
        }

        sheet = score(
            scheme(component("survey", survey=rules)),
            ScoreInput(tallies={"survey": counts}, adjustments=(points(BONUS, "1.5"),)),
        )

        parts = [child.value for child in sheet.root.parts[0].parts]
        assert parts == [Fraction(274, 3), Fraction(851, 10), Fraction(462, 5)]
        assert sheet.overall == Fraction(2723, 30)
        assert rounded(Fraction(2723, 30), 4) == "90.7667"


def test_a_xining_leading_body_is_weighed_15_55_30() -> None:
    body = scheme(component("common", 15), component("work", 55), component("all", 30))
    given = {"common": "92", "work": "88.4", "all": "85.75"}

    sheet = score(body, ScoreInput(values={k: Fraction(v) for k, v in given.items()}))

    contributions = [node.contribution for node in sheet.root.parts]
    assert contributions == [Fraction("13.8"), Fraction("48.62"), Fraction("25.725")]
    assert sheet.overall == Fraction("88.145")


YES_OR_NO = {"yes": 100, "no": 0}
CONTENT_OF_200 = {"staff": 182, "objects": 169, "departments": 176, "leaders": 180}


class TestYijun:
    """宜君县2017年度目标责任考核: 80 + 20, of which 5 democratic, 15 satisfaction."""

    def counts(self, *keys: str) -> dict[str, dict[str, dict[str, int]]]:
        """Of 200 ballots as many are content as make 91, 84.5, 88 and 90 points."""
        return {
            key: {"overall": {"yes": yes, "no": 200 - yes}}
            for key, yes in CONTENT_OF_200.items()
            if key in keys
        }

    def test_a_town(self) -> None:
        groups = (
            group("staff", 3),
            group("objects", 6),
            group("departments", 3),
            group("leaders", 3),
        )
        social = component(
            "social",
            20,
            full=20,
            parts=(
                component("democratic", 5),
                component("survey", 15, survey=survey(*groups, values=YES_OR_NO)),
            ),
        )

        sheet = score(
            scheme(component("targets", 80), social),
            ScoreInput(
                tallies={"survey": self.counts(*CONTENT_OF_200)},
                values={
                    "targets": Fraction("93.2"),
                    "democratic": Fraction("92.4"),
                },
                adjustments=(points(BONUS, "1.0"), points(DEDUCTION, "0.5")),
            ),
        )

        democratic, satisfaction = sheet.root.parts[1].parts
        assert satisfaction.value == Fraction(438, 5) == Fraction("87.6")
        assert satisfaction.contribution == Fraction("13.14")
        assert democratic.contribution == Fraction("4.62")
        assert sheet.root.parts[1].value == Fraction("17.76")
        assert sheet.overall == Fraction("92.82")

    def test_a_department_is_weighed_4_7_4(self) -> None:
        groups = (group("staff", 4), group("objects", 7), group("leaders", 4))
        department = scheme(
            component("survey", survey=survey(*groups, values=YES_OR_NO))
        )

        counts = self.counts("staff", "objects", "leaders")
        sheet = score(department, ScoreInput(tallies={"survey": counts}))

        assert sheet.overall == Fraction("87.7")


class TestWenjiang:
    """温江村（社区）干部绩效考核: democratic 30, town 20, targets 50."""

    def overall(self, democratic: str, town: str, targets: str) -> Fraction | None:
        village = scheme(
            component("democratic", 30), component("town", 20), component("targets", 50)
        )
        values = {"democratic": democratic, "town": town, "targets": targets}
        given = {key: Fraction(value) for key, value in values.items()}
        return score(village, ScoreInput(values=given)).overall

    def test_almost_ninety_is_not_excellent(self) -> None:
        overall = self.overall("84", "90", "93")

        assert overall == Fraction("89.7")
        assert overall < 90

    def test_exactly_ninety_is_excellent_because_above_includes(self) -> None:
        assert self.overall("88", "91", "90.8") == 90

    def test_fewer_than_half_satisfied_raise_an_alert_whatever_the_score(self) -> None:
        less = Comparator.LESS_THAN
        rule = replace(one_third(comparator=less, threshold="1/2"), choices=("yes",))
        town = scheme(
            component("survey", 30, survey=survey(values={"yes": 100, "no": 60})),
            component("rest", 70, kind=ComponentKind.GIVEN),
            alerts=(rule,),
        )
        values = {"rest": Fraction(100)}

        def crossed(yes: int, no: int) -> bool:
            counts = tally({"yes": yes, "no": no})
            evidence = ScoreInput(tallies={"survey": counts}, values=values)
            assert (score(town, evidence).overall or 0) > 90
            return alerts_of(town, evidence)[0].crossed

        assert crossed(49, 51)
        assert not crossed(50, 50)
