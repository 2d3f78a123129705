"""The front door under a crowd and under a flood: `make bench ARGS=door`.

A hall of 500 phones behind one address, within a minute. Then a flood of 100,000
requests from one network through the code that 50 honest people a second use, each from
a network of his own. Printed of both: what was kept, refused, delayed.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from survey_app.database import borrowed_main_engine, writing
from survey_app.demo.county import QUESTIONNAIRE
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.ask_proof import ask_for_proof
from tests.benchmark import city, load, served
from tests.benchmark.machine import CORES, Moment
from tests.benchmark.phones import Fates, Line, networks, one_visit

PHONES, WITHIN = 500, 60.0
FLOOD, HONEST_A_SECOND, AT_ONCE = 100_000, 50, 16
HALL, FLOODER = "198.51.100.7", "203.0.113.9"
SEED = 20261201


@dataclass(frozen=True, slots=True)
class Flooded:
    """What the flood met, and how long it lasted."""

    requests: int
    fates: Fates
    seconds: float


@dataclass(frozen=True, slots=True)
class Door:
    """A server, the path everybody uses, and the form everybody sends."""

    url: str
    path: str
    picks: str


async def hall(door: Door, phones: int, within: float) -> Fates:
    """Let phones behind one address come at random within some seconds."""
    luck, fates = Random(SEED), Fates()

    async def phone(after: float) -> None:
        await asyncio.sleep(after)
        await one_visit(door.url, HALL, door.path, door.picks, fates)

    await asyncio.gather(*(phone(luck.uniform(0, within)) for _ in range(phones)))
    return fates


async def honest(door: Door, is_over: Callable[[], bool]) -> Fates:
    """Let 50 people a second come from all over until it is over."""
    luck, fates, out = Random(SEED), Fates(), set[asyncio.Task[None]]()
    due = time.perf_counter()
    while not is_over():
        out.add(
            asyncio.create_task(
                one_visit(door.url, networks(luck), door.path, door.picks, fates)
            )
        )
        due += luck.expovariate(HONEST_A_SECOND)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    await asyncio.gather(*out)
    return fates


def proving(door: Door, requests: int) -> Flooded:
    """Do the same, looking for the proof of work that every page asks for."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, mp_context=spawn) as solvers:

        async def one(line: Line, left: list[int], fates: Fates) -> None:
            while left[0] > 0:
                left[0] -= 2
                began = time.perf_counter()
                reply = await line.answer(door.path, door.picks, solvers)
                fates.note(reply, time.perf_counter() - began)

        return _flooding(door, requests, one)


def asking(door: Door, requests: int) -> Flooded:
    """Fetch the page of the code, again and again."""

    async def one(line: Line, left: list[int], _: Fates) -> None:
        while left[0] > 0:
            left[0] -= 1
            await line.ask(door.path)

    return _flooding(door, requests, one)


def answering(door: Door, requests: int) -> Flooded:
    """Fetch a page for every answer and send it: two requests each."""

    async def one(line: Line, left: list[int], fates: Fates) -> None:
        while left[0] > 0:
            left[0] -= 2
            began = time.perf_counter()
            reply = await line.answer(door.path, door.picks)
            fates.note(reply, time.perf_counter() - began)

    return _flooding(door, requests, one)


def repeating(door: Door, requests: int) -> Flooded:
    """Fetch one page and send its form again and again."""

    async def one(line: Line, left: list[int], fates: Fates) -> None:
        page = (await line.ask(door.path)).page
        form = load.SUBMISSION.search(page)
        sent = f"{door.picks}&submission={form[1].decode() if form else ''}"
        while left[0] > 0:
            left[0] -= 1
            began = time.perf_counter()
            fates.note(await line.ask(door.path, sent), time.perf_counter() - began)

    return _flooding(door, requests, one)


def inventing(door: Door, requests: int) -> Flooded:
    """Send forms whose ids were made up, without ever fetching a page."""

    async def one(line: Line, left: list[int], fates: Fates) -> None:
        luck = Random()
        while left[0] > 0:
            left[0] -= 1
            sent = f"{door.picks}&submission={luck.randbytes(16).hex()}"
            began = time.perf_counter()
            fates.note(await line.ask(door.path, sent), time.perf_counter() - began)

    return _flooding(door, requests, one)


FLOODS = {
    one.__name__: one for one in (answering, asking, repeating, inventing, proving)
}


