"""What the script needs that seals a ballot on the device: keys, sizes, rules, words.

It stands in the page as data. Nothing of it is secret, and nothing of it is an answer.
"""

from flask_babel import gettext as _
from markupsafe import Markup

from survey_app.ballot.casting import OpenBallot
from survey_app.ballot.paper.sealing_script import (
    sealing_script,
    sealing_script_print,
)
from survey_app.domain.questionnaire.answers import COMMENT_LIMIT, COMMENT_ROOM
from survey_app.domain.questionnaire.question import Question
from survey_app.domain.questionnaire.rule_words import broken_words
from survey_app.forms.answer_form import rule_field
from survey_app.forms.ballot_form import field_of
from survey_app.web.language import said
from survey_app.web.rule_list import MORE, USED
from survey_app.web.spoken import tongue

MOST_SEALED = 45_000
"""Bytes; in base64 they are still fewer than a request may have."""
COUNT, PLACE = "{count}", "{place}"
"""Where the script puts its own."""


def script_in_page() -> Markup:
    """Return the script as it stands in a page, byte for byte."""
    return Markup(sealing_script())  # noqa: S704 -- our own file


def sealing_here(ballot: OpenBallot) -> dict[str, object]:
    """Return the script and what it reads, as the page's template calls them."""
    return {"sealing": sealing_data(ballot), "sealing_script": script_in_page()}


def sealing_data(ballot: OpenBallot) -> dict[str, object] | None:
    """Return what the script reads; None where only the server can seal.

    That is so where the manifest does not name this script, where somebody was taken
    out since it was signed, about whom the server answers, where a ballot would be
    longer than a request, and where the page is in another language than the two in
    which we have words for it.
    """
    named = ballot.box.sealing_script == sealing_script_print()
    if tongue() or not named or ballot.gone or sum(ballot.sealed_sizes) > MOST_SEALED:
        return None
    form = ballot.form
    return {
        "keys": [_der(key.sealing) for key in ballot.box.holders],
        "aad": form.aad.decode(),
        "size": [form.answers_size, form.comment_size],
        "room": COMMENT_ROOM,
        "limit": COMMENT_LIMIT,
        "questions": [_asked(one) for one in form.questionnaire.questions],
        "subjects": sorted(form.subject_ids),
        "commented": form.commented,
        "rules": _rules(ballot),
        "words": _words(),
    }


def _der(pem: str) -> str:
    """Return the key as a browser takes it: without the lines around it."""
    return "".join(pem.splitlines()[1:-1])


def _asked(question: Question) -> dict[str, object]:
    depends = question.show_if
    return {
        "key": question.key,
        "kind": question.kind,
        "optional": question.optional,
        "choices": [choice.key for choice in question.choices],
        "show_if": [depends.question, depends.choices] if depends else None,
    }


def _rules(ballot: OpenBallot) -> list[dict[str, object]]:
    """Return every rule with the fields it governs, and the words it says."""
    asked = ballot.box.questionnaire
    return [
        {
            "field": rule_field(place),
            "kind": one.rule.kind,
            "marks": [field_of(*mark) for mark in one.marks],
            "choices": one.rule.choices,
            "limit": one.limit,
            "text": said(broken_words(one, asked, used=USED, more=MORE)),
        }
        for place, one in enumerate(ballot.form.sheet_rules)
    ]


def _words() -> dict[str, str]:
    """Return the words of the page that comes back, for the script to say."""
    return {
        "check": _("Not sent yet. Please look at this:"),
        "open": _(
            "%(place)s: still to be answered: %(count)s", place=PLACE, count=COUNT
        ),
        "comment": _("Your comment"),
        "about": _("Choose whom your comment is about."),
        "missing": _("Choose one answer."),
        "missing-several": _("Tick at least one."),
        "missing-number": _("Write a number."),
        "missing-text": _("Write your answer."),
        "number": _("Write a whole number from 0 to 100, in digits."),
        "long": _(
            "%(count)s characters too many; at most %(limit)s can be kept."
            " Please shorten it.",
            count=COUNT,
            limit=COMMENT_LIMIT,
        ),
        "wide": _(
            "It has characters that need much room, such as emoji. The last %(count)s"
            " find no room any more. Please shorten it.",
            count=COUNT,
        ),
        "look": _(
            "Your answers are not sent to change the page, so they must be filled in"
            " again. Change it?"
        ),
        "failed": _(
            "This device could not seal your ballot, and nothing was sent. If you press"
            " the button once more, your answers go to the server, which seals them."
        ),
    }
