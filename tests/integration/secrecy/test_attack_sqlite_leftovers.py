"""What lies beside and between the rows of SQLite: logs, journals, freed pages."""

from pathlib import Path

import pytest

from survey_app.turn import SUFFIXES
from tests.support.attacks.crowd import VOTERS, crowd, links
from tests.support.attacks.linking import share_found
from tests.support.attacks.naive_sqlite import NO_ROWID, cast_naively, naive_box
from tests.support.attacks.real_box import (
    BUT_ONE,
    CAST,
    CLOSED_BOX,
    DONE,
    NEIGHBOURS,
    PRINTED,
    Robbery,
)
from tests.support.attacks.sqlite_pages import cells_of, free_pages, page_size, scanned
from tests.support.attacks.sqlite_wal import rows_by_commit
from tests.support.attacks.traces import found

BALLOTS = "survey-ballots.sqlite"


def beside(file: Path, ending: str) -> bytes:
    """Return the bytes of a file SQLite keeps beside its own; none where it is not."""
    other = file.with_name(file.name + ending)
    return other.read_bytes() if other.exists() else b""


def test_the_write_ahead_log_links_naive_tickets_with_answers(tmp_path: Path) -> None:
    votes, file = crowd(), tmp_path / "naive.sqlite"
    with naive_box(file, NO_ROWID, "journal_mode=WAL") as connection:
        cast_naively(connection, votes)
        commits = rows_by_commit(beside(file, "-wal"))

    believed = {
        (ticket[0], ballot[1])
        for commit in commits
        for ticket in commit
        for ballot in commit
        if (len(ticket), len(ballot)) == (1, 2)
    }
    assert share_found(believed, links(votes)) == 1


def test_a_journal_that_stays_shows_what_naive_rows_said_before(tmp_path: Path) -> None:
    (vote,), file = crowd(1), tmp_path / "naive.sqlite"
    with naive_box(file, NO_ROWID, "journal_mode=PERSIST") as connection:
        cast_naively(connection, [vote])
        connection.execute("UPDATE ballot SET answer = ''")

        assert vote.answer.encode() not in file.read_bytes()
        assert vote.answer.encode() in beside(file, "-journal")


def test_deleted_naive_rows_stay_in_the_file(tmp_path: Path) -> None:
    votes, file = crowd(), tmp_path / "naive.sqlite"
    with naive_box(file, NO_ROWID, "secure_delete=OFF") as connection:
        cast_naively(connection, votes)
        connection.execute("DELETE FROM ballot")

    data = file.read_bytes()

    assert scanned(data, "SELECT * FROM ballot") == []
    assert [v for v in votes if v.answer.encode() not in data] == []


def test_free_pages_show_naive_rows_that_were_deleted(tmp_path: Path) -> None:
    votes, file = crowd(400), tmp_path / "naive.sqlite"
    with naive_box(file, NO_ROWID, "secure_delete=OFF") as connection:
        cast_naively(connection, votes)
        connection.execute("DELETE FROM ballot WHERE id > x'08'")

    free = b"".join(free_pages(file.read_bytes()))

    assert len([v for v in votes if v.answer.encode() in free]) >= 0.5 * len(votes)


def test_two_backups_link_the_naive_vote_between_them(tmp_path: Path) -> None:
    *votes, last = crowd()
    with naive_box(tmp_path / "naive.sqlite", NO_ROWID) as connection:
        cast_naively(connection, votes)
        before = connection.serialize()
        cast_naively(connection, [last])
        after = connection.serialize()

    new = [
        set(scanned(after, query)) - set(scanned(before, query))
        for query in ("SELECT ticket FROM spent", "SELECT answer FROM ballot")
    ]

    assert new == [{(last.ticket,)}, {(last.answer,)}]


@pytest.mark.parametrize("stage", [PRINTED, BUT_ONE, CAST, CLOSED_BOX, DONE])
def test_nothing_lies_beside_the_ballot_file(
    sqlite_robbery: Robbery, stage: str
) -> None:
    """No write-ahead log and no journal, while connections are open as in a server.

    The two files that are locked in turn were there with the first slip, and are empty.
    """
    files = dict(sqlite_robbery.loot[stage].ballots)
    del files[BALLOTS]
    assert files == {f"{BALLOTS}{suffix}": b"" for suffix in SUFFIXES}


def test_a_journal_at_the_moment_of_keeping_holds_nothing_readable(
    sqlite_robbery: Robbery,
) -> None:
    held = [journal for journal in sqlite_robbery.journals if journal]

    assert len(held) >= VOTERS
    assert found({"journal": b"".join(held)}, sqlite_robbery.sought) == []


def test_a_journal_shows_no_second_row_beside_the_ticket(
    sqlite_robbery: Robbery,
) -> None:
    """What it keeps is the pages of one ticket and the count of transactions."""
    data = sqlite_robbery.loot[PRINTED].ballots[BALLOTS]
    most = max(len(cell.overflow) for cell in cells_of(data, "ticket"))

    for journal in filter(None, sqlite_robbery.journals):
        assert len(journal) // page_size(data) <= most + 1


def test_two_backups_around_one_ballot_show_a_ticket_and_nothing_it_says(
    sqlite_robbery: Robbery,
) -> None:
    before, after = (
        set(
            scanned(sqlite_robbery.loot[stage].ballots[BALLOTS], "SELECT * FROM ticket")
        )
        for stage in (BUT_ONE, CAST)
    )
    last = sqlite_robbery.cast[-1]

    ((digest, _, _, envelope, comment, tag, page),) = after - before

    assert digest == last.digest
    written = {"envelope": envelope, "comment": comment, "tag": tag, "page": page}
    between = {name: bytes_of(one) for name, one in written.items()}
    assert found(between, sqlite_robbery.sought) == []


def test_two_backups_differ_in_the_pages_of_one_ticket_alone(
    sqlite_robbery: Robbery,
) -> None:
    before, after = (
        sqlite_robbery.loot[stage].ballots[BALLOTS] for stage in (BUT_ONE, CAST)
    )
    size, last = page_size(after), sqlite_robbery.cast[-1].digest
    (cell,) = (cell for cell in cells_of(after, "ticket") if cell.row[0] == last)

    changed = {
        at // size + 1
        for at in range(0, len(after), size)
        if before[at : at + size] != after[at : at + size]
    }

    assert changed <= {1, cell.page, *cell.overflow}


def test_after_the_opening_no_envelope_is_left_in_any_byte(
    sqlite_robbery: Robbery,
) -> None:
    loot = sqlite_robbery.loot[DONE]
    rows = scanned(loot.ballots[BALLOTS], "SELECT batch_id FROM ticket")

    assert set(rows) == {(NEIGHBOURS,)}, "the neighbour's tickets stay, ours are gone"
    assert found(loot.everything, (one[:64] for one in sqlite_robbery.envelopes)) == []
    assert found(loot.everything, (one[-64:] for one in sqlite_robbery.envelopes)) == []
    kept = found(loot.ballots, (one[:64] for one in sqlite_robbery.neighbours))
    assert len(kept) == len(sqlite_robbery.neighbours)


@pytest.mark.parametrize("stage", [CAST, CLOSED_BOX, DONE])
def test_free_pages_are_empty(sqlite_robbery: Robbery, stage: str) -> None:
    pages = free_pages(sqlite_robbery.loot[stage].ballots[BALLOTS])

    assert [page for page in pages if any(page)] == []


def bytes_of(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value
