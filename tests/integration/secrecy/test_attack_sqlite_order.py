"""One stolen SQLite file: whether the place of a row tells when it came."""

import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from survey_app.ballot.tickets import USED
from tests.support.attacks.crowd import VOTERS, Vote, crowd, links
from tests.support.attacks.linking import by_rank, concordance, share_found
from tests.support.attacks.loot import KEYS
from tests.support.attacks.naive_sqlite import (
    NO_ROWID,
    ROWID,
    RUNNING_NUMBER,
    cast_naively,
    naive_box,
)
from tests.support.attacks.real_box import (
    CAST,
    CLOSED_BOX,
    DONE,
    NEIGHBOURS,
    PRINTED,
    Robbery,
)
from tests.support.attacks.sqlite_pages import (
    Cell,
    Value,
    cells_of,
    in_written_order,
    scanned,
)

ONE_TABLE = "CREATE TABLE ticket (id BLOB PRIMARY KEY, envelope BLOB) WITHOUT ROWID"
STAGES = (PRINTED, CAST, CLOSED_BOX, DONE)


def stolen(file: Path, tables: str, votes: list[Vote]) -> bytes:
    """Return the bytes of a naive box these votes were cast into."""
    with naive_box(file, tables) as connection:
        cast_naively(connection, votes)
    return file.read_bytes()


def first_column(rows: list[tuple[Value, ...]]) -> list[Value]:
    return [row[0] for row in rows]


def written(data: bytes, table: str, column: int) -> list[Value]:
    """Return a column in the order in which its rows were written."""
    return [cell.row[column] for cell in in_written_order(cells_of(data, table))]


def test_rowids_link_naive_tickets_with_answers(tmp_path: Path) -> None:
    votes = crowd()
    data = stolen(tmp_path / "naive.sqlite", ROWID, votes)

    tickets = scanned(data, "SELECT ticket FROM spent ORDER BY rowid")
    answers = scanned(data, "SELECT answer FROM ballot ORDER BY rowid")

    believed = by_rank(first_column(tickets), first_column(answers))
    assert share_found(believed, links(votes)) == 1


def test_a_plain_scan_links_naive_tickets_with_answers(tmp_path: Path) -> None:
    votes = crowd()
    data = stolen(tmp_path / "naive.sqlite", ROWID, votes)

    tickets = scanned(data, "SELECT * FROM spent NOT INDEXED")
    answers = scanned(data, "SELECT answer FROM ballot")

    believed = by_rank(first_column(tickets), first_column(answers))
    assert share_found(believed, links(votes)) == 1


def test_places_on_the_page_link_naive_tickets_with_answers(tmp_path: Path) -> None:
    """Random keys and no rowid are not enough."""
    votes = crowd()
    data = stolen(tmp_path / "naive.sqlite", NO_ROWID, votes)

    believed = by_rank(written(data, "spent", 0), written(data, "ballot", 1))

    assert share_found(believed, links(votes)) >= 0.9


def test_running_numbers_tell_what_was_taken_out_of_a_naive_table(
    tmp_path: Path,
) -> None:
    file = tmp_path / "naive.sqlite"
    stolen(file, RUNNING_NUMBER, crowd(9))
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM ballot WHERE id IN (3, 7)")
    connection.close()

    data = file.read_bytes()

    left = {row[0] for row in scanned(data, "SELECT id FROM ballot")}
    ((last,),) = scanned(data, "SELECT seq FROM sqlite_sequence")
    assert set(range(1, int(str(last)) + 1)) - left == {3, 7}


