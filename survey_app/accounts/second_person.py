"""Whether two accounts stand for two people: the one place that decides it.

Every act that takes two accounts asks here. An account is somebody once a person who
stood there before has confirmed its owner, and until then it could be whoever gave it
its password. What counts is who could sit at it: nobody of them may be the other one,
and nobody of the other one's may have vouched for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import (
    CONFIRMATION,
    PASSWORD,
    TERMINAL,
    Account,
    GivenPassword,
)
from survey_app.domain.ground.account_refusals import SecondNotConfirmed
from survey_app.domain.ground.refusals import (
    OwnerNotConfirmed,
    PasswordGivenSince,
    PasswordStillGiven,
    Refusal,
    TwoAccountsNeeded,
)


def given_so_far(session: Session) -> int:
    """Return the number of the last password or confirmation given; 0 without one.

    An act that will need a second account keeps it from the moment it was asked for.
    """
    return max(session.scalar(select(func.max(GivenPassword.id))) or 0, 0)


def is_doubted(account: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that nobody confirmed what this account was given last.

    That is a password, or a role of which one person must not dispose; see
    `permissions.Standing.is_confirmed`. `account` is the column of its name.
    """
    of_it = select(func.max(GivenPassword.id)).where(GivenPassword.account == account)
    given = of_it.where(GivenPassword.kind != CONFIRMATION).scalar_subquery()
    known = of_it.where(GivenPassword.kind == CONFIRMATION).scalar_subquery()
    return func.coalesce(given > func.coalesce(known, 0), false())


def given_last(session: Session, account: str) -> int:
    """Return the number of what was given to this account last, or confirmed; 0: never.

    Whoever confirms says it, so that nobody confirms what he has not seen.
    """
    of_it = select(func.max(GivenPassword.id)).where(GivenPassword.account == account)
    return session.scalar(of_it) or 0


def refuse_one_person(
    session: Session, *, first: str, second: str, since: int | None
) -> None:
    """Raise why one person could be both accounts.

    `first` asked when the list was `since` long (see `given_so_far`; None: before there
    was one), `second` acts now. Raises TwoAccountsNeeded for one and the same account,
    PasswordStillGiven, PasswordGivenSince, OwnerNotConfirmed where nobody independent
    of the other one had confirmed the owner of `first` before it was asked, or
    SecondNotConfirmed where nobody has confirmed that of `second` by now.
    """
    doubt = doubt_about(session, first=first, second=second, since=since)
    if doubt is not None:
        raise doubt


def doubt_about(
    session: Session, *, first: str, second: str, since: int | None
) -> Refusal | None:
    """Return what `refuse_one_person` would raise, or None."""
    if first == second:
        return TwoAccountsNeeded()
    since = since or 0
    doubt = _doubt_between(session, asked=first, issues=second, since=since)
    if doubt is not None:
        return doubt
    given = PasswordHistory.read(session)
    # The second acts now: who sat there when the first asked did nothing in its name.
    apart = given.is_apart(first, second, since=since)
    if apart and given.is_apart(second, first):
        return None
    mended = given.is_apart(first, second, since=since, once_confirmed=True)
    return SecondNotConfirmed() if mended else OwnerNotConfirmed()


def any_same_person(session: Session, one: str, others: Iterable[str]) -> bool:
    """Return whether nobody independent told this account from all of the others."""
    now = given_so_far(session)
    return any(
        doubt_about(session, first=other, second=one, since=now) is not None
        for other in others
    )


def _doubt_between(
    session: Session, *, asked: str, issues: str, since: int
) -> Refusal | None:
    """Return why one person could be both accounts, or None.

    `since` is what `given_so_far` said when it was asked for. Whether there are two
    owners at all is not asked here.
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
    later = select(GivenPassword.id).where(
        GivenPassword.id > since,
        GivenPassword.kind == PASSWORD,
        GivenPassword.account == asked,
        GivenPassword.set_by == issues,
    )
    if session.scalar(later.limit(1)) is not None:
        return PasswordGivenSince()
    return None


@dataclass(frozen=True, slots=True)
class PasswordHistory:
    """The list of passwords given and owners confirmed, in its order."""

    rows: Sequence[GivenPassword]

    @classmethod
    def read(cls, session: Session) -> "PasswordHistory":
        """Return the whole list; it is as long as the office has seen people."""
        ordered = select(GivenPassword).order_by(GivenPassword.id)
        return cls(session.scalars(ordered).all())

    def is_apart(
        self, one: str, other: str, *, since: int | None = None,
        once_confirmed: bool = False,
    ) -> bool:  # fmt: skip
        """Return whether `one` was confirmed, by then, as nobody of `other`'s.

        `once_confirmed`: taking it that somebody confirms `other` now.
        """
        others = {other} if once_confirmed else self._could_be(other)
        return any(
            not others & (self._after(row) | self._vouching(row))
            for row in self.confirmations(one)
            if since is None or row.id <= since
        )

    def confirmations(self, account: str) -> Iterator[GivenPassword]:
        """Yield the confirmations of this account's owner."""
        return self._of(account, CONFIRMATION)

    def givers(self, account: str) -> set[str]:
        """Return who ever gave this account a password."""
        return {row.set_by for row in self._of(account, PASSWORD)}

    def unconfirmed_givers(self, account: str) -> set[str]:
        """Return who gave this account a password or a role that nobody confirmed."""
        last = max((row.id for row in self.confirmations(account)), default=0)
        return {
            row.set_by
            for row in self.rows
            if row.account == account and row.kind != CONFIRMATION and row.id > last
        }

    def _of(self, account: str, kind: str) -> Iterator[GivenPassword]:
        for row in self.rows:
            if row.account == account and row.kind == kind:
                yield row

    def _could_be(self, account: str) -> set[str]:
        """Return who could sit at an account: its owner, and who took it since."""
        last = max((row.id for row in self.confirmations(account)), default=None)
        return self._with_givers({account}, self._given_after(account, last))

    def _after(self, row: GivenPassword) -> set[str]:
        """Return who could sit at the account, taking this confirmation's word."""
        given = self._given_after(row.account, row.id)
        return self._with_givers({row.account}, given)

    def _with_givers(self, known: set[str], new: Iterable[str]) -> set[str]:
        """Return these, and whoever could sit at the accounts of the new ones."""
        waiting = [name for name in new if name not in known]
        while waiting:
            name = waiting.pop()
            known.add(name)
            last = max((row.id for row in self.confirmations(name)), default=None)
            more = self._given_after(name, last)
            waiting += [giver for giver in more if giver not in known]
        return known

    def _given_after(
        self, account: str, last: int | None, *, until: int | None = None
    ) -> set[str]:
        """Return who gave the account a password after a row, None: ever."""
        return {
            row.set_by
            for row in self._of(account, PASSWORD)
            if (last is None or row.id > last) and (until is None or row.id < until)
        }

    def _vouching(self, row: GivenPassword) -> set[str]:
        """Return everybody on whose word a confirmation rests, back to the terminal."""
        people: set[str] = set()
        by_id = {one.id: one for one in self.rows}
        while row.set_by != TERMINAL:
            people.add(row.set_by)
            below = by_id.get(row.rests_on) if row.rests_on is not None else None
            if below is None:
                return people | {row.account}  # rests on nothing: nobody's word
            people |= self._given_after(row.set_by, below.id, until=row.id)
            row = below
        return people
