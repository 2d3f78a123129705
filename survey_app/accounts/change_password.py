"""Replace a password and end every sign-in made with the old one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey_app.accounts.passwords import generated, hash_of
from survey_app.accounts.second_person import any_same_person
from survey_app.accounts.sign_in import recognise
from survey_app.accounts.sign_in_tries import forget_account, turn_at_desk
from survey_app.accounts.tables import (
    Account,
    GivenPassword,
    SecondFactor,
    SignIn,
)
from survey_app.database import reading
from survey_app.domain.ground.account_refusals import OneHand
from survey_app.domain.ground.refusals import (
    NotFound,
    PasswordStillGiven,
    WeakPassword,
)
from survey_app.domain.ground.weak_secret import Weakness, weakness_of


def note_given(session: Session, account: str, *, by: str | None) -> None:
    """Put a password on the list that another account gave; the caller commits."""
    if by is not None:
        session.add(GivenPassword(account=account, set_by=by))


def refuse_given(session: Session, account: str) -> None:
    """Raise PasswordStillGiven while somebody else gave the account its password."""
    given = select(Account.id).where(
        Account.username == account, Account.password_set_by.is_not(None)
    )
    if session.scalar(given) is not None:
        raise PasswordStillGiven


def change_password(
    session: Session, account_id: int, *, current: str, new: str, now: datetime,
    place: str = "",
) -> None:  # fmt: skip
    """Give the account the password its owner chose.

    Raises WeakPassword for what is guessed first, the name of the account and of the
    `place` among it; SignInFailed; and TooManyRequests after five failures.

    Nothing goes on the list of given passwords: whoever gave the one before stands
    there already, until somebody else confirms who chose in his place.

    A wrong current password counts as a failed sign-in: an unattended screen is no
    place to guess at.
    """
    _refuse_weak(session, account_id, new, place)
    new_hash = hash_of(new)
    mine = Account.id == account_id
    turn = turn_at_desk(account_id)
    recognise(session, mine, current, turn_of=lambda _account: turn, now=now)
    # Its owner was here: whoever took the second factor away could not have been.
    gone = (SecondFactor.account_id == account_id, SecondFactor.secret.is_(None))
    session.execute(delete(SecondFactor).where(*gone))
    _replace(session, account_id, new_hash)


def reset_password(session: Session, account_id: int, *, by: str | None = None) -> str:
    """Return a new random password, shown once; forget what failed.

    `by` is the other account that gives it: its owner must then choose one before
    anything else. None for a password that its owner is handed from the terminal.
    Raises NotFound; and OneHand where `by`, or somebody it could be, took the second
    factor away and the owner has not been here since: with both in one hand it could
    sign in as the other.
    """
    if by is not None:
        _refuse_second_hand(session, account_id, by)
    password = generated()
    _replace(session, account_id, hash_of(password), by=by)
    return password


def _refuse_second_hand(session: Session, account_id: int, by: str) -> None:
    """Raise OneHand where `by` could be one of the two who took the factor away."""
    wanted = select(SecondFactor.reset_asked_by, SecondFactor.reset_by)
    gone = (SecondFactor.account_id == account_id, SecondFactor.secret.is_(None))
    taken = session.execute(wanted.where(*gone)).one_or_none()
    if taken and any_same_person(session, by, [name for name in taken if name]):
        session.rollback()
        raise OneHand


def _refuse_weak(session: Session, account_id: int, new: str, place: str) -> None:
    """Raise WeakPassword, or NotFound where the account is gone."""
    with reading(session) as reader:
        name = reader.scalar(select(Account.username).where(Account.id == account_id))
    if name is None:
        raise NotFound
    if weakness := weakness_of(new, names=(name, place)):
        raise WeakPassword(short=weakness is Weakness.SHORT)


def _replace(
    session: Session, account_id: int, password_hash: str, *, by: str | None = None
) -> None:
    """Store the hash, forget failures, and sign the account out everywhere."""
    renewed = (
        update(Account)
        .where(Account.id == account_id)
        .values(
            password_hash=password_hash,
            password_set_by=by,
        )
    )
    username = session.scalar(renewed.returning(Account.username))
    if username is None:
        raise NotFound
    note_given(session, username, by=by)
    forget_account(session, account_id)
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    session.commit()
