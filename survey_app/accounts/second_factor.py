"""The second factor of an account: set up, shown at sign-in, taken away by two others.

The secret of its codes lies in the database locked under the server's secret key, which
lies in no database: whoever steals the database alone makes no code. Recovery codes are
hashed like passwords.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from survey_app.accounts import one_time_codes as codes
from survey_app.accounts.known_devices import device_of, remembered
from survey_app.accounts.passwords import hash_of, matches
from survey_app.accounts.sign_in import (
    LASTS,
    Entered,
    begin_sign_in,
    digest_of,
    has_second_factor,
)
from survey_app.accounts.sign_in_tries import (
    Caller,
    at_desk,
    count_try,
    give_back,
    refuse_spent,
    turn_of_code,
    turn_of_paper,
)
from survey_app.accounts.tables import (
    AWAITED,
    PASSWORD_ONLY,
    PROVED,
    Account,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from survey_app.database import reading
from survey_app.domain.ground.account_refusals import CodeNotFitting
from survey_app.domain.ground.refusals import SignInFailed, SignInNeeded
from survey_app.locking import locked, unlocked

OFFERED = timedelta(hours=1)
"""How long a secret that was shown may be confirmed."""


@dataclass(frozen=True, slots=True)
class OfferedSecret:
    """A secret that is shown and not yet anybody's."""

    secret: str
    locked: str
    """The same for the form that confirms it; opens for this account only."""


