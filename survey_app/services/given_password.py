"""Who knows whose password, and whether two accounts can still stand for two people.

Whoever resets another's password can sign in as that account. What makes it two people
is that the owner chose a password since, and finds out when somebody else did.
"""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import PasswordGivenSince, PasswordStillGiven, Refusal
from survey_app.models.account import PASSWORD, Account, GivenPassword


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
