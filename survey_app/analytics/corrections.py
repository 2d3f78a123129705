"""The corrections of a cycle, and what stands behind the values of one score sheet."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import (
    SheetAdjustments,
    adjustment_labels,
    labels_of,
    sheet_adjustments,
    waiting_of,
)
from survey_app.analytics.cycle_subjects import named_in, subjects_in
from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of
from survey_app.analytics.scores import SubjectSheet
from survey_app.analytics.survey_results import SubjectResults
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue, ReplacedValue
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.components import from_outside
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.settling.correction import (
    CONFIRMED,
    NAME,
    NOTHING,
    POST,
    REQUESTED,
    TITLE,
    UNIT,
    Correction,
    component_in,
    is_about_adjustment,
    post_name,
)

FACTS = {
    NAME: Bilingual("名称", "Name"),
    TITLE: Bilingual("职务", "Title"),
    POST: Bilingual("职级类别", "Post"),
    UNIT: Bilingual("单位编码", "Unit code"),
}
"""What the facts are called, as on the sheets of the roster."""
CORRECTIONS = ListColumns(
    always=(Correction.state != REQUESTED, Correction.id.desc()),
    within=lambda scope: scope.of_subject(Correction.subject_id),
)
NO_MORE = Bilingual("不再计入", "counts no more")


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One correction as the office reads it."""

    id: int
    subject_id: int
    subject: str
    what: Bilingual
    old: Bilingual
    """Empty where nothing stood."""
    new: Bilingual
    old_source: str
    new_source: str
    reason: str
    state: str
    requested_by: str
    requested_on: date
    decided_by: str
    decided_on: date | None

    @property
    def waits(self) -> bool:
        """Whether another person has yet to decide."""
        return self.state == REQUESTED


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value that stood here before."""

    value: str
    source: str
    entered_by: str
    entered_on: date | None
    replaced_by: str
    replaced_on: date | None


@dataclass(frozen=True, slots=True)
class Given:
    """One value from outside: who determined it, who entered it, what stood before."""

    label: Bilingual
    of_body: bool
    """Whether it is the leading body's."""
    value: str
    source: str
    entered_by: str
    """Empty: entered before this was noted."""
    entered_on: date | None
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """What a score sheet stands on beside counts and rules."""

    given: tuple[Given, ...]
    """In the scheme's order."""
    adjustments: SheetAdjustments
    corrections: tuple[ShownCorrection, ...]
    """Those that count, the first one first."""

    @property
    def version(self) -> int:
        """1, and one more for every correction."""
        return 1 + len(self.corrections)


def what_is(key: str, labels: dict[str, Bilingual]) -> Bilingual:
    """Return what a fact, the value of a component or an adjustment is called."""
    if key in FACTS:
        return FACTS[key]
    called = component_in(key) or key
    return labels.get(called, Bilingual(called, called))


def content_of(what: str, text: str) -> Bilingual:
    """Return what stands there, in words."""
    if what == POST:
        return post_name(text)
    if is_about_adjustment(what) and text == NOTHING:
        return NO_MORE
    return Bilingual(text, text)


def component_labels(scheme: Scheme) -> dict[str, Bilingual]:
    """Return component from outside → what it is called, in the scheme's order."""
    return {one.key: one.label for one in from_outside(scheme)}


def correctable_labels(
    session: Session, cycle_id: int, scheme: Scheme, subjects: Sequence[int] | None
) -> dict[str, Bilingual]:
    """Return component from outside, or adjustment → what it is called."""
    called = adjustment_labels(session, cycle_id, subjects, scheme)
    return component_labels(scheme) | called


def corrections_page(
    session: Session, cycle: Cycle, scheme: Scheme, asked: ListAsked
) -> ListPage[ShownCorrection]:
    """Return one page of a cycle's corrections: the waiting, then the newest."""
    chosen = select(Correction.id).where(Correction.cycle_id == cycle.id)
    page = page_of(session, chosen, CORRECTIONS, asked)
    numbers = [row.id for row in page.rows]
    every = session.scalars(select(Correction).where(Correction.id.in_(numbers)))
    found = {one.id: one for one in every} if numbers else {}
    some = sorted({one.subject_id for one in found.values()})
    names = {one.id: one.name for one in _rated(session, cycle, some)}
    labels = correctable_labels(session, cycle.id, scheme, some) if some else {}
    return page.of(lambda row: _shown(found[row.id], names, labels))


