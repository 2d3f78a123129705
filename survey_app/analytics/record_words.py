"""What the record calls an act, in words of the office.

An act is the name of a page's address, or of a job; whoever adds one adds its words.
One without any is recorded all the same, under its name, and fails a test.
"""

from collections.abc import Mapping

from survey_app.domain.ground.marked import message

DONE: Mapping[str, str] = {
    "enter": message("Signed in"),
    "sign_out": message("Signed out"),
    "change_password": message("Changed the own password"),
    "make_account": message("Made an account"),
    "give_roles": message("Gave an account other roles"),
    "confirm_owner": message("Confirmed the owner of an account"),
    "reset_password": message("Gave an account a new password"),
    "delete_account": message("Deleted an account"),
    "set_up_second_factor": message("Set up a second factor"),
    "renew_recovery_codes": message("Made new recovery codes"),
    "change_second_factor": message("Gave up the own second factor for another"),
    "ask_factor_reset": message("Asked to take a second factor away"),
    "withdraw_factor_reset": message("Took back asking for a second factor"),
    "confirm_factor_reset": message("Took a second factor away, as the second person"),
    "make_cycle": message("Began a cycle"),
    "rename_cycle": message("Renamed a cycle"),
    "delete_cycle": message("Deleted a cycle"),
    "settle_cycle": message("Settled a cycle"),
    "request_correction": message("Requested a correction"),
    "confirm_one_correction": message("Confirmed a correction"),
    "decline_one_correction": message("Declined or withdrew a correction"),
    "save_signatures": message("Entered how many signed for their slips"),
    "start_job_again": message("Started work again that had failed"),
    "make_survey": message("Made a survey"),
    "change_days": message("Changed the days of a survey"),
    "rename_survey": message("Renamed a survey"),
    "change_component": message("Chose another component for a survey"),
    "delete_draft": message("Deleted a draft"),
    "begin_rehearsal": message("Began a rehearsal"),
    "wipe_rehearsal": message("Emptied a rehearsal"),
    "end_rehearsal": message("Ended a rehearsal"),
    "extend_survey": message("Moved the last day of a survey"),
    "ask_survey_void": message("Asked for a survey to be void"),
    "grant_survey_void": message("Declared a survey void"),
    "withdraw_survey_void": message("Took back that a survey be void"),
    "add_subjects": message("Added subjects to a survey"),
    "remove_subject": message("Removed a subject from a survey"),
    "add_channel": message("Added a code"),
    "add_channels": message("Added codes for all subjects"),
    "remove_channel": message("Removed a code"),
    "expect_raters": message("Stated how many are expected to answer"),
    "open_survey": message("Opened a survey"),
    "close_survey": message("Closed a survey"),
    "request_tickets": message("Requested slips for a unit"),
    "request_again": message("Requested slips for a group again"),
    "void_one_batch": message("Voided a batch of slips"),
    "issue_slips": message("Issued a batch of slips"),
    "add_key": message("Entered the key of a key holder"),
    "remove_key": message("Removed the key of a key holder"),
    "choose_small_groups": message("Chose what becomes of small groups"),
    "keep_commitments": message("Entered what auditors are bound to"),
    "void_slips": message("Voided unused slips"),
    "set_aside": message("Set a ballot of an auditor aside"),
    "decrypt_challenges": message("Decrypted the ballots of auditors"),
    "decrypt_on_server": message("Began to decrypt a ballot box"),
    "take_result": message("Took the result of a ballot box"),
    "finish_box": message("Went on with opening a ballot box"),
    "void_whole_survey": message("Asked for a ballot to be void, or declared it"),
    "finish_void_box": message("Finished what was left of a void ballot"),
    "import_workbook": message("Imported a workbook"),
    "review_comment": message("Gave a verdict on a comment"),
    "write_themes": message("Wrote themes of comments"),
    "agree_on_themes": message("Agreed on themes of comments, as the second reader"),
    "raise_by_hand": message("Took up an alert that was not raised"),
    "do_review_act": message("Did something about an alert"),
    "do_deciding_act": message("Decided about an alert"),
    "do_second_act": message("Acted on an alert as the second person"),
    "make_follow_up": message("Made the follow-up survey of an alert"),
    "attach": message("Attached a file to an alert"),
    "take_file_away": message("Took a file of an alert away"),
    "file_objection": message("Entered a request for a re-check"),
    "answer_objection": message("Answered a request for a re-check"),
    "make_results_data": message("Asked for the results as data"),
    "make_paper_file": message("Asked for papers as a file"),
    "make_results_file": message("Asked for the workbook of results"),
    "make_adjustments_file": message("Asked for the list of bonuses and deductions"),
    "enter_named_rating": message("Entered a named rating"),
    "confirm_named_rating": message("Confirmed a named rating"),
    "withdraw_named_rating": message("Withdrew a named rating"),
    "enter_adjustment": message("Proposed a bonus or deduction"),
    "confirm_adjustment": message("Confirmed a bonus or deduction"),
    "withdraw_adjustment": message("Withdrew a bonus or deduction"),
    "confirm_import": message("Confirmed an import of bonuses and deductions"),
    "withdraw_import": message("Withdrew an import of bonuses and deductions"),
}
"""What is done with a form."""

CHANGES_NOTHING = frozenset({"try_workbook"})
"""Forms that only check what is sent: no act, no entry, and nothing is locked."""

