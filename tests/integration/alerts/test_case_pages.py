"""The pages of an alert: what is shown, each act, and two who act at once."""

import re
from dataclasses import dataclass
from io import BytesIO

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.alerts.tables import AlertCase
from survey_app.domain.alerts.review import State
from survey_app.survey.tables import Channel, Survey
from tests.support.cases import POINTS, Office, office_of
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.secret_ballots import FIRST, SECOND


def text_of(response: TestResponse) -> str:
    """Return what is read on a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.text))


def do(who: Desk, alert: str, act: str, **fields: str) -> TestResponse:
    """Open the page of an act and send its form as it stands there."""
    page = who.see(f"{alert}/{act}")
    version = page.named("version")[0].get("value", "")
    told = {"reason": "见第3号材料", "version": version} | fields
    return who.send(f"{alert}/{act}", **told)


@dataclass(frozen=True)
class Standing:
    """Where an alert stands now; the database is let go of at once."""

    state: str
    measure: str
    version: str
    recheck_id: int | None

    @classmethod
    def of(cls, told: Office) -> "Standing":
        row = told.row
        found = cls(row.state, row.measure, str(row.version), row.recheck_id)
        told.db.rollback()
        return found


def two_desks(app: Flask, db: Session) -> tuple[Desk, Desk]:
    """Two managers who are two people."""
    wang, li = (desk(app, db, MANAGER, username=name) for name in (FIRST, SECOND))
    return wang, li


def test_the_page_names_every_denominator_and_says_what_it_is_not(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    reader = desk(app, db, READER)

    page = text_of(reader.open(f"/alerts/{told.alert_id}?lang=en"))

    assert "20 / 40" in page
    assert "a share of more than 1/3" in page
    assert "only gives reason to verify; it is not a conclusion" in page
    assert "Whoever found an open code could answer" in page
    assert "33.8% to 66.2%" in page
    for name in ("valid ballots", "ballots returned", "the whole membership"):
        assert name in page
    assert page.count("not known") == 4  # present, issued, membership; invalid ballots
    whole = reader.open(f"/alerts/{told.alert_id}").text
    assert f'href="/office/surveys/{told.county.survey_id}/unusual-days"' in whole
    assert "/review/" not in whole


def test_an_alert_goes_its_way_on_pages(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    wang, li = two_desks(app, db)
    alert = f"/alerts/{told.alert_id}"

    assert do(wang, alert, "review/begin", reason=" ").status_code == 422
    assert do(wang, alert, "review/begin").status_code == 303
    for point in POINTS:
        assert do(wang, alert, "review/check", point=point).status_code == 303
    assert do(wang, alert, "review/hear").status_code == 303
    assert do(wang, alert, "decide/decide").status_code == 422
    assert do(wang, alert, "decide/decide", measure="admonition").status_code == 303
    assert Standing.of(told).state == State.HEARD
    assert do(li, alert, "second/confirm").status_code == 303
    now = Standing.of(told)
    assert (now.state, now.measure) == (State.DECIDED, "admonition")
    made = do(
        wang, alert, "follow-up", title="半年复评", cycle=str(told.county.cycle_id),
        opens_on="2026-06-01", closes_on="2026-06-30",
    )  # fmt: skip
    assert made.status_code == 303
    now = Standing.of(told)
    assert now.state == State.FOLLOWING

    recheck = db.get_one(Survey, now.recheck_id)
    first = db.get_one(Survey, told.county.survey_id)
    assert recheck.is_recheck
    assert recheck.questionnaire_fingerprint == first.questionnaire_fingerprint
    assert [one.id for one in recheck.subjects] == [told.county.subject_id]
    channels = select(Channel.rater_group).where(Channel.survey_id == recheck.id)
    assert sorted(db.scalars(channels)) == ["residents", "staff"]
    db.rollback()
    page = text_of(wang.open(f"{alert}?lang=en"))
    assert "compared once the results of this one are final" in page
    assert page.count("见第3号材料") >= 8


def test_the_second_of_two_reads_what_changed_and_loses_nothing(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    wang, li = two_desks(app, db)
    alert = f"/alerts/{told.alert_id}"
    do(wang, alert, "review/begin")
    seen = Standing.of(told).version
    do(li, alert, "review/hear", reason="谈话情况")

    late = wang.send(f"{alert}/review/hear?lang=en", version=seen, reason="另一次谈话")

    assert late.status_code == 409
    assert "Record the hearing · second" in text_of(late)
    assert "另一次谈话" in late.text
    now = Standing.of(told).version
    assert f'name="version" value="{now}"' in late.text
    again = wang.send(f"{alert}/review/hear", version=now, reason="另一次谈话")
    assert again.status_code == 303


def test_a_file_is_told_by_its_content_and_only_ever_saved(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    wang, reader = desk(app, db, MANAGER), desk(app, db, READER)
    alert = f"/alerts/{told.alert_id}"

    def bring(content: bytes, name: str) -> TestResponse:
        return wang.send(
            f"{alert}/files/new", version="1", reason="材料",
            file=(BytesIO(content), name),
        )  # fmt: skip

    assert bring(b"<script>alert(1)</script>", "a.pdf").status_code == 422
    assert bring(b"%PDF-1.7 ...", "谈话记录.exe").status_code == 303
    page = wang.open(alert).text
    (link,) = re.findall(rf"{alert}/files/\d+(?=\")", page)
    got = reader.open(link)
    assert got.data == b"%PDF-1.7 ..."
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert (
        do(wang, alert, f"files/{link.rpartition('/')[2]}/take-away").status_code == 303
    )
    assert reader.open(link).status_code == 404
    assert "谈话记录.pdf" in wang.open(alert).text


def test_a_file_is_taken_away_at_its_own_alert_alone(
    app: Flask, db: Session, engine: Engine
) -> None:
    """Else whoever is limited to one unit deletes the files of all others."""
    told = office_of(engine, db)
    alert = f"/alerts/{told.alert_id}"
    wang = desk(app, db, MANAGER)
    wang.send(
        f"{alert}/files/new", version="1", reason="材料",
        file=(BytesIO(b"%PDF-1.7"), "a.pdf"),
    )  # fmt: skip
    (file,) = re.findall(rf"{alert}/files/(\d+)(?=\")", wang.open(alert).text)
    other = AlertCase.id != told.alert_id
    elsewhere = db.scalars(select(AlertCase.id).where(other)).first()
    db.rollback()

    sent = wang.send(
        f"/alerts/{elsewhere}/files/{file}/take-away", version="1", reason="删"
    )

    assert sent.status_code == 404
    assert wang.open(f"{alert}/files/{file}").status_code == 200


def test_alerts_stand_on_their_lists_and_on_the_sheet(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    reader, county = desk(app, db, READER), told.county
    link = f'href="/office/alerts/{told.alert_id}"'

    for page in (
        "/alerts", "/alerts/cases", "/alerts/cases?state=raised",
        f"/score-sheets/{county.cycle_id}/{county.subject_id}",
        f"/surveys/{county.survey_id}/results/{county.subject_id}",
    ):  # fmt: skip
        assert link in reader.open(page).text, page
    assert link not in reader.open("/alerts/cases?state=closed").text
    other = f"/score-sheets/{county.cycle_id}/{county.other_subject_id}"
    assert link not in reader.open(other).text


def test_the_leading_bodys_alert_stands_on_its_cadres_sheets(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    county = told.county
    told.row.subject_id = county.body_id
    db.commit()

    page = desk(app, db, READER).open(
        f"/score-sheets/{county.cycle_id}/{county.subject_id}?lang=en"
    )

    assert f"/office/alerts/{told.alert_id}" in page.text
    assert "the unit's" in page.text.replace("&#39;", "'")


def test_an_objection_is_filed_answered_and_stays_with_the_result(
    app: Flask, db: Session, engine: Engine
) -> None:
    told = office_of(engine, db)
    county, wang = told.county, desk(app, db, MANAGER)
    new = f"/objections/new/{county.cycle_id}/{county.subject_id}"

    assert wang.send(f"{new}?alert={told.alert_id}", text="").status_code == 422
    filed = wang.send(
        f"{new}?alert={told.alert_id}", text="数据有误，请求复核", on_paper_of="王一",
        came_on="2026-05-01",
    )  # fmt: skip
    assert filed.status_code == 303
    at = filed.headers["Location"].removeprefix("/office")
    assert (
        "数据有误" in wang.open("/objections").text
        or "王一" in wang.open("/objections").text
    )
    assert wang.send(at, verdict="upheld", answer="").status_code == 422
    assert wang.send(at, verdict="upheld", answer="复核后结果成立").status_code == 303
    for page in (
        f"/alerts/{told.alert_id}",
        f"/score-sheets/{county.cycle_id}/{county.subject_id}",
    ):
        shown = wang.open(page).text
        assert "数据有误，请求复核" in shown
        assert "复核后结果成立" in shown
