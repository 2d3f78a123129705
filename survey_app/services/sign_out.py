"""End a sign-in where it lives: on the server."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models.account import SignIn
from survey_app.services.find_sign_in import digest_of


def sign_out(session: Session, secret: str) -> None:
    """Forget the sign-in; a copy of its cookie opens nothing any more."""
    session.execute(delete(SignIn).where(SignIn.digest == digest_of(secret)))
    session.commit()
