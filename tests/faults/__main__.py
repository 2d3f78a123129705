"""`make faults`: every fault on both databases, a line each; ends by itself."""

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.faults import at_rest
from tests.faults.faults import FAULTS, Fault, LeftOut, clock_in
from tests.faults.town import PEOPLE, Outcome, Town
from tests.support.postgresql import PostgreSQL, started

WARM = 1.0
"""Seconds of answers before a fault, and after it."""
HEAD = (
    f"{'fault':34} {'database':11} {'promised':>8} {'missing':>7} {'doubled':>7} "
    f"{'tally':>6} {'page kept':>9} {'no answers':>10} {'cut':>5} {'pause s':>7}"
)


def main(arguments: list[str]) -> None:
    """Print the table; end with status 1 where something does not hold."""
    reader = ArgumentParser(prog="make faults")
    reader.add_argument("--only", default="", help="faults with this in their name")
    reader.add_argument("--database", choices=("sqlite", "postgresql"))
    asked = reader.parse_args(arguments)
    sys.stdout.write(HEAD + "\n")
    fine = True
    for kind in ("sqlite", "postgresql"):
        if asked.database in (None, kind):
            with _server(kind) as server:
                for name, fault in (FAULTS | at_rest.FAULTS).items():
                    if asked.only in name:
                        fine = _line(name, kind, fault, server) and fine
    if not fine:
        raise SystemExit("something does not hold")


@contextmanager
def _server(kind: str) -> Iterator[PostgreSQL | None]:
    if kind == "sqlite":
        yield None
        return
    server = started(Path(tempfile.mkdtemp(prefix="faults")))
    try:
        yield server
    finally:
        server.stop()


def _line(name: str, kind: str, fault: Fault, server: PostgreSQL | None) -> bool:
    """Print what became of a town; return whether it holds."""
    try:
        outcome = suffered(fault, server)
    except LeftOut as why:
        sys.stdout.write(f"{name:34} {kind:11} left out: {why}\n")
        return True
    told = outcome.told
    sys.stdout.write(
        f"{name:34} {kind:11} {len(told.acknowledged):8} {outcome.missing:7} "
        f"{outcome.doubled:7} {'fits' if outcome.counted else 'NOT':>6} "
        f"{told.kept:9} {told.bare:10} {told.cut:5} {told.pause:7.1f}"
        f"{'' if outcome.holds else '  DOES NOT HOLD'}\n"
    )
    for line in outcome.found:
        sys.stdout.write(f"    {line}\n")
    if told.unheard:
        sys.stdout.write(f"    {told.unheard} were never thanked\n")
    sys.stdout.flush()
    return outcome.holds


def suffered(fault: Fault, server: PostgreSQL | None) -> Outcome:
    """Do this to a town of its own while it is answered; return what became of it."""
    rests = fault in at_rest.FAULTS.values()
    is_long = rests and fault is not at_rest.flipped_byte
    units, answers = (120, 12_000) if is_long else (3, 300)
    with (
        tempfile.TemporaryDirectory() as folder,
        town_in(Path(folder), server, units=units, answers=answers) as town,
    ):
        if rests:
            return at_rest.suffered(fault, town)
        with (
            town.served(**clock_in(town.folder)) as crowd,
            crowd.answering(PEOPLE) as told,
        ):
            time.sleep(WARM)  # the load itself
            fault(town)
            time.sleep(WARM)
        return town.outcome(told)


@contextmanager
def town_in(
    folder: Path, server: PostgreSQL | None, *, units: int = 3, answers: int = 300
) -> Iterator[Town]:
    """Give a town of so many units."""
    if server is None:
        yield Town(folder, units=units, answers=answers)
        return
    # Not held open meanwhile: the server may go away.
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE " + (name := b"t%d" % time.time_ns()))
    url = make_url(server.url).set(database=name.decode())
    yield Town(
        folder, units=units, answers=answers, postgresql=server,
        database_url=url.render_as_string(hide_password=False),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
