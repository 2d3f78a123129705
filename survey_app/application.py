"""The platform: citizens and subordinates judge those who govern them, safely."""

import os
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy import Engine

from survey_app import database
from survey_app.accounts.permissions import exclusions
from survey_app.ballot.casting import BallotBoxes
from survey_app.counted_together import counted_together
from survey_app.health import Health
from survey_app.settings import Settings
from survey_app.survey.channels import Channels
from survey_app.survey.crowds import Crowds
from survey_app.survey.intake import Intake, Receipts
from survey_app.web import (
    address_tails,
    compression,
    errors,
    headers,
    health_pages,
    language,
    no_icon,
    sent_body,
    spoken,
    static_files,
    uploads,
)
from survey_app.web import clock as wall_clock
from survey_app.web import pace as pacing
from survey_app.web.ballot import pages as ballot
from survey_app.web.office import front_door
from survey_app.web.pace import Flood, Pace
from survey_app.web.public import keys_page
from survey_app.web.public import papers as ballot_papers
from survey_app.web.respondent import pages as respondent


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    pace: Pace | None = None,
) -> Flask:
    """Build the platform from its settings; read top to bottom, this is the map."""
    settings = settings or Settings.from_environment(os.environ)
    engine = database.main_engine_of(settings)
    ballots = database.ballot_engine_of(settings)

    app = errors.ReticentFlask("survey_app")
    app.extensions["survey_settings"] = settings
    app.extensions["survey_excluded"] = exclusions(settings.excluded_roles)

    pacing.init_app(app, pace or Pace())
    wall_clock.init_app(app, settings.zone, clock)
    database.init_app(app, engine, ballots)
    language.init_app(app)
    spoken.init_app(app)
    headers.init_app(app, settings)
    static_files.init_app(app)
    uploads.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    address_tails.init_app(app)
    no_icon.init_app(app)
    health_pages.init_app(app, Health(settings, engine, ballots), settings.metrics_port)

    _open_doors(app, settings, engine, ballots)
    sent_body.init_app(app, settings)
    return app


def _open_doors(
    app: Flask, settings: Settings, engine: Engine, ballots: Engine | None
) -> None:
    """Let respondents, voters, readers of posted papers and the office in."""
    together = counted_together(settings, engine)
    crowds = Crowds(engine, settings.zone, app.extensions["survey_clock"][0])
    respondent.init_app(
        app,
        settings,
        flood=Flood(settings.answers_per_minute, together=together),
        channels=Channels(engine, settings.secret_key.encode()),
        intake=Intake(engine, slots=settings.slots, crowds=crowds),
        receipts=Receipts(engine, slots=settings.slots),
    )
    boxes = BallotBoxes(engine, ballots, settings.secrets_folder)
    ballot.init_app(app, boxes, Flood(ballot.FAILED_CODES, together=together))
    ballot_papers.init_app(app)
    keys_page.init_app(app)
    front_door.init_app(app, settings)
