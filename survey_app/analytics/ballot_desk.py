"""What the office may know of a ballot box: how far it is, and its batches.

Nothing here counts ballots: before the box is closed no batch row holds such a count.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, Subquery, exists, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.paging import (
    PER_PAGE,
    ListAsked,
    ListColumns,
    ListPage,
    narrowed,
    page_of,
)
from survey_app.appraisal.people import Unit
from survey_app.ballot.held_box import noted_merges
from survey_app.ballot.paper.manifest import posted_merges
from survey_app.ballot.tables import DONE, ISSUING, SCRUBBED, VOID, BallotBox, Batch
from survey_app.domain.counting.merged_groups import Merged
from survey_app.survey.rated import facts_in, rated_of, subjects_of
from survey_app.survey.tables import RatedSubject


@dataclass(frozen=True, slots=True)
class BoxNow:
    """How far a box is, without its papers: they may be megabytes."""

    state: str
    is_closing: bool
    """Whether its closing has begun."""
    has_closing: bool
    has_head: bool

    @property
    def is_void(self) -> bool:
        """Whether it was declared void; the same as a `BallotBox` says."""
        ended = self.state in (SCRUBBED, DONE) and not self.has_head
        return self.state == VOID or ended


@dataclass(frozen=True, slots=True)
class BallotUnit:
    """A unit whose people rate somebody of a survey."""

    id: int
    code: str
    name: str


def ballot_box_of(ballots: Engine, survey_id: int) -> BallotBox | None:
    """Return the box as it stands; None before anything was prepared."""
    with Session(ballots, expire_on_commit=False) as box_session:
        return box_session.get(BallotBox, survey_id)


def box_now(ballots: Engine, survey_id: int) -> BoxNow | None:
    """Return how far the box is; None before anything was prepared."""
    asked = select(
        BallotBox.state,
        BallotBox.signatures.is_not(None),
        BallotBox.closing != "",
        BallotBox.head != "",
    ).where(BallotBox.survey_id == survey_id)
    with ballots.connect() as connection:
        row = connection.execute(asked).one_or_none()
    return None if row is None else BoxNow(row[0], *map(bool, row[1:]))


def merges_in(ballots: Engine, survey_id: int) -> Merged:
    """Return unit → group → the group it is counted in, where that is another."""
    asked = select(BallotBox).where(BallotBox.survey_id == survey_id)
    columns = asked.with_only_columns(BallotBox.state, BallotBox.manifest)
    with ballots.connect() as connection:
        row = connection.execute(columns).one_or_none()
    if row is None:
        return {}
    state, manifest = row
    if state == ISSUING:
        return noted_merges(BallotBox(manifest=manifest))
    return posted_merges(manifest)


def box_states(ballots: Engine, surveys: Collection[int]) -> dict[int, str]:
    """Return survey → how far its box is, of those of these that have one."""
    told = select(BallotBox.survey_id, BallotBox.state)
    with Session(ballots) as box_session:
        rows = box_session.execute(told.where(BallotBox.survey_id.in_(surveys)))
        return {row.survey_id: row.state for row in rows}


def batches_of(
    ballots: Engine, survey_id: int, *, units: Collection[int] | None = None
) -> tuple[Batch, ...]:
    """Return the batches of the survey, void ones too, by unit and rater group.

    `units` names whose are asked for; None stands for all.
    """
    asked = select(Batch).where(Batch.survey_id == survey_id)
    if units is not None:
        asked = asked.where(Batch.unit_id.in_(units))
    ordered = asked.order_by(Batch.unit_id, Batch.rater_group, Batch.id)
    with Session(ballots, expire_on_commit=False) as box_session:
        return tuple(box_session.scalars(ordered))


def batch_of(ballots: Engine, batch_id: str) -> Batch | None:
    """Return one batch by its key."""
    with Session(ballots, expire_on_commit=False) as box_session:
        return box_session.get(Batch, batch_id)


def any_batches(ballots: Engine, survey_id: int) -> tuple[bool, bool]:
    """Return whether the survey has batches, and whether one of them lives."""
    ours = Batch.survey_id == survey_id
    asked = select(exists().where(ours), exists().where(ours, Batch.state != VOID))
    with ballots.connect() as connection:
        found = connection.execute(asked).one()
    return bool(found[0]), bool(found[1])


def units_with_batches(ballots: Engine, survey_id: int) -> set[int]:
    """Return the units that have batches, void ones too."""
    asked = select(Batch.unit_id).where(Batch.survey_id == survey_id).distinct()
    with ballots.connect() as connection:
        return set(connection.scalars(asked))


def units_page(
    session: Session, survey_id: int, asked: ListAsked, *, size: int = PER_PAGE
) -> ListPage[BallotUnit]:
    """Return one page of the units whose people rate the survey's subjects."""
    units = _units(survey_id)
    wanted = select(units.c.id, units.c.code, units.c.name)
    page = page_of(session, wanted, _columns(units), asked, size=size)
    return page.of(lambda row: BallotUnit(*row))


def units_found(session: Session, survey_id: int, search: str) -> set[int]:
    """Return the units of the same list that a search finds."""
    units = _units(survey_id)
    wanted = narrowed(select(units.c.id), _columns(units), ListAsked(search))
    return set(session.scalars(wanted))


def _columns(units: Subquery) -> ListColumns:
    """Return by what units are searched and ordered."""
    return ListColumns(
        always=(units.c.code, units.c.id),
        search=(units.c.name, units.c.code, units.c.initials),
        within=lambda scope: scope.condition(units.c.id),
        unit_code=units.c.code,
        unit_name=units.c.name,
    )


def units_named(
    session: Session, survey_id: int, units: Collection[int]
) -> dict[int, BallotUnit]:
    """Return unit → what it is called in this survey, of these units."""
    known = _units(survey_id)
    wanted = select(known.c.id, known.c.code, known.c.name)
    rows = session.execute(wanted.where(known.c.id.in_(units)))
    return {row.id: BallotUnit(*row) for row in rows}


def strayed(
    session: Session, survey_id: int, units: Collection[int]
) -> list[BallotUnit]:
    """Return those of the units of which nobody is rated in the survey any more."""
    rated = set(session.scalars(select(_units(survey_id).c.id)))
    gone = select(Unit.id, Unit.code, Unit.name).where(Unit.id.in_(set(units) - rated))
    return [BallotUnit(*row) for row in session.execute(gone.order_by(Unit.code))]


def _units(survey_id: int) -> Subquery:
    """Return the units of a survey's subjects: as it was opened, where it was."""
    facts = facts_in(RatedSubject)
    shown = func.coalesce(func.nullif(RatedSubject.shown_unit, ""), facts["unit_name"])
    grouped = subjects_of(survey_id).with_only_columns(
        facts["unit_id"].label("id"),
        func.min(facts["unit_code"]).label("code"),
        func.min(shown).label("name"),
        func.min(Unit.initials).label("initials"),
    )
    return grouped.group_by(facts["unit_id"]).subquery()


def unit_names(session: Session, survey_id: int) -> dict[int, str]:
    """Return unit → its name, in this survey: as it was opened, where it was."""
    rows = session.execute(select(Unit.id, Unit.name))
    rated = rated_of(session, survey_id)
    names = {row.id: row.name for row in rows}
    return names | {one.unit.id: one.unit.shown for one in rated}
