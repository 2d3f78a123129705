"""Somebody with a laptop stuffs the demo county's survey: `make bench ARGS=stuffing`.

Four ways, one after the other: one poster's code without ever fetching its page; all
codes from one address; the same from many networks; the code meant for known people.
Whatever counts then is a false answer. The survey is closed twice, untouched and
stuffed, and told is what became of scores and alerts.
"""

import asyncio
import multiprocessing
import secrets
import sqlite3
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import note_confirmed
from survey_app.database import borrowed_main_engine, writing
from survey_app.demo import county
from survey_app.demo.build import build
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.settings import Settings
from survey_app.survey.ask_proof import ask_for_proof
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.set_aside import ask_to_set_aside, grant_set_aside
from survey_app.survey.tables import Channel
from tests.benchmark import load, served
from tests.benchmark.door import FLOODER, as_shipped
from tests.benchmark.machine import CORES
from tests.benchmark.phones import Fates, Line, Reply, Solvers, networks
from tests.benchmark.stuffed import TODAY, closed, compare, open_survey_in, say

AT_ONCE = 16
WORST = "very_dissatisfied"


@dataclass(frozen=True, slots=True)
class Attack:
    """One way in: which codes, from where, for how long, fetching pages or not."""

    name: str
    codes: tuple[str, ...]
    seconds: float
    fetches: bool = True
    spread: bool = False
    """Whether every answer comes from another network."""
    solvers: Solvers = None
    """What looks for proofs of work, if anything."""


def stuff(url: str, attack: Attack, picks: str) -> Fates:
    """Send as much as goes in the time of this attack."""
    fates, luck = Fates(), Random(attack.name)
    paths = cycle(f"/s/{code}" for code in attack.codes)
    until = time.perf_counter() + attack.seconds

    async def connection() -> None:
        while time.perf_counter() < until:
            try:
                async with Line.to(url, FLOODER) as line:
                    while time.perf_counter() < until:
                        line.address = networks(luck) if attack.spread else FLOODER
                        reply = await _one(line, next(paths), attack, picks, fates)
                        # It would be refused for so long: others go on meanwhile.
                        rest = max(0.0, until - time.perf_counter())
                        await asyncio.sleep(min(1.0, rest, reply.wait))
            except OSError:  # a timeout is one
                fates.broken += 1

    async def all_of_them() -> None:
        await asyncio.gather(*(connection() for _ in range(AT_ONCE)))

    asyncio.run(all_of_them())
    return fates


async def _one(
    line: Line, path: str, attack: Attack, picks: str, fates: Fates
) -> Reply:
    """Send one answer and note what became of it."""
    began = time.perf_counter()
    if attack.fetches:
        reply = await line.answer(path, picks, attack.solvers)
    else:
        made_up = secrets.token_hex(16)
        reply = await line.ask(path, f"{picks}&submission={made_up}")
    fates.note(reply, time.perf_counter() - began)
    return reply


def attacks_on(settings: Settings, *, quick: bool) -> Iterator[Attack]:
    """Yield the attacks in their order; quick ones are a tenth as long."""
    less = 10 if quick else 1
    with borrowed_main_engine(settings) as engine, Session(engine) as session:
        survey = open_survey_in(session)
        first = county.UNITS[0].code
        printed = [
            (one.subject.unit.code, one.rater_group, one.code)
            for one in survey.channels
            if one.subject and one.without_proof_of is None
        ]
        aimed = {group: code for unit, group, code in printed if unit == first}
        every = tuple(code for _, _, code in printed)
    poster = (aimed["service_objects"],)
    yield Attack("one poster, ids made up", poster, 600 / less, fetches=False)
    yield Attack("one poster, pages fetched", poster, 600 / less)
    yield Attack(f"{len(every)} codes, one address", every, 60 / less)
    yield Attack(f"{len(every)} codes, many networks", every, 60 / less, spread=True)
    yield Attack("the leaders' code", (aimed["leaders"],), 20 / less, spread=True)


