"""A small county for tests: one cycle, two units, and surveys with counted answers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.results import keep_results
from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.appraisal.adjustments import COUNTS, GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.publication import settle_plans
from survey_app.survey.tables import CLOSED, OPEN, PublicationPlan, Survey
from tests.support.grown import grown
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME, changed

BOTH_GROUPS = changed(
    SMALL_SCHEME,
    ('design = "roster"\n', ""),
    ('["residents"]', '["staff", "residents"]\npooled = true'),
)
"""The small scheme, whose alert judges staff and residents, apart and together."""

SCHEME = read_scheme(BOTH_GROUPS, file="small.toml")
QUESTIONNAIRE = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")

MAY_1 = date(2026, 5, 1)
LAST_DAY = date(2026, 4, 30)


@dataclass(frozen=True)
class County:
    """What the tests speak of: numbers only, so that any session may use them."""

    engine: Engine
    cycle_id: int
    survey_id: int
    other_survey_id: int
    """A second survey of the same cycle, over as well, in which noise was counted."""
    subject_id: int
    """王一, principal of the first unit."""
    other_subject_id: int
    body_id: int

    def count(self, group: str, *, subject_id: int = 0, **choices: int) -> None:
        """Count answers to "overall", spread over two slots."""
        with Session(writing(self.engine)) as session:
            add_counts(
                session, self.survey_id, subject_id or self.subject_id, group, choices
            )
            session.commit()

    def give(self, subject_id: int, **values: str) -> None:
        """Hand in component values of one subject."""
        with Session(writing(self.engine)) as session:
            session.add_all(
                GivenValue(
                    cycle_id=self.cycle_id,
                    subject_id=subject_id,
                    component_key=key,
                    value=value,
                    source="file 3",
                )
                for key, value in values.items()
            )
            session.commit()

    def settle(self) -> None:
        """Fix what may be shown of every closed survey, as closing it would have.

        What was fixed before is forgotten: the counts may be those of another world.
        """
        with Session(writing(self.engine)) as session:
            session.execute(delete(PublicationPlan))
            settle_plans(session)
            for survey_id in session.scalars(select(PublicationPlan.survey_id)).all():
                if session.get_one(PublicationPlan, survey_id).evaluated:
                    keep_results(session, survey_id)
                    keep_alerts(session, survey_id)
            self.keep_sheets(session)

    def keep_sheets(self, session: Session) -> None:
        """Work out every sheet of the cycle, as the worker would have by now."""
        keep_sheets(session, self.cycle_id, stale_only=False)

    def reopen(self) -> None:
        """Let the survey still take answers."""
        with Session(writing(self.engine)) as session:
            survey = session.get_one(Survey, self.survey_id)
            survey.state, survey.closes_on = OPEN, MAY_1
            session.execute(
                delete(PublicationPlan).where(
                    PublicationPlan.survey_id == self.survey_id
                )
            )
            session.commit()


def add_counts(
    session: Session,
    survey: int,
    subject: int,
    group: str,
    choices: dict[str, int],
    *,
    question: str = "overall",
) -> None:
    """Add counters of one group, half of each in another slot."""
    for choice, count in choices.items():
        for slot, part in enumerate((count // 2, count - count // 2)):
            session.add(
                ChoiceCount(
                    slot=slot,
                    survey_id=survey,
                    subject_id=subject,
                    rater_group=group,
                    question_key=question,
                    choice_key=choice,
                    count=part,
                )
            )


@grown
def small_county(engine: Engine, scheme: Scheme = SCHEME) -> County:
    """Build the county; noise lies all around what tests ask about.

    There is another cycle, another survey and another cadre.
    """
    with Session(writing(engine)) as session:
        cycle = _cycle("2026", scheme)
        session.add(cycle)
        session.flush()
        # Last year is entered last, so that no order of rows hides a missing filter.
        last_year = _cycle("2025", scheme)
        first, body = _unit(session, "U1", "清河镇", "王一")
        second, _ = _unit(session, "U2", "柳林镇", "李二")
        survey = _survey(cycle, "2026年满意度调查", [first, second])
        other = _survey(cycle, "另一项调查", [second])
        session.add_all((survey, other))
        session.flush()
        _add_noise_about(session, last_year, first)
        add_counts(session, survey.id, second.id, "residents", {"good": 7, "bad": 70})
        add_counts(session, other.id, second.id, "staff", {"good": 55})
        session.commit()
        return County(
            engine, cycle.id, survey.id, other.id, first.id, second.id, body.id
        )


def _cycle(name: str, scheme: Scheme) -> Cycle:
    return Cycle(
        name=name,
        scheme_key=scheme.key,
        scheme=scheme_to_json(scheme),
        scheme_fingerprint=scheme.fingerprint,
        frozen=True,
    )


def _add_noise_about(session: Session, last_year: Cycle, subject: Subject) -> None:
    """Add last year's values and answers, and a survey that is open still."""
    over, open_still = (
        _survey(last_year, title, [subject]) for title in ("去年的", "去年未结束的")
    )
    open_still.state, open_still.closes_on = OPEN, date(2999, 12, 31)
    session.add_all((over, open_still))
    session.flush()
    add_counts(session, over.id, subject.id, "staff", {"bad": 500})
    for key in ("achievements", "direct"):
        session.add(
            GivenValue(
                cycle_id=last_year.id,
                subject_id=subject.id,
                component_key=key,
                value="1",
                source="last year",
            )
        )
    session.add(
        GivenAdjustment(
            cycle_id=last_year.id,
            subject_id=subject.id,
            kind="bonus",
            points="50",
            reason="last year",
            state=COUNTS,
            source="last year",
        )
    )


def _unit(
    session: Session, code: str, name: str, cadre_name: str
) -> tuple[Subject, Subject]:
    """Return the cadre and the leading body of a new unit, as subjects."""
    unit = Unit(code=code, name=name)
    session.add(unit)
    session.flush()
    cadre = Cadre(
        code=code.replace("U", "C"),
        name=cadre_name,
        unit_id=unit.id,
        post="principal",
        title="镇长",
    )
    session.add(cadre)
    session.flush()
    person = Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id)
    body = Subject(kind="leading-body", unit_id=unit.id)
    session.add_all((person, body))
    session.flush()
    return person, body


def _survey(cycle: Cycle, title: str, subjects: list[Subject]) -> Survey:
    return Survey(
        cycle=cycle,
        component_key="satisfaction",
        title=title,
        questionnaire=QUESTIONNAIRE.to_json(),
        questionnaire_fingerprint=QUESTIONNAIRE.fingerprint,
        opens_on=date(2026, 4, 1),
        closes_on=LAST_DAY,
        state=CLOSED,
        subjects=subjects,
    )
