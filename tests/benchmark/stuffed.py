"""What a stuffed survey says once it is closed, beside what it would have said."""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import RaisedAlerts
from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import SubjectResults
from survey_app.database import borrowed_main_engine, writing
from survey_app.settings import Settings
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.flags import flags_kept
from survey_app.survey.tables import OPEN, Survey
from tests.support.jobs import run_waiting_jobs
from tests.support.raised import every_alert

TODAY = date.today()  # noqa: DTZ011 -- the server's own day decides


@dataclass(frozen=True, slots=True)
class Scores:
    """What a closed survey says of one unit."""

    unit: str
    masses: Fraction | None
    """The service objects' score."""
    whole: Fraction | None


@dataclass(frozen=True, slots=True)
class Closed:
    """What a survey says once it is closed."""

    units: tuple[Scores, ...]
    alerts: int
    near: int
    answers: int
    evidence: Counter[str]
    """How strong the alerts over the threshold are → how many."""
    flagged: int
    """Channels with a flag."""


def closed(settings: Settings) -> Closed:
    """Close the survey of this database and return what it says then."""
    with borrowed_main_engine(settings) as engine:
        with Session(writing(engine)) as session:
            survey_id = open_survey_in(session).id
            close_survey(session, survey_id, steps=(*STEPS, raising(TODAY)))
        run_waiting_jobs(engine, settings)
        with Session(engine) as session:
            survey = session.get_one(Survey, survey_id)
            told = results_of(
                session, survey, scheme=survey.cycle.rules, today=TODAY
            )  # fmt: skip
            raised = session.get_one(RaisedAlerts, survey_id)
            kept = select(func.sum(TurnoutCount.count))
            mine = kept.where(TurnoutCount.survey_id == survey_id)
            flagged = {one.channel_id for one in flags_kept(session, survey_id)}
            return Closed(
                tuple(map(_scores, told.subjects)),
                raised.crossed, raised.near, int(session.scalar(mine) or 0),
                _evidence(session, survey_id), len(flagged),
            )  # fmt: skip


def _evidence(session: Session, survey_id: int) -> Counter[str]:
    every = [one.told.alert for one in every_alert(session, survey_id)]
    return Counter(str(one.evidence) for one in every if one.crossed)


def _scores(one: SubjectResults) -> Scores:
    masses = [group.score for group in one.groups if group.key == "service_objects"]
    return Scores(one.unit, masses[0] if masses else None, one.score)


def open_survey_in(session: Session) -> Survey:
    opened = Survey.state == OPEN, Survey.mode == "open"
    return session.scalars(select(Survey).where(*opened)).one()


def compare(before: Closed, after: Closed) -> None:
    """Print what every unit had and has, the one that was aimed at first."""
    say(f"answers {before.answers} → {after.answers}, alerts {before.alerts} → "
         f"{after.alerts}, close to one {before.near} → {after.near}, "
         f"channels flagged {before.flagged} → {after.flagged}")  # fmt: skip
    say(f"evidence of alerts: {dict(before.evidence)} → {dict(after.evidence)}")
    for old, new in zip(before.units, after.units, strict=True):
        say(f"{old.unit}: service objects {_told(old.masses)} → {_told(new.masses)}, "
             f"whole {_told(old.whole)} → {_told(new.whole)}")  # fmt: skip


def _told(score: Fraction | None) -> str:
    return "none" if score is None else f"{float(score):.2f}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