def _rated(session: Session, cycle: Cycle, some: Sequence[int]) -> list[Rated]:
    """Return these subjects, named as in the list of score sheets."""
    chosen = subjects_in(cycle).where(Subject.id.in_(some))
    return [named_in(row) for row in session.execute(chosen)] if some else []


def acts_waiting(
    session: Session, cycle_id: int, scope: Scope = EVERYWHERE
) -> tuple[int, int]:
    """Return how many corrections, and how many bonuses and deductions, wait.

    Each for another person than the one who asked; one statement.
    """
    corrections = select(func.count()).where(
        Correction.cycle_id == cycle_id,
        Correction.state == REQUESTED,
        scope.of_subject(Correction.subject_id),
    )
    adjustments = waiting_of(cycle_id).where(
        scope.of_subject(GivenAdjustment.subject_id)
    )
    both = select(corrections.scalar_subquery(), adjustments.scalar_subquery())
    one, other = session.execute(both).one()
    return one or 0, other or 0


def corrected_in(
    session: Session, cycle_id: int, subject: SubjectResults
) -> tuple[ShownCorrection, ...]:
    """Return the corrections of name, post or unit that count; one statement.

    What was counted is never corrected, and values are the score sheet's.
    """
    rows = select(Correction).where(
        Correction.cycle_id == cycle_id,
        Correction.subject_id == subject.subject_id,
        Correction.what.in_(FACTS),
        Correction.state == CONFIRMED,
    )
    names = {subject.subject_id: subject.name}
    found = session.scalars(rows.order_by(Correction.decided_on, Correction.id))
    return tuple(_shown(one, names, {}) for one in found)


def sheet_record(
    session: Session, cycle: Cycle, scheme: Scheme, found: SubjectSheet
) -> SheetRecord:
    """Return what stands behind one sheet, in three statements.

    The values and corrections of its unit's leading body are among it.
    """
    ours = {found.subject_id: found.name, found.body_id: found.unit}
    labels = component_labels(scheme)
    confirmed = select(Correction).where(
        Correction.cycle_id == cycle.id,
        Correction.subject_id.in_(ours),
        Correction.state == CONFIRMED,
    )
    rows = session.scalars(confirmed.order_by(Correction.decided_on, Correction.id))
    called = labels | labels_of(found.adjustments, scheme)
    return SheetRecord(
        _given(session, cycle, ours, found.subject_id, labels),
        sheet_adjustments(found.adjustments, scheme),
        tuple(_shown(one, ours, called) for one in rows),
    )


def _given(
    session: Session,
    cycle: Cycle,
    ours: Collection[int],
    subject_id: int,
    labels: dict[str, Bilingual],
) -> tuple[Given, ...]:
    """Return the values in the scheme's order, each with those that stood before."""
    earlier: defaultdict[tuple[int, str], list[Earlier]] = defaultdict(list)
    gone = select(ReplacedValue).where(
        ReplacedValue.cycle_id == cycle.id, ReplacedValue.subject_id.in_(ours)
    )
    for one in session.scalars(gone.order_by(ReplacedValue.id)):
        earlier[one.subject_id, one.component_key].append(
            Earlier(
                one.value,
                one.source,
                one.entered_by or "",
                one.entered_on,
                one.replaced_by or "",
                one.replaced_on,
            )
        )
    rows = select(GivenValue).where(
        GivenValue.cycle_id == cycle.id, GivenValue.subject_id.in_(ours)
    )
    place = {key: number for number, key in enumerate(labels)}
    values = [one for one in session.scalars(rows) if one.component_key in labels]
    return tuple(
        Given(
            label=labels[one.component_key],
            of_body=one.subject_id != subject_id,
            value=one.value,
            source=one.source,
            entered_by=one.entered_by or "",
            entered_on=one.entered_on,
            earlier=tuple(earlier[one.subject_id, one.component_key]),
        )
        for one in sorted(values, key=lambda one: place[one.component_key])
    )


def _shown(
    one: Correction, names: dict[int, str], labels: dict[str, Bilingual]
) -> ShownCorrection:
    return ShownCorrection(
        id=one.id,
        subject_id=one.subject_id,
        subject=names.get(one.subject_id, ""),
        what=what_is(one.what, labels),
        old=content_of(one.what, one.old),
        new=content_of(one.what, one.new),
        old_source=one.old_source,
        new_source=one.new_source,
        reason=one.reason,
        state=one.state,
        requested_by=one.requested_by,
        requested_on=one.requested_on,
        decided_by=one.decided_by or "",
        decided_on=one.decided_on,
    )
