"""A secret survey and its ballot box, held fast while something is changed.

There is no transaction over two databases. Whoever prepares a ballot holds the survey's
row in the main database first and the box second; the survey leaves its draft in the
main database, so that nothing is prepared any more behind the back of an opening.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.ballot.main_tables import AuditCommitment, KeyHolder
from survey_app.ballot.paper.ballot import BallotForm
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.sealing.envelope import sealed_size
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.ballot.tables import ISSUING, OPEN, BallotBox, Batch
from survey_app.database import writing
from survey_app.domain.counting.merged_groups import elsewhere
from survey_app.domain.ground.canonical import by_number, canonical
from survey_app.domain.ground.refusals import BoxNotReady, NotFound, WrongMode
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.draft import draft, locked_survey
from survey_app.survey.tables import Survey


def noted_merges(box: BallotBox) -> dict[int, dict[str, str]]:
    """Return unit → group → the group it is counted in, of a box still issuing."""
    return by_number(json.loads(box.manifest)["merged"]) if box.manifest else {}


def note_merges(box: BallotBox, unit_id: int, merged: dict[str, str]) -> None:
    """Note which groups of one unit are counted in another; of none, nothing."""
    noted = noted_merges(box)
    noted.pop(unit_id, None)
    if moved := elsewhere(merged):
        noted[unit_id] = moved
    box.manifest = canonical({"merged": noted})


HOLDERS = 2
"""Two bodies: neither of them alone can open an envelope."""


def subjects_by_unit(survey: Survey) -> dict[int, tuple[int, ...]]:
    """Return unit → the draft's subjects that belong to it by now, by number."""
    return by_unit(survey.subjects)


def by_unit(subjects: Iterable[Subject | Rated]) -> dict[int, tuple[int, ...]]:
    """Return unit → those of the subjects that belong to it, in their order."""
    found: dict[int, tuple[int, ...]] = {}
    for subject in subjects:
        found[subject.unit_id] = (*found.get(subject.unit_id, ()), subject.id)
    return found


def ballot_form_of(survey: Survey, *, batch_id: str, unit_id: int) -> BallotForm | None:
    """Return the form of a batch's ballots, by the survey as it stands.

    None where nobody could fill one in: no subject of the survey belongs to the unit,
    or a ballot about all of them would be longer than the format allows. Raises
    TextRefused where the survey's questions cannot be read.
    """
    return ballot_forms_of(survey)(batch_id, unit_id)


def ballot_forms_of(survey: Survey) -> Callable[[str, int], BallotForm | None]:
    """Return what gives batch and unit their form, from a survey that is read once."""
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    subjects = subjects_by_unit(survey)

    def form_of(batch_id: str, unit_id: int) -> BallotForm | None:
        try:
            return BallotForm(
                survey_id=survey.id,
                batch_id=batch_id,
                questionnaire=questionnaire,
                subject_ids=subjects.get(unit_id, ()),
            )
        except ValueError:
            return None

    return form_of


def key_holders(session: Session, survey_id: int) -> dict[int, KeyHolder]:
    """Return place (1 or 2) → key holder, for the places that are taken, in order."""
    wanted = select(KeyHolder).where(KeyHolder.survey_id == survey_id)
    found = session.scalars(wanted.order_by(KeyHolder.place))
    return {holder.place: holder for holder in found}


def posted_holders(session: Session, survey_id: int) -> tuple[tuple[str, str], ...]:
    """Return (name, public key) of both, the one that seals first in front."""
    held = key_holders(session, survey_id).values()
    return tuple((holder.name, holder.public_key) for holder in held)


def sealing_keys(session: Session, survey_id: int) -> tuple[PublicKey, ...]:
    """Return the holders' public keys, the one that seals first in front."""
    posted = posted_holders(session, survey_id)
    return tuple(PublicKey.from_json(text) for _name, text in posted)


