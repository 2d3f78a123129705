"""Sign-ins: who comes in, who is known, who goes out."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from survey_app.accounts.known_devices import device_of, remembered
from survey_app.accounts.passwords import hash_of, is_outdated, matches
from survey_app.accounts.permissions import FIXED, Grant, Pair, Standing
from survey_app.accounts.record import act_for, note
from survey_app.accounts.second_person import is_doubted
from survey_app.accounts.sign_in_tries import (
    Caller,
    Turn,
    count_try,
    give_back,
    refuse_spent,
    turn_of_device,
    turn_of_stranger,
)
from survey_app.accounts.tables import (
    AWAITED,
    PASSWORD_ONLY,
    PROVED,
    Account,
    AccountName,
    AccountRole,
    AccountSurvey,
    SecondFactor,
    SignIn,
)
from survey_app.database import reading
from survey_app.domain.ground.refusals import SignInFailed


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account of a live sign-in."""

    id: int
    username: str
    standing: Standing
    """What it may."""
    given_by: str | None = None
    """Who gave it its present password; None: its owner chose it."""
    proved: bool = False
    """Whether a second factor was shown."""
    surveys: frozenset[int] | None = None
    """The surveys it works on; None: on all."""
    real_name: str = ""

    def works_on(self, survey_id: int | None) -> bool:
        """Return whether it may work on this survey, or on what is about none."""
        return self.surveys is None or survey_id in self.surveys


def digest_of(secret: str) -> bytes:
    """Return the 32 bytes under which the table knows this secret."""
    return hashlib.sha256(secret.encode()).digest()


def find_sign_in(
    session: Session,
    secret: str,
    *,
    now: datetime,
    excluded: frozenset[Pair] = FIXED,
) -> SignedIn | None:
    """Return the account, None where the sign-in has ended or never was.

    Nor is anybody signed in who still owes a code. `excluded` are the pairs of roles of
    which an account has neither.
    """
    rows = session.execute(
        select(
            Account.id, Account.username, Account.password_set_by,
            SignIn.second == PROVED, is_doubted(Account.username.expression),
            AccountName.real_name, Account.only_surveys, AccountSurvey.survey_id,
            AccountRole.role, AccountRole.unit_id, AccountRole.subject_id,
        )
        .join(SignIn, SignIn.account_id == Account.id)
        .outerjoin(AccountName, AccountName.account == Account.username)
        .outerjoin(AccountSurvey, AccountSurvey.account_id == Account.id)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .where(
            SignIn.digest == digest_of(secret),
            SignIn.expires_at > now,
            SignIn.second != AWAITED,
        )
        .order_by(AccountRole.id)
    ).all()  # fmt: skip
    if not rows:
        return None
    number, username, given_by, proved, doubted, real_name, only = rows[0][:7]
    grants = dict.fromkeys(Grant(*row[8:]) for row in rows if row.role is not None)
    standing = Standing.of(grants, excluded, is_confirmed=not doubted)
    ours = frozenset(row.survey_id for row in rows if row.survey_id is not None)
    return SignedIn(
        number, username, standing, given_by, proved,
        ours if only else None, real_name or "",
    )  # fmt: skip


def sign_out(session: Session, secret: str) -> None:
    """Forget the sign-in; a copy of its cookie opens nothing any more."""
    session.execute(delete(SignIn).where(SignIn.digest == digest_of(secret)))
    session.commit()


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


LASTS = timedelta(hours=12)
HALF_WAY = timedelta(minutes=10)
"""How long a sign-in waits for its code."""
NOWHERE = Caller()


@dataclass(frozen=True, slots=True)
class Entered:
    """What whoever signed in takes along."""

    secret: str
    devices: tuple[str, ...] = ()
    """The marks by which the device is known next time."""
    owes_code: bool = False
    """Whether a code is asked for first; until then the secret opens nothing else."""


def sign_in(session: Session, username: str, *, password: str, now: datetime) -> str:
    """Return the secret of a new sign-in from nowhere in particular.

    Raises what `sign_in_from` raises.
    """
    return sign_in_from(NOWHERE, session, username, password=password, now=now).secret


def sign_in_from(
    caller: Caller, session: Session, username: str, *, password: str, now: datetime,
    lasts: timedelta = LASTS,
) -> Entered:  # fmt: skip
    """Return the secret of a new sign-in and the marks of its device.

    Raises SignInFailed, and TooManyRequests where too many tries came before. Sign-ins
    that have run out, whoever's they were, are cleared away in passing.
    """

    def turn_of(account: Recognised | None) -> Turn:
        known = (account.id, account.password_hash) if account else (None, None)
        device = device_of(caller.devices, caller.key, *known)
        if account is not None and device is not None:
            return turn_of_device(device, account.id)
        return turn_of_stranger(caller, username, account.id if account else None)

    # PostgreSQL takes no NUL; what holds one is nobody's name on SQLite either.
    named = Account.username == username.replace("\0", "\ufffd")
    account = recognise(session, named, password, turn_of=turn_of, now=now)
    if has_second_factor(session, account.id):
        return await_code(session, account.id, now=now)
    secret = begin_sign_in(session, account.id, now=now, lasts=lasts)
    session.commit()
    marks = remembered(caller.devices, caller.key, account.id, account.password_hash)
    return Entered(secret, marks)


def has_second_factor(session: Session, account_id: int) -> bool:
    """Return whether codes are set up for this account."""
    found = select(SecondFactor.account_id).where(
        SecondFactor.account_id == account_id, SecondFactor.secret.is_not(None)
    )
    return session.scalar(found) is not None


def await_code(session: Session, account_id: int, *, now: datetime) -> Entered:
    """Return the secret of a sign-in that gets no further without a code; commit."""
    secret = begin_sign_in(session, account_id, AWAITED, now=now, lasts=HALF_WAY)
    session.commit()
    return Entered(secret, owes_code=True)


def go_on(
    caller: Caller, session: Session, account: SignedIn, *, now: datetime,
    lasts: timedelta = LASTS,
) -> Entered:  # fmt: skip
    """Return what lets somebody go on whose sign-ins ended as he chose a password.

    He typed both; a second factor that was shown counts on. The record tells of the
    choice, so of nothing else.
    """
    second = PROVED if account.proved else PASSWORD_ONLY
    secret = begin_sign_in(session, account.id, second, now=now, lasts=lasts, told=True)
    fresh = select(Account.password_hash).where(Account.id == account.id)
    known = session.scalar(fresh) or ""
    session.commit()
    marks = remembered(caller.devices, caller.key, account.id, known)
    return Entered(secret, marks)


def begin_sign_in(
    session: Session, account_id: int, second: str = PASSWORD_ONLY, *,
    now: datetime, lasts: timedelta, told: bool = False,
) -> str:  # fmt: skip
    """Return the secret of a new sign-in; the caller commits. `told`: it is known."""
    secret = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.add(
        SignIn(
            digest=digest_of(secret),
            account_id=account_id,
            expires_at=now + lasts,
            second=second,
        )
    )
    if second != AWAITED and not told:
        mine = select(Account.username).where(Account.id == account_id)
        act_for(session, session.scalar(mine) or "")
        note(session, "enter")
    return secret
