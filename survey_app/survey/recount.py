"""Count the answers themselves: when a survey closes, and whenever somebody doubts.

Answers are read in pieces, each of which the database lays end to end by channel and
subject; a piece is counted as one text. Turnout rises with the answers it counts, and
what was picked is written when the survey closes. Where the two say something else
than the answers, a disk, a program or a person changed one of them afterwards, and
nobody can know which without looking.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import Place
from survey_app.domain.ground.refusals import (
    CountersDiffer,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.domain.questionnaire.answer_text import (
    AnswerText,
    UnreadableAnswersError,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.jobs.jobs import Progress
from survey_app.survey.alike import Alike
from survey_app.survey.counters import SLOT, TurnoutCount, choice_counts
from survey_app.survey.draft import locked_survey
from survey_app.survey.responses import Response
from survey_app.survey.set_aside import channels_aside
from survey_app.survey.tables import CLOSED, CLOSING, DRAFT, Channel, Survey
from survey_app.survey.take_out import taken_out

Came = dict[tuple[int, int, date], int]
"""Channel, subject, day → how many answered."""
Picked = dict[Place, int]
"""Subject, rater group, question, choice → how many answers say so."""

PIECE = 500_000
"""Answers the database lays end to end at a time."""
TOGETHER = 2_000_000
"""Answers counted together: the memory of a few dozen megabytes."""
TURNOUT = (TurnoutCount.channel_id, TurnoutCount.subject_id, TurnoutCount.answered_on)
ANSWERS = Response.__table__.c
"""Columns of the table: a row of them is nobody's object, of which there are many."""
WHERE = (ANSWERS.channel_id, ANSWERS.subject_id, ANSWERS.answered_on)


@dataclass(frozen=True, slots=True)
class AnswersCounted:
    """What the answers of a survey say."""

    picked: Picked = field(default_factory=Counter)
    came: Came = field(default_factory=Counter)
    alike: Alike = field(default_factory=lambda: Alike(1))
    """How many answers of each channel are the same."""


def counted_for_closing(
    session: Session, survey_id: int, progress: Progress | None = None
) -> AnswersCounted:
    """Return what the answers of a survey say, all of which are counted in.

    Reads every answer once and locks nothing. Raises CountersDiffer where its turnout
    is not theirs, or one of them is not as it was written.
    """
    try:
        counted = count_answers(session, survey_id, progress)
    except (UnreadableAnswersError, DBAPIError) as error:
        session.rollback()
        raise CountersDiffer(survey_id) from error
    if counted.came != _turnout(session, survey_id):
        raise CountersDiffer(survey_id)
    return counted


def is_counted(session: Session, survey: Survey) -> bool:
    """Return whether what was picked is what is kept of it, once it is.

    Before a survey is closed nothing is. An answer that cannot be read any more was
    changed, too.
    """
    kept = choice_counts(session, [survey.id]).get(survey.id, {})
    try:
        picked = picked_in_answers(session, survey.id)
    except (UnreadableAnswersError, DBAPIError):
        session.rollback()
        return False
    is_being_written = survey.state == CLOSING
    return is_being_written or kept == (
        picked if survey.state == CLOSED or kept else {}
    )


def is_turnout_counted(session: Session, survey_id: int) -> bool:
    """Return whether every channel's turnout is the number of its answers."""
    return _turnout(session, survey_id) == came_in_answers(session, survey_id)


def came_in_answers(session: Session, survey_id: int) -> Came:
    """Return (channel, subject, day) → how many answers there are."""
    came = (
        select(*WHERE, func.count())
        .where(Response.survey_id == survey_id)
        .group_by(*WHERE)
    )
    return _counts(session, came)


def picked_in_answers(
    session: Session, survey_id: int, progress: Progress | None = None
) -> Picked:
    """Return (subject, rater group, question, choice) → how many answers say so.

    Raises UnreadableAnswersError where one is not as it was written.
    """
    return count_answers(session, survey_id, progress).picked


def count_answers(
    session: Session, survey_id: int, progress: Progress | None = None
) -> AnswersCounted:
    """Return all that the answers of a survey say, read once.

    What was set aside came, and does not count. Raises UnreadableAnswersError where
    one is not as it was written.
    """
    kept = session.scalar(select(Survey.questionnaire).where(Survey.id == survey_id))
    if kept is None:
        return AnswersCounted()
    text = AnswerText.of(Questionnaire.from_json(kept))
    ours = select(Channel.id, Channel.rater_group).where(Channel.survey_id == survey_id)
    groups = {channel.id: channel.rater_group for channel in session.execute(ours)}
    expected = sum(_turnout(session, survey_id).values())
    counted = AnswersCounted(alike=Alike(text.length))
    gone, aside = taken_out(session, survey_id), channels_aside(session, survey_id)
    laid: defaultdict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    read = 0
    for piece in _pieces(session, survey_id, expected):
        for channel, subject, day, answers, texts in piece:
            if channel not in groups:
                raise UnreadableAnswersError
            counted.came[channel, subject, day] += answers
            counted.alike.add(channel, texts)
            if subject not in gone and channel not in aside:
                laid[subject, groups[channel]].append((answers, texts))
        before, read = read, sum(counted.came.values())
        if before // TOGETHER != read // TOGETHER:
            _count_laid(laid, text, counted.picked)
        if progress is not None:
            progress(read, max(read, expected))
    _count_laid(laid, text, counted.picked)
    return counted


