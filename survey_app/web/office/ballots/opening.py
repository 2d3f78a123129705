"""Opening a secret ballot, and the manifest that is printed and posted."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import (
    COUNT,
    DESIGN,
    HOLD_KEY,
    INSPECT,
    ISSUE,
    REQUEST_TICKETS,
    SETTLE,
)
from survey_app.analytics.ballot_desk import unit_names
from survey_app.ballot.missing_to_open import missing_to_open_ballot
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch, read_posted
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.ballot.server_promise import broken_promises
from survey_app.ballot.tables import ISSUING
from survey_app.database import ballot_engine, session, writer
from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.domain.ground.missing import Missing
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    BoxNotReady,
    NotReadyToOpen,
    UnsafeServer,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.tables import DRAFT, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import (
    found_box,
    found_secret,
    found_state,
    group_namer,
    letters_of,
    secrets_folder,
)
from survey_app.web.office.ballots.page import unfinished_step
from survey_app.web.office.drawn import drawn
from survey_app.web.office.found import found_survey, group_labels, settings
from survey_app.web.office.missing import still_to_do
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.foresight import expected_of, foresight_of


def confirm_page(survey: Survey) -> str:
    """Draw what opening does, or all that keeps the ballot closed."""
    unfinished = unfinished_step(survey, found_state(survey.id)) == "opening"
    if survey.state != DRAFT and not unfinished:
        raise AlreadyOpened
    missing = () if unfinished else _missing(survey)
    return _page(survey, missing, _broken(), unfinished=unfinished)


def open_and_post(survey: Survey) -> ResponseReturnValue:
    """Open the ballot and show the manifest, or say everything that is missing."""
    survey_id, broken = survey.id, _broken()
    if broken:
        return _page(survey, _missing(survey), broken), 422
    try:
        open_ballot(
            writer(), ballot_engine(), survey_id,
            today=today(), secrets_folder=secrets_folder(),
        )  # fmt: skip
    except NotReadyToOpen as refusal:
        return _page(found_survey(survey_id), refusal.missing, ()), 422
    except UnsafeServer as refusal:
        return _page(found_survey(survey_id), (), refusal.reasons), 422
    flash(_("The ballot is open. Print this page, let both sign it, and post it."))
    return redirect(url_for(".manifest", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/manifest")
@allow(DESIGN, REQUEST_TICKETS, ISSUE, HOLD_KEY, COUNT, SETTLE, INSPECT)
def manifest(survey_id: int) -> ResponseReturnValue:
    """Show the opening manifest as a page to print."""
    survey, box = found_secret(survey_id), found_box(survey_id)
    if box is None or box.state == ISSUING:
        raise BoxNotReady
    text, signature = read_posted(box.manifest)
    posted = Manifest.from_json(text)
    named = group_namer(survey)
    return drawn(
        "office/ballots/manifest.html",
        "batches",
        _in_order(survey, posted),
        count=len(posted.batches),
        survey=survey,
        manifest=posted,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        signature=signature,
        holders=[PublicKey.from_json(key) for _name, key in posted.key_holders],
        units=unit_names(session(), survey_id),
        letters=letters_of(survey),
        name_of=lambda *groups: named(groups),
        settings=settings(),
    )


def _in_order(survey: Survey, posted: Manifest) -> list[ManifestBatch]:
    """Return the batches by unit, then in the scheme's order of rater groups."""
    letters = letters_of(survey)
    return sorted(
        posted.batches, key=lambda one: (one.unit, letters.get(one.rater_group, ""))
    )


def _missing(survey: Survey) -> tuple[Missing, ...]:
    """Return what keeps the draft from opening."""
    return missing_to_open_ballot(
        session(), ballot_engine(), survey.id,
        today=today(), secrets_folder=settings().secrets_folder,
    )  # fmt: skip


def _broken() -> tuple[BrokenPromise, ...]:
    """Return what this server would write down although it must not."""
    folder = settings().secrets_folder
    return broken_promises(ballot_engine(), secrets_folder=folder)


def _page(
    survey: Survey,
    missing: Sequence[Missing],
    broken: Sequence[BrokenPromise],
    *,
    unfinished: bool = False,
) -> str:
    """Draw the question, or what stands in the way."""
    return render_template(
        "office/ballots/open_ballot.html",
        survey=survey,
        missing=still_to_do(survey, missing),
        broken=[one.say(_) for one in broken],
        unfinished=unfinished,
        foresight=foresight_of(survey),
        expected=expected_of(survey),
        groups=group_labels(survey),
    )
