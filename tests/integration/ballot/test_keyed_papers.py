"""What was said about named persons: for the office and the witnesses, with a key."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.decryption_verbs import challenges_here, decrypt_here
from survey_app.ballot.paper.head import Head, SignedHead
from survey_app.ballot.paper.ticket import opens_papers, papers_key, tracker_of
from survey_app.ballot.sealing.export_checks import (
    is_signed_by_both,
    is_signed_by_server,
)
from survey_app.ballot.tables import BallotBox
from survey_app.cli.main import main
from survey_app.database import writing
from survey_app.domain.ground.canonical import canonical
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.floors import DisclosureRules, Papers
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.migrate import HOUSE
from survey_app.settings import Settings
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.guards import drop_box_guards
from tests.support.holder_keys import holder_keys
from tests.support.respondents import shown
from tests.support.secret_ballots import Office, drafted
from tests.support.secret_county import secret_county

RESIDENTS = {"good": 14, "bad": 9}
FILES = (
    "manifest.json",
    "closing.json",
    "head.json",
    "fragments.jsonl",
    "trackers.txt",
)
COMPARED = ["--trackers", "trackers.txt", "--closing", "closing.json"]


@pytest.fixture
def box(
    engine: Engine, ballots: Engine, settings: Settings, db: Session
) -> StandingBox:
    """An opened box about named persons, with a challenge ballot in it."""
    assert settings.secrets_folder is not None
    box = standing_box(secret_county(engine), ballots, settings.secrets_folder)
    box.cast_many(box.county.units[0], "residents", **RESIDENTS)
    box.challenge(box.cast(box.batch(box.county.units[0], "residents"), "bad"))
    box.close()
    held = (db, ballots, box.survey_id, holder_keys())
    seen = challenges_here(*held, secrets_folder=box.folder)
    decrypt_here(*held, secrets_folder=box.folder, compared=seen.mark)
    return box


@pytest.fixture
def papers(box: StandingBox) -> str:
    return f"/b/papers/{box.survey_id}"


def whole(box: StandingBox) -> Head:
    return SignedHead.from_json(box.row().head).head


@pytest.fixture
def key(box: StandingBox) -> str:
    return papers_key(b"k" * 32, whole(box).fingerprint)


def keyed(client: FlaskClient, papers: str, name: str, key: str) -> TestResponse:
    return client.post(f"{papers}/{name}?lang=en", data={"key": key})


def test_nothing_public_says_how_many_said_what_about_whom(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    head = json.loads(client.get(f"{papers}/head.json").text)["head"]
    lines = client.get(f"{papers}/fragments.jsonl").text.splitlines()

    assert whole(box).tally
    assert not {"tally", "salt"} & set(head)
    assert [set(one) for one in head["challenges"]] == [
        {"tracker", "batch_id", "opens"}
    ]
    assert {tuple(json.loads(line)) for line in lines} == {("leaf",)}
    assert len(lines) == whole(box).fragments
    said = "".join(client.get(f"{papers}/{name}").text for name in FILES)
    page = client.get(f"{papers}?lang=en").text
    for choice in ('"good"', '"bad"', '"tally"', '"picks"'):
        assert choice not in said.replace(box.manifest.to_json(), "")
        assert choice not in page
    assert "is for the office and the witnesses who signed the minute" in page


def test_everybody_can_still_check_receipts_roots_and_signatures(
    client: FlaskClient, box: StandingBox, papers: str, tmp_path: Path
) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(client.get(f"{papers}/{name}").data)
    tracker = (tmp_path / "trackers.txt").read_text("utf-8").splitlines()[0]

    said = recounted(tmp_path, "--tracker", tracker)
    named = {name: str(tmp_path / name) for name in FILES}
    verified = CliRunner().invoke(
        main,
        ["ballots", "verify", named["head.json"], named["fragments.jsonl"],
         "--manifest", named["manifest.json"], "--trackers", named["trackers.txt"],
         "--closing", named["closing.json"]],
    )  # fmt: skip

    assert said.returncode == 0, said.stdout + said.stderr
    assert f"tracker {tracker} among those in the box" in said.stdout
    assert "counts about persons: files with the key" in said.stdout
    assert verified.exit_code == 0, verified.output
    assert "DOES NOT AGREE" not in verified.output
    assert "agrees          signed by two key holders" in verified.output
    assert "not checked     counts about persons" in verified.output


def recounted(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    script = HOUSE / "static" / "recount.py"
    files = ["head.json", "fragments.jsonl", *COMPARED, *more]
    return subprocess.run(
        [sys.executable, "-I", script, *files],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_key_on_the_minute_opens_the_counts_and_they_are_what_was_signed(
    client: FlaskClient, box: StandingBox, papers: str, key: str, tmp_path: Path
) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(client.get(f"{papers}/{name}").data)
    public = SignedHead.from_json((tmp_path / "head.json").read_text("utf-8"))
    typed = f"密钥：{'-'.join(key[n : n + 4] for n in range(0, 32, 4)).lower()}。"
    for name in ("head.json", "fragments.jsonl"):
        sent = keyed(client, papers, name, typed)
        assert (sent.status_code, sent.headers["Cache-Control"][:8]) == (
            200,
            "no-store",
        )
        (tmp_path / name).write_bytes(sent.data)

    said = recounted(tmp_path)

    head = SignedHead.from_json((tmp_path / "head.json").read_text("utf-8"))
    assert head.head.tally == whole(box).tally
    assert said.returncode == 0, said.stdout + said.stderr
    assert "counts about persons, as signed" in said.stdout
    assert "not checked  ] 各人票数" not in said.stdout
    for one in (head, public):
        assert is_signed_by_both(one)
        assert is_signed_by_server(one)
    assert head.head.fingerprint == public.head.fingerprint


@pytest.mark.parametrize("typed", ["", "0" * 32, "满意", "K" * 31])
def test_without_the_key_there_is_the_page_again(
    client: FlaskClient, papers: str, typed: str
) -> None:
    for name in ("head.json", "fragments.jsonl"):
        sent = keyed(client, papers, name, typed)

        assert sent.status_code == 403
        assert "This is not the key to these papers." in shown(sent).text
        assert "tally" not in sent.text


def test_no_address_takes_or_shows_the_key(
    client: FlaskClient, papers: str, key: str
) -> None:
    asked = client.get(f"{papers}/head.json", query_string={"key": key})

    assert "tally" not in json.loads(asked.text)["head"]
    for path in ("/b/papers", papers, *(f"{papers}/{name}" for name in FILES)):
        assert key not in client.get(path).text
    assert client.post(f"{papers}/closing.json", data={"key": key}).status_code == 404


def test_the_key_of_another_result_opens_nothing(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    other = papers_key(b"k" * 32, replace(whole(box), title="x").fingerprint)
    foreign = papers_key(b"j" * 32, whole(box).fingerprint)

    for wrong in (other, foreign):
        assert keyed(client, papers, "head.json", wrong).status_code == 403
    assert opens_papers(f"key {other}", other)


def test_where_the_manifest_says_so_everybody_reads_everything(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    manifest = replace(box.manifest, public_answers=True)
    assert '"public_answers":true' in manifest.to_json()
    assert "public_answers" not in box.manifest.to_json()
    drop_box_guards(box.ballots)
    paper = canonical({"manifest": json.loads(manifest.to_json()), "signature": ""})
    with writing(box.ballots).begin() as connection:
        connection.execute(update(BallotBox).values(manifest=paper))

    head = json.loads(client.get(f"{papers}/head.json").text)["head"]
    lines = client.get(f"{papers}/fragments.jsonl").text.splitlines()

    assert SignedHead.from_json(client.get(f"{papers}/head.json").text).head.tally
    assert head["salt"]
    assert any("choice" in json.loads(line) for line in lines)
    assert "papers-key" not in client.get(papers).text


def test_counts_put_beside_the_signed_hash_are_noticed(box: StandingBox) -> None:
    plain = json.loads(box.row().head)
    subject = next(iter(plain["head"]["tally"]))
    group = next(iter(plain["head"]["tally"][subject]))
    question = next(iter(plain["head"]["tally"][subject][group]))
    plain["head"]["tally"][subject][group][question] = {"good": 23}

    with pytest.raises(ValueError, match="not those that were signed"):
        SignedHead.from_json(canonical(plain))
    del plain["head"]["salt"]
    with pytest.raises(ValueError, match="signed by nobody"):
        SignedHead.from_json(canonical(plain))


def test_a_result_of_before_is_read_and_given_with_the_key_only(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    """Everything in it was signed: nothing of it can be left out."""
    plain = json.loads(whole(box).to_json()) | {"format": 2}
    del plain["salt"], plain["statements"]
    old = Head.from_json(canonical(plain))
    paper = SignedHead(old, {}).to_json()
    with writing(box.ballots).begin() as connection:
        connection.execute(update(BallotBox).values(head=paper))

    assert "salt" not in paper
    assert SignedHead.from_json(paper).head == old
    assert client.get(f"{papers}/head.json").status_code == 404
    assert client.get(f"{papers}/trackers.txt").status_code == 200
    assert "head.json</a>" not in client.get(papers).text
    key = papers_key(b"k" * 32, old.fingerprint)
    assert keyed(client, papers, "head.json", key).text == paper


def test_two_results_with_the_same_counts_have_different_hashes(
    box: StandingBox,
) -> None:
    first = whole(box)
    again = replace(first, salt="ab" * 32, statements="")

    assert len(bytes.fromhex(first.salt)) == 32
    assert again.tally == first.tally
    assert again.statements != first.statements


@pytest.mark.parametrize("papers", Papers)
def test_the_scheme_decides_at_the_opening(
    db: Session, ballots: Engine, settings: Settings, papers: Papers
) -> None:
    office: Office = drafted(db, ballots, settings)
    cycle = db.query(Cycle).one()
    rules = DisclosureRules(papers=Stated(papers, published=True))
    scheme = replace(scheme_from_json(cycle.scheme), disclosure=rules)
    cycle.scheme = scheme_to_json(scheme)
    db.commit()

    office.opened(staff=8)

    assert office.manifest().public_answers is (papers is Papers.PUBLIC)


def test_trackers_stay_as_they_were(
    client: FlaskClient, box: StandingBox, papers: str
) -> None:
    listed = client.get(f"{papers}/trackers.txt").text.split()

    assert len(listed) == sum(RESIDENTS.values()) + 1
    assert whole(box).challenges[0].tracker in listed
    assert tracker_of(b"another").hex() not in listed
