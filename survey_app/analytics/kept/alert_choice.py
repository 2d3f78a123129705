"""By what the list of kept alerts is found, narrowed and ordered.

Its own order is by strength, and follows what is told: a share that is not shown is
none there. State and days are those of the alert's last round, as its line shows them;
what nobody looks into by a case has none, and stands last.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, select

from survey_app.alerts.tables import AlertCase
from survey_app.analytics.kept.alerts import KeptAlert
from survey_app.analytics.listed_subjects import SEARCHED
from survey_app.analytics.paging import SCALE, Fact, ListColumns
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.review import State
from survey_app.survey.rated import facts_in
from survey_app.survey.tables import RatedSubject, Survey

_FACTS = facts_in(RatedSubject)


def _says(field: str, key: Fact) -> ColumnElement[bool]:
    """Return whether the canonical text of an alert says this key in this field.

    A quotation mark inside of another text is never without its backslash there.
    """
    words = literal(f'"{field}":"') + key + literal('"')
    return func.replace(KeptAlert.told, words, "") != KeptAlert.told


def _of_case(fact: Fact, scope: Scope = EVERYWHERE) -> ScalarSelect[Any]:
    """Return a fact of the last round of an alert; NULL where there is no case.

    Rounds that surveys outside of the scope raised are as if they were not there.
    """
    last = (
        select(fact)
        .where(
            AlertCase.cycle_id == Survey.cycle_id,
            scope.of_survey(AlertCase.survey_id),
            AlertCase.subject_id == KeptAlert.subject_id,
            _says("rule", AlertCase.rule_key),
            _says("question", AlertCase.question_key),
            _says("group", AlertCase.rater_group),
        )
        .order_by(AlertCase.round.desc())
        .limit(1)
    )
    return last.correlate(KeptAlert, Survey).scalar_subquery()


_COLUMNS = ListColumns(
    always=(
        KeptAlert.place, KeptAlert.position, KeptAlert.survey_id.desc(),
        KeptAlert.subject_id, KeptAlert.number,
    ),
    search=SEARCHED,
    within=lambda scope: and_(
        scope.of_survey(KeptAlert.survey_id), scope.of_subject(KeptAlert.subject_id)
    ),
    unit_code=_FACTS["unit_code"],
    unit_name=_FACTS["unit_name"],
)  # fmt: skip


def alert_columns(
    state: State | None, strength: Evidence | None, scope: Scope = EVERYWHERE
) -> ListColumns:
    """Return by what alerts are found, of a state and a strength; None: of all."""
    wanted: list[ColumnElement[bool]] = []
    if state:
        wanted.append(_of_case(AlertCase.state, scope) == state.value)
    if strength:
        most = strength.strength * 10 * SCALE
        wanted.append(KeptAlert.place.between(-most - 10 * SCALE + 1, -most))
    orders = {
        "name": SEARCHED[0],
        "unit": _FACTS["unit_name"],
        "raised": _of_case(AlertCase.raised_on, scope),
        "due": _of_case(AlertCase.due_on, scope),
    }
    return replace(_COLUMNS, wanted=tuple(wanted), orders=orders)
