"""What respondents leave behind: their answers, apart from their receipts.

The absences are the design: no address, no agent, no time, no session, no running
number. A test compares these columns with the ledger in docs/anonymity.md.

The first column of every key is the slot, by which a distributed database spreads one
huge survey. These tables carry no foreign keys: intake has already looked the survey
and the channel up inside the same transaction, and a large table must not lock them.
"""

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.table_base import Base

# SQLite's hidden rowid is the order of arrival.
_NO_ROWID = {"sqlite_with_rowid": False}


class Response(Base):
    """One complete reply about one subject."""

    __tablename__ = "response"
    __table_args__ = (_NO_ROWID,)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Before the id: one survey's answers lie together, to be counted."""
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    """Random: a running number would tell the order of arrival."""
    channel_id: Mapped[int]
    subject_id: Mapped[int]
    answered_on: Mapped[date]
    """The day, never the minute."""
    answers: Mapped[str]
    """The chosen answers, as `AnswerText` of the survey's questionnaire writes them."""


class Receipt(Base):
    """That a submission was counted; no column leads to what it said."""

    __tablename__ = "receipt"
    __table_args__ = (_NO_ROWID,)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[bytes] = mapped_column(LargeBinary(10), primary_key=True)
    survey_id: Mapped[int]


class Comment(Base):
    """A free text about a subject, apart from the answers it came with.

    What answers a question in words is one too: two texts of one respondent share
    nothing but what all about this subject share.
    """

    __tablename__ = "comment"
    __table_args__ = (_NO_ROWID,)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    survey_id: Mapped[int]
    subject_id: Mapped[int]
    """Who it is about; the negative number of a unit where it is about all of it."""
    question: Mapped[str] = mapped_column(server_default="")
    """Key of the question it answers; "": it is the comment beside them all."""
    text: Mapped[str]
