"""Refusal → one line in the terminal that tells what to do."""

from collections.abc import Callable

from survey_app.domain.ground import refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.missing import worth_telling

SENTENCES: dict[type[refusals.Refusal], str] = {
    refusals.NameTaken: message("This name, or one that looks like it, is taken."),
    refusals.NameRefused: message(
        "The name is not what it looks like: type it in one alphabet and in ordinary "
        "width."
    ),
    refusals.NotFound: message(
        "There is no such survey; look up its number on its page."
    ),
    refusals.WrongMode: message("This survey is not a secret ballot."),
    refusals.PlanChanged: message(
        "What was frozen or settled of a survey is not what was sealed. Run `survey "
        "check`; restore the database from a backup of before."
    ),
    refusals.CountersDiffer: message(
        "The counters of a survey differ from its answers. Run `survey check`; restore "
        "a backup of before, or run `survey recount` to count the answers anew."
    ),
    refusals.NoBallotDatabase: message(
        "The settings name no ballot database; set SURVEY_BALLOT_DATABASE_URL."
    ),
    refusals.SecretsMissing: message(
        "The survey's secrets are not in the folder of secrets; run this on the server "
        "that opened the survey, with its SURVEY_BALLOT_SECRETS."
    ),
    refusals.WrongPassphrase: message(
        "The passphrase does not open this key file; type it again."
    ),
    refusals.WeakPassphrase: message(
        "The passphrase is too easily guessed. Take at least 12 characters, not the "
        "holder's name, common words, years or rows of keys; four unrelated words are "
        "easy to keep in mind."
    ),
    refusals.KeyRefused: message(
        "Compare the fingerprints with those on the posted manifest, and take the key "
        "files of both holders, whole."
    ),
    refusals.KeyOfAnotherSurvey: message("Make a new key with `survey keys make`."),
    refusals.ExportRefused: message(
        "Take the file again from where it was made; if this stays so, do not open."
    ),
    refusals.ChallengesNotCompared: message(
        "Let the auditors compare every challenge ballot with their notes; then say so "
        "when `take` asks. One difference: stop, the survey is void."
    ),
    refusals.ChallengeNotOpened: message(
        "A challenge ballot does not open. Nothing else was opened and nothing was "
        "written; let a manager void the survey on the page of its box."
    ),
    refusals.BoxNotReady: message(
        "The ballot box is not at this step: close it before you export or open; an "
        "opening that was begun goes on with `survey ballots resume`."
    ),
    refusals.AlreadyOpened: message(
        "Since its opening nothing of the survey can be changed."
    ),
    refusals.AnotherManagerNeeded: message(
        "Whoever declared a survey void does not destroy what could prove it."
    ),
    refusals.EarlierFormat: message(
        "A paper of this ballot was written by an earlier program."
    ),
    refusals.NotKept: message(
        "The database did not answer; nothing was kept. Try again later."
    ),
    refusals.PerhapsKept: message(
        "The database did not say whether it kept this: look before you try again."
    ),
    refusals.UnsafeServer: message(
        "A setting of a server would break the promise made to respondents."
    ),
    refusals.ResultsSealed: message("Results exist only once the survey has closed."),
    refusals.ResultsNotSettled: message(
        "The survey is over; results come once it was closed, or its box opened."
    ),
    refusals.NotReadyToOpen: message("Something is missing before the survey opens."),
}


REFUSED = message("Refused: %(reason)s. %(meaning)s")


def sentence(refused: refusals.Refusal, translate: Callable[[str], str] = str) -> str:
    """Return what is wrong, where the refusal knows it, and what to do."""
    meaning = (type(refused).__doc__ or "").partition("\n")[0]
    known = translate(SENTENCES.get(type(refused), meaning))
    if isinstance(refused, refusals.NotReadyToOpen):
        lacking = worth_telling(refused.missing)
        return " ".join((known, *(one.say(translate) for one in lacking)))
    if isinstance(refused, refusals.UnsafeServer):
        told = (text for one in refused.reasons for text in one.say(translate))
        return " ".join((known, *told))
    reason = "; ".join(translate(str(part)) for part in refused.args)
    if not reason:
        return known
    return translate(REFUSED) % {"reason": reason, "meaning": known}
