"""Whatever numbers are entered: a batch that is not void has nothing too much."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.batch_counts import BatchCounts, WhyVoid, why_void

PEOPLE = st.integers(0, 20)


NUMBERS = dict.fromkeys(
    ("eligible", "issued", "signed", "used", "voided", "challenged"), PEOPLE
)


COUNTS = st.builds(BatchCounts, **NUMBERS, void=st.booleans())


@given(COUNTS)
def test_a_batch_that_counts_has_no_more_ballots_than_signatures_people_or_slips(
    counts: BatchCounts,
) -> None:
    accounted = counts.used + counts.voided + counts.challenged

    if why_void(counts) is None:
        assert counts.used <= counts.signed <= counts.eligible
        assert accounted <= counts.issued
        assert not counts.void


@given(COUNTS)
def test_what_is_signed_at_the_closing_obeys_the_same_law(counts: BatchCounts) -> None:
    assert counts.is_counted == (why_void(counts) is None)


@given(COUNTS, st.sampled_from(WhyVoid))
def test_a_batch_in_which_something_was_found_is_void(
    counts: BatchCounts, found: WhyVoid
) -> None:
    assert why_void(counts, found) is not None
