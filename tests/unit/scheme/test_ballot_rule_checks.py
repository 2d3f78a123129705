"""Ballot rules that a scheme file may not ask for, and how they are frozen."""

import json

import pytest

from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import SMALL_SCHEME, changed, faults_after, in_survey
from tests.unit.scheme.test_scheme_fit import SURVEY, fit_faults_after

CAP = 'kind = "at-most", choices = ["good"]'


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        ([f"{CAP}, count = {{ assumed = 0 }}"], ["[0].count"]),
        ([f'{CAP}, share = {{ assumed = "0" }}'], ["[0].share"]),
        ([f'{CAP}, share = {{ assumed = "1" }}'], ["[0].share"]),
        ([CAP], ["[0].count"]),
        ([f'{CAP}, count = {{ assumed = 1 }}, share = {{ assumed = "1/2" }}'],
         ["[0].count"]),
        (['kind = "at-least", choices = ["good"], count = { assumed = 0 }'],
         ["[0].count"]),
        (['kind = "at-least", choices = ["bad", "good"], count = { assumed = 1 }'],
         ["[0].choices"]),
        (['kind = "not-all-equal"', 'kind = "not-all-equal"'], ["[1]"]),
        ([f"{CAP}, count = {{ assumed = 1 }}", f"{CAP}, count = {{ assumed = 2 }}"],
         ["[1]"]),
        ([f"{CAP}, count = {{ assumed = 1 }}",
          'kind = "at-least", choices = ["good"], count = { assumed = 2 }'], ["[1]"]),
        (['kind = "not-all-equal"', 'kind = "not-all-equal", over = "subject"'], []),
        ([f"{CAP}, count = {{ assumed = 2 }}",
          'kind = "at-least", choices = ["good"], count = { assumed = 2 }'], []),
    ],
)  # fmt: skip
def test_ballot_rules_nobody_could_live_with_are_named(
    rules: list[str], where: list[str]
) -> None:
    place = "components[1].components[1].ballot_rules"
    listed = ", ".join(f"{{ {rule} }}" for rule in rules)
    change = in_survey(f"ballot_rules = [{listed}]")
    if not where:
        assert read_scheme(changed(SMALL_SCHEME, change), file="")
        return

    assert list(faults_after(change)) == [f"{place}{one}" for one in where]


def test_rules_of_before_are_frozen_in_the_same_words() -> None:
    cap = f"{CAP}, count = {{ published = 3 }}"
    text = changed(SMALL_SCHEME, in_survey(f"ballot_rules = [{{ {cap} }}]"))
    frozen = json.loads(scheme_to_json(read_scheme(text, file="")))

    (rule,) = frozen["components"][1]["components"][1]["survey"]["ballot_rules"]
    assert rule == {
        "kind": "at-most",
        "choices": ["good"],
        "count": {"value": 3, "published": True},
    }


def test_ballot_rules_speak_of_choices_that_exist() -> None:
    cap = 'kind = "at-most", choices = ["best"], count = { published = 3 }'
    idle = 'kind = "not-all-equal", count = { published = 3 }'
    where = "components[1].components[1].ballot_rules"

    assert list(
        faults_after(in_survey(f"ballot_rules = [{{ {cap} }}, {{ {idle} }}]"))
    ) == [f"{where}[1].count", f"{where}[0].choices"]


def test_a_ballot_rule_governs_questions_that_are_asked_and_marks_there_are() -> None:
    cap = 'kind = "at-most", choices = ["good"], share = { assumed = "1/3" }'
    many = 'kind = "at-least", choices = ["bad"], count = { assumed = 2 }'
    rules = in_survey(
        f'ballot_rules = [{{ {cap}, questions = ["speed"] }}, '
        f'{{ {many}, over = "subject" }}, {{ {many} }}]'
    )

    assert fit_faults_after(rules) == {
        (
            f"{SURVEY}.ballot_rules[0].questions",
            'there is no question "speed" in "small-questionnaire"',
        ),
        # The last one may be obeyed by a ballot about two.
        (f"{SURVEY}.ballot_rules[1].count", "asks for 2 of 1 marks"),
    }
