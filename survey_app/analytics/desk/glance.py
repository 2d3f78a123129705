"""How things stand: surveys that run, what they are short of, and results since then.

Of a survey that runs only that is told which may be watched while it does: how many
answered, and of a ballot not even that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, defer, joinedload

from survey_app.accounts.tables import RecordEntry
from survey_app.analytics.desk.found import exactly, of_scope
from survey_app.analytics.turnouts import still_asked
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.scope import Scope
from survey_app.ballot.finish_decryption import FINISH
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.survey.closing import CLOSE
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.slots import slots_of
from survey_app.survey.tables import OPEN, UNSETTLED, Channel, Survey, SurveySubject

FEW = 5
"""So many surveys, and so many results, are named."""
MOST = 200
RECENT = timedelta(days=30)
"""How far back results are new to whoever was never here before."""
SETTLED = "settle_cycle"
"""What the record calls the settling of a cycle."""


@dataclass(frozen=True, slots=True)
class GroupTurnout:
    """How many of one rater group answered so far."""

    label: Bilingual
    answers: int
    minimum: int
    """Answers about each subject that the group needs for a score."""
    enough: int
    """Subjects about whom at least so many answered."""


@dataclass(frozen=True, slots=True)
class RunningSurvey:
    """A survey that takes answers today."""

    id: int
    title: str
    is_secret: bool
    closes_on: date
    subjects: int
    groups: tuple[GroupTurnout, ...]
    """None of a ballot, and none to whoever sees a part of the place only."""


@dataclass(frozen=True, slots=True)
class Running:
    """The surveys that end soonest, and how many others run."""

    surveys: tuple[RunningSurvey, ...]
    more: int


def running(session: Session, *, today: date, scope: Scope) -> Running:
    """Return the surveys that take answers today; three statements for each at most."""
    now = Survey.opens_on <= today, Survey.closes_on >= today
    wanted = select(Survey).where(exactly(Survey.state, OPEN), *now, of_scope(scope))
    counted = select(func.count()).select_from(wanted.limit(MOST).subquery())
    some = wanted.order_by(Survey.closes_on, Survey.id).limit(FEW)
    read = some.options(defer(Survey.questionnaire), joinedload(Survey.cycle))
    found = session.scalars(read).all()
    every = session.scalar(counted) or 0
    shown = tuple(_running(session, one, is_whole=scope.is_whole) for one in found)
    return Running(shown, every - len(shown))


def _running(session: Session, survey: Survey, *, is_whole: bool) -> RunningSurvey:
    counting = select(func.count()).where(SurveySubject.survey_id == survey.id)
    tells = is_whole and not survey.is_secret
    return RunningSurvey(
        id=survey.id,
        title=survey.title,
        is_secret=survey.is_secret,
        closes_on=survey.closes_on,
        subjects=session.scalar(counting) or 0 if tells else 0,
        groups=_turnout(session, survey) if tells else (),
    )


def _turnout(session: Session, survey: Survey) -> tuple[GroupTurnout, ...]:
    """Return every group that is asked, in one statement besides that of the slots."""
    component = survey.component
    rules = component.survey if component else None
    if rules is None:
        return ()
    minimum = {one.key: rules.minimum_for(one).value for one in rules.asked}
    through = (
        select(
            TurnoutCount.channel_id,
            TurnoutCount.subject_id,
            func.sum(TurnoutCount.count).label("answers"),
        )
        .where(
            TurnoutCount.slot.in_(slots_of(session, survey.slots)),
            TurnoutCount.survey_id == survey.id,
            *((still_asked(survey),) if survey.changes else ()),
        )
        .group_by(TurnoutCount.channel_id, TurnoutCount.subject_id)
        .subquery()
    )
    about = (
        select(Channel.rater_group, func.sum(through.c.answers).label("answers"))
        .join(through, through.c.channel_id == Channel.id)
        .group_by(Channel.rater_group, through.c.subject_id)
        .subquery()
    )
    needed = case(minimum, value=about.c.rater_group, else_=0)
    enough = func.sum(case((about.c.answers >= needed, 1), else_=0))
    counted = select(about.c.rater_group, func.sum(about.c.answers), enough)
    rows = session.execute(counted.group_by(about.c.rater_group))
    found = {group: (int(answers), int(met)) for group, answers, met in rows}
    return tuple(
        GroupTurnout(one.label, answers, minimum[one.key], met)
        for one in rules.asked
        for answers, met in [found.get(one.key, (0, 0))]
    )


@dataclass(frozen=True, slots=True)
class LastHere:
    """When an account was here last, as far as the record tells."""

    day: datetime
    """The minute of its last entry before today, in UTC; where there is none, a month
    ago."""
    number: int
    """Of that entry; 0: there is none."""

    @property
    def is_known(self) -> bool:
        """Whether it was here before today at all."""
        return self.number > 0


def last_here(session: Session, account: str, *, began: datetime) -> LastHere:
    """Return the last day but this on which the account did, took or saw something.

    The record says it already: nothing is kept for it. `began` is the instant in UTC
    in which this day began.
    """
    before = (
        select(RecordEntry.minute, RecordEntry.number)
        .where(RecordEntry.account == account, RecordEntry.minute < began)
        .order_by(RecordEntry.number.desc())
        .limit(1)
    )
    row = session.execute(before).one_or_none()
    return LastHere(*row) if row else LastHere(began - RECENT, 0)


@dataclass(frozen=True, slots=True)
class NewResult:
    """A survey whose results are final, or a cycle that is settled."""

    title: str
    survey_id: int | None
    cycle_id: int | None
    on: datetime
    """In UTC."""


def new_results(
    session: Session, since: LastHere, scope: Scope
) -> tuple[NewResult, ...]:
    """Return the newest results that became final since then; three statements."""
    entries = (
        select(RecordEntry.about, RecordEntry.minute)
        .where(
            RecordEntry.act.in_((CLOSE, FINISH, SETTLED)),
            RecordEntry.number > since.number,
            RecordEntry.minute >= since.day,
        )
        .order_by(RecordEntry.number.desc())
        .limit(MOST)
    )
    found: dict[tuple[str, int], datetime] = {}
    for about, minute in session.execute(entries):
        kind, _, key = about.partition(" ")[0].partition(":")
        if key.isdigit():
            found.setdefault((kind, int(key)), minute)
    surveys = _surveys(session, [key for kind, key in found if kind == "survey"], scope)
    of_cycles = [key for kind, key in found if kind == "cycle"]
    cycles = _cycles(session, of_cycles) if scope.surveys is None else {}
    told = [
        NewResult(
            surveys[key] if kind == "survey" else cycles[key],
            key if kind == "survey" else None,
            key if kind == "cycle" else None,
            minute,
        )
        for (kind, key), minute in found.items()
        if key in {"survey": surveys, "cycle": cycles}.get(kind, {})
    ]
    return tuple(told[:FEW])


def _surveys(session: Session, keys: Collection[int], scope: Scope) -> dict[int, str]:
    final = Survey.state.not_in((*UNSETTLED, OPEN)), of_scope(scope)
    named = select(Survey.id, Survey.title).where(Survey.id.in_(keys), *final)
    return {row[0]: row[1] for row in session.execute(named)} if keys else {}


def _cycles(session: Session, keys: Collection[int]) -> dict[int, str]:
    named = select(Cycle.id, Cycle.name).where(
        Cycle.id.in_(keys), Cycle.settled_on.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(named)} if keys else {}
