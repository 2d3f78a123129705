"""A whole answer: whether it is one, and as a ballot has it, line by line.

On a ballot every question is a line, and of a question with several choices every
choice is one more, ticked or not. So all ballots of one form have as many lines, and
as many fragments when they are cut, whatever was answered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    Question,
    QuestionKind,
    ShowIf,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire

TICKED, UNTICKED = "ticked", "unticked"
TICKS = (TICKED, UNTICKED)
STOP = "."
"""Between question and choice in the name of a line; it stands in no key."""

Picks = Collection[tuple[str, str]]


def line_of(question: str, choice: str) -> str:
    """Return the name of the line on which a choice is ticked."""
    return f"{question}{STOP}{choice}"


def ballot_lines(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Return line → everything that may stand there, in the order asked."""
    found: dict[str, tuple[str, ...]] = {}
    for question in questionnaire.questions:
        found[question.key] = question.answers
        if question.kind is QuestionKind.SEVERAL:
            own = question.choice_keys
            found[question.key] = tuple(o for o in question.answers if o not in own)
            for choice in question.choices:
                found[line_of(question.key, choice.key)] = TICKS
    return found


def lines_of(questionnaire: Questionnaire, picks: Picks) -> dict[str, str]:
    """Return line → what stands there of a whole answer as a tally counts it."""
    found: dict[str, str] = {}
    for question in questionnaire.questions:
        said = [pick for key, pick in picks if key == question.key]
        if question.kind is not QuestionKind.SEVERAL:
            found[question.key] = said[0]
            continue
        (found[question.key],) = set(said) - question.choice_keys
        for choice in question.choices:
            line = line_of(question.key, choice.key)
            found[line] = TICKED if choice.key in said else UNTICKED
    return found


def picks_in(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the same lines as a tally counts them: question and choice."""
    return [pick for line in lines if (pick := pick_on(*line))]


def pick_on(line: str, said: str) -> tuple[str, str] | None:
    """Return what a tally counts of one line; None for a choice left unticked."""
    question, stop, choice = line.partition(STOP)
    if not stop:
        return question, said
    return (question, choice) if said == TICKED else None


def is_whole_ballot(questionnaire: Questionnaire, lines: Mapping[str, str]) -> bool:
    """Return whether exactly the lines of a ballot are filled in, as one can be."""
    offered = ballot_lines(questionnaire)
    if lines.keys() != offered.keys():
        return False
    if any(said not in offered[line] for line, said in lines.items()):
        return False
    return questionnaire.is_plain or is_one_answer(
        questionnaire, picks_in(lines.items())
    )


def is_one_answer(questionnaire: Questionnaire, picks: Picks) -> bool:
    """Return whether one person can have answered so: whole, and with nothing more.

    The picks stand in any order; every question has its own.
    """
    said: dict[str, list[str]] = {}
    for key, pick in picks:
        said.setdefault(key, []).append(pick)
    asked: list[tuple[str, str]] = []
    for question in questionnaire.questions:
        found = said.pop(question.key, [])
        shown = question.show_if is None or is_asked(question.show_if, asked)
        if not (_fits(question, found) if shown else found == [NOT_ASKED]):
            return False
        asked += ((question.key, pick) for pick in found)
    return not said


def is_asked(condition: ShowIf, picks: Picks) -> bool:
    """Return whether the choice a question depends on is among these picks."""
    return any((condition.question, choice) in picks for choice in condition.choices)


def _fits(question: Question, found: Sequence[str]) -> bool:
    """Return whether these picks answer a question that was asked."""
    if found == [BLANK]:
        return question.optional
    if question.kind is QuestionKind.SEVERAL:
        ticked = set(found) - {ANSWERED}
        whole = len(set(found)) == len(found) == len(ticked) + 1
        return whole and bool(ticked) and ticked <= question.choice_keys
    return len(found) == 1 and found[0] in question.answers and found[0] != NOT_ASKED
