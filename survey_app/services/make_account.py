"""Make an account for somebody of the office."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.domain.look_alike import is_plain_name, shape
from survey_app.domain.refusals import NameRefused, NameTaken
from survey_app.models.account import ROLES, Account
from survey_app.services.confirm_owner import note_confirmed
from survey_app.services.given_password import note_given
from survey_app.services.password import generated, hash_of


def make_account(
    session: Session, username: str, *, role: str, by: str | None = None
) -> str:
    """Return the new account's password, which nobody can learn a second time.

    `by` is the other account that makes it: its owner must then choose a password
    before anything else, and somebody else confirm who that is before it counts where
    two must act. None for one that its owner is handed from the terminal.
    Raises NameTaken where the name, or one that looks like it, already belongs to
    somebody, and NameRefused where it is not what it looks like.
    """
    if role not in ROLES:
        raise ValueError("name one of models.account.ROLES")
    if not is_plain_name(username):
        raise NameRefused
    if shape(username) in map(shape, session.scalars(select(Account.username))):
        session.rollback()
        raise NameTaken
    password = generated()
    account = Account(
        username=username,
        role=role,
        password_hash=hash_of(password),
        password_set_by=by,
    )
    session.add(account)
    if by is None:
        note_confirmed(session, username)
    note_given(session, username, by=by)
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error
    return password
