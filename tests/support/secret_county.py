"""A county with a secret ballot: two units, each with a cadre and a leading body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.ballot.paper.manifest import Manifest
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.kept_plan import freeze_plan
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import OPEN, SECRET_BALLOT, Survey
from tests.support.printed_slips import APRIL, usual_manifest
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME, changed

GROUPS = ("leaders", "staff", "residents")
"""In the scheme's order, along which small groups merge."""

STAFF = '[[components.components.rater_groups]]\nkey = "staff"'
LEADERS = """[[components.components.rater_groups]]
key = "leaders"
label = { zh = "领导", en = "Leaders" }
weight = { published = "2" }

"""
SCHEME = read_scheme(
    changed(SMALL_SCHEME, (STAFF, LEADERS + STAFF)), file="secret.toml"
)

OVERALL = '[[questions]]\nkey = "overall"'
WORK = """[[questions]]
key = "work"
text = { zh = "实绩", en = "Work" }
choices = "levels"

"""
QUESTIONNAIRE = read_questionnaire(
    changed(SMALL_QUESTIONNAIRE, (OVERALL, WORK + OVERALL)), file="secret.toml"
)


@dataclass(frozen=True)
class SecretCounty:
    """What the tests speak of: numbers only."""

    engine: Engine
    cycle_id: int
    survey_id: int
    title: str
    subjects: Mapping[int, tuple[int, ...]]
    """Unit → its cadre and its leading body."""
    plan_fingerprint: str
    questionnaire: Questionnaire = QUESTIONNAIRE
    scheme: Scheme = SCHEME

    @property
    def units(self) -> tuple[int, ...]:
        return tuple(self.subjects)

    def manifest(self, **told: Any) -> Manifest:
        """Return the manifest of its survey; `told` wins over the usual."""
        ours: dict[str, Any] = {
            "survey_id": self.survey_id,
            "title": self.title,
            "questionnaire_fingerprint": self.questionnaire.fingerprint,
            "scheme_fingerprint": self.scheme.fingerprint,
            "plan_fingerprint": self.plan_fingerprint,
            "groups": _groups(self.scheme),
            "subjects": self.subjects,
        }
        return usual_manifest(**ours | told)


def secret_county(
    engine: Engine,
    *,
    units: int = 2,
    asked: Questionnaire = QUESTIONNAIRE,
    scheme: Scheme = SCHEME,
) -> SecretCounty:
    """Keep a secret ballot that the main database says is open."""
    with Session(writing(engine)) as session:
        cycle = _cycle(scheme)
        session.add(cycle)
        session.flush()
        rated = [_unit(session, f"U{number}") for number in range(1, units + 1)]
        survey = Survey(
            cycle=cycle,
            component_key="satisfaction",
            title="2026年民主测评",
            questionnaire=asked.to_json(),
            questionnaire_fingerprint=asked.fingerprint,
            opens_on=APRIL[0],
            closes_on=APRIL[1],
            state=OPEN,
            mode=SECRET_BALLOT,
            subjects=[subject for both in rated for subject in both],
        )
        session.add(survey)
        session.flush()
        freeze_facts(session, survey)
        plan = freeze_plan(session, survey)
        subjects = {
            both[0].unit_id: tuple(subject.id for subject in both) for both in rated
        }
        made = SecretCounty(
            engine, cycle.id, survey.id, survey.title, subjects, plan, asked, scheme
        )
        session.commit()
    return made


def _cycle(scheme: Scheme) -> Cycle:
    return Cycle(
        name="2026",
        scheme_key=scheme.key,
        scheme=scheme_to_json(scheme),
        scheme_fingerprint=scheme.fingerprint,
        frozen=True,
    )


def _groups(scheme: Scheme) -> tuple[str, ...]:
    rules = scheme.component("satisfaction").survey
    assert rules is not None
    return tuple(group.key for group in rules.asked)


def _unit(session: Session, code: str) -> tuple[Subject, Subject]:
    unit = Unit(code=code, name=f"{code}镇")
    session.add(unit)
    session.flush()
    cadre = Cadre(
        code=f"C{code}",
        name=f"{code}某",
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
