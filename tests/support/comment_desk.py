"""Comments written about somebody, and two managers who read them."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.survey.responses import Comment
from tests.support.office import Desk
from tests.support.small_county import County


def write(db: Session, survey_id: int, subject_id: int, *texts: str) -> None:
    """Keep these texts, as intake and the opening of a box do."""
    db.add_all(
        Comment(
            slot=0,
            id=secrets.token_bytes(16),
            survey_id=survey_id,
            subject_id=subject_id,
            text=text,
        )
        for text in texts
    )
    db.commit()


def address(county: County) -> str:
    """Return where the comments about the county's first subject stand."""
    return f"/surveys/{county.survey_id}/results/{county.subject_id}/comments"


@dataclass(frozen=True)
class Reader:
    """A manager who reads comments about the first subject."""

    desk: Desk
    county: County

    def at(self, db: Session, text: str) -> str:
        """Return where the comment with this text is read."""
        found = select(Comment).filter_by(
            text=text,
            survey_id=self.county.survey_id,
            subject_id=self.county.subject_id,
        )
        comment = db.scalars(found).one()
        path = f"{address(self.county)}/{comment.slot}/{comment.id.hex()}"
        db.rollback()  # gives the one write lock back
        return path

    def passes(self, db: Session, text: str, shown: str = "") -> TestResponse:
        """Pass the comment with this text, edited or as it is."""
        return self.desk.send(self.at(db, text), text=shown or text, passes="1")

    def withholds(self, db: Session, text: str) -> TestResponse:
        """Withhold the comment with this text."""
        return self.desk.send(self.at(db, text), text=text)

    def reads(self, path: str = "") -> str:
        """Return what stands on the page of comments, or on one below it."""
        return self.desk.see(address(self.county) + path).text

    def waiting(self) -> int:
        """Return how many texts wait for this reader."""
        review = self.desk.see(f"{address(self.county)}/review")
        return len(list(review.all("section")[0].iter("li")))
