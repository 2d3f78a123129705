"""Reading a workbook in a process of its own, which sees the file and nothing else.

A server that reads what strangers made must survive it. The process has no settings, no
secrets and no connection of ours; it is bounded in memory and time, and ends with the
file.
"""

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore

from survey_app.appraisal.roster.roster import CellFault, RosterSheets
from survey_app.domain.ground.remark import Remark, remark
from survey_app.forms.roster.roster_json import sheets_from_json

PATIENCE = 30
"""Seconds until a workbook is given up."""
AT_ONCE = 2
"""Workbooks that are read at the same time in one worker."""
NEEDED = ("LD_LIBRARY_PATH",)
"""All the process is told of our environment: where the interpreter finds its parts."""
HOUSE = Path(__file__).resolve().parents[2]

# The root package builds the whole application, of which the reader needs nothing: half
# a second and every secret in the environment. So the package is there without it.
START = """
import sys, types
house = types.ModuleType("survey_app")
house.__path__ = [sys.argv[1]]
sys.modules["survey_app"] = house
from importlib import import_module
import_module(sys.argv[2]).main()
"""
ROSTER = "survey_app.forms.roster.roster_process"

_log = logging.getLogger(__name__)
_turns = BoundedSemaphore(AT_ONCE)


def roster_sheets_apart(content: bytes) -> RosterSheets:
    """Return what a workbook holds, or why it is not read; nothing is raised for it."""
    if not _turns.acquire(timeout=PATIENCE):
        return _refused(remark("roster-readers-busy"))
    try:
        return _read(content)
    finally:
        _turns.release()


class NotToldError(Exception):
    """A reader of workbooks told nothing; `what` says why and what to do."""

    def __init__(self, what: Remark) -> None:
        super().__init__(what.key)
        self.what = what


def told_apart(content: bytes, program: str) -> str:
    """Return what a program of ours tells of a file, in a process of its own.

    Raises NotToldError where it takes too much, or there is no room for another one.
    """
    try:
        process = _started(program)
    except OSError as error:
        raise NotToldError(remark("roster-readers-busy")) from error
    try:
        read, _ = process.communicate(content, timeout=PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise NotToldError(remark("roster-takes-too-much")) from error
    finally:
        _end(process)
    if process.returncode != 0:
        _log.error("the reader of workbooks ended with %s", process.returncode)
        raise NotToldError(remark("roster-takes-too-much"))
    return read.decode("utf-8", "replace")


def _read(content: bytes) -> RosterSheets:
    try:
        return sheets_from_json(told_apart(content, ROSTER))
    except NotToldError as why:
        return _refused(why.what)
    except (ValueError, KeyError, TypeError):
        return _refused(remark("roster-not-a-workbook"))


def _started(program: str) -> subprocess.Popen[bytes]:
    """Start the process; raises OSError where the machine has no room for one."""
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and program
        [sys.executable, "-I", "-c", START, str(HOUSE), program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could carry a name out of the file
        env={name: os.environ[name] for name in NEEDED if name in os.environ},
        cwd="/",
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _refused(what: Remark) -> RosterSheets:
    return RosterSheets({}, (CellFault("", what),))
