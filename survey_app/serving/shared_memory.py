"""What all workers need is made once, before they are forked, and shared by them.

A page of memory stays shared until somebody writes to it. So what would be made in
every worker at its first request is made here, and the collector of garbage, which
writes to all it looks at, is told to leave alone what is there already. Python notes in
a function's code how it is used, and afterwards only reads there: so what respondents
ask for is tried here as well.
"""

import gc
from typing import Any

from sqlalchemy.orm import configure_mappers

from survey_app.serving.unread import replies

FOLDERS = ("respondent/", "ballot/")
"""Templates that are drawn for the public."""
TRIED = ("/", "/r", "/s/0000000000", "/b")
OFTEN_ENOUGH = 10
"""Times after which Python has settled how it runs a function."""


def share(program: Any) -> None:
    """Make what workers share; no connection and no thread, which live in one only.

    A program that tries nothing is a small one of a test.
    """
    configure_mappers()
    try_out = getattr(program, "extensions", {}).get("survey_tried")
    if try_out is not None:
        for name in program.jinja_env.list_templates(extensions=("html", "css", "js")):
            if name.startswith(FOLDERS):
                program.jinja_env.get_template(name)
        for _ in range(OFTEN_ENOUGH):
            replies(program)
            for address in TRIED:
                with program.test_request_context(address):
                    program.full_dispatch_request()
            with program.test_request_context("/"):
                try_out()
        program.extensions["survey_engine"].dispose()
    gc.collect()
    gc.freeze()
