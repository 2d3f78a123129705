"""What a ballot says of somebody it does not ask about any more.

An envelope is about everybody in the signed manifest. For whoever was taken out while
the box is open the server puts marks in that say as little as they can: "don't know",
or else the last choice. They are dropped when the box is counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from survey_app.ballot.paper.ballot import BallotForm
from survey_app.domain.questionnaire.ballot_lines import TICKED, line_of
from survey_app.domain.questionnaire.ballot_rules import broken_rules
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    DONT_KNOW,
    Question,
    QuestionKind,
    Questionnaire,
)
from survey_app.forms.ballot_form import (
    ABOUT,
    PAD,
    SentBallot,
    field_of,
)

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
    own = [rule for rule in form.sheet_rules if rule.subject in gone]
    found: dict[str, str] = {}
    for pick in (_says_nothing, _in_turn):
        found = _picks(form.questionnaire, pick)
        marks = {
            (subject, key): said for subject in gone for key, said in found.items()
        }
        if not broken_rules(own, marks):
            break
    asked = {question.key: question for question in form.questionnaire.questions}
    return {
        name: values
        for subject in gone
        for key, said in found.items()
        for name, values in _sent(field_of(subject, key), asked[key], said)
    }


def _picks(questionnaire: Questionnaire, pick: Pick) -> dict[str, str]:
    """Return what is picked of every question that would be asked and needs it."""
    found: dict[str, str] = {}
    for place, question in enumerate(questionnaire.questions):
        depends = question.show_if
        if depends and found.get(depends.question) not in depends.choices:
            continue
        if not question.optional:
            found[question.key] = pick(place, question)
    return found


def _sent(
    field: str, question: Question, said: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the field that holds it."""
    if question.kind is QuestionKind.SEVERAL:
        yield line_of(field, said), (TICKED,)
    else:
        yield field, (said,)


def _says_nothing(_place: int, question: Question) -> str:
    """Return "don't know" or "abstain" where that is offered, else the last choice."""
    keys = [choice.key for choice in question.choices]
    told = [key for key in (DONT_KNOW, ABSTAIN) if key in keys]
    return told[0] if told else _in_turn(0, question)


def _in_turn(place: int, question: Question) -> str:
    """Return choices in turn, so that they are not all equal; of words a dash."""
    keys = [choice.key for choice in question.choices]
    if keys:
        return keys[-1 - place % len(keys)]
    return "0" if question.kind is QuestionKind.NUMBER else "-"
