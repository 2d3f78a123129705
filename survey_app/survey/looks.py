"""Who has looked at what a closing made: the record tells, entry by entry.

A page of results is sent once its entry is kept (decision 53), so a survey about which
there is none since it closed has been read by nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import RecordEntry
from survey_app.survey.tables import Survey

NO_RESULT = frozenset(
    {"record", "record_file", "named_ratings", "adjustments", "adjustments_file"}
)
"""Looks at what no survey has any part in."""


@dataclass(frozen=True, slots=True)
class ResultsLook:
    """That an account looked, and when it did so first."""

    account: str
    act: str
    minute: datetime
    """In UTC."""


def newest_entry(session: Session) -> int:
    """Return the number of the newest entry of the record; 0 without one."""
    return session.scalar(select(func.max(RecordEntry.number))) or 0


def looks_since_closing(
    session: Session, survey: Survey, *, acts: Collection[str]
) -> tuple[ResultsLook, ...]:
    """Return the looks since the survey closed at pages that may show its results.

    `acts` are the names of all pages and files that show results of anything. One that
    names another survey, or another cycle, shows nothing of this one.
    """
    entries = (
        select(RecordEntry.account, RecordEntry.act, RecordEntry.about)
        .add_columns(func.min(RecordEntry.minute))
        .where(
            RecordEntry.number > (survey.closed_after or 0),
            RecordEntry.act.in_(sorted(set(acts) - NO_RESULT)),
        )
        .group_by(RecordEntry.account, RecordEntry.act, RecordEntry.about)
    )
    found = [
        ResultsLook(account, act, minute)
        for account, act, about, minute in session.execute(entries)
        if _may_show(survey, about)
    ]
    return tuple(sorted(found, key=lambda one: (one.minute, one.account, one.act)))


def _may_show(survey: Survey, about: str) -> bool:
    named = dict(part.split(":", 1) for part in about.split() if ":" in part)
    if "survey" in named:
        return named["survey"] == str(survey.id)
    return named.get("cycle", str(survey.cycle_id)) == str(survey.cycle_id)
