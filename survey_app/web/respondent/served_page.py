"""The two pages nearly everybody meets, out of ready bytes: questions, and thanks.

Drawing one asks templates and takes milliseconds, so it is done apart, once for all the
channels of a survey; every further serving only fills in what is somebody's own.
"""

import secrets
from dataclasses import replace
from datetime import date

from flask import Response, render_template
from markupsafe import escape

from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.answer_form import AnswerForm
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.asked_survey import SubjectChoice
from survey_app.survey.channels import Channels
from survey_app.survey.intake import CountedIn
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.tables import OPEN
from survey_app.web.compression import served
from survey_app.web.look import Look, asked_look
from survey_app.web.respondent.proof_of_work import allow_search
from survey_app.web.respondent.question_page import draw
from survey_app.web.respondent.ready_page import ReadyPage, ReadyPages


def questions(ready: ReadyPages, channel: OpenChannel, look: Look) -> Response:
    """Return the page of a channel with a fresh submission id."""
    page_id = channel.new_submission()
    own = [page_id.encode()]
    if channel.asks_proof:
        allow_search(channel)
        own.insert(0, channel.new_challenge(page_id).encode())
    if len(channel.subjects) != 1:
        page = _of(ready, channel, look, shape="choice", subjects=channel.subjects)
        return served(page, *own)
    (subject,) = channel.subjects
    name = escape(subject.name).encode()
    if not subject.place:
        page = _of(ready, channel, look, shape="named")
        return served(page, name, *own)
    page = _of(ready, channel, look, shape="placed")
    return served(page, name, escape(subject.place).encode(), *own)


def _of(
    ready: ReadyPages,
    channel: OpenChannel,
    look: Look,
    *,
    shape: str,
    subjects: tuple[SubjectChoice, ...] = (),
) -> ReadyPage:
    """Return the page all channels of this shape share."""
    says = (
        channel.title,
        channel.questionnaire,
        channel.rules,
        channel.state,
        channel.opens_on,
        channel.closes_on,
        subjects,
        channel.asks_proof,
    )
    key = channel.survey_id, shape, look
    return ready.of(key, says, lambda: _drawn(channel, shape))


def _drawn(channel: OpenChannel, shape: str) -> ReadyPage:
    """Return the ready page of a channel in the look of this request."""
    name, place = _mark(), _mark()
    submission = channel.new_submission()
    gaps: tuple[str, ...] = {
        "choice": (submission,),
        "named": (name, submission),
        "placed": (name, place, submission),
    }[shape]
    if shape != "choice":
        shown = SubjectChoice(0, name, place if shape == "placed" else "")
        channel = replace(channel, subjects=(shown,))
    drawn = draw(channel, AnswerForm.fresh(submission), fresh=True)
    if channel.asks_proof:
        *before, last = gaps
        gaps = (*before, _challenge_in(drawn), last)
    return ReadyPage.of(drawn, *gaps)


def _challenge_in(drawn: str) -> str:
    """Return the challenge that stands in a page."""
    _, _, rest = drawn.partition('name="proof" value="')
    return rest[: rest.index('"')]


def _mark() -> str:
    """Return what stands in no page by chance."""
    return secrets.token_hex(16)


def thanks(
    ready: ReadyPages, receipt: str, survey: CountedIn, look: Look, *, over: bool
) -> Response:
    """Return the page that says what the form with this receipt was counted in."""

    def drawn() -> ReadyPage:
        gap = _mark()
        return ReadyPage.of(
            render_template(
                "respondent/counted.html", receipt=gap, survey=survey, over=over
            ),
            gap,
        )

    page = ready.of(("counted", survey, over, look), (), drawn)
    return served(page, receipt.encode())


def try_out(channels: Channels) -> None:
    """Do what a respondent asks for, about nobody: see serving/shared_memory.py."""
    channels.try_out()
    asked = shipped_questionnaire("masses-satisfaction")
    asked = Questionnaire.from_json(asked.to_json())
    day, nobody = date(2000, 1, 1), (SubjectChoice(0, "", ""),)
    channel = OpenChannel("", 0, 0, "", "", asked, nobody, OPEN, day, day)
    ready = ReadyPages()
    questions(ready, channel, asked_look())
    thanks(ready, "", CountedIn("", day, OPEN), asked_look(), over=False)
    form = AnswerForm.fresh(channel.new_submission())
    form.flaws(channel)
