"""Another language in the middle of a form: nothing of it is lost, nothing is done."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import ONE_DATABASE
from tests.support.drafts import draft
from tests.support.ended_sign_ins import NEW, TYPED, end_everywhere, kept_of
from tests.support.filled_forms import Form, come_back, filled, form_on
from tests.support.office import MANAGER, Desk, desk
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


def pressed(form: Form, language: str, **typed: object) -> TestResponse:
    """Press the masthead's button as a browser does, with the form half filled."""
    buttons = form.desk.see(form.at).all("button")
    (button,) = (one for one in buttons if one.get("name") == "speak")
    assert button.get("form") == form.element.get("id")
    data = form.hidden | typed | {"speak": language}
    return form.desk.client.post(button.get("formaction", ""), data=data)


def test_the_form_is_shown_in_the_other_language_and_nothing_was_done(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")

    english = pressed(form, "en", **NEW)

    assert english.status_code == 200
    page = shown(english)
    again = form_on(wang, "/cycles/new", "name", page=page)
    assert "New appraisal cycle" in page.text
    assert again.values == {name: [value] for name, value in NEW.items()}
    assert kept_of(db, "cycle") == 0
    assert "New appraisal cycle" in wang.see("/cycles/new").text  # it stays so
    assert again.send(**NEW).status_code == 303
    assert kept_of(db, "cycle") == 1


def test_every_field_is_still_there(wang: Desk, db: Session) -> None:
    at = f"/surveys/{draft(db).survey_id}"
    places = {
        "/surveys/new": "title",
        f"{at}/draft": "title",
        f"{at}/subjects": "subjects",
        f"{at}/channels": "place",
    }
    for page, field in places.items():
        form = form_on(wang, page, field)
        typed = filled(form)

        back = pressed(form, "en", **typed)

        again = form_on(wang, page, field, page=shown(back)).values
        assert back.status_code == 200, page
        assert again == typed, page
        wang.send("/language", language="zh", back="")


def test_a_sign_in_that_had_ended_is_asked_for_and_the_form_is_back(
    wang: Desk, db: Session
) -> None:
    form = form_on(wang, "/cycles/new", "name")
    (button,) = (b for b in wang.see("/cycles/new").all("button") if b.get("name"))
    end_everywhere(db)

    data = form.hidden | NEW | {"speak": "en"}
    refused = wang.client.post(button.get("formaction", ""), data=data)
    back = come_back(wang, refused, "/cycles/new")

    assert refused.status_code == 401
    assert form_on(wang, "/cycles/new", "name", page=shown(back)).values["name"] == [
        TYPED
    ]


def test_another_site_has_no_form_filled_in(wang: Desk) -> None:
    wang.see("/cycles/new")

    met = wang.client.post("/office/cycles/new", data=NEW | {"speak": "en"})

    assert met.status_code == 400
    assert TYPED not in met.get_data(as_text=True)


def test_enter_in_a_field_sends_the_form_and_not_the_language(wang: Desk) -> None:
    page = wang.see("/cycles/new")
    buttons = [
        one
        for one in page.all("button")
        if one.get("form") == "page-form" or one in list(page.all("main")[0].iter())
    ]

    assert buttons[0].get("name") is None
    assert buttons[0].get("formaction") is None
