"""One stolen PostgreSQL database: whether numbers and places tell what came together.

VACUUM FULL, FREEZE and CLUSTER are what an administrator would try; they do not help.
"""

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.attacks.cluster import (
    Cluster,
    cluster_of,
    column,
    dumped,
    flushed,
    moved_out,
)
from tests.support.attacks.crowd import VOTERS, Vote, crowd, links
from tests.support.attacks.heap_pages import PAGE, in_written_order
from tests.support.attacks.linking import by_rank, share_found
from tests.support.attacks.naive_postgresql import cast_naively, naive_box
from tests.support.attacks.real_box import CAST, CLOSED_BOX, DONE, PRINTED, Robbery
from tests.support.postgresql import PostgreSQL

pytestmark = pytest.mark.postgresql


@pytest.fixture
def cluster(postgresql: PostgreSQL) -> Cluster:
    return cluster_of(postgresql)


@pytest.fixture
def naive(postgresql: PostgreSQL) -> Iterator[psycopg.Connection]:
    with naive_box(postgresql) as connection:
        yield connection


@pytest.fixture
def votes(naive: psycopg.Connection) -> list[Vote]:
    cast = crowd()
    cast_naively(naive, cast)
    return cast


def tickets(connection: psycopg.Connection, order: str = "") -> list[object]:
    found = column(connection, "SELECT encode(ticket, 'hex') FROM spent", order)
    return [bytes.fromhex(str(ticket)) for ticket in found]


def answers(connection: psycopg.Connection, order: str = "") -> list[object]:
    return column(connection, "SELECT answer FROM ballot", order)


def test_one_transactions_number_links_naive_tickets_with_answers(
    naive: psycopg.Connection, votes: list[Vote]
) -> None:
    naive.execute("VACUUM FULL FREEZE")

    joined = naive.execute(
        "SELECT ticket, answer FROM spent s JOIN ballot b ON s.xmin = b.xmin"
    )

    assert share_found(joined.fetchall(), links(votes)) == 1


def test_ranks_of_transactions_link_naive_tickets_with_answers(
    naive: psycopg.Connection,
) -> None:
    """Two transactions a vote do not help."""
    votes = crowd()
    cast_naively(naive, votes, apart=True)

    by_age = "ORDER BY xmin::text::bigint"
    believed = by_rank(tickets(naive, by_age), answers(naive, by_age))

    assert share_found(believed, links(votes)) == 1


@pytest.mark.parametrize("order", ["", "ORDER BY ctid"])
def test_the_heap_links_naive_tickets_with_answers(
    naive: psycopg.Connection, votes: list[Vote], order: str
) -> None:
    believed = by_rank(tickets(naive, order), answers(naive, order))

    assert share_found(believed, links(votes)) == 1


def test_a_dump_links_naive_tickets_with_answers(
    naive: psycopg.Connection, votes: list[Vote]
) -> None:
    believed = by_rank(
        [bytes.fromhex(line[0][3:]) for line in dumped(naive, "spent")],
        [line[1] for line in dumped(naive, "ballot")],
    )

    assert share_found(believed, links(votes)) == 1


def test_an_index_shows_the_order_of_naive_tickets(
    naive: psycopg.Connection, votes: list[Vote], cluster: Cluster
) -> None:
    """Whatever the heap was sorted by, items of an index lie as they came."""
    file = cluster.relation(flushed(naive), "spent_pkey")

    lies = b"".join(item.data for item in in_written_order(file[PAGE:]))

    assert sorted(votes, key=lambda vote: lies.index(vote.ticket)) == votes


def test_moved_out_texts_show_the_order_of_naive_answers(
    naive: psycopg.Connection,
) -> None:
    """Long texts get a number in the order they come, and CLUSTER keeps it."""
    votes = [Vote(vote.ticket, vote.answer * 200) for vote in crowd()]
    naive.execute("ALTER TABLE ballot ALTER answer SET STORAGE EXTERNAL")
    cast_naively(naive, votes)
    naive.execute("CLUSTER ballot USING ballot_pkey")

    texts = [text.decode() for text in moved_out(naive, "ballot")]

    assert answers(naive) != [vote.answer for vote in votes]
    assert share_found(by_rank(tickets(naive), texts), links(votes)) == 1


ALONE = ("fragment", "spent_ticket", "tracker")
"""What is left after the opening, each written at once."""


def test_no_row_is_as_old_as_the_casting_of_a_ticket(
    postgresql_robbery: Robbery,
) -> None:
    """Neither in the ballot database nor in the main one: there is nothing to join."""
    loot = postgresql_robbery.loot
    before = set(loot[PRINTED].tables["ticket"].ages)
    casting = set(loot[CAST].tables["ticket"].ages) - before

    assert len(casting) == VOTERS
    assert loot[CAST].main_ages == loot[PRINTED].main_ages
    for stage in (CAST, CLOSED_BOX, DONE):
        others = {
            age
            for name, table in loot[stage].tables.items()
            for age in table.ages
            if name != "ticket"
        }
        assert casting & (others | loot[stage].main_ages) == set(), stage


@pytest.mark.parametrize("name", ALONE)
def test_after_the_opening_all_rows_are_of_one_age(
    postgresql_robbery: Robbery, name: str
) -> None:
    left = postgresql_robbery.loot[DONE].tables[name]

    assert len(left.scanned) >= VOTERS
    assert len(left.ages) == 1


@pytest.mark.parametrize("name", ALONE)
def test_after_the_opening_every_order_is_that_of_the_random_keys(
    postgresql_robbery: Robbery, name: str
) -> None:
    left = postgresql_robbery.loot[DONE].tables[name]

    assert left.scanned == left.placed == left.copied == sorted(left.scanned)


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.parametrize("part", ["heap", "index"])
def test_after_the_opening_files_are_written_in_the_order_of_the_random_keys(
    postgresql_robbery: Robbery, name: str, part: str
) -> None:
    left = postgresql_robbery.loot[DONE].tables[name]
    file = left.heap if part == "heap" else left.index[PAGE:]

    lies = b"".join(item.data for item in in_written_order(file))

    places = [lies.index(key) for key in sorted(left.scanned)]
    assert places == sorted(places)


def test_the_trackers_of_a_closed_box_do_not_show_the_order_of_casting(
    postgresql_robbery: Robbery,
) -> None:
    kept = postgresql_robbery.loot[CLOSED_BOX].tables["tracker"]

    assert set(kept.scanned) == {one.tracker for one in postgresql_robbery.cast}
    assert kept.placed == sorted(kept.placed)


def test_tickets_were_put_in_by_their_digests(postgresql_robbery: Robbery) -> None:
    placed = postgresql_robbery.loot[PRINTED].tables["ticket"].placed

    ours = [digest for digest in placed if digest in set(postgresql_robbery.digests)]

    assert len(ours) == VOTERS
    assert ours == sorted(ours)


def test_comments_lie_in_the_order_of_their_random_keys(
    postgresql_robbery: Robbery,
) -> None:
    kept = postgresql_robbery.loot[DONE].comments

    assert len(kept.scanned) == VOTERS
    assert kept.scanned == kept.placed == kept.copied == sorted(kept.scanned)
    assert len(kept.ages) == 1
