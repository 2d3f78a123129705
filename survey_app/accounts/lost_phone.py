"""A second factor is taken away by two others, so that its owner can set up a new one.

Neither of the two may know the password: whoever had both in one hand could sign in as
the other. So whoever gave the present password takes no part, and whoever took part
gives no password until the owner was here again (`change_password.reset_password`).
"""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import (
    any_same_person,
    given_so_far,
    refuse_one_person,
)
from survey_app.accounts.sign_in_tries import forget_codes
from survey_app.accounts.tables import Account, RecoveryCode, SecondFactor, SignIn
from survey_app.domain.ground.account_refusals import OneHand, TwoOthersNeeded
from survey_app.domain.ground.refusals import NotFound


@dataclass(frozen=True, slots=True)
class FactorState:
    """What others may know of a second factor."""

    is_set_up: bool = False
    asked_by: str | None = None
    """Who asked to take it away; None: nobody, or it is done."""


def states(session: Session, account_ids: list[int]) -> dict[int, FactorState]:
    """Return account → its second factor, for those of these that ever had one."""
    of_these = SecondFactor.account_id.in_(account_ids)
    return {
        row.account_id: FactorState(
            row.secret is not None, row.reset_asked_by if row.secret else None
        )
        for row in session.scalars(select(SecondFactor).where(of_these))
    }


def ask_reset(session: Session, account_id: int, *, by: str) -> None:
    """Ask another account to take this one's second factor away.

    Raises NotFound where there is none, TwoOthersNeeded for one's own, and OneHand
    where `by` gave the account its present password.
    """
    name, giver, factor = _locked_row(session, account_id)
    _refuse_hands(session, name, giver, (by,))
    factor.reset_asked_by, factor.reset_since = by, given_so_far(session)
    session.commit()


def withdraw_reset(session: Session, account_id: int) -> None:
    """Take back what was asked. Raises NotFound where there is no second factor."""
    _name, _giver, factor = _locked_row(session, account_id)
    factor.reset_asked_by = factor.reset_since = None
    session.commit()


def confirm_reset(session: Session, account_id: int, *, by: str) -> None:
    """Take the second factor away; the account is signed out everywhere.

    Raises NotFound where nobody asked, TwoOthersNeeded, OneHand, and what
    `refuse_one_person` raises about the two who take it away.
    """
    name, giver, factor = _locked_row(session, account_id)
    asked = factor.reset_asked_by
    if asked is None:
        session.rollback()
        raise NotFound
    if asked == by:
        session.rollback()
        raise TwoOthersNeeded
    _refuse_hands(session, name, giver, (asked, by))
    try:
        refuse_one_person(session, first=asked, second=by, since=factor.reset_since)
    except Exception:
        session.rollback()
        raise
    factor.secret, factor.reset_by = None, by
    _end(session, account_id)
    session.commit()


def take_away(session: Session, account_id: int) -> None:
    """Take the second factor away from the terminal, which holds the database.

    Raises NotFound where there is none.
    """
    _name, _giver, factor = _locked_row(session, account_id)
    session.delete(factor)
    _end(session, account_id)
    session.commit()


def _locked_row(
    session: Session, account_id: int
) -> tuple[str, str | None, SecondFactor]:
    """Return name, giver of the password and second factor; nobody else changes it."""
    wanted = (
        select(Account.username, Account.password_set_by, SecondFactor)
        .join(SecondFactor, SecondFactor.account_id == Account.id)
        .where(Account.id == account_id, SecondFactor.secret.is_not(None))
        .with_for_update()
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        session.rollback()
        raise NotFound
    return row[0], row[1], row[2]


def _refuse_hands(
    session: Session, name: str, giver: str | None, hands: tuple[str, ...]
) -> None:
    if name in hands:
        session.rollback()
        raise TwoOthersNeeded
    if giver is not None and any_same_person(session, giver, hands):
        session.rollback()
        raise OneHand


def _end(session: Session, account_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    forget_codes(session, account_id)
