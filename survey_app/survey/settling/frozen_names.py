"""What everybody rated in a survey is called in it: settled when his facts are.

Telling namesakes apart takes a look at all of them. It is taken once, when the survey
opens, and again where a correction changed a name; pages and lists read rows by key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from survey_app.appraisal.frozen_facts import FACTS
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated, named_apart
from survey_app.domain.ground.initials import initials_of
from survey_app.survey.rated import in_order, rated_from
from survey_app.survey.tables import RatedSubject, SurveySubject

_FROZEN = (
    select(
        SurveySubject.subject_id.is_not(None),
        RatedSubject.subject_id,
        Subject.kind,
        RatedSubject.survey_id.is_not(None),
        *(getattr(RatedSubject, name) for name in FACTS),
    )
    .join(Subject, Subject.id == RatedSubject.subject_id)
    .outerjoin(
        SurveySubject,
        (SurveySubject.survey_id == RatedSubject.survey_id)
        & (SurveySubject.subject_id == RatedSubject.subject_id),
    )
)
_NAMED = (
    update(RatedSubject.__table__)  # type: ignore[arg-type]  # it is a table
    .where(RatedSubject.__table__.c.survey_id == bindparam("of_survey"))
    .where(RatedSubject.__table__.c.subject_id == bindparam("of_subject"))
)


Told = tuple[Any, ...]
"""A frozen subject as `_FROZEN` tells of it."""


@dataclass(frozen=True, slots=True)
class SettledNames:
    """How subjects are called among each other."""

    told: tuple[Told, ...] = ()
    """Whom they were worked out for."""
    shown: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> "SettledNames":
        """Return how each of these is called, and its place in lists.

        Whoever the survey asks about is told from the others it asks about; who is
        only reached by it, from all.
        """
        told = _sorted(rows)
        frozen = [(is_asked, rated_from(facts)) for is_asked, *facts in told]
        asked = {one.id: one for one in named_apart(r for is_in, r in frozen if is_in)}
        every = [asked.get(one.id, one) for one in named_apart(r for _, r in frozen)]
        shown = (
            {"of_subject": one.id, **shown_as(one, place)}
            for place, one in enumerate(in_order(every))
        )
        return cls(told, tuple(shown))


def _sorted(rows: Iterable[Sequence[Any]]) -> tuple[Told, ...]:
    return tuple(sorted((tuple(row) for row in rows), key=lambda row: int(row[1])))


def settle_names(
    session: Session, survey_ids: Iterable[int], foreseen: SettledNames | None = None
) -> None:
    """Write how each subject frozen in these surveys is called there, and its place.

    Names that were foreseen are taken where they were worked out for the very same
    facts. Does not commit.
    """
    for survey_id in survey_ids:
        rows = _FROZEN.where(RatedSubject.survey_id == survey_id)
        told = _sorted(session.execute(rows).all())
        names = (
            foreseen if foreseen and foreseen.told == told else SettledNames.of(told)
        )
        named = [{"of_survey": survey_id, **shown} for shown in names.shown]
        if named:
            session.connection().execute(_NAMED, named)


def shown_as(rated: Rated, position: int) -> Mapping[str, Any]:
    """Return the columns that say how a subject is called among the others."""
    is_plain = rated.name == rated.bare_name
    return {
        "shown_name": rated.name,
        "shown_unit": rated.unit.shown,
        "shown_place": rated.place if is_plain else "",
        "position": position,
        "initials": initials_of(rated.bare_name, rated.unit.name),
    }
