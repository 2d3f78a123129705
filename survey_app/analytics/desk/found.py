"""What somebody finds on his desk of one kind: the first few, and how many besides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    and_,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.analytics.paging import Statement
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.survey.tables import Survey, SurveySubject

FEW = 5
"""So many things of a kind are named."""
MOST = 1000
"""So many are counted; where there are more, there are at least so many."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to do, or several that are done at one place."""

    about: str
    """Whom or what it is about, by name; of a failed job the kind."""
    at: Mapping[str, int] = field(default_factory=dict)
    """What the address of its page names."""
    count: int = 1
    due_on: date | None = None
    """The last day for it; None: no day was set."""
    among: Bilingual | None = None
    """What tells it from others about the same: whose answers raised an alert."""
    act: str = ""
    """What is to be done, where the kind does not say it: an act of an alert."""
    page: str = ""
    """Where it is done, where that is not the page of its kind."""
    is_mine: bool = True
    """Whether nobody else has begun it."""
    survey_id: int | None = None
    """The survey it belongs to, where its address names something of that one."""

    @property
    def survey(self) -> int | None:
        """The survey it belongs to; None: to none."""
        return self.at.get("survey_id", self.survey_id)

    def is_late(self, today: date) -> bool:
        """Return whether its last day has passed."""
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class DeskFound:
    """What is due of one kind."""

    items: tuple[DueItem, ...] = ()
    more: int = 0
    """How many such items there are besides."""


@dataclass(frozen=True, slots=True)
class DeskAsked:
    """Who asks what is to be done, and where he may."""

    session: Session
    ballots: Engine | None
    """None: there is no ballot database, or it does not answer."""
    account: str
    today: date
    scope: Scope = EVERYWHERE
    acts: Collection[str] = ()
    """Which addresses of its kind he may call."""


def some(asked: DeskAsked, listed: Statement, *at: str) -> DeskFound:
    """Return the first rows of a statement as items; `at` names columns of addresses.

    The statement names its columns as an item does; what it lacks stands as it is.
    """
    inner = listed.limit(MOST).subquery()
    columns = inner.c
    ours = asked.scope.surveys
    if ours is not None and "survey_id" not in columns:
        return DeskFound()
    order: list[Any] = [columns[name] for name in ("due_on", *at) if name in columns]
    wanted = select(inner, func.count().over().label("every"))
    if ours is not None:
        wanted = wanted.where(asked.scope.of_survey(columns["survey_id"]))
    if "due_on" in columns:
        order.insert(0, columns.due_on.is_(None))
    rows = asked.session.execute(wanted.order_by(*order).limit(FEW)).mappings().all()
    told = [name for name in ("about", "count", "due_on") if name in columns]
    items = tuple(
        DueItem(
            **{name: row[name] for name in told}, at={name: row[name] for name in at}
        )
        for row in rows
    )
    return DeskFound(items, rows[0]["every"] - len(items) if rows else 0)


def exactly(column: InstrumentedAttribute[str], word: str) -> Any:
    """Return the condition in words: only then an index over these rows is used."""
    return column == literal(word, literal_execute=True)


def of_scope(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a survey is one of these, and about somebody within."""
    ours = scope.of_survey(Survey.id)
    if scope.is_whole:
        return ours
    within = scope.of_subject(SurveySubject.subject_id)
    return and_(ours, exists().where(SurveySubject.survey_id == Survey.id, within))
