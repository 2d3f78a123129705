"""A workbook of results as somebody of the office gets it: asked for, made, fetched."""

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.jobs import run_waiting_jobs
from tests.support.office import Desk


def work_off_jobs(app: Flask) -> list[int]:
    """Do what the office asked for, with the databases of this platform."""
    told = app.extensions
    return run_waiting_jobs(
        told["survey_engine"], told["survey_settings"], told["survey_ballots"]
    )


def results_file(reader: Desk, survey_id: int, language: str = "zh") -> TestResponse:
    """Return the answer to fetching the workbook of results, made if need be."""
    return kept_file(reader, f"/surveys/{survey_id}/results", language)


def kept_file(reader: Desk, page: str, language: str = "zh") -> TestResponse:
    """Return the answer to fetching the workbook of a page, made if need be."""
    speaking = f"?lang={language}"
    sent = reader.open(f"{page}.xlsx{speaking}")
    if sent.status_code == 303:
        assert reader.send(f"{page}-file{speaking}").status_code == 303
        work_off_jobs(reader.client.application)
        sent = reader.open(f"{page}.xlsx{speaking}")
    assert sent.status_code == 200, sent.status
    return sent
