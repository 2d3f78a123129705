"""Sign somebody in: one secret for the cookie, its digest for the table."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models.account import Account, SignIn
from survey_app.services.find_sign_in import digest_of
from survey_app.services.known_devices import device_of, remembered
from survey_app.services.recognise import Recognised, recognise
from survey_app.services.sign_in_tries import (
    Caller,
    Turn,
    turn_of_device,
    turn_of_stranger,
)

LASTS = timedelta(hours=12)
NOWHERE = Caller()


@dataclass(frozen=True, slots=True)
class Entered:
    """What whoever signed in takes along."""

    secret: str
    devices: tuple[str, ...]
    """The marks by which the device is known next time."""


def sign_in(session: Session, username: str, *, password: str, now: datetime) -> str:
    """Return the secret of a new sign-in from nowhere in particular.

    Raises what `sign_in_from` raises.
    """
    return sign_in_from(NOWHERE, session, username, password=password, now=now).secret


def sign_in_from(
    caller: Caller, session: Session, username: str, *, password: str, now: datetime,
    lasts: timedelta = LASTS,
) -> Entered:  # fmt: skip
    """Return the secret of a new sign-in and the marks of its device.

    Raises SignInFailed, and TooManyRequests where too many tries came before. Sign-ins
    that have run out, whoever's they were, are cleared away in passing.
    """

    def turn_of(account: Recognised | None) -> Turn:
        known = (account.id, account.password_hash) if account else (None, None)
        device = device_of(caller.devices, caller.key, *known)
        if account is not None and device is not None:
            return turn_of_device(device, account.id)
        return turn_of_stranger(caller, username, account.id if account else None)

    # PostgreSQL takes no NUL; what holds one is nobody's name on SQLite either.
    named = Account.username == username.replace("\0", "\ufffd")
    account = recognise(session, named, password, turn_of=turn_of, now=now)
    secret = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.add(
        SignIn(digest=digest_of(secret), account_id=account.id, expires_at=now + lasts)
    )
    session.commit()
    marks = remembered(caller.devices, caller.key, account.id, account.password_hash)
    return Entered(secret, marks)
