"""A whole city to measure with, made by bulk: `make bench ARGS=city`, or `county`.

Places, people, codes and answers are written straight into the tables; surveys are
made, opened and closed by the real verbs, so that everything those keep is there. One
seed: the same city every time, its days apart.
"""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.demo.county import (
    COMPONENT,
    QUESTIONNAIRE,
    SCHEME,
)
from survey_app.domain.ground.printed_code import channel_code
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.closing import close_survey
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Channel, SurveySubject
from tests.benchmark.bulk import DAYS, GROUPS, answer, fill
from tests.benchmark.city_names import people, places
from tests.support.jobs import run_waiting_jobs

SEED = 20261130
UNITS = {"county": 12, "city": 1200}


@dataclass(frozen=True, slots=True)
class City:
    """What was built, and what others need to use it."""

    settings: Settings
    open_survey: int
    closed_survey: int
    open_cycle: int
    closed_cycle: int
    codes: tuple[str, ...]
    """Of the open survey."""


def build_city(settings: Settings, *, units: int, answers: int, today: date) -> City:
    """Fill the empty database of these settings; the closed survey has a fifth."""
    luck = Random(f"{SEED} {units} {answers}")
    with borrowed_main_engine(settings) as engine:
        migrate(engine)
        with borrowed_engine(settings.ballots_at, journal=NO_LOG) as ballots:
            migrate_ballots(ballots)
        bodies, cadres = _settle(engine, luck, units)
        key = settings.secret_key.encode()
        place = _Place(engine, luck, _codes(luck, key), bodies, cadres)
        made = []
        for year, share in ((today.year - 1, 5), (today.year, 1)):
            first = today - timedelta(days=DAYS if share == 1 else 365)
            made.append(_surveyed(place, f"{year}年", answers // share, first))
            _say(f"{year}: {answers // share} answers")
            if share != 1:
                steps = *STEPS, raising(today)
                with Session(writing(engine)) as session:
                    close_survey(session, made[0][1], steps=steps)
                run_waiting_jobs(engine, settings)
                _say("closed")
    (closed_cycle, closed, _), (open_cycle, opened, codes) = made
    return City(settings, opened, closed, open_cycle, closed_cycle, tuple(codes))


def _settle(engine: Engine, luck: Random, units: int) -> tuple[list[int], list[int]]:
    """Make units and people; return the subjects of leading bodies and of cadres."""
    found = places(luck, units)
    numbers = range(1, units + 1)
    fill(engine, Unit, ("id", "code", "name", "parent_id"), (
        (number, f"U{number:05}", place.name, place.parent)
        for number, place in zip(numbers, found, strict=True)
    ))  # fmt: skip
    held = list(people(luck, found))
    fill(engine, Cadre, ("id", "code", "name", "unit_id", "post", "title"), (
        (number, f"C{number:06}", one.name, one.unit, one.post, one.title)
        for number, one in enumerate(held, start=1)
    ))  # fmt: skip
    fill(engine, Subject, ("id", "kind", "unit_id", "cadre_id"), (
        *((number, "leading-body", number, None) for number in numbers),
        *((units + number, "cadre", one.unit, number)
          for number, one in enumerate(held, start=1)),
    ))  # fmt: skip
    return list(numbers), [units + number for number in range(1, len(held) + 1)]


@dataclass(frozen=True, slots=True)
class _Place:
    engine: Engine
    luck: Random
    codes: Iterator[str]
    bodies: list[int]
    cadres: list[int]


def _surveyed(
    place: _Place, year: str, answers: int, first: date
) -> tuple[int, int, list[str]]:
    """Return cycle, survey and codes of a survey that is open and was answered."""
    engine, luck = place.engine, place.luck
    with Session(writing(engine)) as session:
        cycle = make_cycle(session, f"{year}度考核", scheme=shipped_scheme(SCHEME))
        survey = make_survey(
            session, cycle.id,
            questionnaire=shipped_questionnaire(QUESTIONNAIRE),
            plan=SurveyPlan(
                f"{year}群众满意度调查", COMPONENT, first, first + timedelta(days=60)
            ),
        )  # fmt: skip
        cycle_id, survey_id = cycle.id, survey.id
        before = session.scalar(select(Channel.id).order_by(Channel.id.desc())) or 0
    given = ("achievements", 880, 965), ("democratic", 860, 960)
    fill(engine, GivenValue, ("cycle_id", "subject_id", "component_key", "value",
                               "source", "entered_by", "entered_on"), (
        (cycle_id, one, key, f"{luck.randint(low, high) / 10:.1f}", "考核办",
         "kaohe", first)
        for one in place.cadres for key, low, high in given
    ))  # fmt: skip
    fill(engine, SurveySubject, ("survey_id", "subject_id"),
          ((survey_id, body) for body in place.bodies))  # fmt: skip
    channels = [
        (before + number, survey_id, code, group, "", body, "a benchmark scans it")
        for number, (code, (body, group)) in enumerate(
            zip(place.codes, product(place.bodies, GROUPS), strict=False),
            start=1,
        )
    ]
    fill(engine, Channel, ("id", "survey_id", "code", "rater_group", "place",
                            "subject_id", "open_reason"), channels)  # fmt: skip
    with Session(writing(engine)) as session:
        open_survey(session, survey_id, today=first)
    answer(engine, luck, channels, answers, first)
    return cycle_id, survey_id, [channel[2] for channel in channels]


def _codes(luck: Random, key: bytes) -> Iterator[str]:
    seen = set()
    while True:
        code = channel_code(luck.randbytes(4), key)
        if code not in seen:
            seen.add(code)
            yield code


def _say(line: str) -> None:
    sys.stdout.write(f"{time.process_time():6.1f} s  {line}\n")
    sys.stdout.flush()


def settings_in(folder: Path, database_url: str = "") -> Settings:
    """Return the settings of a place that is measured, in this folder."""
    return Settings(
        database_url=database_url or f"sqlite:///{(folder / 'city.sqlite').resolve()}",
        secret_key="benchmark-" * 4,
        second_factor="",
        place_name="示范市",
        answers_per_minute=1_000_000_000,  # a load is a flood; here it is wanted
        ballot_database_url=f"sqlite:///{(folder / 'ballots.sqlite').resolve()}",
        ballot_secrets=str((folder / "secrets").resolve()),
    )


def main(arguments: list[str]) -> None:
    """Build a place in a folder, with the settings and the codes beside it."""
    reader = ArgumentParser(prog="make bench ARGS=…")
    reader.add_argument("place", choices=UNITS)
    reader.add_argument("--units", type=int)
    reader.add_argument("--answers", type=int)
    reader.add_argument("--database", default="", help="an empty database; else SQLite")
    reader.add_argument("--folder", type=Path, default=Path(".artefacts/city"))
    asked = reader.parse_args(arguments)
    units = asked.units or UNITS[asked.place]
    made_in(asked.folder, units, asked.answers, asked.database)


def made_in(
    folder: Path, units: int, answers: int | None = None, database_url: str = ""
) -> City:
    """Return a place built in this folder: beside it survey.env, codes and facts."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    city = build_city(
        settings_in(folder, database_url), units=units,
        answers=answers or units * 10_000 // 12,
        today=date.today(),  # noqa: DTZ011 -- the server's own day
    )  # fmt: skip
    told = asdict(city.settings)
    env = "".join(f"SURVEY_{name.upper()}={value}\n" for name, value in told.items())
    (folder / "survey.env").write_text(env, "utf-8")
    (folder / "codes.txt").write_text("\n".join(city.codes) + "\n", "utf-8")
    names = "open_survey", "closed_survey", "open_cycle", "closed_cycle"
    facts = {"units": units, **{name: getattr(city, name) for name in names}}
    with borrowed_main_engine(city.settings) as engine, Session(engine) as session:
        of_open = select(func.min(Channel.id)).where(
            Channel.survey_id == city.open_survey
        )
        facts["first_channel"] = session.scalar(of_open)
    (folder / "city.json").write_text(json.dumps(facts), "utf-8")
    _say(f"ready in {folder}: {facts}")
    return city
