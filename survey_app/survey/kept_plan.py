"""The publication plan as it is kept: frozen at opening, sealed, read again."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.database import seal_key_of
from survey_app.domain.disclosure.frozen_plan import Asking, FrozenPlan, frozen_plan
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.rated import subject_ids_of
from survey_app.survey.tables import PublicationPlan, Survey

_MODE = case((Survey.is_recheck, Survey.mode + " re-check"), else_=Survey.mode)
"""With whether it enters a score; as it was sealed before there were re-checks."""
RULES = (
    Survey.id, _MODE, Survey.component_key, Survey.small_groups,
    Survey.questionnaire, Cycle.scheme, PublicationPlan.frozen,
)  # fmt: skip
"""All that decides what may be shown, and what a count is worth."""
_encoded: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode
DIGEST = 32
"""Hexadecimal digits of a tally's digest."""
_PLANS = (
    select(
        *RULES,
        Survey.state,
        PublicationPlan.fingerprint,
        PublicationPlan.evaluated,
        PublicationPlan.seal,
        PublicationPlan.settled_seal,
    )
    .join(Survey, Survey.id == PublicationPlan.survey_id)
    .join(Cycle, Cycle.id == Survey.cycle_id)
)


class StoredPlan(NamedTuple):
    """The texts of a plan, the fingerprint of the first, and its survey's state."""

    frozen: str
    fingerprint: str
    evaluated: str | None
    state: str


def seal_frozen(session: Session, plan: PublicationPlan) -> None:
    """Seal the rules of a survey that opens; everything must be flushed."""
    plan.seal = seal(seal_key_of(session), *_rules(session, plan.survey_id))


def settled_seal(key: bytes | None, plan: PublicationPlan) -> str | None:
    """Return the seal over what became of the plan as a whole."""
    return seal(key, plan.survey_id, plan.fingerprint, plan.evaluated)


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
        state, fingerprint, evaluated = told
        survey_id, frozen = rules[0], str(rules[-1])
        made = seal(key, *rules), seal(key, survey_id, fingerprint, evaluated)
        if not is_whole(frozen, fingerprint) or (
            key is not None
            and tuple(seals) != (made if evaluated else (made[0], seals[1]))
        ):
            changed.append(survey_id)
        found[survey_id] = StoredPlan(frozen, fingerprint, evaluated, state)
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


def frozen_plan_of(session: Session, survey_id: int) -> FrozenPlan | None:
    """Return the plan as it was frozen at opening; None for a draft.

    Raises PlanChanged where it is not the one that was.
    """
    plan = untouched_plans(session, [survey_id]).get(survey_id)
    return None if plan is None else FrozenPlan.from_json(plan.frozen)


def freeze_plan(session: Session, survey: Survey) -> str:
    """Write the survey's plan and return its fingerprint, in hex; does not commit.

    Overwrites what an opening that failed half-way left behind. Raises KeyError where
    the scheme has no such component: `missing_to_open` comes first.
    """
    return keep_plan(session, survey.id, plan_to_freeze(survey))


def keep_plan(session: Session, survey_id: int, plan: FrozenPlan) -> str:
    """Write this plan as the survey's, and return its fingerprint; does not commit."""
    kept = session.merge(
        PublicationPlan(
            survey_id=survey_id,
            frozen=plan.to_json(),
            fingerprint=plan.fingerprint,
            evaluated=None,
            settled_seal=None,
        )
    )
    session.flush()
    seal_frozen(session, kept)
    session.flush()
    return plan.fingerprint


def plan_to_freeze(survey: Survey) -> FrozenPlan:
    """Return the plan the survey would be opened with; same survey, same plan."""
    asking = Asking(
        survey=survey.id,
        small_groups=survey.small_groups,
        component=survey.component_key,
        is_secret=survey.is_secret,
    )
    return frozen_plan(
        asking,
        survey.cycle.rules,
        Questionnaire.from_json(survey.questionnaire),
        subject_ids_of(survey),
    )


def seal(key: bytes | None, *parts: object) -> str | None:
    """Return the seal over these parts, in hex; None without a key."""
    if key is None:
        return None
    text = _encoded([str(part) for part in parts])
    return hmac.digest(key, text.encode(), "sha256").hex()


def tally_digest(counted: Iterable[tuple[str, str, str, int]]) -> str:
    """Return the digest of a subject's (group, question, choice, count), in any order.

    A choice that was counted zero times is as one that was not counted.
    """
    text = _encoded(sorted([one for one in counted if one[-1]]))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def is_whole(text: str, fingerprint: str) -> bool:
    """Return whether the text is the one this SHA-256 was taken of."""
    return hashlib.sha256(text.encode()).hexdigest() == fingerprint
