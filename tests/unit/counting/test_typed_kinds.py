"""Sheets of paper with every kind of question, typed one by one."""

from survey_app.domain.counting.paper_sheets import count_sheets
from survey_app.domain.questionnaire.ballot_lines import ballot_lines
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.support.every_kind import EVERY_KIND

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")


def test_ticks_and_numbers_are_counted_as_a_tally_has_them() -> None:
    sheets = [
        {"甲": {"overall": "good", "ways": "answered", "ways.desk": "ticked"}},
        {"甲": {"overall": "bad", "score": "85", "why": "answered"}},
    ]
    never_alike = BallotRule("not-all-equal")

    counted = count_sheets(
        sheets, [never_alike], list(ballot_lines(ASKED)), ["overall"]
    )

    assert counted.invalid == 0, "one rating alone is not alike"
    assert counted.tallies["甲"] == {
        "overall": {"good": 1, "bad": 1},
        "window": {"blank": 2},
        "ways": {"answered": 1, "desk": 1, "blank": 1},
        "score": {"blank": 1, "85": 1},
        "why": {"blank": 1, "answered": 1},
    }
