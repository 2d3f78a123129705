"""Accounts of the office and their live sign-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.table_base import Base

MANAGER, ORGANIZER, READER = "manager", "organizer", "reader"
ROLES = (MANAGER, ORGANIZER, READER)


class Account(Base):
    """Someone of the office who may sign in; there is no default account."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('manager', 'organizer', 'reader')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    """manager: everything; organizer: surveys, channels, imports, turnout;
    reader: results, score sheets, alerts and exports, nothing to change."""
    password_hash: Mapped[str]
    """Argon2id with its parameters."""
    password_set_by: Mapped[str | None]
    """The other account that gave it its present password; None: its owner chose it,
    or was handed it from the terminal."""


PASSWORD, CONFIRMATION = "password", "confirmation"
"""What one account can do for another."""
TERMINAL = ""
"""Stands for whoever confirms an account from the terminal."""


class GivenPassword(Base):
    """One password that one account gave another, or one confirmation of its owner.

    Both stand on one list, so that one number says what came before what. A row stays
    when both accounts are gone.
    """

    __tablename__ = "given_password"
    __table_args__ = (
        CheckConstraint("kind IN ('password', 'confirmation')", name="kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """Larger than that of everything done before; below 0: confirmed by the step that
    brought confirmations."""
    account: Mapped[str]
    set_by: Mapped[str]
    """Who gave it, or who confirmed that its owner is somebody else."""
    kind: Mapped[str] = mapped_column(default=PASSWORD, server_default=PASSWORD)
    rests_on: Mapped[int | None]
    """Of a confirmation: the row that confirmed whoever gave it; None: the terminal."""


class SignInTries(Base):
    """How many sign-ins were begun and not finished: for a name, from a place, in all.

    Nobody is locked by it who comes from a device that signed in before.
    """

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "since"),)

    what: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """A keyed digest: neither a name that was typed nor an address can be read here."""
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(DateTime())
    """In UTC; when counting began."""


class SignIn(Base):
    """One live sign-in; deleting the row ends it everywhere at once."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "account_id"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the secret in the cookie: the table alone opens no door."""
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE")
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime())
    """In UTC."""

    account: Mapped[Account] = relationship()
