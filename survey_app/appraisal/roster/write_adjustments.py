"""Bonuses and deductions of a workbook → proposals that wait, each once."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.appraisal.adjustments import (
    COUNTS,
    WAITING,
    GivenAdjustment,
    is_same,
    proposed,
)
from survey_app.appraisal.roster.kept_roster import Change, KeptRoster, change
from survey_app.appraisal.roster.roster import AdjustmentEntry, CellFault
from survey_app.appraisal.roster.roster_sheets import ADJUSTMENTS
from survey_app.appraisal.roster.write_rows import SOMEBODY, Hand
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scoring.proposal import FROM_IMPORT, KINDS, Proposal


def write_adjustments(
    session: Session,
    kept: KeptRoster,
    entries: tuple[AdjustmentEntry, ...],
    hand: Hand = SOMEBODY,
) -> Iterator[Change]:
    """Yield what happens to every row; whoever calls commits or rolls back.

    What stands already, in whatever state, is left alone: a workbook sent twice makes
    nothing twice, and nothing that was withdrawn comes back with it.
    """
    session.flush()
    import_no = (session.scalar(select(func.max(GivenAdjustment.import_no))) or 0) + 1
    for entry in entries:
        proposal = _proposal(kept, entry)
        cycle_id = kept.cycles[entry.cycle].id
        stands = _standing(kept, cycle_id, proposal) is not None
        if not stands:
            row = proposed(
                proposal, cycle_id=cycle_id, account=hand.account, today=hand.today
            )
            row.import_no, row.passwords_given = import_no, hand.passwords_given
            session.add(row)
            kept.adjustments[cycle_id, proposal.subject_id].append(row)
        told = _told(entry)
        before = told if stands else None
        name = _name(kept, entry)
        yield change(ADJUSTMENTS, entry.row, name, before=before, after=told)


def adjustment_faults(
    kept: KeptRoster, entries: Iterable[AdjustmentEntry]
) -> tuple[CellFault, ...]:
    """Return a fault for every row that would add to a settled cycle."""
    return tuple(
        CellFault(
            entry.row.place("points"),
            remark("roster-cycle-settled", cycle=entry.cycle),
        )
        for entry in entries
        if kept.cycles[entry.cycle].is_settled and _kept_as(kept, entry) is None
    )


def adjustment_warnings(
    kept: KeptRoster, entries: Iterable[AdjustmentEntry]
) -> tuple[CellFault, ...]:
    """Return a warning for every row that stands already and was taken away."""
    return tuple(
        CellFault(entry.row.place("points"), remark("roster-adjustment-gone"))
        for entry in entries
        if (stands := _kept_as(kept, entry)) and stands.state not in (WAITING, COUNTS)
    )


def _kept_as(kept: KeptRoster, entry: AdjustmentEntry) -> GivenAdjustment | None:
    """Return the row that says the same; None: nothing does."""
    known = kept.cadres if entry.about is SubjectKind.CADRE else kept.units
    if entry.subject not in known:  # comes with this very workbook
        return None
    return _standing(kept, kept.cycles[entry.cycle].id, _proposal(kept, entry))


def _standing(
    kept: KeptRoster, cycle_id: int, proposal: Proposal
) -> GivenAdjustment | None:
    """Return the row that says the same, rather one that was not taken away."""
    rows = kept.adjustments.get((cycle_id, proposal.subject_id), [])
    same = [one for one in rows if is_same(one, proposal)]
    return min(same, key=lambda one: one.state not in (WAITING, COUNTS), default=None)


def _proposal(kept: KeptRoster, entry: AdjustmentEntry) -> Proposal:
    """Return what the row proposes, about somebody who is kept by now."""
    if entry.about is SubjectKind.CADRE:
        subject = kept.persons[kept.cadres[entry.subject].id]
    else:
        subject = kept.bodies[kept.units[entry.subject].id]
    return Proposal(
        subject.id, entry.kind, entry.points, entry.reason, entry.source, FROM_IMPORT
    )


def _told(entry: AdjustmentEntry) -> dict[str, str | Bilingual]:
    """Return the cells as they are kept."""
    return {
        "kind": KINDS[entry.kind],
        "points": entry.points,
        "reason": entry.reason,
        "source": entry.source,
    }


def _name(kept: KeptRoster, entry: AdjustmentEntry) -> Bilingual:
    """Return whom the row is about, and which kind it is of."""
    known = kept.cadres if entry.about is SubjectKind.CADRE else kept.units
    name, kind = known[entry.subject].name, KINDS[entry.kind]
    return Bilingual(f"{name} · {kind.zh}", f"{name} · {kind.en}")
