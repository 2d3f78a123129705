"""Laws of the one-third rule and the tests behind its evidence."""

from dataclasses import replace
from fractions import Fraction
from math import comb

from hypothesis import assume, given
from hypothesis import strategies as st

from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.exact_tests import binom_tail, hyper_tail
from survey_app.domain.counting.tally import Turnout
from survey_app.domain.scheme.scheme import Comparator, Denominator, Design
from tests.support.alerts import alone, judged, votes, watching
from tests.support.schemes import one_third

SIZES = st.integers(1, 60)
THRESHOLDS = st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20)
RISING = (
    Evidence.CLEAR,
    Evidence.ATTENTION,
    Evidence.WATCH,
    Evidence.CONFIRMED_STATISTICALLY,
    Evidence.CONFIRMED_CERTAIN,
)


@given(SIZES, st.data(), THRESHOLDS, st.sampled_from(Comparator))
def test_integers_compare_as_fractions_do(
    valid: int, data: st.DataObject, threshold: Fraction, comparator: Comparator
) -> None:
    picked = data.draw(st.integers(0, valid))
    rule = one_third("raters", comparator=comparator, threshold=threshold)

    crossed = alone(Design.OPEN, picked, valid, rule=rule).crossed

    share = Fraction(picked, valid)
    assert (
        crossed
        == {
            Comparator.MORE_THAN: share > threshold,
            Comparator.AT_LEAST: share >= threshold,
            Comparator.LESS_THAN: share < threshold,
            Comparator.AT_MOST: share <= threshold,
        }[comparator]
    )


@given(
    SIZES,
    st.data(),
    THRESHOLDS,
    st.sampled_from([Comparator.MORE_THAN, Comparator.AT_LEAST]),
    st.sampled_from(Denominator),
)
def test_more_dissatisfied_never_uncross(
    valid: int,
    data: st.DataObject,
    threshold: Fraction,
    comparator: Comparator,
    denominator: Denominator,
) -> None:
    picked = data.draw(st.integers(0, valid))
    rule = one_third(
        "raters", comparator=comparator, threshold=threshold, denominator=denominator
    )
    whole = watching(rule, raters=Design.OPEN)
    ballots = Turnout(issued=99, present=99, membership=99)

    def crossed(dissatisfied: int, answers: int) -> bool:
        counts = votes(dissatisfied, answers, abstain=2, dont_know=3)
        return judged(whole, {"raters": counts}, raters=ballots)["raters"].crossed

    if crossed(picked, valid):
        assert crossed(picked + 1, valid + 1), "one more came and was dissatisfied"
        assert picked == valid or crossed(picked + 1, valid), "one changed sides"


@given(SIZES, st.data(), st.sampled_from(Design), st.integers(0, 20))
def test_a_vote_that_changes_sides_never_weakens_the_evidence(
    valid: int, data: st.DataObject, design: Design, absent: int
) -> None:
    picked = data.draw(st.integers(0, valid - 1))
    members = Turnout(membership=valid + absent)

    before = alone(design, picked, valid, turnout=members).evidence
    after = alone(design, picked + 1, valid, turnout=members).evidence

    assert (before in RISING) == (after in RISING)
    if before in RISING:
        assert RISING.index(after) >= RISING.index(before)


@given(SIZES, st.data(), st.sampled_from(Design), st.integers(0, 20), THRESHOLDS)
def test_a_rule_says_the_same_as_its_mirror(
    valid: int,
    data: st.DataObject,
    design: Design,
    absent: int,
    threshold: Fraction,
) -> None:
    picked = data.draw(st.integers(0, valid))
    members = Turnout(membership=valid + absent)
    plain = one_third("raters", threshold=threshold)
    mirror = replace(
        one_third("raters", threshold=1 - threshold, comparator=Comparator.LESS_THAN),
        choices=("content",),
    )

    one = alone(design, picked, valid, turnout=members, rule=plain)
    other = alone(design, picked, valid, turnout=members, rule=mirror)

    assert (one.crossed, one.evidence) == (other.crossed, other.evidence)


@given(SIZES, st.data(), st.sampled_from(Design), st.integers(0, 20))
def test_what_is_confirmed_has_crossed(
    valid: int, data: st.DataObject, design: Design, absent: int
) -> None:
    picked = data.draw(st.integers(0, valid))

    alert = alone(design, picked, valid, turnout=Turnout(membership=valid + absent))

    if alert.evidence in RISING[2:]:
        assert alert.crossed
        assert 3 * picked > valid
    if alert.evidence is Evidence.CONFIRMED_CERTAIN:
        assert 3 * picked > valid + absent


@given(SIZES, st.data(), THRESHOLDS, st.integers(2, 200))
def test_the_binomial_tail_is_the_sum_it_stands_for(
    answered: int, data: st.DataObject, threshold: Fraction, inverse_alpha: int
) -> None:
    picked = data.draw(st.integers(0, answered))

    tail = sum(
        comb(answered, k) * threshold**k * (1 - threshold) ** (answered - k)
        for k in range(picked, answered + 1)
    )

    found = binom_tail(picked, answered, threshold, inverse_alpha)
    assert found == (tail * inverse_alpha <= 1)


@given(SIZES, st.data(), THRESHOLDS, st.integers(2, 200), st.booleans())
def test_the_hypergeometric_tail_is_the_sum_it_stands_for(
    roster: int,
    data: st.DataObject,
    threshold: Fraction,
    inverse_alpha: int,
    reached: bool,  # noqa: FBT001 -- drawn by Hypothesis
) -> None:
    answered = data.draw(st.integers(1, roster))
    picked = data.draw(st.integers(0, answered))
    innocent = [
        k
        for k in range(roster + 1)
        if (k < threshold * roster if reached else k <= threshold * roster)
    ]
    assume(innocent)
    most = max(innocent)

    ways = sum(
        comb(most, k) * comb(roster - most, answered - k)
        for k in range(picked, answered + 1)
    )

    found = hyper_tail(
        picked, answered, roster, threshold, inverse_alpha, reached=reached
    )
    assert found == (ways * inverse_alpha <= comb(roster, answered))
