"""Names and titles typed in the office: nothing unseen, and no two that look alike."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.tables import Account
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.domain.ground.look_alike import (
    code_shape,
    is_plain_name,
    shape,
    squeezed,
)
from survey_app.domain.ground.refusals import NameRefused, NameTaken
from survey_app.domain.ground.written_value import tidy_code, tidy_name
from survey_app.survey.tables import Channel, Survey
from tests.support.drafts import draft
from tests.support.office import KEEPER, MANAGER, ORGANIZER, Desk, bundle, desk
from tests.support.respondents import shown
from tests.support.small_county import SCHEME

DAYS = {"opens_on": "2026-05-01", "closes_on": "2026-05-09"}
ZERO_WIDTH, OVERRIDE, FILLER = "\u200b", "\u202e", "\u3164"


@pytest.fixture
def manager(app: Flask, db: Session) -> Desk:
    sitting = desk(app, db, MANAGER, username="admin")
    sitting.send("/language", language="en", back="")
    return sitting


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("\u0430dmin", "not what it looks like"),
        ("\uff41dmin2", "not what it looks like"),
        (f"li{ZERO_WIDTH}wei", "not what it looks like"),
        (f"{OVERRIDE}iewil", "not what it looks like"),
        ("li  wei", "not what it looks like"),
        ("Admin", "one that looks like it"),
        ("\u00e1dmin", "one that looks like it"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_account_is_named_as_it_looks(
    app: Flask, db: Session, name: str, why: str
) -> None:
    keeper = desk(app, db, KEEPER, username="admin")
    keeper.send("/language", language="en", back="")

    answer = keeper.send("/accounts", real_name="李四", username=name, roles="designer")

    assert answer.status_code == 422
    assert why in shown(answer).text
    assert db.scalars(select(Account.username)).all() == ["admin"]


def test_the_terminal_refuses_the_same_names(db: Session) -> None:
    make_account(db, "李伟", roles=bundle(ORGANIZER))
    make_account(db, "li wei", roles=bundle(ORGANIZER))

    with pytest.raises(NameRefused):
        make_account(db, "li\u200bwei", roles=bundle(ORGANIZER))
    with pytest.raises(NameTaken):
        make_account(db, "Li Wei", roles=bundle(ORGANIZER))


def test_a_cycle_is_not_named_like_another_written_wider(db: Session) -> None:
    make_cycle(db, "2026年度考核", scheme=SCHEME)

    for name in ("２０２６年度考核", "2026 年度考核"):
        with pytest.raises(NameTaken):
            make_cycle(db, name, scheme=SCHEME)
    assert make_cycle(db, "2027年度考核", scheme=SCHEME).id
    assert len(db.scalars(select(Cycle)).all()) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_titles_and_places_are_kept_as_they_are_seen(
    manager: Desk, db: Session, engine: Engine
) -> None:
    made = draft(db)
    manager.send("/cycles/new", name="２０２７", scheme="yijun-2017")
    offered = manager.see("/surveys/new").named("component")
    form = {"component": offered[0].get("value"), **DAYS}
    title = f"群众{ZERO_WIDTH}满意度\r\n调查 {FILLER}"

    sent = manager.send("/surveys/new", title=title, **form)
    nothing = manager.send("/surveys/new", title=FILLER, **form)
    manager.send(
        f"/surveys/{made.survey_id}/channels",
        rater_group="residents", subject="", place=f"大厅{OVERRIDE} 一楼",
    )  # fmt: skip

    assert (sent.status_code, nothing.status_code) == (303, 422)
    with Session(engine) as fresh:
        assert "群众满意度 调查" in fresh.scalars(select(Survey.title)).all()
        assert fresh.scalars(select(Channel.place)).all() == ["大厅 一楼"]
        assert "2027" in fresh.scalars(select(Cycle.name)).all()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("\U00020bb7 野家", "\U00020bb7野家"),
        ("\u3402 和", "\u3402和"),
        ("〇 一", "〇一"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ‧ 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("John A. Smith", "John A. Smith"),
        (f"王{ZERO_WIDTH}芳", "王芳"),
        (FILLER, ""),
    ],
)
def test_a_name_is_written_in_one_way(typed: str, name: str) -> None:
    assert tidy_name(typed) == name


def test_what_looks_alike_has_one_shape() -> None:
    assert shape("\u0410dmin") == shape("ａＤmin") == shape("admin")
    assert code_shape("T01") == code_shape("t1") == code_shape("TO1")
    assert code_shape("10") == code_shape("1O") == code_shape("lo")
    assert code_shape("007") == code_shape("7") != code_shape("70")
    assert code_shape("T10") != code_shape("T1")
    assert code_shape("T100") != code_shape("T10")
    assert squeezed("姓\n 名") == "姓名"
    assert tidy_code(f"Ｔ0１{ZERO_WIDTH}") == "T01"
    assert is_plain_name("李伟")
    assert not is_plain_name("p\u0430ul")
