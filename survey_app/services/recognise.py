"""Recognise an account by its password, after the same work for whoever it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from survey_app.database import reading
from survey_app.domain.refusals import SignInFailed
from survey_app.models.account import Account
from survey_app.services.password import hash_of, is_outdated, matches
from survey_app.services.sign_in_tries import (
    Turn,
    count_try,
    give_back,
    refuse_spent,
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """An account whose password was typed."""

    id: int
    password_hash: str


def recognise(
    session: Session,
    who: ColumnElement[bool],
    password: str,
    *,
    turn_of: Callable[[Recognised | None], Turn],
    now: datetime,
) -> Recognised:
    """Return the account this password belongs to, leaving its success uncommitted.

    Raises SignInFailed for an unknown account and a wrong password alike, after the
    same statements and the same hashing; and TooManyRequests before any hashing, where
    too many tries came before.
    """
    # Whoever is to be refused takes no write lock: a flood of tries costs others none.
    with reading(session) as reader:
        wanted = select(Account.id, Account.password_hash).where(who)
        row = reader.execute(wanted).one_or_none()
        account = Recognised(*row) if row else None
        turn = turn_of(account)
        refuse_spent(reader, turn, now=now)
    count_try(session, turn, now=now)
    # Hashing is slow on purpose; SQLite's one write lock is not ours meanwhile.
    known = matches(account.password_hash if account else None, password)
    if account is None or not known:
        raise SignInFailed
    give_back(session, turn)
    return _still_there(session, account, password)


def _still_there(session: Session, account: Recognised, password: str) -> Recognised:
    """Return the account with a hash of today's kind.

    Raises SignInFailed where its password was changed, or it was deleted, meanwhile.
    """
    is_old = is_outdated(account.password_hash)
    fresh = hash_of(password) if is_old else account.password_hash
    welcome = update(Account).where(
        Account.id == account.id, Account.password_hash == account.password_hash
    )
    welcome = welcome.values(password_hash=fresh)
    if session.scalar(welcome.returning(Account.id)) is None:
        session.rollback()
        raise SignInFailed
    return Recognised(account.id, fresh)
