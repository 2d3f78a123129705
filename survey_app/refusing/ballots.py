"""What is said about secret ballots: their slips, keys, boxes and papers."""

from survey_app.domain.ground import refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

BALLOTS: dict[type[Refusal], Said] = {
    refusals.NoBallotDatabase: Said(
        409,
        office=(
            message("This server has no database for secret ballots"),
            message(
                "Set SURVEY_BALLOT_DATABASE_URL to a database of its own, run “survey "
                "migrate” and start the server again. Open surveys work without it."
            ),
        ),
        terminal=message(
            "The settings name no ballot database; set SURVEY_BALLOT_DATABASE_URL."
        ),
    ),
    refusals.WrongMode: Said(
        409,
        office=(
            message("This belongs to the other kind of survey"),
            message(
                "An open survey has channels, posters and turnout; a secret ballot has "
                "tickets, and while it is open nobody sees a number. Go back to the "
                "survey’s page."
            ),
        ),
        terminal=message("This survey is not a secret ballot."),
        back=("survey",),
    ),
    refusals.AlreadyPrinted: Said(
        409,
        office=(
            message("These slips were shown already"),
            message(
                "They are never shown twice: a second print would be a second copy of "
                "every code. If the print is lost or incomplete, void the batch on the "
                "survey’s page and request it anew."
            ),
        ),
        back=("survey",),
    ),
    refusals.SlipsAreOut: Said(
        409,
        office=(
            message("Slips are printed already"),
            message(
                "They fit only the people on the ballot and the keys there are now. "
                "Void all batches of this survey first, then change it and request "
                "them anew."
            ),
        ),
        back=("survey",),
    ),
    refusals.GroupTooSmall: Said(
        422,
        office=(
            message("Too few people for a secret ballot"),
            message(
                "Among fewer than 8 people nobody is hidden. Go back to the numbers of "
                "this unit and merge the group with its neighbour, or leave it out."
            ),
        ),
        back=("survey",),
    ),
    refusals.UnsafeServer: Said(
        409,
        office=(
            message("A setting of this server would break the promise"),
            message(
                "Nothing was changed. The page “Open the ballot” names every reason "
                "and what to do about it."
            ),
        ),
        terminal=message(
            "A setting of a server would break the promise made to respondents."
        ),
        back=("survey",),
    ),
    refusals.SecretsMissing: Said(
        409,
        office=(
            message("The secrets of this survey are not where they should be"),
            message(
                "Check that SURVEY_BALLOT_SECRETS names the same folder as when the "
                "tickets were issued, and that the server may read it. If the files "
                "are lost, void all batches and issue anew; once the survey has opened "
                "it must be repeated."
            ),
        ),
        terminal=message(
            "The survey's secrets are not in the folder of secrets; run this on the "
            "server that opened the survey, with its SURVEY_BALLOT_SECRETS."
        ),
        back=("survey",),
    ),
    refusals.WrongPassphrase: Said(
        422,
        office=(
            message("The passphrase does not open this key file"),
            message(
                "Nothing was decrypted. The key holder types it again; mind "
                "capitals and the input method."
            ),
        ),
        terminal=message("The passphrase does not open this key file; type it again."),
    ),
    refusals.WeakPassphrase: Said(
        422,
        office=(
            message("The passphrase is too weak"),
            message(
                "Choose at least 12 characters, and no names, common words, years or "
                "rows of keys; four unrelated words are easy to keep in mind."
            ),
        ),
        terminal=message(
            "The passphrase is too easily guessed. Take at least 12 characters, not "
            "the holder's name, common words, years or rows of keys; four unrelated "
            "words are easy to keep in mind."
        ),
    ),
    refusals.KeyRefused: Said(
        422,
        office=(
            message("This is not a key of this survey"),
            message(
                "Take the holder’s file again from the stick: “….public.json” "
                "before the survey opens, “….key.json” for decrypting the box. "
                "Compare the fingerprint with the manifest."
            ),
        ),
        terminal=message(
            "Compare the fingerprints with those on the posted manifest, and take the "
            "key files of both holders, whole."
        ),
        back=("survey",),
    ),
    refusals.KeyOfAnotherSurvey: Said(
        422,
        office=(
            message("Another survey has this key already"),
            message(
                "Let the holder make a new key for this survey: a key is destroyed "
                "once its box is decrypted, and would take the other survey’s "
                "ballots with it."
            ),
        ),
        terminal=message("Make a new key with `survey-keys make`."),
    ),
    refusals.ExportRefused: Said(
        422,
        office=(
            message(
                "This file is cut short, was changed, or belongs to another survey"
            ),
            message(
                "Nothing was changed. Fetch the export once more from the survey’s "
                "page, or the result once more from the machine that made it."
            ),
        ),
        terminal=message(
            "Take the file again from where it was made; if this stays so, do not "
            "decrypt."
        ),
    ),
    refusals.ChallengesNotCompared: Said(
        422,
        office=(
            message("The challenge ballots come first"),
            message(
                "The auditors compare every decrypted challenge ballot with their "
                "notes and say that they agree. Nothing was decrypted or taken."
            ),
        ),
        terminal=message(
            "Let the auditors compare every challenge ballot with their notes; then "
            "say so when `take` asks. One difference: stop, the survey is void."
        ),
    ),
    refusals.ChallengeNotDecrypted: Said(
        422,
        office=(
            message("A challenge ballot cannot be decrypted"),
            message(
                "Nothing else was decrypted and nothing was written. The survey is "
                "to be voided, on the page of the box."
            ),
        ),
        terminal=message(
            "A challenge ballot cannot be decrypted. Nothing else was decrypted "
            "and nothing was written; let a counter void the survey on the page of "
            "its box."
        ),
        back=("survey",),
    ),
    refusals.BoxNotReady: Said(
        409,
        office=(
            message("The ballot box is not at this step"),
            message(
                "Another step comes first, or this one is done already. The survey’s "
                "page shows which one is next."
            ),
        ),
        terminal=message(
            "The ballot box is not at this step: close it before you export or "
            "decrypt; a decryption that was begun goes on with `survey ballots "
            "resume`."
        ),
        back=("survey",),
    ),
    refusals.TicketNotTaken: Said(
        403,
        office=(
            message("The ticket was not taken"),
            message(
                "Compare every field with the paper. What was wrong is never said."
            ),
        ),
        respondent=(
            message("This code does not open a ballot"),
            message(
                "It is not a code of this ballot, or it was used, or it was declared "
                "void, or no ballots are taken today. Which of these it is, is never "
                "said, for everybody's protection. If a ballot you sent with this code "
                "has arrived already, it is in the box; its receipt is shown again "
                "only to the page that sent it, when that page sends it once more. "
                "Otherwise compare the code with your slip, group by group; if it is "
                "right, ask the people who gave out the slips."
            ),
        ),
    ),
}
