"""What a trial by hand answers: the fixed keys, exact and rounded values, marks."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import assumed
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.trial.score_json import read_score_input, score_output
from tests.support.schemes import component, group, one_third, scheme, survey
from tests.support.trial import FULL, whole

WEINAN = Bilingual("参照渭南市", "as in Weinan")


def said(scheme: Scheme, evidence: ScoreInput, **more: Any) -> dict[str, Any]:
    def english(remark: Any) -> str:
        return say(remark, str, "en")

    found = score_output(scheme, evidence, say=english, language="en", **more)
    assert json.loads(json.dumps(found)) == found, "plain JSON"
    return found


class TestOutput:
    """The fixed keys."""

    def test_a_score_is_told_exactly_and_rounded(self) -> None:
        evidence = read_score_input(FULL, file="trial.json")

        found = said(whole(), evidence)

        exact = Fraction("0.4") * Fraction(1544, 19) + Fraction("44.25") + 2
        exact += Fraction(274, 30)
        assert found["overall"] == {
            "exact": f"{exact.numerator}/{exact.denominator}",
            "rounded": "87.89",
        }
        assert found["blocked"] == []
        assert set(found) == {"overall", "blocked", "sheet", "alerts"}

    def test_every_node_has_the_same_keys(self) -> None:
        evidence = read_score_input(FULL, file="trial.json")

        waiting = [said(whole(), evidence)["sheet"]]
        while waiting:
            node = waiting.pop()
            waiting += node["children"]
            assert set(node) == {
                "key", "label", "value", "weight", "rule", "source", "children",
            }  # fmt: skip

    def test_a_whole_number_is_a_fraction_as_well(self) -> None:
        found = said(scheme(component("a")), ScoreInput(values={"a": Fraction(5)}))

        assert found["overall"] == {"exact": "5/1", "rounded": "5.00"}
        assert found["sheet"]["children"] == [
            {
                "key": "a",
                "label": "a",
                "value": {"exact": "5/1", "rounded": "5.00"},
                "weight": "100",
                "rule": "Handed in from outside, out of 100.",
                "source": "source of a",
                "children": [],
            }
        ]

    def test_without_a_score_the_reasons_stand_there(self) -> None:
        found = said(whole(), ScoreInput())

        assert found["overall"] is None
        assert found["blocked"] == [
            "survey: no answers were handed in.",
            "township: no value was handed in.",
            "body: no value was handed in.",
        ]
        assert found["sheet"]["value"] is None

    def test_an_assumed_weight_is_marked_in_the_rule(self) -> None:
        a = component("a")
        assert a.weight is not None
        guessed = replace(a.weight, principal=assumed(Fraction(100), WEINAN))

        evidence = ScoreInput(values={"a": Fraction(5)})
        found = said(scheme(replace(a, weight=guessed)), evidence)

        node = found["sheet"]["children"][0]
        assert node["rule"].endswith("[assumed, not published]")
        assert node["source"] == "source of a; as in Weinan"

    def test_an_alert_has_the_fixed_keys(self) -> None:
        evidence = read_score_input(FULL, file="trial.json")

        assert said(whole(), evidence)["alerts"] == [
            {
                "rule": "one_third",
                "group": "masses",
                "numerator": 7,
                "denominator": 95,
                "denominator_kind": "valid",
                "crossed": False,
                "evidence": "clear",
            }
        ]

    def test_a_rule_about_several_questions_says_which(self) -> None:
        rule = replace(one_third(), questions=("one", "other"))

        alerts = said(whole(alerts=(rule,)), ScoreInput())["alerts"]

        assert [a["rule"] for a in alerts] == ["one_third/one", "one_third/other"]

    def test_labels_are_in_the_language_asked_for(self) -> None:
        evidence = ScoreInput(values={"a": Fraction(5)})

        found = score_output(
            scheme(component("a")), evidence, say=lambda r: r.key, language="zh"
        )

        assert found["sheet"]["label"] == "综合得分"
        assert found["sheet"]["source"] == "source of the scheme（中文）"
        assert found["sheet"]["children"][0]["label"] == "a（中文）"

    def test_a_deputy_is_weighed_as_a_deputy(self) -> None:
        groups = (group("a", 1, deputy=0), group("b", 0, deputy=1))
        rules = survey(*groups, values={"yes": 100, "no": 0})
        made = scheme(component("survey", survey=rules))
        counts = {"a": {"q": {"yes": 1}}, "b": {"q": {"no": 1}}}
        evidence = ScoreInput(tallies={"survey": counts})

        assert said(made, evidence)["overall"]["rounded"] == "100.00"
        assert said(made, evidence, post=Post.DEPUTY)["overall"]["rounded"] == "0.00"


COUNTS = {
    "leaders": ((1, 2, 0, 0), (2, 1, 0, 0), (2, 1, 0, 0)),
    "staff": ((18, 15, 5, 2), (16, 18, 5, 1), (20, 14, 4, 2)),
    "assessors": ((3, 2, 0, 0), (3, 1, 1, 0), (4, 1, 0, 0)),
}


class TestCounty:
    """What a running county would withhold stands beside the exact score."""

    WHOLE = scheme(
        component(
            "evaluation",
            survey=survey(
                *(group(key, weight) for key, weight in
                  (("leaders", 20), ("staff", 40), ("assessors", 40))),
                values={"a": 100, "b": 80, "c": 60, "d": 40},
                questions={"q0": 30, "q1": 30, "q2": 40},
            ),
        )
    )  # fmt: skip
    BONUS = Adjustment("bonus", Fraction("1.5"), "r", "s")

    def trial(self) -> ScoreInput:
        """Three leaders, forty staff, five assessors: S20 of the sources."""
        tally = {
            key: {
                f"q{n}": dict(zip("abcd", counts, strict=True))
                for n, counts in enumerate(asked)
            }
            for key, asked in COUNTS.items()
        }
        return ScoreInput(tallies={"evaluation": tally}, adjustments=(self.BONUS,))

    def test_the_exact_score_stands_and_the_county_says_that_it_would_not(self) -> None:
        found = said(self.WHOLE, self.trial())

        assert found["overall"] == {"exact": "2723/30", "rounded": "90.77"}
        for mode, few in (("open", 2), ("secret", 1)):
            assert found["county"][mode]["overall"] is None
            withheld = found["county"][mode]["withheld"]
            assert sum("the score would betray" in one for one in withheld) == few

    def test_a_score_the_county_would_show_needs_no_second_one(self) -> None:
        crowd = {
            key: {
                q: {c: 10 * n for c, n in counts.items()} for q, counts in asked.items()
            }
            for key, asked in self.trial().tallies["evaluation"].items()
        }
        large = replace(self.trial(), tallies={"evaluation": crowd})

        assert "county" not in said(self.WHOLE, large)
