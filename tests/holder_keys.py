"""Two key holders, their keys made once: making and unlocking are slow on purpose."""

from functools import cache

from survey_app.sealing.keys import HolderKey, MadeKey, PublicKey, make_key, unlock

DEPARTMENT, INSPECTION = "组织部", "纪检监察机关"
PASSPHRASES = {
    DEPARTMENT: "correct horse battery",
    INSPECTION: "another long passphrase",
}
BITS = 2048
"""The shortest that is taken; the real ones have 3072."""


@cache
def made(holder: str) -> MadeKey:
    """The new key of this holder, as `survey keys make` writes it."""
    return make_key(holder, PASSPHRASES[holder], bits=BITS)


@cache
def unlocked(holder: str) -> HolderKey:
    """The same key, unlocked."""
    return unlock(made(holder).private_text, PASSPHRASES[holder])


def public_keys() -> tuple[PublicKey, PublicKey]:
    """What ballots are sealed to; the department's layer is the innermost."""
    return made(DEPARTMENT).public, made(INSPECTION).public


def holder_keys() -> tuple[HolderKey, HolderKey]:
    """What a box is opened with, in the order it was sealed to."""
    return unlocked(DEPARTMENT), unlocked(INSPECTION)
