"""What stands in a cycle and can be corrected, as the tables have it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.correcting import VALUE, Correctable, Place, facts_of
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.rated import Rated
from survey_app.domain.refusals import NotFound
from survey_app.domain.scoring.components import FROM_OUTSIDE, every_component
from survey_app.models.cycle import Cycle
from survey_app.models.given_value import GivenValue
from survey_app.models.rated import rated_in, rated_in_cycle
from survey_app.models.survey import Survey
from survey_app.models.unit import Unit


def correctable(session: Session, cycle: Cycle, subject_id: int) -> Correctable:
    """Return what can be corrected about the subject; raises NotFound.

    Facts that were frozen, and once the cycle is settled its given values. What is not
    frozen or settled is no correction's business: a workbook changes it.
    """
    known = _known(session, cycle, subject_id)
    values = _values(session, cycle, subject_id)
    scheme = scheme_from_json(cycle.scheme)
    components = {
        component.key: component
        for component in every_component(scheme.components)
        if component.kind in FROM_OUTSIDE
        and component.about == known[0].kind
        and cycle.is_settled
    }
    given = [
        Place(VALUE + key, values[key].value if key in values else "")
        for key in components
    ]
    return Correctable(
        places=(*dict.fromkeys(_facts(known)), *given),
        sources={VALUE + key: value.source for key, value in values.items()},
        components=components,
        units=set(session.scalars(select(Unit.code))),
    )


def _facts(known: list[Rated]) -> Iterator[Place]:
    """Yield every frozen fact; one that surveys know differently comes twice."""
    for one in known:
        if one.is_frozen:
            yield from (Place(what, old) for what, old in facts_of(one).items())


def _known(session: Session, cycle: Cycle, subject_id: int) -> list[Rated]:
    """Return the subject as the cycle knows it, then as each opened survey does."""
    beside = rated_in_cycle(
        session, cycle.id, is_settled=cycle.is_settled, beside=subject_id
    )
    own = [one for one in beside if one.id == subject_id]
    if not own:
        raise NotFound
    every = select(Survey.id).where(Survey.cycle_id == cycle.id).order_by(Survey.id)
    surveys = rated_in(session, session.scalars(every))
    named = [one for some in surveys.values() for one in some if one.id == subject_id]
    return [*own, *named]


def _values(session: Session, cycle: Cycle, subject_id: int) -> dict[str, GivenValue]:
    given = select(GivenValue).where(
        GivenValue.cycle_id == cycle.id, GivenValue.subject_id == subject_id
    )
    return {value.component_key: value for value in session.scalars(given)}
