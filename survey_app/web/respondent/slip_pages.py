"""What somebody meets whose slip was used before: it counts once, whoever holds it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app.domain.ground.printed_code import printed_receipt
from survey_app.domain.ground.refusals import UnknownReceipt
from survey_app.survey.open_channel import OpenChannel
from survey_app.web.respondent.doors import counted_in


def used_receipt(channel: OpenChannel) -> bytes | None:
    """Return the receipt of a slip that was used; None: it was not, or is none.

    One that is good for several subjects is told so once somebody is chosen. Raises
    NotKept where nobody can say.
    """
    if len(channel.subjects) != 1:
        return None
    receipt = channel.receipt_for("")
    try:
        if receipt is not None:
            counted_in(receipt)
    except UnknownReceipt:
        return None
    return receipt


def slip_used(channel: OpenChannel, receipt: bytes) -> ResponseReturnValue:
    """Say that this slip was used, and what to do where somebody else did that."""
    return render_template(
        "respondent/slip_used.html", channel=channel, receipt=printed_receipt(receipt)
    )
