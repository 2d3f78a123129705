"""Posters: everything a citizen needs to know stands on the sheet."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app import create_app, qr
from survey_app.settings import Settings
from survey_app.survey.parts import add_channel
from survey_app.survey.tables import Channel
from tests.support.drafts import KEY, POSTER, draft, ready
from tests.support.office import ORGANIZER, desk
from tests.support.respondents import Shown, shown


def sheets(page: Shown) -> list[Element]:
    return [a for a in page.all("article") if "poster" in a.get("class", "")]


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_a_sheet_says_who_asks_about_whom_until_when(
    app: Flask, db: Session, settings: Settings
) -> None:
    ready(db)
    channel = db.scalars(
        select(Channel).where(Channel.rater_group == "residents")
    ).first()
    assert channel
    (sheet,) = sheets(desk(app, db, ORGANIZER).see(f"/channels/{channel.id}/poster"))
    text = text_of(sheet)

    for expected in (
        settings.place_name, "群众满意度调查", "王建国", "清河镇 镇长", "居民",
        "2026年5月1日", "2026年5月15日", f"{channel.code[:5]}-{channel.code[5:]}",
        f"http://127.0.0.1:8000/S/{channel.code}",
    ):  # fmt: skip
        assert expected in text


def test_the_drawing_leads_to_the_address_below_it(app: Flask, db: Session) -> None:
    ready(db)
    channel = db.scalars(select(Channel)).first()
    assert channel
    (sheet,) = sheets(desk(app, db, ORGANIZER).see(f"/channels/{channel.id}/poster"))

    drawing = qr.drawing(f"http://127.0.0.1:8000/S/{channel.code}")
    (path,) = (e for e in sheet.iter() if e.tag.endswith("path"))
    assert path.get("d") == drawing.path


def test_every_channel_of_a_survey_has_its_sheet(app: Flask, db: Session) -> None:
    made = ready(db)
    add_channel(
        db, made.survey_id, rater_group="staff", place="window 3", way=POSTER, key=KEY
    )
    page = desk(app, db, ORGANIZER).see(f"/surveys/{made.survey_id}/posters")

    codes = re.findall(r"/S/([0-9A-Z]{10})", " ".join(map(text_of, sheets(page))))
    assert sorted(codes) == sorted(db.scalars(select(Channel.code)))
    assert len(codes) == 5
    assert not any("window 3" in text_of(sheet) for sheet in sheets(page))
    (above,) = (p for p in page.all("p") if "window 3" in text_of(p))
    assert "screen" in (above.get("class") or "").split(), "it would be printed"


def test_without_channels_there_is_nothing_to_print(app: Flask, db: Session) -> None:
    made = draft(db)
    page = desk(app, db, ORGANIZER).see(f"/surveys/{made.survey_id}/posters")

    assert not [b for b in page.all("button") if b.get("id") == "print"]
    links = [a.get("href") for a in page.all("a")]
    assert f"/office/surveys/{made.survey_id}/channels" in links


def test_a_channel_without_a_subject_says_that_one_chooses(
    app: Flask, db: Session
) -> None:
    made = ready(db)
    channel = add_channel(db, made.survey_id, rater_group="staff", way=POSTER, key=KEY)
    (sheet,) = sheets(
        desk(app, db, ORGANIZER).see(f"/channels/{channel.id}/poster?lang=en")
    )

    assert "you choose on the page" in text_of(sheet)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_poster_promises_what_the_answer_page_promises(
    app: Flask, db: Session, language: str
) -> None:
    made = ready(db)
    wang = desk(app, db, ORGANIZER)
    page = wang.see(f"/surveys/{made.survey_id}/posters?lang={language}")
    wang.send(f"/surveys/{made.survey_id}/open")
    code = db.scalars(select(Channel.code)).first()
    asked = shown(wang.client.get(f"/s/{code}?lang={language}"))

    promised = [p for p in page.all("p") if p.get("class") == "poster-promise"]
    said = [text_of(p) for p in asked.all("p") if not p.get("class")]
    space = " " if language == "en" else ""
    assert text_of(promised[0]) == space.join(said[-2:])
    assert len(said[-1]) > len("选择、意见、日期、二维码、评价对象、回执码")


def test_the_contact_stands_below_where_there_is_one(
    app: Flask, db: Session, settings: Settings
) -> None:
    ready(db)
    channel = db.scalars(select(Channel)).first()
    assert channel
    told = create_app(
        replace(settings, contact="0919-5281234"),
        clock=app.extensions["survey_clock"][0],
    )
    with_contact = desk(told, db, ORGANIZER).see(f"/channels/{channel.id}/poster")
    without = desk(app, db, ORGANIZER, username="Li").see(
        f"/channels/{channel.id}/poster"
    )
    told.extensions["survey_engine"].dispose()

    assert "0919-5281234" in with_contact.text
    assert "咨询" not in without.text
    assert "Questions:" not in without.text


def test_the_code_alone_comes_as_a_file(app: Flask, db: Session) -> None:
    ready(db)
    channel = db.scalars(select(Channel)).first()
    assert channel
    response = desk(app, db, ORGANIZER).open(f"/channels/{channel.id}/qr.svg")

    assert response.mimetype == "image/svg+xml"
    assert response.headers["Content-Disposition"] == (
        f"attachment; filename={channel.code}.svg"
    )
    assert response.get_data(as_text=True) == qr.svg(
        f"http://127.0.0.1:8000/S/{channel.code}"
    )


def test_the_printed_address_leads_to_the_questions(app: Flask, db: Session) -> None:
    made = ready(db)
    wang = desk(app, db, ORGANIZER)
    page = wang.see(f"/surveys/{made.survey_id}/posters")
    wang.send(f"/surveys/{made.survey_id}/open")

    (address, *_) = re.findall(r"http://127.0.0.1:8000(/S/\w+)", page.text)
    assert wang.client.get(address, follow_redirects=True).status_code == 200
