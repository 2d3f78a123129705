"""The process that reads one workbook and ends: a file in, what was read out.

It bounds itself before it looks at the first byte. A workbook that wants more memory or
time than any roster ends this process and nothing else.
"""

import resource
import sys

from survey_app.appraisal.roster.roster import CellFault, RosterSheets
from survey_app.domain.ground.remark import remark
from survey_app.forms.roster.roster_json import sheets_to_json
from survey_app.forms.roster.roster_workbook import roster_sheets

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 20
"""Of a processor; a full workbook of 20,000 rows takes a few."""


def bound_this() -> None:
    """Bound this process, whatever it reads from now on."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main() -> None:
    """Read a workbook from standard input, write JSON to standard output."""
    bound_this()
    content = sys.stdin.buffer.read()
    try:
        read = sheets_to_json(roster_sheets(content))
    except (MemoryError, RecursionError):
        too_much = CellFault("", remark("roster-takes-too-much"))
        read = sheets_to_json(RosterSheets({}, (too_much,)))
    sys.stdout.buffer.write(read.encode())
