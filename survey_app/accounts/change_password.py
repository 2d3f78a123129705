"""Replace a password and end every sign-in made with the old one."""

from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from survey_app.accounts.passwords import generated, hash_of
from survey_app.accounts.sign_in import recognise
from survey_app.accounts.sign_in_tries import forget_account, turn_at_desk
from survey_app.accounts.tables import PASSWORD, Account, GivenPassword, SignIn
from survey_app.database import reading
from survey_app.domain.ground.refusals import (
    NotFound,
    PasswordGivenSince,
    PasswordStillGiven,
    Refusal,
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


def doubt_between(
    session: Session, *, asked: str, issues: str, since: int
) -> Refusal | None:
    """Return why one person could be both accounts, or None.

    `since` is what `second_person.given_so_far` said when it was asked for. Whether
    there are two owners at all is asked there.
    """
    present = (Account.username, Account.password_set_by)
    still = select(Account.id).where(
        or_(
            and_(present[0] == asked, present[1] == issues),
            and_(present[0] == issues, present[1].is_not(None)),
        )
    )
    if session.scalar(still.limit(1)) is not None:
        return PasswordStillGiven()
    pair = (asked, issues)
    later = select(GivenPassword.id).where(
        GivenPassword.id > since,
        GivenPassword.kind == PASSWORD,
        GivenPassword.account.in_(pair),
        GivenPassword.set_by.in_(pair),
    )
    if session.scalar(later.limit(1)) is not None:
        return PasswordGivenSince()
    return None


def change_password(
    session: Session, account_id: int, *, current: str, new: str, now: datetime,
    place: str = "",
) -> None:  # fmt: skip
    """Give the account the password its owner chose.

    Raises WeakPassword for what is guessed first, the name of the account and of the
    `place` among it; SignInFailed; and TooManyRequests after five failures.

    Whoever gave the one before stands on the list of given passwords once more: until
    this moment he could sign in here, and choose in the owner's place.

    A wrong current password counts as a failed sign-in: an unattended screen is no
    place to guess at.
    """
    _refuse_weak(session, account_id, new, place)
    new_hash = hash_of(new)
    mine = Account.id == account_id
    turn = turn_at_desk(account_id)
    recognise(session, mine, current, turn_of=lambda _account: turn, now=now)
    wanted = select(Account.username, Account.password_set_by)
    name, giver = session.execute(wanted.where(Account.id == account_id)).one()
    note_given(session, name, by=giver)
    _replace(session, account_id, new_hash)


def reset_password(session: Session, account_id: int, *, by: str | None = None) -> str:
    """Return a new random password, shown once; forget what failed. Raises NotFound.

    `by` is the other account that gives it: its owner must then choose one before
    anything else. None for a password that its owner is handed from the terminal.
    """
    password = generated()
    _replace(session, account_id, hash_of(password), by=by)
    return password


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
