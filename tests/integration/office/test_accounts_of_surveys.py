"""An account has a person's name, and may work on some surveys alone."""

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.limit_surveys import limit_surveys, surveys_of
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.permissions import DESIGNER
from survey_app.accounts.tables import Account, AccountSurvey
from survey_app.domain.ground.account_refusals import KeeperOfAll
from survey_app.domain.ground.refusals import NameTaken
from survey_app.survey.draft import make_survey
from survey_app.survey.tables import Survey
from tests.conftest import ONE_DATABASE
from tests.integration.office.access_rows import TABLE
from tests.support.doors import call, calls, refused
from tests.support.drafts import PLAN, QUESTIONNAIRE, draft
from tests.support.office import KEEPER, READER, bundle, desk
from tests.support.small_county import County, small_county

BY_SURVEY = {
    "home", "calendar", "calendar_ics", "surveys", "job", "start_job_again", "drawing",
    "password", "change_password", "sign_out", "second_factor", "set_up_second_factor",
    "renew_recovery_codes", "change_second_factor", "ceremony", "handbook",
    "handbook_booklet", "handbook_picture", "alerts", "alert_cases", "alert",
    "review_act", "do_review_act", "deciding_act", "do_deciding_act", "second_act",
    "do_second_act", "new_attachment", "attach", "attachment", "confirm_taking_away",
    "take_file_away",
}  # fmt: skip
"""Pages that name no survey in their address and are open to whoever has some alone."""


def number_of(db: Session, name: str) -> int:
    found = db.scalars(select(Account.id).where(Account.username == name)).one()
    db.rollback()
    return found


def limit(db: Session, name: str, *surveys: int) -> None:
    limit_surveys(db, number_of(db, name), surveys, by="the keeper")
    confirm_owner(db, number_of(db, name))


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.count("residents", good=20, bad=30)
    county.settle()
    return county


def test_lists_pages_and_files_are_those_of_ones_own_surveys(
    app: Flask, db: Session, county: County
) -> None:
    reader = desk(app, db, READER)
    own, other = county.survey_id, 999
    title = db.get_one(Survey, own).title
    db.rollback()
    pages = ("/surveys/{0}/results", "/surveys/{0}/turnout")
    assert title in reader.see("/surveys").text

    limit(db, "the reader", own)
    assert [reader.open(at.format(own)).status_code for at in pages] == [200] * 2
    assert title in reader.see("/surveys").text

    limit_surveys(db, number_of(db, "the reader"), (), by="the keeper")
    confirm_owner(db, number_of(db, "the reader"))
    assert [reader.open(at.format(own)).status_code for at in pages] == [404] * 2
    assert title not in reader.see("/surveys").text
    assert title not in reader.see("/").text
    assert title not in reader.see("/calendar").text
    assert reader.open(f"/surveys/{own}/results/workbook").status_code == 404
    assert reader.open(f"/surveys/{other}/results").status_code == 404
    assert reader.open(f"/score-sheets/{county.cycle_id}").status_code == 403


@ONE_DATABASE
@pytest.mark.parametrize("role", [DESIGNER, "issuer", "decider", "auditor"])
def test_only_pages_that_know_surveys_open_to_whoever_has_some_alone(
    app: Flask, db: Session, role: str
) -> None:
    client = desk(app, db, role).client
    limit(db, f"the {role}", *())

    passed = {
        endpoint
        for endpoint, method, address in calls(app)
        if endpoint.startswith("office.") and not refused(call(client, method, address))
    }

    strangers = {name for name, who in TABLE.items() if "stranger" in who}
    rules = app.url_map.iter_rules()
    of_one = {rule.endpoint for rule in rules if "survey_id" in rule.arguments}
    knows = {f"office.{one}" for one in BY_SURVEY} | of_one
    may = {name for name in TABLE if name.startswith("office.") and role in TABLE[name]}
    assert passed - strangers == (may & knows) - strangers


