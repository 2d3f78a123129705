"""The stored answers of an open survey, brought into line with other counts.

A page that reads answers instead of counters must be found out, too.
"""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.response import Response
from survey_app.models.survey import Channel


def let_answer(
    session: Session,
    *,
    survey_id: int,
    subject_id: int,
    rater_group: str,
    said: Mapping[str, Iterable[str]],
) -> None:
    """Give the stored answers these choices, one after the other; does not commit.

    Where fewer are said than are stored, the others keep what they hold.
    """
    ours = (
        select(Response)
        .join(Channel, Channel.id == Response.channel_id)
        .where(
            Response.survey_id == survey_id,
            Response.subject_id == subject_id,
            Channel.rater_group == rater_group,
        )
        .order_by(Response.id)
    )
    columns = {question: iter(choices) for question, choices in said.items()}
    for response in session.scalars(ours):
        answers = json.loads(response.answers)
        for question, choices in columns.items():
            answers[question] = next(choices, answers.get(question))
        response.answers = json.dumps(answers)
