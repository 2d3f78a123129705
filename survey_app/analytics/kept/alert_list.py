"""The list of kept alerts, page by page, the strongest first.

What stands on a page is compared with seals, rules and counts before it is shown. A
survey that is not as it was settled is named instead of its alerts.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.alerts import ToldAlert
from survey_app.analytics.kept.alert_choice import alert_columns
from survey_app.analytics.kept.alerts import PARTS, KeptAlert, RaisedAlerts
from survey_app.analytics.listed_subjects import SEARCHED
from survey_app.analytics.paging import (
    Fact,
    ListAsked,
    ListPage,
    Statement,
    page_of,
)
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.database import seal_key_of
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.review import State
from survey_app.domain.ground.plain import Misshapen, value_of
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.survey.counters import digests_of
from survey_app.survey.kept_plan import seal, untouched_plans
from survey_app.survey.rated import facts_in
from survey_app.survey.tables import (
    CLOSING,
    SECRET_BALLOT,
    UNCOUNTED,
    UNSETTLED,
    PublicationPlan,
    RatedSubject,
    Survey,
)

_FACTS = facts_in(RatedSubject)
_SEALED: tuple[Fact, ...] = (
    KeptAlert.survey_id, KeptAlert.subject_id, KeptAlert.number, KeptAlert.part,
    KeptAlert.place, KeptAlert.position, KeptAlert.told, KeptAlert.rests_on,
)  # fmt: skip
"""In the order in which they were sealed."""


@dataclass(frozen=True, slots=True)
class ListedAlert:
    """One alert with the names of what it is about."""

    survey_id: int
    survey: str
    is_secret: bool
    """Whether a ballot found it: how many took part is then public elsewhere."""
    subject_id: int
    subject: str
    unit: str
    number: int
    told: ToldAlert


@dataclass(frozen=True, slots=True)
class AlertsAsked:
    """Which alerts are asked for: the page of some parts, of one cycle or survey."""

    parts: Mapping[str, ListAsked]
    cycle_id: int | None = None
    survey_id: int | None = None
    state: State | None = None
    strength: Evidence | None = None


@dataclass(frozen=True, slots=True)
class RaisedIn:
    """One survey that raised its alerts, and how many of each part."""

    id: int
    title: str
    cycle_id: int
    cycle: str
    counts: Mapping[str, int]
    judged: int
    expected_false: Fraction
    is_whole: bool
    """Whether it says what was sealed."""


@dataclass(frozen=True, slots=True)
class AlertList:
    """One page of each part of the list that was asked for."""

    parts: Mapping[str, ListPage[ListedAlert]]
    surveys: tuple[RaisedIn, ...]
    """All that raised alerts, the newest first."""
    judged: int
    """How many had enough answers to be judged, of the surveys asked for."""
    expected_false: Fraction
    """At most how many statistical confirmations chance alone would give."""
    unsettled: tuple[Survey, ...]
    """Surveys that take no answers any more, whose results nobody has fixed yet."""
    unraised: tuple[Survey, ...]
    """Surveys whose results are fixed and whose alerts are being worked out."""
    changed: tuple[str, ...]
    """Titles of surveys whose rules or alerts are not as they were sealed."""
    differing: tuple[str, ...]
    """Titles of surveys whose counts have changed since."""


def alert_list(
    session: Session, asked: AlertsAsked, *, today: date, scope: Scope = EVERYWHERE
) -> AlertList:
    """Return the pages that are asked for; what is not as it was kept is not in them.

    A fixed number of statements, whose cost is that of the rows on the page.
    """
    every = _surveys(session, scope)
    wanted = [
        one
        for one in every
        if asked.survey_id in (None, one.id) and asked.cycle_id in (None, one.cycle_id)
    ]
    whole = [one for one in wanted if one.is_whole]
    columns = alert_columns(asked.state, asked.strength, scope)
    pages = {
        part: page_of(
            session,
            chosen(part, whole, is_all=len(whole) == len(every)),
            columns,
            one,
            known=sum(its.counts[part] for its in whole),
        )
        for part, one in asked.parts.items()
    }
    rows = [row for page in pages.values() for row in page.rows]
    changed, differing = not_as_kept(session, rows)
    changed |= {one.id for one in wanted if not one.is_whole}
    titles = {one.id: one.title for one in every}
    unsettled, unraised = _others(session, today, scope)
    return AlertList(
        parts=_parts(pages, {one.id for one in whole} - changed - differing),
        surveys=tuple(every),
        judged=sum(one.judged for one in whole),
        expected_false=sum((one.expected_false for one in whole), Fraction(0)),
        unsettled=unsettled,
        unraised=unraised,
        changed=tuple(titles[survey] for survey in sorted(changed)),
        differing=tuple(titles[survey] for survey in sorted(differing - changed)),
    )


def _surveys(session: Session, scope: Scope) -> list[RaisedIn]:
    """Return the surveys that count and raised their alerts, in two statements.

    Not whole is one whose head is not as sealed, or says another number of rows.
    """
    counted = select(KeptAlert.survey_id, KeptAlert.part, func.count()).group_by(
        KeptAlert.survey_id, KeptAlert.part
    )
    there = {(survey, part): n for survey, part, n in session.execute(counted)}
    heads = (
        select(RaisedAlerts, Survey)
        .join(Survey, Survey.id == RaisedAlerts.survey_id)
        .where(Survey.state.not_in(UNSETTLED), scope.of_survey(Survey.id))
        .options(joinedload(Survey.cycle))
        .order_by(Survey.id.desc())
    )
    key = seal_key_of(session)
    return [_raised(one, its, there, key) for one, its in session.execute(heads)]


def _raised(
    head: RaisedAlerts,
    survey: Survey,
    there: Mapping[tuple[int, str], int],
    key: bytes | None,
) -> RaisedIn:
    counts = {part: int(getattr(head, part)) for part in PARTS}
    told = (head.survey_id, *counts.values(), head.judged, head.expected_false)
    is_whole = head.seal == seal(key, *told) and all(
        there.get((survey.id, part), 0) == n for part, n in counts.items()
    )
    return RaisedIn(
        id=survey.id,
        title=survey.title,
        cycle_id=survey.cycle_id,
        cycle=survey.cycle.name,
        counts=counts,
        judged=head.judged,
        expected_false=Fraction(head.expected_false if is_whole else 0),
        is_whole=is_whole,
    )


def chosen(part: str, surveys: Collection[RaisedIn], *, is_all: bool) -> Statement:
    """Return the statement about the alerts of one part, with names and titles."""
    names = (RatedSubject.shown_name, RatedSubject.shown_unit)
    every = (
        select(*_SEALED, KeptAlert.seal, Survey.title, Survey.mode, *names)
        .add_columns(SEARCHED[0].label("name"), _FACTS["unit_name"].label("unit"))
        .select_from(KeptAlert)
        .join(Survey, Survey.id == KeptAlert.survey_id)
        .outerjoin(
            RatedSubject,
            (RatedSubject.survey_id == KeptAlert.survey_id)
            & (RatedSubject.subject_id == KeptAlert.subject_id),
        )
        .outerjoin(Subject, Subject.id == KeptAlert.subject_id)
        .outerjoin(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(KeptAlert.part == part, Survey.state.not_in(UNSETTLED))
    )
    if is_all:
        return every
    return every.where(KeptAlert.survey_id.in_([one.id for one in surveys]))


def not_as_kept(
    session: Session, rows: Iterable[Row[Any]]
) -> tuple[set[int], set[int]]:
    """Return the surveys whose rules or rows changed, and those whose counts did."""
    key = seal_key_of(session)
    changed, differing = set(), set()
    asked: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        asked[row.survey_id].add(row.subject_id)
        if row.seal != seal(key, *row[: len(_SEALED)]) or _told(row) is None:
            changed.add(row.survey_id)
    try:
        untouched_plans(session, asked)
    except PlanChanged as refused:
        changed |= set(refused.surveys)
    digests = digests_of(session, asked)
    for row in rows:
        if digests[row.survey_id, row.subject_id] != row.rests_on:
            differing.add(row.survey_id)
    return changed, differing


def _parts(
    pages: Mapping[str, ListPage[Row[Any]]], shown: Collection[int]
) -> dict[str, ListPage[ListedAlert]]:
    return {part: _read(page, shown) for part, page in pages.items()}


def _read(page: ListPage[Row[Any]], shown: Collection[int]) -> ListPage[ListedAlert]:
    """Return the page without the rows of other surveys than these."""
    return page.holding([listed(row) for row in page.rows if row.survey_id in shown])


def _told(row: Row[Any]) -> ToldAlert | None:
    """Return the alert of a row; None where nobody can read it."""
    try:
        return value_of(ToldAlert, json.loads(row.told))
    except (ValueError, Misshapen):
        return None


def listed(row: Row[Any]) -> ListedAlert:
    """Return the alert of a row that is as it was kept."""
    told = _told(row)
    assert told is not None  # noqa: S101 -- else its survey has been left out
    return ListedAlert(
        survey_id=row.survey_id,
        survey=row.title,
        is_secret=row.mode == SECRET_BALLOT,
        subject_id=row.subject_id,
        subject=row.shown_name or row.name,
        unit=row.shown_unit or row.unit,
        number=row.number,
        told=told,
    )


def _others(
    session: Session, today: date, scope: Scope
) -> tuple[tuple[Survey, ...], tuple[Survey, ...]]:
    """Return the surveys over whose results nobody fixed, and whose alerts are due."""
    plan, raised = PublicationPlan, RaisedAlerts
    is_done = Survey.state != CLOSING
    opened = (
        select(Survey, plan.evaluated.is_not(None) & is_done)
        .outerjoin(plan, plan.survey_id == Survey.id)
        .outerjoin(raised, (raised.survey_id == Survey.id) & is_done)
        .where(Survey.state.not_in(UNCOUNTED), raised.survey_id.is_(None))
        .where(scope.of_survey(Survey.id))
        .order_by(Survey.id.desc())
    )
    found = session.execute(opened).all()
    unfixed = tuple(s for s, is_settled in found if not is_settled and s.is_over(today))
    return unfixed, tuple(s for s, is_settled in found if is_settled)
