"""Sheets of paper typed one by one: those that break a rule are invalid (废票)."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.file_faults import ScoreInputRefused
from survey_app.domain.ground.stated import assumed
from survey_app.domain.ground.wording import say
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.scheme.scheme import Denominator, Scheme
from survey_app.domain.trial.score_json import read_score_input, score_output
from tests.support.schemes import component, group, scheme, survey

ONE_GOOD = BallotRule("at-most", ("satisfied",), assumed(1), questions=("overall",))
HALF_BAD = BallotRule("at-most", ("dissatisfied",), share=assumed(Fraction(1, 2)))


def ruled(*rules: BallotRule) -> Scheme:
    masses = survey(group("masses"), questions={"overall": 1, "speed": 1})
    return scheme(component("survey", survey=replace(masses, ballot_rules=rules)))


def sheet(*of_two: str | None) -> dict[str, dict[str, str | None]]:
    """Return a sheet about 甲 and 乙: overall and speed of each; None left empty."""
    a, b, c, d = of_two
    return {"甲": {"overall": a, "speed": b}, "乙": {"overall": c, "speed": d}}


GOOD, BAD = "satisfied", "dissatisfied"
SHEETS = [
    sheet(GOOD, BAD, "fairly", "fairly"),
    sheet(GOOD, GOOD, GOOD, "fairly"),  # two good overall
    sheet(None, None, None, None),
    sheet("fairly", BAD, "fairly", BAD),
    sheet(BAD, BAD, "fairly", BAD),  # three of four bad
]


def read(scheme: Scheme, **sections: Any) -> Any:
    typed = {"sheets": {"survey": {"masses": SHEETS}}, "about": "甲"} | sections
    return read_score_input(json.dumps(typed), file="trial.json", scheme=scheme)


def faults(scheme: Scheme, **sections: Any) -> list[str]:
    with pytest.raises(ScoreInputRefused) as refused:
        read(scheme, **sections)
    return [str(fault) for fault in refused.value.faults]


def test_invalid_sheets_were_returned_and_count_nowhere() -> None:
    evidence = read(ruled(ONE_GOOD, HALF_BAD))

    assert evidence.tallies["survey"]["masses"] == {
        "overall": {GOOD: 1, "blank": 1, "fairly": 1},
        "speed": {BAD: 2, "blank": 1},
    }
    assert evidence.turnout["survey"]["masses"] == Turnout(returned=5, invalid=2)
    ballots = Ballots(
        ((evidence.tallies["survey"]["masses"]["overall"],
          evidence.turnout["survey"]["masses"]),)
    )  # fmt: skip
    assert ballots.number(Denominator.RETURNED) == 5
    assert ballots.number(Denominator.RESPONSES) == 3


def test_the_answer_says_how_many_by_which_rule() -> None:
    rules = ruled(ONE_GOOD, HALF_BAD)
    found = score_output(
        rules, read(rules), say=lambda one: say(one, str, "en"), language="en"
    )

    assert found["sheets"] == {
        "survey": {
            "masses": {
                "returned": 5,
                "valid": 3,
                "invalid": 2,
                "rules": [
                    {"rule": "at-most", "sheets": 1},
                    {"rule": "at-most", "sheets": 1},
                ],
            }
        }
    }


def test_sheets_nobody_could_read_are_invalid_too() -> None:
    evidence = read(
        ruled(ONE_GOOD), turnout={"survey": {"masses": {"issued": 9, "invalid": 1}}}
    )

    assert evidence.turnout["survey"]["masses"] == Turnout(9, 6, 2)


def test_without_rules_every_sheet_counts() -> None:
    assert read(ruled()).turnout["survey"]["masses"] == Turnout(returned=5, invalid=0)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"about": "丙"}, "about: nobody on these sheets is"),
        ({"about": None}, "about: is missing"),
        ({"sheets": {"speed": {"masses": []}}}, "sheets.speed.masses: is no survey"),
        ({"sheets": {"survey": {"masses": {}}}}, "sheets.survey.masses: "),
        ({"tallies": {"survey": {"masses": {"overall": {GOOD: 1}}}}},
         "sheets.survey.masses: is counted under tallies already"),
        ({"sheets": {"survey": {"masses": [{"甲": {"overall": "best"}}]}}},
         'sheets.survey.masses[0].甲.overall: there is no choice "best"'),
        ({"turnout": {"survey": {"masses": {"returned": 4}}}},
         "turnout.survey.masses.returned: 4 returned, but 3 counted and 2 invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(sections: dict[str, Any], said: str) -> None:
    assert faults(ruled(ONE_GOOD, HALF_BAD), **sections)[0].startswith(said)


def test_sums_that_obedient_ballots_cannot_come_to_are_named() -> None:
    many = {"survey": {"masses": {"speed": {GOOD: 5}, "overall": {GOOD: 5}}}}
    cap = replace(ONE_GOOD, questions=())
    text = json.dumps({"tallies": many})

    with pytest.raises(ScoreInputRefused, match="10 times satisfied, but 5 ballots"):
        read_score_input(text, file="trial.json", scheme=ruled(cap))
    assert read_score_input(text, file="trial.json", scheme=ruled(ONE_GOOD))
