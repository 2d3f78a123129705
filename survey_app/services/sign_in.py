"""Sign somebody in: one secret for the cookie, its digest for the table."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models.account import Account, SignIn
from survey_app.services.find_sign_in import digest_of
from survey_app.services.recognise import recognise

LASTS = timedelta(hours=12)


def sign_in(session: Session, username: str, *, password: str, now: datetime) -> str:
    """Return the secret of a new sign-in that lasts 12 hours; raises SignInFailed.

    Sign-ins that have run out, whoever's they were, are cleared away in passing.
    """
    account_id = recognise(session, Account.username == username, password, now=now)
    secret = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.add(
        SignIn(digest=digest_of(secret), account_id=account_id, expires_at=now + LASTS)
    )
    session.commit()
    return secret
