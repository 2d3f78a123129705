"""A power cut at any statement of an opening: nothing is lost, nothing counts twice.

A process of its own takes the result of an opening and is killed at its n-th statement
or commit, for every n. Whoever calls the verb again ends in the state an uninterrupted
opening ends in.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from survey_app.ballot.decryption_verbs import export_ballots, take_decrypted
from survey_app.ballot.finish_decryption import finish_decryption
from survey_app.ballot.paper.decrypted import Decrypted
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.tables import CLOSED, BallotBox
from survey_app.database import NO_LOG, engine_of, writing
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.decrypted_box import everything
from tests.support.holder_keys import holder_keys
from tests.support.killed_process import Step, killed_at
from tests.support.secret_county import secret_county


@dataclass(frozen=True)
class Kept:
    """A closed box at rest, and how to bring its databases back to that."""

    box: StandingBox
    opened: Decrypted
    urls: tuple[str, str]
    """Of the main and of the ballot database."""
    restore: Callable[[], None]

    @contextmanager
    def engines(self) -> Iterator[tuple[Engine, Engine]]:
        """Give engines of this process's own, on both databases."""
        main, ballots = engine_of(self.urls[0]), engine_of(self.urls[1], journal=NO_LOG)
        try:
            yield main, ballots
        finally:
            main.dispose()
            ballots.dispose()

    def open(self) -> None:
        """Take the result, or go on where it was taken before."""
        survey_id = self.box.survey_id
        with self.engines() as (main, ballots), Session(writing(main)) as session:
            with Session(ballots) as boxes:
                state = boxes.get_one(BallotBox, survey_id).state
            if state == CLOSED:
                take_decrypted(
                    session, ballots, survey_id, self.opened,
                    secrets_folder=self.box.folder, auditors_agree=True,
                )  # fmt: skip
            else:
                finish_decryption(
                    session, ballots, survey_id, secrets_folder=self.box.folder
                )

    def left(self) -> dict[str, object]:
        """Return what both databases and the folder of secrets hold."""
        with self.engines() as (main, ballots):
            county = replace(self.box.county, engine=main)
            return everything(replace(self.box, county=county, ballots=ballots))

    def killed_at(self, step: int) -> bool:
        """Open in a process that dies at this step; return whether it got that far."""

        def decrypt_box(passed: Step) -> None:
            event.listen(Engine, "before_cursor_execute", passed)
            event.listen(Engine, "commit", passed)
            self.open()

        return killed_at(step, decrypt_box)


@pytest.fixture
def kept(
    engine: Engine,
    ballots: Engine,
    tmp_path: Path,
) -> Kept:
    """A closed box with ballots of two groups, comments and a challenged ballot."""
    box = standing_box(
        secret_county(engine, units=1),
        ballots,
        tmp_path / "secrets",
        eligible={"leaders": 8, "staff": 8},
    )
    unit = box.county.units[0]
    box.cast_many(unit, "leaders", good=2, bad=1)
    box.cast_many(unit, "staff", good=3, bad=2)
    box.cast(box.batch(unit, "staff"), comment="留下的意见")
    box.challenge(box.cast(box.batch(unit, "staff"), "bad"))
    box.close()
    place = {"secrets_folder": box.folder}
    with Session(engine) as session:
        export = export_ballots(session, ballots, box.survey_id, **place)
    urls = (_address(engine), _address(ballots))
    engine.dispose()
    ballots.dispose()
    folders = _folders(box.folder, tmp_path / "kept-secrets")
    if engine.dialect.name == "sqlite":
        databases = _files(urls, tmp_path / "kept")
    else:
        databases = _rows(urls)

    def restore() -> None:
        folders()
        databases()

    return Kept(box, decrypt_box(export, holder_keys()), urls, restore)


def test_an_opening_ends_in_the_same_state_wherever_it_was_interrupted(
    kept: Kept,
) -> None:
    before = kept.left()
    kept.open()
    done = kept.left()
    assert done != before
    assert done["state"] == "done"

    step = 1
    while _survives(kept, step, before, done):
        step += 1
    assert step > 25, "it was killed so often at least"
    kept.open()
    assert kept.left() == done, "once more changes nothing"


def _survives(
    kept: Kept, step: int, before: dict[str, object], done: dict[str, object]
) -> bool:
    """Kill an opening at this step and go on; return whether it got that far."""
    kept.restore()
    killed = kept.killed_at(step)
    found = kept.left()
    for what in ("fragments", "counts", "comments", "reconciled", "tickets", "spent",
                 "evaluated", "head", "waiting"):  # fmt: skip
        whole = [before[what], done[what]]
        if what == "waiting":
            whole.append(sorted(comment.id for comment in kept.opened.comments))
        assert found[what] in whole, f"half of {what} at step {step}"
    assert found["counts"] == done["counts"] or found["tickets"] == before["tickets"]
    counted, evaluated = (found[what] == done[what] for what in ("counts", "evaluated"))
    assert counted or not evaluated, "a plan, which lets them be shown, comes last"
    assert not found["tickets"] or found["secrets"], "destroyed last"
    kept.open()
    assert kept.left() == done, f"killed at step {step}"
    return killed


def _address(engine: Engine) -> str:
    plain = engine.url.set(drivername=engine.url.get_backend_name())
    return plain.render_as_string(hide_password=False)


def _folders(folder: Path, aside: Path) -> Callable[[], None]:
    shutil.copytree(folder, aside)

    def restore() -> None:
        shutil.rmtree(folder)
        shutil.copytree(aside, folder)

    return restore


def _files(urls: tuple[str, str], aside: Path) -> Callable[[], None]:
    """Keep copies of the SQLite files; their logs are gone with the connections."""
    files = [Path(make_url(url).database or "") for url in urls]
    aside.mkdir()
    for file in files:
        shutil.copy(file, aside)

    def restore() -> None:
        for file in files:
            for rest in file.parent.glob(f"{file.name}-*"):
                rest.unlink()
            shutil.copy(aside / file.name, file)

    return restore


def _rows(urls: tuple[str, str]) -> Callable[[], None]:
    """Keep the rows of both databases; a server has no files to be copied."""
    kept = {url: _copied(url) for url in urls}

    def restore() -> None:
        for url, tables in kept.items():
            with psycopg.connect(url) as connection:
                # Neither triggers nor foreign keys: everything comes back as it was.
                connection.execute("SET session_replication_role = replica")
                connection.execute(f"TRUNCATE {', '.join(tables)}".encode())
                for name, rows in tables.items():
                    with connection.cursor().copy(
                        f"COPY {name} FROM STDIN".encode()
                    ) as to:
                        to.write(rows)

    return restore


def _copied(url: str) -> dict[str, bytes]:
    """Return table → its rows, as PostgreSQL copies them out."""
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    found = {}
    with psycopg.connect(url) as connection:
        for (name,) in connection.execute(listed).fetchall():
            with connection.cursor().copy(f"COPY {name} TO STDOUT".encode()) as rows:
                found[name] = b"".join(bytes(row) for row in rows)
    return found
