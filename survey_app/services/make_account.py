"""Make an account for somebody of the office."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.domain.refusals import NameTaken
from survey_app.models.account import ROLES, Account
from survey_app.services.password import generated, hash_of


def make_account(session: Session, username: str, *, role: str) -> str:
    """Return the new account's password, which nobody can learn a second time.

    Raises NameTaken where the name already belongs to somebody.
    """
    if role not in ROLES:
        raise ValueError("name one of models.account.ROLES")
    password = generated()
    account = Account(username=username, role=role, password_hash=hash_of(password))
    session.add(account)
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error
    return password
