"""What stands on pages after an answer, or in its place: words of ours, by place."""

from collections.abc import Mapping

AFTER_PAGE: Mapping[str, str] = {
    "after.thanks": "Thank you to whoever sent it: this answer is counted",
    "after.thanks_void": "This survey was declared void: the answer counts nowhere",
    "after.thanks_rehearsal": "Rehearsal: the trial arrived and does not count",
    "after.receipt_code": "Receipt code",
    "after.receipt_void": (
        "It shows that one form had arrived before. Then two officials "
        "declared the survey void: nobody reads its answers, and nothing of"
        " it counts."
    ),
    "after.receipt_rehearsal": (
        "It shows that sending works. What was sent is wiped when the "
        "rehearsal ends, and the code with it."
    ),
    "after.receipt_means": (
        "A receipt shows that one form was counted. It says neither what "
        "was answered nor by whom."
    ),
    "after.if_you": "If you sent this answer",
    "after.new_code": (
        "If there is a new survey, it has a new code. Scan that one to answer."
    ),
    "after.begins_later": (
        "The survey itself begins later. To answer it then, scan the code again."
    ),
    "after.counts_once": (
        "Thank you. One form counts once. Opening this page again, or "
        "sending the same form again, changes nothing."
    ),
    "after.is_over": "The survey is over.",
    "after.until": (
        "Answers are taken until %(day)s. Until then nobody can see any result."
    ),
    "after.close_do_not_pass": (
        "You can close this page. Do not pass it on: nobody can answer here."
    ),
    "after.close_or_write_down": (
        "You can close this page. If you want to check later, take a "
        "screenshot or write the code down."
    ),
    "after.keep_void": (
        "Keep the receipt to yourself and do not pass this page on: nobody "
        "can answer here."
    ),
    "after.keep_receipt": (
        "Keep the receipt to yourself and do not pass this page on: whoever"
        " has it sees that this form was counted, and nobody can answer "
        "here."
    ),
    "after.if_other": "If somebody sent you this page",
    "after.other_over": (
        "It is the receipt of somebody else’s answer. The survey is over; "
        "answers are no longer taken."
    ),
    "after.other_open": (
        "It is the receipt of somebody else’s answer; yours is not counted "
        "by it. To take part, scan the square pattern of the survey, or "
        "type the code printed below it."
    ),
    "after.type_code": "Type the code of a survey",
    "after.check_receipt": "Check a receipt",
    "after.not_begun": "This survey has not begun yet",
    "after.not_begun_more": (
        "Its first day is printed on the poster. Scan the code again on that day."
    ),
    "after.closed": "This survey is closed",
    "after.closed_more": (
        "The survey is over; answers are no longer taken. What was counted "
        "before stays counted and can be checked with the receipt code."
    ),
    "after.closed_sent": (
        "The survey is over. The form you sent just now was not counted."
    ),
    "after.declared_void": "This survey was declared void",
    "after.declared_void_more": (
        "Nothing of it counts, and no answer is taken. Nobody reads what "
        "was sent to it. If there is a new survey, it has a new code."
    ),
}

BALLOT_PAGE: Mapping[str, str] = {
    "ballot.choices": (
        "To be filled in: %(answers)s choices. Ballots are taken until %(last)s."
    ),
    "ballot.fill_in": "Questions: %(questions)s. Ballots are taken until %(last)s.",
    "ballot.together": "%(first)s and %(second)s together",
    "ballot.nobody": "Nobody by himself: all of the unit",
    "ballot.comment_hint": (
        "Two people read comments in the original. Do not write anything "
        "only you could know; your way of writing can be recognised. At "
        "most %(limit)s characters."
    ),
    "ballot.not_asked": "Not asked of me",
    "ballot.yes": "Yes",
    "ballot.no": "No",
    "ballot.whom": "Whom it is about",
    "ballot.choose_whom": "Choose whom your comment is about.",
    "ballot.choose": "Choose a person",
    "ballot.send": "Send my ballot",
    "ballot.once": (
        "It counts once and cannot be changed. You are then given a "
        "receipt. Where no reply comes, send this page once more: you are "
        "given the same receipt."
    ),
    "ballot.still_open": "%(place)s: still to be answered: %(count)s",
    "ballot.not_kept": "Your ballot was not kept: the system did not respond",
    "ballot.not_kept_more": (
        "Everything you filled in is still below, and your code is still "
        "unused. Wait a moment, then send it again."
    ),
    "ballot.unknown": ("We do not know whether it arrived: the system did not respond"),
    "ballot.unknown_more": (
        "Everything you filled in is still below. Wait a moment, then send "
        "it again; if it had arrived already, you are given its receipt."
    ),
    "ballot.already_in": "Your ballot was in the box already",
    "ballot.in_the_box": "Your ballot is in the box",
    "ballot.again": (
        "This is its receipt once more. In the box is the first ballot this"
        " page sent; nothing sent later was put into it or compared with "
        "it."
    ),
    "ballot.receipt": "Receipt",
    "ballot.proves": (
        "It proves that your sealed ballot is in the box. It does not say "
        "what you answered, and nobody can find that out from it."
    ),
    "ballot.next": "What happens next",
    "ballot.write_down": (
        "Take a screenshot now or write the receipt down: once you leave "
        "this page nobody can call it up again."
    ),
    "ballot.decrypted": (
        "The box is decrypted after %(day)s. From then on anybody can look "
        "up whether a receipt was in it."
    ),
    "ballot.used_up": (
        "Your code is used up. If somebody enters it again, nothing changes."
    ),
    "ballot.close": ("Close this page, and destroy your slip or keep it to yourself."),
    "ballot.exactly": "For whoever wants to check it exactly",
    "ballot.whole_receipt": "Whole receipt (SHA-256 of your sealed ballot):",
    "ballot.signature": (
        "The server's signature (Ed25519). With it you can prove it if your"
        " ballot were missing:"
    ),
    "ballot.where_checked": "Where the receipt can be checked later",
    "ballot.sealed": "Encrypted on arrival, opened by two together",
    "ballot.promise": (
        "You drew your code yourself. The list you signed says that you "
        "drew one, not which. Your answers are encrypted when they arrive; "
        "only %(bodies)s can open them, after closing, mixed with all "
        "others. Your name, telephone number, network address and the time "
        "are not kept."
    ),
    "ballot.show_nobody": (
        "Do not show your code or this screen to anybody. Nobody may ask how you voted."
    ),
    "ballot.report": "If somebody does, report it: %(contact)s",
    "ballot.number_of": "%(number)s of %(count)s",
    "ballot.leading_body": "leading body",
}
"""Only a secret ballot says these: a translation has all of them, or none."""
