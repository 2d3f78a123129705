"""A copy of an office in a folder of its own, and an office made of such a copy.

What a copy of ballots gives away, and therefore when none is made, stands in
docs/anonymity.md: two of one day would show which slips were used in between, and one
made while a box is being decrypted would keep what is destroyed a moment later.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.ballot.tables import CLOSED, COUNTED, OPEN, SCRUBBED, BallotBox
from survey_app.domain.ground.marked import message
from survey_app.moving.refused import OfficeStays

MAIN, BALLOTS = "main", "ballots"
CONTENTS = "backup.json"
FORMAT = 1
NOTE = "backed-up"
"""In the folder of secrets: the day of the last copy of a box with ballots in it."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""What would be taken for a part of a SQLite file of this name."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One database in a backup."""

    file: str
    kind: str
    """"sqlite" or "postgresql"."""
    revision: str
    """The last migration it has seen."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What lies in a folder of a backup."""

    day: date
    copies: Mapping[str, Copy]
    """MAIN, and BALLOTS where they were taken along."""


def require_copy_of_ballots(ballots: Engine, secrets: Path | None, day: date) -> bool:
    """Return whether ballots lie in it that were not decrypted yet.

    Raises OfficeStays on the day a box opens, a second time on one day, and while a
    box is being decrypted.
    """
    with Session(ballots) as session:
        boxes = session.execute(select(BallotBox.state, BallotBox.opens_on)).all()
    if any(state in (COUNTED, SCRUBBED) for state, _ in boxes):
        raise OfficeStays(
            message(
                "A box is being decrypted. Finish its opening first: a copy made now "
                "would keep the envelopes that are about to be destroyed."
            )
        )
    is_full = any(state in (OPEN, CLOSED) for state, _ in boxes)
    if any(state == OPEN and opens_on == day for state, opens_on in boxes):
        raise OfficeStays(
            message(
                "A secret ballot opened today. A copy of its first ballots could show "
                "who was among the first: make it tomorrow."
            )
        )
    if is_full and _last_copied(secrets) == day.isoformat():
        raise OfficeStays(
            message(
                "The ballots were backed up today. Two copies of one day would show "
                "which slips were used in between: make the next one tomorrow."
            )
        )
    return is_full


def _last_copied(secrets: Path | None) -> str:
    if secrets is None or not (secrets / NOTE).is_file():
        return ""
    return (secrets / NOTE).read_text("ascii").strip()


def note_copied(secrets: Path | None, day: date) -> None:
    """Remember the day on which ballots that are in a box were copied."""
    if secrets is not None and secrets.is_dir():
        (secrets / NOTE).write_text(f"{day}\n", "ascii")


def back_up(engines: Mapping[str, Engine], folder: Path, day: date) -> Backup:
    """Copy these databases, each as it is at one moment, while they are in use.

    The folder appears when all is in it and on the disk. Raises OfficeStays where it
    is there already, pg_dump is missing or fails, or a copy is damaged.
    """
    part = folder.with_name(f"{folder.name}.part")
    if folder.exists():
        raise OfficeStays(
            message("%(folder)s is there already. A backup needs a new folder."),
            folder=folder,
        )
    shutil.rmtree(part, ignore_errors=True)  # of one that was interrupted
    part.mkdir(parents=True, mode=0o700)
    try:
        made = Backup(day, {n: _copied(n, e, part) for n, e in engines.items()})
        _write_contents(made, part / CONTENTS)
        for written in (*part.iterdir(), part):
            _sync(written)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sync(folder.parent)
    return made


