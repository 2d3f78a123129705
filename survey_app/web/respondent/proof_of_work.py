"""The proof of work in a respondent's page: what to look for, and what came with it."""

from collections.abc import Sequence
from dataclasses import replace

from flask import g

from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.forms.answer_form import PROOF, AnswerForm, Flaw
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.proof_of_work import Proof
from survey_app.waiting import apart

STALE = (Flaw(PROOF, "stale"),)


def allow_search(channel: OpenChannel) -> None:
    """Let the headers of this reply allow the script that looks for a proof."""
    if channel.asks_proof:
        g.asks_proof = True


def searched(channel: OpenChannel, form: AnswerForm, submission: str) -> str:
    """Return what stands in the page: what was found already, or a new challenge.

    Empty where the channel asks for no proof.
    """
    if not channel.asks_proof:
        return ""
    sent = form.picked(PROOF) or ""
    if channel.proof_in(sent, submission) is Proof.GOOD:
        return sent
    return channel.new_challenge(submission)


def flaws_with_proof(channel: OpenChannel, form: AnswerForm) -> Sequence[Flaw]:
    """Return what keeps a form from being an answer, a proof that is none included.

    No proof at all is no flaw: what comes so is counted beside the others.
    """
    flaws = form.flaws(channel)
    if flaws or not channel.asks_proof:
        return flaws
    sent, submission = form.picked(PROOF) or "", form.submission
    judged = apart(lambda: channel.proof_in(sent, submission))
    return STALE if judged is Proof.BAD else ()


def counted_beside(channel: OpenChannel, form: AnswerForm) -> NewResponse:
    """Return the answer, counted through the channel that its proof, or none, leads to.

    Call only where nothing keeps the form from being one.
    """
    answer = form.to_response(channel)
    if not channel.asks_proof:
        return answer
    return replace(answer, channel_id=channel.counts_in(form.picked(PROOF) or ""))
