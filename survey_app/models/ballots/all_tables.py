"""Every table of the ballot database."""

from survey_app.models.ballots.base import BallotBase
from survey_app.models.ballots.box import BallotBox, Batch
from survey_app.models.ballots.fragment import Fragment, OpenedComment
from survey_app.models.ballots.ticket import SpentTicket, Ticket, Tracker

TABLES: tuple[type[BallotBase], ...] = (
    BallotBox, Batch, Fragment, OpenedComment, SpentTicket, Ticket, Tracker,
)  # fmt: skip

metadata = BallotBase.metadata
