"""Open a secret ballot: post what nobody can change any more, then take ballots."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.ballot import tables as box_state
from survey_app.ballot.checked_tickets import posted_batch
from survey_app.ballot.held_box import (
    ISSUED,
    batches_of,
    by_unit,
    commitments,
    kept_box,
    locked_box,
    locked_secret,
    noted_merges,
    posted_holders,
)
from survey_app.ballot.missing_to_open import missing_to_open_ballot
from survey_app.ballot.paper.keys_page import keys_page_print
from survey_app.ballot.paper.manifest import (
    SEALED_ON_DEVICE,
    Manifest,
    ManifestBatch,
    posted,
)
from survey_app.ballot.paper.sealing_script import sealing_script_print
from survey_app.ballot.sealing import signatures
from survey_app.ballot.sealing.secrets_folder import SurveySecrets, read_secrets
from survey_app.ballot.server_promise import broken_promises
from survey_app.ballot.tables import BallotBox
from survey_app.ballot.tickets import Ticket
from survey_app.database import reading
from survey_app.domain.counting.merged_groups import Merged
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    BoxNotReady,
    NotReadyToOpen,
    SurveyVoid,
    UnsafeServer,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.floors import PUBLIC_FLOOR, Papers
from survey_app.survey.kept_plan import keep_plan, plan_to_freeze
from survey_app.survey.lifecycle import asked_by
from survey_app.survey.rated import rated_of
from survey_app.survey.settling.settle_cycle import freeze_facts, held_cycle
from survey_app.survey.tables import DRAFT, OPEN, VOID, PublicationPlan, Survey


def open_ballot(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    today: date,
    secrets_folder: Path,
) -> Manifest:
    """Return the manifest that is now signed and posted; ballots are taken from now on.

    First the survey, its questions, its cycle's scheme and its publication plan freeze
    in the main database, then the box opens with the signed manifest. Where it stopped
    between the two, calling it again goes on; nothing can have changed meanwhile.
    Raises UnsafeServer with every broken promise, NotReadyToOpen with everything that
    is missing, SecretsMissing, AlreadyOpened, NotFound or WrongMode.
    """
    broken = broken_promises(ballots, secrets_folder=secrets_folder)
    if broken:
        raise UnsafeServer(*broken)
    try:
        _freeze(session, ballots, survey_id, today, secrets_folder)
        survey = locked_secret(session, survey_id)
        session.rollback()  # nothing of an open ballot changes any more
        if survey.state != OPEN:
            raise SurveyVoid if survey.state == VOID else AlreadyOpened
        return _post(session, ballots, survey, read_secrets(secrets_folder, survey_id))
    finally:
        session.rollback()


def _freeze(
    session: Session,
    ballots: Engine,
    survey_id: int,
    today: date,
    secrets_folder: Path,
) -> None:
    """Fix in the main database all that the manifest will speak of.

    What is missing and what the plan is, is worked out before the write lock is taken,
    and kept where survey and batches are still the same then. A survey that is no draft
    is left as it is.
    """
    session.rollback()
    while True:
        with reading(session) as reader:
            survey = reader.get(Survey, survey_id)
            if survey is None or survey.state != DRAFT:
                return
            missing = missing_to_open_ballot(
                reader, ballots, survey_id, today=today, secrets_folder=secrets_folder
            )
            if missing:
                raise NotReadyToOpen(*missing)
            asks, plan = _asks(reader, ballots, survey), plan_to_freeze(survey)
        survey = locked_secret(session, survey_id)
        held_cycle(session, survey.cycle_id)
        if survey.state == DRAFT and _asks(session, ballots, survey) == asks:
            break
        session.rollback()  # somebody changed it meanwhile: look once more
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    survey.questionnaire = questionnaire.to_json()
    survey.questionnaire_fingerprint = questionnaire.fingerprint
    survey.cycle.frozen = True
    survey.state = OPEN
    freeze_facts(session, survey)
    keep_plan(session, survey_id, plan)
    session.commit()


def _asks(session: Session, ballots: Engine, survey: Survey) -> tuple[object, ...]:
    """Return all that opening depends on: equal drafts open alike."""
    with Session(ballots) as box_session:
        batches = tuple(
            (batch.id, batch.state, batch.issued, batch.eligible, batch.rater_group)
            for batch in batches_of(box_session, survey.id)
        )
    holders, bound = posted_holders(session, survey.id), commitments(session, survey.id)
    return asked_by(session, survey), batches, holders, bound


def _post(
    session: Session, ballots: Engine, survey: Survey, kept: SurveySecrets
) -> Manifest:
    """Sign the manifest, then keep it and open the box in one step.

    Since the survey left its draft nobody prepares anything, so what is read before the
    box is held is what stands in it.
    """
    with Session(ballots) as reader:
        box = reader.get(BallotBox, survey.id)
        if box is None or box.state != box_state.ISSUING:
            raise AlreadyOpened if box else BoxNotReady
        merges = noted_merges(box)
        batches = _batches(reader, survey.id)
    manifest = _manifest(session, survey, batches, _merges(merges, batches), kept)
    text = manifest.to_json()
    message = signatures.MANIFEST + text.encode()
    with kept_box(ballots) as box_session:
        box = locked_box(box_session, survey.id)
        if box.state != box_state.ISSUING:
            raise AlreadyOpened
        box.manifest = posted(text, signatures.sign(kept.signing_key, message).hex())
        box.opens_on, box.closes_on = survey.opens_on, survey.closes_on
        box.state = box_state.OPEN
    return manifest


def _manifest(
    session: Session,
    survey: Survey,
    batches: tuple[ManifestBatch, ...],
    merged: Merged,
    kept: SurveySecrets,
) -> Manifest:
    plan = session.get_one(PublicationPlan, survey.id)
    frozen = FrozenPlan.from_json(plan.frozen)
    floors = frozen.floors
    return Manifest(
        survey_id=survey.id,
        title=survey.title,
        questionnaire_fingerprint=survey.questionnaire_fingerprint,
        scheme_fingerprint=survey.cycle.scheme_fingerprint,
        plan_fingerprint=plan.fingerprint,
        small_groups=survey.small_groups,
        groups=tuple(group.key for group in survey.rater_groups),
        merged=merged,
        batches=batches,
        subjects=by_unit(rated_of(session, survey.id)),
        key_holders=posted_holders(session, survey.id),
        signing_key=signatures.public_of(kept.signing_key).hex(),
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        floor=floors.office,
        public_floor=max(PUBLIC_FLOOR, floors.public),
        comment_floor=floors.comments,
        shroud=floors.shroud,
        dissatisfied=frozen.dissatisfied,
        commitments=commitments(session, survey.id),
        public_answers=survey.cycle.rules.disclosure.papers.value is Papers.PUBLIC,
        ballot_rules=survey.ballot_rules,
        keys_page=keys_page_print(),
        level=SEALED_ON_DEVICE,
        sealing_script=sealing_script_print(),
    )


def _batches(box_session: Session, survey_id: int) -> tuple[ManifestBatch, ...]:
    """Return the issued batches with the roots over their tickets.

    The database is let go of before the roots are made.
    """
    batches = batches_of(box_session, survey_id, states=(ISSUED,))
    digests = {
        batch.id: box_session.scalars(
            select(Ticket.digest).where(Ticket.batch_id == batch.id)
        ).all()
        for batch in batches
    }
    box_session.expunge_all()
    box_session.rollback()
    return tuple(posted_batch(batch, digests[batch.id]) for batch in batches)


def _merges(noted: Merged, batches: tuple[ManifestBatch, ...]) -> Merged:
    """Return what was noted, without groups whose batch was voided and left out."""
    there = {(batch.unit, batch.rater_group) for batch in batches}
    kept = {
        unit: {group: into for group, into in moved.items() if (unit, into) in there}
        for unit, moved in noted.items()
    }
    return {unit: moved for unit, moved in kept.items() if moved}
