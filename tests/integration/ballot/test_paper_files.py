"""The files of a counted ballot: kept by whoever has them, read piece by piece."""

import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.analytics.ballot_papers import ROWS_AT_ONCE
from survey_app.ballot.tables import FragmentRow
from survey_app.database import writing
from survey_app.settings import Settings
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import closed_and_opened
from tests.support.secret_county import secret_county
from tests.support.statements import counted

RESIDENTS = {"good": 5, "bad": 4}


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    """A few ballots of one group; the box is still open."""
    assert settings.secrets_folder is not None
    box = standing_box(secret_county(engine), ballots, settings.secrets_folder)
    box.cast_many(box.county.units[0], "residents", **RESIDENTS)
    return box


SETTLED = ("head.json", "trackers.txt", "fragments.jsonl")


@pytest.fixture
def papers(box: StandingBox) -> str:
    return f"/b/papers/{box.survey_id}"


def test_what_the_result_fixed_is_kept_by_proxies_only_with_its_length(
    client: FlaskClient, box: StandingBox, papers: str, db: Session
) -> None:
    open_to_change = client.get(f"{papers}/manifest.json")
    closed_and_opened(box, db)

    for name in SETTLED:
        sent = client.get(f"{papers}/{name}")
        kept_by, caching = sent.headers["Cache-Control"].split(", ", 1)
        assert caching == "max-age=86400, immutable", name
        assert sent.get_etag()[1] is False, name
        whole = sent.headers.get("Content-Length")
        expected = (
            ("public", str(len(sent.data)))
            if name == "head.json"
            else ("private", None)
        )
        assert (kept_by, whole) == expected, name
    tags = {client.get(f"{papers}/{name}").headers["ETag"] for name in SETTLED}
    assert len(tags) == len(SETTLED)
    assert "no-store" in open_to_change.headers["Cache-Control"]


def test_whoever_has_a_file_is_told_so_before_anything_of_it_is_read(
    app: Flask, box: StandingBox, papers: str, db: Session
) -> None:
    client = app.test_client()
    closed_and_opened(box, db)
    for name in SETTLED:
        tag = client.get(f"{papers}/{name}").headers["ETag"]
        with counted(app.extensions["survey_ballots"]) as said:
            again = client.get(f"{papers}/{name}", headers={"If-None-Match": tag})
        other = client.get(f"{papers}/{name}", headers={"If-None-Match": '"x"'})

        assert (again.status_code, again.data) == (304, b""), name
        assert other.status_code == 200
        asked = [one for one in said if one.startswith("SELECT")]
        assert len(asked) == 1, asked
        assert "FROM ballot_box" in asked[0]


def test_fragments_are_read_piece_by_piece(
    app: Flask, box: StandingBox, papers: str, db: Session, ballots: Engine
) -> None:
    closed_and_opened(box, db)
    with Session(ballots) as kept:
        first = kept.scalars(select(FragmentRow).limit(1)).one()
    many = [
        {
            "id": secrets.token_bytes(16),
            "survey_id": first.survey_id,
            "subject_id": first.subject_id,
            "rater_group": first.rater_group,
            "question_key": first.question_key,
            "choice_key": first.choice_key,
        }
        for _ in range(2 * ROWS_AT_ONCE)
    ]
    with writing(ballots).begin() as connection:
        connection.execute(insert(FragmentRow), many)

    with counted(app.extensions["survey_ballots"]) as said:
        sent = app.test_client().get(f"{papers}/fragments.jsonl")
        begun = len([one for one in said if "FROM fragment" in one])
        lines = sent.text.splitlines()

    answers = len(box.questionnaire.questions) * 2
    cast = answers * sum(RESIDENTS.values())
    assert len(lines) == cast + 2 * ROWS_AT_ONCE
    pieces = [one for one in said if "FROM fragment" in one]
    assert (begun, len(pieces)) == (1, 4)
    assert all("LIMIT" in one for one in pieces)
