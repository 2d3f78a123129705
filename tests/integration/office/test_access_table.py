"""Who may call what: every address of the platform, by every role and by strangers.

A route without a row here fails, and so does a row whose route does not exist.
"""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.tables import MANAGER, ORGANIZER, READER
from tests.support.office import desk

STRANGER = "stranger"
ALL = {STRANGER, MANAGER, ORGANIZER, READER}
STAFF = {MANAGER, ORGANIZER, READER}
ORGANIZERS = {MANAGER, ORGANIZER}
READERS = {MANAGER, READER}

TABLE: dict[str, set[str]] = {
    "static": ALL,
    "no_icon": ALL,
    "health": ALL,
    "respondent.start": ALL,
    "respondent.typed_code": ALL,
    "respondent.ask": ALL,
    "respondent.answer": ALL,
    "respondent.receipt": ALL,
    "respondent.counted": ALL,
    # Secret ballots, for whoever holds a slip, and their public papers
    "ballot.enter": ALL,
    "ballot.vote": ALL,
    "ballot_papers.papers": ALL,
    "ballot_papers.paper": ALL,
    "ballot_papers.manifest_file": ALL,
    "ballot_papers.closing_file": ALL,
    "ballot_papers.head_file": ALL,
    "ballot_papers.trackers_file": ALL,
    "ballot_papers.fragments_file": ALL,
    "ballot_papers.keyed_file": ALL,
    "ballot_papers.receipt": ALL,
    "ballot_papers.look_up": ALL,
    # Coming in and going out
    "office.sign_in": ALL,
    "office.enter": ALL,
    "office.choose_language": ALL,
    "office.sign_out": STAFF,
    "office.password": STAFF,
    "office.change_password": STAFF,
    # Accounts and cycles
    "office.accounts": {MANAGER},
    "office.make_account": {MANAGER},
    "office.confirm_account": {MANAGER},
    "office.confirm_owner": {MANAGER},
    "office.confirm_reset": {MANAGER},
    "office.reset_password": {MANAGER},
    "office.confirm_deletion": {MANAGER},
    "office.delete_account": {MANAGER},
    "office.new_cycle": {MANAGER},
    "office.make_cycle": {MANAGER},
    "office.cycle": READERS,
    "office.settle_cycle": {MANAGER},
    "office.choose_correction": {MANAGER},
    "office.new_correction": {MANAGER},
    "office.request_correction": {MANAGER},
    "office.confirm_one_correction": {MANAGER},
    "office.decline_one_correction": {MANAGER},
    "office.cycle_name": {MANAGER},
    "office.rename_cycle": {MANAGER},
    "office.delete_cycle": {MANAGER},
    # Surveys
    "office.home": STAFF,
    "office.job": STAFF,  # and of these only whoever may see what the job makes
    "office.start_job_again": STAFF,
    "office.surveys": STAFF,
    "office.turnout": STAFF,
    "office.survey": ORGANIZERS,
    "office.new_survey": ORGANIZERS,
    "office.make_survey": ORGANIZERS,
    "office.survey_days": ORGANIZERS,
    "office.change_days": ORGANIZERS,
    "office.survey_title": ORGANIZERS,
    "office.rename_survey": ORGANIZERS,
    "office.survey_component": ORGANIZERS,
    "office.change_component": ORGANIZERS,
    "office.confirm_draft_deletion": ORGANIZERS,
    "office.delete_draft": ORGANIZERS,
    "office.confirm_rehearsal": ORGANIZERS,
    "office.begin_rehearsal": ORGANIZERS,
    "office.wipe_rehearsal": ORGANIZERS,
    "office.confirm_rehearsal_end": ORGANIZERS,
    "office.end_rehearsal": ORGANIZERS,
    "office.longer_days": {MANAGER},
    "office.extend_survey": {MANAGER},
    "office.confirm_survey_void": {MANAGER},
    "office.ask_survey_void": {MANAGER},
    "office.grant_survey_void": {MANAGER},
    "office.withdraw_survey_void": {MANAGER},
    "office.choose_subjects": ORGANIZERS,
    "office.add_subjects": ORGANIZERS,
    "office.remove_subject": ORGANIZERS,
    "office.new_channel": ORGANIZERS,
    "office.add_channel": ORGANIZERS,
    "office.add_channels": ORGANIZERS,
    "office.remove_channel": ORGANIZERS,
    "office.expected": ORGANIZERS,
    "office.expect_raters": ORGANIZERS,
    "office.confirm_opening": ORGANIZERS,
    "office.open_survey": ORGANIZERS,
    "office.confirm_closing": ORGANIZERS,
    "office.close_survey": ORGANIZERS,
    "office.posters": ORGANIZERS,
    "office.choose_posters": ORGANIZERS,
    "office.poster": ORGANIZERS,
    "office.qr_file": ORGANIZERS,
    # Secret ballots
    "office.unit_numbers": ORGANIZERS,
    "office.request_tickets": ORGANIZERS,
    "office.request_again": ORGANIZERS,
    "office.confirm_voiding": ORGANIZERS,
    "office.void_one_batch": ORGANIZERS,
    "office.confirm_issuing": ORGANIZERS,
    "office.issue_slips": ORGANIZERS,
    "office.key_holding": ORGANIZERS,
    "office.add_key": ORGANIZERS,
    "office.remove_key": ORGANIZERS,
    "office.small_groups": ORGANIZERS,
    "office.choose_small_groups": ORGANIZERS,
    "office.audit_commitments": ORGANIZERS,
    "office.keep_commitments": ORGANIZERS,
    "office.manifest": ORGANIZERS,
    "office.unused_slips": ORGANIZERS,
    "office.void_slips": ORGANIZERS,
    "office.challenge": ORGANIZERS,
    "office.set_aside": ORGANIZERS,
    "office.reconciliation": ORGANIZERS,
    "office.minute": ORGANIZERS,
    "office.ballot_box": {MANAGER},
    "office.decrypt_on_server": {MANAGER},
    "office.ballot_export": {MANAGER},
    "office.take_result": {MANAGER},
    "office.finish_box": {MANAGER},
    "office.decrypt_challenges": {MANAGER},
    "office.confirm_void_survey": {MANAGER},
    "office.void_whole_survey": {MANAGER},
    "office.finish_void_box": {MANAGER},
    # Imports
    "office.imports": ORGANIZERS,
    "office.try_workbook": ORGANIZERS,
    "office.import_workbook": ORGANIZERS,
    "office.roster_workbook": ORGANIZERS,
    # Results
    "office.results": READERS,
    "office.subject_results": READERS,
    "office.comments": {MANAGER},
    "office.comment_reviews": {MANAGER},
    "office.read_comment": {MANAGER},
    "office.review_comment": {MANAGER},
    "office.notice": {MANAGER},
    "office.adjustments_list": READERS,
    "office.make_adjustments_file": READERS,
    "office.results_workbook": READERS,
    "office.results_file": READERS,
    "office.make_results_file": READERS,
    "office.named_ratings": READERS,
    "office.new_named_rating": {MANAGER},
    "office.enter_named_rating": {MANAGER},
    "office.confirm_named_rating": {MANAGER},
    "office.confirm_withdrawal": {MANAGER},
    "office.withdraw_named_rating": {MANAGER},
    "office.adjustments": READERS,
    "office.adjustments_file": READERS,
    "office.new_adjustment": {MANAGER},
    "office.enter_adjustment": {MANAGER},
    "office.confirm_adjustment": {MANAGER},
    "office.withdraw_adjustment": {MANAGER},
    "office.confirm_import": {MANAGER},
    "office.withdraw_import": {MANAGER},
    "office.score_sheets": READERS,
    "office.cycle_sheets": READERS,
    "office.score_sheet": READERS,
    "office.alerts": READERS,
    "office.drawing": READERS,
}


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """Return endpoint, method and address of everything that can be called."""
    addresses = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, addresses.build(rule.endpoint, filler(rule.arguments)))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def filler(arguments: set[str]) -> dict[str, object]:
    """Return a value for every gap of an address; none of them exists."""
    return dict.fromkeys(arguments, 999)


