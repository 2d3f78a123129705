"""The answers behind counters that a test has written by themselves."""

import secrets
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from survey_app.audit.small_groups import person_by_person
from survey_app.domain.counting.tally import nested
from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.counters import TurnoutCount, choice_counts
from survey_app.survey.responses import Response
from survey_app.survey.tables import Channel, Survey

DAY = date(2026, 5, 1)
Said = dict[tuple[int, str], dict[str, list[tuple[str, ...]]]]


def let_answers_agree(session: Session, survey_id: int) -> None:
    """Store the answers that a survey's counters speak of, and commit.

    Closing a survey counts its answers again: counters alone do not close.
    """
    asked = session.get_one(Survey, survey_id).questionnaire
    text = AnswerText.of(Questionnaire.from_json(asked))
    for table in (Response, TurnoutCount):
        session.execute(delete(table).where(table.survey_id == survey_id))
    for (subject, group), said in _said(session, survey_id).items():
        people = max(map(len, said.values()))
        place = {
            "slot": 0,
            "survey_id": survey_id,
            "channel_id": _channel(session, survey_id, subject, group),
            "subject_id": subject,
            "answered_on": DAY,
        }
        picks = [
            [
                (question, pick)
                for question, picked in said.items()
                for picks_of in picked[n : n + 1]
                for pick in picks_of
            ]
            for n in range(people)
        ]
        session.execute(
            insert(Response),
            [
                {
                    **place,
                    "id": secrets.token_bytes(16),
                    "answers": text.write(picked),
                }
                for picked in picks
            ],
        )
        session.execute(insert(TurnoutCount), [{**place, "count": people}])
    session.commit()


def _said(session: Session, survey_id: int) -> Said:
    """Return (subject, rater group) → question → what was picked, one after another."""
    counts = choice_counts(session, [survey_id]).get(survey_id, {})
    return {
        (subject, group): {q: person_by_person(one) for q, one in asked.items()}
        for subject, tally in nested(counts).items()
        for group, asked in tally.items()
    }


def _channel(session: Session, survey_id: int, subject: int, group: str) -> int:
    """Return the channel the group answers about the subject through."""
    ours = select(Channel).where(
        Channel.survey_id == survey_id, Channel.rater_group == group
    )
    there = session.scalars(ours).all()
    for channel in there:
        if channel.subject_id in (subject, None):
            return channel.id
    made = Channel(
        survey_id=survey_id,
        code=secrets.token_hex(5),
        rater_group=group,
        place="",
        subject_id=subject,
    )
    session.add(made)
    session.flush()
    return made.id
