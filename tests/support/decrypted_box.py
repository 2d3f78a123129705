"""All that an opening leaves behind, as one value that tests can compare."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.ballot.main_tables import BallotCount
from survey_app.ballot.tables import BallotBox, FragmentRow, OpenedComment
from survey_app.ballot.tickets import SpentTicket, Ticket
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.responses import Comment
from survey_app.survey.tables import PublicationPlan, Survey
from tests.support.ballot_box import StandingBox


def everything(box: StandingBox) -> dict[str, object]:
    """Return all that an opening leaves, in both databases and beside them."""
    with Session(box.ballots) as boxes, Session(box.county.engine) as main:
        plan = main.get_one(PublicationPlan, box.survey_id)
        return {
            "state": boxes.get_one(BallotBox, box.survey_id).state,
            "head": boxes.get_one(BallotBox, box.survey_id).head,
            "tickets": sorted(boxes.scalars(select(Ticket.digest))),
            "spent": sorted(boxes.scalars(select(SpentTicket.state))),
            "waiting": sorted(boxes.scalars(select(OpenedComment.id))),
            "fragments": sorted(boxes.scalars(select(FragmentRow.id))),
            "survey": main.get_one(Survey, box.survey_id).state,
            "counts": sorted(
                (row.slot, row.subject_id, row.rater_group, row.question_key,
                 row.choice_key, row.count)
                for row in main.scalars(select(ChoiceCount))
            ),
            "comments": sorted(
                (row.slot, row.subject_id, row.text)
                for row in main.scalars(select(Comment))
            ),
            "reconciled": sorted(
                (row.batch_id, row.rater_group, row.issued, row.used, row.spoiled,
                 row.challenged, row.void)
                for row in main.scalars(select(BallotCount))
            ),
            "evaluated": plan.evaluated,
            "secrets": [file.name for file in box.folder.iterdir()],
        }  # fmt: skip
