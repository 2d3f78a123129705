"""What makes a channel unusual: each rule at its edge, and nothing beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey_app.domain.counting.channel_flags import (
    FEWEST,
    ChannelCounts,
    Flag,
    Flagged,
    flags_of,
)
from survey_app.domain.ground.channel_kind import ChannelKind

FIRST = date(2026, 5, 1)
LAST = FIRST + timedelta(29)
EVERY_DAY = {FIRST + timedelta(n): 10 for n in range(30)}


def channel(**parts: object) -> ChannelCounts:
    """Return a channel through which ten come every day."""
    usual = ChannelCounts(1, ChannelKind.POSTER, "residents", EVERY_DAY, {7: 300})
    return replace(usual, **parts)  # type: ignore[arg-type]


def found(*channels: ChannelCounts, questions: int = 8) -> list[Flagged]:
    """Return what is flagged of these channels, ten a day for thirty days."""
    return list(flags_of(channels, questions=questions, first=FIRST, last=LAST))


def test_the_usual_is_not_unusual() -> None:
    assert found(channel()) == []
    assert found(channel(by_day={}, by_subject={})) == []
    assert found() == []


@pytest.mark.parametrize(("answers", "is_flagged"), [(28, False), (29, True)])
def test_a_day_is_a_burst_six_roots_above_the_usual(
    answers: int, *, is_flagged: bool
) -> None:
    # 10 + 6 times the root of 10 is 28.97.
    told = found(channel(by_day={**EVERY_DAY, LAST: answers}))

    assert told == ([Flagged(1, Flag.BURST, answers, 10)] if is_flagged else [])


@pytest.mark.parametrize(
    ("alike", "questions", "is_flagged"),
    [(180, 8, False), (181, 8, True), (300, 3, False), (300, 4, True)],
)
def test_alike_is_more_than_three_fifths_of_several_questions(
    alike: int, questions: int, *, is_flagged: bool
) -> None:
    told = found(channel(alike=alike), questions=questions)

    assert told == ([Flagged(1, Flag.ALIKE, alike, 300)] if is_flagged else [])


def test_few_answers_are_alike_by_chance() -> None:
    few = {FIRST: FEWEST - 1}
    assert found(channel(by_day=few, by_subject={7: 29}, alike=29)) == [
        # Twenty-nine on one day and none on others is a burst all the same.
        Flagged(1, Flag.BURST, 29, 0)
    ]


@pytest.mark.parametrize(("visitors", "is_flagged"), [(10, False), (9, True)])
def test_more_answers_than_people_who_came(visitors: int, *, is_flagged: bool) -> None:
    told = found(channel(visitors=visitors))

    assert told == ([Flagged(1, Flag.VISITORS, 10, visitors)] if is_flagged else [])


@pytest.mark.parametrize(("given", "is_flagged"), [(300, False), (299, True)])
def test_more_answers_about_somebody_than_slips(
    given: int, *, is_flagged: bool
) -> None:
    slips = channel(kind=ChannelKind.SLIPS, codes_out=given)

    assert found(slips) == ([Flagged(1, Flag.SLIPS, 300, given)] if is_flagged else [])
    assert found(replace(slips, kind=ChannelKind.POSTER)) == []


def test_one_of_several_ways_brings_most_of_it() -> None:
    ways = [
        channel(channel_id=number, by_subject={7: count})
        for number, count in enumerate([21, 10, 10, 10], start=1)
    ]

    assert found(*ways) == [Flagged(1, Flag.LARGEST, 21, 51)]
    assert found(*ways[:3]) == [], "of three ways one easily has most"
    even = [replace(one, by_subject={7: 10}) for one in ways]
    assert found(*even) == []
    others = [replace(one, rater_group=str(one.channel_id)) for one in ways]
    assert found(*others) == [], "they answer for others"


def test_most_came_without_a_proof_of_work() -> None:
    with_proof = channel(by_day={FIRST: 20}, by_subject={7: 20})
    without = channel(channel_id=2, by_day={FIRST: 20}, without_proof_of=1)

    assert found(with_proof, without) == []
    more = replace(without, by_day={FIRST: 19, LAST: 2})
    assert found(with_proof, more) == [Flagged(2, Flag.NO_PROOF, 21, 41)]


def test_a_crowd_in_a_quarter_of_an_hour_and_in_the_night() -> None:
    noon = {(FIRST + timedelta(n), 48): 40 for n in range(30)}
    assert found(channel(rushes=noon)) == [], "every day as many"

    rush = found(channel(rushes={(FIRST, 48): 40}))
    night = found(channel(rushes={(FIRST, 12): 40}))

    assert rush == [Flagged(1, Flag.RUSH, 40, 0)]
    assert Flagged(1, Flag.NIGHT, 40, FEWEST) in night
    first_days = {FIRST + timedelta(n): 10 for n in range(4)}
    assert found(channel(rushes={(FIRST, 48): 40}, by_day=first_days)) == []
    assert [one.flag for one in found(channel(rushes={(FIRST, 24): 20}))] == []


@pytest.mark.parametrize("kind", [ChannelKind.SLIPS, ChannelKind.PAPER])
def test_who_answers_in_one_meeting_is_no_crowd(kind: ChannelKind) -> None:
    together = {**EVERY_DAY, LAST: 200}
    meeting = channel(
        kind=kind, by_day=together, rushes={(LAST, 4): 200}, codes_out=1000
    )

    assert found(meeting) == []
    assert found(replace(meeting, kind=ChannelKind.TABLET))


def test_of_paper_no_day_says_anything() -> None:
    """A stack is counted on one day, whenever its sheets were filled in."""
    days = EVERY_DAY | {FIRST: 400}

    assert found(channel(by_day=days, visitors=50))
    assert not found(channel(by_day=days, visitors=50, kind=ChannelKind.PAPER))
