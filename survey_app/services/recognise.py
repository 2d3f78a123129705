"""Recognise an account by its password, or count the failure against it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.orm import Session

from survey_app.domain.refusals import SignInFailed
from survey_app.models.account import Account
from survey_app.services.password import hash_of, is_outdated, matches

FAILURES = 5
"""In a row; after them the account is locked."""
LOCKED = timedelta(minutes=15)


def recognise(
    session: Session, who: ColumnElement[bool], password: str, *, now: datetime
) -> int:
    """Return the id of the account this password belongs to, leaving it uncommitted.

    Raises SignInFailed for an unknown account, a wrong password and a locked account
    alike, after the same work, so that the answer tells nobody which it was.
    """
    account = session.execute(
        select(Account.id, Account.password_hash).where(who)
    ).one_or_none()
    # Hashing is slow on purpose; SQLite's one write lock is not ours meanwhile.
    session.rollback()
    known = matches(account.password_hash if account else None, password)
    if account is None or not known:
        if account is not None:
            _count_failure(session, account.id, now=now)
        raise SignInFailed
    fresh = hash_of(password) if is_outdated(account.password_hash) else None
    unchanged = Account.password_hash == account.password_hash
    welcome = _free(account.id, now).where(unchanged)
    welcome = welcome.values(
        failures=0, locked_until=None, password_hash=fresh or account.password_hash
    )
    account_id: int | None = session.scalar(welcome.returning(Account.id))
    if account_id is None:
        session.rollback()
        raise SignInFailed
    return account_id


def _free(account_id: int, now: datetime) -> Update:
    """Return an update that finds the account only while it is not locked."""
    not_locked = or_(Account.locked_until.is_(None), Account.locked_until <= now)
    return update(Account).where(Account.id == account_id, not_locked)


def _count_failure(session: Session, account_id: int, *, now: datetime) -> None:
    """Raise the count in the statement that reads it; the last one locks."""
    counted = _free(account_id, now).values(failures=Account.failures + 1)
    failures = session.scalar(counted.returning(Account.failures))
    if failures is not None and failures >= FAILURES:
        lock = update(Account).where(Account.id == account_id)
        session.execute(lock.values(failures=0, locked_until=now + LOCKED))
    session.commit()