SEEN: Mapping[str, str] = {
    "results": message("Looked at the results of a survey"),
    "subject_results": message("Looked at the results of one subject"),
    "pictures": message("Looked at the pictures of a survey"),
    "cycle_pictures": message("Looked at the pictures of a cycle"),
    "papers": message("Looked at the papers of a cycle"),
    "paper": message("Opened a paper"),
    "own": message("Looked at the own figures"),
    "own_results": message("Looked at the own results"),
    "comments": message("Read released comments"),
    "comment_reviews": message("Read comments that wait for a verdict"),
    "themes": message("Looked at themes of comments"),
    "read_comment": message("Read a comment that waits for a verdict"),
    "notice": message("Opened the notice for a rated person"),
    "reconciliation": message("Looked at the reconciliation of a ballot"),
    "minute": message("Opened the minute of a ballot"),
    "named_ratings": message("Looked at named ratings"),
    "adjustments": message("Looked at bonuses and deductions"),
    "score_sheets": message("Looked at score sheets"),
    "cycle_sheets": message("Looked at the score sheets of a cycle"),
    "score_sheet": message("Looked at one score sheet"),
    "choose_correction": message("Looked for what to correct"),
    "new_correction": message("Looked at what can be corrected"),
    "alerts": message("Looked at the alerts"),
    "alert_cases": message("Looked at the alerts under review"),
    "alert": message("Looked at an alert"),
    "open_by_hand": message("Opened the form that takes up an alert"),
    "review_act": message("Opened a form about an alert"),
    "deciding_act": message("Opened a form that decides about an alert"),
    "second_act": message("Opened a form for the second person about an alert"),
    "new_recheck": message("Opened the form of a follow-up survey"),
    "objections": message("Looked at requests for a re-check"),
    "objection": message("Looked at a request for a re-check"),
    "record": message("Read the record"),
}
"""Pages that show results: the same one, seen by the same account within ten minutes,
stands there once."""

PART_OF: Mapping[str, str] = {
    "picture_svg": "pictures",
    "cycle_svg": "cycle_pictures",
    "subject_svg": "subject_results",
    "waterfall_svg": "score_sheet",
}
"""Pictures that a page loads: a look at one is a look at its page."""

TAKEN: Mapping[str, str] = {
    "ballot_export": message("Took a closed ballot box as a file"),
    "results_data": message("Took the results as data"),
    "paper_file": message("Took papers as a file"),
    "results_workbook": message("Took the workbook of results"),
    "adjustments_file": message("Took the list of bonuses and deductions"),
    "attachment": message("Took a file of an alert"),
    "record_file": message("Took the record as a file"),
}
"""Files: each time anew."""

QUIET = frozenset(
    {
        "account_roles", "accounts", "adjustments_list", "audit_commitments",
        "ballot_box", "calendar", "calendar_ics",
        "challenge", "choose_posters", "choose_subjects", "confirm_account",
        "confirm_closing", "confirm_deletion", "confirm_draft_deletion",
        "confirm_issuing", "confirm_opening", "confirm_rehearsal",
        "confirm_rehearsal_end", "confirm_reset", "confirm_survey_void",
        "confirm_taking_away", "confirm_void_survey", "confirm_voiding",
        "confirm_withdrawal", "cycle", "cycle_name", "drawing", "expected", "home",
        "imports", "job", "key_holding", "longer_days", "lost_second_factor",
        "manifest", "new_adjustment", "new_attachment", "new_channel", "new_cycle",
        "new_named_rating", "new_objection", "new_survey", "password", "poster",
        "posters", "qr_file", "results_file", "roster_workbook", "second_factor",
        "small_groups", "survey", "survey_component", "survey_days", "survey_title",
        "surveys", "turnout", "unit_numbers", "unused_slips",
    }
)  # fmt: skip
"""Pages that show no result and leave no entry: turnout is public (decision 29)."""

OTHER: Mapping[str, str] = {
    "record-begins": message("The record begins here; acts before were not recorded"),
    "refused-sign-in": message("Sign-ins were refused"),
    "denied": message("Was refused a page that the account may not open"),
    "close-survey": message("Closed a survey, in the background"),
    "keep-lists": message("Kept the lists of results, in the background"),
    "finish-decryption": message("Finished opening a ballot box, in the background"),
    "survey-data": message("Made a file of results as data"),
    "cycle-workbook": message("Made the workbook of a cycle"),
    "raise-alerts": message("Raised alerts, in the background"),
    "score-sheets": message("Worked out score sheets, in the background"),
    "adjustments-workbook": message("Made a list of bonuses and deductions"),
    "results-workbook": message("Made a workbook of results"),
    "account-make": message("Made an account, from the terminal"),
    "account-confirm": message("Confirmed the owner of an account, from the terminal"),
    "account-reset-code": message("Took a second factor away, from the terminal"),
    "backup": message("Made a backup of the office"),
    "restore": message("Restored the office from a backup"),
    "recount": message("Made the turnout of a survey anew, from the terminal"),
    "ballot-export": message("Took a closed ballot box as a file, from the terminal"),
    "ballot-take": message("Took the result of a ballot box, from the terminal"),
    "ballot-decrypt": message("Decrypted a ballot box, from the terminal"),
    "ballot-resume": message("Finished opening a ballot box, from the terminal"),
}
"""What the platform does, or refuses."""

WORDS: Mapping[str, str] = {**OTHER, **TAKEN, **SEEN, **DONE}
"""Act → its words, to be translated; an act that is not here is told by its name."""
