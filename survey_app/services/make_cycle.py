"""Begin an appraisal cycle under a scheme."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.domain.files.scheme_json import scheme_to_json
from survey_app.domain.look_alike import squeezed
from survey_app.domain.refusals import NameTaken
from survey_app.domain.scheme import Scheme
from survey_app.models.cycle import Cycle


def make_cycle(session: Session, name: str, *, scheme: Scheme) -> Cycle:
    """Return the new cycle with its copy of the scheme.

    Raises NameTaken where another bears the name, however wide or spaced it is written.
    """
    if squeezed(name) in map(squeezed, session.scalars(select(Cycle.name))):
        session.rollback()
        raise NameTaken
    cycle = Cycle(
        name=name,
        scheme_key=scheme.key,
        scheme=scheme_to_json(scheme),
        scheme_fingerprint=scheme.fingerprint,
    )
    session.add(cycle)
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise NameTaken from error
    return cycle