def picked_through(
    session: Session, survey_id: int, channels: Collection[int]
) -> dict[tuple[int, int, str, str], int]:
    """Return (channel, subject, question, choice) → how many answers say so.

    Raises UnreadableAnswersError.
    """
    asked = session.get_one(Survey, survey_id).questionnaire
    text = AnswerText.of(Questionnaire.from_json(asked))
    gone = taken_out(session, survey_id)
    expected = sum(_turnout(session, survey_id).values())
    found: Counter[tuple[int, int, str, str]] = Counter()
    for piece in _pieces(session, survey_id, expected, channels):
        for channel, subject, _, answers, texts in piece:
            for question, choice, count in text.count(texts, answers):
                if subject not in gone:
                    found[channel, subject, question, choice] += count
    return dict(found)


def _count_laid(
    laid: dict[tuple[int, str], list[tuple[int, str]]], text: AnswerText, picked: Picked
) -> None:
    """Count what lies there, by subject and group, and take it away."""
    for (subject, group), parts in laid.items():
        answers = sum(number for number, _ in parts)
        texts = "".join(part for _, part in parts)
        for question, choice, count in text.count(texts, answers):
            picked[subject, group, question, choice] += count
    laid.clear()


def _pieces(
    session: Session,
    survey_id: int,
    expected: int,
    channels: Collection[int] | None = None,
) -> Iterator[list[Row[int, int, date, int, str]]]:
    """Yield answers piece by piece, by channel, subject and day.

    How many there are, and their texts end to end; of all channels, or of some. Keys
    are random: every part of them leads to as many answers.
    """
    laid = select(*WHERE, func.count(), func.aggregate_strings(ANSWERS.answers, ""))
    if channels is not None:
        laid = laid.where(ANSWERS.channel_id.in_(channels))
    many = 1 + expected // PIECE
    starts = [(65536 * piece // many).to_bytes(2) for piece in range(1, many)]
    for slot in _slots(session):
        for start, end in zip([b"", *starts], [*starts, None], strict=True):
            part = laid.where(
                ANSWERS.slot == slot,
                ANSWERS.survey_id == survey_id,
                ANSWERS.id >= start,
            )
            if end is not None:
                part = part.where(ANSWERS.id < end)
            yield list(session.execute(part.group_by(*WHERE)).all())


def _slots(session: Session) -> Iterator[int]:
    """Yield every slot in which there are answers, by one look at the key for each."""
    last = -1
    while True:
        following = select(func.min(Response.slot)).where(Response.slot > last)
        slot = session.scalar(following)
        if slot is None:
            return
        yield (last := slot)


def _turnout(session: Session, survey_id: int) -> Came:
    told = (
        select(*TURNOUT, func.sum(TurnoutCount.count))
        .where(TurnoutCount.survey_id == survey_id)
        .group_by(*TURNOUT)
    )
    return _counts(session, told)


def _counts(session: Session, counted: Select[int, int, date, int]) -> Came:
    """Return place → count, as whole numbers and without those that are zero."""
    return {
        (channel, subject, day): int(count)
        for channel, subject, day, count in session.execute(counted)
        if count
    }


Change = tuple[Any, ...]
"""Where a counter stands, what it said before, what it says now."""


def recount_answers(session: Session, survey_id: int) -> list[Change]:
    """Make the turnout anew; return which counters changed; does not commit.

    Answers wait meanwhile. Raises NotFound, WrongMode for a secret ballot, whose tally
    is made from its fragments, SurveyNotYetOpen for a draft, SurveyClosed: what was
    settled is not counted anew behind a page that was read, and CountersDiffer where an
    answer itself cannot be read.
    """
    survey = locked_survey(session, survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state in (DRAFT, CLOSED):
        raise SurveyClosed if survey.state == CLOSED else SurveyNotYetOpen
    before = _turnout(session, survey_id)
    try:
        now = count_answers(session, survey_id).came
    except UnreadableAnswersError as error:
        raise CountersDiffer(survey_id) from error
    _replace_turnout(session, survey_id, now)
    return [
        (channel, subject, day.isoformat(), before.get(place, 0), now.get(place, 0))
        for place in sorted({*before, *now})
        if before.get(place, 0) != now.get(place, 0)
        for channel, subject, day in (place,)
    ]


def _replace_turnout(session: Session, survey_id: int, came: Came) -> None:
    """Put the number of its answers in the place of every channel's turnout."""
    names = ("channel_id", "subject_id", "answered_on")
    ours = {"slot": SLOT, "survey_id": survey_id}
    rows = [
        {**ours, **dict(zip(names, place, strict=True)), "count": count}
        for place, count in came.items()
    ]
    session.execute(delete(TurnoutCount).where(TurnoutCount.survey_id == survey_id))
    if rows:
        session.execute(insert(TurnoutCount), rows)
