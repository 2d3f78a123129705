"""Two places of one kind, one ten times the other: rows alone, written by bulk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from secrets import token_bytes
from typing import Any

from sqlalchemy import Engine, event, func, insert, select
from sqlalchemy.orm import Session

from survey_app.accounts.tables import CONFIRMATION, Account, AccountRole, GivenPassword
from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.results import keep_results
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import writing
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.publication import settle_plans
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import CommentReview
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import (
    CLOSED,
    DRAFT,
    OPEN,
    Channel,
    Survey,
    SurveySubject,
)
from tests.support.office import READER
from tests.support.small_county import LAST_DAY, QUESTIONNAIRE, SCHEME

GROUPS = ("staff", "residents")
DAY = date(2026, 4, 2)


@dataclass(frozen=True)
class LongLists:
    """One place: the numbers that addresses of pages need."""

    cycle: int
    closed: int
    open: int
    draft: int
    lost: int
    """A draft with a channel to one of its subjects alone."""
    subject: int
    """Somebody in the middle of all the lists."""


def long_lists(engine: Engine, people: int, mark: str) -> LongLists:
    """Write so many cadres, one to a unit, and a survey of each state about them."""
    with Session(writing(engine)) as session:
        subjects = people_of(session, people, mark)
        cycle = Cycle(
            name=mark,
            scheme_key=SCHEME.key,
            scheme=scheme_to_json(SCHEME),
            scheme_fingerprint=SCHEME.fingerprint,
            frozen=True,
        )
        session.add(cycle)
        session.flush()
        closed, running, draft = (
            survey_of(session, cycle.id, mark, state, subjects, len(subjects))
            for state in (CLOSED, OPEN, DRAFT)
        )
        lost = survey_of(session, cycle.id, f"{mark}x", DRAFT, subjects, 1)
        _count(session, closed, running, subjects)
        middle = subjects[len(subjects) // 2]
        about = {"survey_id": closed, "subject_id": middle, "slot": 0, "text": "x"}
        session.execute(
            insert(Comment), [{"id": token_bytes(16), **about} for _ in range(60)]
        )
        session.commit()
        settle_plans(session)
        keep_results(session, closed)
        keep_alerts(session, closed)
        return LongLists(cycle.id, closed, running, draft, lost, middle)


def grow(engine: Engine, place: LongLists, number: int) -> None:
    """Add so many cycles with two surveys each, accounts and comments about somebody.

    Every second comment was passed by two readers, all others by one.
    """
    with Session(writing(engine)) as session:
        mark = session.scalar(select(func.count()).select_from(Cycle)) or 0
        _add_years(session, mark, number)
        _add_accounts(session, mark, number)
        _add_comments(session, place, number)
        session.commit()


def _add_years(session: Session, mark: int, number: int) -> None:
    session.add_all(
        Survey(
            cycle=cycle,
            component_key="satisfaction",
            title=f"{cycle.name} {part}",
            questionnaire=QUESTIONNAIRE.to_json(),
            questionnaire_fingerprint=QUESTIONNAIRE.fingerprint,
            opens_on=DAY,
            closes_on=LAST_DAY,
        )
        for cycle in [
            Cycle(
                name=f"cycle {mark}-{one}",
                scheme_key=SCHEME.key,
                scheme=scheme_to_json(SCHEME),
                scheme_fingerprint=SCHEME.fingerprint,
            )
            for one in range(number)
        ]
        for part in "ab"
    )


def _add_accounts(session: Session, mark: int, number: int) -> None:
    names = [f"user {mark}-{one}" for one in range(number)]
    told = [{"username": name, "password_hash": "-"} for name in names]
    numbers = session.scalars(insert(Account).returning(Account.id), told)
    roles = [{"account_id": number, "role": READER} for number in numbers]
    session.execute(insert(AccountRole), roles)
    session.execute(
        insert(GivenPassword),
        [{"account": n, "set_by": "", "kind": CONFIRMATION} for n in names],
    )


def _add_comments(session: Session, place: LongLists, number: int) -> None:
    keys = [token_bytes(16) for _ in range(number)]
    about = {"survey_id": place.closed, "subject_id": place.subject}
    session.execute(
        insert(Comment), [{"slot": 0, "id": k, "text": "x", **about} for k in keys]
    )
    session.execute(
        insert(CommentReview),
        [
            {"slot": 0, "comment_id": key, "reader": reader, "verdict": "pass",
             "text": "x"}
            for reader, step in (("li", 2), ("wang", 2), ("zhao", 1))
            for key in keys[step - 1 :: step]
        ],
    )  # fmt: skip


def people_of(session: Session, people: int, mark: str) -> list[int]:
    codes = [f"{mark}{number:05}" for number in range(people)]
    session.execute(insert(Unit), [{"code": c, "name": f"{c}单位"} for c in codes])
    units = {u.code: u.id for u in session.execute(select(Unit.code, Unit.id))}
    session.execute(
        insert(Cadre),
        [
            {"code": c, "name": f"{c}某", "unit_id": units[c], "post": "deputy",
             "title": "副职"}
            for c in codes
        ],
    )  # fmt: skip
    cadres = session.execute(
        select(Cadre.id, Cadre.unit_id).where(Cadre.code.startswith(mark))
    ).all()
    session.execute(
        insert(Subject),
        [{"kind": "cadre", "unit_id": unit, "cadre_id": id_} for id_, unit in cadres],
    )
    ours = select(Subject.id).where(Subject.cadre_id.in_([one.id for one in cadres]))
    return list(session.scalars(ours.order_by(Subject.id)))


def survey_of(
    session: Session,
    cycle_id: int,
    mark: str,
    state: str,
    subjects: list[int],
    led_to: int,
) -> int:
    survey = Survey(
        cycle_id=cycle_id,
        component_key="satisfaction",
        title=f"{mark} {state}",
        questionnaire=QUESTIONNAIRE.to_json(),
        questionnaire_fingerprint=QUESTIONNAIRE.fingerprint,
        opens_on=date(2026, 4, 1),
        closes_on=LAST_DAY if state == CLOSED else date(2999, 12, 31),
        state=state,
        slots="0",
    )
    session.add(survey)
    session.flush()
    session.execute(
        insert(SurveySubject),
        [{"survey_id": survey.id, "subject_id": one} for one in subjects],
    )
    session.execute(
        insert(Channel),
        [
            {"survey_id": survey.id, "code": f"{mark}{state[0]}{group[0]}{one:06}",
             "rater_group": group, "place": "", "subject_id": one}
            for one in subjects[:led_to]
            for group in GROUPS
        ],
    )  # fmt: skip
    if state != DRAFT:
        freeze_facts(session, survey)
    return survey.id


def _count(session: Session, closed: int, running: int, subjects: list[int]) -> None:
    """Count forty answers of each group about each, half of them bad."""
    session.execute(
        insert(ChoiceCount),
        [
            {"slot": 0, "survey_id": closed, "subject_id": one, "rater_group": group,
             "question_key": "overall", "choice_key": choice, "count": 20 + one % 3}
            for one in subjects
            for group in GROUPS
            for choice in ("good", "bad")
        ],
    )  # fmt: skip
    channels = select(Channel.id, Channel.subject_id)
    session.execute(
        insert(TurnoutCount),
        [
            {"slot": 0, "survey_id": running, "channel_id": channel,
             "subject_id": subject, "answered_on": DAY, "count": 7}
            for channel, subject in session.execute(
                channels.where(Channel.survey_id == running)
            )
        ],
    )  # fmt: skip


@contextmanager
def rows_read(engine: Engine) -> Iterator[list[int]]:
    """Yield a list that grows by one for every row SQLite hands out meanwhile."""
    read: list[int] = []

    def row(_cursor: object, told: tuple[Any, ...]) -> tuple[Any, ...]:
        read.append(1)
        return told

    def taken(connection: Any, *_: object) -> None:
        connection.row_factory = row

    def given_back(connection: Any, *_: object) -> None:
        connection.row_factory = None

    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
    try:
        yield read
    finally:
        event.remove(engine, "checkout", taken)
        event.remove(engine, "checkin", given_back)
