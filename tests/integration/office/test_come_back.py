"""A form whose sign-in had ended comes back to its owner and does nothing meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from tests.conftest import ONE_DATABASE
from tests.support.ended_sign_ins import (
    ENDS,
    NEW,
    TYPED,
    Watch,
    end_everywhere,
    kept_of,
)
from tests.support.filled_forms import Form, come_back, form_on
from tests.support.office import MANAGER, Desk, desk
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


@pytest.mark.parametrize("end", ENDS)
def test_however_the_sign_in_ended_the_form_is_back_and_nothing_was_done(
    wang: Desk, clock: Watch, db: Session, end: Callable[[Desk, Watch, Session], None]
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end(wang, clock, db)

    refused = form.send(**NEW)
    back = come_back(wang, refused, "/cycles/new")

    assert refused.status_code == 401
    assert back.status_code == 200
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values == {name: [value] for name, value in NEW.items()}
    assert kept_of(db, "cycle") == 0
    assert again.send(**NEW).status_code == 303
    assert db.scalars(select(Cycle.name)).one() == TYPED


def test_the_page_says_that_the_sign_in_ended_and_blames_no_permission(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)

    said = shown(form.send(**NEW)).text

    assert "登录已经结束" in said
    assert "没有丢失" in said
    assert "权限" not in said


def test_what_was_typed_is_read_by_nobody_else_at_the_same_computer(
    app: Flask, wang: Desk, db: Session
) -> None:
    other = desk(app, db, MANAGER, username="Li")
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)

    refused = form.send(**NEW)
    door = form_on(wang, "/cycles/new", "password", page=shown(refused))
    met = door.send(username=other.username, password=other.password)
    told = wang.see("/surveys").text
    reloaded = form.send(**NEW)  # the browser sends the first form once more

    assert TYPED not in refused.get_data(as_text=True)
    assert shown(refused).named("name") == []
    assert met.location == "/office/"
    assert "别的账号" in told
    assert reloaded.status_code == 400
    assert "另一个账号" in shown(reloaded).text
    assert wang.open("/surveys").status_code == 200  # Li is signed in as before
    back = come_back(wang, reloaded, "/cycles/new")
    assert form_on(wang, "/cycles/new", "name", page=shown(back)).values["name"] == [
        TYPED
    ]
    assert "Wang" in wang.see("/surveys").text
    assert "青山县" not in reloaded.get_data(as_text=True)


def test_a_locked_form_that_was_meddled_with_shows_nothing(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    door = form_on(wang, "/cycles/new", "password", page=shown(form.send(**NEW)))
    kept = door.hidden["kept_form"]
    turned = kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:]

    met = door.send(username="Wang", password=wang.password, kept_form=turned)

    assert met.location == "/office/"


def test_a_locked_form_opens_for_as_long_as_a_sign_in_lasts(
    wang: Desk, clock: Watch, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    refused = form.send(**NEW)
    clock.later += timedelta(hours=12, seconds=1)

    assert come_back(wang, refused, "/cycles/new").location == "/office/"


def test_nobody_can_have_a_form_filled_in_for_somebody_else(
    app: Flask, wang: Desk, db: Session
) -> None:
    """A form that another site lets the official's browser send has no token of his."""
    stranger = Desk(app.test_client())
    token = shown(stranger.open("/sign-in")).named("csrf_token")[0].get("value")

    for forged in ("", "x", token):
        refused = stranger.client.post(
            "/office/accounts",
            data={"username": "evil", "role": MANAGER, "csrf_token": forged},
        )
        assert refused.status_code == 401
        assert shown(refused).named("kept_form") == []


def test_a_wrong_password_on_the_way_back_loses_nothing(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    door = form_on(wang, "/cycles/new", "password", page=shown(form.send(**NEW)))

    wrong = door.send(username="Wang", password="wrong")
    back = come_back(wang, wrong, "/cycles/new")

    assert wrong.status_code == 422
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]


def test_a_reloaded_page_of_the_way_back_signs_nobody_in_again(
    wang: Desk, db: Session
) -> None:
    """Reload and Back send name and password once more; after the sign-out, too."""
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    door = form_on(wang, "/cycles/new", "password", page=shown(form.send(**NEW)))
    sent = {"username": "Wang", "password": wang.password}
    door.send(**sent)

    reloaded = door.send(**sent)
    wang.send("/sign-out")
    after = door.send(**sent)

    again = form_on(wang, "/cycles/new", "name", page=shown(reloaded))
    assert again.values["name"] == [TYPED]
    assert after.status_code == 400
    assert wang.open("/surveys").status_code == 303


def test_a_form_of_an_earlier_sign_in_is_given_back_where_one_is_signed_in(
    wang: Desk, db: Session
) -> None:
    """Signed in anew in another window: the first one's token is no good any more."""
    form = form_on(wang, "/cycles/new", "name")
    wang.sign_in()

    refused = form.send(**NEW)
    (button,) = [
        f for f in shown(refused).all("form") if f.get("action") == "/office/cycles/new"
    ]
    back = Form(wang, "/cycles/new", button).send()

    assert refused.status_code == 400
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]
    assert kept_of(db, "cycle") == 0


def test_a_locked_form_fills_its_own_page_only(wang: Desk, db: Session) -> None:
    form = form_on(wang, "/cycles/new", "name")
    end_everywhere(db)
    door = form_on(wang, "/cycles/new", "password", page=shown(form.send(**NEW)))
    sent = door.hidden | {"username": "Wang", "password": wang.password}

    met = wang.client.post("/office/accounts", data=sent)

    assert met.location == "/office/"
