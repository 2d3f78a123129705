"""A secret ballot is prepared and issued by two people, through the office's pages."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.qr import drawing
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_scheme
from survey_app.survey.draft import make_survey
from survey_app.survey.tables import Survey
from survey_app.web.pace import Pace
from tests.conftest import FixedClock
from tests.support.ballot_desk import CODE, Desks, codes_on, desks
from tests.support.drafts import PLAN, QUESTIONNAIRE
from tests.support.holder_keys import DEPARTMENT, INSPECTION, made
from tests.support.office import MANAGER, ORGANIZER, Desk, desk
from tests.support.respondents import shown
from tests.support.secret_ballots import beside, drafted

STAFF_ONLY, WITH_CITIZENS = "xining-cadres-2012", "yijun-2017"
"""Schemes in which all who answer stand on a roster, and in which not all do."""
DAYS = {"opens_on": "2026-05-01", "closes_on": "2026-05-15"}


@pytest.fixture
def both(app: Flask, db: Session, ballots: Engine, settings: Settings) -> Desks:
    return desks(app, drafted(db, ballots, settings))


def draft_for(sitting: Desk, suggested: str, **fields: str) -> int:
    """Draft for the first component with this suggestion; return the status."""
    sitting.send("/language", language="en")
    page = sitting.see("/surveys/new")
    labels = [one for one in page.all("label") if suggested in "".join(one.itertext())]
    component = labels[0][0].get("value", "")
    sent = sitting.send(
        "/surveys/new", title="测评", component=component, **DAYS, **fields
    )
    return sent.status_code


@pytest.mark.parametrize(
    ("scheme", "suggested", "mode"),
    [
        (STAFF_ONLY, "suggested: secret ballot", "secret"),
        (WITH_CITIZENS, "suggested: open survey", "open"),
    ],
)
def test_who_answers_suggests_the_mode(
    app: Flask, db: Session, scheme: str, suggested: str, mode: str
) -> None:
    make_cycle(db, "2026", scheme=shipped_scheme(scheme))
    wang = desk(app, db, ORGANIZER)

    assert draft_for(wang, suggested) == 303
    assert db.scalars(select(Survey.mode)).one() == mode


def test_an_official_may_choose_otherwise(
    app: Flask, db: Session, ballots: Engine
) -> None:
    make_cycle(db, "2026", scheme=shipped_scheme(STAFF_ONLY))
    wang = desk(app, db, ORGANIZER)

    assert draft_for(wang, "suggested: secret ballot", mode="open") == 303
    assert db.scalars(select(Survey.mode)).one() == "open"


@pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
def test_without_a_ballot_database_the_page_says_what_to_set(
    engine: Engine, db: Session, database_url: str, clock: FixedClock
) -> None:
    settings = Settings(
        database_url=database_url, secret_key="k" * 32, second_factor=""
    )
    app = create_app(settings, clock=clock, pace=Pace(seconds=0))
    make_cycle(db, "2026", scheme=shipped_scheme(STAFF_ONLY))
    wang = desk(app, db, MANAGER)

    assert "SURVEY_BALLOT_DATABASE_URL" in wang.see("/surveys/new").text
    assert draft_for(wang, "suggested: secret ballot") == 422
    assert db.scalars(select(Survey)).all() == []
    app.extensions["survey_engine"].dispose()


def test_a_group_that_is_too_small_is_offered_to_merge(both: Desks) -> None:
    both.first.send("/language", language="en")

    offered = both.request(staff=5, residents=9)

    page = shown(offered)
    assert offered.status_code == 422
    assert "AB Staff, Residents 14 9 merged" in page.text
    assert "A Staff 5 3 left out" in page.text
    assert both.waiting() == []
    agreed = page.named("agreed")[0].get("value", "")
    assert both.request(staff=6, residents=9, agreed=agreed).status_code == 422
    assert both.request(staff=5, residents=9, agreed=agreed).status_code == 303
    (batch,) = both.waiting()
    assert both.office.batch(batch).eligible == 14
    assert len(codes_on(both.issue(batch))) == 16


def test_who_stays_too_small_gets_no_tickets(both: Desks) -> None:
    too_few = both.request(staff=3, residents=4)

    assert too_few.status_code == 422
    assert not shown(too_few).named("agreed")
    both.first.send(f"{both.path}/small-groups", small_groups="withhold")
    withheld = both.request(staff=5, residents=9)
    assert not shown(withheld).named("agreed")
    assert both.request(residents=9).status_code == 303
    assert len(both.waiting()) == 1


@pytest.mark.parametrize("typed", ["-1", "8.5", "many", "100001"])
def test_a_number_of_people_is_a_whole_number(both: Desks, typed: str) -> None:
    answer = both.request(staff=typed, residents=9)

    assert answer.status_code == 422
    assert "field wrong" in answer.get_data(as_text=True)
    assert both.waiting() == []


def test_who_requested_a_batch_cannot_issue_it(both: Desks) -> None:
    both.request(staff=8)
    (batch,) = both.waiting()
    where = f"{both.path}/batches/{batch}/issue"

    assert "Issue and show" not in both.first.see(where).text
    refused = both.first.send(where)

    assert refused.status_code == 403
    assert "第二人" in shown(refused).text
    assert len(codes_on(both.issue(batch))) == 10


def test_slips_are_shown_once_and_a_lost_print_is_voided(both: Desks) -> None:
    both.request(staff=8)
    (batch,) = both.waiting()
    printed = both.issue(batch)

    again = both.issue(batch)

    assert printed.headers["Cache-Control"] == "no-store"
    assert again.status_code == 409
    assert "作废" in shown(again).text
    both.first.send(f"{both.path}/batches/{batch}/void")
    both.first.send(f"{both.path}/batches/{batch}/again")
    (anew,) = both.waiting()
    assert anew != batch
    assert not set(codes_on(both.issue(anew))) & set(codes_on(printed))


def test_slips_differ_in_nothing_but_the_code(both: Desks) -> None:
    both.request(staff=8)
    printed = both.issue(both.waiting()[0]).get_data(as_text=True)

    slips = re.findall(r'<article class="slip.*?</article>', printed, re.DOTALL)
    bare = {re.sub(r' d="[^"]*"', "", CODE.sub("", slip)) for slip in slips}

    assert len(slips) == 10
    assert len(set(slips)) == 10
    assert len(bare) == 1


def test_the_code_stands_behind_the_hash_which_no_browser_sends(both: Desks) -> None:
    both.request(staff=8)
    printed = both.issue(both.waiting()[0])

    code = codes_on(printed)[0]
    drawn = drawing(f"http://127.0.0.1:8000/b#{code}").path

    assert drawn in printed.get_data(as_text=True)


def test_tickets_wait_for_the_keys_of_both_holders(both: Desks) -> None:
    both.request(staff=8)
    both.first.send(f"{both.path}/keys/2/remove")

    refused = both.issue(both.waiting()[0])

    assert refused.status_code == 422
    assert "密钥保管方" in shown(refused).text
    assert len(both.waiting()) == 1


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no key",
        made(DEPARTMENT).public.to_json().encode(),
        replace(made(INSPECTION, 1).public, holder=f"{DEPARTMENT}\u3164")
        .to_json()
        .encode(),
    ],
    ids=["empty", "no key", "the other holder's", "of a holder who looks the same"],
)
def test_a_wrong_public_key_is_refused_beside_its_place(
    both: Desks, file: bytes
) -> None:
    where = f"{both.path}/keys"
    before = both.first.see(where).text

    sent = both.first.send(f"{where}/2", key=(BytesIO(file), "a.public.json"))

    page = shown(sent)
    assert sent.status_code == 422
    wrong = [e for e in page.all("div") if e.get("class") == "field wrong"]
    assert [e.find("label").get("for") for e in wrong] == ["key-2"]  # type: ignore[union-attr]  # every field has a label
    assert both.first.see(where).text == before


def test_a_photograph_sent_for_a_key_is_told_its_size(both: Desks) -> None:
    both.first.send("/language", language="en")
    file = (BytesIO(bytes(300_000)), "photo.jpg")

    sent = both.first.send(f"{both.path}/keys/2", key=file)

    assert sent.status_code == 413
    said = "“photo.jpg” has 292.97 KB; at most 64 KB can be taken here."
    assert said in shown(sent).text


def test_a_key_of_another_survey_is_refused_with_what_to_do(
    app: Flask, db: Session, ballots: Engine, settings: Settings
) -> None:
    beside(db, ballots, settings)
    both = desks(app, drafted(db, ballots, settings))
    both.first.send("/language", language="en")
    file = BytesIO(made(DEPARTMENT, 1).public.to_json().encode())

    sent = both.first.send(f"{both.path}/keys/1", key=(file, "a.public.json"))

    assert sent.status_code == 422
    assert "Let the holder make a new one for this survey" in shown(sent).text


def test_wrong_commitments_are_named_by_their_lines(both: Desks) -> None:
    where = f"{both.path}/commitments"

    wrong = both.first.send(where, lines=f"{'a' * 64}\n\nnothing\n{'b' * 63}")
    many = both.first.send(where, lines="\n".join(mark * 64 for mark in "abc"))
    right = both.first.send(where, lines=f"{'A' * 64}\n\n")

    assert wrong.status_code == 422
    assert "第3, 4行" in shown(wrong).text or "line 3, 4" in shown(wrong).text
    assert many.status_code == 422
    assert right.status_code == 303
    assert "a" * 64 in both.first.see(where).text


def test_pages_of_the_other_mode_are_refused(both: Desks, db: Session) -> None:
    cycle = db.scalars(select(Cycle.id)).one()
    open_survey = make_survey(db, cycle, questionnaire=QUESTIONNAIRE, plan=PLAN).id
    db.commit()
    secret = both.path

    statuses = {
        path: both.second.open(path).status_code
        for path in (
            f"{secret}/turnout", f"{secret}/channels", f"{secret}/posters",
            f"/surveys/{open_survey}/keys", f"/surveys/{open_survey}/commitments",
            f"/surveys/{open_survey}/small-groups", f"/surveys/{open_survey}/manifest",
            f"/surveys/{open_survey}/box",
            f"/surveys/{open_survey}/reconciliation", f"/surveys/{open_survey}/minute",
        )
    }  # fmt: skip

    assert statuses == dict.fromkeys(statuses, 409)
    assert both.third.open(f"/surveys/{open_survey}/void-tickets").status_code == 409
    assert both.first.send(f"{secret}/channels/all").status_code == 409


@pytest.mark.parametrize("search", ["清河", "qhz"])
def test_a_unit_is_found_by_name_or_initials(both: Desks, search: str) -> None:
    page = both.first.see(f"{both.path}?c-q={search}")
    batches = next(one for one in page.all("section") if one.get("id") == "batches")

    rows = ["".join(row.itertext()) for row in batches.iter("th")]
    assert [row.split()[0] for row in rows if "镇" in row] == ["清河镇"]
