"""Take the result of an opening into the ballot database, in one transaction."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, Table, insert
from sqlalchemy.orm import Session

from survey_app.ballot import tables
from survey_app.ballot.closed_box import closing_in, posted_trackers, questions_of
from survey_app.ballot.held_box import kept_box, locked_box, manifest_in
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.paper.fragments import Fragment, LooseComment
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.sealing.export_checks import is_result_of, opens_closing
from survey_app.ballot.sealing.secrets_folder import read_secrets
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import CLOSED, COUNTED, BallotBox, Batch
from survey_app.domain.ground.refusals import BoxNotReady, ExportRefused, SecretsMissing
from survey_app.domain.questionnaire.ballot_lines import ballot_lines
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.table_base import BallotBase

ROWS_AT_ONCE = 5_000


def record_decryption(
    session: Session,
    ballots: Engine,
    survey_id: int,
    opened: Decrypted,
    *,
    secrets_folder: Path,
) -> None:
    """Write fragments, comments and head; from then on the box is counted.

    Taking the same result again changes nothing. Raises ExportRefused for a result
    that is not of this box, not signed by both holders, or does not add up;
    BoxNotReady unless the box is closed, and where another result was taken already;
    NotFound.
    """
    questionnaire = Questionnaire.from_json(questions_of(session, survey_id))
    if not (_answers(opened, questionnaire) and opened.adds_up):
        raise ExportRefused("what was opened does not add up")
    if any(challenge.picks is None for challenge in opened.head.challenges):
        raise ExportRefused("a challenged ballot did not open: the survey is void")
    compared = _refuse_foreign(ballots, survey_id, opened)
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, survey_id)
        if box.state != CLOSED:
            _refuse_another(box, opened)
            return
        if not compared:  # it closed only now
            raise BoxNotReady
        _write(boxes, opened)
        box.head = _signed(opened.signed, secrets_folder).to_json()
        box.state = COUNTED


def _answers(opened: Decrypted, questionnaire: Questionnaire) -> bool:
    """Return whether every fragment is one of the choices that were offered."""
    lines = ballot_lines(questionnaire)
    offered = {(line, said) for line in lines for said in lines[line]}
    given = {(one.question_key, one.choice_key) for one in opened.fragments}
    texts = {"", *(question.key for question in questionnaire.texts)}
    return (
        given <= offered
        and set(opened.head.questions) == lines.keys()
        and {one.question for one in opened.comments} <= texts
    )


def _refuse_another(box: BallotBox, opened: Decrypted) -> None:
    """Raise BoxNotReady unless exactly this result was taken before."""
    if not box.head or SignedHead.from_json(box.head).head != opened.head:
        raise BoxNotReady


def _refuse_foreign(ballots: Engine, survey_id: int, opened: Decrypted) -> bool:
    """Raise ExportRefused unless this is the opening of what was in the closed box.

    Return whether there is one to compare with. What a closed box holds is signed and
    stays, so nobody has to wait for the roots.
    """
    with Session(ballots) as reader:
        box = reader.get(BallotBox, survey_id)
        if box is None or box.state != CLOSED:
            return False
        manifest, closing = manifest_in(box), closing_in(box)
        trackers = posted_trackers(reader, survey_id)
    head = opened.head
    if not is_result_of(opened.signed, manifest):
        raise ExportRefused("it is not this box's, or not signed by both key holders")
    if merkle_root(trackers).hex() != head.root_in or not opens_closing(
        head, closing, manifest
    ):
        raise ExportRefused("it speaks of other envelopes than lie in this box")
    return True


def _write(boxes: Session, opened: Decrypted) -> None:
    """Write in the order of random keys, so that no row's place tells anything."""
    for counted in opened.head.batches:
        boxes.get_one(Batch, counted.batch_id).rater_group = counted.rater_group
    _insert(boxes, tables.FragmentRow, opened.fragments)
    _insert(boxes, tables.OpenedComment, opened.comments)


def _insert(
    boxes: Session, table: type[BallotBase], loose: Iterable[Fragment | LooseComment]
) -> None:
    ordered = sorted(loose, key=lambda one: one.id)
    names = [field.name for field in fields(ordered[0])] if ordered else []
    # The table and not its class: a row of it is nobody's object.
    adding = insert(cast("Table", table.__table__))
    for start in range(0, len(ordered), ROWS_AT_ONCE):
        some = ordered[start : start + ROWS_AT_ONCE]
        rows = [{name: getattr(one, name) for name in names} for one in some]
        boxes.execute(adding, rows)


def _signed(signed: SignedHead, secrets_folder: Path) -> SignedHead:
    """Return the head with the server's signature too, where its key is at hand."""
    try:
        key = read_secrets(secrets_folder, signed.head.survey_id).signing_key
    except SecretsMissing:
        return signed
    return replace(signed, server=sign(key, signed.head.signed_message).hex())
