"""The whole table in one go: `make bench`, or `make bench ARGS="table --quick"`.

H, the smallest Flask program on two plain workers of gunicorn, is measured in every
round, and every case of a round after it, so that a slow moment of the machine touches
them alike: read the ratios, and how much of the machine somebody else had.
"""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from survey_app.demo.county import QUESTIONNAIRE
from survey_app.shipped_files import shipped_questionnaire
from tests.benchmark import ballots, city, costs, load, served
from tests.benchmark.machine import Moment, memory, spent
from tests.benchmark.sent_forms import paths_with_ids

H = "H: bare Flask"
ONE_LIMESURVEY = 4.92
"""Visits a second of LimeSurvey 6.0.4 where H is 2,700: measured once, beside us."""
H_OF_LIMESURVEY = 2700


@dataclass(frozen=True, slots=True)
class Case:
    """One load on one server."""

    name: str
    where: served.Served
    run: Callable[[], load.Seen]


@dataclass(slots=True)
class Rounds:
    """What every round showed of one case."""

    seen: list[load.Seen] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    """Of this round's H."""
    cpu_ms: list[float] = field(default_factory=list)
    """Processor time of the server for one request."""
    foreign: list[float] = field(default_factory=list)
    """Which part of the machine somebody else had."""

    def told(self) -> dict[str, float]:
        """Return the medians."""
        return {
            "per_second": median(one.per_second for one in self.seen),
            "of_H": median(self.ratio),
            "lowest_of_H": min(self.ratio),
            "highest_of_H": max(self.ratio),
            "p50_ms": median(one.p50 for one in self.seen),
            "p95_ms": median(one.p95 for one in self.seen),
            "p99_ms": median(one.p99 for one in self.seen),
            "cpu_ms": median(self.cpu_ms),
            "refused": sum(one.refused for one in self.seen),
            "broken": sum(one.broken for one in self.seen),
            "foreign": median(self.foreign),
        }


def main(arguments: list[str]) -> None:
    """Print the table and keep it, with every round, as JSON beside it."""
    reader = ArgumentParser(prog="make bench ARGS=table")
    reader.add_argument("--quick", action="store_true", help="three short rounds")
    reader.add_argument("--only", choices=("load", "costs", "ballots"))
    reader.add_argument("--units", type=int, default=city.UNITS["city"])
    reader.add_argument("--json", type=Path, default=Path(".artefacts/bench.json"))
    asked = reader.parse_args(arguments)
    found: dict[str, Any] = {"commit": _commit(), "quick": asked.quick}
    sizes = {"county": city.UNITS["county"], "city": asked.units}
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in sizes}
        if asked.only != "ballots":
            for name, place in places.items():
                city.made_in(place, sizes[name])
        if asked.only in (None, "load"):
            _say(found, "load", _loads(places, quick=asked.quick))
        if asked.only in (None, "costs"):
            for name, place in places.items():
                _say(found, f"costs, {name}", _costs(place))
        if asked.only in (None, "ballots"):
            in_the_box = 1_000 if asked.quick else ballots.IN_THE_BOX
            _say(found, "ballots", ballots.measured(in_the_box))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")


