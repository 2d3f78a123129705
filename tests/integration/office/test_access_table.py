"""Who may call what: every address of the platform, by every role and by strangers.

A route without a row here fails, and so does a row whose route does not exist.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import ROLES
from tests.conftest import ONE_DATABASE
from tests.integration.office.access_rows import STRANGER, TABLE
from tests.support.doors import call, calls, refused, somebody


def disagreements(app: Flask, client: FlaskClient, role: str) -> dict[str, str]:
    """Return the endpoints that do not treat this role as the table says."""
    return {
        endpoint: response.status
        for endpoint, method, address in calls(app)
        if refused(response := call(client, method, address))
        is (role in TABLE.get(endpoint, set()))
    }


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in calls(app)} == TABLE.keys()


def test_a_stranger_meets_only_open_doors(app: Flask, client: FlaskClient) -> None:
    assert disagreements(app, client, STRANGER) == {}


@ONE_DATABASE
@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_its_doors_and_no_others(
    app: Flask, db: Session, role: str
) -> None:
    assert disagreements(app, somebody(app, db, role).client, role) == {}


@ONE_DATABASE
def test_whatever_changes_something_asks_for_its_token(app: Flask, db: Session) -> None:
    statuses: dict[str, int] = {}
    for role in ROLES:
        client = somebody(app, db, role).client
        statuses = {
            endpoint: call(client, method, address).status_code
            for endpoint, method, address in calls(app)
            if method != "GET"
            and role in TABLE[endpoint]
            and STRANGER not in TABLE[endpoint]
        } | statuses

    assert statuses == dict.fromkeys(statuses, 400)
    assert len(statuses) > 15


def test_only_posting_changes_anything(app: Flask) -> None:
    assert {method for _, method, _ in calls(app)} == {"GET", "POST"}
