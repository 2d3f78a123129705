"""An operator who watches PostgreSQL while a ballot is cast, against all promises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.paper.ballot import Ballot
from survey_app.database import writing
from tests.support.attacks.cluster import cluster_of, column, one
from tests.support.attacks.crowd import crowd
from tests.support.attacks.naive_postgresql import cast_naively, naive_box
from tests.support.attacks.traces import answer_writings, code_writings, found, writings
from tests.support.attacks.victims import engines, postgresql_settings
from tests.support.open_box import Box, open_box
from tests.support.postgresql import PostgreSQL
from tests.support.secret_ballots import MAY_1

pytestmark = pytest.mark.postgresql

OURS = "SELECT oid::text FROM pg_database WHERE datname = current_database()"
BOTH_NAIVE = """
SELECT pg_relation_filenode(oid) FROM pg_class WHERE relname IN ('spent', 'ballot')
"""
COMMENT = "只有密钥保管方能读的话"
WROTE = re.compile(r"rmgr: (?:Heap|Heap2|Btree) .*?rel 1663/(\d+)/(\d+)")
"""A line of pg_waldump about a row or an index entry: database and file."""
FIRST_OF_OURS = 16384
"""Files with smaller numbers are PostgreSQL's own lists."""
TICKETS = """
SELECT pg_relation_filenode(oid) FROM pg_class
WHERE relname IN ('ticket', 'pk_ticket', 'ballot_box')
   OR oid IN (SELECT reltoastrelid FROM pg_class WHERE relname = 'ticket')
   OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN
              (SELECT reltoastrelid FROM pg_class WHERE relname = 'ticket'))
"""
"""Files a cast may touch: the tickets', and the box's, whose row it holds in share."""


@dataclass(frozen=True)
class Watched:
    """One cast ballot, the log of statements and the log of changes around it."""

    box: Box
    picks: dict[int, dict[str, str]]
    server_log: str
    wrote: set[int]
    """The files of the ballot database that the log of changes speaks of."""
    tickets: set[object]


@pytest.fixture(scope="module")
def watched(
    postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """Cast one ballot while every statement is logged."""
    folder = tmp_path_factory.mktemp("watched")
    with (
        postgresql_settings(postgresql, folder) as settings,
        engines(settings) as (main, ballots),
        Session(writing(main)) as db,
        psycopg.connect(settings.ballots_at, autocommit=True) as watcher,
    ):
        secrets_folder = settings.secrets_folder or Path()
        box = open_box(db, ballots, secrets_folder)
        log_statements(settings.ballots_at)
        ballots.dispose()
        begin = place_in_log(watcher)
        picks = cast(BallotBoxes(main, ballots, secrets_folder), box)
        told = cluster_of(postgresql).decoded(begin, place_in_log(watcher))
        log = cluster_of(postgresql).server_log.read_text("utf-8")
        files = set(column(watcher, TICKETS))
        yield Watched(box, picks, log, files_written(watcher, told), files)


def files_written(connection: psycopg.Connection, told: str) -> set[int]:
    """Return which files of this database were written, PostgreSQL's own left out."""
    (ours,) = one(connection, OURS)
    wrote = {int(file) for database, file in WROTE.findall(told) if database == ours}
    return {file for file in wrote if file >= FIRST_OF_OURS}


def log_statements(url: str) -> None:
    """Let PostgreSQL write down every statement with what was given to it."""
    name = make_url(url).database
    with psycopg.connect(url, autocommit=True) as connection:
        setting = f"ALTER DATABASE {name} SET log_min_duration_statement = 0"
        connection.execute(setting.encode())


def place_in_log(connection: psycopg.Connection) -> str:
    """Return how far the log of changes is written."""
    return str(one(connection, "SELECT pg_current_wal_flush_lsn()::text")[0])


def cast(boxes: BallotBoxes, box: Box) -> dict[int, dict[str, str]]:
    found_there = boxes.find(box.codes[0], today=MAY_1)
    assert found_there is not None
    picks = {s: {"welcome": "bad", "solved": "good"} for s in box.form.subject_ids}
    said = [(box.form.subject_ids[0], "", COMMENT)]
    kept = boxes.cast(found_there, box.codes[0], Ballot(picks), said, today=MAY_1)
    assert kept is not None
    return picks


def test_a_log_of_statements_names_naive_answers(postgresql: PostgreSQL) -> None:
    (vote,) = crowd(1)
    with naive_box(postgresql) as naive:
        naive.execute("SET log_min_duration_statement = 0")
        cast_naively(naive, [vote])

    assert vote.answer in cluster_of(postgresql).server_log.read_text("utf-8")


def test_a_log_of_statements_names_the_ticket_and_nothing_it_says(
    watched: Watched,
) -> None:
    log = {"log": watched.server_log.encode()}

    assert watched.box.digest(watched.box.codes[0]).hex() in watched.server_log
    assert found(log, code_writings(watched.box.codes[0])) == []
    assert found(log, answer_writings(watched.picks)) == []
    assert found(log, writings(COMMENT)) == []


def test_the_log_of_changes_shows_two_files_for_a_naive_vote(
    postgresql: PostgreSQL,
) -> None:
    with naive_box(postgresql) as naive:
        begin = place_in_log(naive)
        cast_naively(naive, crowd(1))
        told = cluster_of(postgresql).decoded(begin, place_in_log(naive))
        wrote = files_written(naive, told)
        tables = set(column(naive, BOTH_NAIVE))

    assert tables <= wrote


def test_the_log_of_changes_shows_a_ticket_and_nothing_beside_it(
    watched: Watched,
) -> None:
    assert watched.wrote
    assert watched.wrote <= watched.tickets
