"""What single acts cost in processor time, memory and bytes, each in its own process.

Processor time does not care who else uses the machine. Pages are asked through the
test client, as a signed-in manager, on a copy of the place.
"""

import gzip
import json
import selectors
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.permissions import APPRAISED
from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.database import borrowed_main_engine, main_engine_of, writing
from survey_app.demo.county import SCHEME
from survey_app.settings import Settings
from survey_app.shipped_files import SCHEMES
from survey_app.survey.closing import close_survey
from survey_app.survey.settling.settle_cycle import settle_cycle
from tests.benchmark.city import settings_in
from tests.benchmark.desk_pages import OF_OTHERS, PAGES, WITH_AN_EARLIER
from tests.support.jobs import run_waiting_jobs
from tests.support.office import MANAGER, Desk, desk
from tests.support.statements import counted

TIMES = 8
Cost = dict[str, float]


@dataclass(frozen=True, slots=True)
class Copied:
    """A place of its own to measure in, and what stands where in it."""

    settings: Settings
    facts: dict[str, int]


@contextmanager
def copied(folder: Path) -> Iterator[Copied]:
    """Give a copy of a built place for as long as a block lasts."""
    facts = json.loads((folder / "city.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory(dir=folder) as own:
        for name in ("city.sqlite", "ballots.sqlite"):
            shutil.copy(folder / name, own)
        yield Copied(settings_in(Path(own)), facts)


@contextmanager
def _signed_in(place: Copied) -> Iterator[Callable[[str], Desk]]:
    """Give what signs somebody with this role in."""
    app = create_app(place.settings)
    engine = main_engine_of(place.settings)
    with Session(writing(engine)) as session:
        yield lambda role: desk(
            app, session, role, subject=1 if role == APPRAISED else None
        )
    engine.dispose()


def pages(folder: Path) -> dict[str, Cost]:
    """Return page → milliseconds of processor time, the first one's, kilobytes."""
    with copied(folder) as place, _signed_in(place) as sits:
        cadre = place.facts["units"] + 1
        facts = {**place.facts, "cadre": cadre, "body": 1, "alert": 1}
        manager = sits(MANAGER)
        found = _asked(manager, PAGES, facts)
        for role, those in OF_OTHERS.items():
            found |= _asked(sits(role), those, facts)
        _close(place)
        _work_off(place)
        found |= _asked(manager, WITH_AN_EARLIER, facts)
    return found


def _asked(
    sitting: Desk, those: Mapping[str, str], facts: Mapping[str, int]
) -> dict[str, Cost]:
    """Return what these pages cost whoever sits here."""
    found: dict[str, Cost] = {}
    engine = sitting.client.application.extensions["survey_engine"]
    for name, path in those.items():
        address = path.format(**facts)
        took: list[float] = []
        while len(took) < TIMES and sum(took) < 20_000:
            before = time.process_time()
            answer = sitting.client.get(
                f"/office{address}", headers={"Accept-Encoding": "gzip"}
            )
            took.append((time.process_time() - before) * 1e3)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status}")
        sent = answer.data
        if answer.headers.get("Content-Encoding") != "gzip":
            sent = gzip.compress(sent)
        with counted(engine) as statements:
            sitting.open(address)
        found[name] = {
            "ms": median(took[1:] or took), "first_ms": took[0],
            "kb": len(sent) / 1e3,
            "statements": sum(not one.startswith("BEGIN") for one in statements),
        }  # fmt: skip
    return found


def closing(folder: Path) -> dict[str, Cost]:
    """Return what closing the open survey costs, and how long a writer waits."""
    with copied(folder) as place:
        engine = main_engine_of(place.settings)
        file = str(engine.url.database)
        command = [sys.executable, "-m", "tests.benchmark", "writer", file]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout
            writer.stdout.readline()  # it has begun
            before = time.process_time()
            _close(place)
            took = time.process_time() - before
            _work_off(place)
            sheets = time.process_time() - before - took
            told, _ = writer.communicate("\n")
        engine.dispose()
    waits = json.loads(told)
    return {"closing": {"s": took, "sheets_s": sheets, "mb": _peak(), **waits}}


def writer(file: str) -> None:
    """Write again and again until a line is read; print the waits in milliseconds."""
    waits: list[float] = []
    with (
        selectors.DefaultSelector() as asked,
        sqlite3.connect(file, isolation_level=None, timeout=120) as connection,
    ):
        asked.register(sys.stdin, selectors.EVENT_READ)
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        while not asked.select(timeout=0.005):
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            waits.append((time.perf_counter() - began) * 1e3)
            connection.execute("UPDATE unit SET code = code WHERE id = 1")
            connection.execute("COMMIT")
    sys.stdout.write(
        json.dumps({"writes": len(waits), "longest_wait_ms": max(waits, default=0)})
    )


def workbook(folder: Path) -> dict[str, Cost]:
    """Return what the workbook of all results costs, made beside the requests."""
    path = "/surveys/{closed_survey}/results"
    return {"workbook": _made(folder, f"{path}-file", f"{path}.xlsx")}


def cycle_workbook(folder: Path) -> dict[str, Cost]:
    """Return the same of the workbook of a whole cycle."""
    path = "/cycles/{closed_cycle}/papers/workbook/file"
    return {"cycle workbook": _made(folder, path, path)}


def survey_data(folder: Path) -> dict[str, Cost]:
    """Return the same of a survey's results as tables."""
    path = "/surveys/{closed_survey}/results"
    return {"survey data": _made(folder, f"{path}-data", f"{path}.zip")}


def _made(folder: Path, ask: str, get: str) -> Cost:
    """Return what a file costs that is made beside the requests."""
    with copied(folder) as place, _signed_in(place) as sits:
        paths = (one.format(**place.facts) for one in (ask, get))
        return _made_in(place, sits(MANAGER), *paths)


def _made_in(place: Copied, sitting: Desk, ask: str, get: str) -> Cost:
    """Return what it costs in this place."""
    asked = sitting.send(ask)
    before = time.process_time()
    _work_off(place)
    took = time.process_time() - before
    made = sitting.open(get)
    if (asked.status_code, made.status_code) != (303, 200):
        raise RuntimeError(f"{asked.status}, then {made.status}")
    size = len(made.data)
    return {"s": took, "mb": _peak(), "size_mb": size / 1e6}


def _close(place: Copied) -> None:
    """Close the open survey, with all that its closing keeps."""
    engine = main_engine_of(place.settings)
    steps = *STEPS, raising(_today())
    with Session(writing(engine)) as session:
        close_survey(session, place.facts["open_survey"], steps=steps)
    engine.dispose()


def _today() -> date:
    return date.today()  # noqa: DTZ011 -- the server's own day


def _work_off(place: Copied) -> None:
    """Do what is asked for, as the worker of jobs would."""
    with borrowed_main_engine(place.settings) as engine:
        run_waiting_jobs(engine, place.settings)


def posters(folder: Path) -> dict[str, Cost]:
    """Return what the posters of all codes cost."""
    return {"posters": _file(folder, "/surveys/{open_survey}/posters?choose=")}


def settling(folder: Path) -> dict[str, Cost]:
    """Return what settling the closed cycle costs, every sheet of it worked out."""
    with copied(folder) as place:
        engine = main_engine_of(place.settings)
        before = time.process_time()
        with Session(writing(engine)) as session:
            settle_cycle(
                session, place.facts["closed_cycle"], account="kaohe",
                today=_today(),
            )  # fmt: skip
        _work_off(place)
        took = time.process_time() - before
        engine.dispose()
    return {"settling": {"s": took, "mb": _peak()}}


def comparing(folder: Path) -> dict[str, Cost]:
    """Return what it costs to hold a whole settled cycle against another scheme."""
    with copied(folder) as place, _signed_in(place) as sits:
        sitting, cycle_id = sits(MANAGER), place.facts["closed_cycle"]
        engine = sitting.client.application.extensions["survey_engine"]
        with Session(writing(engine)) as session:
            settle_cycle(session, cycle_id, account="kaohe", today=_today())
        _work_off(place)
        shipped = (SCHEMES / f"{SCHEME}.toml").read_text("utf-8")
        stricter = shipped.replace('"1/3"', '"1/4"')
        file = (BytesIO(stricter.encode()), "stricter.toml")
        rule = str(sitting.send("/rules/files", kind="scheme", file=file).location)
        path = f"{rule.removeprefix('/office')}/effects/{cycle_id}"
        cost = _made_in(place, sitting, path, path)
        shown = _asked(sitting, {"effects of a scheme": path}, {})
    return {"comparing": cost} | shown


def _file(folder: Path, path: str) -> Cost:
    with copied(folder) as place, _signed_in(place) as sits:
        sitting = sits(MANAGER)
        before = time.process_time()
        answer = sitting.open(path.format(**place.facts))
        size = len(answer.data)
        took = time.process_time() - before
        if answer.status_code != 200:
            raise RuntimeError(answer.status)
    return {"s": took, "mb": _peak(), "size_mb": size / 1e6}


def _peak() -> float:
    """Return the most memory this process ever held, in megabytes."""
    told = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in told if line[:6] == "VmHWM:")


COSTS: dict[str, Callable[[Path], dict[str, Cost]]] = {
    "pages": pages,
    "closing": closing,
    "workbook": workbook,
    "cycle workbook": cycle_workbook,
    "survey data": survey_data,
    "posters": posters,
    "settling": settling,
    "comparing": comparing,
}


def measured(name: str, folder: Path) -> dict[str, Any]:
    """Return one of COSTS, found out in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmark", "cost", name, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        return {name: {"failed": ran.stderr.strip().splitlines()[-1:]}}
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
