"""The counts of a survey about one subject, where all of them may be told."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.settled_tallies import settled_tallies
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.tally import Tally, Turnouts
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.rated import rated_of, rated_some
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import CLOSED, PublicationPlan, Survey

LISTED = 200


@dataclass(frozen=True, slots=True)
class ToldCounts:
    """What was counted, and how it was asked."""

    subject: Rated
    questionnaire: Questionnaire
    tally: Tally
    turnout: Turnouts
    is_secret: bool


def counted_surveys(session: Session) -> list[Survey]:
    """Return closed surveys whose counts are final, the newest first."""
    wanted = (
        select(Survey)
        .join(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(Survey.state == CLOSED, PublicationPlan.evaluated.is_not(None))
        .order_by(Survey.id.desc())
        .limit(LISTED)
    )
    return list(session.scalars(wanted))


def subjects_counted(session: Session, survey_id: int) -> list[Rated]:
    """Return whom a survey is about, in the order of lists."""
    return rated_of(session, survey_id)


def told_counts(session: Session, survey: Survey, subject_id: int) -> ToldCounts | None:
    """Return the counts about a subject; None where any of them is withheld.

    Then a trial could be made to tell it: of such a subject nothing is tried.
    """
    plans = plans_of(session, [survey.id], subject_ids=[subject_id])
    found = settled_tallies(session, [survey], plans, subjects=[subject_id])
    one = found.get((survey.component_key, subject_id))
    rated = rated_some(session, survey.id, [subject_id])
    if one is None or one.plan.hides or not rated:
        return None
    asked = Questionnaire.from_json(survey.questionnaire)
    return ToldCounts(rated[0], asked, one.tally, one.turnout, survey.is_secret)
