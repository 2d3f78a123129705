"""Ticket codes: whatever a tired hand types, and no mistake goes unnoticed."""

import hashlib
import secrets
from hashlib import sha256
from itertools import combinations

import pytest

from survey_app.ballot.paper.ticket import (
    digest_of,
    new_ticket_code,
    printed_ticket,
    printed_tracker,
    ticket_code_of,
    tracker_of,
    tracker_prefix,
)
from survey_app.domain.ground.printed_code import ALPHABET, symbols

CODES = [
    new_ticket_code(hashlib.sha256(bytes([place])).digest()[:15]) for place in range(8)
]
ZEROS_AND_ONES = new_ticket_code(bytes([0b00000_000, 0b01_00000_0] * 7 + [0]))
PEPPER = b"p" * 32


@pytest.mark.parametrize("code", [*CODES, ZEROS_AND_ONES])
def test_a_printed_code_reads_back_however_it_is_typed(code: str) -> None:
    slip = printed_ticket(code)

    for typed in (
        slip,
        code,
        slip.lower(),
        f"  {slip.replace('-', ' ')} \r\n",
        slip.replace("-", "\t"),
        code.replace("0", "O").replace("1", "I"),
        code.lower().replace("0", "o").replace("1", "l"),
        "".join(chr(ord(symbol) + 0xFEE0) for symbol in slip),
        "\u3000".join(code),
    ):
        assert ticket_code_of(typed) == code, typed


def test_zeros_and_ones_were_among_them() -> None:
    assert {"0", "1"} <= set(ZEROS_AND_ONES)


def test_a_slip_shows_five_groups_of_five() -> None:
    groups = printed_ticket(CODES[0]).split("-")

    assert [len(group) for group in groups] == [5] * 5
    assert "".join(groups) == CODES[0]


@pytest.mark.parametrize("code", CODES)
def test_every_wrong_symbol_is_noticed(code: str) -> None:
    for place in range(len(code)):
        for other in set(ALPHABET) - {code[place]}:
            assert ticket_code_of(code[:place] + other + code[place + 1 :]) is None


@pytest.mark.parametrize("code", CODES)
def test_every_swap_at_any_distance_is_noticed(code: str) -> None:
    for left, right in combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[left], swapped[right] = code[right], code[left]
        if code[left] != code[right]:
            assert ticket_code_of("".join(swapped)) is None, (left, right)


@pytest.mark.parametrize(
    "typed",
    ["", "0", CODES[0][:-1], CODES[0] + "0", "U" * 25, "é" * 25, "\ud800" * 25,
     "ﬀ" * 25, f"{CODES[0][:-1]}\0", "1" * 100_000, "\ufdfa" * 100_000,
     " " * 1000 + CODES[0]],
)  # fmt: skip
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert ticket_code_of(typed) is None


def test_a_ticket_keeps_all_its_randomness() -> None:
    raw = secrets.token_bytes(15)

    assert new_ticket_code(raw)[:-1] == symbols(raw, 24)
    assert len({new_ticket_code(bytes(14) + bytes([n])) for n in range(256)}) == 256


@pytest.mark.parametrize("size", [0, 14, 16])
def test_a_ticket_needs_exactly_its_randomness(size: int) -> None:
    with pytest.raises(ValueError, match="15 random bytes"):
        new_ticket_code(bytes(size))


def test_another_pepper_survey_or_code_gives_another_digest() -> None:
    digests = {
        digest_of(code, pepper=pepper, survey_id=survey)
        for code in CODES
        for pepper in (PEPPER, b"q" * 32)
        for survey in (1, 11)
    }

    assert len(digests) == len(CODES) * 4
    assert {len(digest) for digest in digests} == {32}


def test_a_digest_is_what_the_documents_say() -> None:
    # Reckoned apart: HMAC-SHA-256 of "ticket", 0, "7", 0 and the code.
    assert digest_of("0" * 25, pepper=bytes(32), survey_id=7).hex() == (
        "22f30750a18d6e982ea8d61d68708f83632cc9d03e1254f22ae19b0f49929d67"
    )


def test_a_printed_tracker_reads_back() -> None:
    tracker = tracker_of(b"an envelope")
    shown = printed_tracker(tracker)

    assert [len(group) for group in shown.split("-")] == [5] * 4
    assert tracker_prefix(f" {shown.lower()} ") == shown.replace("-", "")
    assert tracker_prefix(shown) == symbols(tracker, 20)


def test_envelopes_and_their_trackers_differ() -> None:
    assert tracker_of(b"one") != tracker_of(b"other")
    assert tracker_of(b"one") == sha256(b"envelope\0one").digest()


@pytest.mark.parametrize("typed", ["", "ABCDE", "U" * 20, "0" * 21, "0" * 5000])
def test_what_cannot_be_a_tracker_is_none(typed: str) -> None:
    assert tracker_prefix(typed) is None
