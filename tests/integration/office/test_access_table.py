"""Who may call what: every address of the platform, by every role and by strangers.

A route without a row here fails, and so does a row whose route does not exist.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import ROLES
from tests.conftest import ONE_DATABASE
from tests.support.doors import call, calls, refused, somebody

STRANGER = "stranger"
STAFF = frozenset(ROLES)
ALL = STAFF | {STRANGER}
DESIGNERS, ISSUERS = frozenset({"designer"}), frozenset({"issuer"})
KEYS, COUNTERS = frozenset({"key-holder"}), frozenset({"counter"})
REVIEWERS, DECIDERS = frozenset({"reviewer"}), frozenset({"decider"})
RULE_WRITERS = DESIGNERS | DECIDERS
LEADERS = frozenset({"leading-group"})
AUDITORS, KEEPERS = frozenset({"auditor"}), frozenset({"keeper"})
APPRAISED, LIAISONS = frozenset({"appraised"}), frozenset({"liaison"})
APPRAISERS = REVIEWERS | DECIDERS
SEERS = APPRAISERS | AUDITORS | {"leading-group", "reader"}
"""Who reads results."""
WORKERS = DESIGNERS | ISSUERS | KEYS | COUNTERS | AUDITORS
"""Who finds something to do, or to look at, on the page of a survey."""
TURNOUT = WORKERS | SEERS

TABLE: dict[str, frozenset[str]] = {
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
    "keys_page.page": ALL,
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
    "office.sign_in_code": ALL,
    "office.enter_code": ALL,
    "office.begin_at_provider": ALL,
    "office.return_from_provider": ALL,
    "office.signed_out": ALL,
    "office.choose_language": ALL,
    "office.sign_out": STAFF,
    "office.password": STAFF,
    "office.change_password": STAFF,
    "office.second_factor": STAFF,
    "office.set_up_second_factor": STAFF,
    "office.renew_recovery_codes": STAFF,
    "office.change_second_factor": STAFF,
    # Accounts and cycles
    "office.accounts": KEEPERS | DECIDERS | AUDITORS,
    "office.make_account": KEEPERS,
    "office.confirm_account": KEEPERS | DECIDERS,
    "office.confirm_owner": KEEPERS | DECIDERS,
    "office.confirm_reset": KEEPERS,
    "office.reset_password": KEEPERS,
    "office.lost_second_factor": KEEPERS | DECIDERS,
    "office.ask_factor_reset": KEEPERS | DECIDERS,
    "office.withdraw_factor_reset": KEEPERS | DECIDERS,
    "office.confirm_factor_reset": KEEPERS | DECIDERS,
    "office.confirm_deletion": KEEPERS,
    "office.delete_account": KEEPERS,
    "office.account_roles": KEEPERS,
    "office.give_roles": KEEPERS,
    "office.account_name": KEEPERS,
    "office.name_account": KEEPERS,
    "office.account_surveys": KEEPERS,
    "office.limit_surveys": KEEPERS,
    "office.new_cycle": DECIDERS,
    "office.make_cycle": DECIDERS,
    "office.cycle": SEERS,
    "office.settle_cycle": DECIDERS,
    "office.choose_correction": APPRAISERS,
    "office.new_correction": APPRAISERS,
    "office.request_correction": APPRAISERS,
    "office.confirm_one_correction": APPRAISERS,
    "office.decline_one_correction": APPRAISERS,
    "office.cycle_name": DECIDERS,
    "office.rename_cycle": DECIDERS,
    "office.delete_cycle": DECIDERS,
    # Questionnaires and schemes
    "office.rules": RULE_WRITERS | AUDITORS,
    "office.rule": RULE_WRITERS | AUDITORS,
    "office.rule_file": RULE_WRITERS | AUDITORS,
    "office.offered_file": RULE_WRITERS | AUDITORS,
    "office.rule_difference": RULE_WRITERS | AUDITORS,
    "office.rule_preview": RULE_WRITERS | AUDITORS,
    "office.save_questionnaire": RULE_WRITERS,
    "office.new_rule": RULE_WRITERS,
    "office.copy_rule": RULE_WRITERS,
    "office.upload_rule": RULE_WRITERS,
    "office.rule_languages": RULE_WRITERS | AUDITORS,
    "office.languages_workbook": RULE_WRITERS | AUDITORS,
    "office.take_languages": RULE_WRITERS,
    "office.make_rule_ready": RULE_WRITERS,
    "office.confirm_rule_withdrawal": RULE_WRITERS,
    "office.withdraw_rule": RULE_WRITERS,
    "office.delete_rule": RULE_WRITERS,
    "office.scheme_part": RULE_WRITERS,
    "office.save_scheme_part": RULE_WRITERS,
    "office.save_weights": RULE_WRITERS,
    "office.arrange_scheme": RULE_WRITERS,
    "office.scheme_effects": SEERS,
    "office.scheme_effect": SEERS,
    "office.ask_scheme_effect": SEERS,
    "office.scheme_numbers": RULE_WRITERS | AUDITORS,
    "office.keep_source_text": RULE_WRITERS,
    "office.try_on_survey": SEERS,
    "office.try_scheme": RULE_WRITERS | AUDITORS,
    "office.take_trial_counts": RULE_WRITERS,
    "office.type_trial_counts": RULE_WRITERS,
    # Surveys
    "office.home": STAFF,  # and of its parts whatever the pages behind them allow
    "office.ceremony": STAFF,
    "office.handbook": STAFF,
    "office.handbook_booklet": STAFF,
    "office.handbook_picture": STAFF,
    "office.calendar": STAFF,
    "office.calendar_ics": STAFF,
    "office.job": STAFF,  # and of these only whoever may see what the job makes
    "office.start_job_again": STAFF,
    "office.own": APPRAISED,
    "office.own_results": APPRAISED,
    "office.surveys": SEERS | TURNOUT | LIAISONS,
    "office.turnout": TURNOUT | LIAISONS,
    "office.survey": WORKERS | DECIDERS,
    "office.new_survey": DESIGNERS,
    "office.make_survey": DESIGNERS,
    "office.survey_draft": DESIGNERS,
    "office.change_draft": DESIGNERS,
    "office.new_stand_alone": DESIGNERS,
    "office.make_stand_alone_survey": DESIGNERS,
    "office.next_survey": DESIGNERS,
    "office.make_next_survey": DESIGNERS,
    "office.series": SEERS,
    "office.subject_series": SEERS,
    "office.copy_of_survey": DESIGNERS,
    "office.copy_survey": DESIGNERS,
    "office.confirm_taking_out": DECIDERS,
    "office.ask_taking_out": DECIDERS,
    "office.grant_taking_out": DECIDERS,
    "office.withdraw_taking_out": DECIDERS,
    "office.confirm_reopening": DECIDERS,
    "office.ask_reopening": DECIDERS,
    "office.grant_reopening": DECIDERS,
    "office.withdraw_reopening": DECIDERS,
    "office.confirm_draft_deletion": DESIGNERS,
    "office.delete_draft": DESIGNERS,
    "office.confirm_rehearsal": DESIGNERS,
    "office.begin_rehearsal": DESIGNERS,
    "office.wipe_rehearsal": DESIGNERS,
    "office.confirm_rehearsal_end": DESIGNERS,
    "office.end_rehearsal": DESIGNERS,
    "office.longer_days": DECIDERS,
    "office.extend_survey": DECIDERS,
    "office.confirm_survey_void": DECIDERS,
    "office.ask_survey_void": DECIDERS,
    "office.grant_survey_void": DECIDERS,
    "office.withdraw_survey_void": DECIDERS,
    "office.choose_subjects": DESIGNERS,
    "office.add_subjects": DESIGNERS,
    "office.remove_subject": DESIGNERS,
    "office.new_channel": DESIGNERS,
    "office.add_channel": DESIGNERS,
    "office.add_channels": DESIGNERS,
    "office.remove_channel": DESIGNERS,
    "office.expected": DESIGNERS,
    "office.expect_raters": DESIGNERS,
    "office.confirm_opening": DESIGNERS,
    "office.open_survey": DESIGNERS,
    "office.confirm_closing": DESIGNERS,
    "office.close_survey": DESIGNERS,
    "office.posters": DESIGNERS | AUDITORS,
    "office.choose_posters": DESIGNERS | AUDITORS,
    "office.poster": DESIGNERS | AUDITORS,
    "office.qr_file": DESIGNERS | AUDITORS,
    "office.save_signatures": DESIGNERS,
    # Secret ballots
    "office.unit_numbers": DESIGNERS,
    "office.request_tickets": DESIGNERS,
    "office.request_again": DESIGNERS,
    "office.confirm_voiding": DESIGNERS | ISSUERS,
    "office.void_one_batch": DESIGNERS | ISSUERS,
    "office.confirm_issuing": ISSUERS,
    "office.issue_slips": ISSUERS,
    "office.key_holding": KEYS,
    "office.add_key": KEYS,
    "office.remove_key": KEYS,
    "office.small_groups": DESIGNERS,
    "office.choose_small_groups": DESIGNERS,
    "office.audit_commitments": DESIGNERS,
    "office.keep_commitments": DESIGNERS,
    "office.manifest": WORKERS | DECIDERS,
    "office.unused_slips": ISSUERS,
    "office.void_slips": ISSUERS,
    "office.challenge": ISSUERS,
    "office.set_aside": ISSUERS,
    "office.reconciliation": WORKERS - KEYS,
    "office.minute": WORKERS - KEYS,
    "office.ballot_box": COUNTERS | DECIDERS,
    "office.decrypt_on_server": COUNTERS,
    "office.ballot_export": COUNTERS,
    "office.take_result": COUNTERS,
    "office.finish_box": COUNTERS,
    "office.decrypt_challenges": COUNTERS,
    "office.confirm_void_survey": COUNTERS | DECIDERS,
    "office.void_whole_survey": COUNTERS | DECIDERS,
    "office.finish_void_box": COUNTERS | DECIDERS,
    # Imports
    "office.imports": DESIGNERS,
    "office.try_workbook": DESIGNERS,
    "office.import_workbook": DESIGNERS,
    "office.roster_workbook": DESIGNERS,
    # Results
    "office.results": SEERS,
    "office.subject_results": SEERS,
    "office.subject_svg": SEERS,
    "office.subject_figure": SEERS,
    "office.pictures": SEERS,
    "office.picture_svg": SEERS,
    "office.picture_figure": SEERS,
    "office.cycle_pictures": SEERS,
    "office.cycle_svg": SEERS,
    "office.cycle_figure": SEERS,
    "office.waterfall_svg": SEERS,
    "office.waterfall_figure": SEERS,
    "office.comments": APPRAISERS | AUDITORS,
    "office.comment_reviews": REVIEWERS,
    "office.read_comment": REVIEWERS,
    "office.review_comment": REVIEWERS,
    **{f"office.{one}themes": REVIEWERS for one in ("", "write_", "agree_on_")},
    "office.notice": APPRAISERS | AUDITORS,
    "office.adjustments_list": SEERS,
    "office.make_adjustments_file": SEERS,
    "office.results_workbook": SEERS,
    "office.results_file": SEERS,
    "office.make_results_file": SEERS,
    "office.results_data": SEERS,
    "office.make_results_data": SEERS,
    "office.papers": SEERS,
    "office.paper": SEERS,
    "office.paper_file": SEERS,
    "office.make_paper_file": SEERS,
    "office.named_ratings": SEERS,
    "office.new_named_rating": APPRAISERS,
    "office.enter_named_rating": APPRAISERS,
    "office.confirm_named_rating": APPRAISERS,
    "office.confirm_withdrawal": APPRAISERS,
    "office.withdraw_named_rating": APPRAISERS,
    "office.adjustments": SEERS,
    "office.adjustments_file": SEERS,
    "office.new_adjustment": APPRAISERS,
    "office.enter_adjustment": APPRAISERS,
    "office.confirm_adjustment": APPRAISERS,
    "office.withdraw_adjustment": APPRAISERS,
    "office.confirm_import": APPRAISERS,
    "office.withdraw_import": APPRAISERS,
    "office.score_sheets": SEERS,
    "office.cycle_sheets": SEERS,
    "office.score_sheet": SEERS,
    "office.alerts": SEERS,
    "office.drawing": SEERS | APPRAISED,
    "office.open_by_hand": REVIEWERS,
    "office.raise_by_hand": REVIEWERS,
    "office.alert_cases": SEERS,
    "office.alert": SEERS,
    "office.review_act": REVIEWERS,
    "office.do_review_act": REVIEWERS,
    "office.deciding_act": DECIDERS,
    "office.do_deciding_act": DECIDERS,
    "office.second_act": APPRAISERS | LEADERS,
    "office.do_second_act": APPRAISERS | LEADERS,
    "office.new_recheck": REVIEWERS,
    "office.make_follow_up": REVIEWERS,
    "office.new_attachment": APPRAISERS,
    "office.attach": APPRAISERS,
    "office.attachment": SEERS,
    "office.confirm_taking_away": APPRAISERS,
    "office.take_file_away": APPRAISERS,
    "office.objections": SEERS,
    "office.new_objection": REVIEWERS | APPRAISED | LIAISONS,
    "office.file_objection": REVIEWERS | APPRAISED | LIAISONS,
    "office.objection": SEERS,
    "office.answer_objection": APPRAISERS,
    # The record of acts
    "office.record": AUDITORS,
    "office.record_file": AUDITORS,
}


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


@ONE_DATABASE
@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_its_doors_and_no_others(
    app: Flask, db: Session, role: str
) -> None:
    assert disagreements(app, somebody(app, db, role).client, role) == {}


@ONE_DATABASE
def test_whatever_changes_something_asks_for_its_token(app: Flask, db: Session) -> None:
    statuses: dict[str, int] = {}
    for role in ROLES:
        client = somebody(app, db, role).client
        statuses = {
            endpoint: call(client, method, address).status_code
            for endpoint, method, address in calls(app)
            if method != "GET"
            and role in TABLE[endpoint]
            and STRANGER not in TABLE[endpoint]
        } | statuses

    assert statuses == dict.fromkeys(statuses, 400)
    assert len(statuses) > 15


def test_only_posting_changes_anything(app: Flask) -> None:
    assert {method for _, method, _ in calls(app)} == {"GET", "POST"}
