"""What is said about alerts, the files attached to them, and objections."""

from survey_app.domain.ground import alert_refusals
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import Refusal
from survey_app.refusing.said import Said

ALERTS: dict[type[Refusal], Said] = {
    alert_refusals.AlertChanged: Said(
        409,
        office=(
            message("Somebody else was quicker"),
            message(
                "Something happened to this alert after you opened the page, so "
                "nothing of what you sent was done. Look at what changed, then decide "
                "again."
            ),
        ),
        back=("alert",),
    ),
    alert_refusals.AlertActImpossible: Said(
        409,
        office=(
            message("This cannot be done to the alert now"),
            message(
                "It does not stand where this step is possible. Its page shows what "
                "comes next."
            ),
        ),
        back=("alert",),
    ),
    alert_refusals.ReasonMissing: Said(
        422,
        office=(
            message("A reason is missing"),
            message("Write down why, then send it again."),
        ),
        back=("alert",),
    ),
    alert_refusals.MeasureNotPossible: Said(
        422,
        office=(
            message("The scheme knows no such measure"),
            message("Choose one of the measures that the page of the alert offers."),
        ),
        back=("alert",),
    ),
    alert_refusals.LeadingGroupConsents: Said(
        403,
        office=(
            message("The leading group must agree"),
            message(
                "This measure is confirmed by an account that acts for the leading "
                "group."
            ),
        ),
        back=("alert",),
    ),
    alert_refusals.FollowUpRefused: Said(
        422,
        office=(
            message("The re-check cannot be planned like this"),
            message(
                "Its day must not have passed, and its survey must be another one than "
                "the survey that raised the alert, and not void."
            ),
        ),
        back=("alert",),
    ),
    alert_refusals.AttachmentRefused: Said(
        422,
        office=(
            message("This file cannot be attached"),
            message(
                "PDF files, pictures and office files without macros can be. Save an "
                "older office file as DOCX, XLSX or PDF first."
            ),
        ),
        back=("alert",),
    ),
    alert_refusals.AttachmentTooLarge: Said(
        413,
        office=(
            message("The file is too large"),
            message("Attach a file of at most 20 MB."),
        ),
        back=("alert",),
    ),
    alert_refusals.ObjectionLate: Said(
        409,
        office=(
            message("The days to ask for a re-check are over"),
            message(
                "The scheme sets how long it may be asked for. Turn to the office that "
                "appraises."
            ),
        ),
    ),
    alert_refusals.ObjectionAnswered: Said(
        409,
        office=(
            message("This request was answered already"),
            message("Look at its answer on the page of the result."),
        ),
    ),
}
