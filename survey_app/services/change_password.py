"""Replace a password and end every sign-in made with the old one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey_app.domain.refusals import NotFound
from survey_app.models.account import Account, SignIn
from survey_app.services.given_password import note_given
from survey_app.services.password import generated, hash_of
from survey_app.services.recognise import recognise


def change_password(
    session: Session, account_id: int, *, current: str, new: str, now: datetime
) -> None:
    """Give the account the password its owner chose; raises SignInFailed.

    Whoever gave the one before stands on the list of given passwords once more: until
    this moment he could sign in here, and choose in the owner's place.

    A wrong current password counts as a failed sign-in: an unattended screen is no
    place to guess at.
    """
    new_hash = hash_of(new)
    recognise(session, Account.id == account_id, current, now=now)
    wanted = select(Account.username, Account.password_set_by)
    name, giver = session.execute(wanted.where(Account.id == account_id)).one()
    note_given(session, name, by=giver)
    _replace(session, account_id, new_hash)


def reset_password(session: Session, account_id: int, *, by: str | None = None) -> str:
    """Return a new random password, shown once; unlock the account. Raises NotFound.

    `by` is the other account that gives it: its owner must then choose one before
    anything else. None for a password that its owner is handed from the terminal.
    """
    password = generated()
    _replace(session, account_id, hash_of(password), by=by)
    return password


def _replace(
    session: Session, account_id: int, password_hash: str, *, by: str | None = None
) -> None:
    """Store the hash, unlock, and sign the account out everywhere."""
    renewed = (
        update(Account)
        .where(Account.id == account_id)
        .values(
            password_hash=password_hash,
            password_set_by=by,
            failures=0,
            locked_until=None,
        )
    )
    username = session.scalar(renewed.returning(Account.username))
    if username is None:
        raise NotFound
    note_given(session, username, by=by)
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    session.commit()
