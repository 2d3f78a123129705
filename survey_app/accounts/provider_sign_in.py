"""A sign-in that an identity provider vouches for; accounts are still made here."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import note_given
from survey_app.accounts.passwords import generated, hash_of
from survey_app.accounts.sign_in import (
    LASTS,
    Entered,
    await_code,
    begin_sign_in,
    has_second_factor,
)
from survey_app.accounts.tables import PASSWORD_ONLY, PROVED, Account, SignIn
from survey_app.domain.ground.refusals import NotFound


def sign_in_known(
    session: Session,
    name: str,
    *,
    proved: bool,
    now: datetime,
    lasts: timedelta = LASTS,
) -> Entered:
    """Return a new sign-in of the account with this name. Raises NotFound.

    `proved`: the provider asked for a second factor itself; otherwise ours is asked for
    where one is set up. A password that somebody else gave the account ends here: its
    owner came without it, and nobody else shall come with it.
    """
    nobodys = hash_of(generated())  # slow on purpose, and before any lock
    named = Account.username == name.replace("\0", "\ufffd")
    account = session.scalar(select(Account).where(named).with_for_update())
    if account is None:
        session.rollback()
        raise NotFound
    number, giver = account.id, account.password_set_by
    if giver is not None:
        account.password_hash, account.password_set_by = nobodys, None
        note_given(session, name, by=giver)
        session.execute(delete(SignIn).where(SignIn.account_id == number))
    if not proved and has_second_factor(session, number):
        return await_code(session, number, now=now)
    second = PROVED if proved else PASSWORD_ONLY
    secret = begin_sign_in(session, number, second, now=now, lasts=lasts)
    session.commit()
    return Entered(secret)
