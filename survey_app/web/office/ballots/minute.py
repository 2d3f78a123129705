"""The minute of an opening: printed, struck through where not done, and signed."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import COUNT, DESIGN, INSPECT, ISSUE
from survey_app.accounts.record import newest_about, printed
from survey_app.analytics.ballot_desk import unit_names
from survey_app.ballot.decryption_minutes import DecryptionMinutes, decryption_minutes
from survey_app.ballot.paper.ticket import PAPERS_KEY, in_groups, papers_key
from survey_app.database import ballot_engine, session
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.take_out import taken_out_of
from survey_app.web.office.access import allow, may
from survey_app.web.office.ballots.found import found_secret, group_namer
from survey_app.web.office.drawn import drawn
from survey_app.web.office.found import settings, signing_key
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/minute")
@allow(ISSUE, COUNT, DESIGN, INSPECT)
def minute(survey_id: int) -> ResponseReturnValue:
    """Show the minute as a page to print; raises BoxNotReady before the opening."""
    survey = found_secret(survey_id)
    minute = decryption_minutes(ballot_engine(), survey_id)
    named = group_namer(survey)
    return drawn(
        "office/ballots/minute.html",
        "batches",
        minute.batches,
        count=len(minute.batches),
        survey=survey,
        minute=minute,
        taken_out=taken_out_of(session(), [survey_id]),
        left=what_is_left(minute.not_rewritten),
        slip_names=NAMES,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        papers_key=_papers_key(minute),
        units=unit_names(session(), survey_id),
        name_of=lambda *groups: named(groups),
        settings=settings(),
        record=printed(newest_about(session(), f"survey:{survey_id}")),
    )


def what_is_left(tables: Sequence[str]) -> str:
    """Return what the database would not overwrite, and who can; "" for nothing."""
    if not tables:
        return ""
    return _(
        "The database role may not rewrite these tables: %(tables)s. Let the "
        "database’s owner run VACUUM FULL on them, and note it in the minute.",
        tables=", ".join(tables),
    )


def _papers_key(minute: DecryptionMinutes) -> str:
    """Return the key to the counts about persons as it is printed; "" for none.

    Only who may open the box, or see results, is shown it: it opens a part of them.
    """
    sees = may("office.decrypt_on_server") or may("office.results")
    if not minute.head or minute.public_answers or not sees:
        return ""
    key = papers_key(signing_key(), minute.head)
    return in_groups(key, PAPERS_KEY.group)
