"""An open ballot box as an opened survey leaves it, and somebody with a slip."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.ballot.paper.ballot import BallotForm
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.paper.ticket import digest_of
from survey_app.ballot.sealing.secrets_folder import make_secrets
from survey_app.ballot.tables import BallotBox
from survey_app.ballot.tickets import Ticket
from survey_app.database import writing
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.tables import SECRET_BALLOT, Survey
from tests.support.guards import drop_box_guards
from tests.support.printed_slips import Wanted, new_codes, opened_with, usual_manifest
from tests.support.respondents import QUESTIONNAIRE

TITLE = "领导干部民主测评"


@dataclass(frozen=True)
class BoxPlan:
    """What kind of ballot; the day in tests is 1 May 2026."""

    people: Sequence[str] = ("王建国", "李秀英")
    """Cadres of the unit, beside its leading body; the first is its head."""
    questionnaire: Questionnaire = QUESTIONNAIRE
    tickets: int = 3
    opens_on: date = date(2026, 4, 20)
    closes_on: date = date(2026, 5, 31)
    rules: tuple[BallotRule, ...] = ()


ANY_DAY = BoxPlan(opens_on=date(2000, 1, 1), closes_on=date(2999, 12, 31))
"""For a real server: its clock is nobody's to set."""


@dataclass(frozen=True)
class Box:
    """An open box, and the codes on its slips."""

    ballots: Engine
    form: BallotForm
    codes: tuple[str, ...]
    pepper: bytes
    manifest: Manifest

    def digest(self, code: str) -> bytes:
        return digest_of(code, pepper=self.pepper, survey_id=self.form.survey_id)

    def set_ticket(self, code: str, state: int) -> None:
        """Set a ticket's state, as void and challenge do."""
        changed = update(Ticket).where(Ticket.digest == self.digest(code))
        with writing(self.ballots).begin() as connection:
            connection.execute(changed.values(state=state))

    def set_box(self, **changed: object) -> None:
        """Change the box's row, whatever guards it."""
        drop_box_guards(self.ballots)
        row = update(BallotBox).where(BallotBox.survey_id == self.form.survey_id)
        with writing(self.ballots).begin() as connection:
            connection.execute(row.values(**changed))

    def rows(self) -> dict[bytes, tuple[int, bytes, bytes]]:
        """Return digest → state, envelope and comment of every ticket."""
        columns = (Ticket.digest, Ticket.state, Ticket.envelope, Ticket.comment)
        with self.ballots.connect() as connection:
            rows = connection.execute(select(*columns)).all()
        return {digest: (state, one, two) for digest, state, one, two in rows}

    def row(self, code: str) -> tuple[int, bytes, bytes]:
        """Return state, envelope and comment of one ticket."""
        return self.rows()[self.digest(code)]

    def answers(self, choice: str = "good") -> dict[str, str]:
        """Return the fields of a complete ballot with one choice throughout."""
        return {
            f"{subject}.{question.key}": choice
            for subject in self.form.subject_ids
            for question in self.form.questionnaire.questions
        }


@dataclass(frozen=True)
class Voter:
    """Somebody with a phone and a slip."""

    client: FlaskClient
    code: str

    def open(self, look: str = "") -> TestResponse:
        """Send the code."""
        return self.send({}, look)

    def send(self, fields: Mapping[str, object], look: str = "") -> TestResponse:
        """Send the code with a form."""
        return self.client.post(f"/b{look}", data={"code": self.code, **fields})


def open_box(
    db: Session, ballots: Engine, folder: Path, plan: BoxPlan | None = None
) -> Box:
    """Keep a secret ballot about a leading body and its people, open for answers."""
    plan = plan or BoxPlan()
    survey, unit_id = _survey(db, plan)
    subject_ids = tuple(subject.id for subject in survey.subjects)
    kept = make_secrets(folder, survey.id)
    manifest, slips = opened_with(
        ballots,
        survey.id,
        kept,
        plan.questionnaire,
        [Wanted(unit_id, "C", subject_ids, slips=plan.tickets)],
        lambda batches, key: replace(
            _manifest(survey, batches, key), ballot_rules=plan.rules
        ),
        days=(plan.opens_on, plan.closes_on),
    )
    ((batch_id, codes),) = slips.items()
    form = BallotForm(survey.id, batch_id, plan.questionnaire, subject_ids, plan.rules)
    db.commit()
    return Box(ballots, form, tuple(codes), kept.pepper, manifest)


def _survey(db: Session, plan: BoxPlan) -> tuple[Survey, int]:
    mark = secrets.token_hex(4)
    cycle = Cycle(name=mark, scheme_key="", scheme="{}", scheme_fingerprint="")
    unit = Unit(code=mark, name="青山镇")
    db.add_all([cycle, unit])
    db.flush()
    cadres = [
        Cadre(
            code=f"{mark}-{place}",
            name=name,
            unit_id=unit.id,
            post="deputy" if place else "principal",
            title="副镇长" if place else "镇长",
        )
        for place, name in enumerate(plan.people)
    ]
    db.add_all(cadres)
    db.flush()
    subjects = [Subject(kind="leading-body", unit_id=unit.id)] + [
        Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id) for cadre in cadres
    ]
    db.add_all(subjects)
    db.flush()
    survey = Survey(
        cycle_id=cycle.id,
        component_key="democratic",
        title=TITLE,
        questionnaire=plan.questionnaire.to_json(),
        questionnaire_fingerprint=plan.questionnaire.fingerprint,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        state="open",
        mode=SECRET_BALLOT,
        subjects=subjects,
    )
    db.add(survey)
    db.commit()
    return survey, unit.id


def _manifest(
    survey: Survey, batches: tuple[ManifestBatch, ...], signing_key: str
) -> Manifest:
    return usual_manifest(
        survey_id=survey.id,
        title=survey.title,
        questionnaire_fingerprint=survey.questionnaire_fingerprint,
        groups=("A", "B", "C"),
        batches=batches,
        subjects={batches[0].unit: tuple(subject.id for subject in survey.subjects)},
        signing_key=signing_key,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
    )


def unissued_code() -> str:
    """Return a code with a right check symbol that is on no slip."""
    return new_codes(1)[0]


def with_questions(count: int) -> Questionnaire:
    """Return so many questions with the same choices."""
    first = QUESTIONNAIRE.questions[0]
    several = tuple(replace(first, key=f"question_{n}") for n in range(count))
    return replace(QUESTIONNAIRE, questions=several)
