"""Prepare a secret ballot: who holds the keys, whom auditors bind themselves to."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.ballot.held_box import ISSUED, batches_of, held_draft, key_holders
from survey_app.ballot.main_tables import AuditCommitment, KeyHolder
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.ground.look_alike import shape
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    KeyOfAnotherSurvey,
    KeyRefused,
    NotFound,
    SlipsAreOut,
)
from survey_app.survey.draft import draft
from survey_app.survey.tables import MERGE, WITHHOLD, Survey

PLACES = (1, 2)
COMMITMENT = re.compile("[0-9a-f]{64}")
COMMITMENTS_ALLOWED = 2
"""Slips for auditors in the smallest survey."""
SHARE_FOR_AUDITORS = 20
"""One slip in so many may be an auditor's: 5 %."""


def add_key_holder(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    place: int,
    public_key_text: str,
) -> KeyHolder:
    """Return the holder in this place (1 seals first, 2 last); an earlier one goes.

    Raises KeyRefused for a text that is no public key, and where the other place is
    held by the same body or with the same key; KeyOfAnotherSurvey where one of its
    halves is named by another survey, draft or past; SlipsAreOut once tickets are
    issued, whose envelopes have the length these keys give them; NotFound for another
    place, AlreadyOpened, WrongMode.
    """
    key = PublicKey.from_json(public_key_text)
    with held_draft(session, survey_id):
        refuse_after_printing(ballots, survey_id)
        if place not in PLACES:
            raise NotFound
        _refuse_used_elsewhere(session, survey_id, key)
        holders = key_holders(session, survey_id)
        earlier = holders.pop(place, None)
        for other in holders.values():
            _refuse_same(key, PublicKey.from_json(other.public_key))
        if earlier is not None:
            session.delete(earlier)
            session.flush()
        holder = _holder(survey_id, place, key)
        session.add(holder)
        session.commit()
    return holder


def _holder(survey_id: int, place: int, key: PublicKey) -> KeyHolder:
    return KeyHolder(
        survey_id=survey_id,
        place=place,
        name=key.holder,
        public_key=key.to_json(),
        fingerprint=key.fingerprint,
    )


def remove_key_holder(
    session: Session, ballots: Engine, survey_id: int, *, place: int
) -> None:
    """Take a key away; one that is not there is gone already.

    Raises SlipsAreOut once tickets are issued, NotFound, AlreadyOpened, WrongMode.
    """
    with held_draft(session, survey_id):
        refuse_after_printing(ballots, survey_id)
        session.execute(
            delete(KeyHolder).where(
                KeyHolder.survey_id == survey_id, KeyHolder.place == place
            )
        )
        session.commit()


def set_commitments(
    session: Session, ballots: Engine, survey_id: int, *, commitments: Sequence[str]
) -> int:
    """Return how many slips auditors are bound to; these replace all earlier ones.

    Raises FileRefused naming every line that is not a commitment of 64 hexadecimal
    digits and, where there are more than `commitments_allowed`, that; NotFound,
    AlreadyOpened, WrongMode.
    """
    wanted = sorted(set(commitments))
    with held_draft(session, survey_id):
        faults = (*_misread(commitments), *_too_many(ballots, survey_id, len(wanted)))
        if faults:
            raise FileRefused("commitments", faults)
        session.execute(
            delete(AuditCommitment).where(AuditCommitment.survey_id == survey_id)
        )
        session.add_all(
            AuditCommitment(survey_id=survey_id, commitment=one) for one in wanted
        )
        session.commit()
    return len(wanted)


def commitments_allowed(eligible: int) -> int:
    """Return how many slips may be auditors': 5 % of the eligible, at least 2."""
    return max(COMMITMENTS_ALLOWED, eligible // SHARE_FOR_AUDITORS)


def set_small_groups(
    session: Session, ballots: Engine, survey_id: int, *, policy: str
) -> None:
    """Say what happens to too small rater groups: "merge" or "withhold".

    Raises BoxNotReady while there is a batch, which was requested under the other
    policy; NotFound for another policy too, AlreadyOpened, WrongMode.
    """
    with held_draft(session, survey_id) as survey:
        if policy not in (MERGE, WITHHOLD):
            raise NotFound
        with Session(ballots) as box_session:
            if batches_of(box_session, survey_id):
                raise BoxNotReady
        survey.small_groups = policy
        session.commit()


def refuse_after_printing(ballots: Engine, survey_id: int) -> None:
    """Raise SlipsAreOut where slips wait for these people and for these keys."""
    with Session(ballots) as box_session:
        if batches_of(box_session, survey_id, states=(ISSUED,)):
            raise SlipsAreOut


def draft_without_slips(
    session: Session, survey_id: int, ballots: Engine | None
) -> Survey:
    """Return the draft, held fast; raises what `draft` raises, and SlipsAreOut."""
    survey = draft(session, survey_id)
    if ballots is not None and survey.is_secret:
        try:
            refuse_after_printing(ballots, survey_id)
        except SlipsAreOut:
            session.rollback()
            raise
    return survey


def _refuse_same(one: PublicKey, other: PublicKey) -> None:
    """Raise KeyRefused where one body could open what needs two."""
    if shape(one.holder) == shape(other.holder):
        raise KeyRefused
    if one.sealing == other.sealing or one.signing == other.signing:
        raise KeyRefused


def _refuse_used_elsewhere(session: Session, survey_id: int, key: PublicKey) -> None:
    """Raise KeyOfAnotherSurvey: whoever opens one box must not open another with it."""
    wanted = select(KeyHolder.public_key).where(KeyHolder.survey_id != survey_id)
    for text in session.scalars(wanted):
        other = PublicKey.from_json(text)
        if key.sealing == other.sealing or key.signing == other.signing:
            raise KeyOfAnotherSurvey


def _misread(commitments: Sequence[str]) -> Iterator[Fault]:
    for line, written in enumerate(commitments, 1):
        if not COMMITMENT.fullmatch(written):
            yield Fault(
                f"line {line}",
                "this is no commitment",
                "copy the 64 digits and letters a to f that the auditor was shown",
            )


def _too_many(ballots: Engine, survey_id: int, count: int) -> Iterator[Fault]:
    allowed = commitments_allowed(eligible_in(ballots, survey_id))
    if count > allowed:
        yield Fault(
            "commitments",
            f"{count} slips are more than auditors may have",
            f"enter at most {allowed}: 5 % of the eligible, at least 2",
        )


def eligible_in(ballots: Engine, survey_id: int) -> int:
    """Return how many people the batches of a survey speak of."""
    with Session(ballots) as box_session:
        return sum(batch.eligible for batch in batches_of(box_session, survey_id))
