"""Make an account for somebody of the office, confirm its owner, delete it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import note_given
from survey_app.accounts.give_roles import checked, keep_a_keeper, write_roles
from survey_app.accounts.passwords import generated, hash_of
from survey_app.accounts.permissions import FIXED, Grant, Pair
from survey_app.accounts.real_names import keep_name
from survey_app.accounts.second_person import (
    PasswordHistory,
    given_last,
    given_so_far,
    refuse_one_person,
)
from survey_app.accounts.sign_in_tries import forget_account, forget_codes
from survey_app.accounts.tables import (
    CONFIRMATION,
    TERMINAL,
    Account,
    AccountRole,
    GivenPassword,
    SignIn,
)
from survey_app.domain.ground.account_refusals import AccountChanged
from survey_app.domain.ground.look_alike import is_plain_name, shape
from survey_app.domain.ground.refusals import (
    NameRefused,
    NameTaken,
    NotFound,
    NotYoursToConfirm,
    OwnerNotConfirmed,
    PasswordStillGiven,
    Refusal,
)


def confirm_owner(
    session: Session, account_id: int, *, by: str = TERMINAL, seen: int | None = None
) -> None:
    """Keep that `by` knows the owner, who chose the password and nobody else's hand.

    The roles it holds are in force from then on. `seen` is what `given_last` said when
    they were shown; None: nobody was shown them (the terminal).
    Raises NotFound, PasswordStillGiven before the owner has chosen a password,
    AccountChanged where something was given since, NotYoursToConfirm for one's own
    account, for one that `by` ever gave a password, which made it too, and for roles
    `by` gave; OwnerNotConfirmed where nobody has confirmed `by` yet, and what
    `refuse_one_person` raises about `by` and whoever gave what is to be confirmed.
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
        if seen is not None and seen != given_last(session, name):
            raise AccountChanged
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
    given = PasswordHistory.read(session)
    fresh = given.unconfirmed_givers(account)
    if by == account or by in given.givers(account) | fresh:
        raise NotYoursToConfirm
    grounds = [row.id for row in given.confirmations(by)]
    if not grounds:
        raise OwnerNotConfirmed
    now = given_so_far(session)
    for giver in sorted(fresh):
        refuse_one_person(session, first=giver, second=by, since=now)
    return grounds


def delete_account(session: Session, account_id: int) -> None:
    """Delete the account; it is signed out everywhere at once.

    Raises LastKeeper where nobody could make accounts afterwards, or NotFound.
    """
    keep_a_keeper(session, without=account_id)
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    forget_account(session, account_id)
    forget_codes(session, account_id)
    gone = delete(Account).where(Account.id == account_id).returning(Account.id)
    if session.scalar(gone) is None:
        session.rollback()
        raise NotFound
    session.commit()


def make_account(
    session: Session,
    username: str,
    *,
    roles: Iterable[Grant],
    real_name: str = "",
    excluded: frozenset[Pair] = FIXED,
    by: str | None = None,
) -> str:
    """Return the new account's password, which nobody can learn a second time.

    `by` is the other account that makes it: its owner must then choose a password
    before anything else, and somebody else confirm who that is before it counts where
    two must act. None for one that its owner is handed from the terminal.
    Raises NameTaken where the name, or one that looks like it, belongs to somebody, or
    once did to a person of another `real_name`; NameRefused where it is not what it
    looks like, and what `give_roles` raises for the roles.
    """
    if not is_plain_name(username):
        raise NameRefused
    if shape(username) in map(shape, session.scalars(select(Account.username))):
        session.rollback()
        raise NameTaken
    password = generated()
    account = Account(
        username=username, password_hash=hash_of(password), password_set_by=by
    )
    try:
        _add(session, account, checked(roles, excluded))
        keep_name(session, username, real_name)
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error
    except Refusal:
        session.rollback()
        raise
    return password


def _add(session: Session, account: Account, roles: Iterable[Grant]) -> None:
    session.add(account)
    session.flush()
    write_roles(session, account.id, roles)
    if account.password_set_by is None:
        note_confirmed(session, account.username)
    note_given(session, account.username, by=account.password_set_by)
