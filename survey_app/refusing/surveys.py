"""What is said about surveys, their results and comments."""

from survey_app.domain.ground import door_refusals, refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

SURVEYS: dict[type[Refusal], Said] = {
    refusals.AlreadyOpened: Said(
        409,
        office=(
            message("The survey has opened already"),
            message(
                "Since then its questions, subjects and channels stay as they are. "
                "What can still be done stands on its page."
            ),
        ),
        terminal=message("Since its opening nothing of the survey can be changed."),
        but={
            "cycle": (
                message("A survey of this cycle has opened"),
                message(
                    "Since then the cycle keeps its name and its scheme, and stays on "
                    "the list."
                ),
            ),
        },
        back=("survey",),
    ),
    door_refusals.OpenCodeUnexplained: Said(
        422,
        office=(
            message("These people are known, and the code would be open to everybody"),
            message(
                "Give them slips, or add the channel again and write why its code is "
                "open; the reason stands beside the result."
            ),
        ),
        back=("survey",),
    ),
    door_refusals.NoPosterHere: Said(
        409,
        office=(
            message("This channel has no poster"),
            message(
                "A code on a wall would let whoever passes answer here. What is handed "
                "out instead stands on the channel's page."
            ),
        ),
    ),
    door_refusals.NoSlipsHere: Said(
        409,
        office=(
            message("Nobody needs a slip here"),
            message(
                "Slips and invitations are made for channels that need them; what this "
                "one needs stands on its page."
            ),
        ),
    ),
    door_refusals.NoPaperHere: Said(
        409,
        office=(
            message("Nobody answers on paper here"),
            message("Sheets and stacks belong to a channel of paper sheets."),
        ),
    ),
    door_refusals.NoCallsHere: Said(
        409,
        office=(
            message("Nobody is called here"),
            message("Calls belong to a channel of telephone interviews."),
        ),
    ),
    door_refusals.StackEnded: Said(
        409,
        office=(
            message("This stack is done with"),
            message("It was counted or thrown away; its page says which."),
        ),
    ),
    door_refusals.StackTypedByOthers: Said(
        409,
        office=(
            message("You cannot type in this stack now"),
            message(
                "Two people type a stack. Either two others do, or you have typed all "
                "of it and another person comes next."
            ),
        ),
    ),
    door_refusals.SheetOutOfStack: Said(
        409,
        office=(
            message("This sheet is not to be typed now"),
            message(
                "Sheets are typed in the order of the stack, and looked at again only "
                "where two differ. Go on from the page of the stack."
            ),
        ),
    ),
    door_refusals.CallTold: Said(
        409,
        office=(
            message("This call was counted before"),
            message(
                "A call counts once, as it was told first. Begin the next call from "
                "the page of the interviews."
            ),
        ),
    ),
    door_refusals.CallFromNowhere: Said(
        422,
        office=(
            message("This call was begun on no page of this channel"),
            message("Nothing was counted. Begin the next call anew."),
        ),
    ),
    refusals.BeingRehearsed: Said(
        409,
        office=(
            message("The survey is being rehearsed"),
            message(
                "End the rehearsal on its page first; then the draft can be changed or "
                "opened."
            ),
        ),
        back=("survey",),
    ),
    refusals.VoidingAsked: Said(
        409,
        office=(
            message("Somebody has asked for that already"),
            message("Another person grants it on the same page, or withdraws it."),
        ),
        back=("survey",),
    ),
    refusals.NotExtended: Said(
        422,
        office=(
            message("The last day cannot move there"),
            message("It must be later than the present one, and must not have passed."),
        ),
    ),
    refusals.NotRehearsed: Said(
        409,
        office=(
            message("The survey is not being rehearsed"),
            message("Begin a rehearsal on the page of the draft."),
        ),
        back=("survey",),
    ),
    refusals.NotReadyToOpen: Said(
        422,
        terminal=message("Something is missing before the survey opens."),
    ),
    refusals.ResultsSealed: Said(
        403,
        office=(
            message("Results are shown only after the survey has closed"),
            message("Until then you can follow the turnout."),
        ),
        terminal=message("Results exist only once the survey has closed."),
        back=("survey",),
    ),
    refusals.ResultsNotSettled: Said(
        403,
        office=(
            message("Results are not settled yet"),
            message(
                "An open survey shows them once somebody has closed it, a secret "
                "ballot once both key holders have decrypted the box."
            ),
        ),
        terminal=message(
            "The survey is over; results come once it was closed, or its box decrypted."
        ),
        back=("survey",),
    ),
    refusals.VoidNotSettled: Said(
        403,
        office=(
            message("This survey is void"),
            message(
                "Nothing of it was counted, and nothing will be. Its voiding was "
                "interrupted: let a decision maker finish it on the page of the box."
            ),
        ),
        back=("survey",),
    ),
    refusals.PlanChanged: Said(
        409,
        office=(
            message("What may be shown of this survey was changed in the database"),
            message(
                "Since its opening nobody may change it, and the seal of the server "
                "says that somebody did. Nothing of it is shown. Note the time, change "
                "nothing, tell your superior and whoever runs this server: “survey "
                "check” names what differs, and a backup from before restores it."
            ),
        ),
        respondent=(
            message("These papers are closed for now"),
            message(
                "Something was changed that must not change after an opening. Until "
                "that is settled nothing is shown; ask the office."
            ),
        ),
        terminal=message(
            "What was frozen or settled of a survey is not what was sealed. Run "
            "`survey check`; restore the database from a backup of before."
        ),
        back=("survey",),
    ),
    refusals.CountersDiffer: Said(
        409,
        office=(
            message("The counters of this survey differ from its answers"),
            message(
                "A disk, a program or a person changed one of the two. Nothing was "
                "settled and nothing is shown. Tell whoever runs this server: “survey "
                "check” names what differs; a backup restores it, or “survey recount” "
                "counts the answers anew and leaves a note of what stood there."
            ),
        ),
        respondent=(
            message("These papers are closed for now"),
            message(
                "Something was changed that must not change after an opening. Until "
                "that is settled nothing is shown; ask the office."
            ),
        ),
        terminal=message(
            "The counters of a survey differ from its answers. Run `survey check`; "
            "restore a backup of before, or run `survey recount` to count the answers "
            "anew."
        ),
        back=("survey",),
    ),
    refusals.CommentsSealed: Said(
        403,
        office=(
            message("So few comments are read by nobody"),
            message(
                "Where few people wrote, or few answered, a text points at its writer."
            ),
        ),
    ),
    refusals.CommentSettled: Said(
        409,
        office=(
            message("Two readers agree on this comment"),
            message("Nothing changes it any more."),
        ),
    ),
    refusals.ThemesChanged: Said(
        409,
        office=(
            message("Somebody else was at these themes meanwhile"),
            message("Nothing was changed. Look at what stands there now, then go on."),
        ),
        back=("survey",),
    ),
    refusals.EditRefused: Said(
        422,
        office=(
            message("The text cannot stand for the comment"),
            message(
                "Strike out only: it must not be empty, and not longer than what was "
                "written."
            ),
        ),
    ),
}
