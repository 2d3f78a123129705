"""Every form of the office comes back: none of them forgets a field."""

from flask import Flask
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from survey_app.accounts.tables import SignIn
from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE
from tests.support.ballot_desk import desks
from tests.support.comment_desk import Reader, write
from tests.support.drafts import draft
from tests.support.filled_forms import Values, come_back, filled, form_on
from tests.support.office import KEEPER, MANAGER, Desk, desk
from tests.support.respondents import shown
from tests.support.secret_ballots import drafted
from tests.support.small_county import small_county

pytestmark = ONE_DATABASE


def check_every_form(wang: Desk, db: Session, places: dict[str, str]) -> None:
    """Fill the form with this field on every page, lose the sign-in, come back."""
    for at, field in places.items():
        form = form_on(wang, at, field)
        typed = filled(form)
        assert typed, at
        db.execute(delete(SignIn))
        db.commit()

        refused = form.send(**typed)
        back = come_back(wang, refused, at)

        assert (refused.status_code, back.status_code) == (401, 200), at
        again = form_on(wang, at, field, page=shown(back))
        assert _texts(again.values) == _texts(typed), at


def _texts(values: Values) -> Values:
    return {name: said for name, said in values.items() if said != [""]}


def test_every_form_of_an_open_survey_comes_back(
    app: Flask, db: Session, engine: Engine
) -> None:
    wang = desk(app, db, MANAGER)
    made = draft(db)
    at = f"/surveys/{made.survey_id}"
    county = small_county(engine)
    county.count("residents", good=10)
    texts = [f"text {n}" for n in range(10)]
    write(db, county.survey_id, county.subject_id, *texts)
    county.settle()
    comment = Reader(wang, county).at(db, texts[0])

    check_every_form(
        wang,
        db,
        {
            "/cycles/new": "name",
            "/surveys/new": "title",
            f"{at}/draft": "opens_on",
            f"{at}/copy": "opens_on",
            f"{at}/expected": "n-staff",
            f"{at}/subjects": "subjects",
            f"{at}/channels": "place",
            f"/cycles/{county.cycle_id}/adjustments/new": "points",
            comment: "text",
        },
    )


def test_the_form_of_an_account_comes_back(app: Flask, db: Session) -> None:
    check_every_form(desk(app, db, KEEPER), db, {"/accounts": "username"})


def test_every_form_of_a_ballot_comes_back(
    app: Flask, db: Session, ballots: Engine, settings: Settings
) -> None:
    both = desks(app, drafted(db, ballots, settings))
    manager = both.second
    unit = both.numbers
    check_every_form(
        manager,
        db,
        {
            f"{both.path}/small-groups": "small_groups",
            f"{both.path}/commitments": "lines",
            unit: "n-staff",
        },
    )
    both.first.sign_in()
    both.third.sign_in()
    both.opened(staff=9)

    check_every_form(
        both.third,
        db,
        {
            f"{both.path}/void-tickets": "lines",
            f"{both.path}/challenge": "nonce",
            f"{both.path}/close": "csrf_token",
        },
    )
