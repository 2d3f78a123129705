"""Somebody of the office at a desk: signed in through the front door."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.make_account import make_account
from tests.support.respondents import Shown, shown


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
        """Send a form with the token the pages of this browser carry."""
        token = shown(self.open("/sign-in")).named("csrf_token")[0].get("value")
        return self.client.post(f"/office{path}", data=fields | {"csrf_token": token})

    def sign_in(self, username: str = "", password: str = "") -> TestResponse:
        """Send name and password, by default those of the account."""
        return self.send(
            "/sign-in",
            username=username or self.username,
            password=password or self.password,
        )


def desk(app: Flask, db: Session, role: str, *, username: str = "") -> Desk:
    """Return the desk of a new account with this role, signed in."""
    name = username or f"the {role}"
    password = make_account(db, name, role=role)
    sitting = Desk(app.test_client(), name, password)
    assert sitting.sign_in().status_code == 303
    return sitting
