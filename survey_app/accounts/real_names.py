"""Who the people behind the accounts are, by name: beside it wherever one acted.

A name stays when its account is gone, so that an act of years ago still says whose it
was; and an account's name is not given to somebody else after that.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Account, AccountName
from survey_app.domain.ground.refusals import NameTaken, NotFound

LONGEST = 80
"""Characters of a person's name."""


def name_of(session: Session, account: str) -> str:
    """Return the name of the account's owner; empty where nobody has said it."""
    said = select(AccountName.real_name).where(AccountName.account == account)
    return session.scalar(said) or ""


def real_names(session: Session) -> dict[str, str]:
    """Return account → name of its owner, of all that were ever said.

    They are as many as the office has seen people.
    """
    return {row.account: row.real_name for row in session.scalars(select(AccountName))}


def keep_name(session: Session, account: str, real_name: str) -> None:
    """Keep whose a new account is; the caller commits.

    Raises NameTaken where the account's name was somebody else's, who may have acted
    under it.
    """
    kept = session.get(AccountName, account)
    if kept is None and real_name:
        session.add(AccountName(account=account, real_name=real_name))
    elif kept is not None and kept.real_name != real_name:
        raise NameTaken


def change_name(session: Session, account_id: int, real_name: str) -> None:
    """Put a name that was spelled wrong, or never said, right. Raises NotFound."""
    account = session.scalar(select(Account.username).where(Account.id == account_id))
    if account is None:
        session.rollback()
        raise NotFound
    kept = session.get(AccountName, account)
    if kept is None:
        session.add(AccountName(account=account, real_name=real_name))
    else:
        kept.real_name = real_name
    session.commit()
