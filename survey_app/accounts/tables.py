"""Accounts of the office and their live sign-ins."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from survey_app.accounts.permissions import Grant
from survey_app.domain.ground.initials import initials_of
from survey_app.table_base import Base


class Account(Base):
    """Someone of the office who may sign in; there is no default account."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    """Argon2id with its parameters."""
    password_set_by: Mapped[str | None]
    """The other account that gave it its present password; None: its owner chose it,
    or was handed it from the terminal."""
    only_surveys: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it works on the surveys of `AccountSurvey` alone, be they none."""


class AccountName(Base):
    """Who the person behind an account is; the row stays when the account is gone."""

    __tablename__ = "account_name"

    account: Mapped[str] = mapped_column(primary_key=True)
    real_name: Mapped[str]
    initials: Mapped[str] = mapped_column(default="", server_default="")
    """What somebody types to find it: pinyin initials of the name."""

    @validates("real_name")
    def _name_said(self, _key: str, real_name: str) -> str:
        self.initials = initials_of(real_name)
        return real_name


class AccountSurvey(Base):
    """One survey of an account that works on some alone."""

    __tablename__ = "account_survey"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )


class AccountRole(Base):
    """One role that an account holds, and where."""

    __tablename__ = "account_role"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE")
    )
    role: Mapped[str]
    """One of permissions.ROLES; which there are, no table says."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Held in this unit and what stands below it; None: everywhere."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    """Who the appraised is: a cadre, or the leading body of a unit."""

    @property
    def grant(self) -> Grant:
        """The role as a value."""
        return Grant(self.role, self.unit_id, self.subject_id)


PASSWORD, CONFIRMATION, ROLES_GIVEN = "password", "confirmation", "roles"
"""What one account can do for another; of roles only those that two must give."""
TERMINAL = ""
"""Stands for whoever confirms an account from the terminal."""


class GivenPassword(Base):
    """One password or role that one account gave another, or one confirmation of it.

    They stand on one list, so that one number says what came before what. A row stays
    when both accounts are gone.
    """

    __tablename__ = "given_password"
    __table_args__ = (
        CheckConstraint("kind IN ('password', 'confirmation', 'roles')", name="kind"),
        Index(None, "account"),
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


class SecondFactor(Base):
    """What an account shows besides its password, and who wants it taken away.

    Without a secret: these two took it away, and its owner has set up none since.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str | None]
    """Of its codes, locked under the server's secret key and for this account."""
    last_step: Mapped[int] = mapped_column(BigInteger)
    """Of the newest code that was taken: it and all before it are used up."""
    reset_asked_by: Mapped[str | None]
    """The account that asked to take it away."""
    reset_since: Mapped[int | None]
    """How long the list of given passwords was then."""
    reset_by: Mapped[str | None]
    """The other account that took it away."""


class RecoveryCode(Base):
    """One code on paper for whoever lost the phone; good once, then the row is gone."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    found_by: Mapped[str] = mapped_column(primary_key=True)
    """Its first four symbols."""
    code_hash: Mapped[str]
    """Argon2id with its parameters, of the whole code."""


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


PASSWORD_ONLY, AWAITED, PROVED = "", "awaited", "proved"
"""How far a sign-in got: a password and no more; a password, and a code is asked for;
a second factor, ours or the identity provider's."""


class SignIn(Base):
    """One live sign-in; deleting the row ends it everywhere at once."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index(None, "account_id"),
        CheckConstraint("second IN ('', 'awaited', 'proved')", name="second"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """SHA-256 of the secret in the cookie: the table alone opens no door."""
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE")
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime())
    """In UTC."""
    second: Mapped[str] = mapped_column(
        default=PASSWORD_ONLY, server_default=PASSWORD_ONLY
    )
    """While a code is awaited, nothing but the page that asks for it is open."""

    account: Mapped[Account] = relationship()


PAGE, JOB, FROM_TERMINAL, PLATFORM = "page", "job", "terminal", "platform"
"""By what way somebody acts; the platform itself has no account."""


class RecordEntry(Base):
    """One act of the office; rows are added and, by triggers, never changed.

    Nothing about a ticket, a ballot, an answer or whoever gave one.
    """

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("via IN ('page', 'job', 'terminal', 'platform')", name="via"),
        Index(None, "account", "number"),
        Index(None, "act", "number"),
        Index(None, "about", "act", "account", "number"),
        Index(None, "minute"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 ... without a gap."""
    minute: Mapped[datetime] = mapped_column(DateTime())
    """In UTC, never the second."""
    account: Mapped[str]
    """Its name, which stays when the account is gone; empty: nobody signed in."""
    via: Mapped[str]
    act: Mapped[str]
    """A word of ours; pages say it in both languages."""
    about: Mapped[str]
    """Kinds and keys, the widest first: "survey:12 subject:34"."""
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    previous: Mapped[str]
    """Hash of the entry before; of the first 64 zeros."""
    hash: Mapped[str]
    """SHA-256, in hex, of all the others as one text."""


class RecordHead(Base):
    """The one row that says how long the record is; only its number can grow."""

    __tablename__ = "record_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """Of the newest entry; 0: there is none."""
    hash: Mapped[str]
    """Of the newest entry."""
    seal: Mapped[str | None]
    """Keyed hash over both; whoever removes the end of the record cannot make it."""
