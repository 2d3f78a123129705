"""Delete an account together with its sign-ins."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import LastManager, NotFound
from survey_app.models.account import MANAGER, Account, SignIn
from survey_app.services.sign_in_tries import forget_account


def delete_account(session: Session, account_id: int) -> None:
    """Delete the account; it is signed out everywhere at once.

    Raises LastManager where nobody could make accounts afterwards, or NotFound. The
    lock keeps two managers from deleting each other at the same moment.
    """
    managers = select(Account.id).where(Account.role == MANAGER).with_for_update()
    if list(session.scalars(managers)) == [account_id]:
        session.rollback()
        raise LastManager
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    forget_account(session, account_id)
    gone = delete(Account).where(Account.id == account_id).returning(Account.id)
    if session.scalar(gone) is None:
        session.rollback()
        raise NotFound
    session.commit()
