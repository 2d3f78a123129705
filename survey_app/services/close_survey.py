"""Close a survey: no answer is added any more, and its results are fixed.

In three steps, so that nobody who answers another survey waits for the sums: it stops
taking answers, what may be shown is worked out, and that is kept.
"""

from sqlalchemy.orm import Session

from survey_app.database import forget_order, reading
from survey_app.domain.refusals import (
    CountersDiffer,
    PlanChanged,
    Refusal,
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
    WrongMode,
)
from survey_app.models.survey import (
    CLOSED,
    CLOSING,
    DRAFT,
    OPEN,
    REHEARSAL,
    VOID,
    Survey,
)
from survey_app.services.draft import locked_survey
from survey_app.services.evaluate_plan import (
    Evaluation,
    evaluation_of,
    keep_evaluation,
)
from survey_app.services.recount import require_counted


def close_survey(session: Session, survey_id: int) -> None:
    """Close the survey for good; it cannot be opened again.

    Answers being kept are waited for, so that what was acknowledged is in the result.
    What may be shown is decided once. Where it stopped between the steps the survey is
    closing: it takes no answer and shows no result, and calling it again goes on.
    Raises NotFound, SurveyNotYetOpen for a draft or a rehearsal, SurveyClosed,
    SurveyVoid, or WrongMode for a secret ballot, which closes with its box.
    Raises CountersDiffer where the counters do not say what the answers say, and
    PlanChanged where the plan is not the one that was frozen: then the survey stays
    open and nothing is settled.
    """
    _stop_taking(session, survey_id)
    try:
        with reading(session) as reader:
            survey = reader.get_one(Survey, survey_id)
            require_counted(reader, survey)
            evaluation = evaluation_of(reader, survey)
    except (CountersDiffer, PlanChanged):
        _take_again(session, survey_id)
        raise
    _keep(session, survey_id, evaluation)
    forget_order(session)


def _stop_taking(session: Session, survey_id: int) -> None:
    """Let the survey be closing, and let go of it."""
    survey = locked_survey(session, survey_id)
    refused = _refusal(survey)
    if refused is not None:
        session.rollback()
        raise refused
    survey.state = CLOSING
    session.commit()


def _take_again(session: Session, survey_id: int) -> None:
    """Let a survey that cannot be settled be open as before."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        survey.state = OPEN
    session.commit()


def _keep(session: Session, survey_id: int, evaluation: Evaluation | None) -> None:
    """Keep the results, unless somebody closed or voided the survey meanwhile."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        keep_evaluation(session, survey_id, evaluation)
        survey.state = CLOSED
    session.commit()


def _refusal(survey: Survey) -> Refusal | None:
    """Return why this survey cannot be closed."""
    if survey.is_secret:
        return WrongMode()
    if survey.state in (OPEN, CLOSING):
        return None
    why = {DRAFT: SurveyNotYetOpen, REHEARSAL: SurveyNotYetOpen, VOID: SurveyVoid}
    return why.get(survey.state, SurveyClosed)()