def offer(key: bytes, account_id: int, *, again: str, now: datetime) -> OfferedSecret:
    """Return the secret that was offered before (`again`: locked), or a new one."""
    purpose, seconds = f"offered factor {account_id}", int(OFFERED.total_seconds())
    secret = unlocked(again, key, purpose, now=now, seconds=seconds)
    if secret is not None:
        return OfferedSecret(secret, again)
    secret = codes.new_secret()
    return OfferedSecret(secret, locked(secret, key, purpose, now=now))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A secret that a phone has shown a code of, and the step of that code."""

    secret: str
    step: int


def confirmed(offered: OfferedSecret, typed: str, *, now: datetime) -> Confirmed:
    """Return the offer as taken; raises CodeNotFitting for no code of its secret."""
    step = codes.step_of(offered.secret, typed, now=now)
    if step is None:
        raise CodeNotFitting(codes.minutes_apart(offered.secret, typed, now=now))
    return Confirmed(offered.secret, step)


def set_up(
    session: Session, account_id: int, taken: Confirmed, *,
    key: bytes, here: str, now: datetime,
) -> list[str]:  # fmt: skip
    """Return ten recovery codes, shown once, of a second factor that works from now on.

    Every sign-in of the account ends but the one `here`. Raises SignInNeeded where the
    account has another second factor: that one is shown first (`give_up`).
    """
    paper = codes.new_recovery_codes()
    hashes = {code[: codes.FOUND_BY]: hash_of(code) for code in paper}
    owner = select(Account.id).where(Account.id == account_id).with_for_update()
    if session.scalar(owner) is None or has_second_factor(session, account_id):
        session.rollback()
        raise SignInNeeded
    mine = SecondFactor.account_id == account_id
    session.execute(delete(SecondFactor).where(mine))
    kept = locked(taken.secret, key, _purpose(account_id), now=now)
    session.add(SecondFactor(account_id=account_id, secret=kept, last_step=taken.step))
    _put_down(session, account_id, hashes)
    ours = SignIn.account_id == account_id
    session.execute(delete(SignIn).where(ours, SignIn.digest != digest_of(here)))
    session.execute(update(SignIn).where(ours).values(second=PROVED))
    session.commit()
    return paper


def give_up(
    session: Session, account_id: int, typed: str, *, key: bytes, now: datetime
) -> None:
    """Take one's own second factor away, by a code of it, to set up another.

    Sign-ins go on as after a password alone. Raises SignInFailed and TooManyRequests.
    """
    desk = at_desk(account_id)
    recognise_code(session, account_id, typed, key=key, device=desk, now=now)
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    ours = update(SignIn).where(SignIn.account_id == account_id)
    session.execute(ours.where(SignIn.second == PROVED).values(second=PASSWORD_ONLY))
    session.commit()


def renew_recovery_codes(
    session: Session, account_id: int, typed: str, *, key: bytes, now: datetime
) -> list[str]:
    """Return ten new recovery codes; the old ones end.

    Raises SignInFailed and TooManyRequests.
    """
    paper = codes.new_recovery_codes()
    hashes = {code[: codes.FOUND_BY]: hash_of(code) for code in paper}
    desk = at_desk(account_id)
    recognise_code(session, account_id, typed, key=key, device=desk, now=now)
    _put_down(session, account_id, hashes)
    session.commit()
    return paper


def recovery_codes_left(session: Session, account_id: int) -> int:
    """Return how many codes on paper are good still."""
    of_it = RecoveryCode.account_id == account_id
    return session.scalar(select(func.count()).where(of_it)) or 0


def awaiting(session: Session, secret: str, *, now: datetime) -> str | None:
    """Return the name of the account whose code this sign-in waits for, or None."""
    wanted = select(Account.username).join(SignIn, SignIn.account_id == Account.id)
    return session.scalar(wanted.where(*_waits(secret, now)))


def pass_code(
    caller: Caller, session: Session, waiting: str, typed: str, *,
    now: datetime, lasts: timedelta = LASTS,
) -> Entered:  # fmt: skip
    """Return the sign-in that takes the place of the one that waited for a code.

    Raises SignInNeeded where none waits any more, SignInFailed for a code that does not
    fit or was used, and TooManyRequests where too many tries came before.
    """
    with reading(session) as reader:
        wanted = select(Account.id, Account.password_hash)
        wanted = wanted.join(SignIn, SignIn.account_id == Account.id)
        row = reader.execute(wanted.where(*_waits(waiting, now))).one_or_none()
    if row is None:
        raise SignInNeeded
    account_id, password_hash = row
    device = device_of(caller.devices, caller.key, account_id, password_hash)
    recognise_code(session, account_id, typed, key=caller.key, device=device, now=now)
    over = delete(SignIn).where(*_waits(waiting, now)).returning(SignIn.account_id)
    if session.scalar(over) is None:  # ended elsewhere, in this instant
        session.rollback()
        raise SignInNeeded
    secret = begin_sign_in(session, account_id, PROVED, now=now, lasts=lasts)
    session.commit()
    marks = remembered(caller.devices, caller.key, account_id, password_hash)
    return Entered(secret, marks)


def recognise_code(
    session: Session, account_id: int, typed: str, *,
    key: bytes, device: bytes | None, now: datetime,
) -> None:  # fmt: skip
    """Use up the code that was typed, leaving that uncommitted.

    Raises SignInFailed for one that does not fit, or was used before, by whichever
    process; and TooManyRequests before looking, where too many tries came before.
    """
    paper = codes.of_paper(typed) if codes.of_phone(typed) is None else None
    turn = turn_of_paper(account_id) if paper else turn_of_code(account_id, device)
    used = _on_paper(paper, account_id) if paper else _on_phone(typed, account_id, key)
    with reading(session) as reader:
        refuse_spent(reader, turn, now=now)
    count_try(session, turn, now=now)
    with reading(session) as reader:
        use_up = used(reader, now)
    if use_up is None or not use_up(session):
        session.rollback()
        raise SignInFailed
    give_back(session, turn)


_UseUp = Callable[[Session], bool]
_Look = Callable[[Session, datetime], _UseUp | None]


def _on_phone(typed: str, account_id: int, key: bytes) -> _Look:
    """Return what looks whether the code is of about now, and then takes its step."""
    mine = SecondFactor.account_id == account_id

    def look(reader: Session, now: datetime) -> _UseUp | None:
        kept = reader.scalar(select(SecondFactor.secret).where(mine))
        secret = unlocked(kept, key, _purpose(account_id), now=now) if kept else None
        step = codes.step_of(secret, typed, now=now) if secret else None
        if step is None:
            return None
        newer = (SecondFactor.last_step < step, SecondFactor.secret == kept)
        taken = update(SecondFactor).where(mine, *newer).values(last_step=step)
        # One statement looks and takes: two processes cannot both have the same code.
        return lambda writer: (
            writer.scalar(taken.returning(SecondFactor.account_id)) is not None
        )

    return look


def _on_paper(paper: str, account_id: int) -> _Look:
    """Return what looks whether the code is one of the list, and strikes it out."""
    found_by = RecoveryCode.found_by == paper[: codes.FOUND_BY]
    this = (RecoveryCode.account_id == account_id, found_by)

    def look(reader: Session, _now: datetime) -> _UseUp | None:
        kept = reader.scalar(select(RecoveryCode.code_hash).where(*this))
        if not matches(kept, paper):
            return None
        struck = delete(RecoveryCode).where(*this, RecoveryCode.code_hash == kept)
        return lambda writer: (
            writer.scalar(struck.returning(RecoveryCode.account_id)) is not None
        )

    return look


def _waits(secret: str, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        SignIn.digest == digest_of(secret),
        SignIn.second == AWAITED,
        SignIn.expires_at > now,
    )


def _put_down(session: Session, account_id: int, hashes: dict[str, str]) -> None:
    """Replace the recovery codes; the caller commits."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(
        RecoveryCode(account_id=account_id, found_by=found_by, code_hash=code_hash)
        for found_by, code_hash in hashes.items()
    )


def _purpose(account_id: int) -> str:
    return f"second factor {account_id}"
