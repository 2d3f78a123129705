"""Change what a draft is called and what it is for, or delete it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.ballot.held_box import batches_of, kept_box
from survey_app.ballot.main_tables import AuditCommitment, KeyHolder
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.set_up import draft_without_slips
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import BoxNotReady, NotFound, Refusal
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Component
from survey_app.survey.draft import SurveyPlan, draft
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import (
    SECRET_BALLOT,
    Channel,
    PublicationPlan,
    Survey,
    SurveySubject,
)

HANGS_ON = (
    Channel, SurveySubject, KeyHolder, AuditCommitment, PublicationPlan, SurveyAct,
)  # fmt: skip
"""Every table whose rows belong to one survey and can be there before it opens."""


@dataclass(frozen=True, slots=True)
class DraftChange:
    """All that a draft may become, with the questionnaire of its component."""

    plan: SurveyPlan
    cycle_id: int
    component: Component
    questionnaire: Questionnaire

    def moves(self, survey: Survey) -> bool:
        """Return whether the draft is for something else, or in another mode, then."""
        before = survey.cycle_id, survey.component_key, survey.mode
        return before != (self.cycle_id, self.plan.component_key, self.plan.mode)


def change_draft(
    session: Session,
    survey_id: int,
    change: DraftChange,
    *,
    ballots: Engine | None = None,
    secrets_folder: Path | None = None,
) -> bool:
    """Let the draft be what `change` says.

    For another component its questionnaire comes along; channels of rater groups that
    it does not know go, and so do subjects of another kind than it is about. A secret
    ballot has no channels, an open survey no key holders. Return whether anything
    went. Raises AlreadyOpened, NotFound, CycleSettled, SlipsAreOut for another title
    or mode of a ballot whose slips are out, and BoxNotReady for anything else than the
    title and the days of a ballot with batches.
    """
    survey, plan = draft(session, survey_id), change.plan
    if plan.title != survey.title:
        survey = draft_without_slips(session, survey_id, ballots)
    survey.title = plan.title
    survey.opens_on, survey.closes_on = plan.opens_on, plan.closes_on
    gone = change.moves(survey) and _moved(session, survey, change, ballots)
    session.commit()
    if gone and not survey.is_secret and secrets_folder is not None:
        destroy_secrets(secrets_folder, survey_id)
    return gone


def _moved(
    session: Session, survey: Survey, change: DraftChange, ballots: Engine | None
) -> bool:
    """Move the draft to another component or mode; return whether anything went."""
    cycle, mode = session.get(Cycle, change.cycle_id), change.plan.mode
    try:
        if cycle is None:
            raise NotFound
        if cycle.is_settled:
            raise CycleSettled
        if survey.is_secret and ballots is not None:
            with Session(ballots) as boxes:
                if batches_of(boxes, survey.id):
                    raise BoxNotReady
    except Refusal:
        session.rollback()
        raise
    gone = survey.mode != mode and _drop_mode(session, survey, mode, ballots)
    is_same = (survey.cycle_id, survey.component_key) == (
        cycle.id, change.component.key,
    )  # fmt: skip
    survey.cycle_id, survey.mode = cycle.id, mode
    if is_same:
        return gone
    survey.component_key = change.component.key
    survey.questionnaire = change.questionnaire.to_json()
    survey.questionnaire_fingerprint = change.questionnaire.fingerprint
    return _drop_strange(session, survey, change.component) or gone


def _drop_mode(
    session: Session, survey: Survey, mode: str, ballots: Engine | None
) -> bool:
    """Take away what only the mode before has; return whether there was any."""
    ours = (Channel,) if mode == SECRET_BALLOT else (KeyHolder, AuditCommitment)
    there: list[int] = []
    for table in ours:
        gone = delete(table).where(table.survey_id == survey.id)
        there += session.scalars(gone.returning(table.survey_id)).all()
    if mode != SECRET_BALLOT and ballots is not None:
        _forget_box(ballots, survey.id)
    return bool(there)


def delete_draft(
    session: Session,
    survey_id: int,
    *,
    ballots: Engine | None = None,
    secrets_folder: Path | None = None,
) -> None:
    """Delete the draft with its channels and preparations; nobody answered it.

    Raises AlreadyOpened, NotFound, and SlipsAreOut while slips of a ballot are out:
    they are voided first, or the ballot is.
    """
    survey = draft_without_slips(session, survey_id, ballots)
    if survey.is_secret and ballots is not None:
        _forget_box(ballots, survey_id)
        if secrets_folder is not None:
            destroy_secrets(secrets_folder, survey_id)
    ours = select(Channel.id).where(Channel.survey_id == survey_id)
    follows = update(Channel).where(Channel.takes_over.in_(ours))
    session.execute(follows.values(takes_over=None))
    for table in HANGS_ON:
        session.execute(delete(table).where(table.survey_id == survey_id))
    session.execute(delete(Survey).where(Survey.id == survey_id))
    session.commit()


def _forget_box(ballots: Engine, survey_id: int) -> None:
    """Delete the box of a draft with batches that were void or never issued."""
    with kept_box(ballots) as boxes:
        boxes.execute(delete(Batch).where(Batch.survey_id == survey_id))
        boxes.execute(delete(BallotBox).where(BallotBox.survey_id == survey_id))


def _drop_strange(session: Session, survey: Survey, component: Component) -> bool:
    """Take away what does not fit the component; return whether anything did not."""
    rules = component.survey
    groups = [group.key for group in rules.rater_groups] if rules else []
    strange = (
        select(Subject.id)
        .join(SurveySubject, SurveySubject.subject_id == Subject.id)
        .where(SurveySubject.survey_id == survey.id)
        .where(Subject.kind != component.about.value)
    )
    subjects = list(session.scalars(strange))
    channels = delete(Channel).where(
        Channel.survey_id == survey.id,
        Channel.rater_group.not_in(groups) | Channel.subject_id.in_(subjects),
    )
    gone = len(list(session.scalars(channels.returning(Channel.id))))
    session.execute(
        delete(SurveySubject).where(
            SurveySubject.survey_id == survey.id,
            SurveySubject.subject_id.in_(subjects),
        )
    )
    return bool(gone or subjects)
