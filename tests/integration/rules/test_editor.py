"""A questionnaire is written in the browser: everything kept, every fault in place."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.accounts.tables import SignIn
from survey_app.domain.questionnaire.questionnaire import QuestionKind
from survey_app.domain.questionnaire.sketch import Sketch, sketch_in
from survey_app.rulebook.copies import toml_in
from survey_app.rulebook.offered import offered
from survey_app.rulebook.tables import RuleText
from survey_app.shipped_files import RuleFiles
from tests.conftest import ONE_DATABASE
from tests.support.filled_forms import come_back, form_on
from tests.support.office import Desk, desk
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def writer(app: Flask, db: Session) -> Desk:
    return desk(app, db, "designer")


def begun(writer: Desk) -> str:
    sent = writer.send("/rules/new", kind="questionnaire")
    assert sent.status_code == 303
    return str(sent.location).removeprefix("/office")


def row_at(db: Session, page: str) -> RuleText:
    db.expunge_all()
    row = db.get_one(RuleText, int(page.rpartition("/")[2]))
    db.expunge(row)
    db.rollback()
    return row


def sketch_at(db: Session, page: str) -> Sketch:
    return sketch_in(toml_in(row_at(db, page).text))


def keys(db: Session, page: str) -> list[str]:
    return [one.key for one in sketch_at(db, page).questions]


def typed(writer: Desk, page: str) -> dict[str, Any]:
    """Return what the form on the page would send without any change."""
    form = form_on(writer, page, "title_zh")
    return {**form.values, **form.hidden}


def press(writer: Desk, page: str, do: str = "save", **changed: Any) -> None:
    fields = typed(writer, page) | changed | {"do": do}
    sent = writer.send(f"{page}/questionnaire", **fields)
    assert sent.status_code == 303, sent.text


def test_a_questionnaire_of_every_kind_is_made_from_nothing_without_script(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    for kind in QuestionKind:
        press(writer, page, f"add {kind}")
    press(writer, page, "add section")
    press(writer, page, "own 1")
    press(
        writer, page,
        **{
            "title_zh": "窗口办事", "title_en": "Windows",
            "introduction_zh": "请作答。", "introduction_en": "Please answer.",
            "sections-0-zh": "总的", "sections-0-en": "Overall",
            "sets-1-choices-0-zh": "大厅", "sets-1-choices-0-en": "Hall",
            "sets-1-choices-1-zh": "网上", "sets-1-choices-1-en": "Online",
            "sets-1-choices-2-key": "",
            "questions-2-choices": "set_1", "questions-0-section": "section_1",
            "questions-4-asked_after": "question_2", "questions-3-bands": "0，50、90",
        },
        **{f"questions-{n}-{language}": f"{language}{n}"
           for n in range(5) for language in ("zh", "en")},
    )  # fmt: skip
    assert "大厅" in writer.see(page).text
    answers: dict[str, Any] = {"questions-4-asked_if": ["choice_1"]}
    press(writer, page, **answers)
    assert writer.send(f"{page}/ready", seen=row_at(db, page).saved).status_code == 303

    made = offered(db, RuleFiles()).questionnaire("questionnaire")
    assert [one.kind for one in made.questions] == list(QuestionKind)
    assert made.questions[2].choice_keys == {"choice_1", "choice_2"}
    assert made.questions[3].bands == (0, 50, 90)
    assert made.questions[4].show_if is not None
    assert made.source.zh == "题目文字由本单位拟定"
    assert made.sections[0].title.zh == "总的"


def test_a_draft_with_faults_is_kept_and_says_each_beside_its_field(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    press(writer, page, "add rating", title_zh="只有中文")
    shown = writer.see(f"{page}?lang=en")
    wrong = {one.get("id") for one in shown.all("input") + shown.all("textarea")
             if one.get("aria-invalid")}  # fmt: skip
    assert {"title_en", "introduction_zh", "questions-0-zh", "questions-0-en"} <= wrong
    assert "title_zh" not in wrong
    assert sketch_at(db, page).title.zh == "只有中文"
    assert writer.send(f"{page}/ready", seen=row_at(db, page).saved).status_code == 422


def test_questions_move_by_buttons_and_by_the_places_a_drag_gives_them(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    for kind in ("rating", "text", "number"):
        press(writer, page, f"add {kind}")
    assert keys(db, page) == ["question_1", "question_2", "question_3"]
    press(writer, page, "up questions 2")
    assert keys(db, page) == ["question_1", "question_3", "question_2"]
    press(writer, page, **{"questions-0-place": "9"})
    assert keys(db, page) == ["question_3", "question_2", "question_1"]
    press(writer, page, "remove questions 1")
    assert keys(db, page) == ["question_3", "question_1"]
    press(writer, page, "up questions 0")
    press(writer, page, "down sections 7")
    assert keys(db, page) == ["question_3", "question_1"]


def test_what_says_something_is_removed_after_a_second_press(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    press(writer, page, "add rating")
    press(writer, page, "add text")
    assert writer.open(page).text.count('value="ask questions') == 0
    press(writer, page, **{"questions-1-zh": "您有什么建议？"})

    fields = typed(writer, page) | {"do": "ask questions 1"}
    sent = writer.send(f"{page}/questionnaire", **fields)
    assert keys(db, page) == ["question_1", "question_2"]
    assert sent.headers["Location"].endswith(f"{page}?gone=questions-1#questions-1")
    asked = writer.open(f"{page}?gone=questions-1").text
    assert "移除第2题？" in asked
    assert 'value="remove questions 1"' in asked
    assert "移除第2题？" not in writer.open(page).text
    press(writer, page, "remove questions 1")
    assert keys(db, page) == ["question_1"]


def test_the_list_of_faults_says_where_each_is(writer: Desk) -> None:
    page = begun(writer)
    press(writer, page, "add rating", title_zh="有标题")

    shown = writer.open(page).text
    assert "第 1 题，题目（中文）：请填写此项。" in shown
    assert "标题（英文）：请填写此项。" in shown


def test_who_saves_over_somebody_else_is_told_and_loses_nothing(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    mine = typed(writer, page) | {"title_zh": "我的"}
    press(writer, page, title_zh="别人的")

    sent = writer.send(f"{page}/questionnaire?lang=en", **mine)
    assert sent.status_code == 409
    assert "我的" in sent.text
    assert "Somebody else saved this draft" in sent.text
    assert sketch_at(db, page).title.zh == "别人的"


def test_the_phone_shows_the_page_and_nothing_is_sent_from_it(writer: Desk) -> None:
    page = begun(writer)
    assert "Nothing to see yet" in writer.open(f"{page}/preview?lang=en").text
    press(writer, page, "add rating", title_zh="窗口办事")
    shown = writer.open(f"{page}/preview?lang=zh")
    assert "窗口办事" in shown.text
    assert "非常满意" in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Very satisfied" in writer.open(f"{page}/preview?lang=en").text


def test_a_form_sent_after_the_end_of_the_sign_in_comes_back_whole(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    press(writer, page, "add rating")
    press(writer, page, "add section")
    form = form_on(writer, page, "title_zh")
    typed = {
        name: [f"{name} 又"] if name.endswith(("zh", "en")) else value
        for name, value in form.values.items()
    }
    db.execute(delete(SignIn))
    db.commit()

    back = come_back(writer, form.send(**typed), page)

    again = form_on(writer, page, "title_zh", page=shown(back))
    assert again.values == typed
    assert again.hidden["seen"] == form.hidden["seen"]


def test_the_source_says_who_worded_it_and_says_it_once(
    db: Session, writer: Desk
) -> None:
    page = begun(writer)
    press(writer, page, source_zh="国办发〔2019〕51号", source_en="No. 51")
    press(writer, page)
    told = sketch_at(db, page).source
    assert told.zh == "国办发〔2019〕51号；题目文字由本单位拟定"
    assert told.en == "No. 51; the wording is this office's own"
    press(writer, page, origin="published")
    assert sketch_at(db, page).source.zh == "国办发〔2019〕51号"


def test_a_faulty_file_of_any_shape_can_be_opened_in_the_editor(
    db: Session, writer: Desk
) -> None:
    for text in (
        'title = 5\nquestions = [1, {key = 2, bands = "x"}]\nchoices = 7\n',
        'key = "x"\n[[questions]]\nshow_if = 3\nkind = "odd"\n[[sections]]\n',
        'key = "x"\n' + '[[questions]]\nkey = "q"\n' * 130,
    ):
        file = (BytesIO(text.encode()), "a.toml")
        sent = writer.send("/rules/files", kind="questionnaire", file=file)
        page = str(sent.location).removeprefix("/office")
        assert writer.open(page).status_code == 200
        assert writer.open(f"{page}/preview").status_code == 200
        writer.send(f"{page}/deletion")
