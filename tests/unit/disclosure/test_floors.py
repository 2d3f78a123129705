"""Floors: the house's defaults, raised by a scheme and never lowered."""

import pytest

from survey_app.domain.scheme.floors import DEFAULTS, HARD, Floors
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import SMALL_SCHEME, faults_of


def with_floors(lines: str) -> str:
    return f"{SMALL_SCHEME}\n[disclosure]\n{lines}\n"


def test_the_defaults_differ_by_the_mode_of_a_survey() -> None:
    assert DEFAULTS.floors(is_secret=True) == Floors(5, 8, 10, 10, 2)
    assert DEFAULTS.floors(is_secret=False) == Floors(10, 10, 10, 10, 2)


def test_a_scheme_raises_them() -> None:
    text = with_floors(
        "secret_office = { assumed = 7 }\nopen = { published = 20 }\n"
        "comments = { assumed = 12 }\nshroud = { assumed = 3 }"
    )

    rules = read_scheme(text, file="small.toml").disclosure

    assert rules.floors(is_secret=True) == Floors(7, 8, 20, 12, 3)
    assert rules.floors(is_secret=False) == Floors(20, 20, 20, 12, 3)
    assert rules.open.published
    assert not rules.shroud.published


@pytest.mark.parametrize(
    ("key", "written", "fault"),
    [
        ("secret_office", 4, "below 5, under which nothing is ever shown"),
        ("secret_rated", 4, "below 5, under which nothing is ever shown"),
        ("secret_rated", 7, "would lower the default of 8"),
        ("open", 9, "below 10, under which nothing is ever shown"),
        ("comments", 9, "below 10, under which nothing is ever shown"),
        ("shroud", 0, "below 1, under which nothing is ever shown"),
        ("shroud", 1, "would lower the default of 2"),
    ],
)
def test_no_scheme_lowers_them(key: str, written: int, fault: str) -> None:
    faults = faults_of(with_floors(f"{key} = {{ assumed = {written} }}"))

    assert list(faults) == [f"disclosure.{key}"]
    assert fault in faults[f"disclosure.{key}"]


def test_a_misspelt_floor_is_named() -> None:
    faults = faults_of(with_floors("secret_offise = { assumed = 7 }"))

    assert "secret_office" in faults["disclosure.secret_offise"]


def test_floors_are_frozen_with_the_scheme() -> None:
    scheme = read_scheme(with_floors("open = { assumed = 20 }"), file="small.toml")

    assert scheme_from_json(scheme_to_json(scheme)) == scheme


def test_a_scheme_that_says_nothing_of_floors_keeps_its_fingerprint() -> None:
    silent = read_scheme(SMALL_SCHEME, file="small.toml")
    spelt_out = read_scheme(with_floors("open = { assumed = 10 }"), file="small.toml")

    assert '"disclosure"' not in scheme_to_json(silent)
    assert silent.fingerprint == spelt_out.fingerprint


def test_no_default_is_below_the_hard_floor() -> None:
    secret, public = (DEFAULTS.floors(is_secret=mode) for mode in (True, False))

    for floors in (secret, public):
        assert floors.office >= HARD.office
        assert floors.rated >= HARD.rated
        assert floors.public >= HARD.public
        assert floors.comments >= HARD.comments
        assert floors.shroud >= HARD.shroud
