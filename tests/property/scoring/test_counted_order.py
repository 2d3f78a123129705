"""Databases add up in whatever order they like; a score sheet does not show which."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.counting.tally import Tally
from survey_app.domain.scoring.score import score
from tests.property.scoring.test_scoring_laws import CHOICES, QUESTIONS, Case, cases


@settings(max_examples=400)
@given(cases(), st.permutations(CHOICES), st.permutations(QUESTIONS))
def test_a_sheet_is_the_same_in_whatever_order_the_counts_are_read(
    case: Case, choices: list[str], questions: list[str]
) -> None:
    turned: Tally = {
        group: {one: {key: asked[one][key] for key in choices} for one in questions}
        for group, asked in case.tally.items()
    }

    told = score(case.scheme, replace(case, tally=turned).evidence())

    assert told == score(case.scheme, case.evidence())
