"""What a ballot says of somebody it does not ask about any more.

An envelope is about everybody in the signed manifest. For whoever was taken out while
the box is open the server puts marks in that say as little as they can: "don't know",
or else the last choice. They are dropped when the box is counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from survey_app.ballot.paper.ballot import BallotForm
from survey_app.domain.questionnaire.ballot_rules import broken_rules
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    DONT_KNOW,
    Question,
    QuestionKind,
)
from survey_app.forms.ballot_form import ABOUT, PAD, SentBallot, field_of

Fields = dict[str, tuple[str, ...]]
Pick = Callable[[int, Question], str]


def with_unasked(sent: SentBallot, form: BallotForm, gone: Sequence[int]) -> SentBallot:
    """Return what was sent with marks about these subjects, whatever was sent of them.

    A comment about one of them is about nobody yet.
    """
    if not gone:
        return sent
    ours = {f"{subject}." for subject in gone}
    kept: Fields = {
        name: values
        for name, values in sent.fields.items()
        if not name.startswith(tuple(ours))
    }
    about = kept.get(ABOUT, ())
    if {value.rstrip(PAD) for value in about} & {str(one) for one in gone}:
        kept.pop(ABOUT)
    form_sent = sent.sent
    values = replace(form_sent.sent, values=kept | _marks(form, gone))
    return replace(sent, sent=replace(form_sent, sent=values))


def _marks(form: BallotForm, gone: Sequence[int]) -> Fields:
    """Return the first marks of these that break no rule by themselves."""
    found: Fields = {}
    for found in _offers(form, gone):
        marks = {
            (subject, question.key): values[0]
            for subject in gone
            for question in form.questionnaire.questions
            if (values := found.get(field_of(subject, question.key)))
        }
        own = [rule for rule in form.sheet_rules if rule.subject in gone]
        if not broken_rules(own, marks):
            break
    return found


def _offers(form: BallotForm, gone: Sequence[int]) -> Iterator[Fields]:
    for pick in (_says_nothing, _in_turn):
        yield {
            field_of(subject, question.key): (said,)
            for subject in gone
            for place, question in enumerate(form.questionnaire.questions)
            if (said := pick(place, question))
        }


def _says_nothing(_place: int, question: Question) -> str:
    """Return "don't know" or "abstain" where that is offered, else the last choice."""
    keys = [choice.key for choice in question.choices]
    told = [key for key in (DONT_KNOW, ABSTAIN) if key in keys]
    return told[0] if told else _last(question)


def _in_turn(place: int, question: Question) -> str:
    """Return choices in turn: not all of them are equal then."""
    keys = [choice.key for choice in question.choices]
    return keys[-1 - place % len(keys)] if keys else _last(question)


def _last(question: Question) -> str:
    """Return the last choice; of a number 0, of words and of what may be empty none."""
    if question.choices and question.kind is not QuestionKind.SEVERAL:
        return question.choices[-1].key
    if question.kind is QuestionKind.NUMBER and not question.optional:
        return "0"
    if question.kind is QuestionKind.SEVERAL and not question.optional:
        return question.choices[-1].key
    return "" if question.optional else "-"
