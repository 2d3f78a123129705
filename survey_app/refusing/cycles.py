"""What is said about a cycle: settling, named ratings, adjustments, corrections."""

from survey_app.domain.ground import cycle_refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import PdfNotPossible, Refusal
from survey_app.refusing.said import Said

CYCLES: dict[type[Refusal], Said] = {
    PdfNotPossible: Said(
        503,
        office=(
            message("This server cannot make PDFs"),
            message(
                "The library WeasyPrint, or Pango of the system, is missing: whoever "
                "runs this server finds what to install in docs/operations.md. Until "
                "then print the page of the paper from your browser."
            ),
        ),
    ),
    cycle_refusals.CycleInUse: Said(
        409,
        office=(
            message("Something hangs on this appraisal cycle"),
            message(
                "Surveys or values belong to it. Delete its drafts first; a cycle with "
                "values or opened surveys stays."
            ),
        ),
    ),
    cycle_refusals.AlreadyRated: Said(
        409,
        office=(
            message("This rating is on the list already"),
            message(
                "The same signature about the same person counts once. Withdraw the "
                "rating that stands there first, with the reason."
            ),
        ),
        back=("named ratings",),
    ),
    cycle_refusals.RatingSettled: Said(
        409,
        office=(
            message("This rating was settled before"),
            message(
                "It is confirmed or withdrawn already. Look at the list of named "
                "ratings."
            ),
        ),
        back=("named ratings",),
    ),
    cycle_refusals.CycleSettled: Said(
        409,
        office=(
            message("This appraisal cycle is settled"),
            message(
                "Its surveys, given values and score sheets stay as they are. Where "
                "something is wrong, request a correction on the page of the cycle."
            ),
        ),
        back=("survey", "cycle"),
    ),
    cycle_refusals.CycleNotSettled: Said(
        409,
        office=(
            message("The cycle is not settled yet"),
            message("Its scores may still change. Compare once it is settled."),
        ),
        back=("cycle",),
    ),
    cycle_refusals.CycleNotReady: Said(
        409,
        office=(
            message("The cycle cannot be settled yet"),
            message(
                "A survey of it is open still, or a bonus or deduction waits for a "
                "second person. The page of the cycle names them."
            ),
        ),
        back=("cycle",),
    ),
    cycle_refusals.AdjustmentRefused: Said(
        422,
        office=(
            message("The scheme takes no such bonus or deduction"),
            message("%(why)s"),
        ),
        terminal=message("The scheme takes no such bonus or deduction"),
        back=("adjustments",),
    ),
    cycle_refusals.AdjustmentStands: Said(
        409,
        office=(
            message("This bonus or deduction is on the list already"),
            message(
                "The same points for the same reason from the same source count once."
            ),
        ),
        back=("adjustments",),
    ),
    cycle_refusals.AdjustmentDecided: Said(
        409,
        office=(
            message("This bonus or deduction was decided before"),
            message(
                "It is confirmed, withdrawn or reversed already. Look at the list."
            ),
        ),
        back=("adjustments",),
    ),
    cycle_refusals.CorrectionRefused: Said(
        422,
        office=(
            message("This cannot be corrected like that"),
            message(
                "Nothing was requested. Go back to the page of the cycle and begin the "
                "correction again."
            ),
        ),
        back=("cycle",),
    ),
    cycle_refusals.CorrectionDecided: Said(
        409,
        office=(
            message("This correction is decided already"),
            message(
                "The list of corrections says by whom. Request another one if "
                "something is still wrong."
            ),
        ),
    ),
    cycle_refusals.CorrectionOutdated: Said(
        409,
        office=(
            message("Something else stands there by now"),
            message(
                "Another correction came first. Decline this one and look at the score "
                "sheet again."
            ),
        ),
    ),
    cycle_refusals.CorrectionInDoubt: Said(
        403,
        office=(
            message("One of the two accounts got a new password from the other"),
            message(
                "That was after the correction was requested. Withdraw it, let the "
                "owner of the account choose a password of their own, and request it "
                "anew."
            ),
        ),
    ),
    cycle_refusals.AnotherConfirms: Said(
        403,
        office=(
            message("This takes a second person"),
            message(
                "Whoever requested a correction does not confirm it. Let another "
                "person sign in with an account of their own."
            ),
        ),
    ),
}