def turnout(settings: Settings) -> Counter[str]:
    """Return rater group → answers counted so far; "all" of all."""
    told = (
        select(Channel.rater_group, func.sum(TurnoutCount.count))
        .join(Channel, Channel.id == TurnoutCount.channel_id)
        .group_by(Channel.rater_group)
    )
    with borrowed_main_engine(settings) as engine, Session(engine) as session:
        found = Counter({group: int(many) for group, many in session.execute(told)})
    return found + Counter(all=sum(found.values()))


def main(arguments: list[str]) -> None:
    """Build the county, attack it, and print what became of it."""
    reader = ArgumentParser(prog="make bench ARGS=stuffing")
    reader.add_argument("--quick", action="store_true", help="a tenth of the time")
    reader.add_argument("--proof", choices=("sent", "left-out"), help="asked for, and "
                        "looked for by every core or not at all")  # fmt: skip
    reader.add_argument("--aside", action="store_true", help="two people set aside "
                        "what came without proof")  # fmt: skip
    asked = reader.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        untouched = _built(Path(folder))
        stuffed = _copied(untouched, Path(folder) / "stuffed.sqlite")
        questions = _questions(stuffed)
        picks = load.picks_of(questions).replace("=satisfied", f"={WORST}")
        if asked.proof:
            _ask_for_proof(stuffed)
        with served.platform(as_shipped(stuffed)) as server, ExitStack() as stack:
            solvers = None
            if asked.proof == "sent":
                spawn = multiprocessing.get_context("spawn")
                pool = ProcessPoolExecutor(CORES, mp_context=spawn)
                solvers = stack.enter_context(pool)
            for plan in attacks_on(stuffed, quick=asked.quick):
                attack = replace(plan, solvers=solvers)
                before = turnout(stuffed)
                fates = stuff(server.url, attack, picks)
                false = turnout(stuffed)["all"] - before["all"]
                say(f"{attack.name}, {attack.seconds:.0f} s: {false} false answers; "
                     f"{fates}")  # fmt: skip
        if asked.aside:
            _set_unproven_aside(stuffed)
        compare(closed(untouched), closed(stuffed))


def _ask_for_proof(settings: Settings) -> None:
    with borrowed_main_engine(settings) as engine, Session(writing(engine)) as session:
        ask_for_proof(
            session, open_survey_in(session).id,
            asked=True, reason="measured", account="benchmark", today=TODAY,
        )  # fmt: skip


def _set_unproven_aside(settings: Settings) -> None:
    beside = select(Channel.id).where(Channel.without_proof_of.is_not(None))
    with borrowed_main_engine(settings) as engine, Session(writing(engine)) as session:
        for official in ("first", "second"):
            note_confirmed(session, official)
        session.commit()
        for one in session.scalars(beside).all():
            told = {"reason": "measured", "account": "first", "today": TODAY}
            ask_to_set_aside(session, one, **told)  # type: ignore[arg-type]  # as named
            grant_set_aside(session, one, account="second", today=TODAY)


def _built(folder: Path) -> Settings:
    settings = Settings(
        database_url=f"sqlite:///{folder / 'untouched.sqlite'}",
        secret_key="benchmark-" * 4,
        second_factor="",
        answers_per_minute=1_000_000_000,  # the honest come all at once, see demo/
        ballot_database_url=f"sqlite:///{folder / 'ballots.sqlite'}",
        ballot_secrets=str(folder / "secrets"),
    )
    (folder / "demo").mkdir()
    build(settings, folder=folder / "demo", today=TODAY, progress=lambda *_: None)
    return settings


def _copied(settings: Settings, to: Path) -> Settings:
    source = settings.database_url.removeprefix("sqlite:///")
    with sqlite3.connect(source) as old, sqlite3.connect(to) as new:
        old.backup(new)
    return replace(settings, database_url=f"sqlite:///{to}")


def _questions(settings: Settings) -> list[str]:
    with borrowed_main_engine(settings) as engine, Session(engine) as session:
        asked = Questionnaire.from_json(open_survey_in(session).questionnaire)
        return [one.key for one in asked.questions]
