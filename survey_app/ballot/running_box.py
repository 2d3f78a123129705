"""Whether a running survey of either mode can still lose somebody it is about."""

from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.tables import OPEN, BallotBox
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import BoxNotReady, NoBallotDatabase
from survey_app.survey.draft import require_open
from survey_app.survey.tables import Survey
from survey_app.survey.take_out import Ready, require_running


def running(ballots: Engine | None) -> Ready:
    """Return what raises unless somebody can be taken out of a survey now."""
    return partial(_require_running, ballots=ballots)


def _require_running(survey: Survey, *, ballots: Engine | None) -> None:
    """Raise what `require_running` does; of a ballot, BoxNotReady or NoBallotDatabase.

    Once a box has begun to close its counts are signed; the survey is voided instead.
    """
    if not survey.is_secret:
        require_running(survey)
        return
    require_open(survey)
    if survey.cycle.is_settled:
        raise CycleSettled
    if ballots is None:
        raise NoBallotDatabase
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey.id)
    if box is None or box.state != OPEN or box.signatures is not None:
        raise BoxNotReady
