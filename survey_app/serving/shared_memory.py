"""What all workers need is made once, before they are forked, and shared by them.

A page of memory stays shared until somebody writes to it. So what would be made in
every worker at its first request is made here, and the collector of garbage, which
writes to all it looks at, is told to leave alone what is there already.
"""

import gc
from typing import Any

from sqlalchemy.orm import configure_mappers

FOLDERS = ("respondent/", "ballot/")
"""Templates that are drawn for the public."""
TRIED = ("/", "/r", "/s/0000000000", "/b")
OFTEN_ENOUGH = 16
"""Times after which Python has settled how it runs a function."""


def share(program: Any) -> None:
    """Make what workers share; no connection and no thread, which live in one only."""
    configure_mappers()
    templates = getattr(program, "jinja_env", None)
    if templates is not None:
        for name in templates.list_templates(extensions=("html", "css", "js")):
            if name.startswith(FOLDERS):
                templates.get_template(name)
        for address in TRIED:
            _try(program, address)
    gc.collect()
    gc.freeze()


def _try(program: Any, address: str) -> None:
    """Have a page answered that asks no database: code that ran is written to as well.

    Python notes in a function's code how it was used; afterwards it only reads there.
    """
    for _ in range(OFTEN_ENOUGH):
        with program.test_request_context(address):
            program.full_dispatch_request()
