"""Floods are held up by channel and neighbourhood, and forgotten with the minute."""

import pytest

from survey_app.domain.refusals import TooManyRequests
from survey_app.web.flood import Flood, neighbourhood

HOME, NEXT_DOOR, ELSEWHERE = "203.0.113.7", "203.0.113.250", "203.0.114.7"


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def flood(clock: Seconds) -> Flood:
    """A flood guard whose two places for (A, HOME) are taken."""
    flood = Flood(2, clock=clock)
    flood.admit("A", HOME)
    flood.admit("A", NEXT_DOOR)
    return flood


def test_a_third_answer_from_the_same_place_waits_for_the_next_minute(
    flood: Flood, clock: Seconds
) -> None:
    clock.now += 17.5

    with pytest.raises(TooManyRequests) as refused:
        flood.admit("A", HOME)

    assert refused.value.seconds == 43
    clock.now += refused.value.seconds
    flood.admit("A", HOME)


def test_another_channel_of_the_same_office_stays_open(flood: Flood) -> None:
    flood.admit("B", HOME)


def test_another_place_on_the_same_channel_stays_open(flood: Flood) -> None:
    flood.admit("A", ELSEWHERE)
    flood.admit("A", "2001:db8::1")


def test_being_refused_does_not_prolong_the_wait(flood: Flood, clock: Seconds) -> None:
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            flood.admit("A", HOME)

    clock.now += 60
    flood.admit("A", HOME)


def test_no_address_is_kept_and_each_minute_has_a_key_of_its_own(
    flood: Flood, clock: Seconds
) -> None:
    first = dict(flood._counts)
    clock.now += 60
    flood.admit("A", HOME)

    assert all(len(seen) == 32 for seen in first)
    assert len(flood._counts) == 1
    assert not set(first) & set(flood._counts)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", bytes([203, 0, 113])),
        ("::ffff:203.0.113.7", bytes([203, 0, 113])),
        ("2001:db8:1:2ff::9", bytes.fromhex("20010db8000102")),
        (None, b""),
        ("unix:", b""),
    ],
)
def test_a_neighbourhood_is_a_24_or_a_56(address: str | None, place: bytes) -> None:
    assert neighbourhood(address) == place
