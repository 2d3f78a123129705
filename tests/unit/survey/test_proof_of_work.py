"""A proof is good for the page it was looked for, for a while, and for no other."""

import pytest

from survey_app.survey.proof_of_work import (
    Proof,
    challenge_for,
    is_solved,
    proof_in,
)
from tests.support.proven import found_for

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PAGE, OTHER_PAGE = "ab" * 16, "cd" * 16


@pytest.fixture(scope="module")
def found() -> str:
    return found_for(challenge_for(PAGE, KEY))


def test_what_was_looked_for_is_good_for_its_page(found: str) -> None:
    assert proof_in(found, PAGE, KEY) is Proof.GOOD


def test_it_is_good_for_no_other_page_and_no_other_platform(found: str) -> None:
    assert proof_in(found, OTHER_PAGE, KEY) is Proof.BAD
    assert proof_in(found, PAGE, OTHER_KEY) is Proof.BAD


def test_it_is_good_for_a_while_only() -> None:
    late = found_for(challenge_for(PAGE, KEY, life=-1))

    assert proof_in(late, PAGE, KEY) is Proof.BAD


@pytest.mark.parametrize("part", range(6))
def test_nothing_of_it_can_be_another(found: str, part: int) -> None:
    parts = found.split(".")
    digit = "1" if parts[part][-1] != "1" else "2"
    parts[part] = parts[part][:-1] + digit

    assert proof_in(".".join(parts), PAGE, KEY) is Proof.BAD


def test_a_number_that_is_not_the_one_looked_for_is_none(found: str) -> None:
    *challenge, counter, key = found.split(".")
    other = ".".join((*challenge, str(int(counter) + 1), key))

    assert proof_in(other, PAGE, KEY) is Proof.BAD


@pytest.mark.parametrize("sent", ["", "x", "a.b.c.d"])
def test_what_was_not_looked_for_is_no_proof(sent: str) -> None:
    assert not is_solved(sent)
    assert proof_in(sent, PAGE, KEY) is Proof.NONE


@pytest.mark.parametrize("sent", ["....", "a.b.c.d.e.f", "." * 100, "١.٢.٣.٤.٥.٦"])
def test_anything_else_is_a_bad_one(sent: str) -> None:
    assert proof_in(sent, PAGE, KEY) is Proof.BAD


def test_the_challenge_stands_without_a_number() -> None:
    assert proof_in(challenge_for(PAGE, KEY), PAGE, KEY) is Proof.NONE
