"""Proof of work: a number a browser has to look for before it sends an answer.

ALTCHA's challenges, made and checked by its library. A challenge is bound to the
submission id of one page, which is good at one channel and counts once. So a proof is
good there and once as well, and nothing has to be remembered for that: whoever sends
it again sends a form that was counted. It identifies nobody.
"""

import hmac
import re
import time
from enum import Enum

from altcha import (
    Challenge,
    ChallengeParameters,
    Payload,
    Solution,
    create_challenge,
    verify_solution,
)

ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 3000, "00"
"""256 tries on average, of 3,000 rounds each: see docs/performance."""
LIFE = 20 * 60
"""Seconds from the page's serving; a page that is sent later comes back with another
challenge and all that was filled in."""
_HEX32, _HEX64 = "([0-9a-f]{32})", "([0-9a-f]{64})"
_SOLVED = re.compile(
    rf"{_HEX32}\.{_HEX32}\.(\d{{1,12}})\.{_HEX64}\.(\d{{1,10}})\.{_HEX64}"
)


class Proof(Enum):
    """What came with a form."""

    NONE = "none"
    """No number was looked for: there was no script, or it could not."""
    GOOD = "good"
    BAD = "bad"
    """Too old, of another page, or wrong."""


def challenge_for(submission: str, key: bytes, *, life: int = LIFE) -> str:
    """Return the challenge that stands in the page with this submission id."""
    made = create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=int(time.time()) + life,
        data={"page": submission},
        hmac_secret=_secret(key),
    )
    asked = made.parameters
    return f"{asked.nonce}.{asked.salt}.{asked.expires_at}.{made.signature}"


def is_solved(sent: str) -> bool:
    """Return whether anything was found, right or wrong."""
    return sent.count(".") > 3


def proof_in(sent: str, submission: str, key: bytes) -> Proof:
    """Return what this is a proof of, for the page with this submission id.

    Takes a millisecond where the challenge is ours, and next to nothing elsewhere.
    """
    if not is_solved(sent):
        return Proof.NONE
    read = _SOLVED.fullmatch(sent)
    if read is None:
        return Proof.BAD
    nonce, salt, expires, signature, counter, found = read.groups()
    asked = ChallengeParameters(
        ALGORITHM,
        nonce,
        salt,
        COST,
        key_prefix=PREFIX,
        expires_at=int(expires),
        data={"page": submission},
    )
    told = verify_solution(
        Payload(Challenge(asked, signature), Solution(int(counter), found)),
        _secret(key),
    )
    return Proof.GOOD if told.verified else Proof.BAD


def _secret(key: bytes) -> bytes:
    """Return the key of challenges alone, made of the platform's."""
    return hmac.digest(key, b"proof of work", "sha256")
