"""Somebody of the office at a desk: signed in through the front door."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts import permissions
from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import Grant
from tests.support.respondents import Shown, shown

UNRECORDED = ("/sign-in", "/sign-out", "/language", "/imports/try")
"""Forms of whoever comes and goes, for signing in is recorded by its verb; and the one
that only checks."""
FOR_OTHERS = ("/type", "/call", "/call/outcome")
"""Ends of the addresses of forms that bring what somebody else answered: their verb
says what is recorded of them."""

MANAGER, ORGANIZER = "manager", "organizer"
READER, KEEPER, AUDITOR = permissions.READER, permissions.KEEPER, permissions.AUDITOR
BUNDLES = {
    MANAGER: (
        "designer",
        "key-holder",
        "counter",
        "reviewer",
        "decider",
        "leading-group",
    ),
    ORGANIZER: ("designer", "issuer", "key-holder"),
}  # fmt: skip
"""Roles that tests like to find in one account. No bundle both issues and counts, and
none both keeps accounts and sees results."""


def bundle(name: str) -> tuple[Grant, ...]:
    """Return the roles of a bundle, or the one role, everywhere."""
    return tuple(Grant(role) for role in BUNDLES.get(name, (name,)))


@dataclass(frozen=True)
class Desk:
    """A browser of the office and the account that sits in front of it."""

    client: FlaskClient
    username: str = ""
    password: str = ""

    def open(self, path: str) -> TestResponse:
        """Load a page of the office."""
        return self.client.get(f"/office{path}")

    def see(self, path: str) -> Shown:
        """Load a page that must be there, and read it."""
        response = self.open(path)
        assert response.status_code == 200, response.status
        return shown(response)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with the token the pages of this browser carry.

        Whatever it does must leave one entry in the record, and what is refused none.
        """
        token = shown(self.open("/sign-in")).named("csrf_token")[0].get("value")
        before = self._recorded()
        sent = self.client.post(f"/office{path}", data=fields | {"csrf_token": token})
        counts = not path.startswith(UNRECORDED) and not path.endswith(FOR_OTHERS)
        if counts and sent.status_code != 403:
            is_done = sent.status_code < 400 and sent.location != "/office/password"
            assert self._recorded() - before == is_done, f"{path}: not one entry"
        return sent

    def _recorded(self) -> int:
        """Return how many entries the record has; no statement that tests count."""
        engine = self.client.application.extensions["survey_engine"]
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT number FROM record_head")
            number: int = cursor.fetchone()[0]
        finally:
            connection.close()
        return number

    def sign_in(self, username: str = "", password: str = "") -> TestResponse:
        """Send name and password, by default those of the account."""
        return self.send(
            "/sign-in",
            username=username or self.username,
            password=password or self.password,
        )


def desk(
    app: Flask, db: Session, role: str, *, username: str = "",
    unit: int | None = None, subject: int | None = None,
) -> Desk:  # fmt: skip
    """Return the desk of a new account with these roles, signed in.

    `unit`: they hold in this unit and below it only; `subject`: who the appraised is.
    """
    name = username or f"the {role}"
    roles = [replace(one, unit_id=unit, subject_id=subject) for one in bundle(role)]
    password = make_account(db, name, roles=roles)
    sitting = Desk(app.test_client(), name, password)
    assert sitting.sign_in().status_code == 303
    return sitting
