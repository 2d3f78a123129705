"""Every byte of both databases: whether a code, an answer or a comment can be read."""

import hashlib
from pathlib import Path

import pytest

from survey_app.ballot.paper.ticket import digest_of
from tests.support.attacks.crowd import VOTERS
from tests.support.attacks.naive_sqlite import naive_box
from tests.support.attacks.real_box import (
    BUT_ONE,
    CAST,
    CLOSED_BOX,
    DONE,
    PRINTED,
    Robbery,
)
from tests.support.attacks.sqlite_pages import scanned
from tests.support.attacks.traces import answer_writings, code_writings, found, writings

SEALED = (PRINTED, BUT_ONE, CAST, CLOSED_BOX)
NAIVE = "CREATE TABLE ballot (ticket BLOB PRIMARY KEY, said TEXT, comment TEXT)"
CODE, COMMENT = "0123456789ABCDEFGHJKMNPQR", "这是我的意见"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def robbery(request: pytest.FixtureRequest) -> Robbery:
    found_there: Robbery = request.getfixturevalue(f"{request.param}_robbery")
    return found_there


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_a_naive_file_shows_code_answer_and_comment(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "naive.sqlite"
    with naive_box(file, NAIVE, f'encoding = "{encoding}"') as connection:
        row = (CODE.encode(), '{"virtue": "excellent"}', COMMENT)
        connection.execute("INSERT INTO ballot VALUES (?, ?, ?)", row)

    stolen = {"naive": file.read_bytes()}

    assert found(stolen, code_writings(CODE))
    assert found(stolen, answer_writings({12: {"virtue": "excellent"}}))
    assert found(stolen, writings(COMMENT))


@pytest.mark.parametrize("stage", SEALED)
def test_before_the_opening_nothing_can_be_read_in_any_file(
    robbery: Robbery, stage: str
) -> None:
    loot = robbery.loot[stage]

    assert found({**loot.ballots, **loot.main}, robbery.sought) == []


@pytest.mark.parametrize("stage", SEALED)
def test_before_the_opening_no_choice_stands_in_the_ballot_tables(
    sqlite_robbery: Robbery, stage: str
) -> None:
    """The shortest trace there is; one choice is called by a word nobody uses else."""
    choices = writings("dont_know")

    assert found(sqlite_robbery.loot[stage].ballots, choices) == []
    assert found(sqlite_robbery.loot[DONE].ballots, choices) != []


def test_every_envelope_is_as_long_as_every_other(robbery: Robbery) -> None:
    """Of tickets that were used, are new or void; whatever was answered or written."""
    lengths = {len(envelope) for envelope in robbery.envelopes}

    assert len(robbery.envelopes) > 2 * VOTERS
    assert len(lengths) == 3, "one length for answers, one for comments, one for tags"


def test_after_the_opening_no_code_can_be_read_in_any_file(robbery: Robbery) -> None:
    loot = robbery.loot[DONE]

    assert found({**loot.ballots, **loot.main}, robbery.codes_in_clear) == []


def test_after_the_opening_comments_stand_in_the_main_database_alone(
    robbery: Robbery,
) -> None:
    loot = robbery.loot[DONE]

    assert found(loot.ballots, writings(robbery.mark)) == []
    assert found(loot.main, writings(robbery.mark)) != []


def test_naive_hashes_lead_from_a_slip_to_its_row(
    robbery: Robbery, tmp_path: Path
) -> None:
    """Somebody who gathered the slips of others hashes them and looks."""
    file = tmp_path / "naive.sqlite"
    with naive_box(file, "CREATE TABLE spent (ticket BLOB)") as connection:
        for one in robbery.cast:
            row = (hashlib.sha256(one.code.encode()).digest(),)
            connection.execute("INSERT INTO spent VALUES (?)", row)

    rows = {row[0] for row in scanned(file.read_bytes(), "SELECT ticket FROM spent")}

    assert rows == {hashlib.sha256(one.code.encode()).digest() for one in robbery.cast}


def test_a_slip_leads_to_its_row_only_with_the_pepper(robbery: Robbery) -> None:
    by_pepper, without = (
        {digest_of(c, pepper=key, survey_id=robbery.survey_id) for c in robbery.codes}
        for key in (robbery.kept.pepper, b"")
    )

    assert set(robbery.digests) <= by_pepper
    assert not set(robbery.digests) & without


def test_after_the_opening_the_pepper_is_on_no_disk(robbery: Robbery) -> None:
    pepper = robbery.kept.pepper
    ways = [pepper, pepper.hex().encode(), pepper.hex().upper().encode()]
    loot = robbery.loot[DONE]

    assert found(robbery.loot[CAST].secrets, ways) != []
    assert found({**loot.ballots, **loot.main, **loot.secrets}, ways) == []
    assert loot.secrets == {}


@pytest.mark.parametrize("stage", SEALED)
def test_the_pepper_lies_beside_no_ticket(robbery: Robbery, stage: str) -> None:
    pepper = robbery.kept.pepper
    loot = robbery.loot[stage]

    assert found({**loot.ballots, **loot.main}, [pepper, pepper.hex().encode()]) == []
