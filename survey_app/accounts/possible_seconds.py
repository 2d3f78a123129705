"""Who could be the second person of an act, asked before the first one asks for it.

Whoever asks is then told what is so, while it can still be mended: not by a refusal,
days later, of the one colleague who has an account.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import ROLES
from survey_app.accounts.second_person import doubt_about, given_so_far
from survey_app.accounts.tables import Account, AccountRole
from survey_app.domain.ground.refusals import PasswordStillGiven

MOST = 20
"""Accounts looked at; an office where none of so many will do hears of these."""
STILL_GIVEN, UNCONFIRMED = "still given", "unconfirmed"


@dataclass(frozen=True, slots=True)
class InDoubt:
    """An account that may do the second step, and why it could be the first's."""

    username: str
    why: str
    """STILL_GIVEN: somebody else knows its password. UNCONFIRMED: it has been chosen,
    and nobody independent has said who owns it."""


def seconds_in_doubt(
    session: Session, first: str, *, permission: str
) -> tuple[InDoubt, ...] | None:
    """Return the accounts that may do the second step, where none of them will do.

    None where one will; empty where no other account may do it at all.
    """
    roles = [role for role, may in ROLES.items() if permission in may]
    others = (
        select(Account.username, Account.password_set_by)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role.in_(roles), Account.username != first)
        .distinct()
        .order_by(Account.username)
        .limit(MOST)
    )
    now = given_so_far(session)
    found = []
    for name, giver in session.execute(others).all():
        doubt = doubt_about(session, first=first, second=name, since=now)
        if doubt is None:
            return None
        given = giver is not None or isinstance(doubt, PasswordStillGiven)
        found.append(InDoubt(name, STILL_GIVEN if given else UNCONFIRMED))
    return tuple(found)
