"""Hold the demo's two secret ballots: issue, cast through the front door, open the box.

The officials' steps are the verbs they would press buttons for; the ballots go over
HTTP like anybody's. Only here are keys, passphrases and slips kept in files: so that a
newcomer can try what real officials keep in safes and envelopes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import note_confirmed
from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.ballot.batches import request_unit
from survey_app.ballot.close_ballot import close_ballot
from survey_app.ballot.decryption_verbs import decrypt_here
from survey_app.ballot.issue_batch import issue_batch
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.sealing.keys import MadeKey, make_key, unlock
from survey_app.ballot.set_up import add_key_holder
from survey_app.demo import ballot_county as plan
from survey_app.demo.crowd import BallotVisit
from survey_app.demo.reviews import review_alerts
from survey_app.demo.slips import write_slips
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.parts import add_subjects
from survey_app.survey.tables import SECRET_BALLOT, Survey

FIRST, SECOND = "经办人甲", "经办人乙"
KEYS, SLIPS = "keys", "slips.html"
OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Polls:
    """The demo's ballots, ready to be answered."""

    opened: int
    """The survey whose box will be opened."""
    visits: tuple[BallotVisit, ...]
    signed: dict[str, int]
    """Batch → signatures on its paper list."""
    keys: tuple[MadeKey, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """Where the ballots are held."""

    session: Session
    ballots: Engine
    settings: Settings
    folder: Path
    today: date

    @property
    def secrets(self) -> Path:
        """The folder of peppers; the demo's settings always have one."""
        folder = self.settings.secrets_folder
        if folder is None:
            raise ValueError("the demo needs SURVEY_BALLOT_SECRETS")
        return folder


def prepare_ballots(hall: Hall) -> Polls:
    """Make keys, issue slips, open both ballots; write the slips of the second."""
    keys, to_keep = _make_keys(), _make_keys()
    _write_keys(hall.folder / KEYS, to_keep)
    for official in (FIRST, SECOND):  # whoever builds the demo sits at the terminal
        note_confirmed(hall.session, official)
    cycle = make_cycle(hall.session, plan.CYCLE, scheme=shipped_scheme(plan.SCHEME))
    opened, slips = _open(hall, cycle.id, plan.DECRYPTED, keys)
    still_open, to_try = _open(hall, cycle.id, plan.STILL_OPEN, to_keep)
    labels = still_open.group_labels
    codes = {labels[group].zh: codes for _, group, codes in to_try}
    write_slips(hall.folder / SLIPS, hall.settings, still_open.title, codes)
    _give_values(hall.session, cycle.id, [opened, still_open])
    return Polls(
        opened.id,
        tuple(_visits(opened, slips)),
        {batch: plan.CAST[group] for batch, group, _ in slips},
        keys,
    )


def finish_ballots(hall: Hall, polls: Polls) -> None:
    """Close the first ballot and open its box with both keys."""
    survey = polls.opened
    close_ballot(
        hall.session, hall.ballots, survey,
        signed=polls.signed, secrets_folder=hall.secrets,
    )  # fmt: skip
    held = [
        unlock(key.private_text, passphrase)
        for key, passphrase in zip(polls.keys, plan.PASSPHRASES, strict=True)
    ]
    decrypt_here(hall.session, hall.ballots, survey, held, secrets_folder=hall.secrets)
    review_alerts(hall.session, survey, officials=(FIRST, SECOND), today=hall.today)


def _make_keys() -> tuple[MadeKey, ...]:
    """Return new keys of the two holders: each ballot has its own."""
    return tuple(
        make_key(holder, passphrase)
        for holder, passphrase in zip(plan.HOLDERS, plan.PASSPHRASES, strict=True)
    )


def _write_keys(folder: Path, keys: Sequence[MadeKey]) -> None:
    """Write the key files of the ballot that is still open, for trying only."""
    folder.mkdir(mode=0o700)
    for holder, key in zip(plan.HOLDERS, keys, strict=True):
        private = folder / f"{holder}.key.json"
        private.touch(mode=0o600)
        private.write_text(key.private_text, "utf-8")


Slips = Sequence[tuple[str, str, tuple[str, ...]]]
"""Batch, rater group and codes."""


def _open(
    hall: Hall, cycle_id: int, ballot: plan.DemoBallot, keys: Sequence[MadeKey]
) -> tuple[Survey, Slips]:
    """Return an open ballot about the cadres of a unit, and its slips."""
    session, ballots = hall.session, hall.ballots
    unit = session.scalars(select(Unit).where(Unit.code == ballot.unit)).one()
    survey = _drafted(hall, cycle_id, ballot.title)
    cadres = select(Subject.id).join(Cadre).where(Subject.unit_id == unit.id)
    add_subjects(session, survey.id, subject_ids=list(session.scalars(cadres)))
    for place, key in enumerate(keys, start=1):
        public = key.public.to_json()
        add_key_holder(session, ballots, survey.id, place=place, public_key_text=public)
    batches = request_unit(
        session,
        ballots,
        survey.id,
        unit_id=unit.id,
        eligible=ballot.eligible,
        account=FIRST,
    )
    slips = [(batch, group, _issued(hall, batch)) for group, batch in batches.items()]
    open_ballot(
        session, ballots, survey.id, today=hall.today, secrets_folder=hall.secrets
    )
    return survey, slips


def _drafted(hall: Hall, cycle_id: int, title: str) -> Survey:
    """Return a draft about nobody yet."""
    return make_survey(
        hall.session,
        cycle_id,
        questionnaire=shipped_questionnaire(plan.QUESTIONNAIRE),
        plan=SurveyPlan(
            title=title,
            component_key=plan.COMPONENT,
            opens_on=hall.today,
            closes_on=hall.today + OPEN_FOR,
            mode=SECRET_BALLOT,
        ),
    )


def _issued(hall: Hall, batch: str) -> tuple[str, ...]:
    """Return the codes of a batch, issued by the second official."""
    slips = issue_batch(
        hall.session, hall.ballots, batch, account=SECOND, secrets_folder=hall.secrets
    )
    return slips.codes


def _visits(survey: Survey, slips: Slips) -> list[BallotVisit]:
    """Return the ballots that will be cast with the slips of each group."""
    questionnaire = shipped_questionnaire(plan.QUESTIONNAIRE)
    questions = tuple(question.key for question in questionnaire.questions)
    rated = sorted(subject.id for subject in survey.subjects)
    remarks = iter(plan.COMMENTS)
    visits = []
    for _, group, codes in slips:
        said = plan.ballots_of(group, plan.CAST[group], questions)
        for code, picks in zip(codes, said, strict=False):
            named = {rated[place]: answers for place, answers in picks.items()}
            remark = next(remarks, "")
            visits.append(BallotVisit(code, named, (rated[0], remark)))
    return visits


def _give_values(session: Session, cycle_id: int, surveys: Sequence[Survey]) -> None:
    """Hand in the components that come from outside, for all who are rated."""
    for number, subject in enumerate(s for one in surveys for s in one.subjects):
        for place, component in enumerate(plan.GIVEN):
            value = f"{88 + (number * 7 + place * 3) % 9}"
            _give(session, (cycle_id, subject.id, component), value)
    for survey in surveys:
        unit = survey.subjects[0].unit_id
        bodies = Subject.kind == "leading-body", Subject.unit_id == unit
        body = session.scalars(select(Subject.id).where(*bodies)).one()
        _give(session, (cycle_id, body, plan.BODY_GIVEN), "91.5")
    session.commit()


def _give(session: Session, where: tuple[int, int, str], value: str) -> None:
    cycle_id, subject_id, component = where
    session.add(
        GivenValue(
            cycle_id=cycle_id,
            subject_id=subject_id,
            component_key=component,
            value=value,
            source="示范数据",
        )
    )
