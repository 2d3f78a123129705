"""What becomes of alerts, as a scheme says it: every fault at once, and the days."""

from datetime import date

from survey_app.domain.scheme.review_rules import DaysOf, Measure, ReviewRules
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import SMALL_SCHEME, faults_of

RATING = """
[[alerts]]
key = "bad_ratings"
label = { zh = "差评", en = "Bad ratings" }
component = "satisfaction"
questions = ["overall"]
choices = ["bad"]
kind = "rating"
rater_groups = ["residents"]
"""


def test_a_scheme_that_is_silent_has_the_fingerprint_it_always_had() -> None:
    silent = read_scheme(SMALL_SCHEME, file="small.toml")
    empty = read_scheme(SMALL_SCHEME + "[review]\n", file="small.toml")

    assert silent.review == empty.review == ReviewRules()
    assert silent.fingerprint == empty.fingerprint


def test_every_fault_of_a_review_is_named_at_once() -> None:
    wrong = """
[review]
measures = { published = ["reminder", "none"] }
leading_group = { assumed = ["removal"] }
second_person = { assumed = ["everything"] }
follow_up_months = { assumed = 0 }
days_off = ["soon"]
days_worked = [2026-10-09]
proposes = { one_turd = { published = "reminder" } }
[[review.checks]]
key = "talks"
label = { zh = "谈话", en = "Talks" }
[[review.checks]]
key = "talks"
label = { zh = "谈话", en = "Talks" }
"""
    found = faults_of(SMALL_SCHEME + wrong)

    assert found.keys() == {
        "review.measures",
        "review.leading_group",
        "review.second_person",
        "review.follow_up_months",
        "review.days_off",
        "review.days_worked",
        "review.proposes.one_turd",
        "review.checks[1].key",
    }


def test_keys_of_another_kind_and_groups_of_a_list_are_refused() -> None:
    of_another = RATING.replace(
        'kind = "rating"',
        'kind = "rating"\nyears = { assumed = 2 }\nthreshold = { assumed = "1/3" }',
    ).replace('"residents"', '"staff"')
    assert faults_of(SMALL_SCHEME + of_another).keys() == {
        "alerts[1].years",
        "alerts[1].threshold",
        "alerts[1].rater_groups",
    }
    rise = RATING.replace('"rating"', '"rise"\ncontact_days = { assumed = 2 }')
    assert faults_of(SMALL_SCHEME + rise).keys() == {
        "alerts[1].rise",
        "alerts[1].contact_days",
    }


def test_limits_count_the_days_the_scheme_says() -> None:
    natural = ReviewRules()
    holidays = ReviewRules(
        days_off=tuple(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
        days_worked=(date(2026, 10, 10),),
    )
    start = date(2026, 9, 30)

    assert natural.due(start, 10) == date(2026, 10, 10)
    assert holidays.due(start, 3, DaysOf.WORKING) == date(2026, 10, 10)
    assert natural.due(date(2026, 5, 1), 15, DaysOf.WORKING) == date(2026, 5, 22)
    assert natural.follow_up_on(date(2026, 8, 31)) == date(2027, 2, 28)
    assert natural.follow_up_on(date(2026, 6, 30)) == date(2026, 12, 30)


def test_the_next_measure_is_the_next_the_scheme_names() -> None:
    rules = ReviewRules()

    assert rules.next_measure(Measure.WAITING) is Measure.ADJUSTMENT
    assert rules.next_measure(Measure.REMOVAL) is None
