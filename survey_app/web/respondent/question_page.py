"""The page with the questions: what stands in it, whatever has happened so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flask import render_template
from flask_babel import gettext as _

from survey_app.domain.ground.printed_code import printed_receipt
from survey_app.domain.ground.refusals import Refusal
from survey_app.forms.answer_form import COMMENT, SUBJECT, AnswerForm, Flaw
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.proof_of_work import COST
from survey_app.waiting import apart
from survey_app.web.asked_fields import AskedField, asked_fields
from survey_app.web.respondent.proof_of_work import allow_search, searched
from survey_app.web.rule_list import listed_rules
from survey_app.web.spoken import asked_here


def draw(
    channel: OpenChannel,
    form: AnswerForm,
    *,
    flaws: Sequence[Flaw] = (),
    refusal: Refusal | None = None,
    known: bool = True,
    fresh: bool = False,
) -> str:
    """Return the page with everything that was answered still in it.

    `known`: whether anybody could say that this form was not counted before.
    """
    return _drawn(
        "respondent/ask.html",
        channel,
        form,
        flaws,
        refusal=refusal,
        known=known,
        fresh=fresh,
    )


def draw_repeated(channel: OpenChannel, form: AnswerForm, *, over: bool) -> str:
    """Return the page of a form that was counted before.

    It repeats the receipt, and what was sent now stands in a form of its own: nobody
    compares the two, so nobody can say whether they are the same answers.
    """
    if form.slip is not None:
        shown = printed_receipt(form.receipt)
        return render_template(
            "respondent/slip_used.html", channel=channel, receipt=shown
        )
    anew = form.anew(channel.new_submission())
    return _drawn(
        "respondent/repeated.html",
        channel,
        anew,
        anew.comment_flaws(),
        receipt=printed_receipt(form.receipt),
        over=over,
    )


def _drawn(
    template: str,
    channel: OpenChannel,
    form: AnswerForm,
    flaws: Sequence[Flaw],
    **more: object,
) -> str:
    """Return a page with the questions in it; that takes a while, so apart."""
    allow_search(channel)
    return apart(lambda: _written(template, channel, form, flaws, more))


def _written(
    template: str,
    channel: OpenChannel,
    form: AnswerForm,
    flaws: Sequence[Flaw],
    more: Mapping[str, object],
) -> str:
    asked = asked_here(channel.questionnaire)
    channel = replace(channel, questionnaire=asked)
    groups = tuple(_groups(channel))
    rules = listed_rules(channel.rules, channel.questionnaire, flaws, people={})
    names = {rule.field: "" for rule in rules}
    names |= {group.field: _place(group) for group in groups}
    names[COMMENT] = _("Your comment")
    gaps = [flaw.field for flaw in flaws if flaw.field in names]
    submission = _submission(channel, form)
    return render_template(
        template,
        channel=channel,
        groups=groups,
        names=names,
        rules=rules,
        broken={rule.field: rule.error for rule in rules if rule.error},
        form=form,
        submission=submission,
        proof=searched(channel, form, submission),
        proof_rounds=COST,
        flaws={flaw.field: flaw.why for flaw in flaws},
        first_gap=gaps[0] if gaps else None,
        **more,
    )


def _submission(channel: OpenChannel, form: AnswerForm) -> str:
    """Return the id it was sent with, or a fresh one where that is none of ours."""
    sent = form.submission
    return sent if channel.gave_out(sent) else channel.new_submission()


def _place(group: AskedField) -> str:
    """Return how the list of problems names this group."""
    if group.number is None:
        return _("Who is rated")
    return _("Question %(number)s", number=group.number)


def _groups(channel: OpenChannel) -> Iterator[AskedField]:
    """Yield the groups in the order of the page."""
    if len(channel.subjects) > 1:
        choices = tuple((str(s.id), s.name) for s in channel.subjects)
        yield AskedField(SUBJECT, _("Whom are you rating?"), choices, None)
    yield from asked_fields(channel.questionnaire)
