"""Translations go down as a workbook and come up as one; a draft keeps them."""

from dataclasses import replace
from io import BytesIO

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.cli.translations_of import translations_of
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.questionnaire.questionnaire_text import questionnaire_text
from survey_app.forms.roster.roster_apart import NotToldError
from survey_app.forms.tongues.tongue_book import tongue_book, translations_in
from survey_app.rulebook.tables import RuleText
from tests.conftest import ONE_DATABASE
from tests.support.office import Desk, desk
from tests.support.tongues import MARKS, PLAIN, REAL, in_tongues, translated

CHINESE = translations_of("zh")


def test_what_goes_down_comes_up_again_unchanged() -> None:
    """Letters that only Mongolian and Tibetan need are not lost on the way."""
    whole = in_tongues()

    told = translations_in(tongue_book(whole, CHINESE))

    assert {one.language: one for one in told} == {
        one.language: one for one in whole.translations
    }


def test_empty_columns_are_no_languages_and_empty_rows_no_texts() -> None:
    some = translated(PLAIN, "ug", ballot=False)

    (told,) = translations_in(
        tongue_book(replace(PLAIN, translations=(some,)), CHINESE)
    )

    assert told == some
    assert translations_in(tongue_book(PLAIN, CHINESE)) == ()


@pytest.mark.parametrize("rows", [[], [["title", "标题"]], [["", "place"]]])
def test_a_workbook_without_places_is_refused(rows: list[list[str]]) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()

    with pytest.raises(NotToldError, match="tongues-no-places"):
        translations_in(content.getvalue())
    with pytest.raises(NotToldError, match="roster-not-a-workbook"):
        translations_in(b"not a workbook")


def sent(who: Desk, rule: int, content: bytes, seen: int) -> TestResponse:
    file = (BytesIO(content), "languages.xlsx")
    return who.send(f"/rules/{rule}/languages", workbook=file, seen=seen)


@ONE_DATABASE
def test_a_draft_takes_languages_and_shows_its_page_in_each(
    app: Flask, db: Session
) -> None:
    who = desk(app, db, "designer")
    file = (BytesIO(questionnaire_text(PLAIN).encode()), "two.toml")
    assert who.send("/rules/files", kind="questionnaire", file=file).status_code < 400
    rule = db.scalars(select(RuleText.id)).one()
    seen = db.get_one(RuleText, rule).saved
    db.rollback()

    down = who.open(f"/rules/{rule}/languages.xlsx")
    assert down.data[:2] == b"PK"
    book = tongue_book(in_tongues(), CHINESE)
    assert sent(who, rule, book, seen).status_code == 303
    assert sent(who, rule, book, seen).status_code == 409, "saved since"
    assert sent(who, rule, b"no workbook", seen + 1).status_code == 422

    kept = read_questionnaire(db.get_one(RuleText, rule).text, file="two")
    db.rollback()
    assert [one.language for one in kept.translations] == list(MARKS)
    page = who.see(f"/rules/{rule}/languages")
    assert page.text.count("齐全 是") == len(MARKS)
    shown = who.see(f"/rules/{rule}/preview?lang=ug")
    assert REAL["ug"]["questions.welcome.text"] in shown.text
    assert next(shown.tree.iter("html")).get("dir") == "rtl"


@ONE_DATABASE
def test_a_draft_with_half_a_language_says_what_lacks(app: Flask, db: Session) -> None:
    who = desk(app, db, "designer")
    bo = translated(PLAIN, "bo")
    half = replace(bo, texts=tuple(one for one in bo.texts if one[0] != "page.send"))
    text = questionnaire_text(replace(PLAIN, translations=(half,)))
    file = (BytesIO(text.encode()), "two.toml")
    assert who.send("/rules/files", kind="questionnaire", file=file).status_code < 400
    rule = db.scalars(select(RuleText.id)).one()
    db.rollback()

    assert "1 处文字有误" in who.see(f"/rules/{rule}/languages").text
    assert "处文字待翻译" in who.see(f"/rules/{rule}").text
    assert who.send(f"/rules/{rule}/ready", seen=0).status_code >= 400
