"""Every address of the platform, and somebody of every role who knocks there."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.permissions import OF_A_SUBJECT, OF_A_UNIT
from survey_app.appraisal.people import Subject, Unit
from tests.support.office import Desk, desk


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """Return endpoint, method and address of everything that can be called."""
    addresses = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, addresses.build(rule.endpoint, filler(rule.arguments)))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def filler(arguments: set[str]) -> dict[str, object]:
    """Return a value for every gap of an address; none of them exists."""
    return dict.fromkeys(arguments, 999)


def call(client: FlaskClient, method: str, address: str) -> TestResponse:
    """Call without any token, so that nothing is ever changed."""
    return client.open(address, method=method)


def refused(response: TestResponse) -> bool:
    to_sign_in = (response.location or "").startswith("/office/sign-in")
    return response.status_code in (401, 403) or to_sign_in


def somebody(app: Flask, db: Session, role: str) -> Desk:
    """Return the desk of an account with one role, in a place of one unit."""
    unit = Unit(code=role, name="清河镇")
    db.add(unit)
    db.flush()
    body = Subject(kind="leading-body", unit_id=unit.id)
    db.add(body)
    db.commit()
    limits = (role in OF_A_UNIT and unit.id, role in OF_A_SUBJECT and body.id)
    return desk(app, db, role, unit=limits[0] or None, subject=limits[1] or None)
