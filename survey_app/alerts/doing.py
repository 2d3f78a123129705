"""How an act about an alert is done: looked at, held, allowed, written, and its effect.

The version stands in the key of the acts: of two people who act at once the database
lets one through, and the other is told what changed.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far
from survey_app.alerts.raising import (
    add_act,
    close_case,
    due_of,
    identity,
    insert_rounds,
)
from survey_app.alerts.tables import LEADING_GROUP, SECOND, AlertAct, AlertCase
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.alerts.review import (
    FILES,
    Act,
    Case,
    ClosedAs,
    State,
    after,
    outcomes,
    possible,
)
from survey_app.domain.ground.alert_refusals import (
    ActSince,
    AlertActImpossible,
    AlertChanged,
    FollowUpRefused,
    MeasureNotPossible,
    ReasonMissing,
)
from survey_app.domain.ground.refusals import NotFound, Refusal
from survey_app.domain.scheme.review_rules import (
    RATING_CHECKS,
    CheckPoint,
    Measure,
    ReviewRules,
)
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.tables import CLOSED, VOID, PublicationPlan, Survey


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when, why, and which version of the alert stood before him."""

    account: str
    today: date
    expected_version: int
    reason: str


@dataclass(frozen=True, slots=True)
class ActContent:
    """What an act says besides its reason."""

    point: str = ""
    measure: str = ""
    outcome: str = ""
    due_on: date | None = None
    survey_id: int | None = None


NOTHING_ELSE = ActContent()


def do(
    session: Session, alert_id: int, acting: Acting, act: Act, content: ActContent
) -> int:
    """Do one act, or let it wait for its second person; commit; return the version."""
    row, case, scheme = held(session, alert_id, acting, act)
    try:
        if act is Act.PLAN:
            _refuse_follow_up(session, row, content, acting.today)
        else:
            _refuse_content(row, case, act, content, scheme)
        needs = _needs(act, content, scheme.review)
        then = after(case, act, needs_two=bool(needs))
        if act is Act.CHECK and row.is_rating:
            noted = {one.key for one in RATING_CHECKS} - case.lacking | {content.point}
            row.due_on = due_of(scheme, row.rule_key, row.raised_on, noted)
        add_act(
            session, row, act, acting.today, after=then.state, account=acting.account,
            reason=acting.reason, needs=needs, point=content.point,
            measure=content.measure, outcome=content.outcome, due_on=content.due_on,
            survey_id=content.survey_id, given_before=given_so_far(session),
        )  # fmt: skip
        if needs:
            row.waiting = row.version
        else:
            take_effect(session, row, act, content, acting)
    except Refusal:
        session.rollback()
        raise
    return finish(session, row, acting)


def finish(session: Session, row: AlertCase, acting: Acting) -> int:
    """Commit what was done; AlertChanged where somebody else did the same act first."""
    alert_id, version = row.id, row.version
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise changed(session, alert_id, acting.expected_version) from None
    return version


def held(
    session: Session, alert_id: int, acting: Acting, act: Act
) -> tuple[AlertCase, Case, Scheme]:
    """Return the alert, held fast, with where it stands and the rules of its cycle.

    Raises NotFound, AlertChanged, ReasonMissing, or AlertActImpossible.
    """
    row = session.get(AlertCase, alert_id, with_for_update=True, populate_existing=True)
    try:
        if row is None:
            raise NotFound
        if row.version != acting.expected_version and act not in FILES:
            raise changed(session, alert_id, acting.expected_version)
        if not acting.reason.strip():
            raise ReasonMissing
        scheme = session.get_one(Cycle, row.cycle_id).rules
        case = case_of(session, row, scheme)
        if act not in possible(case):
            raise AlertActImpossible
    except Refusal:
        session.rollback()
        raise
    return row, case, scheme


def changed(session: Session, alert_id: int, seen: int) -> AlertChanged:
    """Return the refusal that tells what happened after a version."""
    since = select(AlertAct).where(
        AlertAct.alert_id == alert_id, AlertAct.number > seen
    )
    rows = session.scalars(since.order_by(AlertAct.number))
    return AlertChanged([ActSince(one.kind, one.account, one.day) for one in rows])


