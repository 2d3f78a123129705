"""Codes that are good once: of an app on the phone (TOTP), and on paper for recovery.

The only importer of pyotp. A code of the phone is that of one step of 30 seconds (RFC
6238); one step before and after is taken too, for clocks that differ a little. A code
on paper begins with four symbols by which it is found and ends with twelve (60 bits)
that only its Argon2id hash knows.
"""

import hmac
from datetime import UTC, datetime

import pyotp

from survey_app.accounts.passwords import generated
from survey_app.domain.ground.typed_code import CodeForm, codes_in
from survey_app.domain.ground.written_value import tidy_code

STEP = 30
"""Seconds that one code of the phone stands for."""
DRIFT = 1
"""Steps that the phone's clock may be before or behind ours."""
LOOKED_THROUGH = 240
"""Steps, two hours each way: where a clock is wrong by less, we can say by how much."""
RECOVERY_CODES = 10
FOUND_BY = 4
"""Symbols of a recovery code that stand readable in the table."""
_PAPER = CodeForm(16, 4)


def new_secret() -> str:
    """Return a new secret: 160 bits in base 32, as apps on phones take it."""
    return pyotp.random_base32()


def address_of(secret: str, *, name: str, place: str) -> str:
    """Return the otpauth:// address that a phone reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=place)


def step_of(secret: str, typed: str, *, now: datetime) -> int | None:
    """Return the step whose code was typed; None where it is no code of about now."""
    return _found(secret, typed, range(-DRIFT, DRIFT + 1), now)


def minutes_apart(secret: str, typed: str, *, now: datetime) -> int | None:
    """Return by how many minutes the phone's clock is ahead of ours, below 0: behind.

    None where the code is none of two hours before and after.
    """
    far = range(-LOOKED_THROUGH, LOOKED_THROUGH + 1)
    step = _found(secret, typed, far, now)
    return None if step is None else round((step - _step(now)) * STEP / 60)


def of_phone(typed: str) -> str | None:
    """Return the six digits that were typed, however spaced; None for anything else."""
    digits = "".join(tidy_code(typed).replace("-", " ").split())
    return digits if len(digits) == 6 and digits.isdecimal() else None


def of_paper(typed: str) -> str | None:
    """Return the recovery code that was typed as it is printed; None for none."""
    code = next(codes_in(typed, _PAPER), None)
    return "-".join(code[at : at + 4] for at in range(0, 16, 4)) if code else None


def new_recovery_codes() -> list[str]:
    """Return ten new codes of four groups; no two are found by the same symbols."""
    codes: dict[str, str] = {}
    while len(codes) < RECOVERY_CODES:
        code = generated()
        codes.setdefault(code[:FOUND_BY], code)
    return list(codes.values())


def _found(secret: str, typed: str, steps: range, now: datetime) -> int | None:
    """Return the step near now whose code this is."""
    digits = of_phone(typed)
    if digits is None:
        return None
    codes = pyotp.TOTP(secret)
    fitting = None
    for away in steps:
        step = _step(now) + away
        if hmac.compare_digest(codes.generate_otp(step), digits):
            fitting = step
    return fitting


def _step(now: datetime) -> int:
    return int(now.replace(tzinfo=UTC).timestamp()) // STEP
