"""Whatever numbers are entered: a batch that is not void has nothing too much."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ballots.closing import BatchCounts
from survey_app.domain.ballots.reconciliation import why_void

PEOPLE = st.integers(0, 20)


@given(PEOPLE, PEOPLE, PEOPLE, PEOPLE)
def test_a_batch_that_counts_has_no_more_ballots_than_signatures_people_or_slips(
    eligible: int, issued: int, signed: int, used: int
) -> None:
    void = why_void(
        eligible=eligible, issued=issued, signed=signed, used=used,
        tickets_as_posted=True,
    )  # fmt: skip

    fits = used <= signed <= eligible and used <= issued
    assert (void is None) == fits
    assert void is not None or used <= eligible


NUMBERS = dict.fromkeys(
    ("eligible", "issued", "signed", "used", "voided", "challenged"), PEOPLE
)


@given(st.builds(BatchCounts, st.just("b"), **NUMBERS, void=st.booleans()))
def test_what_is_signed_at_the_closing_obeys_the_same_law(counts: BatchCounts) -> None:
    accounted = counts.used + counts.voided + counts.challenged

    if counts.adds_up:
        assert counts.used <= counts.signed <= counts.eligible
        assert accounted <= counts.issued
        assert not counts.void
