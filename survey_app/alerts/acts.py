"""What people do about an alert: each act by a named account, with its reason.

Whoever acts says which version of the alert stood before him. Where somebody else was
quicker he is told what changed, and nothing happens. An act that takes two people waits
until the second one, who must be another person, confirms it.

Every verb returns the alert's new version. It raises NotFound, AlertChanged,
AlertActImpossible, or ReasonMissing.
"""

from datetime import date

from sqlalchemy.orm import Session

from survey_app.accounts.second_person import refuse_one_person
from survey_app.alerts.doing import (
    NOTHING_ELSE,
    ActContent,
    Acting,
    do,
    finish,
    held,
    take_effect,
    waiting_act,
)
from survey_app.alerts.raising import add_act
from survey_app.alerts.tables import LEADING_GROUP
from survey_app.domain.alerts.review import Act, ClosedAs, after
from survey_app.domain.ground.alert_refusals import LeadingGroupConsents
from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.scheme.review_rules import Measure


def begin_verification(session: Session, alert_id: int, acting: Acting) -> int:
    """Take the alert up: whoever does holds it from now on."""
    return do(session, alert_id, acting, Act.BEGIN, NOTHING_ELSE)


def note_check(session: Session, alert_id: int, acting: Acting, *, point: str) -> int:
    """Note what one point of the checklist brought to light, which the reason says.

    A point may be noted again; AlertActImpossible where the scheme has no such point.
    """
    return do(session, alert_id, acting, Act.CHECK, ActContent(point=point))


def record_hearing(session: Session, alert_id: int, acting: Acting) -> int:
    """Record what the person or the leading body said; the reason is what they said."""
    return do(session, alert_id, acting, Act.HEAR, NOTHING_ELSE)


def decide(session: Session, alert_id: int, acting: Acting, *, measure: Measure) -> int:
    """Record which measure was decided; it may wait for another account.

    Raises MeasureNotPossible where the scheme has none such.
    """
    content = ActContent(measure=measure.value)
    return do(session, alert_id, acting, Act.DECIDE, content)


def plan_follow_up(
    session: Session,
    alert_id: int,
    acting: Acting,
    *,
    on: date,
    survey_id: int | None = None,
) -> int:
    """Say when the re-check is due and, once there is one, with which survey.

    Raises FollowUpRefused where the day lies in the past, or the survey is void or the
    one that raised the alert.
    """
    content = ActContent(due_on=on, survey_id=survey_id)
    return do(session, alert_id, acting, Act.PLAN, content)


def close(session: Session, alert_id: int, acting: Acting, *, outcome: ClosedAs) -> int:
    """Close the alert as what was found; see `domain.alerts.review.outcomes`.

    Escalated, it goes on as a round of its own that carries the scheme's next measure
    as a proposal.
    """
    content = ActContent(outcome=outcome.value)
    return do(session, alert_id, acting, Act.CLOSE, content)


def close_by_correction(session: Session, alert_id: int, acting: Acting) -> int:
    """Ask that the alert be lifted because what it rests on was wrong.

    Always takes a second person.
    """
    content = ActContent(outcome=ClosedAs.LIFTED.value)
    return do(session, alert_id, acting, Act.LIFT, content)


def confirm(
    session: Session, alert_id: int, acting: Acting, *, leads: bool = False
) -> int:
    """Let the act that waits happen: another person agrees.

    `leads`: whether the account acts for the leading group. Raises LeadingGroupConsents
    where only it may, and what `refuse_one_person` raises where both accounts could be
    one person.
    """
    row, case, _ = held(session, alert_id, acting, Act.CONFIRM)
    waiting = waiting_act(session, row)
    assert waiting is not None  # noqa: S101 -- else nothing could be confirmed
    try:
        if waiting.needs == LEADING_GROUP and not leads:
            raise LeadingGroupConsents
        refuse_one_person(
            session, first=waiting.account, second=acting.account,
            since=waiting.given_before,
        )  # fmt: skip
    except Refusal:
        session.rollback()
        raise
    add_act(
        session, row, Act.CONFIRM, acting.today, after=after(case, Act.CONFIRM).state,
        account=acting.account, reason=acting.reason, answers=waiting.number,
    )  # fmt: skip
    row.waiting = None
    take_effect(session, row, Act(waiting.kind), waiting, acting)
    return finish(session, row, acting)


def decline(session: Session, alert_id: int, acting: Acting) -> int:
    """Refuse the act that waits, or take it back; nothing of it happens."""
    row, _, _ = held(session, alert_id, acting, Act.DECLINE)
    add_act(
        session, row, Act.DECLINE, acting.today, account=acting.account,
        reason=acting.reason, answers=row.waiting,
    )  # fmt: skip
    row.waiting = None
    return finish(session, row, acting)
