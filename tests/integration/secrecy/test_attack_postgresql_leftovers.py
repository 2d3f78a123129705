"""What PostgreSQL keeps besides rows: dead ones, the log of changes, the server log."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.support.attacks.cluster import Cluster, cluster_of, column, flushed, one
from tests.support.attacks.crowd import crowd
from tests.support.attacks.heap_pages import items
from tests.support.attacks.naive_postgresql import cast_naively, naive_box
from tests.support.attacks.real_box import CAST, CLOSED_BOX, DONE, PRINTED, Robbery
from tests.support.attacks.traces import found, writings
from tests.support.postgresql import PostgreSQL

pytestmark = pytest.mark.postgresql


@pytest.fixture
def cluster(postgresql: PostgreSQL) -> Cluster:
    return cluster_of(postgresql)


@pytest.fixture
def naive(postgresql: PostgreSQL) -> Iterator[psycopg.Connection]:
    with naive_box(postgresql) as connection:
        yield connection


def test_deleted_naive_rows_still_lie_in_the_file(
    naive: psycopg.Connection, cluster: Cluster
) -> None:
    votes = crowd()
    cast_naively(naive, votes)
    naive.execute("DELETE FROM ballot")

    dead = b"".join(
        item.data
        for item in items(cluster.relation(flushed(naive), "ballot"))
        if item.deleted
    )

    assert column(naive, "SELECT * FROM ballot") == []
    assert [vote for vote in votes if vote.answer.encode() not in dead] == []


def test_the_log_of_changes_holds_naive_votes_together_in_clear(
    naive: psycopg.Connection, cluster: Cluster
) -> None:
    votes = crowd()
    cast_naively(naive, votes)

    log = cluster.changes

    places = [(log.find(v.ticket), log.find(v.answer.encode())) for v in votes]
    # A value that goes across a page's edge has the page's head in its middle.
    together = [0 < answer - ticket < 1000 for ticket, answer in places if ticket > 0]
    assert sum(together) >= 0.9 * len(votes)


def test_the_log_of_changes_says_when_a_naive_vote_was_cast(
    naive: psycopg.Connection, cluster: Cluster
) -> None:
    here = "SELECT pg_current_wal_lsn()::text"
    (begin,) = one(naive, here)
    cast_naively(naive, crowd(3))
    (end,) = one(naive, here)

    told = cluster.decoded(str(begin), str(end))

    assert len(re.findall(r"COMMIT \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", told)) == 3


def test_a_doubled_naive_ticket_is_named_in_the_server_log(
    naive: psycopg.Connection, cluster: Cluster
) -> None:
    (vote,) = crowd(1)
    cast_naively(naive, [vote])

    with pytest.raises(psycopg.errors.UniqueViolation):
        cast_naively(naive, [vote])

    assert vote.ticket.hex() in cluster.server_log.read_text("utf-8")


def test_the_list_of_connections_shows_the_last_naive_statement(
    postgresql: PostgreSQL, naive: psycopg.Connection
) -> None:
    (vote,) = crowd(1)
    said_out = psycopg.ClientCursor(naive)
    said_out.execute("INSERT INTO ballot (answer) VALUES (%s)", (vote.answer,))

    with psycopg.connect(postgresql.url) as curious:
        seen = column(curious, "SELECT query FROM pg_stat_activity")

    assert vote.answer in str(seen)


def test_samples_of_the_planner_keep_naive_answers_that_were_deleted(
    naive: psycopg.Connection, cluster: Cluster
) -> None:
    """PostgreSQL takes them by itself, whenever a table has changed a little."""
    votes = crowd()
    cast_naively(naive, votes)
    naive.execute("ANALYZE")
    naive.execute("DELETE FROM ballot")
    naive.execute("VACUUM FULL ballot")

    files = cluster.database(flushed(naive))

    assert len(found(files, (v.answer.encode() for v in votes))) >= 0.9 * len(votes)


def test_a_sequence_tells_how_many_naive_votes_there_were(
    naive: psycopg.Connection,
) -> None:
    naive.execute("CREATE TABLE numbered (id serial PRIMARY KEY, answer text)")
    naive.execute("INSERT INTO numbered (answer) SELECT 'a' FROM generate_series(1, 9)")
    naive.execute("DELETE FROM numbered WHERE id IN (3, 7)")

    assert one(naive, "SELECT last_value FROM numbered_id_seq") == (9,)


def test_after_the_opening_no_envelope_is_left_in_any_file(
    postgresql_robbery: Robbery,
) -> None:
    loot = postgresql_robbery.loot[DONE]

    assert len(loot.tables["ticket"].scanned) == len(postgresql_robbery.neighbours)
    assert found(loot.ballots, (one[:64] for one in postgresql_robbery.envelopes)) == []
    kept = found(loot.ballots, (one[:64] for one in postgresql_robbery.neighbours))
    assert len(kept) == len(postgresql_robbery.neighbours)


def test_after_the_opening_no_comment_is_left_in_the_ballot_database(
    postgresql_robbery: Robbery,
) -> None:
    """Not even among the samples the planner takes of every table."""
    loot = postgresql_robbery.loot[DONE]

    assert found(loot.ballots, writings(postgresql_robbery.mark)) == []


@pytest.mark.parametrize("stage", [PRINTED, CAST, CLOSED_BOX])
def test_before_the_opening_the_log_of_changes_holds_nothing_readable(
    postgresql_robbery: Robbery, stage: str
) -> None:
    changes = postgresql_robbery.loot[stage].changes

    assert found({"changes": changes}, postgresql_robbery.sought) == []


def test_the_log_of_changes_holds_no_code_and_no_pepper_ever(
    postgresql_robbery: Robbery,
) -> None:
    changes = {"changes": postgresql_robbery.loot[DONE].changes}
    pepper = postgresql_robbery.kept.pepper

    assert found(changes, postgresql_robbery.codes_in_clear) == []
    assert found(changes, [pepper, pepper.hex().encode()]) == []


@pytest.mark.parametrize("stage", [CAST, CLOSED_BOX, DONE])
def test_the_server_log_names_no_ticket_and_no_answer(
    postgresql_robbery: Robbery, stage: str
) -> None:
    """Every ticket was sent twice by then, and the second time refused."""
    log = {"log": postgresql_robbery.loot[stage].server_log.encode()}
    digests = {digest.hex().encode() for digest in postgresql_robbery.digests}

    assert found(log, postgresql_robbery.sought | digests) == []


@pytest.mark.parametrize("stage", [CAST, CLOSED_BOX, DONE])
def test_the_list_of_connections_shows_no_ticket_and_no_answer(
    postgresql_robbery: Robbery, stage: str
) -> None:
    shown = {"shown": postgresql_robbery.loot[stage].queries.encode()}
    digests = {digest.hex().encode() for digest in postgresql_robbery.digests}

    assert found(shown, postgresql_robbery.sought | digests) == []


def test_there_is_no_sequence_in_the_ballot_database(
    postgresql_robbery: Robbery,
) -> None:
    assert postgresql_robbery.loot[DONE].sequences == []
