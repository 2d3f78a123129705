"""The list of accounts: found by user name, owner and role."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Account, AccountName, AccountRole
from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of

_ACCOUNTS = ListColumns(
    always=(Account.username,),
    search=(
        Account.username,
        func.coalesce(AccountName.real_name, ""),
        func.coalesce(AccountName.initials, ""),
    ),
    orders={"name": AccountName.real_name, "username": Account.username},
)


def accounts_page(
    session: Session, asked: ListAsked, *, role: str = ""
) -> ListPage[Account]:
    """Return one page of the accounts, by name; of those that hold a role."""
    holding = select(AccountRole.account_id).where(AccountRole.role == role)
    wanted = (Account.id.in_(holding),) if role else ()
    named = select(Account.id).outerjoin(
        AccountName, AccountName.account == Account.username
    )
    columns = replace(_ACCOUNTS, wanted=wanted)
    page = page_of(session, named, columns, asked)
    some = select(Account).where(Account.id.in_([row.id for row in page.rows]))
    found = {one.id: one for one in session.scalars(some)}
    return page.of(lambda row: found[row.id])
