"""What a secret ballot costs: casting, a crowd within a minute, opening the box.

Processor time is counted in this process, without the waiting that every reply does on
purpose. The crowd meets the program as it ships, on two workers.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.make_account import note_confirmed
from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.ballot.batches import request_unit
from survey_app.ballot.close_ballot import close_ballot
from survey_app.ballot.decryption_verbs import export_ballots, take_decrypted
from survey_app.ballot.issue_batch import issue_batch
from survey_app.ballot.open_ballot import open_ballot
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.sealing.keys import HolderKey, make_key, unlock
from survey_app.ballot.set_up import add_key_holder
from survey_app.database import ballot_engine_of, main_engine_of, writing
from survey_app.demo import ballot_county as plan
from survey_app.migrate import migrate, migrate_ballots
from survey_app.serving.server import running
from survey_app.settings import Settings
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.parts import add_subjects
from survey_app.survey.tables import SECRET_BALLOT
from survey_app.web.pace import Pace

RATED, ONE_BY_ONE, CROWD, IN_THE_BOX = 3, 300, 200, 10_000
TODAY = date.today()  # noqa: DTZ011 -- the server's own day decides
WEEK = timedelta(days=7)
PHRASES = ("a passphrase of the first", "a passphrase of the second")


@dataclass(frozen=True)
class Poll:
    """An open ballot with its slips."""

    settings: Settings
    main: Engine
    ballots: Engine
    survey_id: int
    batch_id: str
    codes: tuple[str, ...]
    subjects: tuple[int, ...]
    keys: Sequence[HolderKey]

    def form(self, code: str) -> dict[str, str]:
        """Return a complete ballot as a browser sends it."""
        questions = shipped_questionnaire(plan.QUESTIONNAIRE).questions
        picks = {f"{s}.{q.key}": "competent" for s in self.subjects for q in questions}
        return {"code": code, **picks, "comment": ""}


Cost = dict[str, float]


def measured(in_the_box: int = IN_THE_BOX) -> dict[str, Cost]:
    """Return what casting, a crowd, and the opening of a box cost."""
    found: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as folder:
        found |= _cast_one_by_one(_poll(Path(folder) / "a", ONE_BY_ONE))
        found |= _cast_in_a_crowd(_poll(Path(folder) / "b", CROWD), Path(folder))
        found |= _decrypt_a_box(_poll(Path(folder) / "c", in_the_box))
    return found


def main() -> None:
    """Print the three measurements."""
    for name, cost in measured().items():
        told = ", ".join(f"{what} {value:.2f}" for what, value in cost.items())
        sys.stdout.write(f"{name}: {told}\n")


def _cast_one_by_one(poll: Poll) -> dict[str, Cost]:
    """Return the processor time of each request of a cast, in milliseconds."""
    app = create_app(poll.settings, pace=Pace(0))
    client = app.test_client()
    shown = [_spent(client, {"code": code}) for code in poll.codes]
    cast = [_spent(client, poll.form(code)) for code in poll.codes]
    return {
        name: {"ms": median(times), "p95_ms": quantiles(times, n=20)[-1]}
        for name, times in (("ballot shown", shown), ("ballot cast", cast))
    }


def _spent(client: FlaskClient, form: dict[str, str]) -> float:
    before = time.process_time()
    response = client.post("/b", data=form)
    spent = (time.process_time() - before) * 1e3
    if response.status_code != 200:
        raise RuntimeError(response.status)
    return spent


def _cast_in_a_crowd(poll: Poll, folder: Path) -> dict[str, Cost]:
    """Return how long so many people take who all press within one moment."""
    with (folder / "log").open("wb") as log, running(poll.settings, log) as server:

        def visit(code: str) -> float:
            """Return the seconds until the receipt; 0 where it was refused."""
            began = time.perf_counter()
            try:
                for form in ({"code": code}, poll.form(code)):
                    body = urlencode(form).encode()
                    with urlopen(Request(f"{server.url}/b", body), timeout=60) as reply:
                        page = reply.read().decode()
            except OSError:  # a status that refuses, too
                return 0
            return time.perf_counter() - began if "receipt" in page else 0

        began = time.perf_counter()
        with ThreadPoolExecutor(64) as threads:
            took = list(threads.map(visit, poll.codes))
        whole = time.perf_counter() - began
    return {
        "crowd": {
            "people": len(took), "refused": took.count(0), "s": whole,
            "one_waits_s": median(took), "longest_s": max(took),
        }
    }  # fmt: skip


def _decrypt_a_box(poll: Poll) -> dict[str, Cost]:
    """Return how long the opening of a full box takes, without casting it."""
    app = create_app(poll.settings, pace=Pace(0))
    client = app.test_client()
    cast = poll.codes
    for code in cast:
        _spent(client, poll.form(code))
    secrets = poll.settings.secrets_folder
    if secrets is None:
        raise RuntimeError("no folder of secrets")
    with Session(writing(poll.main)) as session:
        close_ballot(
            session, poll.ballots, poll.survey_id,
            signed={poll.batch_id: len(cast)}, secrets_folder=secrets,
        )  # fmt: skip
        began = time.perf_counter()
        export = export_ballots(
            session, poll.ballots, poll.survey_id, secrets_folder=secrets
        )
        exported = time.perf_counter()
        opened = decrypt_box(export, poll.keys)
        unsealed = time.perf_counter()
        take_decrypted(
            session, poll.ballots, poll.survey_id, opened, secrets_folder=secrets
        )
        done = time.perf_counter()
    return {
        "opening": {
            "ballots": len(cast), "s": done - began, "export_s": exported - began,
            "unseal_s": unsealed - exported, "record_s": done - unsealed,
        }
    }  # fmt: skip


def _poll(folder: Path, people: int) -> Poll:
    """Return an open ballot for so many people of one group."""
    folder.mkdir()
    settings = Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="k" * 32,
        second_factor="",
    )
    main, ballots = main_engine_of(settings), ballot_engine_of(settings)
    secrets = settings.secrets_folder
    if ballots is None or secrets is None:
        raise RuntimeError("SQLite has both")
    migrate(main)
    migrate_ballots(ballots)
    made = [make_key(f"holder {n}", phrase) for n, phrase in enumerate(PHRASES)]
    with Session(writing(main)) as session:
        survey_id, unit_id, subjects = _drafted(session)
        for place, key in enumerate(made, start=1):
            add_key_holder(
                session, ballots, survey_id, place=place,
                public_key_text=key.public.to_json(),
            )  # fmt: skip
        for official in ("first", "second"):
            note_confirmed(session, official)
        session.commit()
        batches = request_unit(
            session, ballots, survey_id,
            unit_id=unit_id, eligible={"subordinates": people}, account="first",
        )  # fmt: skip
        (batch,) = batches.values()
        slips = issue_batch(
            session, ballots, batch, account="second", secrets_folder=secrets
        )
        open_ballot(session, ballots, survey_id, today=TODAY, secrets_folder=secrets)
    keys = [unlock(k.private_text, p) for k, p in zip(made, PHRASES, strict=True)]
    codes = slips.codes[:people]
    return Poll(settings, main, ballots, survey_id, batch, codes, tuple(subjects), keys)


def _drafted(session: Session) -> tuple[int, int, list[int]]:
    """Return survey, unit and subjects of a drafted secret ballot."""
    cycle = make_cycle(session, "2026", scheme=shipped_scheme(plan.SCHEME))
    unit = Unit(code="U1", name="清河镇")
    session.add(unit)
    session.flush()
    subjects = []
    for number in range(RATED):
        cadre = Cadre(
            code=f"C{number}", name=f"王{number}", unit_id=unit.id,
            post="deputy", title="副镇长",
        )  # fmt: skip
        session.add(cadre)
        session.flush()
        subject = Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id)
        session.add(subject)
        session.flush()
        subjects.append(subject.id)
    survey = make_survey(
        session,
        cycle.id,
        questionnaire=shipped_questionnaire(plan.QUESTIONNAIRE),
        plan=SurveyPlan(
            "民主测评", plan.COMPONENT, TODAY, TODAY + WEEK, mode=SECRET_BALLOT
        ),
    )
    add_subjects(session, survey.id, subject_ids=subjects)
    return survey.id, unit.id, subjects
