"""Asking the terminal for help loads no database, no server, and none of the rules."""

import subprocess
import sys

import click

from survey_app.cli.main import LAZY, main

HEAVY = {
    "alembic", "cryptography", "flask", "gunicorn", "plotly", "regex", "sqlalchemy",
    "tomllib", "uvicorn",
    *(f"survey_app.domain.{room}" for room in ("disclosure", "scheme", "scoring")),
}  # fmt: skip
ASKED = """
import sys
from survey_app.cli.main import main
main(["--help"], standalone_mode=False)
print(*sorted(sys.modules), file=sys.stderr)
"""


def test_help_waits_for_nothing_heavy() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True
    )

    assert set(asked.stderr.split()) & HEAVY == set()
    assert all(verb in asked.stdout for verb in LAZY)


def test_every_verb_is_where_the_list_says_and_for_what_it_says() -> None:
    context = click.Context(main)
    for name, (_, told) in LAZY.items():
        verb = main.get_command(context, name)

        assert verb is not None
        assert verb.name == name
        assert (verb.help or "").partition("\n")[0] == told