def _write_contents(backup: Backup, file: Path) -> None:
    told = {
        "format": FORMAT,
        "day": str(backup.day),
        "copies": {name: asdict(copy) for name, copy in backup.copies.items()},
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _copied(name: str, engine: Engine, folder: Path) -> Copy:
    kind = engine.dialect.name
    file = folder / f"{name}.{'sqlite' if kind == 'sqlite' else 'dump'}"
    file.touch(mode=0o600)
    if kind == "sqlite":
        _copy_file(engine, file)
    else:
        with _told_apart(engine.url) as (where, environment):
            _run("pg_dump", "-Fc", "--no-owner", "--no-acl", "-f", str(file), where,
                 environment=environment)  # fmt: skip
    return Copy(file.name, kind, revision_of(engine), _digest(file))


def _copy_file(engine: Engine, file: Path) -> None:
    """Copy a SQLite file in one step: writers of a log need not wait for it."""
    with (
        engine.connect() as connection,
        closing(sqlite3.connect(file)) as copy,
    ):
        own = connection.connection.dbapi_connection
        assert isinstance(own, sqlite3.Connection)  # noqa: S101 -- SQLite's driver
        connection.rollback()
        own.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, and nothing beside it
        said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise OfficeStays(
            message("The file of a database is damaged. Run `survey check`.")
        )


def backup_in(folder: Path) -> Backup:
    """Return what lies in the folder, every file as it was written.

    Raises OfficeStays where something is missing, or is not what it was.
    """
    try:
        told = json.loads((folder / CONTENTS).read_text("utf-8"))
        if told["format"] != FORMAT:
            raise ValueError
        copies = {name: Copy(**copy) for name, copy in told["copies"].items()}
        backup = Backup(date.fromisoformat(told["day"]), copies)
        whole = all(_digest(folder / c.file) == c.sha256 for c in copies.values())
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise OfficeStays(
            message("%(folder)s is no backup, or is not what it was when it was made."),
            folder=folder,
        )
    return backup


def require_free(copy: Copy, engine: Engine) -> None:
    """Raise OfficeStays where something is in the way of restoring this copy."""
    if engine.dialect.name != copy.kind:
        raise OfficeStays(
            message(
                "This is a backup of %(kind)s. Restore it as it was; `survey database "
                "move` takes it elsewhere afterwards."
            ),
            kind="SQLite" if copy.kind == "sqlite" else "PostgreSQL",
        )
    if copy.kind == "sqlite":
        file = Path(engine.url.database or "")
        there = any(file.with_name(file.name + more).exists() for more in BESIDE)
    else:
        there = bool(inspect(engine).get_table_names())
    if there:
        raise OfficeStays(
            message(
                "There is a database already where this one belongs. Nothing is ever "
                "restored over another one: move it away, or name another place."
            )
        )


def restore(copy: Copy, folder: Path, engine: Engine) -> None:
    """Make the database of its copy; raises OfficeStays, and leaves nothing then."""
    require_free(copy, engine)
    if copy.kind != "sqlite":
        with _told_apart(engine.url) as (where, environment):
            _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
                 "--no-acl", "-d", where, str(folder / copy.file),
                 environment=environment)  # fmt: skip
        return
    file = Path(engine.url.database or "")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    shutil.copyfile(folder / copy.file, part)
    _sync(part)
    os.link(part, file)  # which never replaces anything
    part.unlink()
    _sync(file.parent)


def revision_of(engine: Engine) -> str:
    """Return the last migration a database has seen; nothing for an empty one."""
    try:
        with engine.connect() as connection:
            asked = text("SELECT version_num FROM alembic_version")
            return str(connection.scalar(asked) or "")
    except DBAPIError:
        return ""


@contextmanager
def _told_apart(url: URL) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the address without its password, which no list of processes shall show."""
    plain = url.set(drivername="postgresql", password=None)
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    yield plain.render_as_string(), {**os.environ, **password}


def _run(*command: str, environment: Mapping[str, str]) -> None:
    try:
        subprocess.run(  # noqa: S603 -- PostgreSQL's own programs
            command, env=environment, check=True, capture_output=True, text=True
        )
    except FileNotFoundError:
        raise OfficeStays(
            message(
                "%(program)s is missing. It comes with PostgreSQL; install its client."
            ),
            program=command[0],
        ) from None
    except subprocess.CalledProcessError as fault:
        # Its words name tables and versions, never a row.
        said = " ".join(fault.stderr.split())
        raise OfficeStays(
            message("%(program)s refused: %(said)s"), program=command[0], said=said
        ) from None


def _digest(file: Path) -> str:
    with file.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Put a file or a folder onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
