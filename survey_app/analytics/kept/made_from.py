"""What a kept file was made from: once that is otherwise, the file is made anew."""

import hashlib
from importlib.metadata import version

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.results import signed_in
from survey_app.survey.tables import PublicationPlan, RatedSubject, Survey

RESULTS = "results-workbook"
"""The kind of the job, and of the file it makes; its detail is the language."""


def results_rest_on(session: Session, survey: Survey) -> str:
    """Return the digest of all that is told in the results of a survey that is over.

    Whatever changes it also changes what a workbook would say: the program itself, the
    settled plan with its counts, names after a correction, ratings signed later.
    """
    digest = hashlib.sha256(version("survey-app").encode())
    plan = select(
        PublicationPlan.fingerprint, PublicationPlan.settled_seal,
        PublicationPlan.evaluated,
    ).where(PublicationPlan.survey_id == survey.id)  # fmt: skip
    own = survey.title, survey.cycle.name, survey.opens_on, survey.closes_on
    signed = sorted(signed_in(session, survey, survey.cycle.rules, None).items())
    rated = (
        select(RatedSubject)
        .where(RatedSubject.survey_id == survey.id)
        .order_by(RatedSubject.subject_id)
    ).with_only_columns(*RatedSubject.__table__.columns)
    for told in (
        own, survey.state, survey.cycle.scheme_fingerprint, signed,
        *session.execute(plan), *session.execute(rated),
    ):  # fmt: skip
        digest.update(repr(told).encode())
    return digest.hexdigest()
