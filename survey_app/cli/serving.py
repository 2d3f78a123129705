"""`survey serve`, `survey demo`, `survey work`: become the server, or its worker."""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey_app.cli.check import refuse_damaged, say_broken_rules
from survey_app.demo.stand import FOLDER, DemoProgress, greeting, invite, settle
from survey_app.serving.server import serve as become_server
from survey_app.settings import Settings


@click.command()
def serve() -> None:
    """Serve with the settings of the environment until Ctrl-C."""
    settings = Settings.from_environment(os.environ)
    refuse_damaged(settings)
    say_broken_rules(settings)
    become_server(settings, _bind())


@click.command()
def work() -> None:
    """Work jobs off, on a further machine beside `survey serve`."""
    Settings.from_environment(os.environ)  # what is missing is said here
    os.execv(sys.executable, [sys.executable, "-m", "survey_app.jobs.worker"])  # noqa: S606 -- our own interpreter


@click.command()
@click.option("--serve", is_flag=True, help="Serve it until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as JSON.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=FOLDER, help="Where it stands."
)
def demo(*, serve: bool, as_json: bool, folder: Path) -> None:
    """Build the demo county, or reuse the one that is there."""
    with DemoProgress() as progress:
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        folder = folder.resolve()
        settings = settle(folder, os.environ, today=today, progress=progress.sent)
    invitation = invite(settings, folder)
    if as_json:
        click.echo(json.dumps(asdict(invitation)))
    else:
        click.echo(greeting(invitation))
    if serve:
        say_broken_rules(settings)
        become_server(settings, _bind())


def _bind() -> str:
    return os.environ.get("SURVEY_BIND", "127.0.0.1:8000")
