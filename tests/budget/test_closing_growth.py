"""What closing costs grows with its subjects and never with their square.

Counted, not timed: the calls of our own functions at ten times the subjects.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from types import FrameType

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import STEPS
from survey_app.analytics.kept.results import keep_results
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import engine_of, writing
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.survey.closing import close_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channels
from survey_app.survey.rated import subject_ids_of
from survey_app.survey.tables import CLOSED, Survey, SurveySubject
from tests.conftest import ONE_DATABASE
from tests.support.answers import let_answers_agree
from tests.support.drafts import KEY, SCHEME, ready
from tests.support.plans import frozen
from tests.support.small_county import MAY_1, add_counts
from tests.support.statements import counted

FEW, MANY = 12, 120
LINEAR = 10.5
"""Times as many calls at ten times the subjects, a fixed part taken along."""


def calls(work: Callable[[], object], *names: str) -> int:
    """Return how many functions of ours are called, or of ours with these names."""
    made = 0

    def note(frame: FrameType, what: str, _: object) -> None:
        nonlocal made
        code = frame.f_code
        if what == "call" and "survey_app" in code.co_filename:
            made += not names or code.co_name in names

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def offending(subject: int) -> Tally:
    """Return answers whose small groups make every whole around them give way."""
    return {
        "staff": {"overall": {"good": 12 + subject % 3}},
        "residents": {"overall": {"bad": 1 + subject % 2}},
    }


def test_withholding_grows_with_the_subjects() -> None:
    def decide(subjects: int) -> Callable[[], object]:
        tallies = {subject: offending(subject) for subject in range(subjects)}
        plan = frozen(SCHEME, tallies)
        every = [Counted(key, tally, SCHEME) for key, tally in tallies.items()]
        return lambda: evaluated(plan, every)

    decide(1)()

    assert calls(decide(MANY)) <= LINEAR * calls(decide(FEW))


def drafted(engine: Engine, subjects: int) -> int:
    """Return a draft about so many cadres of as many units, and their bodies."""
    with Session(writing(engine)) as session:
        made = ready(session)
        units = [Unit(code=f"N{n}", name=f"第{n}镇") for n in range(subjects)]
        session.add_all(units)
        session.flush()
        cadres = [
            Cadre(
                code=f"N{n}",
                name=f"王{n}",
                unit_id=unit.id,
                post="deputy",
                title="副镇长",
            )
            for n, unit in enumerate(units)
        ]
        session.add_all(cadres)
        session.flush()
        people = [
            Subject(kind="cadre", unit_id=one.unit_id, cadre_id=one.id)
            for one in cadres
        ]
        bodies = [Subject(kind="leading-body", unit_id=unit.id) for unit in units]
        session.add_all((*people, *bodies))
        session.flush()
        session.execute(
            insert(SurveySubject),
            [{"survey_id": made.survey_id, "subject_id": one.id} for one in people],
        )
        add_channels(session, made.survey_id, key=KEY)
        session.commit()
        return made.survey_id


def answered(session: Session, survey_id: int) -> None:
    """Let somebody have answered about everybody, few of them in one group."""
    asked = select(SurveySubject.subject_id).filter_by(survey_id=survey_id)
    for subject in session.scalars(asked).all():
        add_counts(session, survey_id, subject, "staff", {"good": 12, "bad": 2})
        add_counts(session, survey_id, subject, "residents", {"bad": 1 + subject % 2})
    session.flush()
    let_answers_agree(session, survey_id)


def cost(database_url: str, subjects: int) -> tuple[int, int]:
    """Return how many calls opening and closing of such a survey are."""
    engine = engine_of(database_url)
    survey = drafted(engine, subjects)
    with Session(writing(engine)) as session:
        opening = calls(lambda: open_survey(session, survey, today=MAY_1))
        answered(session, survey)
        closing = calls(lambda: close_survey(session, survey, steps=STEPS))
        assert session.get_one(Survey, survey).state == CLOSED
    engine.dispose()
    return opening, closing


@ONE_DATABASE
def test_opening_and_closing_grow_with_the_subjects(
    database_url: str, tmp_path: Path
) -> None:
    city = copy(database_url.removeprefix("sqlite:///"), tmp_path / "city.sqlite")

    few, many = cost(database_url, FEW), cost(f"sqlite:///{city}", MANY)

    for fewer, more in zip(few, many, strict=True):
        assert more <= LINEAR * fewer


@ONE_DATABASE
def test_what_is_kept_of_a_survey_is_made_of_the_counts_at_hand(
    engine: Engine,
) -> None:
    survey = drafted(engine, FEW)
    with Session(writing(engine)) as session:
        open_survey(session, survey, today=MAY_1)
        answered(session, survey)
        with counted(engine) as sent:
            digests = calls(
                lambda: close_survey(session, survey, steps=STEPS), "tally_digest"
            )
        reads = [one for one in sent if "sum(choice_count" in one]
        every = len(subject_ids_of(session.get_one(Survey, survey)))

    assert not reads, "no tally is read that was counted just now"
    assert digests == every, "nor looked through more than once"


@ONE_DATABASE
def test_a_list_of_results_puts_no_choice_down(engine: Engine) -> None:
    survey = drafted(engine, FEW)
    with Session(writing(engine)) as session:
        open_survey(session, survey, today=MAY_1)
        answered(session, survey)
        close_survey(session, survey)

        kept = calls(lambda: keep_results(session, survey), "_choice", "nodes")
        scales = calls(lambda: keep_results(session, survey), "points_by_choice")
        means = calls(lambda: keep_results(session, survey), "question_mean")

    assert means >= FEW
    assert (kept, scales) == (0, 1), "one question, put together once for all"
