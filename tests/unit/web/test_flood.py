"""Floods are held up by channel and neighbourhood, and forgotten with the minute."""

from collections import Counter
from collections.abc import Iterator

import pytest

from survey_app.domain.ground.refusals import TooManyRequests
from survey_app.settings import Settings
from survey_app.web.pace import SPREAD, WIDE, Flood, neighbourhood

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

    assert 43 <= refused.value.seconds <= 43 + SPREAD
    clock.now += 43
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
        ("203.0.113.7:54321", bytes([203, 0, 113])),
        (" 203.0.113.7 ", bytes([203, 0, 113])),
        ('for="203.0.113.7:_x"', bytes([203, 0, 113])),
        ("[::1]:80", bytes(7)),
        ("[2001:db8:1:2ff::9]", bytes.fromhex("20010db8000102")),
        ('"[2001:db8:1:2ff::9]:4711"', bytes.fromhex("20010db8000102")),
        ("[::ffff:203.0.113.7]:80", bytes([203, 0, 113])),
        ("fe80::1%eth0", bytes.fromhex("fe800000000000")),
        (None, b""),
        ("", b""),
        ("unix:", b""),
        ("unknown", b""),
        ("unknown:80", b""),
        ("_hidden", b""),
        ("_SEVKISEK", b""),
        ("203.0.113", b""),
        ("203.0.113.7:80:80", b""),
        ("[203.0.113.7", b""),
    ],
)
def test_a_neighbourhood_is_a_24_or_a_56(address: str | None, place: bytes) -> None:
    assert neighbourhood(address) == place


@pytest.mark.parametrize("address", ["unknown", "_hidden", "", None])
def test_whoever_comes_from_nowhere_shares_the_channels_wide_allowance(
    address: str | None, clock: Seconds
) -> None:
    flood = Flood(2, clock=clock)
    for _ in range(2 * WIDE):
        flood.admit("A", address)

    with pytest.raises(TooManyRequests):
        flood.admit("A", "another unreadable one")
    flood.admit("A", HOME)
    flood.admit("B", address)


def test_a_room_of_500_phones_is_let_in_and_a_flood_of_thousands_is_held(
    clock: Seconds,
) -> None:
    usual = Settings(database_url="sqlite:///x.sqlite", secret_key="k" * 32)
    flood = Flood(usual.answers_per_minute, clock=clock)
    for _ in range(500):
        flood.admit("A", HOME)

    assert len(list(waits(flood, 4500))) == 4400


def waits(flood: Flood, people: int) -> Iterator[int]:
    """Yield for how many seconds each of these people is held up who is."""
    for _ in range(people):
        try:
            flood.admit("A", HOME)
        except TooManyRequests as refused:
            yield refused.seconds


def test_those_who_wait_come_back_one_after_the_other_and_not_all_at_once(
    clock: Seconds,
) -> None:
    flood = Flood(600, clock=clock)

    told = sorted(waits(flood, 5000))

    # As many as are let in: 600 a minute, and never a hundred in one second.
    assert max(Counter(told).values()) < 100
    assert sum(seconds <= 120 for seconds in told) <= 2 * 600
    assert told[0] >= 60
    assert told[-1] <= 600 + SPREAD


def test_even_the_first_of_many_places_are_told_different_seconds(
    clock: Seconds,
) -> None:
    flood = Flood(1, clock=clock)
    told = set()
    for place in range(100):
        address = f"203.0.{place}.7"
        flood.admit("A", address)
        with pytest.raises(TooManyRequests) as refused:
            flood.admit("A", address)
        told.add(refused.value.seconds)

    assert len(told) > 5
    assert told <= set(range(60, 60 + SPREAD + 1))


def test_what_is_given_back_can_be_used_again(flood: Flood, clock: Seconds) -> None:
    flood.give_back("A", HOME)
    flood.admit("A", HOME)
    with pytest.raises(TooManyRequests):
        flood.admit("A", HOME)

    clock.now += 60
    flood.give_back("A", HOME)  # of a minute that is gone
    flood.admit("A", HOME)
    flood.admit("A", HOME)
    with pytest.raises(TooManyRequests):
        flood.admit("A", HOME)
