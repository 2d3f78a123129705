"""The account that an address of the office names."""

from survey_app.accounts.tables import Account
from survey_app.database import reading, session
from survey_app.domain.ground.refusals import NotFound


def found_account(account_id: int) -> Account:
    """Return the account; raises NotFound."""
    with reading(session()) as reader:
        account = reader.get(Account, account_id)
        reader.expunge_all()
    if account is None:
        raise NotFound
    return account
