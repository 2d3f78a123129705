"""Confirm that an account's owner is a person of their own."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey_app.domain.refusals import (
    NotFound,
    NotYoursToConfirm,
    OwnerNotConfirmed,
    PasswordStillGiven,
)
from survey_app.models.account import CONFIRMATION, TERMINAL, Account, GivenPassword
from survey_app.services.second_person import Given


def confirm_owner(session: Session, account_id: int, *, by: str = TERMINAL) -> None:
    """Keep that `by` knows the owner, who chose the password and nobody else's hand.

    Raises NotFound, PasswordStillGiven before the owner has chosen a password,
    NotYoursToConfirm for one's own account and for one that `by` ever gave a password,
    which made it too, and OwnerNotConfirmed where nobody has confirmed `by` yet.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        session.rollback()
        raise NotFound
    name, still_given = account.username, account.password_set_by is not None
    try:
        if still_given:
            raise PasswordStillGiven
        grounds = _grounds(session, name, by)
    except Exception:
        session.rollback()
        raise
    session.add_all(
        GivenPassword(account=name, set_by=by, kind=CONFIRMATION, rests_on=ground)
        for ground in grounds
    )
    session.commit()


def note_confirmed(session: Session, account: str) -> None:
    """Note that the terminal handed this account to its owner; the caller commits."""
    session.add(GivenPassword(account=account, set_by=TERMINAL, kind=CONFIRMATION))


def _grounds(session: Session, account: str, by: str) -> Sequence[int | None]:
    """Return the rows that confirm whoever confirms; [None] for the terminal."""
    if by == TERMINAL:
        return [None]
    given = Given.read(session)
    if by == account or by in given.givers(account):
        raise NotYoursToConfirm
    grounds = [row.id for row in given.confirmations(by)]
    if not grounds:
        raise OwnerNotConfirmed
    return grounds
