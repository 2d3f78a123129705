"""Find who is behind a sign-in's secret."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.account import Account, SignIn


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account of a live sign-in."""

    id: int
    username: str
    role: str
    given_by: str | None = None
    """Who gave it its present password; None: its owner chose it."""


def digest_of(secret: str) -> bytes:
    """Return the 32 bytes under which the table knows this secret."""
    return hashlib.sha256(secret.encode()).digest()


def find_sign_in(session: Session, secret: str, *, now: datetime) -> SignedIn | None:
    """Return the account, None where the sign-in has ended or never was."""
    found = session.execute(
        select(Account.id, Account.username, Account.role, Account.password_set_by)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.digest == digest_of(secret), SignIn.expires_at > now)
    ).one_or_none()
    return SignedIn(*found) if found else None