def commitments(session: Session, survey_id: int) -> tuple[str, ...]:
    """Return what auditors bound themselves to, in hex and sorted."""
    wanted = select(AuditCommitment.commitment).where(
        AuditCommitment.survey_id == survey_id
    )
    return tuple(session.scalars(wanted.order_by(AuditCommitment.commitment)))


def envelope_sizes(form: BallotForm, keys: tuple[PublicKey, ...]) -> tuple[int, int]:
    """Return how many bytes the envelopes of answers and of comment have."""
    return sealed_size(form.answers_size, keys), sealed_size(form.comment_size, keys)


REQUESTED, ISSUED, VOIDED = "requested", "issued", "void"
LIVE = (REQUESTED, ISSUED)
EVERY = (REQUESTED, ISSUED, VOIDED)


@contextmanager
def held_draft(session: Session, survey_id: int) -> Iterator[Survey]:
    """Give a secret survey that can still be changed; let go of it at the end.

    What is not committed inside is taken back. Raises NotFound, AlreadyOpened, or
    WrongMode for an open survey.
    """
    try:
        survey = draft(session, survey_id)
        if not survey.is_secret:
            raise WrongMode
        yield survey
    finally:
        session.rollback()


def locked_secret(session: Session, survey_id: int) -> Survey:
    """Return the secret survey in whatever state; raises NotFound or WrongMode."""
    survey = locked_survey(session, survey_id)
    if not survey.is_secret:
        session.rollback()
        raise WrongMode
    return survey


@contextmanager
def kept_box(ballots: Engine) -> Iterator[Session]:
    """Give a session that writes to the ballot database; it commits at the end."""
    with Session(writing(ballots)) as box_session, box_session.begin():
        yield box_session


def locked_box(box_session: Session, survey_id: int) -> BallotBox:
    """Return the box, held against every ballot on its way; raises BoxNotReady.

    Casting holds the same row in share, so this waits for ballots being kept.
    """
    box = box_session.get(BallotBox, survey_id, with_for_update=True)
    if box is None:
        raise BoxNotReady
    return box


def open_box(box_session: Session, survey_id: int) -> BallotBox:
    """Return a box that takes ballots; it does not close before this transaction ends.

    Raises BoxNotReady.
    """
    box = box_session.get(BallotBox, survey_id, with_for_update={"read": True})
    if box is None or box.state != OPEN or box.signatures is not None:
        raise BoxNotReady
    return box


def issuing_box(box_session: Session, survey: Survey) -> BallotBox:
    """Return the box of a draft, made if it is missing, with the survey's days.

    Raises BoxNotReady once the box is open.
    """
    box = box_session.get(BallotBox, survey.id, with_for_update=True)
    if box is None:
        box = BallotBox(survey_id=survey.id, state=ISSUING)
        box_session.add(box)
    if box.state != ISSUING:
        raise BoxNotReady
    box.opens_on, box.closes_on = survey.opens_on, survey.closes_on
    return box


def batches_of(
    box_session: Session, survey_id: int, *, states: tuple[str, ...] = LIVE
) -> list[Batch]:
    """Return the survey's batches in these states, in the order of their random ids."""
    wanted = select(Batch).where(
        Batch.survey_id == survey_id, Batch.state.in_(states)
    ).order_by(Batch.id)  # fmt: skip
    return list(box_session.scalars(wanted))


def survey_of_batch(ballots: Engine, batch_id: str) -> int:
    """Return the survey a batch belongs to; raises NotFound."""
    with Session(ballots) as box_session:
        batch = box_session.get(Batch, batch_id)
    if batch is None:
        raise NotFound
    return batch.survey_id


def manifest_in(box: BallotBox | None) -> Manifest:
    """Return what was posted at the opening; BoxNotReady where nothing was yet."""
    if box is None or box.state == ISSUING:
        raise BoxNotReady
    return Manifest.from_json(read_posted(box.manifest)[0])
