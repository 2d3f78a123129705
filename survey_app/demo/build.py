"""Build the demo county: places and people, an open survey, two secret ballots.

Places, people and given values are written straight into the tables, as an import
would. The answers are not: a server is started and every one of them goes through the
front door, over HTTP, like anybody's.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import repeat
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import (
    NO_LOG,
    borrowed_engine,
    borrowed_main_engine,
    create_file,
    writing,
)
from survey_app.demo import county
from survey_app.demo.ballots import Hall, finish_ballots, prepare_ballots
from survey_app.demo.crowd import AnswerNotTaken, BallotVisit, Crowd, Visit
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.migrate import migrate, migrate_ballots
from survey_app.serving.server import running
from survey_app.settings import Settings, SettingsError
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channel, add_channels, add_subjects
from survey_app.survey.slips import give_out_slips
from survey_app.survey.tables import Channel, Survey

OPEN_FOR = timedelta(days=30)
SOURCE = "示范数据"


def build(
    settings: Settings,
    *,
    folder: Path,
    today: date,
    progress: Callable[[int, int], None],
) -> None:
    """Fill the empty databases of these settings; the folder takes keys and slips.

    `progress` hears how many of how many answers were sent. Raises AnswerNotTaken where
    the front door declines one or not all of them were counted, and SettingsError where
    the database is in use.
    """
    with (
        borrowed_main_engine(settings) as engine,
        borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballots,
    ):
        for database, made in ((engine, migrate), (ballots, migrate_ballots)):
            create_file(database)
            _require_empty(database)
            made(database)
        with Session(writing(engine)) as session:
            subjects = _settle(session)
            survey_id = _open(session, settings, subjects, today)
            key = settings.secret_key.encode()
            visits = _visits(session, survey_id, key)
            hall = Hall(session, ballots, settings, folder, today)
            polls = prepare_ballots(hall)
        _send(settings, [*visits, *polls.visits], progress)
        _require_counted(engine, len(visits))
        with Session(writing(engine)) as session:
            finish_ballots(replace(hall, session=session), polls)


def _require_empty(engine: Engine) -> None:
    if inspect(engine).get_table_names():
        raise SettingsError(
            "the settings name a database in use: give the demo empty ones"
        )


def _settle(session: Session) -> list[int]:
    """Make units, cadres and their subjects; return the leading bodies' ids."""
    units = {unit.code: Unit(code=unit.code, name=unit.name) for unit in county.UNITS}
    session.add_all(units.values())
    session.flush()
    bodies = [Subject(kind="leading-body", unit_id=u.id) for u in units.values()]
    session.add_all(bodies)
    cycle = make_cycle(session, county.CYCLE, scheme=shipped_scheme(county.SCHEME))
    for person in county.cadres():
        _appoint(session, person, units[person.unit].id, cycle)
    session.commit()
    return [body.id for body in bodies]


def _appoint(
    session: Session, person: county.DemoCadre, unit_id: int, cycle: Cycle
) -> None:
    """Make one cadre with the component values that come from outside."""
    cadre = Cadre(
        code=person.code,
        name=person.name,
        unit_id=unit_id,
        post=person.post,
        title=person.title,
    )
    session.add(cadre)
    session.flush()
    subject = Subject(kind="cadre", unit_id=unit_id, cadre_id=cadre.id)
    session.add(subject)
    session.flush()
    for key, value in (
        ("achievements", person.achievements),
        ("democratic", person.democratic),
    ):
        session.add(
            GivenValue(
                cycle_id=cycle.id,
                subject_id=subject.id,
                component_key=key,
                value=value,
                source=SOURCE,
                entered_by=SOURCE,
            )
        )


def _open(
    session: Session, settings: Settings, subjects: Iterable[int], today: date
) -> int:
    """Make and open the masses' survey; return its id."""
    cycle_id = session.scalars(select(Cycle.id)).one()
    plan = SurveyPlan(
        title=county.TITLE,
        component_key=county.COMPONENT,
        opens_on=today,
        closes_on=today + OPEN_FOR,
    )
    survey = make_survey(
        session,
        cycle_id,
        questionnaire=shipped_questionnaire(county.QUESTIONNAIRE),
        plan=plan,
    )
    add_subjects(session, survey.id, subject_ids=list(subjects))
    key = settings.secret_key.encode()
    add_channels(session, survey.id, key=key)
    add_channel(
        session, survey.id, rater_group="service_objects", place=county.HALL, key=key
    )
    open_survey(session, survey.id, today=today)
    return survey.id


def _visits(session: Session, survey_id: int, key: bytes) -> list[Visit]:
    """Return the planned answers, each with the code it comes through."""
    survey = session.get_one(Survey, survey_id)
    ways = {
        (channel.subject.unit.code, channel.rater_group): channel
        for channel in survey.channels
        if channel.subject is not None
    }
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    questions = tuple(question.key for question in questionnaire.questions)
    answers = list(county.answers(questions))
    places = [(answer.unit, answer.rater_group) for answer in answers]
    codes = {
        place: _codes(session, ways[place], number, key)
        for place, number in Counter(places).items()
    }
    return [
        Visit(next(codes[place]), answer.picks)
        for place, answer in zip(places, answers, strict=True)
    ]


def _codes(
    session: Session, channel: Channel, number: int, key: bytes
) -> Iterator[str]:
    """Return the code for each of so many people: one for all, or a slip each."""
    if not ChannelKind(channel.kind).is_single_use:
        return repeat(channel.code)
    given = number + county.SPARE_SLIPS
    return iter(give_out_slips(session, channel.id, number=given, key=key))


def _send(
    settings: Settings,
    visits: list[Visit | BallotVisit],
    progress: Callable[[int, int], None],
) -> None:
    """Send the answers to a server of our own."""
    with tempfile.NamedTemporaryFile() as log, running(settings, log.file) as server:
        Crowd(server.url).send(visits, lambda sent: progress(sent, len(visits)))


def _require_counted(engine: Engine, sent: int) -> None:
    """Raise AnswerNotTaken unless the counters agree with what was sent."""
    with Session(engine) as session:
        counted = session.scalar(select(func.sum(TurnoutCount.count))) or 0
    if counted != sent:
        raise AnswerNotTaken(f"{sent} answers were sent, {counted} were counted")


def main_code(engine: Engine) -> str:
    """Return the code to try first: the service objects' of the first unit."""
    first = (
        select(Channel.code)
        .join(Subject, Subject.id == Channel.subject_id)
        .join(Unit, Unit.id == Subject.unit_id)
        .where(
            Channel.rater_group == "service_objects",
            Unit.code == county.UNITS[0].code,
        )
    )
    with Session(engine) as session:
        return session.scalars(first).one()
