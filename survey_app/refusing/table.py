"""Refusal → status and words: one table, for every page and for the terminal."""

from collections.abc import Callable

from survey_app.domain.ground import file_faults
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.missing import worth_telling
from survey_app.domain.ground.refusals import (
    NotKept,
    NotReadyToOpen,
    Refusal,
    UnreadableForm,
    UnsafeServer,
)
from survey_app.refusing.alerts import ALERTS
from survey_app.refusing.answering import ANSWERING
from survey_app.refusing.ballots import BALLOTS
from survey_app.refusing.cycles import CYCLES
from survey_app.refusing.mistakes import MISTAKES
from survey_app.refusing.people import PEOPLE
from survey_app.refusing.rules import RULES
from survey_app.refusing.said import Said, Words
from survey_app.refusing.surveys import SURVEYS
from survey_app.refusing.texts import TEXTS

SAID: dict[type[Refusal], Said] = {
    **ANSWERING,
    **PEOPLE,
    **SURVEYS,
    **MISTAKES,
    **CYCLES,
    **BALLOTS,
    **ALERTS,
    **RULES,
    **TEXTS,
    # A file says itself what is wrong in it, fault by fault.
    file_faults.FileRefused: Said(422),
    file_faults.QuestionnaireRefused: Said(422),
    file_faults.SchemeRefused: Said(422),
    file_faults.ScoreInputRefused: Said(422),
    file_faults.WorkbookRefused: Said(422),
}
"""Every refusal there is. Without words are those that a form says at its own field."""

FAILED = Said(
    500,
    respondent=(
        message("Something went wrong on our side"),
        message(
            "Wait a moment, then load this page again. If you were sending an answer, "
            "send it again: the same form counts only once."
        ),
    ),
    once_more=True,
)
"""What is said where nobody was refused: the program itself failed."""

TOO_MUCH_IN_FRONT = (
    message("Your browser sent more with its request than can be read"),
    message(
        "Nothing was counted by it. Open the page in a private window or another "
        "browser, or scan the code again."
    ),
)
UNREAD: dict[int, Words] = {
    408: (
        message("What you sent did not arrive in time"),
        message(
            "Nothing was counted by it. Go back and send it once more, where the "
            "network is better if you can."
        ),
    ),
    413: (
        message("More was sent than can be taken"),
        message(
            "Nothing was counted by it. Go back, shorten the comment or choose a "
            "smaller file, and send again."
        ),
    ),
    414: TOO_MUCH_IN_FRONT,
    431: TOO_MUCH_IN_FRONT,
    500: FAILED.respondent,
    503: SAID[NotKept].respondent,
}
"""Status → what the server says of what never became a request."""

LINE = message("%(what)s. %(next)s")
REFUSED = message("Refused: %(reason)s. %(meaning)s")


def status_of(refusal: Refusal) -> int:
    """Return the status of a page that says this."""
    return SAID[type(refusal)].status


def unread_words(status: int) -> Words:
    """Return what the server says, of any other status that it could not be read."""
    return UNREAD.get(status, SAID[UnreadableForm].respondent)


def in_terminal(refusal: Refusal, translate: Callable[[str], str] = str) -> str:
    """Return in one line what is wrong, where the refusal knows it, and what to do.

    What has no words of its own for the terminal is said as on a page.
    """
    own = SAID[type(refusal)].terminal
    meaning = translate(own) if own else _as_on_a_page(refusal, translate)
    if isinstance(refusal, NotReadyToOpen):
        lacking = worth_telling(refusal.missing)
        return " ".join((meaning, *(one.say(translate) for one in lacking)))
    if isinstance(refusal, UnsafeServer):
        told = (text for one in refusal.reasons for text in one.say(translate))
        return " ".join((meaning, *told))
    reason = "; ".join(translate(str(part)) for part in refusal.args)
    if not reason:
        return meaning
    return translate(REFUSED) % {"reason": reason, "meaning": meaning}


def _as_on_a_page(refusal: Refusal, translate: Callable[[str], str]) -> str:
    """Return what a page says, in one line; what only forms say, as its class says."""
    page = SAID[type(refusal)].on_any_page()
    if page is None:
        return (type(refusal).__doc__ or "").partition("\n")[0]
    what, what_next = map(translate, page)
    return translate(LINE) % {"what": what, "next": what_next}