def _flooding(
    door: Door,
    requests: int,
    one: Callable[[Line, list[int], Fates], Coroutine[None, None, None]],
) -> Flooded:
    """Keep `AT_ONCE` connections of one network busy until all was sent."""
    fates, left = Fates(), [requests]

    async def connection() -> None:
        while left[0] > 0:
            try:
                async with Line.to(door.url, FLOODER) as line:
                    await one(line, left, fates)
            except OSError:  # a timeout is one
                fates.broken += 1

    async def all_of_them() -> None:
        await asyncio.gather(*(connection() for _ in range(AT_ONCE)))

    began = time.perf_counter()
    asyncio.run(all_of_them())
    return Flooded(requests - left[0], fates, time.perf_counter() - began)


def beside(door: Door, flood: str, requests: int) -> tuple[Flooded, Fates]:
    """Let a flood of this kind and honest people come at the same time."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        flooding = pool.submit(FLOODS[flood], door, requests)
        people = asyncio.run(honest(door, flooding.done))
        return flooding.result(), people


def alone(door: Door, seconds: float) -> Fates:
    """Let honest people come without any flood, for comparison."""
    until = time.perf_counter() + seconds
    return asyncio.run(honest(door, lambda: time.perf_counter() > until))


def ask_in(place: city.City) -> None:
    """Let the open survey of a place ask for proofs of work."""
    with (
        borrowed_main_engine(place.settings) as engine,
        Session(writing(engine)) as session,
    ):
        ask_for_proof(
            session, place.open_survey,
            asked=True, reason="measured", account="benchmark",
            today=date.today(),  # noqa: DTZ011 -- the server's own day
        )  # fmt: skip


def as_shipped(settings: Settings) -> Settings:
    """Return these settings with the limits as they ship, behind one proxy."""
    usual = next(
        one.default for one in fields(Settings) if one.name == "answers_per_minute"
    )
    return replace(
        settings,
        answers_per_minute=int(usual),  # type: ignore[arg-type]  # it has a default
        trusted_proxies=1,
    )


def main(arguments: list[str]) -> None:
    """Print what the crowd and the floods met."""
    reader = ArgumentParser(prog="make bench ARGS=door")
    reader.add_argument("--quick", action="store_true", help="a twentieth of it all")
    reader.add_argument("--requests", type=int, help="of every flood")
    reader.add_argument("--only", choices=("hall", *FLOODS))
    reader.add_argument("--proof", action="store_true", help="ask for proofs of work; "
                        "only the flood `proving` looks for any")  # fmt: skip
    asked = reader.parse_args(arguments)
    requests = asked.requests or (FLOOD // 20 if asked.quick else FLOOD)
    phones, within = (PHONES // 20, WITHIN / 20) if asked.quick else (PHONES, WITHIN)
    with tempfile.TemporaryDirectory() as folder:
        place = city.made_in(Path(folder), city.UNITS["county"], answers=1_200)
        if asked.proof:
            ask_in(place)
        questions = [one.key for one in shipped_questionnaire(QUESTIONNAIRE).questions]
        picks = load.picks_of(questions)
        with served.platform(as_shipped(place.settings)) as server:
            codes = iter(place.codes)
            if asked.only in (None, "hall"):
                door = Door(server.url, f"/s/{next(codes)}", picks)
                fates = asyncio.run(hall(door, phones, within))
                _say(f"{phones} phones, one address, {within:.0f} s", str(fates))
            _say("honest alone", str(alone(Door(server.url, f"/s/{next(codes)}", picks),
                                           2 if asked.quick else 20)))  # fmt: skip
            for name in FLOODS:
                without = name == "proving" and not asked.proof
                if asked.only in (None, name) and not without:
                    door = Door(server.url, f"/s/{next(codes)}", picks)
                    _tell(server, door, name, requests)


def _tell(server: served.Served, door: Door, name: str, requests: int) -> None:
    before = Moment.now(server.sessions)
    flood, people = beside(door, name, requests)
    foreign = Moment.now(server.sessions).foreign_since(before)
    pace = flood.requests / flood.seconds
    _say(f"flood, {name}", f"{flood.requests} requests in {flood.seconds:.0f} s "
         f"({pace:.0f} a second): {flood.fates}")  # fmt: skip
    _say("  honest beside it", str(people))
    _say("  the machine", f"{CORES} cores, others had {foreign:.0%}")


def _say(what: str, told: str) -> None:
    sys.stdout.write(f"{what}: {told}\n")
    sys.stdout.flush()
