"""What a kept file was made from: once that is otherwise, the file is made anew."""

import hashlib
from importlib.metadata import version

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.survey.settling.correction import CONFIRMED, Correction
from survey_app.survey.tables import PublicationPlan, Survey

RESULTS = "results-workbook"
"""The kind of the job, and of the file it makes; its detail is the language."""


def results_rest_on(session: Session, survey: Survey) -> str:
    """Return the digest of all that is told in the results of a survey that is over.

    Whatever changes it also changes what a workbook would say: the program itself, the
    settled plan with its counts, names after a correction, ratings signed later. The
    last two are only ever added to, so how many there are says which; nobody reads a
    row for each subject to offer a file.
    """
    digest = hashlib.sha256(version("survey-app").encode())
    plan = select(
        PublicationPlan.fingerprint, PublicationPlan.settled_seal,
        PublicationPlan.evaluated,
    ).where(PublicationPlan.survey_id == survey.id)  # fmt: skip
    own = survey.title, survey.cycle.name, survey.opens_on, survey.closes_on
    entry = NamedRatingEntry
    signed = select(
        func.count(), func.count(entry.confirmed_by), func.count(entry.withdrawn_by)
    ).where(entry.cycle_id == survey.cycle_id)
    corrected = select(func.count()).where(
        Correction.cycle_id == survey.cycle_id, Correction.state == CONFIRMED
    )
    for told in (
        own, survey.state, survey.cycle.scheme_fingerprint,
        *session.execute(plan), *session.execute(signed), *session.execute(corrected),
    ):  # fmt: skip
        digest.update(repr(told).encode())
    return digest.hexdigest()
