"""What is left after the opening: answers to single questions, cut loose.

Every row has a fresh random key and all rows of a survey are written in the order of
these keys in one transaction, so that nothing tells which ballot a row came from.
"""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.ballots.base import NO_ROWID, BallotBase


class Fragment(BallotBase):
    """One opened answer to one question about one subject."""

    __tablename__ = "fragment"
    __table_args__ = (NO_ROWID,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    """Drawn at the opening; also the nonce of its leaf in the Merkle tree."""
    survey_id: Mapped[int]
    subject_id: Mapped[int]
    rater_group: Mapped[str]
    """After merging; the group on the slip is stored nowhere."""
    question_key: Mapped[str]
    choice_key: Mapped[str]


class OpenedComment(BallotBase):
    """A comment on its way to its readers, cut loose from its ballot."""

    __tablename__ = "opened_comment"
    __table_args__ = (NO_ROWID,)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    survey_id: Mapped[int]
    subject_id: Mapped[int]
    text: Mapped[str]
