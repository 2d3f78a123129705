"""What a page of questions says itself: place in a translation → our English words.

Whoever translates a questionnaire translates these too, so that nobody meets a page
that is half in one language.
"""

from collections.abc import Mapping

QUESTIONS_PAGE: Mapping[str, str] = {
    "page.check": "Please check",
    "page.send_again": "Please send again",
    "page.rehearsal": "Rehearsal: what you send here does not count",
    "page.you_rate": "You are rating",
    "page.open_days": "Open from %(first)s to %(last)s.",
    "page.language_and_size": "Language and size",
    "page.normal_type": "Normal type",
    "page.large_type": "Large type",
    "page.help": "Help: %(contact)s",
    "page.no_names": "No names are taken in this survey.",
    "page.not_kept": (
        "Your name, telephone number, network address, device and the exact"
        " time are not kept."
    ),
    "page.kept": (
        "Only your choices, your comment, the day, the code you scanned and"
        " who is rated are kept, and separately a receipt code."
    ),
    "page.whom": "Whom are you rating?",
    "page.who_is_rated": "Who is rated",
    "page.question": "Question %(number)s",
    "page.question_of": "Question %(number)s of %(count)s",
    "page.leave_out": "Leave this one out",
    "page.tick_several": "You may tick several.",
    "page.whole_number": "A whole number from 0 to 100.",
    "page.write_nothing": (
        "Do not write anything only you could know. Your way of writing can"
        " be recognised."
    ),
    "page.may_be_empty": "You may leave this empty.",
    "page.only_if": (
        "Only if you answered %(choices)s to question %(number)s. Otherwise"
        " leave this empty."
    ),
    "page.comment": (
        "Is there anything you would like to add? You may leave this empty."
    ),
    "page.comment_hint": (
        "At most %(limit)s characters. Two people read comments in the"
        " original. Do not write anything only you could know; your way of"
        " writing can be recognised."
    ),
    "page.your_comment": "Your comment",
    "page.too_many": "%(count)s characters too many",
    "page.send": "Send my answers",
    "page.send_trial": "Send as a trial",
    "page.send_another": "Count these answers as another form",
    "page.then_receipt": "After sending you are given a receipt code.",
    "page.not_sent": "Not sent yet. Please look at this:",
    "page.place_and_reason": "%(place)s: %(reason)s",
    "page.void": "Not counted: this survey was declared void",
    "page.void_more": (
        "It was opened by mistake or is not to be counted; nothing of it "
        "counts. What you filled in is still below, for you only: nothing "
        "of it was kept. If there is a new survey, it has a new code."
    ),
    "page.rehearsal_ended": "Not counted: the rehearsal has ended",
    "page.rehearsal_ended_more": (
        "This page belonged to a rehearsal. Nothing of it was kept. To "
        "answer in earnest, scan the code again."
    ),
    "page.crowd_not_kept": "Not kept yet: very many are answering here just now",
    "page.crowd": "Very many are answering here just now",
    "page.crowd_wait": (
        "Everything you filled in is still below. Wait %(seconds)s seconds,"
        " then send it again."
    ),
    "page.crowd_again": (
        "If you sent this form before, it may be counted already. Sending "
        "it again does no harm: one form counts once."
    ),
    "page.unknown": (
        "We do not know whether this form is counted: the system did not respond"
    ),
    "page.unknown_more": (
        "Everything you filled in is still below. Wait a moment, then send "
        "it again. That does no harm: one form counts once, and you are "
        "then told whether it was counted."
    ),
    "page.no_reply": "Not kept yet: the system did not respond",
    "page.no_reply_more": (
        "Everything you filled in is still below. Wait a moment, then send it again."
    ),
    "page.why_rehearsal_over": (
        "This page belonged to a rehearsal, so nothing was counted. The "
        "survey is open in earnest now: check your answers, then send them "
        "again."
    ),
    "page.why_rehearsal": (
        "The survey is only being rehearsed now. You can send this; it does not count."
    ),
    "page.why_page": (
        "The page was not complete, so nothing was sent. Please send it once more."
    ),
    "page.why_strange": (
        "Something arrived that this survey does not ask; it was left out. "
        "Please check, then send again."
    ),
    "page.why_missing": "Choose one answer.",
    "page.why_tick": "Tick at least one.",
    "page.why_number_missing": "Write a number.",
    "page.why_text_missing": "Write your answer.",
    "page.why_number": "Write a whole number from 0 to 100, in digits.",
    "page.why_not_asked": (
        "By your earlier answer this question is not asked of you, so what "
        "you answered here was taken out. Please check, then send again."
    ),
    "page.why_twice": "Two answers arrived here. Choose one.",
    "page.why_long": (
        "%(count)s characters too many; at most %(limit)s can be kept. "
        "Please shorten it."
    ),
    "page.why_wide": (
        "It has characters that need much room, such as emoji. The last "
        "%(count)s find no room any more. Please shorten it."
    ),
    "page.why_cut": (
        "This was far too long: only its beginning arrived. At most "
        "%(limit)s characters can be kept. Please shorten it."
    ),
    "page.why_garbled": (
        "Some of it arrived damaged; � stands where something is missing. "
        "Please correct it, or take it out."
    ),
    "page.why_other": "What arrived is not one of the answers below. Choose one.",
    "page.repeated": "This form was counted before, and counts once",
    "page.repeated_receipt": (
        "It shows that this form was counted. It does not say what was answered."
    ),
    "page.pressed_twice": "If you pressed twice, or saw no thanks after sending",
    "page.pressed_twice_more": (
        "This was it: your answers are counted. There is nothing more to "
        "do, you can close this page."
    ),
    "page.somebody_else": (
        "If somebody else answered on this device before, or you went back "
        "and changed something"
    ),
    "page.somebody_else_over": (
        "What was sent just now is not counted, and the survey is over: "
        "answers are no longer taken."
    ),
    "page.somebody_else_more": (
        "What was sent just now is not counted yet. It stands below as a "
        "form of its own: look it over, then press the button at its end."
    ),
}
