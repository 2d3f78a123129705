"""What comes back beside the fields, and what never does: files, passwords, roles."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import reset_password
from survey_app.accounts.make_account import confirm_owner
from survey_app.accounts.tables import Account, AccountRole
from tests.conftest import ONE_DATABASE
from tests.support.drafts import draft
from tests.support.ended_sign_ins import NEW, TYPED, end_everywhere, kept_of, upload
from tests.support.filled_forms import Form, come_back, form_on
from tests.support.office import KEEPER, MANAGER, READER, Desk, desk
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


def test_files_are_chosen_again_and_the_page_says_so(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/imports", "workbook")
    end_everywhere(db)

    refused = upload(form, 700_000)
    back = come_back(wang, refused, "/imports")

    assert refused.status_code == 401
    assert "重新选择文件" in shown(back).text
    assert form_on(wang, "/imports", "workbook", page=shown(back))


def test_a_workbook_too_large_to_look_at_is_told_so(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/imports", "workbook")
    end_everywhere(db)

    refused = upload(form, 7_000_000)

    assert refused.status_code == 401
    assert shown(refused).named("kept_form") == []
    assert "没能保留" in shown(refused).text


def test_passwords_never_travel(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/password", "current")
    end_everywhere(db)
    typed = {"current": wang.password, "new": "four plain words", "again": "four plain"}

    refused = form.send(**typed)
    back = come_back(wang, refused, "/password")

    for page in (refused, back):
        assert not any(one in page.get_data(as_text=True) for one in typed.values())
    assert "密码和口令" in shown(back).text


def test_a_single_button_leads_back_to_its_page(wang: Desk, db: Session) -> None:
    made = draft(db)
    at = f"/surveys/{made.survey_id}"
    wang.send(f"{at}/subjects", everybody="1")
    page = wang.see(at)
    (button,) = [
        Form(wang, at, form)
        for form in page.all("form")
        if (form.get("action") or "").endswith("/channels/all")
    ]
    end_everywhere(db)

    refused = button.send()
    back = come_back(wang, refused, at)

    assert form_on(wang, at, "password", page=shown(refused)).action == at
    assert "再按一次" in shown(back).text
    assert kept_of(db, "channel") == 0


def test_whose_password_was_given_meanwhile_chooses_one_and_finds_the_form(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    found = select(Account.id).where(Account.username == "Wang")
    number = db.scalars(found).one()
    given = reset_password(db, number, by="Zhao")
    refused = form.send(**NEW)
    first = form_on(wang, "/cycles/new", "password", page=shown(refused))
    waits = first.send(username="Wang", password=given)
    button = form_on(wang, "/cycles/new", page=shown(waits))
    own = "river stone cloud lamp"
    wang.send("/password", current=given, new=own, again=own)
    confirm_owner(db, number)

    back = button.send()

    assert "/office/password" in waits.get_data(as_text=True)
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]


def test_a_role_taken_away_meanwhile_shows_no_form(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    refused = form.send(**NEW)
    db.execute(update(AccountRole).values(role=READER))
    db.commit()

    assert come_back(wang, refused, "/cycles/new").status_code == 403


def test_signing_out_after_the_end_is_signing_out(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)

    out = wang.client.post("/office/sign-out", data=form.hidden)

    assert out.location == "/office/sign-in"


def test_the_draft_is_what_it_was(wang: Desk, db: Session) -> None:
    """Drawing the page again keeps nothing of what was typed."""
    made = draft(db)
    at = f"/surveys/{made.survey_id}/draft"
    form = form_on(wang, at, "opens_on")
    end_everywhere(db)

    come_back(wang, form.send(opens_on="2026-05-02", closes_on="2026-05-20"), at)

    kept = form_on(wang, at, "opens_on").values
    assert kept["opens_on"] == ["2026-05-01"]
    assert kept["closes_on"] == ["2026-05-15"]


def test_every_office_table_stays_as_it_was(app: Flask, db: Session) -> None:
    wang = desk(app, db, KEEPER)
    form = form_on(wang, "/accounts", "username")
    end_everywhere(db)
    before = kept_of(db, "account")

    come_back(
        wang, form.send(real_name="李四", username="Li", roles=READER), "/accounts"
    )

    assert kept_of(db, "account") == before


def test_a_database_away_for_a_moment_loses_nothing_either(
    app: Flask, wang: Desk, db: Session
) -> None:
    """The fault is ours, so the page that says so holds the form."""
    form = form_on(wang, "/cycles/new", "name")
    engine = app.extensions["survey_engine"]

    def away(*told: Any) -> None:
        if "INSERT" in str(told[2]):
            raise OperationalError("x", {}, Exception())

    event.listen(engine, "before_cursor_execute", away)
    refused = form.send(**NEW)
    event.remove(engine, "before_cursor_execute", away)
    back = form_on(wang, "/cycles/new", "kept_form", page=shown(refused)).send()

    assert refused.status_code in (500, 503)
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]
    assert kept_of(db, "cycle") == 0