def case_of(session: Session, row: AlertCase, scheme: Scheme) -> Case:
    """Return where an alert stands, as the rules of its way see it."""
    noted = select(AlertAct.point).where(
        AlertAct.alert_id == row.id, AlertAct.kind == Act.CHECK
    )
    asked = {point.key for point in checks_of(row, scheme)}
    waiting = waiting_act(session, row)
    return Case(
        state=State(row.state),
        waiting=Act(waiting.kind) if waiting else None,
        measure=Measure(row.measure) if row.measure else None,
        lacking=frozenset(asked - set(session.scalars(noted))),
        is_rechecked=is_rechecked(session, row),
        is_rating=row.is_rating,
    )


def checks_of(row: AlertCase, scheme: Scheme) -> tuple[CheckPoint, ...]:
    """Return what must be looked into before anything is decided about this alert."""
    return RATING_CHECKS if row.is_rating else scheme.review.checks


def waiting_act(session: Session, row: AlertCase) -> AlertAct | None:
    """Return the act that waits for a second person, or None."""
    if row.waiting is None:
        return None
    return session.get_one(AlertAct, (row.id, row.waiting))


def is_rechecked(session: Session, row: AlertCase) -> bool:
    """Return whether the results of the follow-up's survey are final."""
    wanted = (
        select(Survey.id)
        .join(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(
            Survey.id == row.recheck_id,
            Survey.state == CLOSED,
            PublicationPlan.evaluated.is_not(None),
        )
    )
    return row.recheck_id is not None and session.scalar(wanted) is not None


def _refuse_content(
    row: AlertCase, case: Case, act: Act, content: ActContent, scheme: Scheme
) -> None:
    """Raise why this cannot be what the act says."""
    if act is Act.CHECK:
        if content.point not in {point.key for point in checks_of(row, scheme)}:
            raise AlertActImpossible
    elif act is Act.DECIDE:
        if content.measure not in scheme.review.measures.value:
            raise MeasureNotPossible
    elif act is Act.CLOSE and content.outcome not in outcomes(case):
        raise AlertActImpossible


def _refuse_follow_up(
    session: Session, row: AlertCase, content: ActContent, today: date
) -> None:
    if content.due_on is None or content.due_on < today:
        raise FollowUpRefused
    if content.survey_id is None:
        return
    survey = session.get(Survey, content.survey_id)
    if survey is None or survey.id == row.survey_id or survey.state == VOID:
        raise FollowUpRefused


def _needs(act: Act, content: ActContent, rules: ReviewRules) -> str:
    """Return who must confirm the act besides whoever does it; "": nobody."""
    if act is Act.DECIDE and rules.needs_leading_group(Measure(content.measure)):
        return LEADING_GROUP
    return SECOND if act is Act.LIFT or rules.needs_two(act.value) else ""


def take_effect(
    session: Session,
    row: AlertCase,
    act: Act,
    content: ActContent | AlertAct,
    acting: Acting,
) -> None:
    """Let an act that nobody needs to confirm any more change the alert."""
    if act is Act.BEGIN:
        row.held_by = acting.account
    elif act is Act.DECIDE:
        row.measure, row.due_on = content.measure, acting.today
    elif act is Act.PLAN:
        row.due_on, row.recheck_id = content.due_on, content.survey_id
    elif act in (Act.CLOSE, Act.LIFT):
        close_case(row, content.outcome)
    if act is Act.CLOSE and content.outcome == ClosedAs.ESCALATED:
        rules = session.get_one(Cycle, row.cycle_id).rules.review
        proposed = rules.next_measure(Measure(row.measure))
        session.flush()
        insert_rounds(
            session,
            session.get_one(Survey, row.recheck_id or row.survey_id),
            [(identity(row), row)],
            acting.today,
            proposed=proposed.value if proposed else "",
            account=acting.account,
            reason=acting.reason,
        )
