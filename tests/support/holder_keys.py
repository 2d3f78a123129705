"""Two key holders and a few keys of each: every survey of a test takes its own pair.

Making and unlocking are slow on purpose; each key is made once a run, when asked for.
"""

from functools import cache

from survey_app.ballot.sealing.keys import (
    HolderKey,
    MadeKey,
    PublicKey,
    make_key,
    unlock,
)

DEPARTMENT, INSPECTION = "组织部", "纪检监察机关"
HOLDERS = (DEPARTMENT, INSPECTION)
PASSPHRASES = {
    DEPARTMENT: "correct horse battery",
    INSPECTION: "another long passphrase",
}
BITS = 2048
"""The shortest that is taken; the real ones have 3072."""


def made(holder: str, pair: int = 0) -> MadeKey:
    """A key of this holder, as `survey-keys make` writes it."""
    return _made(holder, pair)


def unlocked(holder: str, pair: int = 0) -> HolderKey:
    """The same key, unlocked."""
    return _unlocked(holder, pair)


@cache
def _made(holder: str, _pair: int) -> MadeKey:
    return make_key(holder, PASSPHRASES[holder], bits=BITS)


@cache
def _unlocked(holder: str, pair: int) -> HolderKey:
    return unlock(_made(holder, pair).private_text, PASSPHRASES[holder])


def public_keys(pair: int = 0) -> tuple[PublicKey, PublicKey]:
    """What ballots are sealed to; the department's layer is the innermost."""
    return made(DEPARTMENT, pair).public, made(INSPECTION, pair).public


def holder_keys(pair: int = 0) -> tuple[HolderKey, HolderKey]:
    """What a box is opened with, in the order it was sealed to."""
    return unlocked(DEPARTMENT, pair), unlocked(INSPECTION, pair)
