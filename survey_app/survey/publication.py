"""Evaluate a survey's publication plan, once, when its counts are final."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.appraisal.rated import Rated
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.database import seal_key_of
from survey_app.domain.counting.merged_groups import (
    Merged,
    elsewhere,
    with_merged_groups,
)
from survey_app.domain.counting.tally import Place, SubjectTally, Tally, nested
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan, PlanHead
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.scheme.scheme import Post, Scheme, SubjectKind
from survey_app.survey.comment_floor import texts_written
from survey_app.survey.counters import choice_counts
from survey_app.survey.kept_plan import freeze_plan, seal, settled_seal, untouched_plans
from survey_app.survey.rated import rated_in_cycle, rated_of
from survey_app.survey.settled_counts import SettledCounts
from survey_app.survey.settled_plan import KeptSubject, digest_of, root_of
from survey_app.survey.tables import (
    CLOSED,
    OPEN_SURVEY,
    UNCOUNTED,
    PublicationPlan,
    SettledSubject,
    Survey,
)


def posts_scored(
    session: Session, survey: Survey, scheme: Scheme, rated: Collection[Rated]
) -> dict[int, tuple[Post, ...]]:
    """Return subject → the posts, of all these subjects of the survey.

    A cadre is scored by its own post, as the survey and as the cycle's sheets know it,
    and a leading body by that of a principal. Where the satisfaction with a leading
    body counts in the sheets of the unit's cadres, it is scored by the post of each of
    them besides.
    """
    everybody = rated_in_cycle(session, survey.cycle_id)
    on_sheets = {one.id: one.post for one in everybody}
    is_taken_in = _is_taken_in(scheme, survey.component_key)
    taken = _posts_of_units(everybody) if is_taken_in else {}
    found = {}
    for one in rated:
        posts = {one.post, on_sheets.get(one.id, one.post)}
        if one.cadre is None:
            posts |= taken.get(one.unit_id, set())
        found[one.id] = tuple(sorted(posts))
    return found


def _is_taken_in(scheme: Scheme, component: str) -> bool:
    """Return whether cadres' sheets take this component from their leading body."""
    about_bodies = scheme.component(component).about is SubjectKind.LEADING_BODY
    return about_bodies and scheme.subject is SubjectKind.CADRE


def _posts_of_units(everybody: Iterable[Rated]) -> dict[int, set[Post]]:
    """Return unit → the posts of its cadres."""
    found: defaultdict[int, set[Post]] = defaultdict(set)
    for one in everybody:
        if one.cadre is not None:
            found[one.unit_id].add(one.post)
    return dict(found)


NOTHING_MERGED: Merged = MappingProxyType({})


def evaluate_plan(
    session: Session, survey: Survey, *, merged: Merged = NOTHING_MERGED
) -> None:
    """Store what became of every cell of the survey's plan; does not commit.

    The counts must be final. A plan is evaluated once: a second call changes nothing.
    Raises ValueError for a survey whose plan was never frozen, and PlanChanged where
    the plan is not the one that was.
    """
    session.flush()
    keep_evaluation(session, survey.id, evaluation_of(session, survey, merged=merged))
    session.flush()


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted about every subject."""

    tallies: SubjectTally
    texts: Mapping[int, int]
    """Subject → how many wrote; see `texts_about`."""

    @classmethod
    def of(
        cls, session: Session, survey_id: int, picked: Mapping[Place, int]
    ) -> "Found":
        """Return it with the comments of the survey."""
        return cls(nested(picked), texts_written(session, survey_id))


def found_in(session: Session, survey_id: int) -> Found:
    """Return what the counters say of a survey."""
    picked = choice_counts(session, [survey_id]).get(survey_id, {})
    return Found.of(session, survey_id, picked)


AT_ONCE = 300
"""Subjects written in one short transaction."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What becomes of a plan, as it is stored."""

    head: PlanHead
    subjects: Sequence[KeptSubject]
    settled: SettledCounts
    """The same as it is worked with."""

    @classmethod
    def of(cls, plan: EvaluatedPlan, tallies: Mapping[int, Tally]) -> "Evaluation":
        """Return a plan as it is kept, with digests of what it was made from."""
        subjects = [
            KeptSubject(subject, about.to_json(), digest_of(tallies.get(subject, {})))
            for subject, about in sorted(plan.subjects.items())
        ]
        root = root_of(subjects)
        digests = {one.subject_id: one.tally for one in subjects}
        settled = SettledCounts(root, plan, tallies, digests)
        return cls(plan.head(root), subjects, settled)


