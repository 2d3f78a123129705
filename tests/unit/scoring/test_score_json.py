"""A trial by hand: what may come in as JSON, and what goes out."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import ScoreInputRefused
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.trial.score_json import read_score_input
from tests.support.schemes import component, scheme, survey
from tests.support.trial import FULL, whole


def faults(text: str, scheme: Scheme | None = None, **more: Any) -> list[str]:
    """The faults as lines, without the name of the file."""
    with pytest.raises(ScoreInputRefused) as refused:
        read_score_input(text, file="trial.json", scheme=scheme, **more)
    return [str(fault) for fault in refused.value.faults]


def with_(**sections: Any) -> str:
    return json.dumps({"tallies": {}} | sections)


class TestReading:
    """What is understood."""

    def test_everything_at_once(self) -> None:
        evidence = read_score_input(FULL, file="trial.json", scheme=whole())

        assert evidence.tallies["survey"]["masses"]["overall"]["fairly"] == 30
        assert evidence.turnout["survey"]["masses"] == Turnout(110, 102, 2)
        assert evidence.values == {
            "township": Fraction(177, 2),
            "body": Fraction(274, 3),
        }
        assert evidence.adjustments[0].points == 2

    def test_a_decimal_counts_as_it_is_written(self) -> None:
        text = '{"tallies": {}, "values": {"x": 0.1, "y": 93.20}}'

        values = read_score_input(text, file="trial.json").values

        assert values == {"x": Fraction(1, 10), "y": Fraction(466, 5)}

    def test_only_the_tallies_are_needed(self) -> None:
        assert read_score_input('{"tallies": {}}', file="trial.json") == ScoreInput()

    def test_a_byte_order_mark_does_no_harm(self) -> None:
        text = '\ufeff{"tallies": {}}'

        assert read_score_input(text, file="trial.json") == ScoreInput()


class TestRefusing:
    """What is not understood, each with its place and what to write instead."""

    def test_all_faults_are_named_at_once_with_the_file(self) -> None:
        text = with_(tallies={"s": {"g": {"q": {"a": -1, "b": 1.5}}}}, extra=1)

        with pytest.raises(ScoreInputRefused) as refused:
            read_score_input(text, file="trial.json")

        assert str(refused.value).splitlines() == [
            "trial.json: extra: is not a known key; known here: tallies, turnout, "
            "values, named, adjustments, merged, sheets, about",
            "trial.json: tallies.s.g.q.a: -1 is not a whole number from 0 to "
            "1000000000; write a whole number from 0 to 1000000000",
            'trial.json: tallies.s.g.q.b: "1.5" is not a whole number from 0 to '
            "1000000000; write a whole number from 0 to 1000000000",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "null",
            "[]",
            "{}",
            '"tallies"',
            "[" * 100_000,
            with_(tallies=[]),
            with_(tallies={"s": 1}),
            with_(tallies={"s": {"g": {"q": 3}}}),
            with_(tallies={"s": {"g": {"q": {"a": True}}}}),
            with_(tallies={"s": {"g": {"q": {"a": None}}}}),
            '{"tallies": {"s": {"g": {"q": {"a": 1e3}}}}}',
            '{"tallies": {"s": {"g": {"q": {"a": NaN}}}}}',
            '{"tallies": {"s": {"g": {"q": {"a": ' + "9" * 5000 + "}}}}}",
            with_(turnout={"s": {"g": {"issued": -1}}}),
            with_(turnout={"s": {"g": {"isued": 1}}}),
            with_(values={"x": "93,2"}),
            with_(values={"x": "1/0"}),
            with_(values={"x": "1e999999999"}),
            with_(adjustments={}),
            with_(adjustments=[[]]),
            with_(adjustments=[{"kind": "gift", "points": 1}]),
        ],
    )
    def test_nonsense(self, text: str) -> None:
        assert faults(text) != []

    def test_a_key_given_twice(self) -> None:
        assert faults('{"tallies": {}, "values": {"x": 1, "x": 2}}') == [
            "x: is given twice; give it once"
        ]

    def test_an_adjustment_needs_its_kind_points_reason_and_source(self) -> None:
        places = [line.split(":")[0] for line in faults(with_(adjustments=[{}]))]

        assert places == [
            f"adjustments[0].{key}" for key in ("kind", "reason", "source", "points")
        ]

    def test_a_bonus_below_zero_is_no_bonus(self) -> None:
        one = {"kind": "bonus", "points": "-2", "reason": "r", "source": "s"}

        assert len(faults(with_(adjustments=[one]))) == 1

    @pytest.mark.parametrize(
        ("turnout", "place"),
        [
            ({"returned": 9}, "returned"),
            ({"returned": 11, "invalid": 2}, "returned"),
            ({"present": 12, "membership": 11}, "present"),
        ],
    )
    def test_numbers_that_contradict_each_other(
        self, turnout: Mapping[str, int], place: str
    ) -> None:
        counts = {"s": {"g": {"p": {"a": 2}, "q": {"a": 4, "b": 6}}}}

        (line,) = faults(with_(tallies=counts, turnout={"s": {"g": turnout}}))

        assert line.startswith(f"turnout.s.g.{place}: ")

    def test_everybody_may_have_come(self) -> None:
        everybody = {"returned": 9, "present": 9, "membership": 9}
        text = with_(turnout={"s": {"g": everybody}})

        assert read_score_input(text, file="trial.json").turnout["s"]["g"].present == 9

    def test_more_returned_than_issued_can_be_true_and_is_read(self) -> None:
        text = with_(turnout={"s": {"g": {"issued": 9, "returned": 10}}})

        assert read_score_input(text, file="trial.json").turnout


class TestAgainstTheScheme:
    """What the scheme has no place for."""

    @pytest.mark.parametrize(
        ("sections", "line"),
        [
            (
                {"tallies": {"surevy": {}}},
                'tallies.surevy: there is no component "surevy"; did you mean '
                '"survey"?',
            ),
            (
                {"tallies": {"township": {}}},
                "tallies.township: is not a survey; write it under values.township",
            ),
            (
                {"turnout": {"surevy": {}}},
                'turnout.surevy: there is no component "surevy"; did you mean '
                '"survey"?',
            ),
            (
                {"tallies": {"survey": {"mases": {}}}},
                'tallies.survey.mases: there is no rater group "mases"; did you mean '
                '"masses"?',
            ),
            (
                {"turnout": {"survey": {"mases": {}}}},
                'turnout.survey.mases: there is no rater group "mases"; did you mean '
                '"masses"?',
            ),
            (
                {"tallies": {"survey": {"masses": {"overal": {}}}}},
                'tallies.survey.masses.overal: there is no question "overal"; did you '
                'mean "overall"?',
            ),
            (
                {"tallies": {"survey": {"masses": {"overall": {"satisfeid": 1}}}}},
                "tallies.survey.masses.overall.satisfeid: there is no choice "
                '"satisfeid"; did you mean "satisfied"?',
            ),
            (
                {"values": {"townhip": 1}},
                'values.townhip: there is no component "townhip"; did you mean '
                '"township"?',
            ),
            (
                {"values": {"survey": 1}},
                "values.survey: is worked out (survey); hand in what it is made of",
            ),
            (
                {"values": {"township": "100.5"}},
                "values.township: 100.5 is out of range; write 0 to 100",
            ),
            (
                {"values": {"township": -1}},
                "values.township: -1 is out of range; write 0 to 100",
            ),
        ],
    )
    def test_is_named(self, sections: Mapping[str, Any], line: str) -> None:
        assert faults(with_(**sections), whole()) == [line]

    def test_the_questionnaire_knows_its_questions(self) -> None:
        words = Bilingual("题", "question")
        choices = tuple(Choice(key, words) for key in ("satisfied", "dissatisfied"))
        asked = (Question("speed", words, choices),)
        paper = Questionnaire("test", 1, words, words, words, asked)
        loose = scheme(component("survey", survey=survey()))
        text = with_(tallies={"survey": {"masses": {"overall": {}}}})

        assert read_score_input(text, file="trial.json", scheme=loose)
        assert faults(text, loose, questionnaires={"test": paper}) == [
            'tallies.survey.masses.overall: there is no question "overall"; known '
            "here: speed"
        ]
