"""The two seals of a survey's publication plan: at its opening, and at its settling."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import CountersDiffer, PlanChanged
from survey_app.domain.tally import Tally
from survey_app.models.cycle import Cycle
from survey_app.models.publication import PublicationPlan
from survey_app.models.survey import Survey
from survey_app.sealing.plan_seal import is_whole, seal, seal_key_of, tally_digest

RULES = (
    Survey.id, Survey.mode, Survey.component_key, Survey.small_groups,
    Survey.questionnaire, Cycle.scheme, PublicationPlan.frozen,
)  # fmt: skip
"""All that decides what may be shown, and what a count is worth."""
SETTLED = "settled_tallies"
"""In the info of a session: survey → subject → digest, of the plans it has read."""
_PLANS = (
    select(
        *RULES,
        Survey.state,
        PublicationPlan.fingerprint,
        PublicationPlan.evaluated,
        PublicationPlan.tallies,
        PublicationPlan.seal,
        PublicationPlan.settled_seal,
    )
    .join(Survey, Survey.id == PublicationPlan.survey_id)
    .join(Cycle, Cycle.id == Survey.cycle_id)
)


class StoredPlan(NamedTuple):
    """The two texts of a plan, and the state of its survey."""

    frozen: str
    evaluated: str | None
    state: str


def seal_frozen(session: Session, plan: PublicationPlan) -> None:
    """Seal the rules of a survey that opens; everything must be flushed."""
    plan.seal = seal(seal_key_of(session), *_rules(session, plan.survey_id))


def seal_settled(session: Session, plan: PublicationPlan) -> None:
    """Seal what became of the plan, and what it was made from."""
    plan.settled_seal = seal(
        seal_key_of(session),
        plan.survey_id,
        plan.fingerprint,
        plan.evaluated,
        plan.tallies,
    )


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
    settled: dict[int, dict[str, str]] = session.info.get(SETTLED, {})
    changed = {
        survey_id
        for survey_id in set(survey_ids) & settled.keys()
        for subject, digest in settled[survey_id].items()
        if wanted is None or int(subject) in wanted
        if digest_of(counted.get((survey_id, int(subject)), {})) != digest
    }
    if changed:
        raise CountersDiffer(*sorted(changed))


def digest_of(tally: Tally) -> str:
    """Return the digest of what was counted about one subject."""
    return tally_digest(
        (group, question, choice, count)
        for group, asked in tally.items()
        for question, picked in asked.items()
        for choice, count in picked.items()
    )


def untouched_plans(
    session: Session, survey_ids: Iterable[int]
) -> dict[int, StoredPlan]:
    """Return survey → its plan's texts, for those that have a plan, in one statement.

    Raises PlanChanged, naming the surveys, where a plan is not as it was sealed.
    """
    key = seal_key_of(session)
    kept = _PLANS.where(PublicationPlan.survey_id.in_(survey_ids))
    found, changed = {}, []
    for *rules, told, seals in _rows(session.execute(kept)):
        state, fingerprint, evaluated, tallies = told
        survey_id, frozen = rules[0], str(rules[-1])
        made = seal(key, *rules), seal(key, survey_id, fingerprint, evaluated, tallies)
        if not is_whole(frozen, fingerprint) or (
            key is not None
            and tuple(seals) != (made if evaluated else (made[0], seals[1]))
        ):
            changed.append(survey_id)
        found[survey_id] = StoredPlan(frozen, evaluated, state)
        settled = json.loads(tallies) if evaluated and tallies else {}
        session.info.setdefault(SETTLED, {})[survey_id] = settled
    if changed:
        raise PlanChanged(*sorted(changed))
    return found


def _rows(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rules of each row, what was told beside them, and its two seals."""
    for row in rows:
        rules, others = row[: len(RULES)], row[len(RULES) :]
        yield *rules, others[:-2], others[-2:]


def _rules(session: Session, survey_id: int) -> tuple[object, ...]:
    kept = (
        select(*RULES)
        .join(Survey, Survey.id == PublicationPlan.survey_id)
        .join(Cycle, Cycle.id == Survey.cycle_id)
        .where(PublicationPlan.survey_id == survey_id)
    )
    return tuple(session.execute(kept).one())