def evaluation_of(
    session: Session,
    survey: Survey,
    *,
    merged: Merged = NOTHING_MERGED,
    found: Found | None = None,
) -> Evaluation | None:
    """Return what becomes of every cell; nothing is written. None: it was kept before.

    `found` is what was counted, where it does not stand in the counters yet. Raises
    ValueError without a frozen plan, and PlanChanged where it is not the one that was.
    """
    plan = _plan(session, survey.id)
    if plan.evaluated is not None:
        return None
    untouched_plans(session, [survey.id])
    frozen = FrozenPlan.from_json(plan.frozen)
    found = found or found_in(session, survey.id)
    every = _counted(session, survey, frozen, merged, found)
    return Evaluation.of(evaluated(frozen, every), found.tallies)


def keep_evaluation(
    session: Session, survey_id: int, evaluation: Evaluation | None
) -> None:
    """Store an evaluation, once: a later one changes nothing; does not commit."""
    plan = _plan(session, survey_id)
    if plan.evaluated is None and evaluation is not None:
        for rows in rows_in_parts(session, survey_id, evaluation):
            put_rows(session, rows)
        put_head(session, survey_id, evaluation)


def rows_in_parts(
    session: Session, survey_id: int, evaluation: Evaluation
) -> Iterator[list[Row]]:
    """Return the rows of all subjects, as many as one short transaction takes."""
    key, fingerprint = seal_key_of(session), evaluation.head.frozen
    rows = (
        {
            "survey_id": survey_id,
            **one._asdict(),
            "seal": seal(key, survey_id, fingerprint, *one),
        }
        for one in evaluation.subjects
    )
    return in_parts(rows, AT_ONCE)


def put_rows(session: Session, rows: Sequence[Row]) -> None:
    """Write some subjects; once more, after a power cut, changes nothing.

    Does not commit.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    added = (postgresql if is_postgresql else sqlite).insert(SettledSubject.__table__)
    said = {name: added.excluded[name] for name in ("plan", "tally", "seal")}
    put = added.on_conflict_do_update(
        index_elements=["survey_id", "subject_id"], set_=said
    )
    session.execute(put, list(rows))


def put_head(session: Session, survey_id: int, evaluation: Evaluation | None) -> None:
    """Let what is kept of all subjects count, once; does not commit."""
    plan = _plan(session, survey_id)
    if plan.evaluated is None and evaluation is not None:
        plan.evaluated = evaluation.head.to_json()
        plan.settled_seal = settled_seal(seal_key_of(session), plan)


def is_evaluated(session: Session, survey_id: int) -> bool:
    """Return whether what became of the plan is kept already."""
    return _plan(session, survey_id).evaluated is not None


def _plan(session: Session, survey_id: int) -> PublicationPlan:
    plan = session.get(PublicationPlan, survey_id, populate_existing=True)
    if plan is None:
        raise ValueError("the survey has no frozen plan")
    return plan


def _counted(
    session: Session,
    survey: Survey,
    frozen: FrozenPlan,
    merged: Merged,
    found: Found,
) -> list[Counted]:
    """Return what was counted about every subject of the plan."""
    rated = rated_of(session, survey.id)
    units = {one.id: one.unit_id for one in rated}
    whole = survey.cycle.rules
    posts = posts_scored(session, survey, whole, rated)
    moved = {unit: elsewhere(merged.get(unit, {})) for unit in set(units.values())}
    schemes = {
        unit: with_merged_groups(whole, frozen.component, groups)
        for unit, groups in moved.items()
    }
    return [
        Counted(subject, {}, whole)  # taken out meanwhile: as if nobody had answered
        if subject not in units
        else Counted(
            subject=subject,
            tally=found.tallies.get(subject, {}),
            scheme=schemes[units[subject]],
            merged=moved[units[subject]],
            texts=found.texts.get(subject, 0),
            posts=posts[subject],
        )
        for subject in frozen.subjects
    ]


def settle_plans(session: Session) -> int:
    """Freeze and evaluate what is missing; return how many plans were written.

    A second call writes nothing. An open survey gets its frozen plan, a closed one its
    evaluation too; a secret ballot is evaluated with the opening of its box.
    """
    written = 0
    opened = select(Survey).where(Survey.state.not_in(UNCOUNTED)).order_by(Survey.id)
    for survey in session.scalars(opened).all():
        plan = session.get(PublicationPlan, survey.id)
        if plan is None:
            freeze_plan(session, survey)
        is_final = survey.state == CLOSED and survey.mode == OPEN_SURVEY
        if is_final and (plan is None or plan.evaluated is None):
            evaluate_plan(session, survey)
            mark_stale(session, survey.cycle_id, None)
        elif plan is not None:
            continue
        written += 1
    session.commit()
    return written
