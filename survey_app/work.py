"""What is done beside the requests: every kind of job, and the program that does one.

Whoever adds a kind adds a line here, and one to `web/office/jobs.py` for its page.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

from survey_app.database import ballot_engine_of, main_engine_of
from survey_app.jobs.run_job import Handler, Workplace, work_off
from survey_app.serving.end_with import end_with
from survey_app.settings import Settings

KINDS: dict[str, str] = {
    "close-survey": "survey_app.analytics.kept.closing:close",
    "check-channels": "survey_app.analytics.kept.checked_channels:check_channels",
    "keep-lists": "survey_app.analytics.kept.closing:keep_lists",
    "raise-alerts": "survey_app.analytics.kept.raised_cases:raise_kept",
    "finish-decryption": "survey_app.ballot.finish_decryption:finish",
    "score-sheets": "survey_app.analytics.kept.sheets:score_sheets",
    "adjustments-workbook": "survey_app.analytics.kept.workbooks:make_adjustments",
    "cycle-workbook": "survey_app.analytics.papers.make_files:make_cycle_book",
    "survey-data": "survey_app.analytics.papers.make_files:make_survey_data",
    "papers": "survey_app.analytics.papers.make_files:make_papers",
    "compare-schemes": "survey_app.analytics.compared.compare:compare",
    "results-workbook": "survey_app.analytics.kept.workbooks:make_results",
}
"""Kind → where its handler lives; it is loaded when one is to be done."""


class Handlers(Mapping[str, Handler]):
    """Every handler, loaded when it is asked for."""

    def __getitem__(self, kind: str) -> Handler:
        module, _, name = KINDS[kind].partition(":")
        handler: Handler = getattr(import_module(module), name)
        return handler

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


@contextmanager
def workplace(settings: Settings) -> Iterator[Workplace]:
    """Give what jobs may use, for as long as the block lasts."""
    engine, ballots = main_engine_of(settings), ballot_engine_of(settings)
    try:
        yield Workplace(settings, engine, ballots)
    finally:
        engine.dispose()
        if ballots is not None:
            ballots.dispose()


def main(number: str, parent: str) -> None:
    """Do one job, behind everybody who waits for a page, and end with its worker."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with(int(parent))
    os.nice(10)
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with workplace(Settings.from_environment(os.environ)) as place:
        work_off(place, int(number), Handlers())


if __name__ == "__main__":
    main(*sys.argv[1:])
