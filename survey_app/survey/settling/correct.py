"""Correct what is settled or frozen: one person requests it, another confirms it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.accounts.change_password import refuse_given
from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.domain.ground.cycle_refusals import (
    AnotherConfirms,
    CorrectionDecided,
    CorrectionInDoubt,
    CorrectionOutdated,
    CorrectionRefused,
)
from survey_app.domain.ground.refusals import NotFound, PasswordGivenSince
from survey_app.survey.settling.apply_correction import apply_correction, correctable
from survey_app.survey.settling.correction import (
    CONFIRMED,
    DECLINED,
    NAME,
    POST,
    REQUESTED,
    TITLE,
    UNIT,
    WITHDRAWN,
    Correctable,
    CorrectablePlace,
    Correction,
    is_change,
    needs_source,
)
from survey_app.survey.settling.settle_cycle import held_cycle


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """What a correction asks for."""

    place: str
    """What stands somewhere, as `Place.key` calls it."""
    new: str
    source: str
    """Of values: who determined it and where it is filed."""
    reason: str


def request_correction(
    session: Session,
    cycle_id: int,
    subject_id: int,
    asked: CorrectionAsked,
    *,
    account: str,
    today: date,
) -> int:
    """Return the number of the request; nothing changes until another confirms it.

    Raises CorrectionRefused where nothing of the kind stands there, the new content
    cannot stand there or is the old one, a reason is missing, or points come without
    a source; PasswordStillGiven while another gave the account its password; NotFound.
    """
    cycle = held_cycle(session, cycle_id)
    try:
        refuse_given(session, account)
        place, new, old_source = _read(correctable(session, cycle, subject_id), asked)
    except Exception:
        session.rollback()
        raise
    correction = Correction(
        cycle_id=cycle_id,
        subject_id=subject_id,
        what=place.what,
        old=place.old,
        new=new,
        old_source=old_source,
        new_source=asked.source if needs_source(place.what, new) else "",
        reason=asked.reason,
        state=REQUESTED,
        requested_by=account,
        requested_on=today,
        passwords_given=given_so_far(session),
    )
    session.add(correction)
    session.commit()
    return correction.id


def _read(
    found: Correctable, asked: CorrectionAsked
) -> tuple[CorrectablePlace, str, str]:
    """Return what is wrong, what is right and the old source, or CorrectionRefused."""
    place = found.place(asked.place)
    new = found.read(place.what, asked.new) if place else None
    if place is None or new is None or not is_change(place, new):
        raise CorrectionRefused
    if not asked.reason or (needs_source(place.what, new) and not asked.source):
        raise CorrectionRefused
    return place, new, found.sources.get(place.what, "")


def confirm_correction(
    session: Session, correction_id: int, *, account: str, today: date
) -> None:
    """Let the correction count from now on.

    Raises AnotherConfirms for the account that requested it, PasswordStillGiven,
    OwnerNotConfirmed or CorrectionInDoubt where one person could be both,
    CorrectionOutdated where something else stands there by now, CorrectionDecided, or
    NotFound.
    """
    correction = _waiting(session, correction_id)
    try:
        _refuse_one_person(session, correction, account)
        cycle = held_cycle(session, correction.cycle_id)
        stands = correctable(session, cycle, correction.subject_id)
        if stands.place(f"{correction.what}={correction.old}") is None:
            raise CorrectionOutdated
    except Exception:
        session.rollback()
        raise
    apply_correction(session, correction, by=account, today=today)
    renames = correction.what in (NAME, TITLE, POST, UNIT)
    subject = [correction.subject_id]
    mark_stale(session, correction.cycle_id, subject, renames=renames)
    _decide(session, correction, CONFIRMED, account, today)


def decline_correction(
    session: Session, correction_id: int, *, account: str, today: date
) -> None:
    """Refuse a request for good; whoever made it withdraws it by the same act.

    Raises CorrectionDecided or NotFound.
    """
    correction = _waiting(session, correction_id)
    own = correction.requested_by == account
    _decide(session, correction, WITHDRAWN if own else DECLINED, account, today)


def _waiting(session: Session, correction_id: int) -> Correction:
    """Return the request, held fast; raises NotFound or CorrectionDecided."""
    correction = session.get(
        Correction, correction_id, with_for_update=True, populate_existing=True
    )
    if correction is None:
        session.rollback()
        raise NotFound
    if correction.state != REQUESTED:
        session.rollback()
        raise CorrectionDecided
    return correction


def _refuse_one_person(session: Session, correction: Correction, account: str) -> None:
    """Raise why one person could be both accounts."""
    if correction.requested_by == account:
        raise AnotherConfirms
    try:
        refuse_one_person(
            session,
            first=correction.requested_by,
            second=account,
            since=correction.passwords_given,
        )
    except PasswordGivenSince as doubt:
        raise CorrectionInDoubt from doubt


def _decide(
    session: Session, correction: Correction, state: str, account: str, today: date
) -> None:
    correction.state = state
    correction.decided_by, correction.decided_on = account, today
    session.commit()
