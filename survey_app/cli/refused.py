"""Refusal → one line in the terminal that tells what to do."""

from survey_app.domain import refusals

SENTENCES: dict[type[refusals.Refusal], str] = {
    refusals.NameTaken: "This name, or one that looks like it, is taken.",
    refusals.NameRefused: (
        "The name is not what it looks like: type it in one alphabet and in ordinary "
        "width."
    ),
    refusals.NotFound: "There is no such survey; look up its number on its page.",
    refusals.WrongMode: "This survey is not a secret ballot.",
    refusals.PlanChanged: (
        "What was frozen or settled of a survey is not what was sealed. Run `survey "
        "check`; restore the database from a backup of before."
    ),
    refusals.CountersDiffer: (
        "The counters of a survey differ from its answers. Run `survey check`; restore "
        "a backup of before, or run `survey recount` to count the answers anew."
    ),
    refusals.NoBallotDatabase: (
        "The settings name no ballot database; set SURVEY_BALLOT_DATABASE_URL."
    ),
    refusals.SecretsMissing: (
        "The survey's secrets are not in the folder of secrets; run this on the server "
        "that opened the survey, with its SURVEY_BALLOT_SECRETS."
    ),
    refusals.WrongPassphrase: (
        "The passphrase does not open this key file; type it again."
    ),
    refusals.WeakPassphrase: (
        "The passphrase is too easily guessed. Take at least 12 characters, not the "
        "holder's name, common words, years or rows of keys; four unrelated words are "
        "easy to keep in mind."
    ),
    refusals.KeyRefused: (
        "Compare the fingerprints with those on the posted manifest, and take the key "
        "files of both holders, whole."
    ),
    refusals.KeyOfAnotherSurvey: "Make a new key with `survey keys make`.",
    refusals.ExportRefused: (
        "Take the file again from where it was made; if this stays so, do not open."
    ),
    refusals.ChallengesNotCompared: (
        "Let the auditors compare every challenge ballot with their notes; then say so "
        "when `take` asks. One difference: stop, the survey is void."
    ),
    refusals.ChallengeNotOpened: (
        "A challenge ballot does not open. Nothing else was opened and nothing was "
        "written; let a manager void the survey on the page of its box."
    ),
    refusals.BoxNotReady: (
        "The ballot box is not at this step: close it before you export or open; an "
        "opening that was begun goes on with `survey ballots resume`."
    ),
}


def sentence(refused: refusals.Refusal) -> str:
    """Return what is wrong, where the refusal knows it, and what to do."""
    meaning = (type(refused).__doc__ or "").partition("\n")[0]
    known = SENTENCES.get(type(refused), meaning)
    reason = "; ".join(str(part) for part in refused.args)
    return f"Refused: {reason}. {known}" if reason else known
