"""What keeps a secret ballot closed, in words a person can act on, and where to act."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey_app.analytics.ballot_desk import unit_names
from survey_app.database import session
from survey_app.survey.tables import Survey
from survey_app.web.office.ballots.found import found_box
from survey_app.web.office.ballots.page import batch_lines
from survey_app.web.office.surveys.missing import Missing


def missing_from_ballot(survey: Survey, missing: Sequence[str]) -> list[Missing]:
    """Return what each word of `missing_to_open_ballot` means, and where to mend it."""
    parted = [word.partition(":")[::2] for word in missing]
    return [
        Missing(_sentence(survey, kind, key), *_mended_at(survey, kind, key))
        for kind, key in parted
    ]


def _sentence(survey: Survey, kind: str, key: str) -> str:
    """Return what is missing and what to do."""
    if kind == "unit":
        return _(
            "%(unit)s has no tickets, or nobody to rate: give its numbers, or take its "
            "subjects out.",
            unit=_unit(survey, key),
        )
    if kind == "batch-waiting":
        return _(
            "The tickets of %(batch)s wait for the second account: let it issue them.",
            batch=_batch(survey, key),
        )
    if kind == "batch-outgrown":
        return _(
            "Since the slips of %(batch)s were printed, subjects, questions or groups "
            "were changed: void the batch and request it anew.",
            batch=_batch(survey, key),
        )
    if kind == "batch-changed":
        return _(
            "%(batch)s has not as many tickets as were issued, because somebody "
            "changed the database: void this batch and request it again.",
            batch=_batch(survey, key),
        )
    return _sentences()[kind]


def _sentences() -> dict[str, str]:
    """Return the sentences that need no name."""
    return {
        "settled": _(
            "Its appraisal cycle is settled: draft the survey anew in another cycle."
        ),
        "subjects": _("The survey is about nobody yet: add its subjects."),
        "days": _("Its last day has passed: change the days."),
        "component": _(
            "The scheme of this appraisal cycle has no such component: draft the "
            "survey anew."
        ),
        "questionnaire": _(
            "The component asks for another questionnaire: draft the survey anew."
        ),
        "ballot-rules": _(
            "A ballot rule of the scheme asks for more answers than a form has, so "
            "nobody could obey it: draft the survey under a scheme that asks for less."
        ),
        "key-holders": _("The keys of both key holders are needed: upload them."),
        "batches": _("There are no tickets yet: give the numbers of a unit."),
        "secrets": _(
            "Slips are printed, but the folder of secrets no longer has what they "
            "need: put the folder back, or void all batches and issue them anew."
        ),
        "commitments": _(
            "There are more audit commitments than auditors may have: take some out."
        ),
    }


def _mended_at(survey: Survey, kind: str, key: str) -> tuple[str, str]:
    """Return the address of the page where it is mended, and what the link says."""
    at: dict[str, Any] = {"survey_id": survey.id}
    places = {
        "subjects": (url_for(".choose_subjects", **at), _("Add subjects")),
        "days": (url_for(".survey_days", **at), _("Change the days")),
        "component": (url_for(".new_survey"), _("New survey")),
        "questionnaire": (url_for(".new_survey"), _("New survey")),
        "ballot-rules": (url_for(".new_survey"), _("New survey")),
        "settled": (url_for(".new_survey"), _("New survey")),
        "key-holders": (url_for(".key_holding", **at), _("Key holders")),
        "commitments": (url_for(".audit_commitments", **at), _("Audit commitments")),
    }
    if kind == "unit":
        return url_for(".unit_numbers", unit_id=int(key), **at), _("Numbers of people")
    if kind == "batch-waiting":
        return url_for(".confirm_issuing", batch_id=key, **at), _("Issue the tickets")
    if kind in ("batch-outgrown", "batch-changed"):
        return url_for(".confirm_voiding", batch_id=key, **at), _("Void the batch")
    tickets = url_for(".survey", _anchor="batches", **at), _("Batches of tickets")
    return places.get(kind, tickets)


def _unit(survey: Survey, key: str) -> str:
    return unit_names(session(), survey.id).get(int(key), key)


def _batch(survey: Survey, batch_id: str) -> str:
    """Return unit and letter of a batch."""
    lines = batch_lines(survey, found_box(survey.id))
    named = {line.batch.id: f"{line.unit} {line.letter}" for line in lines}
    return named.get(batch_id, batch_id[:8])
