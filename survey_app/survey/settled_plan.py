"""What became of a publication plan: kept and sealed subject by subject, read by key.

A row is bound to its survey, its subject and the frozen plan by its own seal; the head,
which is written last, seals the list of them. Until it is there nobody reads a row.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.database import seal_key_of
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan, PlanHead
from survey_app.domain.ground.refusals import (
    CountersDiffer,
    PlanChanged,
    ResultsNotSettled,
    ResultsSealed,
    SurveyVoid,
)
from survey_app.survey.kept_plan import StoredPlan, seal, tally_digest, untouched_plans
from survey_app.survey.tables import UNCOUNTED, UNSETTLED, VOID, SettledSubject, Survey

SETTLED = "settled_tallies"
"""In the info of a session: survey → subject → digest, of the plans it has read."""


class KeptSubject(NamedTuple):
    """What is kept of one subject."""

    subject_id: int
    plan: str
    tally: str


def root_of(subjects: Iterable[KeptSubject]) -> str:
    """Return what stands for all of them, in the order of their numbers."""
    root = hashlib.sha256()
    for one in subjects:
        root.update(f"{json.dumps(one, ensure_ascii=False)}\n".encode())
    return root.hexdigest()


def digest_of(tally: Tally) -> str:
    """Return the digest of what was counted about one subject."""
    return tally_digest(
        (group, question, choice, count)
        for group, asked in tally.items()
        for question, picked in asked.items()
        for choice, count in picked.items()
    )


def plan_heads(
    session: Session, survey_ids: Iterable[int], *, settling: bool = False
) -> dict[int, PlanHead]:
    """Return survey → what may be shown of it as a whole, of those that count.

    A void survey has none, whatever was evaluated before it was declared so: this is
    where it leaves scores, alerts, results and papers. `settling`: see `plans_of`. One
    statement. Raises PlanChanged where one of the plans is not as it was sealed.
    """
    return {
        survey_id: PlanHead.from_json(str(plan.evaluated))
        for survey_id, plan in _settled(session, survey_ids, settling=settling).items()
    }


def plan_head(session: Session, survey_id: int) -> PlanHead | None:
    """Return the same of one survey; None while its counts are not final."""
    return plan_heads(session, [survey_id]).get(survey_id)


def plans_of(
    session: Session,
    survey_ids: Iterable[int],
    *,
    subject_ids: Iterable[int] | None = None,
    settling: bool = False,
) -> dict[int, EvaluatedPlan]:
    """Return survey → evaluated plan of those that count, in two statements.

    About all subjects, or only about some. `settling` is for whoever keeps what is
    made of the plan of a survey that is closing still; nobody else reads that. Raises
    what `plan_heads` raises.
    """
    some = None if subject_ids is None else sorted(set(subject_ids))
    stored = _settled(session, survey_ids, settling=settling)
    kept = _kept(session, stored, some)
    heads = {key: PlanHead.from_json(str(one.evaluated)) for key, one in stored.items()}
    changed = [
        survey_id
        for survey_id, head in heads.items()
        if not _is_whole(stored[survey_id], head, kept[survey_id], some)
    ]
    if changed:
        raise PlanChanged(*sorted(changed))
    return {key: _read(head, kept[key]) for key, head in heads.items()}


def plan_of(session: Session, survey_id: int) -> EvaluatedPlan | None:
    """Return the survey's evaluated plan; None while its counts are not final."""
    return plans_of(session, [survey_id]).get(survey_id)


def settled_plan(
    session: Session,
    survey: Survey,
    *,
    today: date,
    subject_ids: Iterable[int] | None = None,
) -> EvaluatedPlan:
    """Return the evaluated plan: without it there are no results.

    Raises SurveyVoid, ResultsSealed while answers can come, ResultsNotSettled
    afterwards: until somebody closes an open survey, or the box of a secret ballot is
    opened.
    """
    if survey.state == VOID:
        raise SurveyVoid
    plan = plans_of(session, [survey.id], subject_ids=subject_ids).get(survey.id)
    if plan is not None:
        return plan
    raise ResultsNotSettled if survey.is_over(today) else ResultsSealed


