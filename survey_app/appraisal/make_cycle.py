"""Begin an appraisal cycle under a scheme, rename it, or delete an empty one."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.domain.ground.cycle_refusals import CycleInUse
from survey_app.domain.ground.look_alike import squeezed
from survey_app.domain.ground.refusals import AlreadyOpened, NameTaken, NotFound
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme import Scheme


def rename_cycle(session: Session, cycle_id: int, *, name: str) -> None:
    """Give the cycle another name; raises NotFound, AlreadyOpened, or NameTaken.

    Once a survey of it opened its name stands on papers, and workbooks know it by it.
    """
    cycle = _unfrozen(session, cycle_id)
    others = session.scalars(select(Cycle.name).where(Cycle.id != cycle_id))
    if squeezed(name) in map(squeezed, others):
        session.rollback()
        raise NameTaken
    cycle.name = name
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error


def delete_cycle(session: Session, cycle_id: int) -> None:
    """Delete the cycle; raises NotFound, AlreadyOpened, or CycleInUse.

    Surveys and given values are somebody's work: they are taken away one by one.
    """
    _unfrozen(session, cycle_id)
    try:
        session.execute(delete(Cycle).where(Cycle.id == cycle_id))
        session.commit()
    except IntegrityError as error:  # whatever stands in the cycle names it
        session.rollback()
        raise CycleInUse from error


def _unfrozen(session: Session, cycle_id: int) -> Cycle:
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None or cycle.frozen:
        session.rollback()
        raise NotFound if cycle is None else AlreadyOpened
    return cycle


def make_cycle(session: Session, name: str, *, scheme: Scheme) -> Cycle:
    """Return the new cycle with its copy of the scheme.

    Raises NameTaken where another bears the name, however wide or spaced it is written.
    """
    cycle = begin_cycle(session, name, scheme=scheme)
    mark_stale(session, cycle.id, None)
    session.commit()
    return cycle


def begin_cycle(
    session: Session, name: str, *, scheme: Scheme, appraises: bool = True
) -> Cycle:
    """Return the same, not committed yet; raises NameTaken.

    Without `appraises` it is a series of stand-alone surveys.
    """
    if squeezed(name) in map(squeezed, session.scalars(select(Cycle.name))):
        session.rollback()
        raise NameTaken
    cycle = Cycle(
        name=name,
        scheme_key=scheme.key,
        scheme=scheme_to_json(scheme),
        scheme_fingerprint=scheme.fingerprint,
        appraises=appraises,
    )
    session.add(cycle)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error
    return cycle