@ONE_DATABASE
def test_the_page_of_accounts_gives_surveys_and_takes_the_limit_away(
    app: Flask, db: Session
) -> None:
    keeper, designer = desk(app, db, KEEPER), desk(app, db, DESIGNER)
    made = draft(db, PLAN)
    first = made.survey_id
    second = make_survey(db, made.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN).id
    db.commit()
    at = f"/accounts/{number_of(db, 'the designer')}/surveys"

    assert keeper.send(at, limit="some", surveys=[first]).status_code == 303
    assert designer.open(f"/surveys/{first}").status_code == 200
    assert designer.open(f"/surveys/{second}").status_code == 404
    assert designer.open("/surveys/new").status_code == 403
    assert "仅限 1 项测评" in keeper.see("/accounts").text
    assert keeper.send(at, limit="some", surveys=[999]).status_code == 422

    assert keeper.send(at, limit="all").status_code == 303
    assert designer.open(f"/surveys/{second}").status_code == 200
    with pytest.raises(KeeperOfAll):
        limit_surveys(db, number_of(db, "the keeper"), (first,), by="somebody")


@ONE_DATABASE
def test_what_a_keeper_lets_see_more_rests_until_somebody_else_confirms_it(
    app: Flask, db: Session
) -> None:
    keeper, reader = desk(app, db, KEEPER), desk(app, db, READER)
    survey = draft(db, PLAN).survey_id
    at = f"/accounts/{number_of(db, 'the reader')}/surveys"

    assert keeper.send(at, limit="some", surveys=[]).status_code == 303
    assert reader.open("/surveys").status_code == 200, "less needs nobody"
    assert keeper.send(at, limit="some", surveys=[survey]).status_code == 303
    assert reader.open("/surveys").status_code == 403
    confirm_owner(db, number_of(db, "the reader"))
    assert reader.open("/surveys").status_code == 200


def test_a_survey_that_is_deleted_widens_nothing(db: Session) -> None:
    make_account(db, "an", roles=bundle(READER))
    survey = draft(db, PLAN).survey_id
    limit(db, "an", survey)

    db.execute(delete(Survey).where(Survey.id == survey))
    db.commit()

    assert surveys_of(db, number_of(db, "an")) == frozenset()
    assert db.scalars(select(AccountSurvey)).all() == []


@ONE_DATABASE
def test_a_persons_name_stands_beside_what_the_account_did(
    app: Flask, db: Session
) -> None:
    keeper = desk(app, db, KEEPER)
    sent = {"username": "li", "roles": "designer"}

    assert keeper.send("/accounts", **sent).status_code == 422
    assert keeper.send("/accounts", real_name=" 李 四 ", **sent).status_code == 200
    at = f"/accounts/{number_of(db, 'li')}"
    assert "李 四（li）" in keeper.see("/accounts").text
    assert keeper.send(f"{at}/name", real_name="李四").status_code == 303
    own = f"/accounts/{number_of(db, 'the keeper')}/name"
    assert keeper.send(own, real_name="赵一").status_code == 303

    auditor = desk(app, db, "auditor")
    told = auditor.see("/record").text
    assert "赵一（the keeper）" in told
    assert "李四" in told
    assert "赵一" in keeper.see("/").text


@ONE_DATABASE
def test_a_name_somebody_acted_under_is_nobody_elses_later(
    app: Flask, db: Session
) -> None:
    keeper = desk(app, db, KEEPER)
    make_account(db, "li", roles=bundle(DESIGNER), real_name="李四")
    at = f"/accounts/{number_of(db, 'li')}"
    assert keeper.send(f"{at}/delete").status_code == 303

    with pytest.raises(NameTaken):
        make_account(db, "li", roles=bundle(DESIGNER), real_name="李五")
    assert make_account(db, "li", roles=bundle(DESIGNER), real_name="李四")
