"""What of an alert is told to whoever works on some surveys alone.

What its own survey found and what people did about it. What other surveys of the cycle
said about the same subject, its score among it, is theirs.
"""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertCase
from survey_app.analytics.alert_cases import CaseTold
from survey_app.analytics.follow_ups import FollowUp
from survey_app.domain.alerts.review import Act


def told_within(
    session: Session, told: CaseTold, surveys: Collection[int] | None
) -> CaseTold:
    """Return the alert without what rests on other surveys than these; None: all."""
    if surveys is None:
        return told
    before = session.get(AlertCase, told.head.follows) if told.head.follows else None
    is_ours = before is not None and before.survey_id in surveys
    head = told.head if is_ours else replace(told.head, follows=None)
    acts = tuple(
        act
        for act in told.acts
        if act.kind is not Act.FOUND_AGAIN or act.survey_id in surveys
    )
    return replace(told, head=head, acts=acts, score=None, is_scored=False)


def follow_up_within(
    found: FollowUp | None, surveys: Collection[int] | None
) -> FollowUp | None:
    """Return the follow-up where its survey is one of these; None: all are."""
    if found is None or surveys is None or found.survey_id in surveys:
        return found
    return None
