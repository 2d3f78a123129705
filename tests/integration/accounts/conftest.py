"""A platform that knows an identity provider, and the provider beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.make_account import make_account
from survey_app.settings import Settings
from survey_app.web.pace import Pace
from tests.support.ended_sign_ins import Watch
from tests.support.identity_provider import (
    CLIENT,
    SECRET,
    Provider,
    identity_provider,
)
from tests.support.office import MANAGER, Desk, bundle

NAME = "zhang.wei"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    """The provider as it is before a test tells it to lie."""
    fresh = Provider(running.issuer, key=running.key)
    vars(running).update(vars(fresh))
    return running


@dataclass(frozen=True)
class Place:
    """A platform that knows the provider, by further settings."""

    make: Callable[..., Flask]

    def desk(self, **told: Any) -> Desk:
        return Desk(self.make(**told).test_client(), NAME)


@pytest.fixture
def place(
    engine: Engine, settings: Settings, clock: Watch, provider: Provider, tmp_path: Path
) -> Iterator[Place]:
    apps = []
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", "utf-8")

    def make(**told: Any) -> Flask:
        ours = replace(
            settings, oidc_issuer=provider.issuer, oidc_client_id=CLIENT,
            oidc_client_secret_file=str(file),
        )  # fmt: skip
        app = create_app(replace(ours, **told), clock=clock, pace=Pace(seconds=0))
        app.config["TESTING"] = True
        apps.append(app)
        return app

    yield Place(make)
    for app in apps:
        app.extensions["survey_engine"].dispose()
        app.extensions["survey_ballots"].dispose()


@pytest.fixture
def zhang(db: Session) -> str:
    """The password that Zhang was handed from the terminal."""
    return make_account(db, NAME, roles=bundle(MANAGER))
