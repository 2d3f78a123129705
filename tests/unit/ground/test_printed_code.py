"""Codes that people read, type and scan."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.ground.printed_code import (
    ALPHABET,
    SUBMISSION_BYTES,
    channel_code,
    is_channel_code,
    is_signed_submission,
    normalised,
    printed_receipt,
    receipt_bytes,
    receipt_of,
    signed_submission,
    slot_of,
)

KEY = b"k" * 32


def test_a_channel_code_is_recognised_however_it_is_typed() -> None:
    code = channel_code(b"\x00\x01\x02\x03", KEY)
    typed = f" {code[:5].lower()}-{code[5:]}".replace("0", "o").replace("1", "l")

    assert is_channel_code(normalised(typed), KEY)


@settings(derandomize=True)
@given(st.binary(min_size=4, max_size=4), st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_turned_away(raw: bytes, place: int, other: str) -> None:
    code = channel_code(raw, KEY)
    wrong = code[:place] + other + code[place + 1 :]

    # Twenty signed bits: a wrong symbol slips through once in a million.
    assert wrong == code or not is_channel_code(wrong, KEY)


def test_another_installation_signs_otherwise() -> None:
    assert not is_channel_code(channel_code(b"1234", b"other" * 8), KEY)


@pytest.mark.parametrize("typed", ["", "A", "é" * 10, "A" * 200, "0000000000"])
def test_an_invented_code_is_turned_away(typed: str) -> None:
    assert not is_channel_code(normalised(typed), KEY)


@given(st.binary(min_size=16, max_size=16))
def test_a_printed_receipt_reads_back(submission: bytes) -> None:
    receipt = receipt_of(submission)

    assert receipt_bytes(printed_receipt(receipt).lower()) == receipt


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 16, "A" * 17])
def test_what_cannot_be_a_receipt_is_none(typed: str) -> None:
    assert receipt_bytes(typed) is None


@given(
    st.binary(min_size=16, max_size=16),
    st.lists(st.integers(0, 9999), min_size=1, unique=True),
)
def test_a_repeat_finds_its_slot_again(submission: bytes, slots: list[int]) -> None:
    first = slot_of(receipt_of(submission), slots)

    assert first in slots
    assert first == slot_of(receipt_of(submission), slots)


@given(st.binary(min_size=10, max_size=10), st.text(max_size=9), st.text(max_size=9))
def test_a_submission_id_is_good_at_its_own_door_only(
    free: bytes, door: str, other: str
) -> None:
    made = signed_submission(free, door, KEY)

    assert len(made) == SUBMISSION_BYTES
    assert is_signed_submission(made, door, KEY)
    assert is_signed_submission(made, other, KEY) is (other == door)
    assert not is_signed_submission(made, door, KEY + b"x")
    assert not is_signed_submission(made[:-1] + bytes([made[-1] ^ 1]), door, KEY)
    assert not is_signed_submission(b"", door, KEY)
