"""A county that the first program built shows the same numbers under this one.

Built by `survey demo` of commit 42792b7; what its own pages said stands beside it. See
tests/samples/README.md.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from survey_app.analytics.ballot_papers import papers_of
from survey_app.analytics.kept.closing import STEPS
from survey_app.ballot.decryption_verbs import challenges_here, decrypt_here
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.manifest import Manifest, read_posted
from survey_app.ballot.paper.ticket import receipt_message
from survey_app.ballot.sealing.signatures import is_signed
from survey_app.ballot.tables import BallotBox, FragmentRow
from survey_app.cli.main import main
from survey_app.survey.closing import close_survey
from survey_app.web.public.papers import key_to
from tests.conftest import BOTH
from tests.support.first_county import (
    CLOSED,
    DECRYPTED,
    OPEN_SURVEY,
    STILL_OPEN,
    FirstCounty,
    environment,
    first_county,
    numbers_in,
    then,
)
from tests.support.jobs import run_waiting_jobs
from tests.support.postgresql import PostgreSQL
from tests.support.samples import keys_of_the_closed, sample, text_of


@pytest.fixture(scope="module", params=BOTH)
def county(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FirstCounty]:
    """The county, migrated, its open survey closed by today's program."""
    with ExitStack() as stack:
        urls = None
        if request.param == "postgresql":
            server: PostgreSQL = request.getfixturevalue("postgresql")
            urls = (
                stack.enter_context(server.database()),
                stack.enter_context(server.database()),
            )
        folder = tmp_path_factory.mktemp("first")
        county = stack.enter_context(first_county(folder, urls))
        with county.writing as session:
            close_survey(session, OPEN_SURVEY, steps=STEPS)
        run_waiting_jobs(county.main, county.settings, county.ballots)
        yield county


def test_every_score_sheet_says_what_it_said(county: FirstCounty) -> None:
    """Each exact value stands there still, the overall score and what lies below.

    Where another test has opened the closed box, a sheet of its cycle shows one more.
    A list names only who is appraised in its cycle; it named everybody then.
    """
    now = {}
    for cycle in (1, 2):
        page = county.page(f"/score-sheets/{cycle}")
        about = re.findall(r"/score-sheets/\d+/(\d+)\">(.*?)</tr>", page, re.DOTALL)
        for subject, row in about:
            score = re.search(r"<b>([\d.]+)</b>", row)
            now[f"{cycle}/{subject}"] = score[1] if score else None

    overall = then()["overall"]
    assert now == {place: overall[place] for place in overall if place in now}
    assert not [place for place in overall if overall[place] and place not in now]
    every = 1 if county.main.dialect.name == "sqlite" else 7
    for place, exact in [*then()["exact"].items()][::every]:
        shown = re.findall(r"Exact: ([\d/]+)", county.page(f"/score-sheets/{place}"))
        assert not now.get(place) or shown[0] == exact[0], place
        assert not Counter(exact) - Counter(shown), place


def test_every_alert_says_what_it_said(county: FirstCounty) -> None:
    page = county.page("/alerts")
    now = []
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        about = re.search(r"surveys/(\d+)/results/(\d+)", row)
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        if about and int(about[1]) != CLOSED:  # another test opens that box
            evidence = re.sub(r"<[^>]+>", " ", cells[4]).split()
            numbers = numbers_in(cells[3])
            now.append([int(about[1]), int(about[2]), numbers, " ".join(evidence)])

    assert now == then()["alerts"]


@pytest.mark.parametrize("survey", [OPEN_SURVEY, DECRYPTED])
def test_the_results_say_what_they_said(county: FirstCounty, survey: int) -> None:
    page = county.page(f"/surveys/{survey}/results")

    assert not Counter(then()["results"][str(survey)]) - Counter(numbers_in(page))


def test_the_papers_of_the_opened_box_are_those_that_were_posted(
    county: FirstCounty,
) -> None:
    """Its result was signed with its counts in it: now they need the minute's key."""
    client, papers = county.app.test_client(), f"/b/papers/{DECRYPTED}"
    shown = papers_of(county.ballots, DECRYPTED)
    assert shown is not None
    assert shown.head is not None

    for name in ("manifest.json", "closing.json", "trackers.txt"):
        given = client.get(f"{papers}/{name}").text
        assert given == (sample("first") / "papers" / name).read_text("utf-8"), name
    assert client.get(f"{papers}/head.json").status_code == 404
    with county.app.test_request_context():
        key = key_to(shown.head)
    for name in ("head.json", "fragments.jsonl"):
        given = client.post(f"{papers}/{name}", data={"key": key}).text
        assert given == (sample("first") / "papers" / name).read_text("utf-8"), name


def test_nothing_in_the_county_contradicts_what_was_signed(
    county: FirstCounty,
) -> None:
    told = CliRunner().invoke(
        main, ["check"], env=environment(county.settings) | {"SURVEY_LANGUAGE": "en"}
    )

    assert told.exit_code == 0, told.output


def test_the_closed_box_opens_with_the_keys_of_then(county: FirstCounty) -> None:
    before = SignedHead.from_json(text_of("first/closed/head.json")).head
    box = county.ballots, CLOSED, keys_of_the_closed()
    with county.writing as session:
        mark = challenges_here(session, *box, secrets_folder=county.secrets).mark
        decrypt_here(session, *box, compared=mark, secrets_folder=county.secrets)

    with Session(county.ballots) as boxes:
        head = SignedHead.from_json(boxes.get_one(BallotBox, CLOSED).head).head
        fragments = boxes.query(FragmentRow).filter_by(survey_id=CLOSED).count()
    for name in ("manifest", "closing", "tally", "challenges", "batches", "root_in"):
        assert getattr(head, name) == getattr(before, name), name
    assert fragments == head.fragments == before.fragments
    assert head.salt, "it was opened by today's program"
    assert county.office.open(f"/surveys/{CLOSED}/results").status_code == 200


def test_a_slip_of_then_still_casts_a_ballot(county: FirstCounty) -> None:
    slips = (sample("first") / "county" / "slips.txt").read_text("utf-8").split()
    client = county.app.test_client()

    used, unused = (
        client.post("/b?lang=en", data={"code": slips[place]}) for place in (0, -1)
    )

    assert used.status_code == 403, "its ballot lies in the box"
    assert unused.status_code == 200
    assert "2026年石桥镇领导干部民主测评" in unused.text


def test_a_receipt_of_then_is_signed_by_the_server_of_its_manifest(
    county: FirstCounty,
) -> None:
    page = (sample("first") / "receipt.html").read_text("utf-8")
    tracker, signature = re.findall(r"\b(?:[0-9a-f]{128}|[0-9a-f]{64})\b", page)
    with Session(county.ballots) as boxes:
        paper = boxes.get_one(BallotBox, STILL_OPEN).manifest
    manifest = Manifest.from_json(read_posted(paper)[0])

    message = receipt_message(STILL_OPEN, bytes.fromhex(tracker))

    key = bytes.fromhex(manifest.signing_key)
    assert is_signed(key, message, bytes.fromhex(signature))