def require_untouched(session: Session, survey_id: int) -> bool:
    """Return whether the survey has a plan; it is looked through to the last subject.

    Raises PlanChanged where anything of it is not as it was sealed.
    """
    plans_of(session, [survey_id], settling=True)
    return bool(untouched_plans(session, [survey_id]))


def require_as_settled(
    session: Session,
    survey_ids: Iterable[int],
    counted: Mapping[tuple[int, int], Tally],
    *,
    subject_ids: Iterable[int] | None = None,
) -> None:
    """Return where what was counted is what was settled, as far as plans were read.

    Raises CountersDiffer, naming the surveys whose counters have changed since.
    """
    wanted = None if subject_ids is None else set(subject_ids)
    settled: dict[int, dict[int, str]] = session.info.get(SETTLED, {})
    changed = {
        survey_id
        for survey_id in set(survey_ids) & settled.keys()
        for subject, digest in settled[survey_id].items()
        if wanted is None or subject in wanted
        if digest_of(counted.get((survey_id, subject), {})) != digest
    }
    if changed:
        raise CountersDiffer(*sorted(changed))


def _settled(
    session: Session, survey_ids: Iterable[int], *, settling: bool = False
) -> dict[int, StoredPlan]:
    """Return the plans that were evaluated, of surveys that count."""
    hidden = UNCOUNTED if settling else UNSETTLED
    return {
        survey_id: plan
        for survey_id, plan in untouched_plans(session, survey_ids).items()
        if plan.evaluated is not None and plan.state not in hidden
    }


def _kept(
    session: Session, stored: Mapping[int, StoredPlan], some: Sequence[int] | None
) -> dict[int, list[KeptSubject]]:
    """Return survey → what is kept of its subjects, by number.

    Raises PlanChanged where one of them is not as it was sealed.
    """
    table, key = SettledSubject, seal_key_of(session)
    found: dict[int, list[KeptSubject]] = {survey_id: [] for survey_id in stored}
    rows = select(
        table.survey_id, table.seal, table.subject_id, table.plan, table.tally
    ).where(table.survey_id.in_(stored))
    if some is not None:
        rows = rows.where(table.subject_id.in_(some))
    changed = set[int]()
    # Whoever looks at none of them, as to offer a file, asks for none.
    told = [] if some == [] else session.execute(rows.order_by(table.subject_id)).all()
    for survey_id, sealed, subject_id, plan, tally in told:
        one = KeptSubject(subject_id, plan, tally)
        made = seal(key, survey_id, stored[survey_id].fingerprint, *one)
        if key is not None and sealed != made:
            changed.add(survey_id)
        found[survey_id].append(one)
    if changed:
        raise PlanChanged(*sorted(changed))
    for survey_id, every in found.items():
        settled = session.info.setdefault(SETTLED, {}).setdefault(survey_id, {})
        settled.update((one.subject_id, one.tally) for one in every)
    return found


def _is_whole(
    stored: StoredPlan,
    head: PlanHead,
    kept: Sequence[KeptSubject],
    some: Sequence[int] | None,
) -> bool:
    """Return whether nobody is missing, and nobody is there who does not belong."""
    if some is None:
        return root_of(kept) == head.root
    if len(kept) == len(some):
        return True
    missing = set(some) - {one.subject_id for one in kept}
    return missing.isdisjoint(FrozenPlan.from_json(stored.frozen).subjects)


def _read(head: PlanHead, kept: Iterable[KeptSubject]) -> EvaluatedPlan:
    return EvaluatedPlan(
        frozen=head.frozen,
        floors=head.floors,
        subjects={one.subject_id: SubjectPlan.from_json(one.plan) for one in kept},
        total=head.total,
    )
