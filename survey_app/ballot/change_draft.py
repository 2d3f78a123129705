"""Change what a draft is called and what it is for, or delete it."""

from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.ballot.held_box import batches_of, kept_box
from survey_app.ballot.main_tables import AuditCommitment, KeyHolder
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.set_up import draft_without_slips
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.domain.ground.refusals import BoxNotReady
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Component
from survey_app.survey.draft import draft
from survey_app.survey.tables import (
    Channel,
    PublicationPlan,
    Survey,
    SurveyAct,
    SurveySubject,
)

HANGS_ON = (
    Channel, SurveySubject, KeyHolder, AuditCommitment, PublicationPlan, SurveyAct,
)  # fmt: skip
"""Every table whose rows belong to one survey and can be there before it opens."""


def rename_survey(
    session: Session, survey_id: int, *, title: str, ballots: Engine | None = None
) -> None:
    """Give the draft another title.

    Raises AlreadyOpened, NotFound, and SlipsAreOut for a ballot whose slips say the
    old one.
    """
    survey = draft_without_slips(session, survey_id, ballots)
    survey.title = title
    session.commit()


def change_component(
    session: Session,
    survey_id: int,
    *,
    component: Component,
    questionnaire: Questionnaire,
    ballots: Engine | None = None,
) -> bool:
    """Let the draft feed another component of its cycle, with its questionnaire.

    Channels of rater groups that the component does not know go, and so do subjects of
    another kind than it is about. Return whether anything went. Raises AlreadyOpened,
    NotFound, and BoxNotReady for a ballot with batches, whose groups are the old ones.
    """
    survey = draft(session, survey_id)
    if survey.is_secret and ballots is not None:
        with Session(ballots) as boxes:
            if batches_of(boxes, survey_id):
                session.rollback()
                raise BoxNotReady
    survey.component_key = component.key
    survey.questionnaire = questionnaire.to_json()
    survey.questionnaire_fingerprint = questionnaire.fingerprint
    gone = _drop_strange(session, survey, component)
    session.commit()
    return gone


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
