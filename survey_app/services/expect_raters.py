"""Note how many people of each rater group are expected to answer."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models.expected import ExpectedRaters
from survey_app.services.draft import draft
from survey_app.services.survey_component import rater_groups_of


def expect_raters(session: Session, survey_id: int, people: Mapping[str, int]) -> None:
    """Keep the numbers in the place of those of before; others are left out.

    Raises NotFound, or AlreadyOpened: a forecast comes before the opening.
    """
    survey = draft(session, survey_id)
    asked = {group.key for group in rater_groups_of(survey)}
    session.execute(delete(ExpectedRaters).where(ExpectedRaters.survey_id == survey_id))
    session.add_all(
        ExpectedRaters(survey_id=survey_id, rater_group=group, people=n)
        for group, n in people.items()
        if group in asked
    )
    session.commit()