def call(client: FlaskClient, method: str, address: str) -> TestResponse:
    """Call without any token, so that nothing is ever changed."""
    return client.open(address, method=method)


def refused(response: TestResponse) -> bool:
    to_sign_in = (response.location or "").startswith("/office/sign-in")
    return response.status_code in (401, 403) or to_sign_in


def disagreements(app: Flask, client: FlaskClient, role: str) -> dict[str, str]:
    """Return the endpoints that do not treat this role as the table says."""
    return {
        endpoint: response.status
        for endpoint, method, address in calls(app)
        if refused(response := call(client, method, address))
        is (role in TABLE.get(endpoint, set()))
    }


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in calls(app)} == TABLE.keys()


def test_a_stranger_meets_only_open_doors(app: Flask, client: FlaskClient) -> None:
    assert disagreements(app, client, STRANGER) == {}


def test_a_reader_reads_and_changes_nothing(app: Flask, db: Session) -> None:
    assert disagreements(app, desk(app, db, READER).client, READER) == {}


def test_an_organizer_organizes_and_sees_no_result(app: Flask, db: Session) -> None:
    assert disagreements(app, desk(app, db, ORGANIZER).client, ORGANIZER) == {}


def test_a_manager_may_do_everything(app: Flask, db: Session) -> None:
    assert disagreements(app, desk(app, db, MANAGER).client, MANAGER) == {}


def test_whatever_changes_something_asks_for_its_token(app: Flask, db: Session) -> None:
    manager = desk(app, db, MANAGER).client

    statuses = {
        endpoint: call(manager, method, address).status_code
        for endpoint, method, address in calls(app)
        if method != "GET" and endpoint.startswith("office.")
    }

    assert statuses == dict.fromkeys(statuses, 400)
    assert len(statuses) > 15


def test_only_posting_changes_anything(app: Flask) -> None:
    assert {method for _, method, _ in calls(app)} == {"GET", "POST"}
