"""The office's door: its cookie, its forgery protection, and its page modules.

The cookie exists below /office only. A respondent's page never reads or sets one, and
somebody signed in here is a stranger there.
"""

from flask import Flask
from flask_wtf.csrf import CSRFError

from survey_app.accounts.permissions import PERMISSIONS
from survey_app.domain.ground.channel_kind import KIND_NAMES
from survey_app.domain.ground.refusals import SignInNeeded
from survey_app.settings import Settings, SettingsError
from survey_app.web import below_office
from survey_app.web.below_office import before_office
from survey_app.web.office import (
    access,
    come_back,
    desk,
    drawing,
    form_page,
    handbook,
    jobs,
    names,
    number_words,
    own,
    recording,
)
from survey_app.web.office.accounts import (
    accounts,
    person,
    provider,
    second_factor,
    sign_in,
)
from survey_app.web.office.alerts import (
    acting,
    alerts,
    attachments,
    cases,
    follow_up,
    objections,
)
from survey_app.web.office.appraisal import (
    adjustment_files,
    adjustments,
    cycles,
    imports,
    named_ratings,
)
from survey_app.web.office.ballots import batches as ballot_batches
from survey_app.web.office.ballots import box as ballot_box
from survey_app.web.office.ballots import ceremony
from survey_app.web.office.ballots import closing as ballot_closing
from survey_app.web.office.ballots import minute as ballot_minute
from survey_app.web.office.ballots import opening as ballot_opening
from survey_app.web.office.ballots import setup as ballot_setup
from survey_app.web.office.ballots import slips as ballot_slips
from survey_app.web.office.ballots import tickets as ballot_tickets
from survey_app.web.office.ballots import void as ballot_void
from survey_app.web.office.pages import pages
from survey_app.web.office.papers import papers
from survey_app.web.office.record import record
from survey_app.web.office.rules import acts as rule_acts
from survey_app.web.office.rules import differences as rule_differences
from survey_app.web.office.rules import editor as rule_editor
from survey_app.web.office.rules import languages as rule_languages
from survey_app.web.office.rules import (
    rules,
    scheme_drafts,
    scheme_effects,
    scheme_numbers,
    scheme_on_survey,
    scheme_trial,
)
from survey_app.web.office.scores import corrections, cycle_pictures, score_sheets
from survey_app.web.office.surveys import (
    changing,
    comments,
    drafting,
    foresight,
    interviews,
    one_channel,
    one_subject,
    opening,
    paper,
    parts,
    pictures,
    posters,
    proof_of_work,
    rehearsing,
    reopening,
    result_files,
    results,
    series,
    setting_aside,
    slips,
    surveys,
    taking_out,
    themes,
    trust,
    turnout,
    typing_in,
    unusual_days,
    voiding,
)
from survey_app.web.office.tokens import csrf

PAGES = (
    desk, names, sign_in, provider, accounts, person, second_factor, cycles, imports,
    named_ratings, adjustments, adjustment_files, surveys, drafting, changing,
    taking_out, reopening, series,
    parts, posters, one_channel, proof_of_work, slips, paper, typing_in, interviews,
    setting_aside, trust, opening, rehearsing, turnout, unusual_days, foresight,
    results,
    result_files, one_subject, pictures, cycle_pictures,
    comments, themes, voiding, score_sheets, corrections, papers, alerts, cases, acting,
    follow_up, attachments, objections, own, jobs, record, number_words, drawing,
    ballot_setup, ceremony,
    ballot_batches, ballot_slips, ballot_opening, ballot_tickets, ballot_closing,
    rules, rule_acts, rule_editor, scheme_drafts, ballot_box, ballot_void,
    ballot_minute, handbook, rule_differences, scheme_trial, scheme_effects,
    rule_languages, scheme_numbers, scheme_on_survey,
)  # fmt: skip
"""Every module that hangs pages on the blueprint: one not named here is not served."""


# After the modules above, whose limits must hold before a form is read; and the tokens
# after the accounts, so that a stranger hears "sign in" and nothing else.
pages.before_request(access.refuse_strangers)
pages.before_request(csrf.protect)
pages.before_request(recording.begin)
pages.after_request(recording.leave_entry)


def init_app(app: Flask, settings: Settings) -> None:
    """Hang the office into the application.

    Raises SettingsError for an unknown permission that is to need a second factor.
    """
    unknown = set(settings.second_factor.split()) - PERMISSIONS
    if unknown:
        named = " ".join(sorted(unknown))
        raise SettingsError(f"SURVEY_SECOND_FACTOR names no permissions: {named}")
    app.secret_key = settings.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="office",
        SESSION_COOKIE_PATH="/office",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        # Only the office has a cookie to protect; `pages` asks for the check itself.
        WTF_CSRF_CHECK_DEFAULT=False,
        # As long as the sign-in: pages stay open over lunch.
        WTF_CSRF_TIME_LIMIT=None,
        # We send no Referer (see web.headers), so it cannot be asked for.
        WTF_CSRF_SSL_STRICT=False,
    )
    below_office.init_app(app)
    csrf.init_app(app)
    _init_come_back(app)
    app.extensions["survey_writer"] = recording.opened
    provider.init_app(app, settings)
    app.jinja_env.globals.update(
        may=access.may,
        sees_all=access.sees_all,
        current_account=access.current_account,
        kind_names=KIND_NAMES,
    )
    app.register_blueprint(pages)


def _init_come_back(app: Flask) -> None:
    """Let forms that met no valid sign-in come back to their owners."""
    app.register_error_handler(SignInNeeded, come_back.ask_to_sign_in)
    app.register_error_handler(CSRFError, come_back.refuse_token)
    before_office(app, come_back.take_back)
    app.jinja_env.globals.update(
        form_page=form_page.form_page,
        given_back=come_back.given_back,
        still_here=come_back.still_here,
    )
