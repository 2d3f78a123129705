"""The numbers of one alert: every denominator, what each would find, how sure."""

from dataclasses import replace
from fractions import Fraction

from survey_app.domain.alerts.case_numbers import CaseNumbers, case_numbers
from survey_app.domain.alerts.exact_tests import chance_interval
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.scheme.scheme import AlertRule, Comparator, Denominator, Design
from tests.support.schemes import one_third


def of(
    design: Design, turnout: Turnout, rule: AlertRule | None = None, **counts: int
) -> CaseNumbers:
    said = {"content" if key == "good" else key: n for key, n in counts.items()}
    return case_numbers(
        rule or one_third("raters"), design, Ballots(((said, turnout),))
    )


def test_the_same_answers_cross_one_denominator_and_miss_others() -> None:
    slips = Turnout(issued=160, returned=151, invalid=1, present=155, membership=170)
    told = of(Design.ROSTER, slips, good=79, dissatisfied=41, dont_know=20, abstain=10)

    assert told.by_rule.kind is Denominator.VALID
    assert {one.kind: (one.whole, one.crosses) for one in told.shares} == {
        Denominator.VALID: (120, True),
        Denominator.VALID_WITH_ABSTENTIONS: (130, False),
        Denominator.RESPONSES: (150, False),
        Denominator.RETURNED: (151, False),
        Denominator.PRESENT: (155, False),
        Denominator.ISSUED: (160, False),
        Denominator.MEMBERSHIP: (170, False),
    }
    assert told.others_differ
    assert (told.abstained, told.dont_know, told.invalid) == (10, 20, 1)
    assert told.reach == (Fraction(41, 170), Fraction(41 + 50, 170))


def test_what_nobody_told_is_not_known() -> None:
    told = of(Design.OPEN, Turnout(), good=20, dissatisfied=20)

    known = {one.kind for one in told.shares if one.whole is not None}
    assert known == set(Denominator) - {
        Denominator.PRESENT, Denominator.ISSUED, Denominator.MEMBERSHIP
    }  # fmt: skip
    assert all(one.crosses is None for one in told.shares if one.kind not in known)
    assert told.invalid is None
    assert told.reach is None


def test_a_roster_of_which_all_answered_was_not_sampled() -> None:
    all_of_them = Turnout(issued=42, returned=40, invalid=0, membership=40)
    told = of(Design.ROSTER, all_of_them, good=25, dissatisfied=15)
    sample = of(Design.SAMPLE, all_of_them, good=25, dissatisfied=15)

    assert told.is_full_count
    assert told.interval is None
    assert told.reach is None
    assert not sample.is_full_count
    assert sample.interval == chance_interval(15, 40)


def test_a_rule_about_the_content_shows_their_share() -> None:
    rule = replace(
        one_third("raters", comparator=Comparator.LESS_THAN, threshold="2/3"),
        choices=("content",),
    )
    told = of(Design.SAMPLE, Turnout(), rule, good=60, dissatisfied=40)

    assert told.by_rule.share == Fraction(6, 10)
    assert told.by_rule.crosses
    assert told.interval == chance_interval(60, 100)


def test_the_exact_interval_is_that_of_the_textbook() -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", 1998."""
    printed = {
        (81, 263): ("0.2527", "0.3676"), (15, 148): ("0.0578", "0.1617"),
        (0, 20): ("0", "0.1684"), (1, 29): ("0.0009", "0.1776"),
    }  # fmt: skip
    step = Fraction(1, 1000)
    for (part, whole), (low, high) in printed.items():
        found = chance_interval(part, whole)
        assert found is not None
        assert found[0] <= Fraction(low) < found[0] + step
        assert found[1] - step < Fraction(high) <= found[1]
    assert chance_interval(0, 0) is None