def test_naive_rows_that_grow_when_used_show_when_they_were(tmp_path: Path) -> None:
    """A ticket's row alone is not enough: what it holds must have its length before."""
    votes, file = crowd(), tmp_path / "naive.sqlite"
    with naive_box(file, ONE_TABLE) as connection:
        for vote in sorted(votes, key=lambda vote: vote.ticket):
            connection.execute("INSERT INTO ticket VALUES (?, NULL)", (vote.ticket,))
        for vote in votes:
            sealed = (secrets.token_bytes(3000), vote.ticket)
            connection.execute("UPDATE ticket SET envelope = ? WHERE id = ?", sealed)

    cells = cells_of(file.read_bytes(), "ticket")

    grown = keys(c.row for c in sorted(cells, key=lambda cell: cell.overflow))
    assert concordance(grown, [vote.ticket for vote in votes]) >= 0.9


@pytest.mark.parametrize("stage", STAGES)
def test_no_ballot_row_has_a_rowid(sqlite_robbery: Robbery, stage: str) -> None:
    data = ballot_file(sqlite_robbery, stage)

    for table in KEYS:
        with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
            scanned(data, f"SELECT rowid FROM {table}")  # noqa: S608 -- names of tables


@pytest.mark.parametrize("stage", STAGES)
def test_a_plain_scan_finds_ballot_rows_by_their_random_keys(
    sqlite_robbery: Robbery, stage: str
) -> None:
    data = ballot_file(sqlite_robbery, stage)

    for table, key in KEYS.items():
        found = keys(scanned(data, f"SELECT {key} FROM {table}"))  # noqa: S608 -- names of tables
        assert found == sorted(found), table


def test_casting_moves_nothing_in_the_file(sqlite_robbery: Robbery) -> None:
    """Neither the row nor the pages its long envelope goes on to."""
    before, after = (
        {cell.row[0]: place(cell) for cell in tickets_in(sqlite_robbery, stage)}
        for stage in (PRINTED, CAST)
    )
    states = {cell.row[0]: cell.row[2] for cell in tickets_in(sqlite_robbery, CAST)}

    assert [states[digest] for digest in sqlite_robbery.digests] == [USED] * VOTERS
    assert after == before


def test_tickets_were_put_in_by_their_digests(sqlite_robbery: Robbery) -> None:
    """So the order in which slips were made, printed or cut is not in the file."""
    tickets = tickets_in(sqlite_robbery, PRINTED)

    for batch in {cell.row[1] for cell in tickets}:
        ours = [cell for cell in tickets if cell.row[1] == batch]
        grown = sorted(ours, key=lambda cell: cell.overflow)
        by_growth = keys(cell.row for cell in grown)
        assert by_growth == sorted(by_growth)


@pytest.mark.parametrize("table", ["spent_ticket", "tracker", "fragment"])
def test_after_the_opening_rows_lie_in_the_order_of_their_random_keys(
    sqlite_robbery: Robbery, table: str
) -> None:
    cells = in_written_order(cells_of(ballot_file(sqlite_robbery, DONE), table))

    assert len(cells) >= VOTERS
    column = -1 if table == "tracker" else 0
    lying = [(cell.page, *keys([cell.row[column:]])) for cell in cells]
    assert lying == sorted(lying)


def test_nothing_of_a_ballot_is_counted_up(sqlite_robbery: Robbery) -> None:
    data = ballot_file(sqlite_robbery, DONE)

    named = first_column(scanned(data, "SELECT name FROM sqlite_master"))

    assert "sqlite_sequence" not in named


def keys(rows: Iterable[tuple[Value, ...]]) -> list[bytes]:
    """Return the first columns, which are random bytes."""
    return [row[0] for row in rows if isinstance(row[0], bytes)]


def ballot_file(robbery: Robbery, stage: str) -> bytes:
    return robbery.loot[stage].ballots["survey-ballots.sqlite"]


def tickets_in(robbery: Robbery, stage: str) -> list[Cell]:
    """Return our tickets, not the neighbour's, which are never cast."""
    cells = cells_of(ballot_file(robbery, stage), "ticket")
    return [cell for cell in cells if cell.row[1] != NEIGHBOURS]


def place(cell: Cell) -> tuple[int, int, tuple[int, ...]]:
    return cell.page, cell.offset, cell.overflow
