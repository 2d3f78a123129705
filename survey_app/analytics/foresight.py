"""The forecast of one draft: what could not be shown, and whether it can score."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.disclosure.foreseen import Foreseen, Supposed, foreseen
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme, SubjectKind
from survey_app.survey.tables import ExpectedRaters, Survey


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """How many people of a unit's rater groups are known, as its batches say."""

    unit: str
    people: Mapping[str, int]
    merged: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnitForesight:
    """What could be shown about the subjects of some units; of all, without a name."""

    units: tuple[str, ...]
    found: Foreseen


def expected_raters(session: Session, survey_id: int) -> dict[str, int]:
    """Return rater group → how many the office expects, where it said so."""
    said = select(ExpectedRaters.rater_group, ExpectedRaters.people).where(
        ExpectedRaters.survey_id == survey_id
    )
    return {row.rater_group: row.people for row in session.execute(said)}


def foresight(
    session: Session, survey: Survey, scheme: Scheme, known: tuple[KnownPeople, ...]
) -> tuple[UnitForesight, ...]:
    """Return the forecast by unit, or one for all where nothing is known by unit.

    Nothing where the scheme has no such survey. Units of which the same is foreseen are
    told together.
    """
    try:
        component = scheme.component(survey.component_key)
    except KeyError:
        return ()
    if component.survey is None:
        return ()
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    expected = expected_raters(session, survey.id)
    posts = tuple(Post) if scheme.subject is SubjectKind.CADRE else (Post.PRINCIPAL,)
    found: defaultdict[Foreseen, list[str]] = defaultdict(list)
    for one in known or (KnownPeople("", expected, {}),):
        supposed = Supposed(
            component=survey.component_key,
            is_secret=survey.is_secret,
            people=one.people,
            posts=posts,
            merged=one.merged,
        )
        found[foreseen(scheme, questionnaire, supposed)].append(one.unit)
    return tuple(
        UnitForesight(tuple(filter(None, units)), one) for one, units in found.items()
    )
