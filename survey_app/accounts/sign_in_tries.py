"""How often sign-ins may be tried: what slows a guesser and never the owner.

A device that signed in to an account before has a lane of its own (sign_in.py),
so no stranger's failures keep the owner out there. From every other device failures
count for the place they come from, for the name, and over all names; for a name nobody
has exactly as for a real one.

A try is counted before the password is looked at and given back where it was right:
many tries at the same moment cannot slip through together.
"""

import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.accounts.record import aside
from survey_app.accounts.tables import SignInTries
from survey_app.domain.ground.refusals import TooManyRequests

MINUTE, QUARTER, DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries may fail within such a time."""

    what: bytes
    most: int
    within: timedelta

    def is_spent(self, count: int, since: datetime, now: datetime) -> bool:
        """Return whether no further try is let in now."""
        return count >= self.most and since > now - self.within


@dataclass(frozen=True, slots=True)
class Turn:
    """The limits one try falls under, and the counts that its success clears."""

    limits: tuple[Limit, ...]
    clears: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try to sign in comes from; by itself nothing is known of it."""

    key: bytes = b""
    """Of the digests: without it the table cannot be searched for an address."""
    place: bytes = b""
    """The neighbourhood of its address; empty where nobody can tell."""
    devices: tuple[str, ...] = ()
    """The marks its device carries, see sign_in.py."""


def of_account(account_id: int) -> bytes:
    """Return under what strangers' tries for an account are counted."""
    return _digest(b"", "account", str(account_id).encode())


def at_desk(account_id: int) -> bytes:
    """Return under what tries to change its password are counted."""
    return _digest(b"", "desk", str(account_id).encode())


def turn_of_stranger(caller: Caller, username: str, account_id: int | None) -> Turn:
    """Return the turn of a device that is new to the account.

    NIST SP 800-63B allows 100 failures in a row. Whoever made them has shut the account
    for a day on devices that are new to it, and nowhere else.
    """
    unknown = _digest(caller.key, "name", username.encode("utf-8", "surrogatepass"))
    name = unknown if account_id is None else of_account(account_id)
    limits = [
        Limit(_digest(caller.key, "all", b""), 60, MINUTE),
        Limit(name, 100, DAY),
    ]
    if caller.place:
        place = _digest(caller.key, "place", caller.place)
        limits.append(Limit(place, 20, QUARTER))
    return Turn(tuple(limits), (name,))


def turn_of_device(device: bytes, account_id: int) -> Turn:
    """Return the turn of a device that signed in to the account before."""
    own = _digest(b"", "device", device)
    return Turn((Limit(own, 10, QUARTER),), (own, of_account(account_id)))


def turn_of_code(account_id: int, device: bytes | None) -> Turn:
    """Return the turn of whoever showed the password and types a code.

    Three codes of a million fit at a time: whoever knows the password and guesses for a
    whole year, 20 a day, has a chance of 1 in 45, and keeps the owner waiting only on
    devices that are new to the account. A device that signed in before has 50 a day.
    """
    of_all = Limit(_of_codes(account_id)[0], 20, DAY)
    if device is None:
        return Turn((of_all,), (of_all.what,))
    own = Limit(_digest(b"", "device code", device), 10, QUARTER)
    today = Limit(_digest(b"", "device codes of a day", device), 50, DAY)
    return Turn((own, today), (own.what, today.what, of_all.what))


def turn_of_paper(account_id: int) -> Turn:
    """Return the turn of whoever types a recovery code, which nobody guesses."""
    own = _of_codes(account_id)[1]
    return Turn((Limit(own, 20, QUARTER),), (own,))


def turn_of_provider(caller: Caller) -> Turn:
    """Return the turn of whoever comes back from the identity provider.

    Nothing is guessed there: this keeps forged returns from costing the provider, and
    us, a request each. They are counted apart from passwords.
    """
    limits = [Limit(_digest(caller.key, "provider", b""), 120, MINUTE)]
    if caller.place:
        place = _digest(caller.key, "provider place", caller.place)
        limits.append(Limit(place, 40, QUARTER))
    return Turn(tuple(limits), ())


