"""Give an account its roles, and take them away: one act that says all it holds then.

Two that exclude each other are refused here; where an account holds both all the same,
from before, neither is in force (permissions.py).
"""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import (
    BY_TWO,
    EVERYWHERE_ONLY,
    FIXED,
    KEEPER,
    OF_A_SUBJECT,
    OF_A_UNIT,
    ROLES,
    Grant,
    Pair,
    clashes,
)
from survey_app.accounts.tables import ROLES_GIVEN, Account, AccountRole, GivenPassword
from survey_app.domain.ground.account_refusals import (
    LastKeeper,
    RolesExclude,
    RoleWithoutPlace,
    RoleWithoutUnit,
)
from survey_app.domain.ground.refusals import NotFound


def give_roles(
    session: Session,
    account_id: int,
    roles: Iterable[Grant],
    *,
    excluded: frozenset[Pair] = FIXED,
    by: str | None = None,
) -> None:
    """Let the account hold these roles and no other ones, from its next page on.

    `by` is the account that gives them: a new one of those BY_TWO is in force once
    somebody else has confirmed it. None: the terminal, whose word is enough.
    Raises NotFound, RolesExclude, RoleWithoutPlace where a role does not say in which
    unit or for whom it holds, RoleWithoutUnit, and LastKeeper where nobody could give
    roles afterwards.
    """
    try:
        given = checked(roles, excluded)
        known = select(Account.username).where(Account.id == account_id)
        name = session.scalar(known.with_for_update())
        if name is None:
            raise NotFound
        if KEEPER not in {one.role for one in given}:
            keep_a_keeper(session, without=account_id)
        new = set(given) - set(roles_of(session, account_id))
        if by is not None and any(one.role in BY_TWO for one in new):
            session.add(GivenPassword(account=name, set_by=by, kind=ROLES_GIVEN))
        session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
        write_roles(session, account_id, given)
    except Exception:
        session.rollback()
        raise
    session.commit()


def roles_of(session: Session, account_id: int) -> tuple[Grant, ...]:
    """Return the roles an account holds, in the order in which they were given."""
    own = select(AccountRole).where(AccountRole.account_id == account_id)
    return tuple(row.grant for row in session.scalars(own.order_by(AccountRole.id)))


def checked(roles: Iterable[Grant], excluded: frozenset[Pair]) -> tuple[Grant, ...]:
    """Return the roles, each once, in the order in which they are offered.

    Raises RolesExclude naming the first two that exclude each other, RoleWithoutPlace,
    and RoleWithoutUnit where one that holds everywhere shall be limited. A person for
    anybody but the appraised is a fault of whoever calls: ValueError.
    """
    given = sorted(set(roles), key=lambda one: (list(ROLES).index(one.role), one))
    for one in given:
        if (one.role in OF_A_UNIT and one.unit_id is None) or (
            one.role in OF_A_SUBJECT and one.subject_id is None
        ):
            raise RoleWithoutPlace(one.role)
        if one.role in EVERYWHERE_ONLY | OF_A_SUBJECT and one.unit_id is not None:
            raise RoleWithoutUnit(one.role)
        if one.role not in OF_A_SUBJECT and one.subject_id is not None:
            raise ValueError("only the appraised is somebody")
    apart = clashes(given, excluded)
    if apart:
        raise RolesExclude(*apart[0])
    return tuple(given)


def write_roles(session: Session, account_id: int, roles: Iterable[Grant]) -> None:
    """Write the roles of an account that has none; the caller commits."""
    session.add_all(
        AccountRole(
            account_id=account_id,
            role=one.role,
            unit_id=one.unit_id,
            subject_id=one.subject_id,
        )
        for one in roles
    )


def keep_a_keeper(session: Session, *, without: int) -> None:
    """Raise LastKeeper where no account but this one may keep accounts.

    The lock keeps two keepers from taking the role from each other at the same moment.
    """
    keepers = select(AccountRole.account_id).where(AccountRole.role == KEEPER)
    held = session.scalars(keepers.order_by(AccountRole.id).with_for_update())
    if set(held) == {without}:
        session.rollback()
        raise LastKeeper