def _costs(place: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in costs.COSTS:
        found |= costs.measured(name, place)
    return found


def _loads(places: dict[str, Path], *, quick: bool) -> dict[str, Any]:
    """Return case → medians of the rounds, and what the servers held after them."""
    if not load.is_wrk_there():
        return {"left out": {"why": "wrk is missing: install the Debian package wrk"}}
    with ExitStack() as stack:
        cases, held = _cases(stack, places, seconds=2 if quick else 4, quick=quick)
        rounds = {case.name: Rounds() for case in cases}
        sessions = [one for case in cases for one in case.where.sessions]
        for _ in range(3 if quick else 5):
            best = 1.0
            for case in cases:
                noted = rounds[case.name]
                before, used = Moment.now(sessions), spent(case.where.sessions)
                seen = case.run()
                used = spent(case.where.sessions) - used
                noted.foreign.append(Moment.now(sessions).foreign_since(before))
                best = seen.per_second if case.name == H else best
                noted.seen.append(seen)
                noted.ratio.append(seen.per_second / best)
                noted.cpu_ms.append(used * 1e3 / max(1, seen.requests))
        found: dict[str, Any] = {name: one.told() for name, one in rounds.items()}
        for case in cases:
            # Whoever else uses the machine slows both alike.
            told = found[case.name]
            told["cpu_of_H"] = told["cpu_ms"] / found[H]["cpu_ms"]
        for name, where in held.items():
            found[f"memory, {name}"] = {"pss_mb": memory(where.sessions[:1])}
    return found | _compared(found)


@dataclass(frozen=True, slots=True)
class _Loads:
    """What is sent, for how long, and where its paths are written down."""

    folder: Path
    form: str
    seconds: float

    def get(self, name: str, where: served.Served, paths: list[str]) -> Case:
        """Return the case of pages that are asked for."""

        def run() -> load.Seen:
            return load.hammer(where.url, paths, self.folder, seconds=self.seconds)

        return Case(name, where, run)

    def send(
        self, name: str, where: served.Served, codes: list[str], place: Path
    ) -> Case:
        """Return the case of forms that are sent."""

        def run() -> load.Seen:
            paths = paths_with_ids(place, codes, seconds=self.seconds)
            return load.hammer(
                where.url, paths, self.folder, seconds=self.seconds, body=self.form
            )

        return Case(name, where, run)

    def visit(self, where: served.Served, codes: list[str]) -> Case:
        """Return the case of whole visits."""

        def run() -> load.Seen:
            return load.visits(where.url, codes, self.form, seconds=self.seconds)

        return Case("visit, county", where, run)


def _cases(
    stack: ExitStack, places: dict[str, Path], *, seconds: float, quick: bool
) -> tuple[list[Case], dict[str, served.Served]]:
    """Return the cases, H first, and the servers whose memory is asked for."""
    questions = [one.key for one in shipped_questionnaire(QUESTIONNAIRE).questions]
    of = _Loads(places["county"], load.picks_of(questions), seconds)
    cases = [of.get(H, stack.enter_context(served.hello()), ["/"])]
    held: dict[str, served.Served] = {}
    for name, place in places.items():
        codes = codes_in(place)
        ours = stack.enter_context(served.platform(city.settings_in(place)))
        held[name] = ours
        if name == "county":
            cases += [
                of.get("GET, one code, county", ours, codes[:1]),
                of.send("POST, one code, county", ours, codes[:1], place),
                of.visit(ours, codes),
            ]
        cases.append(of.get(f"GET, {name}", ours, codes))
        cases.append(of.send(f"POST, {name}", ours, codes, place))
        if name == "county" and (library := served.slow_disk_in(place)):
            slow = served.platform(city.settings_in(place), slow_disk=library)
            slowly = stack.enter_context(slow)
            cases.append(of.send("POST, slow disk", slowly, codes, place))
    for name, where, place in _on_postgresql(stack, places, quick=quick):
        codes = codes_in(place)
        cases.append(of.send(f"POST, PostgreSQL, {name}", where, codes, place))
    return cases, held


def _on_postgresql(
    stack: ExitStack, places: dict[str, Path], *, quick: bool
) -> Iterator[tuple[str, served.Served, Path]]:
    """Yield name, server and folder of the same places on PostgreSQL."""
    wanted = dict.fromkeys(["county"] if quick else places)
    addresses, session = stack.enter_context(served.postgresql(wanted))
    for name, address in addresses.items():
        folder = places[name] / "postgresql"
        facts = json.loads((places[name] / "city.json").read_text("utf-8"))
        built = city.made_in(folder, facts["units"], database_url=address)
        ours = served.platform(
            replace(built.settings, answers_per_minute=10**9), beside=(session,)
        )
        yield name, stack.enter_context(ours), folder


def codes_in(place: Path) -> list[str]:
    """Return the addresses of the open survey's codes."""
    return [f"/s/{code}" for code in (place / "codes.txt").read_text("ascii").split()]


def _compared(found: dict[str, Any]) -> dict[str, Any]:
    """Return what follows from several cases."""

    def of(name: str) -> float:
        return float(found[name]["of_H"]) if name in found else float("nan")

    visits = found["visit, county"]["per_second"] / found[H]["per_second"]
    return {
        "compared": {
            "city GET slower": of("GET, county") / of("GET, city"),
            "city POST slower": of("POST, county") / of("POST, city"),
            "slow disk slower": of("POST, county") / of("POST, slow disk"),
            "times LimeSurvey": visits / (ONE_LIMESURVEY / H_OF_LIMESURVEY),
        }
    }  # fmt: skip


def _say(found: dict[str, Any], about: str, told: dict[str, Any]) -> None:
    """Print one part of the table, and remember it."""
    found[about] = told
    sys.stdout.write(f"\n## {about}\n\n")
    for name, numbers in told.items():
        line = "  ".join(
            f"{what} {value:.4g}" if isinstance(value, float) else f"{what} {value}"
            for what, value in numbers.items()
        )
        sys.stdout.write(f"{name:28} {line}\n")
    sys.stdout.flush()


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return told.stdout.strip()
