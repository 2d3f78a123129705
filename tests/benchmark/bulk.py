"""Rows by the hundred thousand: the tables are filled past everything durable."""

import sqlite3
from array import array
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import Engine

from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.demo.county import FAIR, GOOD, LEVELS, PLAIN, QUESTIONNAIRE
from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.responses import Comment, Receipt, Response
from survey_app.survey.tables import Channel
from survey_app.table_base import Base

SHAPES = 512
"""Different answers in each mood; what is counted is how often each of them came."""
DAYS = 10
UNHAPPY = (14, 22, 20, 28, 13, 3)
"""More than a third dissatisfied: the alerts of a city."""
DISLIKED = 24
"""One unit in so many is."""
COMMENTED = 50
"""One answer in so many has a comment."""
GROUPS = {"staff": 3, "service_objects": 6, "departments": 3, "leaders": 2}
"""Rater group → how large its part of the answers is."""
TEXTS = ("窗口态度好，办事快。", "希望中午也有人值班。", "材料要求说不清楚，跑了三趟。",
         "路灯坏了两个月没人管。", "比去年好多了。", "排队时间太长。")  # fmt: skip


def fill(
    engine: Engine,
    table: type[Base],
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """Write many rows at once, without what makes a single one durable."""
    name = table.__tablename__
    if engine.dialect.name == "sqlite":
        told = sqlite3.connect(engine.url.database or "", isolation_level=None)
        with closing(told) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-200000")
            marks = ",".join("?" * len(columns))
            into = f"INSERT INTO {name} ({','.join(columns)}) VALUES ({marks})"  # noqa: S608 -- our own names
            connection.execute("BEGIN IMMEDIATE")
            plain = (
                (str(v) if isinstance(v, date) else v for v in row) for row in rows
            )
            connection.executemany(into, (tuple(row) for row in plain))
            connection.execute("COMMIT")
        return
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {name} ({','.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if table in (Unit, Cadre, Subject, Channel):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) "  # noqa: S608
                f"FROM {name}"
            )


def answer(
    engine: Engine, luck: Random, channels: list[Any], answers: int, first: date
) -> None:
    """Write answers, receipts, comments and counters of a survey, in no order."""
    survey_id = channels[0][1]
    questionnaire = shipped_questionnaire(QUESTIONNAIRE)
    questions = [q.key for q in questionnaire.questions]
    written = AnswerText.of(questionnaire)
    shapes = [
        tuple(zip(questions, luck.choices(LEVELS, mood, k=len(questions)), strict=True))
        for mood in (GOOD, FAIR, PLAIN, UNHAPPY)
        for _ in range(SHAPES)
    ]
    parts = [GROUPS[channel[3]] for channel in channels]
    via = luck.choices(
        range(len(channels)), cum_weights=[*accumulate(parts)], k=answers
    )
    moods = _moods(luck, len(channels) // len(GROUPS))
    said = array("H", (moods[v // len(GROUPS)] + luck.randrange(SHAPES) for v in via))
    day = array("B", luck.choices(range(DAYS), k=answers))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    texts = [written.write(shape) for shape in shapes]
    # Sorted keys fill a table without a row number many times faster.
    ids = sorted(luck.randbytes(16) for _ in range(answers))
    fill(engine, Response, ("slot", "survey_id", "id", "channel_id", "subject_id",
                             "answered_on", "answers"), (
        (0, survey_id, key, channels[v][0], channels[v][5], days[d], texts[s])
        for key, v, d, s in zip(ids, via, day, said, strict=True)
    ))  # fmt: skip
    ids = sorted(luck.randbytes(10) for _ in range(answers))
    fill(engine, Receipt, ("slot", "code", "survey_id"),
          ((0, key, survey_id) for key in ids))  # fmt: skip
    fill(engine, Comment, ("slot", "id", "survey_id", "subject_id", "text"), (
        (0, key, survey_id, channels[v][5], luck.choice(TEXTS))
        for key, v in zip(
            sorted(luck.randbytes(16) for _ in range(answers // COMMENTED)), via,
            strict=False,
        )
    ))  # fmt: skip
    _count(engine, channels, zip(via, day, strict=True), days)


def _moods(luck: Random, units: int) -> list[int]:
    """Return where the shapes of each unit's mood begin."""
    return [
        (3 if unit % DISLIKED == 0 else luck.randrange(3)) * SHAPES
        for unit in range(1, units + 1)
    ]


def _count(
    engine: Engine,
    channels: list[Any],
    given: Iterable[tuple[int, int]],
    days: list[date],
) -> None:
    """Write the turnout of these answers."""
    came: dict[tuple[int, int], int] = {}
    for v, d in given:
        came[v, d] = came.get((v, d), 0) + 1
    survey_id = channels[0][1]
    fill(engine, TurnoutCount, ("slot", "survey_id", "channel_id", "subject_id",
                                 "answered_on", "count"), (
        (0, survey_id, channels[v][0], channels[v][5], days[d], count)
        for (v, d), count in sorted(came.items())
    ))  # fmt: skip