def turn_at_desk(account_id: int) -> Turn:
    """Return the turn of whoever types the current password at an open screen."""
    own = at_desk(account_id)
    return Turn((Limit(own, 5, QUARTER),), (own,))


def refuse_spent(session: Session, turn: Turn, *, now: datetime) -> None:
    """Raise TooManyRequests, saying when to come again, where a limit is spent."""
    wanted = select(SignInTries.what, SignInTries.count, SignInTries.since)
    rows = session.execute(wanted.where(SignInTries.what.in_(_all_of(turn))))
    kept = {what: (count, since) for what, count, since in rows}
    waits = [
        kept[limit.what][1] + limit.within - now
        for limit in turn.limits
        if limit.what in kept and limit.is_spent(*kept[limit.what], now)
    ]
    if waits:
        raise TooManyRequests(max(1, math.ceil(max(waits).total_seconds())))


def count_try(session: Session, turn: Turn, *, now: datetime) -> None:
    """Count a try under all its limits or, raising TooManyRequests, under none.

    Counts of yesterday are cleared away in passing.
    """
    old = select(SignInTries.what).where(SignInTries.since <= now - DAY)
    old = old.with_for_update(skip_locked=True)
    session.execute(delete(SignInTries).where(SignInTries.what.in_(old)))
    # Always in one order: two tries at once must not wait for each other.
    for limit in sorted(turn.limits, key=lambda one: one.what):
        if not _counted(session, limit, now):
            session.rollback()
            refuse_spent(session, turn, now=now)
            raise TooManyRequests(1)
    aside(session)
    session.commit()


def give_back(session: Session, turn: Turn) -> None:
    """Take a try that succeeded out of its counts; the caller commits."""
    for what in sorted({*_all_of(turn), *turn.clears}):
        if what in turn.clears:
            forget(session, what)
        else:
            less = update(SignInTries).where(
                SignInTries.what == what, SignInTries.count > 0
            )
            session.execute(less.values(count=SignInTries.count - 1))


def forget_account(session: Session, account_id: int) -> None:
    """Begin to count anew for an account; the caller commits."""
    for what in sorted((of_account(account_id), at_desk(account_id))):
        forget(session, what)


def forget_codes(session: Session, account_id: int) -> None:
    """Begin to count codes anew; the caller commits.

    Not where a password is reset: whoever gives passwords would guess without end.
    """
    for what in sorted(_of_codes(account_id)):
        forget(session, what)


def forget(session: Session, what: bytes) -> None:
    """Begin to count anew; the caller commits."""
    session.execute(delete(SignInTries).where(SignInTries.what == what))


def _counted(session: Session, limit: Limit, now: datetime) -> bool:
    """Count the try, in one statement that also looks whether it may be counted."""
    over = SignInTries.since <= now - limit.within
    insert = (
        postgresql.insert
        if session.get_bind().dialect.name == "postgresql"
        else sqlite.insert
    )
    counting = (
        insert(SignInTries)
        .values(what=limit.what, count=1, since=now)
        .on_conflict_do_update(
            index_elements=[SignInTries.what],
            set_={
                "count": case((over, 1), else_=SignInTries.count + 1),
                "since": case((over, now), else_=SignInTries.since),
            },
            where=or_(over, and_(~over, SignInTries.count < limit.most)),
        )
    )
    return session.scalar(counting.returning(SignInTries.count)) is not None


def _of_codes(account_id: int) -> tuple[bytes, ...]:
    number = str(account_id).encode()
    return tuple(_digest(b"", kind, number) for kind in ("code", "paper"))


def _all_of(turn: Turn) -> list[bytes]:
    return [limit.what for limit in turn.limits]


def _digest(key: bytes, kind: str, said: bytes) -> bytes:
    return hmac.digest(key, kind.encode() + b"\0" + said, "sha256")
