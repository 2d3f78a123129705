"""Let an account work on some surveys alone, or on all again."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.give_roles import roles_of
from survey_app.accounts.permissions import BY_TWO, KEEPER
from survey_app.accounts.tables import (
    ROLES_GIVEN,
    Account,
    AccountSurvey,
    GivenPassword,
)
from survey_app.domain.ground.account_refusals import KeeperOfAll
from survey_app.domain.ground.refusals import NotFound


def surveys_of(session: Session, account_id: int) -> frozenset[int] | None:
    """Return the surveys that an account is limited to; None: it is not."""
    only = select(Account.only_surveys).where(Account.id == account_id)
    if not session.scalar(only):
        return None
    ours = select(AccountSurvey.survey_id).where(AccountSurvey.account_id == account_id)
    return frozenset(session.scalars(ours))


def limit_surveys(
    session: Session, account_id: int, surveys: Collection[int] | None, *, by: str
) -> None:
    """Let the account work on these surveys alone, from its next page on; None: on all.

    What it may see more of rests with its roles BY_TWO until somebody else than `by`
    has confirmed it, as new roles do.
    Raises NotFound, or KeeperOfAll: keeping accounts is about no survey.
    """
    account = session.get(Account, account_id, with_for_update=True)
    held = {one.role for one in roles_of(session, account_id)}
    if account is None or KEEPER in held:
        session.rollback()
        raise NotFound if account is None else KeeperOfAll
    before = surveys_of(session, account_id)
    more = before is not None and (surveys is None or set(surveys) - before)
    if more and held & BY_TWO:
        row = GivenPassword(account=account.username, set_by=by, kind=ROLES_GIVEN)
        session.add(row)
    account.only_surveys = surveys is not None
    mine = AccountSurvey.account_id == account_id
    session.execute(delete(AccountSurvey).where(mine))
    session.add_all(
        AccountSurvey(account_id=account_id, survey_id=one)
        for one in sorted(set(surveys or ()))
    )
    session.commit()
